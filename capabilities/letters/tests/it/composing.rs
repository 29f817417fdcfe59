use letters::compose::{ComposeError, Composed, Letter, Letterhead, Recipient, Template, compose};
use serde_json::{Value, json};

use crate::tools::Pdf;

fn letter() -> Letter {
    Letter {
        id: "prova-1".to_owned(),
        title: "Perché sì: è così – “prova” da 1 €".to_owned(),
        office: Letterhead {
            body: "Ente dimostrativo per il welfare".to_owned(),
            name: "Ufficio prestazioni".to_owned(),
            address: "Via dell’Esempio 1, 00100 Roma".to_owned(),
            pec: "ufficio@pec.sportello.example".to_owned(),
        },
        recipient: Recipient { name: "Niccolò D’Àquila".to_owned(), fiscal_code: "DQLNCL85A01H501X".to_owned() },
        protocol: "Prot. n. 0000123 del 2 marzo 2026".to_owned(),
        check_url: "https://sportello.example/verifica/documento/018f2d3c-0000-7000-8000-000000000001".to_owned(),
        issued: "2026-03-02T09:00:00Z".parse().unwrap(),
    }
}

fn template(body: &str) -> Template {
    let text = format!("+++\ntitle = \"Prova\"\nfor_act = \"submitted\"\n+++\n{body}");
    Template::parse("prova.md", &text).unwrap()
}

fn made(body: &str, context: &Value) -> Composed {
    compose(&template(body), &letter(), context).unwrap()
}

#[test]
fn the_pdf_is_for_archives_and_for_everybody() {
    let body = "Testo\n\n## Titolo\n\n- uno\n- due\n\n|  |  |\n|--|--|\n| Nome | Valore |\n\n| A | B |\n|--|--|\n| 1 | 2 |\n\n\
                ## Summary {lang=en}\n\nWords";
    let made = made(body, &json!({}));
    assert!(made.pdf.starts_with(b"%PDF-1.7"));
    let metadata = String::from_utf8_lossy(&made.pdf);
    for part in ["<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<", "<rdf:li>it-IT<"] {
        assert!(metadata.contains(part), "{part}");
    }
    let pdf = Pdf::of(&made.pdf);
    assert!(pdf.check().contains("No syntax or stream encoding errors"));
    let facts = pdf.facts();
    for fact in ["è così – “prova” da 1 €", "Tagged:          yes", "A4", "Mon Mar  2 09:00:00 2026"] {
        assert!(facts.contains(fact), "{fact} in {facts}");
    }
    let structure = pdf.structure();
    for tag in ["H1 \"", "H2 \"Titolo\"", "LBody", "/Scope /Row", "/Scope /Column", "Figure", "Link"] {
        assert!(structure.contains(tag), "{tag} in {structure}");
    }
}

#[test]
fn the_same_letter_is_the_same_file_to_the_byte() {
    let twice = [made("Ciao", &json!({})), made("Ciao", &json!({}))];
    assert_eq!(twice[0], twice[1]);
    assert_ne!(twice[0].sha256, made("Addio", &json!({})).sha256);
}

#[test]
fn what_people_type_comes_out_as_they_typed_it() {
    let hostile = "# *a* <script>x</script> $x$ {{ y }} {% if %} #let z = 1 [l](javascript:1) | `c` \\ _u_ ~s~ &amp; ![i](j) @ref";
    let body = "{{ x }}\n\n**{{ x }}**\n\n|  |  |\n|--|--|\n| {{ x }} | {{ x }} |\n\n- {{ x }}\n\n> {{ x | righe }}\n\n## {{ x }}\n";
    let made = made(body, &json!({ "x": hostile }));
    assert_eq!(Pdf::of(&made.pdf).text().matches("<script>").count(), 7);
    let shown = hostile.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    assert_eq!(made.html.matches(&shown).count(), 7, "{}", made.html);
    assert!(!made.html.contains("<script"));
    assert!(!made.html.contains("href"), "no link was made of it");
}

#[test]
fn lines_and_indents_of_people_open_nothing() {
    let made = made("Prima {{ x }} dopo", &json!({ "x": "\n\n    codice\n\n1. uno\n- due\n> tre\n+++\n" }));
    assert!(made.html.contains("<p>Prima codice 1. uno - due &gt; tre +++ dopo</p>"), "{}", made.html);
}

#[test]
fn every_script_can_be_printed_even_if_not_every_glyph() {
    let name = "Ελένη Иванова 李小龍 محمد 🙂 \u{e000} à è ì ò ù € “ciao” ß ő";
    let made = made("Gentile {{ x }}", &json!({ "x": name }));
    assert!(made.html.contains(name));
    let text = Pdf::of(&made.pdf).text();
    for part in ["Ελένη Иванова", "à è ì ò ù € “ciao” ß ő", "□"] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn no_character_of_the_basic_plane_keeps_a_letter_from_being_made() {
    let all: Vec<_> = ('\u{20}'..='\u{ffff}').filter(|c| !c.is_whitespace()).collect();
    for some in all.chunks(8000) {
        let text: Vec<String> = some.chunks(20).map(|few| few.iter().collect()).collect();
        made("{{ x }}", &json!({ "x": text.join(" ") }));
    }
}

#[test]
fn a_mistake_is_named_with_file_line_and_expression() {
    let wrong = |body: &str| {
        let context = json!({ "nome": "Ada", "niente": null, "elenco": [1], "richiedente": { "nome": "Ada" } });
        compose(&template(body), &letter(), &context).unwrap_err().to_string()
    };
    let said = [
        ("a\nb {{ richiedente.nme }} c", "prova.md:6: `richiedente.nme`: questo nome non esiste"),
        ("{{ sconosciuto }}", "prova.md:5: `sconosciuto`: questo nome non esiste"),
        ("{{ niente }}", "prova.md:5: `niente`: il valore è vuoto: metterlo dentro {% if … %}"),
        ("{{ nome | euro }}", "prova.md:5: `euro`: il filtro `euro` vuole un importo, ha ricevuto `Ada`"),
        ("{{ nome | safe }}", "questo filtro non esiste"),
        ("{{ elenco }}", "è un elenco"),
        ("{% if nome %}", "prova.md:5"),
        ("{% include \"/etc/passwd\" %}", "prova.md:5"),
        ("{% for a in range(9999) %}{% for b in range(9999) %}{{ a }}{% endfor %}{% endfor %}", "prova.md:5"),
        ("ciao <b>x</b>", "riga 5 del testo composto: le lettere non possono contenere HTML"),
    ];
    for (body, message) in said {
        let told = wrong(body);
        assert!(told.contains(message), "{body}\n{told}");
    }
}

#[test]
fn a_letter_is_made_of_parts_and_a_mistake_in_one_is_named_there() {
    let with = |body: &str, part: &str| {
        let (file, text) = ("content/letters/parti/ufficio.md".to_owned(), part.to_owned());
        let parts = [("parti/ufficio.md".to_owned(), catalogue::LetterPart { file, text })].into();
        compose(&template(body).with_parts(&parts), &letter(), &json!({ "nome": "Ada" }))
    };
    let table = "|  |  |\n|--|--|\n| Ufficio | {{ nome }} |\n";
    let made = with("Prima\n\n{% include \"parti/ufficio.md\" %}\n\nDopo\n", table).unwrap();
    for part in ["<p>Prima</p>", "Ada", "<p>Dopo</p>"] {
        assert!(made.html.contains(part), "{part} in {}", made.html);
    }
    let wrong = |body: &str, part: &str| with(body, part).unwrap_err().to_string();
    let include = "{% include \"parti/ufficio.md\" %}\n";
    let told = wrong(include, "a\n\n{{ nme }}\n");
    assert_eq!(told, "content/letters/parti/ufficio.md:3: `nme`: questo nome non esiste");
    assert!(wrong(include, "{% if nome %}").starts_with("content/letters/parti/ufficio.md:1"));
    let told = wrong("a\n{% include \"parti/altra.md\" %}\n", "");
    assert!(told.starts_with("prova.md:6") && told.ends_with("questa parte non esiste"), "{told}");
}

#[test]
fn a_wrong_head_is_named_with_its_line() {
    let wrong = |text: &str| match Template::parse("prova.md", text) {
        Err(ComposeError::Head { line, .. }) => line,
        other => panic!("{other:?}"),
    };
    assert_eq!(wrong("ciao"), 1);
    assert_eq!(wrong("+++\ntitle = \"x\"\n"), 1);
    assert_eq!(wrong("+++\ntitle = \"x\"\nfor_act = 3\n+++\n"), 3);
    assert_eq!(wrong("+++\ntitle = \"x\"\nfor_act = \"granted\"\nfontsize = 3\n+++\n"), 4);
}
