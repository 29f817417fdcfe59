//! Too much, and not what it says it is.

use crate::{
    client::{Client, Page},
    world::World,
};

const BOUNDARY: &str = "confine-della-prova";

/// Posts the first page of the general request with a file of this name and content.
pub fn attach(client: &Client, place: &str, name: &str, content: &[u8]) -> Page {
    attach_to(client, (place, "allegati"), name, content)
}

/// Posts the page at `place` with a file in a field.
fn attach_to(client: &Client, (place, question): (&str, &str), name: &str, content: &[u8]) -> Page {
    let page = client.get(place);
    let mut body = Vec::new();
    for (field, value) in page.form("/domanda/").fields {
        let value = if value.is_empty() { "Una prova" } else { &value };
        body.extend(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    let head = format!(
        "Content-Disposition: form-data; name=\"{question}\"; filename=\"{name}\"\r\nContent-Type: application/pdf"
    );
    body.extend(format!("--{BOUNDARY}\r\n{head}\r\n\r\n").bytes());
    body.extend_from_slice(content);
    body.extend(format!("\r\n--{BOUNDARY}--\r\n").bytes());
    client.post_bytes(place, &format!("multipart/form-data; boundary={BOUNDARY}"), &body)
}

fn first_page(client: &Client) -> String {
    client.get("/servizi/istanza-generica/domanda").place
}

#[test]
fn more_than_a_form_may_send_is_refused_with_a_page() {
    let world = World::new();
    let silvia = world.person("silvia");
    let large = vec![b'a'; (64 << 10) + 1];
    let page = silvia.post_bytes("/profilo", "application/x-www-form-urlencoded", &large);
    assert_eq!((page.status, page.title().as_str()), (413, "Hai inviato troppi dati"));
    let huge = [b"%PDF-1.7".as_slice(), &vec![b' '; 51 << 20]].concat();
    let place = first_page(&silvia);
    let page = attach(&silvia, &place, "enorme.pdf", &huge);
    assert_eq!((page.status, page.title().as_str()), (413, "Hai inviato troppi dati"));
    assert!(world.book().is_empty());
}

/// More than any buffer on the way holds, so that a connection cut short is noticed.
#[test]
fn who_sends_far_too_much_reads_why() {
    let world = World::new();
    let silvia = world.person("silvia");
    let place = first_page(&silvia);
    for (megabytes, told) in [(60, "Hai inviato 60 MB"), (300, "Hai inviato 300 MB")] {
        let page = silvia.post_zeros(&place, megabytes << 20, true);
        assert_eq!((page.status, page.title().as_str()), (413, "Hai inviato troppi dati"));
        assert!(page.words().contains(told) && page.words().contains("al massimo 51 MB"), "{}", page.words());
    }
    // Elsewhere, and without saying beforehand how much.
    for (announced, told) in [(true, "Hai inviato 60 MB; qui puoi inviarne al massimo 64 KB"), (false, "massimo 64 KB")]
    {
        let page = silvia.post_zeros("/profilo", 60 << 20, announced);
        assert_eq!(page.status, 413, "{}", page.words());
        assert!(page.words().contains(told) && page.words().contains("Riduci la dimensione"), "{}", page.words());
    }
    assert!(world.book().is_empty());
}

#[test]
fn a_file_that_is_not_what_its_name_says_is_named_and_not_kept() {
    let world = World::new();
    let silvia = world.person("silvia");
    let place = first_page(&silvia);
    let page = attach(&silvia, &place, "programma.pdf", b"MZ\x90\x00 questo non e' un PDF");
    assert_eq!(page.status, 422, "{}", page.words());
    assert!(page.words().contains("«programma.pdf» non è un file pdf"), "{}", page.words());
}

#[test]
fn names_that_lead_elsewhere_or_mislead_become_plain_names() {
    let world = World::new();
    let silvia = world.person("silvia");
    let place = first_page(&silvia);
    let name = "../../etc/elenco\u{202e}fdp.pdf";
    let page = attach(&silvia, &place, name, b"%PDF-1.7\n%%EOF\n");
    assert_eq!(page.status, 200, "{}", page.words());
    let page = silvia.get(&place);
    assert!(!page.body.contains("etc/") && !page.body.contains('\u{202e}'), "{}", page.words());
    assert!(page.words().contains("elenco"), "{}", page.words());
}

fn stored(world: &World) -> i64 {
    let count = async {
        let mut tx = world.database().read().await?;
        tx.number("SELECT count(*) AS n FROM uploads", &[]).await
    };
    world.block_on(count).expect("the files are counted")
}

#[test]
fn a_file_that_is_taken_out_of_a_draft_or_thrown_away_with_it_is_gone() {
    let world = World::new();
    let silvia = world.person("silvia");
    let place = first_page(&silvia);
    attach(&silvia, &place, "uno.pdf", b"%PDF-1.7 uno");
    attach(&silvia, &place, "due.pdf", b"%PDF-1.7 due");
    assert_eq!(stored(&world), 2);
    let page = silvia.get(&place);
    let form = page.form("/domanda/richiesta");
    let tick = page.body.split("name=\"togli\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    silvia.post(&form.with("togli", tick.expect("a file to take out")));
    assert_eq!(stored(&world), 1, "the other stays");
    silvia.post(&silvia.get(&place).form("/domanda/annulla"));
    assert_eq!(stored(&world), 0);
}

#[test]
fn a_file_that_nothing_names_is_gone_after_thirty_days_and_one_of_a_draft_stays() {
    let world = World::new();
    let silvia = world.person("silvia");
    attach(&silvia, &first_page(&silvia), "della-bozza.pdf", b"%PDF-1.7");
    let orphan = async {
        let mut tx = world.database().begin().await?;
        let copy = "INSERT INTO uploads SELECT 'orfano', owner, case_id, field, file_name, media_type, size, sha256, bytes, \
                    uploaded_at FROM uploads";
        tx.execute(copy, &[]).await?;
        tx.commit().await
    };
    world.block_on(orphan).expect("a file that nothing names");
    world.advance(std::time::Duration::from_secs(29 * 86_400));
    assert_eq!(stored(&world), 2);
    world.advance(std::time::Duration::from_secs(2 * 86_400));
    assert_eq!(stored(&world), 1);
}

#[test]
fn one_person_cannot_fill_the_disk_with_files_and_loses_nothing_by_trying() {
    let world = World::new();
    let silvia = world.person("silvia");
    let large = [b"%PDF-1.7".as_slice(), &vec![b' '; (10 << 20) - 8]].concat();
    let place = first_page(&silvia);
    for number in 0..5 {
        assert_eq!(attach(&silvia, &place, &format!("{number}.pdf"), &large).status, 200);
    }
    let query = "/servizi/rettifica-dati/domanda?banca_dati=anpr&dato=Nome&valore=Silvia";
    let place = silvia.get(query).place;
    assert_eq!(attach_to(&silvia, (&place, "prova"), "sesto.pdf", &large).status, 200);
    let page = attach_to(&silvia, (&place, "prova"), "settimo.pdf", &large);
    assert_eq!(page.status, 422, "{}", page.words());
    assert!(page.words().contains("«settimo.pdf» non è stato allegato"), "{}", page.words());
    assert!(page.words().contains("sesto.pdf") && page.body.contains("Una prova"), "{}", page.words());
    assert_eq!(stored(&world), 6);
}

#[test]
fn an_address_never_writes_over_a_draft() {
    let world = World::new();
    let silvia = world.person("silvia");
    let drafts = || {
        let count = async { world.database().read().await?.number("SELECT count(*) AS n FROM drafts", &[]).await };
        world.block_on(count).expect("the drafts are counted")
    };
    let page = silvia.get("/servizi/rettifica-dati/domanda?banca_dati=anpr&dato=Nome&valore=Silvia");
    assert!(page.body.contains("value=\"Nome\""), "{}", page.words());
    assert_eq!(drafts(), 0, "a GET writes nothing");
    silvia.post(&page.form("/domanda/").with("valore_giusto", "Silvana"));
    assert_eq!(drafts(), 1);
    let page = silvia.get("/servizi/rettifica-dati/domanda?banca_dati=entrate&dato=Reddito&valore=1");
    assert_eq!(page.title(), "Hai già una bozza");
    assert!(silvia.get("/servizi/rettifica-dati/domanda").words().contains("Silvana"), "the draft is as it was");
    let page = silvia.post(&page.form("/domanda/da-capo"));
    assert!(page.body.contains("value=\"Reddito\"") && !page.body.contains("Silvana"), "{}", page.words());
    assert_eq!(drafts(), 0);
}
