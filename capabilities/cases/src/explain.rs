//! A decision of the rules in words: amount, reasons paragraph by paragraph, what would change it.

use catalogue::{LawTeller, Said, Service};
use rules::{Decision, Facts, MemberRef, Reason, Step, Unit, Unverified, Value};
use rust_decimal::Decimal;
use web::Page;

use crate::{case::Case, payload::Granted};

/// Near misses on a page: more of them are no help.
const MOST_NEAR: usize = 3;

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
    pub near: Vec<Said>,
    /// What the rules needed and nobody knows.
    pub missing: Vec<Said>,
    /// What the outcome rests on and the sources leave uncertain: for officers.
    pub unverified: Vec<Uncertain>,
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
    pub label: Said,
    /// Its value in words.
    pub value: String,
    /// The paragraph of the law.
    pub paragraph: String,
    /// Met or due; `None` if not known.
    pub satisfied: Option<bool>,
    /// Why not, in the law's own words.
    pub note: Option<Said>,
    /// What the rule itself leaves uncertain, in Italian: for officers.
    pub unverified: Vec<String>,
}

/// A point of the law that nobody has checked against an official source yet.
#[derive(Debug, Clone)]
pub struct Uncertain {
    /// The rule, parameter or table.
    pub label: Said,
    /// The paragraph of the law.
    pub paragraph: String,
    /// What is uncertain, in Italian: as the jurist wrote it.
    pub text: String,
}

/// One computed rule, for officers.
#[derive(Debug, Clone)]
pub struct TraceLine {
    /// What it is.
    pub label: Said,
    /// The paragraph of the law.
    pub paragraph: String,
    /// Its value in words.
    pub value: String,
    /// What it was computed from: name and value.
    pub from: Vec<(Said, String)>,
}

/// Where the person stands to whom a decision is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// About to apply: it is said that they may, whatever the rules say.
    Applying,
    /// The application is filed.
    Filed,
}

/// Tells decisions of one service to the reader of a page.
#[derive(Clone, Copy)]
pub struct Explainer<'a> {
    page: &'a Page,
    law: LawTeller<'a>,
    /// The unit of what the service pays.
    pays: Unit,
    stage: Stage,
}

impl<'a> Explainer<'a> {
    /// In the page's language, with the words of this version of the service. `facts` give members their names.
    #[must_use]
    pub fn new(page: &'a Page, service: &'a Service, facts: &'a Facts, stage: Stage) -> Self {
        let law = LawTeller { words: &service.law, facts, language: page.language };
        Self { page, law, pays: service.pays().unwrap_or(Unit::Euro), stage }
    }

    /// The decision in the words of the page.
    #[must_use]
    pub fn explain(&self, decision: &Decision) -> Explained {
        let (requirements, amounts): (Vec<_>, Vec<_>) = decision.reasons.iter().partition(|reason| reason.requirement);
        let amount = decision.amount.filter(|amount| !amount.is_zero() && decision.entitled != Some(false));
        let missing = decision.missing.iter().filter(|fact| fact.required);
        Explained {
            entitled: decision.entitled,
            applying: self.stage == Stage::Applying,
            per: self.per().to_owned(),
            amount: amount.map(|amount| self.law.money(amount)),
            requirements: requirements.into_iter().map(|reason| self.line(reason)).collect(),
            amounts: amounts
                .into_iter()
                .filter(|reason| reason.satisfied != Some(false))
                .map(|reason| self.line(reason))
                .collect(),
            near: self.law.near_misses(decision, self.pays).into_iter().take(MOST_NEAR).collect(),
            missing: missing.map(|fact| self.law.label(&fact.label, fact.member.as_ref())).collect(),
            unverified: decision.unverified.iter().map(|point| self.uncertain(point)).collect(),
        }
    }

    /// In the words of the service, where its unit does not say for what the amount is.
    fn per(&self) -> &'a str {
        self.law.words.per(self.page.language).unwrap_or_else(|| self.law.period(self.pays))
    }

    fn uncertain(&self, point: &Unverified) -> Uncertain {
        Uncertain {
            label: self.law.text(&point.label),
            paragraph: self.law.reference(&point.paragraph),
            text: point.text.clone(),
        }
    }

    /// Every step of the computation.
    #[must_use]
    pub fn trace(&self, decision: &Decision) -> Vec<TraceLine> {
        decision.trace.iter().map(|step| self.step(step)).collect()
    }

    fn line(&self, reason: &Reason) -> Line {
        Line {
            label: self.law.label(&reason.label, reason.member.as_ref()),
            value: self.value(&reason.rule, reason.member.as_ref(), &reason.value, reason.unit),
            paragraph: self.law.reference(&reason.paragraph),
            satisfied: reason.satisfied,
            note: self.law.note(reason).filter(|_| reason.satisfied == Some(false)),
            unverified: reason.unverified.clone(),
        }
    }

    fn step(&self, step: &Step) -> TraceLine {
        let used = step.values_used.iter().map(|used| {
            let member = used.member.as_ref().filter(|_| used.member != step.member);
            (self.law.label(&used.label, member), self.value(&used.name, used.member.as_ref(), &used.value, used.unit))
        });
        TraceLine {
            label: self.law.label(&step.label, step.member.as_ref()),
            paragraph: self.law.reference(&step.paragraph),
            value: self.value(&step.rule, step.member.as_ref(), &step.value, step.unit),
            from: used.collect(),
        }
    }

    fn value(&self, name: &str, member: Option<&MemberRef>, value: &Value, unit: Unit) -> String {
        if value.is_null() {
            return self.page.t("cases.decision.unknown_value").to_owned();
        }
        self.law.value(name, member, value, unit)
    }
}

/// What the rules say of a case, where its service has rules.
#[must_use]
pub fn explained(page: &Page, service: &Service, case: &Case) -> Option<Explained> {
    let explainer = Explainer::new(page, service, &case.answers, Stage::Filed);
    case.decision.as_ref().map(|decision| explainer.explain(decision))
}

/// What was granted, in its unit: `914,30 € al mese`.
#[must_use]
pub fn granted_amount(page: &Page, service: &Service, granted: &Granted) -> Option<String> {
    let unit = granted.unit.as_deref().and_then(Unit::from_name).unwrap_or(Unit::Euro);
    Some(paid(page, service, (granted.amount.as_deref()?.parse().ok()?, unit)))
}

/// An amount that a service pays, in its unit.
#[must_use]
pub fn paid(page: &Page, service: &Service, (amount, unit): (Decimal, Unit)) -> String {
    let law = LawTeller { words: &service.law, facts: &Facts::default(), language: page.language };
    match service.law.per(page.language) {
        Some(per) => format!("{} {per}", law.money(amount)),
        None => law.amount(amount, unit),
    }
}
