//! Verdicts in words.

use base::{Date, Language};
use rules::{Decision, Moment, Reason};
use web::{Page, components::Tone};

use super::{Screener, Standing, Verdict};
use crate::{LawTeller, Said};

/// One service, as the page shows it.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    pub name: String,
    pub href: String,
    /// How it stands, in words.
    pub badge: (Tone, String),
    /// How much and how often, where it would be due.
    pub amount: Option<String>,
    /// For what the amount is, where its unit does not say it.
    pub per: String,
    /// Why it would not be due, in a sentence.
    pub against: Option<Said>,
    /// What makes up the amount.
    pub amounts: Vec<Line>,
    /// Conditions, met or not.
    pub requirements: Vec<Line>,
    /// What would make it due, or more.
    pub near: Vec<Said>,
    /// What was not verified.
    pub unverified: Vec<String>,
    /// The questions that would decide.
    pub asks: Vec<String>,
    /// Whether one can apply for it now.
    pub can_be_asked: bool,
}

/// One reason.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub label: Said,
    pub value: String,
    pub paragraph: String,
    pub satisfied: Option<bool>,
    pub note: Option<Said>,
}

/// Most near misses that are told of one service: the nearest come first.
const MOST_NEAR: usize = 3;

impl Shown {
    pub fn of(verdict: &Verdict, screener: &Screener, today: Date, page: &Page) -> Self {
        let (service, language) = (&verdict.service, page.language);
        let law = LawTeller { words: &service.law, facts: &verdict.facts, language };
        let told = Told { law, verdict, today };
        let settled = verdict.standing != Standing::Open;
        Self {
            name: service.name.get(language).to_owned(),
            href: service.href(),
            badge: badge(verdict.standing, page),
            amount: match verdict.standing {
                Standing::Due(amount) => Some(law.amount(amount, verdict.unit())),
                _ => None,
            },
            per: screener.per(&service.slug).map_or_else(String::new, |text| text.get(language).to_owned()),
            against: if verdict.standing == Standing::NotDue { told.against() } else { None },
            amounts: if settled {
                told.lines(|reason| !reason.requirement && reason.satisfied == Some(true))
            } else {
                Vec::new()
            },
            requirements: if settled { told.requirements() } else { Vec::new() },
            near: if settled { told.near() } else { Vec::new() },
            unverified: verdict.unverified.iter().map(|text| text.get(language).to_owned()).collect(),
            asks: titles(verdict, screener, language),
            can_be_asked: service.can_be_asked() && !matches!(verdict.standing, Standing::NotDue),
        }
    }
}

fn badge(standing: Standing, page: &Page) -> (Tone, String) {
    let (tone, key) = match standing {
        Standing::Due(_) => (Tone::Success, "catalogue.screener.due"),
        Standing::Open => (Tone::Info, "catalogue.screener.open"),
        Standing::NotDue => (Tone::Neutral, "catalogue.screener.not_due"),
    };
    (tone, page.t(key).to_owned())
}

fn titles(verdict: &Verdict, screener: &Screener, language: Language) -> Vec<String> {
    let pages = screener.form.pages.iter().filter(|page| verdict.asks.contains(&page.id));
    pages.map(|page| page.title.get(language).to_owned()).collect()
}

struct Told<'a> {
    law: LawTeller<'a>,
    verdict: &'a Verdict,
    today: Date,
}

impl Told<'_> {
    fn reasons(&self) -> &[Reason] {
        self.verdict.decision.as_ref().map_or(&[], |decision: &Decision| decision.reasons.as_slice())
    }

    fn lines(&self, wanted: impl Fn(&Reason) -> bool) -> Vec<Line> {
        self.reasons().iter().filter(|reason| wanted(reason)).map(|reason| self.line(reason)).collect()
    }

    /// Conditions: those that fail first, then those that nobody checked.
    fn requirements(&self) -> Vec<Line> {
        let mut lines = self.lines(|reason| reason.requirement);
        lines.sort_by_key(|line| match line.satisfied {
            Some(false) => 0,
            None => 1,
            Some(true) => 2,
        });
        lines
    }

    /// Why not: what the law says of the first condition that fails, else of the first that nobody could check for want of
    /// an answer (no ISEE). Those after it often fail because of it.
    fn against(&self) -> Option<Said> {
        let required = || self.reasons().iter().filter(|reason| reason.requirement);
        let failed = required().find(|reason| reason.satisfied == Some(false));
        let reason = failed.or_else(|| required().find(|reason| reason.satisfied.is_none()))?;
        let said = self.law.note(reason).or_else(|| Some(self.law.text(self.otherwise(reason)?)));
        Some(said.unwrap_or_else(|| self.law.label(&reason.label, reason.member.as_ref())))
    }

    /// What the law tells where this condition is not met.
    fn otherwise(&self, reason: &Reason) -> Option<&str> {
        let mut rules = self.verdict.service.program.as_ref()?.rules().iter();
        let rule = rules.find(|rule| rule.name == reason.rule)?;
        rule.in_force(Moment::at(self.today))?.otherwise.as_deref()
    }

    fn line(&self, reason: &Reason) -> Line {
        Line {
            label: self.law.label(&reason.label, reason.member.as_ref()),
            value: self.law.value(&reason.rule, reason.member.as_ref(), &reason.value, reason.unit),
            paragraph: self.law.reference(&reason.paragraph),
            satisfied: reason.satisfied,
            note: self.law.note(reason).filter(|_| reason.satisfied == Some(false)),
        }
    }

    fn near(&self) -> Vec<Said> {
        let told = self.verdict.decision.iter().flat_map(|one| self.law.near_misses(one, self.verdict.unit()));
        told.take(MOST_NEAR).collect()
    }
}
