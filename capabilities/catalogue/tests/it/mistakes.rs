//! Every kind of mistake is told with file, line and mend, in the words of who can mend it.

use catalogue::{Declared, Folder, Offer};
use rules::Diagnostic;

use crate::world::{FORM, PAGE, bent, declared, folder, offer};

fn told(folder: Folder) -> Vec<Diagnostic> {
    let offer = offer(vec![folder]);
    assert!(offer.services.is_empty(), "a folder with a mistake is not offered");
    offer.problems["prova"].clone()
}

/// File, what to replace, with what; then line, column, words of the message, words of the mend.
type Mistake = (&'static str, &'static str, &'static str, (u32, u32, &'static str, &'static str));

const MISTAKES: &[Mistake] = &[
    ("service.toml", "level = 2", "level = 4", (6, 9, "«level» non va scritto così", "da 1 a 3")),
    ("service.toml", "level = 2", "livello = 2", (6, 1, "la chiave «livello» non esiste", "«level»")),
    ("service.toml", "level = 2\n", "", (1, 1, "manca «level»", "level =")),
    ("service.toml", "state = \"open\"", "state = open", (3, 9, "scrittura TOML", "virgolette")),
    ("service.toml", "state = \"open\"", "state = \"chiuso\"", (3, 9, "«state»", "\"open\" oppure \"closed\"")),
    ("service.toml", "state = \"open\"", "state = \"closed\"", (3, 9, "non dice perché", "closed_note")),
    ("service.toml", "start = \"request\"", "start = \"domani\"", (4, 9, "non è un modo di iniziare", "\"request\"")),
    (
        "service.toml",
        "[privacy]",
        "[simulation]\nof = \"famiglia\"\n\n[privacy]",
        (16, 6, "«of» non va scritto così", "\"household\" oppure \"person\""),
    ),
    ("service.toml", "[\"person\"]", "[\"marziano\"]", (5, 8, "non può chiedere", "\"person\"")),
    ("service.toml", "office = \"prove\"", "office = \"provve\"", (7, 10, "l’ufficio «provve» non esiste", "prove")),
    (
        "service.toml",
        "office = \"prove\"",
        "office = \"prove\"\nother_offices = [\"prove\"]",
        (8, 18, "l’ufficio «prove» c’è già", "gli altri uffici"),
    ),
    (
        "service.toml",
        "office = \"prove\"",
        "office = \"prove\"\nother_offices = [\"provve\"]",
        (8, 18, "l’ufficio «provve» non esiste", "prove"),
    ),
    ("service.toml", "[\"nascita\"]", "[\"morte\"]", (8, 16, "«morte» non esiste", "nascita")),
    ("service.toml", ", de = \"Testbonus\"", "", (1, 8, "non è tradotto in «de»", "italian_only")),
    (
        "service.toml",
        "[[law]]\ntitle = \"Legge inventata\"\nref = \"L. 0/2026\"\n",
        "",
        (1, 1, "manca la norma", "[[law]]"),
    ),
    (
        "service.toml",
        "ref = \"L. 0/2026\"",
        "ref = \"L. 0/2026\"\nurl = \"javascript:x\"",
        (14, 7, "non è https", "https://"),
    ),
    (
        "service.toml",
        "retention_years = 1",
        "retention_years = \"sempre\"",
        (18, 19, "«retention_years»", "numero intero"),
    ),
    ("process.toml", "term_days = 30", "term_days = 0", (1, 13, "«term_days»", "da 1 a 180")),
    (
        "process.toml",
        "max_suspension_days = 30",
        "max_suspension_days = 31",
        (6, 23, "«max_suspension_days»", "da 0 a 30"),
    ),
    (
        "process.toml",
        "silence = \"none\"",
        "silence = \"none\"\nagain = \"mai\"",
        (8, 9, "«again»", "\"never-while-open\""),
    ),
    (
        "process.toml",
        "silence = \"none\"",
        "silence = \"none\"\nagain_about = \"iban\"",
        (8, 15, "vale solo se", "never-while-open"),
    ),
    (
        "process.toml",
        "silence = \"none\"",
        "silence = \"none\"\nagain = \"never-while-open\"\nagain_about = \"figli.nessuno\"",
        (9, 15, "non è una domanda", "form.toml"),
    ),
    (
        "process.toml",
        "silence = \"none\"",
        "silence = \"none\"\nagain = \"never-while-open\"\nchanges_by = \"altrove\"",
        (9, 14, "il servizio «altrove» non esiste", "cartella"),
    ),
    ("process.toml", "silence = \"none\"", "silence = \"consent\"", (7, 11, "manca la norma", "silence_law")),
    (
        "process.toml",
        "silence = \"none\"",
        "silence = \"none\"\nsilence_law = \"art. 20\"",
        (8, 15, "non decide nulla", "togliere"),
    ),
    ("process.toml", "term_days = 30", "term_days = 60", (1, 13, "nessuno dice chi lo ha fissato", "term_set_by")),
    (
        "process.toml",
        "term_days = 30",
        "term_days = 120\nterm_set_by = \"regulation\"",
        (1, 13, "può arrivare a 90 giorni", "reinforced-regulation"),
    ),
    (
        "process.toml",
        "silence = \"none\"",
        "silence = \"none\"\nextension_days = 15",
        (8, 18, "manca la norma", "extension_law"),
    ),
    (
        "process.toml",
        "silence = \"none\"",
        "silence = \"none\"\nopinion_suspension_days = 90",
        (8, 27, "manca la norma", "opinion_law"),
    ),
    (
        "process.toml",
        "silence = \"none\"",
        "silence = \"none\"\nopinion_law = \"art. 17\"",
        (8, 15, "giorni che non ci sono", "opinion_suspension_days"),
    ),
    (
        "process.toml",
        "silence = \"none\"",
        "silence = \"none\"\nopinion_days = 91",
        (8, 16, "«opinion_days»", "da 1 a 90"),
    ),
    (
        "process.toml",
        "silence = \"none\"",
        "silence = \"none\"\nautomatic = \"propose\"",
        (8, 13, "non ha effetto", "toglierla"),
    ),
    (
        "form.toml",
        "kind = \"text\"",
        "kind = \"text\"\nfrom = \"anagrafe.nomme\"",
        (8, 8, "nessuna banca dati ha il dato «anagrafe.nomme»", "anagrafe.nome"),
    ),
    (
        "form.toml",
        "kind = \"text\"",
        "kind = \"text\"\nfrom = \"catasto.casa\"",
        (8, 8, "nessuna banca dati ha il dato «catasto.casa»", "le banche dati sono: anagrafe"),
    ),
    (
        "form.toml",
        "kind = \"text\"",
        "kind = \"text\"\nfrom = \"anagrafe.nato_il\"",
        (8, 8, "non può rispondere a una domanda di tipo text", "kind = \"date\""),
    ),
    (
        "form.toml",
        "kind = \"text\"",
        "kind = \"choice\"\noptions = [{ value = \"madre\", label = { it = \"a\", en = \"a\", de = \"a\" } }, { value = \"zia\", label = { it = \"z\", en = \"z\", de = \"z\" } }]\nfrom = \"anagrafe.genitore\"",
        (9, 8, "«anagrafe.genitore» può valere «padre»", "value = \"padre\""),
    ),
    (
        "page.md",
        "Niente.",
        "[Altro](/servizi/nonesiste) e [qui](/servizi/prova).",
        (11, 9, "«/servizi/nonesiste» non porta da nessuna parte", "/servizi/"),
    ),
    ("page.md", "Niente.", "[Altro](/eventi-della-vita/morte)", (11, 9, "non porta", "/servizi/")),
    ("form.toml", "kind = \"text\"", "kind = \"testo\"", (7, 8, "tipo di domanda sconosciuto", "text")),
    ("form.toml", ", en = \"What do you ask?\"", "", (1, 1, "manca il testo in «en»", "italian_only")),
    ("page.md", "{#chi}", "", (1, 1, "non ha un nome breve", "{#nome}")),
    ("page.md", "A tutti.", "A <b>tutti</b>.", (3, 3, "HTML", "Markdown")),
    ("page.md", "A tutti.", "[Qui](http://altrove)", (3, 1, "non porta a una pagina", "https://")),
    ("page.md", "Nulla.", "", (5, 1, "la sezione è vuota", "scrivere il testo")),
    ("page.en.md", "{#come}", "{#altro}", (1, 1, "manca la sezione «come»", "{#come}")),
    ("CHANGES.md", "2026-11-21", "ieri", (3, 1, "non comincia con una data", "## 2026-11-21")),
    ("letters/ricevuta.md", "\"submitted\"", "\"spedita\"", (3, 11, "non è un atto", "submitted")),
    ("letters/ricevuta.md", "{{ name }}", "{{ name", (6, 1, "segnaposto non valido", "{{ … }}")),
    ("letters/ricevuta.md", "+++\n", "", (1, 1, "manca l’intestazione", "+++")),
    ("letters/diniego.md", "\"refused\"", "\"granted\"", (3, 11, "ha già la comunicazione", "una sola")),
];

#[test]
fn a_mistake_in_a_file_is_told_with_its_place() {
    for &(file, from, to, (line, column, message, mend)) in MISTAKES {
        let told = told(bent(file, from, to));
        let fits = |one: &Diagnostic| {
            one.file == format!("services/prova/{file}")
                && (one.line, one.column) == (line, column)
                && one.message.contains(message)
                && one.mend.contains(mend)
        };
        assert!(told.iter().any(fits), "{file}: {from} → {to}\nexpected {line}:{column} {message}\n{told:#?}");
    }
}

#[test]
fn several_mistakes_are_told_at_once() {
    let mut folder = bent("service.toml", "level = 2", "level = 4");
    folder.files.insert("process.toml".into(), "term_days = \"trenta\"\n".into());
    let told = told(folder);
    assert!(told.iter().any(|one| one.file.ends_with("service.toml")));
    assert!(told.iter().filter(|one| one.file.ends_with("process.toml")).count() > 5, "{told:#?}");
}

#[test]
fn a_file_that_lacks_or_is_mistyped_is_named() {
    for (missing, also) in [
        ("service.toml", ""),
        ("process.toml", ""),
        ("form.toml", ""),
        ("CHANGES.md", ""),
        ("page.de.md", "italian_only = [\"de\"]"),
        ("letters/preavviso.md", "refusal-proposed"),
        ("letters/integrazione.md", "integration-requested"),
    ] {
        let mut folder = folder("prova");
        folder.files.remove(missing);
        let told = told(folder);
        let named = |one: &Diagnostic| one.file == format!("services/prova/{missing}") && one.mend.contains(also);
        assert!(told.iter().any(named), "{missing}: {told:#?}");
    }
    let mut folder = folder("prova");
    folder.files.insert("proces.toml".into(), String::new());
    assert_eq!(told(folder)[0].mend, "forse si voleva process.toml");
}

#[test]
fn a_letter_that_the_process_cannot_send_is_told() {
    let folder = bent("process.toml", "notice_before_refusal = true", "notice_before_refusal = false");
    let told = told(folder);
    assert!(
        told[0].file.ends_with("letters/preavviso.md") && told[0].mend.contains("notice_before_refusal"),
        "{told:#?}"
    );
}

#[test]
fn parts_of_letters_must_be_there_and_be_of_use() {
    let including =
        |part: &str| bent("letters/ricevuta.md", "Gentile", &format!("{{% include \"{part}\" %}}\nGentile"));
    let mut whole = including("parti/ufficio.md");
    whole.files.insert("letters/parti/ufficio.md".into(), "Ufficio {{ name }}\n".into());
    assert!(offer(vec![whole.clone()]).problems.is_empty());

    let absent = told(including("parti/ufficio.md"));
    assert!(absent[0].message.contains("«parti/ufficio.md» non c’è"), "{absent:#?}");
    assert_eq!((absent[0].file.as_str(), absent[0].line), ("services/prova/letters/ricevuta.md", 6));
    let mut mistyped = whole.clone();
    mistyped.files.insert("letters/parti/uficio.md".into(), "Altro\n".into());
    let idle = told(mistyped);
    assert!(
        idle[0].file.ends_with("letters/parti/uficio.md") && idle[0].mend.contains("parti/ufficio.md"),
        "{idle:#?}"
    );
    whole.files.insert("letters/parti/ufficio.md".into(), "a\n{{ b\n".into());
    assert!(told(whole)[0].message.contains("segnaposto non valido"));
}

/// The world with a common letter for refusals, and the service without its own.
fn with_a_common_letter(text: &str) -> (Declared, tempfile::TempDir) {
    let house = tempfile::tempdir().unwrap();
    let mut own = folder("prova");
    own.files.remove("letters/diniego.md");
    let mut world = declared(vec![own]);
    world.content.insert("letters/diniego.md".into(), text.into());
    let write = |path: String, text: &String| {
        let path = house.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    world.folders[0].files.iter().for_each(|(path, text)| write(format!("services/prova/{path}"), text));
    world.content.iter().for_each(|(path, text)| write(format!("content/{path}"), text));
    (Declared::read(house.path()).unwrap(), house)
}

#[test]
fn a_letter_common_to_all_services_is_part_of_each_and_its_mistakes_are_told_where_it_lies() {
    let refusal = "+++\ntitle = \"No\"\nfor_act = \"refused\"\n+++\n\nGentile {{ name }}.\n";
    let (world, _house) = with_a_common_letter(refusal);
    let offer = Offer::read(&world);
    assert!(offer.problems.is_empty(), "{:#?}", offer.problems);
    let letter = &offer.services["prova"].letters["diniego"];
    assert_eq!((letter.text.as_str(), letter.file.as_str()), (refusal, "content/letters/diniego.md"));

    let (changed, _house) = with_a_common_letter(&refusal.replace("Gentile", "Caro"));
    assert_ne!(Offer::read(&changed).services["prova"].version, offer.services["prova"].version);

    let (broken, _house) = with_a_common_letter(&refusal.replace("{{ name }}", "{{ name"));
    let told = Offer::read(&broken).problems.remove("prova").unwrap();
    assert_eq!((told[0].file.as_str(), told[0].line), ("content/letters/diniego.md", 6), "{told:#?}");
}

#[test]
fn an_own_letter_beside_the_common_one_must_bear_its_name() {
    let refusal = "+++\ntitle = \"No\"\nfor_act = \"refused\"\n+++\n\nGentile.\n";
    let (mut world, _house) = with_a_common_letter(refusal);
    for name in ["rigetto", "a-rigetto"] {
        world.folders[0].files.insert(format!("letters/{name}.md"), refusal.into());
        let told = Offer::read(&world).problems.remove("prova").unwrap();
        assert_eq!(told[0].file, format!("services/prova/letters/{name}.md"));
        assert!(told[0].mend.contains("chiamarla diniego.md"), "{told:#?}");
        world.folders[0].files.remove(&format!("letters/{name}.md"));
    }
    world.folders[0].files.insert("letters/diniego.md".into(), refusal.into());
    assert!(Offer::read(&world).problems.is_empty());
}

#[test]
fn what_the_rules_need_must_be_asked_in_the_right_kind() {
    let mut folder = folder("prova");
    folder.files.insert("rules.md".into(), crate::folders::RULES.into());
    let missing = told(folder.clone());
    assert!(missing[0].message.contains("«isee» e nessuno lo chiede"), "{missing:#?}");
    let form = crate::world::FORM.replace("\"testo\"", "\"isee\"");
    folder.files.insert("form.toml".into(), form);
    let unfit = told(folder);
    assert!(unfit[0].mend.contains("kind = \"money\""), "{unfit:#?}");
}

#[test]
fn a_request_passes_only_to_an_office_where_somebody_answers() {
    let mut folder = bent("service.toml", "office = \"prove\"", "office = \"prove\"\nother_offices = [\"altro\"]");
    let letter = "+++\ntitle = \"Una lettera\"\nfor_act = \"passed-on\"\n+++\n\nGentile {{ name }}.\n";
    folder.files.insert("letters/trasmissione.md".into(), letter.into());
    let mut world = declared(vec![folder]);
    let one = world.content["offices.toml"].clone();
    let other = one.replace("\"prove\"", "\"altro\"").replace("\"PROVE\"", "\"ALTRO\"");
    world.content.insert("offices.toml".into(), format!("{one}\n{other}"));
    let told = Offer::read(&world).problems.remove("prova").unwrap();
    assert!(told[0].line == 8 && told[0].message.contains("responsabile del procedimento"), "{told:#?}");
    let answers = format!("{one}\n{other}responsible = \"Chi risponde\"\n");
    world.content.insert("offices.toml".into(), answers);
    let offer = Offer::read(&world);
    assert!(offer.problems.is_empty(), "{:#?}", offer.problems);
    assert_eq!(offer.services["prova"].offices().collect::<Vec<_>>(), ["prove", "altro"]);
}

#[test]
fn content_has_its_own_mistakes() {
    let wrong = |path: &str, text: &str| -> Vec<Diagnostic> {
        let mut declared = declared(vec![folder("prova")]);
        declared.content.insert(path.into(), text.into());
        Offer::read(&declared).problems.remove("content").unwrap_or_default()
    };
    assert!(wrong("offices.toml", "[[offices]]\nid = \"x\"\n")[0].message.starts_with("manca «"));
    let doubled = "[[events]]\nid = \"a\"\nicon = \"it-user\"\nname = \"A\"\nsummary = \"A\"\n".repeat(2);
    let told = wrong("life-events.toml", &doubled);
    assert!(told.iter().any(|one| one.line == 7 && one.message.contains("c’è già")), "{told:#?}");
    assert!(wrong("pages/privacy.md", "<script>x</script>")[0].message.contains("HTML"));
    let gone = "correction_service = \"via\"\n";
    let registries = declared(Vec::new()).content["registries.toml"].replace("correction_service = \"prova\"\n", gone);
    let told = wrong("registries.toml", &registries);
    assert!(told[0].line == 1 && told[0].message.contains("il servizio «via» non esiste"), "{told:#?}");
    let mut declared = declared(Vec::new());
    declared.content.remove("pages/accessibilita.de.md");
    let told = Offer::read(&declared).problems.remove("content").unwrap_or_default();
    assert_eq!(told[0].file, "content/pages/accessibilita.de.md");
}

#[test]
fn a_page_may_say_more_than_it_must_but_in_every_language() {
    let mut folder = folder("prova");
    let more = format!("{PAGE}\n## Altro {{#altro}}\n\nDi più.\n");
    folder.files.insert("page.md".into(), more.clone());
    assert!(told(folder.clone()).iter().all(|one| one.message.contains("in italiano chi, quanto, serve, come, altro")));
    folder.files.insert("page.en.md".into(), more.clone());
    folder.files.insert("page.de.md".into(), more);
    assert!(offer(vec![folder]).problems.is_empty());
}

#[test]
fn what_the_rules_read_is_asked_under_their_names() {
    let rules = crate::folders::RULES.replace(
        "| isee | nucleo | decimale | euro | ISEE | sì | | | |",
        "| isee | nucleo | decimale | euro | ISEE | no | | | |\n| sede | nucleo | testo | testo | Sede | no | nido, casa | | |",
    );
    let rules = rules.replace("isee <= 5000.00", "isee <= 5000.00 AND sede = 'nido'");
    let asked = |id: &str, value: &str| {
        let mut folder = folder("prova");
        let option =
            |value: &str| format!("{{ value = \"{value}\", label = {{ it = \"x\", en = \"x\", de = \"x\" }} }}");
        let money = FORM.replace("id = \"testo\"\nkind = \"text\"", &format!("id = \"{id}\"\nkind = \"money\""));
        let choice = format!(
            "\n[[pages.questions]]\nid = \"sede\"\nkind = \"choice\"\nlabel = {{ it = \"x\", en = \"x\", de = \"x\" }}\noptions = [{}, {}]\n",
            option(value),
            option("casa")
        );
        folder.files.insert("form.toml".into(), money + &choice);
        folder.files.insert("rules.md".into(), rules.clone());
        offer(vec![folder]).problems.remove("prova").unwrap_or_default()
    };
    assert_eq!(asked("isee", "nido"), []);
    let told = asked("isee2", "nido");
    assert_eq!((told.len(), told[0].line, told[0].mend.as_str()), (1, 6, "forse si voleva id = \"isee\""), "{told:#?}");
    let told = asked("isee", "asilo");
    assert!(told[0].message.contains("non conoscono la risposta «asilo» di «sede»") && told[0].line == 14, "{told:#?}");
}
