//! What a decision tells a person.

use std::{collections::BTreeMap, time::Instant};

use rules::{Decision, EvalError, Facts, Fault, Moment, Value};

use crate::{assegno_unico::LAW, laws::law};

fn moment(day: &str) -> Moment {
    Moment { on: day.parse().unwrap(), known: "2026-11-21".parse().unwrap() }
}

fn dec(text: &str) -> Value {
    Value::Dec(text.parse().unwrap())
}

fn child(born: &str) -> BTreeMap<String, Value> {
    let values = [
        ("data_nascita", Value::Date(born.parse().unwrap())),
        ("disabilita", Value::from("nessuna")),
        ("a_carico", Value::Bool(true)),
        ("studia_o_si_forma", Value::Bool(true)),
        ("in_cerca_di_lavoro", Value::Bool(false)),
        ("servizio_civile", Value::Bool(false)),
    ];
    values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Everything known, three children, ISEE a little above the upper threshold of 2026.
pub fn household() -> Facts {
    let yes = ["cittadinanza_o_soggiorno", "residente_in_italia", "imposta_in_italia"];
    let mut values: BTreeMap<String, Value> = yes.map(|name| (name.to_owned(), Value::Bool(true))).into();
    values.insert("entrambi_lavorano".into(), Value::Bool(false));
    values.insert("genitore_vedovo_lavoratore".into(), Value::Bool(false));
    values.insert("quota_richiesta".into(), Value::from("intero"));
    values.insert("madre_nata_il".into(), Value::Date("1990-05-05".parse().unwrap()));
    values.insert("isee".into(), dec("46600.00"));
    values.insert("isee_presentato_il".into(), Value::Date("2026-01-15".parse().unwrap()));
    let children = vec![child("2024-06-01"), child("2020-01-01"), child("2015-01-01")];
    Facts { values, groups: BTreeMap::from([("figli".to_owned(), children)]) }
}

fn decide(facts: &Facts) -> Decision {
    LAW.decide(facts, moment("2026-03-01")).unwrap()
}

#[test]
fn reasons_follow_the_law_and_name_their_paragraph() {
    let decision = decide(&household());
    assert_eq!((decision.entitled, decision.amount), (Some(true), Some("192.30".parse().unwrap())));
    let quota = decision.reasons.iter().find(|reason| reason.rule == "quota_minore").unwrap();
    assert_eq!((quota.paragraph.as_str(), &quota.value), ("art. 4 c. 1", &dec("58.3")));
    let used: Vec<_> = quota.values_used.iter().map(|used| used.name.as_str()).collect();
    assert_eq!(used, ["spetta", "minorenne", "isee_utile"]);
    let fourth = decision.reasons.iter().find(|reason| reason.rule == "maggiorazione_quattro_figli").unwrap();
    assert_eq!((fourth.satisfied, fourth.requirement), (Some(false), false));
    assert!(fourth.note.as_deref().unwrap().starts_with("Spetta ai nuclei con almeno quattro figli"));
    assert!(decision.missing.is_empty(), "{:?}", decision.missing);
    let kept = decision.reasons.iter().filter(|reason| reason.rule == "figlio_a_carico");
    assert_eq!(kept.count(), 3, "one for each child");
    assert!(decision.reasons.iter().all(|reason| reason.rule != "quota_maggiorenne"), "told only if due");
}

#[test]
fn the_nearest_improvement_comes_first_with_its_distance() {
    let near = decide(&household()).near_misses;
    assert_eq!(near[0].rule, "isee_entro_la_soglia");
    assert_eq!((near[0].distance, near[0].improves), (Some("17.29".parse().unwrap()), true));
    assert_eq!(near[0].needed, Some(dec("46582.71")));
    assert_eq!(near[0].amount_then, Some("221.45".parse().unwrap()));
    let harm = near.iter().find(|miss| miss.rule == "residenza").unwrap();
    assert_eq!((harm.improves, harm.entitled_then), (false, Some(false)));
}

#[test]
fn the_bracket_below_is_told_with_its_amount() {
    let mut facts = household();
    facts.values.insert("isee".into(), dec("25050.00"));
    let decision = decide(&facts);
    let of_isee: Vec<_> = decision.near_misses.iter().filter(|miss| miss.rule == "isee").collect();
    let below = of_isee.iter().find(|miss| miss.improves).expect("a lower ISEE gives more");
    let needed = below.needed.as_ref().and_then(Value::as_decimal).unwrap();
    assert!(needed < "25050".parse().unwrap() && needed > "24900".parse().unwrap(), "{needed}");
    assert_eq!(below.distance.unwrap() + needed, "25050.00".parse().unwrap());
    facts.values.insert("isee".into(), Value::Dec(needed));
    assert_eq!(decide(&facts).amount, below.amount_then, "it is what such an ISEE gives");
    let above = of_isee.iter().find(|miss| !miss.improves).expect("a higher one gives less");
    facts.values.insert("isee".into(), above.needed.clone().unwrap());
    assert_eq!(decide(&facts).amount, above.amount_then);
    assert!(above.amount_then < decision.amount);
    assert_eq!(of_isee.len(), 2);
}

#[test]
fn the_side_of_a_conjunction_that_fails_tells_the_distance() {
    let text = "\
| dato | di | tipo | unità | titolo |
|---|---|---|---|---|
| reddito | nucleo | decimale | euro | Reddito |
| ore | nucleo | intero | numero | Ore |

# Art. 1

```sql
-- regola: lavoro
-- titolo: Lavoro sufficiente e reddito basso
-- unità: sì/no
-- dal: 2020-01-01
-- ruolo: requisito
ore >= 20 AND reddito < 9000.00
```

```sql
-- regola: diritto
-- titolo: Diritto
-- unità: sì/no
-- dal: 2020-01-01
-- ruolo: diritto
lavoro
```
";
    let law = law(text).unwrap();
    let near = |hours: i64, income: &str| {
        let values = BTreeMap::from([("reddito".to_owned(), dec(income)), ("ore".to_owned(), Value::Int(hours))]);
        law.decide(&Facts { values, ..Facts::default() }, moment("2026-01-01")).unwrap().near_misses
    };
    let misses = near(18, "8000");
    let rule = misses.iter().find(|miss| miss.rule == "lavoro").unwrap();
    assert_eq!((rule.distance, rule.needed.clone()), (Some(2.into()), Some(dec("20"))));
    let hours = misses.iter().find(|miss| miss.rule == "ore").unwrap();
    assert_eq!((hours.needed.clone(), hours.entitled_then), (Some(dec("20")), Some(true)));
    let income = near(20, "9000.00");
    let miss = income.iter().find(|miss| miss.rule == "reddito").unwrap();
    assert_eq!((miss.needed.clone(), miss.distance), (Some(dec("8999.99")), Some("0.01".parse().unwrap())));
    assert!(near(18, "9500").iter().all(|miss| miss.distance.is_none()), "two conditions fail: no single one is near");
}

#[test]
fn without_isee_the_best_case_is_shown() {
    let mut facts = household();
    facts.values.insert("isee".into(), Value::Null);
    let decision = decide(&facts);
    assert_eq!(decision.amount, Some("192.30".parse().unwrap()));
    let isee = decision.near_misses.iter().find(|miss| miss.rule == "isee").unwrap();
    assert!(isee.improves && isee.amount_then > decision.amount);
    assert!(decision.missing.is_empty(), "«no ISEE» was stated");
    facts.values.remove("isee");
    assert_eq!(decide(&facts).missing[0].name, "isee");
}

#[test]
fn a_missing_fact_leaves_the_outcome_open() {
    let mut facts = household();
    facts.groups.get_mut("figli").unwrap()[0].remove("data_nascita");
    let decision = decide(&facts);
    assert_eq!((decision.entitled, decision.amount), (Some(true), None));
    let missing = &decision.missing[0];
    assert_eq!((missing.name.as_str(), missing.member.as_ref().unwrap().index), ("data_nascita", 0));
    assert!(missing.required);
}

#[test]
fn an_adult_child_just_over_the_income_limit_is_a_near_miss() {
    let mut facts = household();
    let mut adult = child("2006-01-01");
    adult.insert("studia_o_si_forma".into(), Value::Bool(false));
    adult.insert("reddito_annuo".into(), dec("8500.00"));
    facts.groups.insert("figli".into(), vec![adult]);
    let decision = decide(&facts);
    assert_eq!(decision.entitled, Some(false));
    let limit = decision.near_misses.iter().find(|miss| miss.rule == "reddito_sotto_il_limite").unwrap();
    assert_eq!((limit.distance, limit.entitled_then), (Some("500.01".parse().unwrap()), Some(true)), "below 8,000");
    let told = decision.reasons.iter().find(|reason| reason.rule == "condizione_maggiorenne").unwrap();
    assert!(told.note.as_deref().unwrap().contains("non studia"));
}

#[test]
fn a_decision_is_the_same_every_time_and_survives_storage() {
    let decision = decide(&household());
    assert_eq!(decision, decide(&household()));
    let stored = serde_json::to_string(&decision).unwrap();
    assert_eq!(serde_json::from_str::<Decision>(&stored).unwrap(), decision);
}

#[test]
fn facts_that_do_not_fit_are_refused() {
    let mut facts = household();
    facts.groups.get_mut("figli").unwrap()[1].insert("disabilita".into(), Value::from("lieve"));
    let error = LAW.decide(&facts, moment("2026-03-01")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "il dato «disabilita» non è ammesso: atteso uno fra nessuna, media, grave, non_autosufficiente"
    );
}

#[test]
fn before_the_law_there_is_no_decision() {
    let error = LAW.decide(&household(), moment("2022-02-28")).unwrap_err();
    assert!(matches!(error, EvalError::Rule(fault) if fault.fault == Fault::NotInForce));
}

#[test]
fn division_by_zero_and_overflow_are_named_outcomes() {
    let text = "\
| dato | di | tipo | unità | titolo |
|---|---|---|---|---|
| reddito | nucleo | decimale | euro | Reddito |
| mesi_pagati | nucleo | intero | numero | Mesi |

# Art. 1

```sql
-- regola: importo
-- titolo: Importo
-- unità: euro
-- dal: 2020-01-01
-- ruolo: importo
CASE WHEN mesi_pagati > 0 THEN reddito * mesi_pagati * 9000000000000000000000000000 ELSE reddito / mesi_pagati END
```
";
    let law = law(text).unwrap();
    let run = |months: &str| {
        let values = BTreeMap::from([("reddito".to_owned(), dec("1000")), ("mesi_pagati".to_owned(), dec(months))]);
        let facts = Facts { values, ..Facts::default() };
        law.decide(&facts, moment("2026-01-01")).unwrap_err()
    };
    assert_eq!(run("0").to_string(), "la regola «importo» non è calcolabile: divisione per zero");
    assert_eq!(run("9").to_string(), "la regola «importo» non è calcolabile: numero troppo grande");
}

#[test]
fn what_the_sources_leave_uncertain_is_told_where_the_outcome_rests_on_it() {
    let mut facts = household();
    facts.groups.get_mut("figli").unwrap()[0].insert("disabilita".into(), Value::from("grave"));
    let decision = decide(&facts);
    let residence = decision.unverified.iter().find(|point| point.name == "residenza").unwrap();
    assert!(residence.text.contains("procedura europea") && residence.paragraph == "art. 3 c. 1 lett. c-d");
    let parameter = decision.unverified.iter().find(|point| point.name == "disabilita_grave").unwrap();
    assert_eq!(parameter.text, "calcolato con l'indice dell'anno: da verificare nella circolare INPS 7/2026");
    let reason = decision.reasons.iter().find(|reason| reason.rule == "residenza").unwrap();
    assert_eq!(reason.unverified, std::slice::from_ref(&residence.text));
    let born = LAW.facts_behind(&decision);
    assert_eq!(born.iter().filter(|fact| fact.name == "data_nascita").count(), 3, "one for each child");
    assert!(born.iter().all(|fact| fact.name != "nome"), "nothing rests on a name");
}

#[test]
fn an_employer_has_employees() {
    let text = "\
| dato | di | tipo | unità | titolo |
|---|---|---|---|---|
| comune | datore | testo | | Comune |
| assunto_il | dipendenti | data | | Assunzione |

# Art. 46

```sql
-- regola: obbligo
-- titolo: Più di due dipendenti da almeno un mese
-- di: datore
-- unità: sì/no
-- dal: 2020-01-01
-- ruolo: diritto
comune IS NOT NULL AND count(dipendenti.*) FILTER (WHERE mesi(dipendenti.assunto_il) >= 1) > 2
```
";
    let read = law(text).unwrap();
    assert_eq!((read.subject(), read.relations()), ("datore", &["dipendenti".to_owned()][..]));
    let hired = |day: &str| BTreeMap::from([("assunto_il".to_owned(), Value::Date(day.parse().unwrap()))]);
    let values = BTreeMap::from([("comune".to_owned(), Value::from("Esempio"))]);
    let staff = vec![hired("2025-01-01"), hired("2025-01-01"), hired("2025-12-15")];
    let facts = Facts { values, groups: BTreeMap::from([("dipendenti".to_owned(), staff)]) };
    assert_eq!(read.decide(&facts, moment("2026-01-14")).unwrap().entitled, Some(false));
    assert_eq!(read.decide(&facts, moment("2026-01-15")).unwrap().entitled, Some(true));
    let mixed = law(&text.replace("-- di: datore", "-- di: persona")).unwrap_err();
    assert_eq!(mixed[0].message, "la legge decide per «datore», qui c'è «persona»");
}

/// Not a benchmark (those are in `benches`): a guard against a decision that becomes slow by an order of magnitude.
#[test]
fn one_decision_stays_under_fifty_milliseconds_even_unoptimised() {
    let facts = household();
    drop(decide(&facts));
    let start = Instant::now();
    (0..20).for_each(|_| drop(decide(&facts)));
    assert!(start.elapsed().as_millis() < 20 * 50, "{:?}", start.elapsed() / 20);
}
