//! Real law, broken: every text is answered, quickly, and what is still a law still decides.

use std::{collections::BTreeMap, time::Instant};

use proptest::{collection::vec, prelude::*};
use rules::{Moment, Program, Sources};

use crate::{assegno_unico::read, outcomes::household};

#[path = "../../examples/broken_laws/mutation.rs"]
mod mutation;

use mutation::{Mutation, mutate};

/// A stop for what hangs; a whole law takes about a tenth of it unoptimised.
const SLOWEST_SECONDS: u64 = 20;

fn mutation() -> impl Strategy<Value = Mutation> {
    (any::<u8>(), any::<u32>(), any::<u32>(), any::<u8>()).prop_map(|(kind, at, other, piece)| Mutation {
        kind,
        at,
        other,
        piece,
    })
}

fn answered(text: &str, table: &str) {
    let began = Instant::now();
    let tables = BTreeMap::from([("tabelle/importi.csv".to_owned(), table.to_owned())]);
    match Program::parse(&Sources { file: "rules.md", text, tables: &tables }) {
        Ok(law) => drop(law.decide(&household(), Moment::at("2026-03-01".parse().expect("a day")))),
        Err(wrong) => {
            assert!(!wrong.is_empty());
            for told in wrong {
                assert!(
                    told.line >= 1 && told.column >= 1 && !told.message.is_empty() && !told.mend.is_empty(),
                    "{told}"
                );
            }
        }
    }
    assert!(began.elapsed().as_secs() < SLOWEST_SECONDS, "{:?}", began.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_broken_law_is_answered(mutations in vec(mutation(), 1..6)) {
        answered(&mutate(&read("rules.md"), &mutations), &read("tabelle/importi.csv"));
    }

    #[test]
    fn a_broken_table_is_answered(mutations in vec(mutation(), 1..6)) {
        answered(&read("rules.md"), &mutate(&read("tabelle/importi.csv"), &mutations));
    }

    #[test]
    fn a_broken_decision_table_is_answered(mutations in vec(mutation(), 1..4)) {
        let _ = crate::laws::law(&mutate(&crate::decision_tables::sample(), &mutations));
    }
}

/// Texts made to exhaust time or memory.
#[test]
fn hostile_texts_are_answered() {
    let rule = |at: usize, uses: &str| {
        format!("```sql\n-- regola: r{at}\n-- titolo: R\n-- unità: numero\n-- dal: 2020-01-01\n{uses}\n```\n\n")
    };
    let chain: String =
        (0..2_500).map(|at| rule(at, &if at == 0 { "1".to_owned() } else { format!("r{}", at - 1) })).collect();
    let crowd: String = (0..4_000).map(|at| rule(at, "1")).collect();
    let wide = format!(
        "| dato | di | tipo | unità | titolo |\n|---|---|---|---|---|\n{}",
        "| a | b | c | d | e |\n".repeat(13_000)
    );
    let texts = [
        format!("# Art. 1\n\n{chain}"),
        format!("# Art. 1\n\n{crowd}"),
        wide,
        "> ".repeat(100_000),
        "[".repeat(100_000),
        format!("# Art. 1\n\n{}", rule(0, &"(".repeat(50_000))),
        format!("# Art. 1\n\n{}", rule(0, &"CASE WHEN TRUE THEN ".repeat(300))),
        format!("# Art. 1\n\n{}", rule(0, &"NOT ".repeat(1_400))),
        format!("# Art. 1\n\n{}", rule(0, &format!("{}1", "- ".repeat(1_400)))),
        format!("# Art. 1\n\n{}", rule(0, &format!("'{}'", "a".repeat(1_000_000)))),
        "x".repeat(9 * 1024 * 1024),
    ];
    for text in texts {
        answered(&text, "");
    }
}
