//! The reasons of a decision in words, from the trace of the rules: what a letter must say under art. 3 L. 241/1990.

use rules::{Decision, Facts, MemberRef, NearMiss, Reason, Unit, Value};
use serde_json::{Value as Json, json};

use super::{
    answers::owner,
    words::{euro, shown},
};

/// What a template can say of a decision; `Null` where the service has no rules.
pub(super) fn decision(decision: &Json, answers: &Json) -> Json {
    let Ok(decision) = serde_json::from_value::<Decision>(decision.clone()) else { return Json::Null };
    let facts = serde_json::from_value(answers.clone()).unwrap_or_default();
    let told = |reason: &&Reason| reason.requirement || reason.satisfied != Some(false);
    let reasons: Vec<_> = decision.reasons.iter().filter(told).map(|reason| row(reason, &facts)).collect();
    let against = decision.reasons.iter().filter(|reason| reason.requirement && reason.satisfied == Some(false));
    let against: Vec<_> = against.map(|reason| row(reason, &facts)).collect();
    let near: Vec<_> =
        decision.near_misses.iter().filter(|miss| miss.improves).map(|miss| change(miss, &facts)).collect();
    let missing: Vec<_> =
        decision.missing.iter().map(|fact| named(&fact.label, fact.member.as_ref(), &facts)).collect();
    json!({
        "spetta": decision.entitled,
        "importo": decision.amount.map(|amount| amount.to_string()),
        "motivi": reasons,
        "contrari": against,
        "cambierebbe": near,
        "mancano": missing,
    })
}

/// What, where the law says so, how it turned out.
fn row(reason: &Reason, facts: &Facts) -> [String; 3] {
    let what = named(&reason.label, reason.member.as_ref(), facts);
    [what, reason.paragraph.clone(), outcome(reason)]
}

fn outcome(reason: &Reason) -> String {
    let verdict = match (reason.requirement, reason.satisfied) {
        (false, _) => return shown(&reason.value, reason.unit),
        (true, Some(true)) => return "Requisito soddisfatto".to_owned(),
        (true, Some(false)) => "Requisito non soddisfatto",
        (true, None) => "Requisito non verificabile",
    };
    let read: Vec<_> =
        reason.values_used.iter().map(|used| format!("{}: {}", used.label, shown(&used.value, used.unit))).collect();
    let details: Vec<_> = reason.note.iter().cloned().chain((!read.is_empty()).then(|| read.join("; "))).collect();
    if details.is_empty() { verdict.to_owned() } else { format!("{verdict} ({})", details.join(" – ")) }
}

/// `Quota per il figlio minorenne – Ada`.
fn named(label: &str, member: Option<&MemberRef>, facts: &Facts) -> String {
    let Some(member) = member else { return label.to_owned() };
    let row = facts.groups.get(&member.relation).and_then(|rows| rows.get(member.index));
    let name = row.and_then(owner).unwrap_or_else(|| format!("{} {}", member.relation, member.index + 1));
    format!("{label} – {name}")
}

/// What would change the outcome, in a sentence: `Con ISEE fino a 24.000,00 € (ora 24.210,50 €) l’importo sarebbe …`.
fn change(miss: &NearMiss, facts: &Facts) -> String {
    let label = named(&miss.label, miss.member.as_ref(), facts);
    let unit = miss.unit.unwrap_or(Unit::Text);
    let now = shown(&miss.now, unit);
    let condition = match (&miss.needed, miss.needed.as_ref().and_then(Value::as_decimal), miss.now.as_decimal()) {
        (Some(needed), Some(then), Some(today)) => {
            let bound = if then < today { "fino a" } else { "di almeno" };
            format!("Con {label} {bound} {} (ora {now}; {})", shown(needed, unit), miss.paragraph)
        }
        (Some(needed), _, _) => {
            format!("Se «{label}» fosse «{}» (ora «{now}»; {}),", shown(needed, unit), miss.paragraph)
        }
        (None, _, _) => format!("Se «{label}» fosse diverso (ora «{now}»; {}),", miss.paragraph),
    };
    let outcome = match (miss.entitled_then, miss.amount_then) {
        (Some(false), _) => "questa condizione sarebbe soddisfatta, ma da sola non basta".to_owned(),
        (_, Some(amount)) => format!("l’importo sarebbe di {}", euro(amount)),
        (Some(true), None) => "la domanda potrebbe essere accolta".to_owned(),
        (None, None) => "il risultato potrebbe cambiare".to_owned(),
    };
    format!("{condition} {outcome}")
}
