use std::fmt;

use askama::filters::{Html, HtmlSafe, escape};
use base::Language;
use rules::{
    Decimal, Decision, Facts, MemberRef, NearMiss, Reason, Unit, Value, shown_amount, shown_money, shown_period,
};

use super::{
    LawWords, law_reference,
    sentences::{Direction, at_present, better, generic, unmet, would_be},
    values,
};

/// A text in the language of the reader, or in Italian where nobody translated it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The text.
    pub text: String,
    /// In which language it is.
    pub language: Language,
    /// Whether that is another one than the reader's.
    pub foreign: bool,
}

impl Said {
    fn own(text: impl Into<String>, language: Language) -> Self {
        Self { text: text.into(), language, foreign: false }
    }
}

/// For a page: escaped, and marked where it is in another language (WCAG 2.2, 3.1.2).
impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = escape(&self.text, Html).map_err(|_| fmt::Error)?;
        if self.foreign {
            write!(f, "<span lang=\"{}\">{text}</span>", self.language.tag())
        } else {
            write!(f, "{text}")
        }
    }
}

impl HtmlSafe for Said {}

/// Tells a decision of the rules to one reader.
#[derive(Debug, Clone, Copy)]
pub struct LawTeller<'a> {
    /// The words of the service, in the version that the case is pinned to.
    pub words: &'a LawWords,
    /// The answers, which give members their names.
    pub facts: &'a Facts,
    /// The reader's language.
    pub language: Language,
}

impl LawTeller<'_> {
    /// A text of `rules.md`.
    #[must_use]
    pub fn text(&self, italian: &str) -> Said {
        if self.language == Language::Italian {
            return Said::own(italian, Language::Italian);
        }
        match self.words.translation(italian, self.language) {
            Some(text) => Said::own(text, self.language),
            None => Said { text: italian.to_owned(), language: Language::Italian, foreign: true },
        }
    }

    /// A text about somebody: `Quota per il figlio minorenne – Ada`.
    #[must_use]
    pub fn label(&self, italian: &str, member: Option<&MemberRef>) -> Said {
        let said = self.text(italian);
        match member {
            Some(member) => Said { text: format!("{} – {}", said.text, self.member(member)), ..said },
            None => said,
        }
    }

    /// What a member is called: by name, else `Figlio 2`.
    #[must_use]
    pub fn member(&self, member: &MemberRef) -> String {
        let row = self.facts.groups.get(&member.relation).and_then(|rows| rows.get(member.index));
        if let Some(name) = row.and_then(|row| self.words.name_of(&member.relation, row)) {
            return name.to_owned();
        }
        let noun = self.words.members.get(&member.relation).map(|group| group.noun.get(self.language));
        format!("{} {}", noun.unwrap_or(&member.relation), member.index + 1)
    }

    /// Where the law says so.
    #[must_use]
    pub fn reference(&self, italian: &str) -> String {
        law_reference(italian, self.language)
    }

    /// A value with its unit, and with the name that the form gives it: `Sì`, `914,30 € al mese`, `Grave`.
    #[must_use]
    pub fn value(&self, name: &str, member: Option<&MemberRef>, value: &Value, unit: Unit) -> String {
        let key = (member.map(|member| member.relation.clone()), name.to_owned());
        let named = value.as_text().zip(self.words.values.get(&key));
        let label = named.and_then(|(text, options)| options.iter().find(|(value, _)| value == text));
        match label {
            Some((_, label)) => label.get(self.language).to_owned(),
            None => values::shown(value, unit, self.language),
        }
    }

    /// An amount without its period: `914,30 €`.
    #[must_use]
    pub fn money(&self, amount: Decimal) -> String {
        shown_money(amount, self.language)
    }

    /// How often an amount of this unit is due: `al mese`; empty for one that is paid once.
    #[must_use]
    pub fn period(&self, unit: Unit) -> &'static str {
        shown_period(unit, self.language).trim_start()
    }

    /// An amount in its unit: `914,30 € al mese`.
    #[must_use]
    pub fn amount(&self, amount: Decimal, unit: Unit) -> String {
        shown_amount(amount, unit, self.language)
    }

    /// Why a requirement is not met or an amount not due: the law's own sentence, else what stood against it.
    #[must_use]
    pub fn note(&self, reason: &Reason) -> Option<Said> {
        let italian = reason.note.as_deref()?;
        let said = self.text(italian);
        let against: Vec<Said> = reason
            .values_used
            .iter()
            .filter(|used| used.value == Value::Bool(false))
            .map(|used| self.label(&used.label, used.member.as_ref()))
            .collect();
        if !said.foreign || against.is_empty() || against.iter().any(|label| label.foreign) {
            return Some(said);
        }
        let labels = against.into_iter().map(|label| label.text).collect::<Vec<_>>().join("; ");
        Some(Said::own(format!("{}: {labels}.", unmet(self.language)), self.language))
    }

    /// What would be in the person's favour, in sentences, the nearest first. Of a rule and the number that it compares
    /// the nearer one is told: they come to the same. A fact that stands as it is (the weeks one has worked) is no
    /// condition that one missed: it is told only where the law has a sentence of its own for it.
    #[must_use]
    pub fn near_misses(&self, decision: &Decision, per: Unit) -> Vec<Said> {
        let mut told: Vec<&NearMiss> = Vec::new();
        let is_rule = |miss: &NearMiss| decision.trace.iter().any(|step| step.rule == miss.rule);
        let has_sentence = |miss: &NearMiss| self.words.supposed(&miss.rule, Language::Italian).is_some();
        let tellable = |miss: &&NearMiss| miss.improves && (is_rule(miss) || has_sentence(miss));
        for miss in decision.near_misses.iter().filter(tellable) {
            if !told.iter().any(|earlier| comes_to_the_same(earlier, miss)) {
                told.push(miss);
            }
        }
        told.into_iter().map(|miss| self.near_miss(miss, per)).collect()
    }

    /// What would change the outcome, in a sentence: the service's own, else one made of the title; in Italian where
    /// even that is not translated. `per`: the unit of what the service pays.
    #[must_use]
    pub fn near_miss(&self, miss: &NearMiss, per: Unit) -> Said {
        if let Some(sentence) = self.words.supposed(&miss.rule, self.language) {
            return Said::own(self.filled(sentence, miss, per), self.language);
        }
        let label = self.label(&miss.label, miss.member.as_ref());
        if label.foreign {
            let italian = LawTeller { language: Language::Italian, ..*self }.near_miss(miss, per);
            return Said { foreign: true, ..italian };
        }
        let sentence = generic(direction(miss), self.language).replace("{label}", &label.text);
        Said::own(self.filled(&sentence, miss, per), self.language)
    }

    fn filled(&self, sentence: &str, miss: &NearMiss, per: Unit) -> String {
        let member = miss.member.as_ref();
        let shown = |value: &Value| self.value(&miss.rule, member, value, miss.unit.unwrap_or(Unit::Number));
        let mut needed = miss.needed.as_ref().map(shown).unwrap_or_default();
        let told_already = sentence.contains("{now}") || sentence.contains("{distance}");
        if direction(miss) != Direction::Otherwise && !told_already {
            needed = format!("{needed} ({} {})", at_present(self.language), shown(&miss.now));
        }
        sentence
            .replace("{outcome}", &self.outcome(miss, per))
            .replace("{needed}", &needed)
            .replace("{now}", &shown(&miss.now))
            .replace("{distance}", &miss.distance.map(|far| shown(&Value::Dec(far))).unwrap_or_default())
            .replace("{member}", &member.map(|member| self.member(member)).unwrap_or_default())
    }

    fn outcome(&self, miss: &NearMiss, per: Unit) -> String {
        match (miss.entitled_then, miss.amount_then) {
            (Some(true) | None, Some(amount)) if !amount.is_zero() => {
                let words = self.words.outcome("amount", self.language).unwrap_or(would_be(self.language));
                words.replace("{amount}", &shown_amount(amount, per, self.language))
            }
            _ => self.words.outcome("entitled", self.language).unwrap_or(better(self.language)).to_owned(),
        }
    }
}

/// Whether two are about the same number, with the same outcome.
fn comes_to_the_same(one: &NearMiss, other: &NearMiss) -> bool {
    let about = |miss: &NearMiss| (miss.now.clone(), miss.unit, miss.entitled_then, miss.amount_then);
    one.now.as_decimal().is_some() && one.member == other.member && about(one) == about(other)
}

/// Which way the number of a near miss would have to go.
fn direction(miss: &NearMiss) -> Direction {
    let numbers = miss.needed.as_ref().and_then(Value::as_decimal).zip(miss.now.as_decimal());
    match numbers {
        Some((needed, now)) if needed < now => Direction::Down,
        Some(_) => Direction::Up,
        None => Direction::Otherwise,
    }
}
