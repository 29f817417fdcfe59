//! The words of a law in other languages: what is said, what is told to the official who writes them.

use base::Language;
use catalogue::{Folder, LawTeller, Service, check, diff};
use rules::{Facts, Moment, Unit, Value};

use crate::world::{FORM, declared, folder};

const RULES: &str = "# Legge inventata

## Dati

| dato | di | tipo | unità | titolo | obbligatorio | ipotesi |
|---|---|---|---|---|---|---|
| isee | nucleo | decimale | euro | ISEE della famiglia | no | 0 |

## Parametri

| parametro | vale dal | noto dal | valore | unità | fonte |
|---|---|---|---|---|---|
| soglia_bassa | 2026-01-01 | 2025-12-01 | 5000.00 | euro | prova |

## Art. 1, comma 2 – A chi spetta

```sql
-- regola: isee_basso
-- titolo: ISEE non superiore alla soglia
-- unità: sì/no
-- dal: 2026-01-01
-- ruolo: requisito
-- se no: L'ISEE supera la soglia & basta.
isee <= soglia_bassa
```

```sql
-- regola: diritto
-- titolo: Diritto al contributo
-- unità: sì/no
-- dal: 2026-01-01
-- ruolo: diritto
isee_basso
```
";

const ITALIAN: &str = "[words]
\"soglia bassa\" = \"soglia dell’ISEE più bassa\"

[supposed]
isee = \"Con un ISEE fino a {needed} {outcome}.\"
isee_basso = \"Con un ISEE di {distance} in meno, cioè fino a {needed}, {outcome}.\"

[outcomes]
entitled = \"il contributo spetterebbe\"
";

const GERMAN: &str = "[words]
\"ISEE della famiglia\" = \"ISEE-Wert der Familie\"
\"soglia bassa\" = \"niedrige Schwelle\"
\"ISEE non superiore alla soglia\" = \"ISEE-Wert nicht über der Schwelle\"
\"L'ISEE supera la soglia & basta.\" = \"Der ISEE-Wert liegt über der Schwelle & Schluss.\"
\"Diritto al contributo\" = \"Anspruch auf den Beitrag\"

[supposed]
isee = \"Mit einem ISEE-Wert bis {needed} {outcome}.\"
isee_basso = \"Mit {distance} weniger ISEE-Wert {outcome}.\"

[outcomes]
entitled = \"stünde der Beitrag zu\"
";

fn with(files: &[(&str, &str)]) -> Folder {
    let mut folder = folder("prova");
    let asked = FORM.to_owned()
        + "\n[[pages.questions]]\nid = \"isee\"\nkind = \"money\"\nrequired = false\nlabel = { it = \"ISEE\", en = \"ISEE\", de = \"ISEE\" }\n";
    folder.files.insert("form.toml".into(), asked);
    folder.files.insert("rules.md".into(), RULES.into());
    let english = GERMAN; // whichever language: only that something is there
    let usual = [("rules.it.toml", ITALIAN), ("rules.en.toml", english), ("rules.de.toml", GERMAN)];
    for (path, text) in usual.iter().chain(files) {
        folder.files.insert((*path).to_owned(), (*text).to_owned());
    }
    folder.files.retain(|_, text| !text.is_empty());
    folder
}

fn service(files: &[(&str, &str)]) -> Service {
    Service::read(with(files)).unwrap_or_else(|told| panic!("{told:?}"))
}

/// File, line and message of every notice.
fn notices(files: &[(&str, &str)]) -> Vec<(String, u32, String)> {
    let service = service(files);
    service.warnings.iter().map(|one| (one.file.clone(), one.line, one.message.clone())).collect()
}

#[test]
fn a_law_that_is_translated_whole_gives_no_notice() {
    assert_eq!(notices(&[]), []);
}

#[test]
fn what_nobody_translated_is_told_at_its_line_of_the_law_and_offered_all_the_same() {
    let german = GERMAN.replace("\"Diritto al contributo\" = \"Anspruch auf den Beitrag\"\n", "");
    let told = notices(&[("rules.de.toml", &german)]);
    let (rules, text) = ("services/prova/rules.md".to_owned(), "«Diritto al contributo» non è tradotto in «de»");
    assert_eq!(told, [(rules, 29, text.to_owned())]);
    let report = check(&declared(vec![with(&[("rules.de.toml", &german)])]));
    assert!(report.content.is_empty() && report.services[0].problems.is_empty(), "{report}");
    let told = report.to_string();
    for words in [
        "avviso: «Diritto al contributo»",
        "services/prova/rules.md:29",
        "rules.de.toml, sotto [words]",
        "Da completare: 1 avviso.",
    ] {
        assert!(told.contains(words), "«{words}» is not in {told}");
    }
}

#[test]
fn a_translation_of_words_that_changed_is_told_with_the_new_words() {
    let rules = RULES.replace("ISEE non superiore alla soglia", "ISEE non superiore alla soglia bassa");
    let told = service(&[("rules.md", &rules)]).warnings;
    let german: Vec<_> = told.iter().filter(|one| one.file.ends_with("rules.de.toml")).collect();
    assert_eq!((german.len(), german[0].line), (1, 4), "{german:?}");
    assert!(german[0].mend.contains("«ISEE non superiore alla soglia bassa»"), "{}", german[0].mend);
    assert_eq!(told.len(), 4, "two languages, the old words and the new: {told:?}");
}

#[test]
fn a_language_without_a_file_and_a_near_miss_without_a_sentence_are_told() {
    let told = notices(&[("rules.en.toml", ""), ("rules.it.toml", &ITALIAN.replace("isee = ", "iseee = "))]);
    let told: Vec<_> = told.iter().map(|(file, line, message)| (file.as_str(), *line, message.as_str())).collect();
    assert_eq!(
        told,
        [
            ("services/prova/rules.md", 7, "nessuna frase in «it» per quando «isee» potrebbe cambiare"),
            ("services/prova/rules.it.toml", 5, "«iseee» non è una regola o un dato che si possa supporre diverso"),
            ("services/prova/rules.en.toml", 1, "manca il file: le parole delle regole restano in italiano"),
        ]
    );
}

#[test]
fn a_parameter_has_an_italian_name_and_other_words_of_the_law_stand_in_the_law() {
    let (name, text) = ("\"soglia bassa\" = \"soglia dell’ISEE più bassa\"", "\"Diritto al contributo\" = \"Diritto\"");
    let told = notices(&[("rules.it.toml", &ITALIAN.replace(name, text))]);
    let told: Vec<_> = told.iter().map(|(file, line, message)| (file.as_str(), *line, message.as_str())).collect();
    assert_eq!(
        told,
        [
            ("services/prova/rules.md", 13, "«soglia bassa» non ha un nome per le persone"),
            ("services/prova/rules.it.toml", 2, "«Diritto al contributo» non è in rules.md"),
        ]
    );
    let service = service(&[]);
    let law = LawTeller { words: &service.law, facts: &Facts::default(), language: Language::Italian };
    assert_eq!(law.text("soglia bassa").text, "soglia dell’ISEE più bassa");
    assert_eq!(law.text("Diritto al contributo").text, "Diritto al contributo");
    assert!(!law.text("Diritto al contributo").foreign);
}

#[test]
fn mistyped_places_and_idle_files_are_refused() {
    let broken = [
        ("rules.de.toml", GERMAN.replace("{needed}", "{bisogno}"), "«{bisogno}» non esiste"),
        ("rules.it.toml", ITALIAN.replace("{outcome}.", "."), "non dice che cosa cambierebbe"),
        ("rules.it.toml", ITALIAN.replace("entitled", "spetta"), "«spetta» non è un risultato"),
        ("rules.it.toml", format!("{ITALIAN}amount = \"l’importo cambierebbe\"\n"), "non dice l’importo"),
        ("rules.md", String::new(), "parole di regole che non ci sono"),
    ];
    for (path, text, message) in broken {
        let told = Service::read(with(&[(path, &text)])).expect_err(message);
        assert!(told.iter().any(|one| one.message.contains(message)), "{message}: {told:?}");
    }
}

#[test]
fn a_decision_is_told_in_the_language_of_the_reader() {
    let service = service(&[("rules.en.toml", "[words]\n")]);
    let facts =
        Facts { values: [("isee".to_owned(), Value::Dec("5200.5".parse().unwrap()))].into(), ..Facts::default() };
    let moment = Moment::at("2026-11-21".parse().unwrap());
    let decision = service.program.as_ref().unwrap().decide(&facts, moment).unwrap();
    let reason = &decision.reasons[0];
    let told = |language| {
        let law = LawTeller { words: &service.law, facts: &facts, language };
        let note = law.note(reason).unwrap().to_string();
        [law.label(&reason.label, None).to_string(), law.reference(&reason.paragraph), note]
    };
    assert_eq!(
        told(Language::German),
        ["ISEE-Wert nicht über der Schwelle", "Art. 1 Abs. 2", "Der ISEE-Wert liegt über der Schwelle &#38; Schluss."]
    );
    let in_italian = "<span lang=\"it\">ISEE non superiore alla soglia</span>";
    assert_eq!(told(Language::English)[..2], [in_italian, "Art. 1(2)"]);
    let near = |language| {
        let law = LawTeller { words: &service.law, facts: &facts, language };
        law.near_miss(&decision.near_misses[0], Unit::EuroPerMonth).text
    };
    assert_eq!(
        near(Language::Italian),
        "Con un ISEE di 200,50\u{a0}€ in meno, cioè fino a 5.000,00\u{a0}€, il contributo spetterebbe."
    );
    assert_eq!(near(Language::German), "Mit 200,50\u{a0}€ weniger ISEE-Wert stünde der Beitrag zu.");
    assert_eq!(near(Language::English), near(Language::Italian), "nobody wrote it in English");
}

#[test]
fn a_number_is_told_once_with_the_way_it_would_have_to_go() {
    let line = ITALIAN.lines().find(|line| line.starts_with("isee_basso")).unwrap();
    let service = service(&[("rules.it.toml", &ITALIAN.replace(line, ""))]);
    let facts =
        Facts { values: [("isee".to_owned(), Value::Dec("5200.5".parse().unwrap()))].into(), ..Facts::default() };
    let moment = Moment::at("2026-11-21".parse().unwrap());
    let decision = service.program.as_ref().unwrap().decide(&facts, moment).unwrap();
    assert_eq!(decision.near_misses.len(), 2, "the rule and the number that it compares");
    let law = LawTeller { words: &service.law, facts: &facts, language: Language::Italian };
    let told: Vec<_> = law.near_misses(&decision, Unit::EuroPerMonth).into_iter().map(|said| said.text).collect();
    let sentence = "Con «ISEE non superiore alla soglia» fino a 5.000,00\u{a0}€ (ora 5.200,50\u{a0}€), il contributo \
                    spetterebbe.";
    assert_eq!(told, [sentence]);
    let of_the_number = decision.near_misses.iter().find(|miss| miss.rule == "isee").unwrap();
    let own = "Con un ISEE fino a 5.000,00\u{a0}€ (ora 5.200,50\u{a0}€) il contributo spetterebbe.";
    assert_eq!(law.near_miss(of_the_number, Unit::EuroPerMonth).text, own);
}

#[test]
fn a_mended_translation_is_a_difference_that_officials_are_told() {
    let mended = GERMAN.replace("Anspruch auf den Beitrag", "Recht auf den Beitrag");
    let told = diff(&service(&[]), &service(&[("rules.de.toml", &mended)]));
    let told: Vec<_> = told.iter().map(|change| change.sentence.as_str()).collect();
    assert_eq!(told, ["Cambiano le parole con cui si dicono le regole."]);
}
