//! Batches: however they are cut, and whatever is in them.

use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

use proptest::{collection::vec, prelude::*};
use rules::{
    Facts, Value,
    columns::{Batch, BatchError, Column, NO_DAY, NO_NUMBER, Plan, Values, Worker, YES, stream},
};

use crate::{assegno_unico::LAW, columns::month, laws::law_with, properties::any_household};

/// All outputs of all batches, one after another.
fn streamed(households: &[Facts], size: usize, threads: usize) -> Vec<Values> {
    let plan = [Plan::compile(&LAW, month(48), &["importo_figlio", "figli_con_diritto"]).expect("rules of the law")];
    let whole = Batch::from_facts(&LAW, households);
    let mut all = Vec::new();
    let starts = (0..whole.len()).step_by(size);
    let part = |start: usize| Ok::<_, BatchError>(whole.part(start..whole.len().min(start + size)));
    stream(&plan, threads, starts, part, |_, outcomes| {
        all.extend((0..4).map(|output| outcomes[0].values(output).clone()));
        Ok(())
    })
    .expect("the batches were made for this law");
    all
}

/// The rows of an output, whatever the batches.
fn rows(all: &[Values], output: usize) -> Vec<Value> {
    let batches = all.iter().skip(output).step_by(4);
    let rows = |values: &Values| match values {
        Values::Column(column) => (0..column.len()).map(|row| column.value(row)).collect(),
        other => vec![other.value(0)],
    };
    batches.flat_map(rows).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn batches_and_threads_change_nothing(few in vec(any_household(), 1..40), size in 1usize..1500, threads in 2usize..5) {
        // More than one block of the machine, and a last one that is not full.
        let households: Vec<Facts> = few.iter().cycle().take(2_500).cloned().collect();
        let (one, other) = (streamed(&households, households.len(), 1), streamed(&households, size, threads));
        for output in 0..4 {
            prop_assert_eq!(rows(&one, output), rows(&other, output), "output {}", output);
        }
    }

    #[test]
    fn any_columns_are_answered(
        households in 0usize..4,
        offsets in vec(0u32..6, 0..6),
        bytes in vec(0u8..5, 0..6),
        days in vec(prop_oneof![any::<i32>(), Just(NO_DAY), 0..30_000], 0..6),
        numbers in vec(prop_oneof![any::<i64>(), Just(NO_NUMBER), 0i64..1_000_000], 0..6),
        codes in vec(prop_oneof![0u32..4, Just(u32::MAX)], 0..6),
        scale in 0u32..40,
    ) {
        let columns = [
            Column::Truth(bytes.into()),
            Column::Day(days.into()),
            Column::Number { values: numbers.into(), scale },
            Column::Text { codes: codes.into(), words: vec!["intero".to_owned(), "meta".to_owned(), "altro".to_owned()].into() },
        ];
        let plan = Plan::compile(&LAW, month(48), &[]).expect("no output was named");
        for input in LAW.inputs() {
            let mut batch = match Batch::of(households).relation("figli", offsets.clone()) {
                Ok(batch) => batch,
                Err(error) => {
                    prop_assert!(matches!(error, BatchError::Offsets { .. }), "{}", error);
                    break;
                }
            };
            for column in &columns {
                let added = match &input.relation {
                    None => batch.clone().column(&input.name, column.clone()),
                    Some(relation) => batch.clone().member_column(relation, &input.name, column.clone()),
                };
                batch = added.unwrap_or(batch);
            }
            prop_assert!(plan.run(&batch, &mut Worker::default()).is_err(), "columns are missing");
        }
    }
}

#[test]
fn what_is_wrong_with_columns_is_told() {
    let truth = |rows: usize| Column::Truth(vec![YES; rows].into());
    let wrong = Batch::of(2).column("isee", truth(3)).expect_err("too long");
    assert_eq!(wrong.to_string(), "la colonna «isee» ha 3 righe, ne servono 2");
    let wrong = Batch::of(2).relation("figli", vec![0, 2, 1]).expect_err("falls");
    assert_eq!(wrong.to_string(), "gli indici della relazione «figli» non sono validi alla posizione 2");
    let wrong = Batch::of(1).column("sposato", Column::Truth(vec![7].into())).expect_err("no such byte");
    assert_eq!(wrong.to_string(), "la colonna «sposato» ha un valore che non esiste alla riga 0");
    let plan = Plan::compile(&LAW, month(48), &[]).expect("no output was named");
    let figli = || Batch::of(1).relation("figli", vec![0, 0]).expect("one household");
    let wrong = plan.run(&figli(), &mut Worker::default()).expect_err("nothing is there");
    assert_eq!(wrong.to_string(), "manca la colonna «isee», che le regole usano");
    let batch = figli().column("isee", truth(1)).expect("one row");
    let wrong = plan.run(&batch, &mut Worker::default()).expect_err("a number is needed");
    assert_eq!(wrong.to_string(), "la colonna «isee» contiene «sì/no», le regole vogliono «decimale»");
    assert!(Plan::compile(&LAW, month(48), &["importi"]).is_err());
}

#[test]
fn a_fault_sets_one_household_apart() {
    let law = law_with("numero", "1 / (isee / 100.00 - isee / 100.00 + CASE WHEN sposato THEN 1 ELSE 0 END)")
        .or_else(|_| law_with("numero", "1 / CASE WHEN sposato THEN 1 ELSE 0 END"))
        .unwrap_or_else(|wrong| panic!("{}", wrong[0]));
    let plan = Plan::compile(&law, month(48), &["prova"]).expect("a rule of the law");
    let household = |sposato: bool| Facts {
        values: [("sposato".to_owned(), Value::Bool(sposato)), ("isee".to_owned(), Value::Int(5))].into(),
        ..Facts::default()
    };
    let households: Vec<Facts> = (0..2_000).map(|place| household(place != 1_500)).collect();
    let outcomes = plan.run(&Batch::from_facts(&law, &households), &mut Worker::default()).expect("made for it");
    assert_eq!(outcomes.apart().collect::<Vec<_>>(), [1_500]);
    let told = outcomes.decision(1_500).expect_err("it divides by zero").to_string();
    assert_eq!(told, "la regola «prova» non è calcolabile: divisione per zero");
    assert_eq!(outcomes.decision(1_499), Ok((Some(true), None)));
}

#[test]
fn the_first_error_ends_a_stream_and_nothing_after_it_is_seen() {
    let plan = [Plan::compile(&LAW, month(48), &[]).expect("no output was named")];
    let seen = Mutex::new(Vec::new());
    let made = AtomicUsize::new(0);
    let household = Facts { groups: [("figli".to_owned(), Vec::new())].into(), ..Facts::default() };
    let ended = stream(
        &plan,
        4,
        0..1_000usize,
        |item| {
            made.fetch_add(1, Ordering::Relaxed);
            if item == 20 {
                Err(BatchError::Missing { column: "venti".into() })
            } else {
                Ok(Batch::from_facts(&LAW, std::slice::from_ref(&household)))
            }
        },
        |batch, _| {
            seen.lock().expect("no panic").push(batch.len());
            Ok(())
        },
    );
    assert_eq!(ended, Err(BatchError::Missing { column: "venti".into() }));
    assert_eq!(seen.into_inner().expect("no panic").len(), 20);
    assert!(made.into_inner() < 30, "the stream went on after its end");
}
