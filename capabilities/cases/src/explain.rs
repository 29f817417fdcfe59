//! A decision of the rules in words: amount, reasons paragraph by paragraph, what would change it.

use rules::{Decision, Facts, MemberRef, NearMiss, Reason, Unit, Value};
use web::Page;

use crate::view::euro;

/// A decision as a page shows it.
#[derive(Debug, Clone)]
pub struct Explained {
    /// Whether the benefit is due; `None` when something needed is missing.
    pub entitled: Option<bool>,
    /// `914,30 €`, where there is an amount above zero.
    pub amount: Option<String>,
    /// Whether the person is about to apply: only then is it said that they may.
    pub applying: bool,
    /// How often it is due: "al mese"; empty for an amount that is paid once.
    pub per: String,
    /// Requirements, met or not.
    pub requirements: Vec<Line>,
    /// Amounts that make up the sum.
    pub amounts: Vec<Line>,
    /// What would make it more, or make it due.
    pub near: Vec<String>,
    /// What the rules needed and nobody knows.
    pub missing: Vec<String>,
}

impl Explained {
    /// The key of the words under "not due".
    #[must_use]
    pub const fn not_entitled_text(&self) -> &'static str {
        if self.applying { "cases.decision.not_entitled_text" } else { "cases.decision.not_entitled_filed" }
    }
}

/// One reason.
#[derive(Debug, Clone)]
pub struct Line {
    /// What it is about.
    pub label: String,
    /// Its value in words.
    pub value: String,
    /// The paragraph of the law.
    pub paragraph: String,
    /// Met or due; `None` if not known.
    pub satisfied: Option<bool>,
    /// Why not, in the law's own words.
    pub note: String,
}

/// The decision in the words of a page. `facts` give members their names.
#[must_use]
pub fn explain(page: &Page, decision: &Decision, facts: &Facts) -> Explained {
    let (requirements, amounts): (Vec<_>, Vec<_>) = decision.reasons.iter().partition(|reason| reason.requirement);
    let line = |reason: &Reason| line(page, reason, facts);
    let amount = decision.amount.filter(|amount| !amount.is_zero() && decision.entitled != Some(false));
    let unit = amounts.last().map(|reason| reason.unit.name());
    Explained {
        entitled: decision.entitled,
        applying: page.path().ends_with("/riepilogo"),
        per: per(page, unit).to_owned(),
        amount: amount.map(|amount| euro(&amount.to_string())),
        requirements: requirements.into_iter().map(line).collect(),
        amounts: amounts.into_iter().filter(|reason| reason.satisfied != Some(false)).map(line).collect(),
        near: decision
            .near_misses
            .iter()
            .filter(|miss| miss.improves)
            .take(3)
            .map(|miss| near(page, miss, facts))
            .collect(),
        missing: decision.missing.iter().filter(|fact| fact.required).map(|fact| fact.label.clone()).collect(),
    }
}

fn line(page: &Page, reason: &Reason, facts: &Facts) -> Line {
    Line {
        label: of_member(&reason.label, reason.member.as_ref(), facts),
        value: in_words(page, &reason.value, reason.unit),
        paragraph: reason.paragraph.clone(),
        satisfied: reason.satisfied,
        note: reason.note.clone().filter(|_| reason.satisfied == Some(false)).unwrap_or_default(),
    }
}

/// `Quota per il figlio minorenne – Ada`.
#[must_use]
pub fn of_member(label: &str, member: Option<&MemberRef>, facts: &Facts) -> String {
    let row = member.and_then(|member| facts.groups.get(&member.relation)?.get(member.index));
    match row.and_then(|row| row.get("nome")).map(Value::to_string).filter(|name| !name.is_empty()) {
        Some(name) => format!("{label} – {name}"),
        None => label.to_owned(),
    }
}

/// How often an amount of this unit is due.
#[must_use]
pub fn per<'p>(page: &'p Page, unit: Option<&str>) -> &'p str {
    match unit {
        Some("euro/mese") => page.t("cases.unit.month"),
        Some("euro/anno") => page.t("cases.unit.year"),
        _ => "",
    }
}

/// A value in words: `Sì`, `914,30 €`, `21 novembre 2026`.
#[must_use]
pub fn in_words(page: &Page, value: &Value, unit: Unit) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(yes) => page.t(if *yes { "cases.yes" } else { "cases.no" }).to_owned(),
        Value::Date(day) => page.date(day),
        Value::Dec(amount) if unit.to_string().starts_with("euro") => euro(&amount.to_string()),
        other => other.to_string(),
    }
}

fn near(page: &Page, miss: &NearMiss, facts: &Facts) -> String {
    let label = of_member(&miss.label, miss.member.as_ref(), facts);
    let outcome = match (miss.entitled_then, miss.amount_then) {
        (Some(true) | None, Some(amount)) => page.t1("cases.near.amount", "amount", euro(&amount.to_string())),
        _ => page.t("cases.near.entitled").to_owned(),
    };
    let unit = miss.unit.unwrap_or(Unit::Number);
    let numbers = miss.needed.as_ref().and_then(Value::as_decimal).zip(miss.now.as_decimal());
    let (Some(needed), Some((then, today))) = (&miss.needed, numbers) else {
        return page.t2("cases.near.sentence", "label", &label, "outcome", outcome);
    };
    let key = if then < today { "cases.near.up_to" } else { "cases.near.at_least" };
    let sentence = page.t2(key, "label", &label, "outcome", outcome);
    sentence.replace("{needed}", &in_words(page, needed, unit)).replace("{now}", &in_words(page, &miss.now, unit))
}

/// `Data di nascita – Ada`, for a path inside a group.
#[must_use]
pub fn of_row(label: &str, path: &forms::Path, facts: &Facts) -> String {
    let member = path.row.as_ref().map(|(relation, index)| MemberRef { relation: relation.clone(), index: *index });
    of_member(label, member.as_ref(), facts)
}
