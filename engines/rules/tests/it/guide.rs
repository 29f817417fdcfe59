//! The guide for jurists, run: every block of law, every example, every sentence that the program is said to say.

use std::{collections::BTreeMap, fs};

use rules::{Decimal, Facts, Program, Value, compare, run_example};

use crate::laws::law;

fn guide() -> String {
    fs::read_to_string(tidy::house().join("docs/guides/write-a-rule.md")).expect("the guide is there")
}

/// The texts of all blocks between `fence` with this mark, in order.
fn blocks(fence: &str, mark: &str) -> Vec<String> {
    let text = guide();
    let open = format!("\n{fence}{mark}\n");
    let close = format!("\n{fence}\n");
    let parts = text.split(&open).skip(1);
    parts.map(|part| part.split(&close).next().unwrap_or_default().to_owned()).collect()
}

fn rules() -> String {
    blocks("````", "rules").join("\n\n")
}

fn read(text: &str) -> Program {
    law(text).unwrap_or_else(|wrong| panic!("{}", wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))
}

#[test]
fn the_law_of_the_guide_is_right_and_its_examples_hold() {
    let program = read(&rules());
    let examples = blocks("```", "toml");
    assert_eq!(examples.len(), 3);
    for example in examples {
        let outcome = run_example(&program, &example).unwrap();
        assert_eq!(outcome.mismatches, [], "{}", outcome.title);
        let uncertain: Vec<_> = outcome.decision.unverified.iter().map(|point| point.name.as_str()).collect();
        assert_eq!(uncertain, ["apertura_entro", "diritto"]);
    }
}

#[test]
fn a_forgotten_case_is_told_as_the_guide_says() {
    let wrong = law(&rules().replace("| separata, cassa |", "| separata |")).unwrap_err();
    assert_eq!(wrong.len(), 1);
    assert_eq!(format!("errore: {}", wrong[0].message), blocks("```", "text")[0]);
}

#[test]
fn a_correction_is_told_as_the_guide_says_and_makes_arrears() {
    let corrected = read(&format!("{}\n\n{}", rules(), blocks("````", "reform")[0]));
    let changes = Program::differences(&read(&rules()), &corrected);
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].text, blocks("```", "text")[1]);
    let values = [
        ("partita_iva_dal", Value::Date("2020-01-01".parse().unwrap())),
        ("reddito_2025", Value::Int(38_000)),
        ("gestione", Value::from("cassa")),
        ("contributi_in_regola", Value::Bool(true)),
    ];
    let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let facts = Facts { values, groups: BTreeMap::new() };
    let april = ["2026-04-01".parse().unwrap()];
    let found =
        compare(&corrected, &facts, &april, "2026-04-01".parse().unwrap(), "2026-06-01".parse().unwrap()).unwrap();
    assert_eq!(found[0].difference, Some(Decimal::from(200)));
    assert_eq!(found[0].causes[0].source, "decreto di esempio, rettifica del 4 maggio 2026");
}
