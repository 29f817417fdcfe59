//! Two moments of the same case, and two versions of the same law.

use std::collections::BTreeMap;

use rules::{Change, ChangeKind, Decimal, Program, Sources, Subject, Value, compare};

use crate::{assegno_unico::LAW, outcomes::household};

fn day(text: &str) -> base::Date {
    text.parse().expect("a day")
}

fn dec(text: &str) -> Option<Decimal> {
    Some(text.parse().expect("a number"))
}

#[test]
fn arrears_are_told_by_month_with_the_change_that_made_them() {
    let mut facts = household();
    facts.groups.get_mut("figli").unwrap().truncate(1);
    facts.groups.get_mut("figli").unwrap()[0].insert("data_nascita".into(), Value::Date(day("2003-06-01")));
    facts.groups.get_mut("figli").unwrap()[0].insert("disabilita".into(), Value::from("grave"));
    facts.values.insert("isee".into(), Value::Dec("15000".parse().unwrap()));
    // An ISEE of the year that is paid: filed in time, it counts from March.
    facts.values.insert("isee_presentato_il".into(), Value::Date(day("2022-02-15")));
    let months = [day("2022-03-01"), day("2022-04-01"), day("2022-05-01"), day("2022-06-01")];
    let found = compare(&LAW, &facts, &months, day("2022-06-10"), day("2022-07-01")).unwrap();
    assert_eq!(found.len(), 4);
    let march = &found[0];
    assert_eq!((march.then.amount, march.now.amount), (dec("165"), dec("270")));
    assert_eq!(march.difference, dec("105"));
    let causes: Vec<_> = march.causes.iter().map(|cause| (cause.name.as_str(), cause.effect)).collect();
    assert_eq!(causes[0], ("quota_minore", dec("175")));
    assert!(causes.iter().any(|(name, _)| *name == "maggiorazione_disabilita_18_20"), "{causes:?}");
    assert!(march.causes.iter().all(|cause| cause.known_from == day("2022-06-22")));
    assert!(march.causes.iter().all(|cause| cause.source.starts_with("art. 4")));
}

#[test]
fn a_published_table_is_a_cause_and_a_month_without_news_has_none() {
    let facts = household();
    let months = [day("2025-12-01"), day("2026-01-01")];
    let found = compare(&LAW, &facts, &months, day("2026-01-02"), day("2026-11-21")).unwrap();
    assert!(!found[0].differs() && found[0].causes.is_empty(), "{found:?}");
    let january = &found[1];
    assert!(january.difference > dec("0"));
    let table = january.causes.iter().find(|cause| cause.subject == Subject::Table).unwrap();
    assert_eq!((table.name.as_str(), table.source.as_str()), ("importi", "tabelle/importi.csv"));
    assert_eq!(table.effect, january.difference, "it alone made the difference");
}

#[test]
fn before_anything_was_published_nothing_was_decided() {
    let found = compare(&LAW, &household(), &[day("2022-03-01")], day("2021-01-01"), day("2022-03-01")).unwrap();
    assert!(found[0].then.fault.is_some() && found[0].then.amount.is_none());
    assert_eq!(found[0].difference, found[0].now.amount);
    assert!(!found[0].causes.is_empty());
}

const BEFORE: &str = "\
| dato | di | tipo | unità | titolo |
|---|---|---|---|---|
| isee | nucleo | decimale | euro | ISEE |
| nato_il | figli | data | | Nascita |

| parametro | vale dal | noto dal | valore | unità | fonte |
|---|---|---|---|---|---|
| soglia | 2025-01-01 | | 10000.00 | euro | circ. 1 |
| quota | 2025-01-01 | | 50% | percentuale | circ. 1 |

# Art. 1, comma 2

```sql
-- regola: spetta
-- titolo: ISEE non superiore alla soglia
-- unità: sì/no
-- dal: 2025-01-01
-- ruolo: requisito
isee <= soglia
```

```sql
-- regola: importo
-- titolo: Importo
-- unità: euro/mese
-- dal: 2025-01-01
-- ruolo: importo
CASE WHEN spetta THEN importi_base(isee) * quota * count(figli.nato_il) ELSE 0 END
```
";

const TABLE: &str = "\
# scaglioni: euro
# unità: euro/mese
vale_dal,noto_dal,oltre,fino_a,base
2025-01-01,,,5000,100
2025-01-01,,5000,,50
";

fn read(text: &str, table: &str) -> Program {
    let tables = BTreeMap::from([("tabelle/importi.csv".to_owned(), table.to_owned())]);
    Program::parse(&Sources { file: "rules.md", text, tables: &tables }).unwrap_or_else(|wrong| panic!("{}", wrong[0]))
}

fn differences(change: impl Fn(&str) -> String, table: &str) -> Vec<Change> {
    Program::differences(&read(BEFORE, TABLE), &read(&change(BEFORE), table))
}

#[test]
fn a_law_that_says_the_same_has_no_differences() {
    assert_eq!(differences(str::to_owned, TABLE), []);
    let moved = differences(|text| text.replace("# Art. 1", "Una premessa.\n\n# Art. 1"), TABLE);
    assert_eq!(moved, [], "prose is not law");
}

/// What is replaced, by what, the sentence, what it touches.
const CHANGES: [(&str, &str, &str, &[&str]); 8] = [
    (
        "| quota | 2025",
        "| soglia | 2026-03-08 | 2026-01-11 | 12000.50 | euro | circ. 2 |\n| quota | 2025",
        "`soglia` vale 12.000,50 euro dall'8 marzo 2026, noto dall'11 gennaio 2026.",
        &["ISEE non superiore alla soglia", "Importo"],
    ),
    ("| 50% |", "| 62.5% |", "`quota` vale 62,5 % dal 1º gennaio 2025 (prima: 50 %).", &["Importo"]),
    (
        "| 50% | percentuale | circ. 1 |",
        "| 50% | percentuale | circ. 9 |",
        "`quota` dal 1º gennaio 2025: stesso valore, altra fonte: circ. 9 (prima: circ. 1).",
        &["Importo"],
    ),
    (
        "isee <= soglia",
        "isee < soglia",
        "La regola `spetta` dal 1º gennaio 2025 (art. 1 c. 2): si calcola in un altro modo.",
        &["ISEE non superiore alla soglia", "Importo"],
    ),
    (
        "-- dal: 2025-01-01\n-- ruolo: importo",
        "-- dal: 2025-01-01\n-- ruolo: importo\n-- al: 2026-12-31",
        "La regola `importo` dal 1º gennaio 2025 fino al 31 dicembre 2026 (art. 1 c. 2): finisce: 31 dicembre 2026 (prima: senza termine).",
        &["Importo"],
    ),
    (
        "comma 2",
        "comma 3",
        "La regola `importo` dal 1º gennaio 2025 (art. 1 c. 3): sta nell'art. 1 c. 3 (prima: art. 1 c. 2).",
        &["Importo"],
    ),
    (
        "| ISEE |\n",
        "| ISEE |\n| cieco | figli | sì/no | | Cecità |\n",
        "Si chiede un dato in più: «Cecità».",
        &["Importo"],
    ),
    (
        "| euro | ISEE |",
        "| euro | ISEE minorenni |",
        "Il dato «ISEE minorenni» cambia: si chiamava «ISEE».",
        &["ISEE non superiore alla soglia", "Importo"],
    ),
];

#[test]
fn changes_are_told_in_a_sentence() {
    for (from, to, sentence, touches) in CHANGES {
        let change = |text: &str| {
            let changed = text.replacen(from, to, 1);
            let counted = "count(figli.nato_il) FILTER (WHERE NOT figli.cieco)";
            if to.contains("cieco") { changed.replace("count(figli.nato_il)", counted) } else { changed }
        };
        let found = differences(change, TABLE);
        let told = found.iter().find(|change| change.text == sentence);
        let told = told.unwrap_or_else(|| panic!("{sentence}\n{found:#?}"));
        assert_eq!(told.touches, touches, "{sentence}");
    }
}

#[test]
fn changes_of_tables_and_whole_rules() {
    let table = differences(str::to_owned, &TABLE.replace("5000,,50", "5000,,60"));
    assert_eq!(
        table[0].text,
        "La tabella `importi` dal 1º gennaio 2025 cambia un importo: da 5.000 a …, base: 60 (prima: 50)."
    );
    assert_eq!((table.len(), table[0].touches.len()), (1, 1));
    let later = format!("{TABLE}2026-01-01,2025-12-20,,5000,110\n2026-01-01,2025-12-20,5000,,55\n");
    let added = differences(str::to_owned, &later);
    assert_eq!(added[0].kind, ChangeKind::Added);
    assert_eq!(added[0].text, "La tabella `importi` ha 2 scaglioni dal 1º gennaio 2026, noto dal 20 dicembre 2025.");
    let rule = "\n```sql\n-- regola: durata\n-- titolo: Durata\n-- unità: mesi\n-- dal: 2025-01-01\n12\n```\n";
    let longer = |text: &str| format!("{}{rule}", text.replace("isee <= soglia", "isee <= soglia AND durata > 6"));
    let found = differences(longer, TABLE);
    assert_eq!(found.len(), 2, "{found:#?}");
    assert_eq!(found[0].text, "Nuova regola `durata` dal 1º gennaio 2025 (art. 1 c. 2): Durata.");
    assert_eq!(
        (found[1].before.as_deref(), found[1].after.as_deref()),
        (Some("isee <= soglia"), Some("isee <= soglia AND durata > 6"))
    );
    let back = Program::differences(&read(&longer(BEFORE), TABLE), &read(BEFORE, TABLE));
    assert_eq!(back[0].text, "Tolta la regola `durata` dal 1º gennaio 2025 (art. 1 c. 2): Durata.");
}
