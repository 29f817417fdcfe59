//! The reasons of a decision in words, from the trace of the rules: what a letter must say under art. 3 L. 241/1990.

use base::Language;
use cases::Case;
use catalogue::{LawTeller, Service};
use rules::{Decision, Reason, Unit, UsedValue};
use serde_json::{Value, json};

/// What a template can say of a decision; `Null` where the service has no rules.
pub(super) fn decision(decision: Option<&Decision>, case: &Case, service: &Service, language: Language) -> Value {
    let Some(decision) = decision else { return Value::Null };
    let law = LawTeller { words: &service.law, facts: &case.answers, language };
    let pays = service.pays().unwrap_or(Unit::Euro);
    let told = |reason: &&Reason| reason.requirement || reason.satisfied != Some(false);
    let row = |reason: &Reason| row(&law, decision, reason);
    let reasons: Vec<_> = decision.reasons.iter().filter(told).map(row).collect();
    let against = decision.reasons.iter().filter(|reason| reason.requirement && reason.satisfied == Some(false));
    let against: Vec<_> = against.map(row).collect();
    let near: Vec<_> = law.near_misses(decision, pays).into_iter().map(|said| said.text).collect();
    let missing: Vec<_> =
        decision.missing.iter().map(|fact| law.label(&fact.label, fact.member.as_ref()).text).collect();
    json!({
        "spetta": decision.entitled,
        "importo": decision.amount.map(|amount| amount.to_string()),
        "unita": pays.name(),
        "per": service.law.per(language),
        "motivi": reasons,
        "contrari": against,
        "cambierebbe": near,
        "mancano": missing,
    })
}

/// What, where the law says so, how it turned out.
fn row(law: &LawTeller<'_>, decision: &Decision, reason: &Reason) -> [String; 3] {
    let what = law.label(&reason.label, reason.member.as_ref()).text;
    [what, law.reference(&reason.paragraph), outcome(law, decision, reason)]
}

fn outcome(law: &LawTeller<'_>, decision: &Decision, reason: &Reason) -> String {
    let member = reason.member.as_ref();
    if !reason.requirement {
        return law.value(&reason.rule, member, &reason.value, reason.unit);
    }
    let verdict = verdict(reason.satisfied, law.language);
    if reason.satisfied == Some(true) {
        return verdict.to_owned();
    }
    let note = law.note(reason).map(|note| note.text);
    let worth = |used: &&UsedValue| !used.value.is_null() && (note.is_none() || !is_step(decision, used));
    let read = reason.values_used.iter().filter(worth).map(|used| {
        let member = used.member.as_ref();
        format!("{}: {}", law.text(&used.label).text, law.value(&used.name, member, &used.value, used.unit))
    });
    let read = read.collect::<Vec<_>>().join("; ");
    let details: Vec<_> = note.into_iter().chain((!read.is_empty()).then_some(read)).collect();
    if details.is_empty() { verdict.to_owned() } else { format!("{verdict} ({})", details.join(" – ")) }
}

/// A count or a yes that the rules worked out on the way. Where the law has its own words for what is not met, it adds
/// nothing for who reads; amounts, days, ages and what was declared are the facts of the case, and stay.
fn is_step(decision: &Decision, used: &UsedValue) -> bool {
    matches!(used.unit, Unit::YesNo | Unit::Number) && decision.trace.iter().any(|step| step.rule == used.name)
}

const fn verdict(satisfied: Option<bool>, language: Language) -> &'static str {
    match (satisfied, language) {
        (Some(true), Language::Italian) => "Requisito soddisfatto",
        (Some(false), Language::Italian) => "Requisito non soddisfatto",
        (None, Language::Italian) => "Requisito non verificabile",
        (Some(true), Language::English) => "Requirement met",
        (Some(false), Language::English) => "Requirement not met",
        (None, Language::English) => "Requirement that cannot be checked",
        (Some(true), Language::German) => "Voraussetzung erfüllt",
        (Some(false), Language::German) => "Voraussetzung nicht erfüllt",
        (None, Language::German) => "Voraussetzung nicht prüfbar",
    }
}
