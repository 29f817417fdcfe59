//! The letters of the real service folders, with everything known and with as little as the law allows.

use catalogue::LetterAct;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    office::{CASE, Office, decision},
    tools::Pdf,
};

/// Acts that end or move a case, with all their fields.
fn full() -> [(&'static str, Value); 10] {
    let field = json!({ "path": "iban", "label": "IBAN", "reason": "Il conto risulta chiuso." });
    let refusal = json!({
        "reasons": "Non risulti residente in Italia.\nLa residenza è un requisito di legge.", "decision": decision(false),
        "on_observations": "Il contratto d’affitto non basta.", "decided_by": "Ugo Prova", "observations_by": "2026-03-20",
        "further_grounds": "Ne nasce un altro motivo.",
        "timing": { "term_days": 30, "due": "2026-04-01", "used_days": 40, "late_by": 10, "by_substitute": true },
        "overrides_rules": true,
    });
    [
        ("integration-requested", json!({ "fields": [field], "deadline": "2026-03-25", "message": "Grazie." })),
        ("refusal-proposed", refusal.clone()),
        ("observations-filed", json!({ "text": "Abito qui dal 2010." })),
        ("extended", json!({ "days": 15, "reason": "Serve tempo.", "law": "art. 1", "due": "2026-04-16" })),
        ("substitute-called", json!({ "due": "2026-04-01", "conclude_by": "2026-04-17", "on_request": true })),
        ("silence-consent", silence("art. 20 L. 241/1990")),
        ("silence-refusal", silence("art. 25 L. 241/1990")),
        (
            "granted",
            json!({ "amount": "167.3", "unit": "euro/mese", "note": "Buona *fortuna*.", "decision": decision(true), "decided_by": "Ugo Prova" }),
        ),
        ("refused", refusal),
        ("withdrawn", json!({ "text": "Ho cambiato idea." })),
    ]
}

/// From the office of these tests to another one; as little as may be known is without numbers.
fn passage(anew: bool) -> Value {
    let number = |office: &str, number: i64| json!({ "office": office, "year": 2026, "number": number });
    let (sent, received) = (number("famiglia", 140), number("lavoro", 7));
    json!({
        "from": "famiglia", "from_name": "Ufficio Famiglia e Genitorialità", "to": "lavoro",
        "to_name": "Ufficio Sostegno al Reddito", "responsible": "Responsabile dell’Ufficio Sostegno al Reddito",
        "reason": "La NASpI è materia *loro*.", "due": "2026-04-08", "anew": anew,
        "sent": anew.then_some(sent), "received": anew.then_some(received),
    })
}

fn silence(law: &str) -> Value {
    json!({
        "term_ended": "2026-04-01", "effective_from": "2026-04-02", "term_days": 30, "term_law": law, "law": law,
    })
}

/// The same with only what must be there.
fn bare() -> [(&'static str, Value); 10] {
    let refusal = json!({ "reasons": "Manca un requisito.", "decision": null, "decided_by": "Ugo Prova" });
    let field = json!({ "path": "iban", "label": "IBAN", "reason": "" });
    [
        ("integration-requested", json!({ "fields": [field], "deadline": "2026-03-25", "message": "" })),
        ("refusal-proposed", refusal.clone()),
        ("observations-filed", json!({ "text": "No." })),
        ("extended", json!({ "days": 15, "reason": "Serve tempo.", "law": "", "due": "2026-04-16" })),
        ("substitute-called", json!({ "due": "2026-04-01", "conclude_by": "2026-04-17", "on_request": false })),
        ("silence-consent", silence("")),
        ("silence-refusal", silence("")),
        ("granted", json!({ "amount": null, "unit": null, "decision": null, "decided_by": "Ugo Prova" })),
        ("refused", refusal),
        ("withdrawn", json!({ "text": "" })),
    ]
}

#[tokio::test]
async fn every_letter_can_be_written_whatever_is_known() {
    let services = Office::open().await.catalogue.offer().services.clone();
    for (slug, service) in &services {
        for (acts, known) in [(full(), true), (bare(), false)] {
            let office = Office::open().await;
            let mut application = office.application(slug);
            if !known {
                application["decision"] = Value::Null;
                application["answers"] = json!({ "values": {}, "groups": {} });
            }
            office.write("submitted", application).await;
            let passed = office.write("passed-on", passage(known)).await.seq;
            if known {
                office.write("taken", json!({ "officer": "op1", "officer_name": "Ada Esempio" })).await;
            }
            for (kind, payload) in acts {
                office.write(kind, payload).await;
            }
            office.work().await;
            assert!(office.failures().await.is_empty(), "{slug}: {:?}", office.failures().await);
            let mut tx = office.database.read().await.unwrap();
            let told = LetterAct::ALL.into_iter().filter(|act| service.tells_of(*act)).count();
            let letters = letters::of_case(&mut tx, CASE).await.unwrap();
            assert_eq!(letters.len(), told, "{slug}");
            for letter in letters {
                // Art. 5 L. 241/1990: every letter says who works on the case, as soon as somebody does.
                let named = office.html(letter.issued_seq).await.contains("Ada Esempio");
                assert_eq!(named, known && letter.act_seq > passed, "{slug}, {}", letter.letter);
            }
        }
    }
    assert!(!services.is_empty());
}

#[test]
fn every_act_of_a_letter_is_one_of_the_book() {
    use cases::payload::kind;
    let book = [
        kind::SUBMITTED,
        kind::PASSED_ON,
        kind::INTEGRATION_REQUESTED,
        kind::REFUSAL_PROPOSED,
        kind::OBSERVATIONS_FILED,
        kind::EXTENDED,
        kind::SUBSTITUTE_CALLED,
        kind::SILENCE_CONSENT,
        kind::SILENCE_REFUSAL,
        kind::GRANTED,
        kind::REFUSED,
        kind::WITHDRAWN,
    ];
    assert_eq!(LetterAct::ALL.map(LetterAct::kind), book);
}

#[tokio::test]
async fn documents_of_an_integration_are_named_in_later_letters() {
    let mut office = Office::open().await;
    let listing =
        "+++\ntitle = \"x\"\nfor_act = \"withdrawn\"\n+++\n\n{% for file in allegati %}\n- {{ file }}\n{% endfor %}\n";
    office.rewrite("assegno-unico", "letters/ritiro.md", listing).await;
    let application = office.application("assegno-unico");
    let file = json!({ "upload": "0190-c", "file_name": "verbale.pdf", "sha256": "00" });
    let supplied =
        json!({ "answers": application["answers"], "paths": ["isee"], "attachments": [file], "decision": null });
    office.write("submitted", application).await;
    let [(asked, request), ..] = full();
    office.write(asked, request).await;
    office.write("integration-supplied", supplied).await;
    let seq = office.write("withdrawn", json!({ "text": "" })).await.seq;
    office.work().await;
    let html = office.html(seq).await;
    assert!(html.contains("contratto &lt;1&gt;.pdf") && html.contains("verbale.pdf"), "{html}");
}

#[tokio::test]
async fn the_receipt_says_what_the_law_asks() {
    let office = Office::open().await;
    office.apply("assegno-unico").await;
    office.work().await;
    insta::assert_snapshot!("ricevuta", office.html(1).await);
    let text = Pdf::of(&office.pdf(1).await).text();
    let said = [
        "Prot. FAMGEN n. 0000123 del 2 marzo 2026",
        "FAMGEN 0000123/2026",
        "2 marzo 2026, ore 10:05",
        "1º aprile 2026", // number, time, term
        "Ufficio Famiglia e Genitorialità",
        "famiglia@pec.istituto.example",
        "Responsabile dell’Ufficio Famiglia", // art. 8
        "sostituto@pec.istituto.example",
        "potere sostitutivo", // art. 2 c. 9-bis
        "167,30 €",
        "art. 4 c. 1",
        "Ada <Prova>",
        "Maria Prova *D’Àquila*",
        "24.210,50 €",
        "IT60 X054 2811",
        "contratto <1>.pdf", // entitlement and data, as typed
        "https://sportello.example/verifica/documento/",
        "pagina 1 di",
    ];
    for words in said {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[tokio::test]
async fn a_refusal_gives_reasons_law_and_appeal() {
    let office = Office::open().await;
    office.apply("assegno-unico").await;
    office.work().await;
    office.clock.advance(SignedDuration::from_hours(24 * 40));
    let [.., (kind, payload), _] = full();
    let seq = office.write(kind, payload).await.seq;
    office.work().await;
    insta::assert_snapshot!("diniego", office.html(seq).await);
    let text = Pdf::of(&office.pdf(seq).await).text();
    let said = [
        "Rif. prot. FAMGEN n. 0000123",
        "Non risulti residente in Italia.",
        "art. 3 c. 1 lett. c",
        "Requisito non soddisfatto",
        "entro 90 giorni",
        "Ugo Prova",
        "dopo il termine",
        "dopo 40 giorni",
        "Con un ISEE fino a 24.000,00 € (ora 24.210,50 €) l’importo sarebbe di 168,50 € al mese",
    ];
    for words in said {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[tokio::test]
async fn a_late_answer_is_not_claimed_where_the_clock_had_stopped() {
    let office = Office::open().await;
    office.apply("assegno-unico").await;
    let [(asked, request), .., (granted, grant), _, _] = full();
    office.write(asked, request).await;
    office.clock.advance(SignedDuration::from_hours(24 * 40));
    let seq = office.write(granted, grant).await.seq;
    office.work().await;
    assert!(!office.html(seq).await.contains("dopo il termine"));
}

#[tokio::test]
async fn who_wrote_to_the_wrong_office_reads_which_one_answers_and_until_when() {
    let office = Office::open().await;
    office.apply("istanza-generica").await;
    office.clock.advance(SignedDuration::from_hours(24 * 7));
    let passed = office.write("passed-on", passage(true)).await.seq;
    let withdrawn = office.write("withdrawn", json!({ "text": "" })).await.seq;
    office.work().await;
    let text = Pdf::of(&office.pdf(passed).await).text();
    let said = [
        "Rif. prot. FAMGEN n. 0000123 del 2 marzo 2026",
        "Ufficio Famiglia e Genitorialità. Il 9 marzo 2026",
        "Ufficio Sostegno al Reddito",
        "Rispondiamo entro l’8 aprile 2026",
        "Il termine scritto nella ricevuta, 1º aprile 2026, non vale più",
        "La NASpI è materia *loro*.",
        "FAMGEN 0000140/2026",
        "SOSRED 0000007/2026",
        "Responsabile dell’Ufficio Sostegno al Reddito",
        "lavoro@pec.istituto.example",
        "Income Support Office",
        "by 8 April 2026",
        "Amt für Einkommensstützung",
        "bis 8. April 2026",
    ];
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in said {
        assert!(text.contains(words), "{words} in {text}");
    }
    let later = Pdf::of(&office.pdf(withdrawn).await).text();
    assert!(later.contains("lavoro@pec.istituto.example") && later.contains("FAMGEN n. 0000123"), "{later}");
    let receipt = Pdf::of(&office.pdf(1).await).text();
    assert!(receipt.contains("famiglia@pec.istituto.example"), "what was told on filing stays: {receipt}");
}

#[tokio::test]
async fn a_part_in_another_language_tells_the_same_decision() {
    let template = "+++\ntitle = \"Ricevuta\"\nfor_act = \"submitted\"\n+++\n## Auf Deutsch {lang=de}\n\n\
        {{ in_tedesco.ufficio.nome }}\n\n{{ in_tedesco.decisione | motivazione(\"de\") }}\n\n\
        {% for caso in in_tedesco.decisione.cambierebbe %}\n- {{ caso }}\n{% endfor %}\n";
    let mut office = Office::open().await;
    office.rewrite("assegno-unico", "letters/ricevuta.md", template).await;
    office.apply("assegno-unico").await;
    office.work().await;
    let html = office.html(1).await.replace('\u{a0}', " ");
    let said = [
        "lang=\"de\"",
        "Amt für Familie und Elternschaft",
        "Vorschrift",
        "Betrag für ein minderjähriges Kind – Ada &lt;Prova&gt;",
        "Art. 4 Abs. 1",
        "167,30 € im Monat",
        "Voraussetzung erfüllt",
        "Mit einem ISEE-Wert bis 24.000,00 € (derzeit 24.210,50 €) läge der Betrag bei 168,50 € im Monat.",
    ];
    for words in said {
        assert!(html.contains(words), "«{words}» is not in {html}");
    }
}

#[tokio::test]
async fn a_letter_says_that_an_amount_is_paid_once() {
    let common = |part: &str| {
        let path = tidy::house().join("content/letters/parti").join(part);
        std::fs::read_to_string(path).expect("a common part")
    };
    let mut office = Office::open().await;
    for part in ["esito.md", "calcolo.md"] {
        office.rewrite("bonus-nido", &format!("letters/parti/{part}"), &common(part)).await;
    }
    office.apply("bonus-nido").await;
    let grant = json!({ "amount": "272.73", "unit": "euro", "decision": decision(true), "decided_by": "Ugo Prova" });
    let seq = office.write("granted", grant).await.seq;
    office.work().await;
    let said = |html: String| html.replace('\u{a0}', " ").replace("<strong>", "").replace("</strong>", "");
    let granted = said(office.html(seq).await);
    assert!(granted.contains("Ti spettano 272,73 € in tutto, per questa domanda."), "{granted}");
    let receipt = said(office.html(1).await);
    assert!(receipt.contains("ti spettano 167,30 € in tutto, per questa domanda."), "{receipt}");
}
