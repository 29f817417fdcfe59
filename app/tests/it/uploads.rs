//! Too much, and not what it says it is.

use crate::{
    client::{Client, Page},
    world::World,
};

const BOUNDARY: &str = "confine-della-prova";

/// Posts the first page of the general request with a file of this name and content.
fn attach(client: &Client, place: &str, name: &str, content: &[u8]) -> Page {
    let page = client.get("/servizi/istanza-generica/domanda");
    let mut body = Vec::new();
    for (field, value) in page.form("/domanda/").fields {
        let value = if value.is_empty() { "Una prova" } else { &value };
        body.extend(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    let head = format!(
        "Content-Disposition: form-data; name=\"allegati\"; filename=\"{name}\"\r\nContent-Type: application/pdf"
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
