//! Every mistake is told with its place, what is wrong and the mend.

use rules::Diagnostic;

use crate::laws::{EXPRESSION_LINE, TABLE, header, law, law_with, law_with_table};

/// The only diagnostic of a law that has one mistake.
fn only(result: Result<rules::Program, Vec<Diagnostic>>) -> Diagnostic {
    let mut wrong = result.expect_err("the law has a mistake");
    assert_eq!(wrong.len(), 1, "{}", wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    wrong.remove(0)
}

#[test]
fn a_diagnostic_underlines_the_place() {
    let wrong = only(law_with("euro", "CASE WHEN ise > 10 THEN isee END"));
    assert_eq!(
        wrong.to_string(),
        "\
errore: nome sconosciuto `ise`
  --> rules.md:29:11
   |
29 | CASE WHEN ise > 10 THEN isee END
   |           ^^^
   = rimedio: forse si voleva `isee`"
    );
}

/// Unit of the rule, expression, column, words of the message, words of the mend.
const EXPRESSIONS: [(&str, &str, u32, &str, &str); 35] = [
    ("euro/mese", "mensile + annuo", 1, "euro/mese + euro/anno", "stessa unità"),
    ("euro/mese", "mensile * mensile", 1, "euro/mese * euro/mese", "solo per numeri"),
    ("sì/no", "mensile > annuo", 1, "euro/mese e euro/anno", "stessa unità"),
    ("sì/no", "sposato = 3", 1, "sì/no e numero senza unità", "stesso tipo"),
    ("euro/mese", "CASE WHEN sposato THEN mensile ELSE annuo END", 37, "rami del CASE", "stessa unità"),
    ("euro", "CASE WHEN isee THEN 1 END", 11, "`WHEN` vuole un valore sì/no", "sì/no"),
    ("sì/no", "NOT isee", 5, "`NOT` vuole", "sì/no"),
    ("sì/no", "sposato AND isee", 1, "`AND` vuole valori sì/no", "sì/no"),
    ("euro", "-sposato", 2, "`-` vuole un numero", "numero"),
    ("sì/no", "comune = 'napoli'", 1, "non può valere 'napoli'", "roma, milano"),
    ("sì/no", "comune IN ('roma', 'torino')", 20, "non può valere 'torino'", "roma, milano"),
    ("anni", "anni(isee)", 1, "`anni` vuole una data", "una data"),
    ("anni", "anni(nato_il, isee)", 1, "`anni` vuole una data, qui c'è: data, euro", "una data"),
    ("anni", "anni()", 1, "numero di argomenti", "specifica"),
    ("euro", "rond(isee)", 1, "funzione sconosciuta `rond`", "`round`"),
    ("euro", "round(isee, -1)", 1, "`round` vuole", "round(quota / 2, 2)"),
    ("euro", "coalesce(isee, mensile)", 1, "non vanno insieme: euro e euro/mese", "stessa unità"),
    ("euro/mese", "importi_base(mensile)", 1, "un valore in euro", "euro"),
    ("euro/mese", "importi_base", 1, "nome sconosciuto", "importi_base(valore)"),
    ("euro/mese", "figli.spesa", 1, "un valore per ciascun membro", "sum(figli.spesa)"),
    ("euro/mese", "spesa", 1, "nome sconosciuto", "sum(figli.spesa)"),
    ("euro/mese", "sum(nipoti.spesa)", 5, "relazione sconosciuta", "figli"),
    ("euro/mese", "sum(figli.disabile)", 1, "`sum` vuole un numero", "numero"),
    ("sì/no", "bool_or(figli.spesa)", 1, "`bool_or` vuole un valore sì/no", "sì/no"),
    ("euro/mese", "sum(sum(figli.spesa))", 5, "aggregato dentro un aggregato", "una regola"),
    ("numero", "count(*) FILTER (WHERE figli.spesa)", 24, "`FILTER` vuole", "sì/no"),
    ("euro", "abs(isee) FILTER (WHERE sposato)", 1, "FILTER non vale", "aggregato"),
    ("euro", "isee % 2", 1, "l'operatore `%`", "+ - * /"),
    ("sì/no", "comune LIKE 'r%'", 1, "non fa parte del linguaggio", "CASE"),
    ("euro", "(SELECT 1)", 2, "non fa parte del linguaggio", "CASE"),
    ("sì/no", "nato_il > DATE '2026-02-30'", 16, "data scritta male", "aaaa-mm-gg"),
    ("euro", "isee isee", 6, "testo in più", "una sola espressione"),
    ("euro", "CASE WHEN sposato THEN", 6, "il CASE non si legge", "CASE WHEN condizione"),
    ("sì/no", "comune = \"roma\"", 10, "nome sconosciuto `roma`", "un testo sta fra apici: 'roma'"),
    ("sì/no", "comune = 'roma", 10, "non si legge", "apici"),
];

#[test]
fn mistakes_in_expressions() {
    let mut unexpected = Vec::new();
    for (unit, expression, column, message, mend) in EXPRESSIONS {
        let wrong = only(law_with(unit, expression));
        let told = wrong.message.contains(message) && wrong.mend.contains(mend) && wrong.source == expression;
        if !told || (wrong.line, wrong.column) != (EXPRESSION_LINE, column) {
            unexpected.push(wrong.to_string());
        }
    }
    assert!(unexpected.is_empty(), "{}", unexpected.join("\n"));
}

#[test]
fn a_rule_gives_what_its_unit_says() {
    let wrong = only(law_with("euro/mese", "isee"));
    assert_eq!((wrong.line, wrong.column), (EXPRESSION_LINE - 4, 1));
    assert_eq!(wrong.message, "la regola `prova` dichiara euro/mese, ma l'espressione dà euro");
}

#[test]
fn expressions_too_long_or_too_deep() {
    for expression in
        [format!("{}1{}", "(".repeat(60), ")".repeat(60)), vec!["1"; 2000].join(" + "), vec!["1"; 200].join(" + ")]
    {
        assert!(only(law_with("numero", &expression)).mend.contains("più regole"));
    }
}

/// Header lines, words of the message.
const HEADERS: [(&str, &str); 10] = [
    ("-- titolo: T\n-- unità: euro\n-- dal: 2022-01-01\n", "non ha «regola»"),
    ("-- regola: x\n-- unità: euro\n-- dal: 2022-01-01\n", "non ha «titolo»"),
    ("-- regola: x\n-- titolo: T\n-- unità: lire\n-- dal: 2022-01-01\n", "unità sconosciuta: `lire`"),
    ("-- regola: x\n-- titolo: T\n-- unità: euro\n-- dal: marzo\n", "data non valida: `marzo`"),
    ("-- regola: x\n-- titolo: T\n-- unità: euro\n-- dal: 2022-01-01\n-- ruolo: esito\n", "ruolo sconosciuto"),
    ("-- regola: x\n-- titolo: T\n-- unità: euro\n-- dal: 2022-01-01\n-- di: nipoti\n", "relazione sconosciuta"),
    (
        "-- regola: x\n-- titolo: T\n-- unità: euro\n-- dal: 2022-01-01\n-- al: 2021-01-01\n",
        "finisce prima di cominciare",
    ),
    ("-- regola: x\n-- titolo: T\n-- unità: euro\n-- dal: 2022-01-01\n-- motivo: boh\n", "«motivo» non può valere"),
    ("-- regola: x\n-- titoli: T\n-- titolo: T\n-- unità: euro\n-- dal: 2022-01-01\n", "voce sconosciuta: «titoli»"),
    ("-- regola: Quota\n-- titolo: T\n-- unità: euro\n-- dal: 2022-01-01\n", "nome non ammesso: `Quota`"),
];

#[test]
fn mistakes_in_headers() {
    for (head, message) in HEADERS {
        let wrong = only(law(&format!("# Art. 1\n\n```sql\n{head}1.00\n```\n")));
        assert!(wrong.message.contains(message), "{head}\n{wrong}");
    }
}

fn rule(head: &str, expression: &str) -> String {
    format!("```sql\n{head}{expression}\n```\n\n")
}

#[test]
fn a_rule_stands_under_an_article() {
    let text = format!("# Premessa\n\n{}", rule(&format!("{}-- ruolo: importo\n", header("x", "euro")), "1.00"));
    assert!(only(law(&text)).message.contains("riferimento normativo"));
}

#[test]
fn a_cycle_shows_its_path() {
    let mut text = "# Art. 1\n\n".to_owned();
    for (name, uses) in [("prima", "seconda"), ("seconda", "terza"), ("terza", "prima")] {
        let role = if name == "prima" { "-- ruolo: importo\n" } else { "" };
        text += &rule(&format!("{}{role}", header(name, "euro")), uses);
    }
    assert_eq!(only(law(&text)).message, "regole che si rincorrono: prima → seconda → terza → prima");
}

#[test]
fn every_cycle_is_told() {
    let mut text = "# Art. 1\n\n".to_owned();
    for (name, uses) in [("a", "b"), ("b", "a"), ("c", "c"), ("d", "a + c")] {
        let role = if name == "d" { "-- ruolo: importo\n" } else { "" };
        text += &rule(&format!("{}{role}", header(name, "euro")), uses);
    }
    let wrong = law(&text).unwrap_err();
    let told: Vec<_> = wrong.iter().map(|wrong| wrong.message.as_str()).collect();
    assert_eq!(told, ["regole che si rincorrono: a → b → a", "regole che si rincorrono: c → c"]);
}

#[test]
fn a_rule_does_not_use_what_was_published_later() {
    let head = "| parametro | vale dal | noto dal | valore | unità | fonte |\n|---|---|---|---|---|---|";
    let row = "| soglia | 2020-01-01 | 2022-06-01 | 1 | euro | L. 1 |";
    let outcome = rule(&format!("{}-- ruolo: importo\n-- noto dal: 2021-12-30\n", header("esito", "euro")), "soglia");
    let wrong = only(law(&format!("{head}\n{row}\n\n# Art. 1\n\n{outcome}")));
    assert_eq!(
        wrong.message,
        "la regola `esito` è nota dal 2021-12-30, ma usa `soglia`, pubblicato solo il 2022-06-01"
    );
}

#[test]
fn mistakes_of_every_kind_are_told_together() {
    let text = format!(
        "| dato | di | tipo | unità | titolo |\n|---|---|---|---|---|\n| a | nucleo | float | | A |\n\n# Art. 1\n\n{}{}{}",
        rule(&header("x", "euro"), "ignoto"),
        rule(&header("y", "lire"), "1"),
        rule(&header("z", "euro"), "1 +"),
    );
    assert_eq!(law(&text).unwrap_err().iter().map(|wrong| wrong.line).collect::<Vec<_>>(), [3, 12, 18, 28]);
    let table = TABLE.replace("10000,100", "x,100").replace("10000,,50", "10000,,y");
    let wrong = law_with_table("euro", "isee", &table).unwrap_err();
    assert_eq!(wrong.iter().filter(|wrong| wrong.file == "tabelle/importi.csv").count(), 2, "both lines");
}

#[test]
fn names_are_unique_and_used() {
    let outcome = rule(&format!("{}-- ruolo: importo\n", header("esito", "euro")), "1.00");
    let unused = format!("# Art. 1\n\n{}{outcome}", rule(&header("inutile", "euro"), "1.00"));
    assert_eq!(only(law(&unused)).message, "`inutile` non serve a nessun esito");
    let input = "| dato | di | tipo | unità | titolo |\n|---|---|---|---|---|\n| esito | nucleo | decimale | euro | Esito |\n\n";
    let twice = only(law(&format!("{input}# Art. 1\n\n{outcome}")));
    assert_eq!((twice.message.as_str(), twice.line), ("nome già usato: `esito`", 8));
    let reserved = input.replace("| esito |", "| sum |");
    assert_eq!(only(law(&reserved)).message, "nome già usato: `sum`");
}

#[test]
fn dated_rules_follow_one_another() {
    let versions = |first: &str, second: &str| {
        let head = |dates: &str| format!("-- regola: x\n-- titolo: T\n-- unità: euro\n-- ruolo: importo\n{dates}");
        only(law(&format!("# Art. 1\n\n{}{}", rule(&head(first), "1.00"), rule(&head(second), "2.00"))))
    };
    let gap = versions("-- dal: 2022-01-01\n-- al: 2022-06-30\n", "-- dal: 2022-08-01\n");
    assert!(gap.message.contains("non è definito dal 2022-07-01"), "{gap}");
    let overlap = versions("-- dal: 2022-01-01\n-- al: 2022-06-30\n", "-- dal: 2022-06-01\n");
    assert!(overlap.message.contains("valgono insieme dal 2022-06-01"), "{overlap}");
    let twice = versions("-- dal: 2022-01-01\n", "-- dal: 2022-01-01\n");
    assert!(twice.message.contains("stessa decorrenza"), "{twice}");
}

#[test]
fn what_a_rule_uses_is_defined_as_long_as_it_governs() {
    let later = rule("-- regola: dopo\n-- titolo: T\n-- unità: euro\n-- dal: 2023-01-01\n", "1.00");
    let outcome = rule(&format!("{}-- ruolo: importo\n", header("esito", "euro")), "dopo");
    let wrong = only(law(&format!("# Art. 1\n\n{later}{outcome}")));
    assert_eq!(wrong.message, "la regola `esito` vale dal 2022-01-01, ma usa `dopo` che comincia il 2023-01-01");
    let ended = later.replace("2023-01-01\n", "2020-01-01\n-- al: 2023-12-31\n");
    let wrong = only(law(&format!("# Art. 1\n\n{ended}{outcome}")));
    assert_eq!(wrong.message, "la regola `esito` usa `dopo`, che finisce il 2023-12-31");
}

/// Rows of a parameter table, words of the message.
const PARAMETERS: [(&str, &str); 7] = [
    ("| soglia | 2022-01-01 | | 1.234,50 | euro | L. 1 |", "valore non leggibile come euro: `1.234,50`"),
    ("| soglia | 2022-01-01 | | 0.5 | percentuale | L. 1 |", "valore non leggibile come percentuale"),
    ("| soglia | gennaio | | 1 | euro | L. 1 |", "data non valida"),
    ("| soglia | 2022-01-01 | | 1 | euro | |", "manca «fonte»"),
    ("| soglia | 2022-01-01 | | 1 | lire | L. 1 |", "unità sconosciuta"),
    ("| soglia | 2022-01-01 | | 1 | euro | L. 1 |\n| soglia | 2022-01-01 | | 2 | euro | L. 2 |", "stessa decorrenza"),
    ("| soglia | 2022-01-01 | | 1 | euro | L. 1 |\n| soglia | 2023-01-01 | | 2 | euro/mese | L. 2 |", "cambia unità"),
];

#[test]
fn mistakes_in_parameters() {
    for (rows, message) in PARAMETERS {
        let head = "| parametro | vale dal | noto dal | valore | unità | fonte |\n|---|---|---|---|---|---|";
        let outcome = rule(&format!("{}-- ruolo: importo\n", header("esito", "euro")), "soglia");
        let wrong = law(&format!("{head}\n{rows}\n\n# Art. 1\n\n{outcome}")).unwrap_err();
        assert!(wrong[0].message.contains(message), "{rows}\n{}", wrong[0]);
    }
    let wrong = only(law("| parametro | valore |\n|---|---|\n| a | 1 |\n"));
    assert_eq!(wrong.message, "mancano colonne: vale dal, noto dal, unità, fonte");
}

/// Rows of an input table, words of the message.
const INPUTS: [(&str, &str); 6] = [
    ("| a | nucleo | decimale | | A | |", "unità mancante"),
    ("| a | nucleo | sì/no | euro | A | |", "diversa dal tipo"),
    ("| a | nucleo | float | euro | A | |", "tipo mancante o sconosciuto"),
    ("| a | nucleo | sì/no | | | |", "non ha titolo"),
    ("| a | Figli | sì/no | | A | |", "nome di relazione non ammesso"),
    ("| a | nucleo | sì/no | | A | forse |", "qui va sì o no"),
];

#[test]
fn mistakes_in_inputs() {
    for (row, message) in INPUTS {
        let head = "| dato | di | tipo | unità | titolo | obbligatorio |\n|---|---|---|---|---|---|";
        let wrong = only(law(&format!("{head}\n{row}\n")));
        assert!(wrong.message.contains(message), "{row}\n{wrong}");
        assert_eq!(wrong.line, 3);
    }
}

/// What is changed in the table, into what, line, words of the message.
const TABLES: [(&str, &str, u32, &str); 9] = [
    ("10000,,50", "10001,,50", 5, "buco fra scaglioni"),
    ("10000,,50", "9999,,50", 5, "sovrapposizione fra scaglioni"),
    ("10000,,50", "10000,20000,50", 5, "non dice nulla oltre 20000"),
    (",10000,,50", ",10000,,cinquanta", 5, "numero non leggibile"),
    ("10000,,50", "10000,,50,7", 5, "non leggibile come CSV"),
    ("# unità: euro/mese\n", "", 1, "«unità»"),
    ("oltre,fino_a", "da,a", 1, "intestazione della tabella"),
    ("2022-01-01,,10000", "2022-13-01,,10000", 5, "data non valida"),
    ("oltre,fino_a,base", "oltre,fino_a,Base", 1, "nome di colonna non ammesso"),
];

#[test]
fn mistakes_in_tables() {
    for (from, to, line, message) in TABLES {
        let wrong = law_with_table("euro", "isee", &TABLE.replace(from, to)).unwrap_err();
        let told = wrong.iter().find(|wrong| wrong.file == "tabelle/importi.csv").expect("the table is blamed");
        assert!(told.message.contains(message), "{told}");
        assert_eq!(told.line, line, "{told}");
    }
}

#[test]
fn a_missing_unit_is_asked_for_with_all_that_there_are() {
    let text = format!("# Art. 1\n\n```sql\n{}1\n```\n", header("prova", "euro").replace("-- unità: euro\n", ""));
    let wrong = only(law(&text));
    assert!(wrong.message.contains("non ha «unità»"), "{wrong}");
    for unit in ["sì/no", "euro,", "euro/mese", "numero"] {
        assert!(wrong.mend.contains(unit), "{unit}: {wrong}");
    }
}

#[test]
fn a_number_that_cannot_be_read_makes_no_name_unknown() {
    let text = format!(
        "| dato | di | tipo | unità | titolo |\n|---|---|---|---|---|\n| reddito | nucleo | decimale | euro | Reddito |\n\n\
        | parametro | vale dal | noto dal | valore | unità | fonte |\n|---|---|---|---|---|---|\n\
        | limite | 2022-01-01 | 2022-01-01 | 35.000,00 | euro | esempio |\n\n# Art. 1\n\n\
        ```sql\n{}-- ruolo: diritto\nreddito <= limite\n```\n\n\
        ```sql\n{}-- ruolo: importo\n-- criterio: unica\n```\n\n\
        | reddito | importo |\n|---|---|\n| <= limite | 2.00 |\n| > limite | 0.00 |\n",
        header("prova", "sì/no"),
        header("importo", "euro"),
    );
    let wrong = only(law(&text));
    assert!(wrong.message.contains("non leggibile come euro: `35.000,00`"), "{wrong}");
}
