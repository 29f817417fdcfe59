//! What holds for every expression, every household and every text.

use std::{collections::BTreeMap, sync::LazyLock};

use proptest::{collection::vec, prelude::*, sample::select};
use rules::{Condition, Decimal, EvalError, Facts, Fault, Moment, NearMiss, Program, Value};

use crate::{
    assegno_unico::LAW,
    laws::{TABLE, law, law_with, law_with_table},
    outcomes::household,
};

/// Well-typed text of a number without unit, a truth value or an amount a month, over the names of [`law_with`].
pub fn number() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        (0u32..100_000, 0u32..100).prop_map(|(whole, cents)| format!("{whole}.{cents:02}")),
        Just("count(*)".to_owned()),
        Just("isee / isee".to_owned()),
        Just("NULL".to_owned()),
    ];
    leaf.prop_recursive(3, 24, 3, |inner| {
        prop_oneof![
            (inner.clone(), select(vec!["+", "-", "*", "/"]), inner.clone())
                .prop_map(|(l, op, r)| format!("({l}) {op} ({r})")),
            (inner.clone(), 0u32..6).prop_map(|(x, digits)| format!("round({x}, {digits})")),
            (select(vec!["abs", "floor", "ceil"]), inner.clone()).prop_map(|(name, x)| format!("{name}({x})")),
            (select(vec!["least", "greatest", "coalesce"]), vec(inner.clone(), 1..4))
                .prop_map(|(name, list)| format!("{name}({})", list.join(", "))),
            inner.clone().prop_map(|x| format!("-({x})")),
            (inner.clone(), inner).prop_map(|(l, r)| format!("CASE WHEN {l} > {r} THEN {l} WHEN sposato THEN {r} END")),
        ]
    })
    .boxed()
}

pub fn truth() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        Just("sposato".to_owned()),
        Just("isee IS NULL".to_owned()),
        Just("comune IN ('roma', 'milano')".to_owned()),
        Just("nato_il < DATE '2008-03-01'".to_owned()),
        Just("anni(nato_il) BETWEEN 18 AND 20".to_owned()),
        Just("bool_or(figli.disabile)".to_owned()),
        Just("count(*) FILTER (WHERE figli.disabile AND figli.eta < 18) >= 1".to_owned()),
        Just("sum(figli.spesa) FILTER (WHERE NOT figli.disabile) > mensile".to_owned()),
        (number(), select(vec!["=", "<>", "<", "<=", ">", ">="]), number())
            .prop_map(|(l, op, r)| format!("({l}) {op} ({r})")),
        Just("importi_base(isee) > 60".to_owned()),
    ];
    leaf.prop_recursive(3, 16, 2, |inner| {
        prop_oneof![
            (inner.clone(), select(vec!["AND", "OR"]), inner.clone())
                .prop_map(|(l, op, r)| format!("({l}) {op} ({r})")),
            inner.clone().prop_map(|x| format!("NOT ({x})")),
            (inner, select(vec!["IS TRUE", "IS NOT TRUE", "IS FALSE", "IS NULL", "IS NOT NULL"]))
                .prop_map(|(x, test)| format!("({x}) {test}")),
        ]
    })
    .boxed()
}

/// The rule `prova` of a law read with this expression.
fn read(unit: &str, text: &str) -> (Program, rules::Expr) {
    let told = |wrong: Vec<rules::Diagnostic>| wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let law = law_with(unit, text).unwrap_or_else(|wrong| panic!("{text}\n{}", told(wrong)));
    let rule = law.rules().iter().find(|rule| rule.name == "prova").expect("the rule is there");
    let expr = rule.versions[0].expr.clone();
    (law, expr)
}

fn same_after_printing(unit: &str, text: &str) -> Result<(), TestCaseError> {
    let (law, expr) = read(unit, text);
    let printed = law.print(&expr);
    prop_assert_eq!(read(unit, &printed).1, expr, "{} printed as {}", text, printed);
    Ok(())
}

/// Three values.
fn three() -> impl Strategy<Value = Option<bool>> + Clone {
    select(vec![None, Some(false), Some(true)])
}

fn holds(text: &str, values: [Option<bool>; 3]) -> Option<bool> {
    let condition: Condition = Program::expression(text).expect("the law of logic is an expression");
    let named = ["a", "b", "c"].into_iter().zip(values);
    let values = named.map(|(name, value)| (name.to_owned(), value.map_or(Value::Null, Value::Bool))).collect();
    let day = "2026-03-01".parse().expect("a day");
    condition.holds(&Facts { values, ..Facts::default() }, day).expect("logic does not fail")
}

/// Both sides have the same value, whatever a, b and c are.
const LAWS_OF_LOGIC: [(&str, &str); 8] = [
    ("NOT (a AND b)", "NOT a OR NOT b"),
    ("NOT (a OR b)", "NOT a AND NOT b"),
    ("a AND (b OR c)", "(a AND b) OR (a AND c)"),
    ("a OR (b AND c)", "(a OR b) AND (a OR c)"),
    ("a AND b", "b AND a"),
    ("(a OR b) OR c", "a OR (b OR c)"),
    ("NOT NOT a", "a"),
    ("a AND (a OR b)", "a AND a"),
];

/// Any household of the assegno unico; every fact may be absent.
pub fn any_household() -> impl Strategy<Value = Facts> {
    let flag = || three().prop_map(|value| value.map(Value::Bool));
    let amount = |top: i64| proptest::option::of((0..top).prop_map(|cents| Value::Dec(Decimal::new(cents, 2))));
    let day = || {
        proptest::option::of(
            (1995i16..2027, 1i8..13, 1i8..29)
                .prop_map(|(y, m, d)| Value::Date(format!("{y:04}-{m:02}-{d:02}").parse().expect("a day"))),
        )
    };
    let text = |list: Vec<&'static str>| proptest::option::of(select(list).prop_map(Value::from));
    let child = (
        day(),
        text(vec!["nessuna", "media", "grave", "non_autosufficiente"]),
        amount(2_000_000),
        [flag(), flag(), flag(), flag()],
    )
        .prop_map(|(born, degree, income, flags)| {
            let names = ["a_carico", "studia_o_si_forma", "in_cerca_di_lavoro", "servizio_civile"];
            let rest = [("data_nascita", born), ("disabilita", degree), ("reddito_annuo", income)];
            known(names.into_iter().zip(flags).chain(rest))
        });
    let flags = [flag(), flag(), flag(), flag(), flag()];
    (flags, amount(6_000_000), day(), text(vec!["intero", "meta"]), vec(child, 0..7)).prop_map(
        |(flags, isee, mother, share, children)| {
            let names = [
                "cittadinanza_o_soggiorno",
                "residente_in_italia",
                "imposta_in_italia",
                "entrambi_lavorano",
                "genitore_vedovo_lavoratore",
            ];
            let rest = [("isee", isee), ("madre_nata_il", mother), ("quota_richiesta", share)];
            let values = known(names.into_iter().zip(flags).chain(rest));
            Facts { values, groups: BTreeMap::from([("figli".to_owned(), children)]) }
        },
    )
}

fn known(facts: impl Iterator<Item = (&'static str, Option<Value>)>) -> BTreeMap<String, Value> {
    facts.filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// The facts as a near miss supposes them, where it supposes an input, or a rule that is one; digits are compared, too.
fn otherwise(facts: &Facts, miss: &NearMiss) -> Option<Facts> {
    let same = [
        ("cittadinanza", "cittadinanza_o_soggiorno"),
        ("imposta", "imposta_in_italia"),
        ("residenza", "residente_in_italia"),
        ("figlio_a_carico", "a_carico"),
    ];
    let name = same.iter().find(|(rule, _)| *rule == miss.rule).map_or(miss.rule.as_str(), |(_, input)| input);
    LAW.inputs().iter().find(|input| input.name == name)?;
    let mut facts = facts.clone();
    let values = match &miss.member {
        None => &mut facts.values,
        Some(member) => &mut facts.groups.get_mut(&member.relation)?[member.index],
    };
    values.insert(name.to_owned(), miss.needed.clone()?);
    Some(facts)
}

fn amount(isee_cents: i64) -> Decimal {
    let mut facts = household();
    facts.values.insert("isee".into(), Value::Dec(Decimal::new(isee_cents, 2)));
    let moment = Moment::at("2026-03-01".parse().expect("a day"));
    LAW.decide(&facts, moment).expect("everything is known").amount.expect("everything is known")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn numbers_print_and_read_back(text in number()) {
        same_after_printing("numero", &format!("1 * ({text})"))?;
    }

    #[test]
    fn conditions_print_and_read_back(text in truth()) {
        same_after_printing("sì/no", &text)?;
    }

    #[test]
    fn logic_has_three_values(values in [three(), three(), three()]) {
        for (left, right) in LAWS_OF_LOGIC {
            prop_assert_eq!(holds(left, values), holds(right, values), "{} = {} for {:?}", left, right, values);
        }
    }

    #[test]
    fn any_text_is_answered(text in "\\PC{0,400}") {
        let _ = law(&text);
        let _ = law_with("euro", &text);
        let _ = law_with_table("euro/mese", "importi_base(isee)", &text);
        let _ = Program::expression(&text);
        let _ = rules::run_example(&LAW, &text);
    }

    #[test]
    fn shuffled_pieces_of_the_language_are_answered(pieces in vec(select(PIECES.to_vec()), 0..40)) {
        let text = pieces.join(" ");
        let _ = law_with("euro", &text);
        let _ = law(&pieces.join("\n"));
        let _ = law_with_table("euro", "isee", &format!("{TABLE}{}", pieces.join(",")));
    }

    #[test]
    fn any_household_is_decided(facts in any_household(), month in 0i32..58) {
        let on = "2022-03-01".parse::<base::Date>().expect("a day").saturating_add(jiff::Span::new().months(month));
        let decision = LAW.decide(&facts, Moment { on, known: base::Date::MAX }).expect("the law fits every household");
        if decision.entitled == Some(false) {
            prop_assert_eq!(decision.amount, Some(Decimal::ZERO));
        }
        if decision.missing.iter().all(|fact| !fact.required) {
            prop_assert!(decision.entitled.is_some() && decision.amount.is_some());
        }
        for miss in &decision.near_misses {
            prop_assert!((miss.entitled_then, miss.amount_then) != (decision.entitled, decision.amount));
            prop_assert!(miss.distance.is_none_or(|distance| !distance.is_zero()), "{:?}", miss);
            if let Some(facts) = otherwise(&facts, miss) {
                let then = LAW.decide(&facts, Moment { on, known: base::Date::MAX }).expect("the law fits every household");
                prop_assert_eq!(format!("{:?}", (miss.entitled_then, miss.amount_then)),
                    format!("{:?}", (then.entitled, then.amount)), "{:?}", miss);
            }
        }
    }

    /// Whole numbers are multiplied exactly up to 96 bits; beyond, and by zero, the case goes to an officer.
    #[test]
    fn a_number_is_exact_or_the_fault_is_named(
        income in -1_000_000_000_000_000_000i64..1_000_000_000_000_000_000,
        times in -1_000_000_000_000i64..1_000_000_000_000,
        parts in -2i64..3,
    ) {
        let product = i128::from(income) * i128::from(times);
        let facts = [("reddito", income), ("volte", times), ("parti", parts)];
        let values = facts.into_iter().map(|(name, value)| (name.to_owned(), Value::Int(value))).collect();
        let moment = Moment::at("2026-03-01".parse().expect("a day"));
        let decided = ARITHMETIC.decide(&Facts { values, ..Facts::default() }, moment);
        let fault = if product.unsigned_abs() >= 1 << 96 {
            Some(Fault::Overflow)
        } else {
            (parts == 0).then_some(Fault::DivisionByZero)
        };
        match (decided, fault) {
            (Ok(decision), None) => {
                let amount = decision.amount.expect("everything is known");
                prop_assert_eq!(amount, Decimal::from_i128_with_scale(product, 0) / Decimal::from(parts));
            }
            (Err(EvalError::Rule(told)), Some(fault)) => {
                prop_assert_eq!((told.rule.as_str(), told.fault), ("importo", fault));
            }
            (decided, fault) => prop_assert!(false, "{:?} instead of {:?}", decided, fault),
        }
    }

    #[test]
    fn a_higher_isee_never_gives_more(isee in 0i64..6_000_000, more in 0i64..2_000_000) {
        prop_assert!(amount(isee + more) <= amount(isee));
    }
}

static ARITHMETIC: LazyLock<Program> = LazyLock::new(|| {
    let text = "\
| dato | di | tipo | unità | titolo |
|---|---|---|---|---|
| reddito | nucleo | intero | euro | Reddito |
| volte | nucleo | intero | numero | Volte |
| parti | nucleo | intero | numero | Parti |

# Art. 1

```sql
-- regola: importo
-- titolo: Importo
-- unità: euro
-- dal: 2020-01-01
-- ruolo: importo
reddito * volte / parti
```
";
    law(text).expect("a correct law")
});

const PIECES: [&str; 40] = [
    "CASE",
    "WHEN",
    "THEN",
    "ELSE",
    "END",
    "(",
    ")",
    "AND",
    "OR",
    "NOT",
    "IS",
    "NULL",
    "IN",
    "BETWEEN",
    "isee",
    "mensile",
    "sposato",
    "figli.spesa",
    "sum",
    "count",
    "(*)",
    "FILTER",
    "(WHERE",
    ",",
    "+",
    "-",
    "*",
    "/",
    "<",
    "=",
    "1.50",
    "'roma'",
    "DATE",
    "'2026-01-01'",
    "round",
    "```sql",
    "```",
    "# Art. 1",
    "-- regola: x",
    "| dato | di |",
];
