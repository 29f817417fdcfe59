//! «Che cosa mi spetta?»: what may be due to somebody who has not logged in, over all services that have a law.
//!
//! `content/screener/questions.toml` holds the questions, `facts.toml` what each answer says to the services. Nothing
//! here knows a service or a question by name. Nothing is stored: answers travel in the form of the page.

mod answers;
mod coverage;
mod declared;
mod known;
mod page;
mod results;
mod verdict;

use std::{collections::BTreeMap, sync::Arc};

use base::{Date, Translated};
use forms::Form;
use rules::{Diagnostic, Facts};

use crate::{Offer, Service};

pub(crate) use coverage::coverage;
use declared::Mapping;
use known::Known;
pub(crate) use page::{answer, begin};
pub use verdict::{Standing, Verdict};

/// Where the screener lies.
pub const PATH: &str = "/che-cosa-mi-spetta";

/// The most questions that anybody is asked, one for each page of `questions.toml`.
pub const MOST_QUESTIONS: usize = 12;

/// The questions, and what their answers say to the services.
#[derive(Debug, Clone)]
pub struct Screener {
    /// One page for each question.
    pub form: Form,
    pub(crate) mapping: Mapping,
    /// For each answer (`isee`, `persone.chi`), the page that asks for it.
    pages: BTreeMap<String, String>,
}

impl Screener {
    /// Reads the two files; `None` where the house has no screener.
    ///
    /// # Errors
    /// Everything that is wrong in them, with its place.
    pub(crate) fn read(content: &BTreeMap<String, String>) -> Option<Result<Self, Vec<Diagnostic>>> {
        let (questions, facts) = (content.get(declared::QUESTIONS)?, content.get(declared::FACTS)?);
        Some(Self::of(questions, facts))
    }

    fn of(questions: &str, facts: &str) -> Result<Self, Vec<Diagnostic>> {
        let form = Form::parse(&format!("content/{}", declared::QUESTIONS), questions)?;
        let mapping = declared::read(&format!("content/{}", declared::FACTS), facts)?;
        let pages = form.pages.iter().flat_map(|page| {
            page.questions().map(|(group, question)| {
                let name = group.map_or_else(|| question.id.clone(), |group| format!("{}.{}", group.id, question.id));
                (name, page.id.clone())
            })
        });
        let pages = pages.collect();
        Ok(Self { form, mapping, pages })
    }

    /// Whether this service is told about: it is public, has a law, and all that its law asks is accounted for.
    #[must_use]
    pub fn covers(&self, service: &Service) -> bool {
        service.is_public() && service.program.is_some() && coverage::holes(self, service).is_empty()
    }

    /// What is known of every service from these answers, the largest amount first.
    #[must_use]
    pub fn verdicts(&self, offer: &Offer, answers: &Facts, today: Date) -> Vec<Verdict> {
        let known = Known::new(self, answers, today);
        let covered = offer.services.values().filter(|service| self.covers(service));
        let mut verdicts: Vec<Verdict> = covered.map(|service| Verdict::of(&known, Arc::clone(service))).collect();
        verdicts.sort_by_key(Verdict::rank);
        verdicts
    }

    /// For what the amount of a service is, where its unit does not say it.
    fn per(&self, service: &str) -> Option<&Translated> {
        self.mapping.amounts.iter().find(|amount| amount.of == service).map(|amount| &amount.text)
    }

    /// The question that matters to most of the services that are still open; `None` when none matters any more.
    #[must_use]
    pub fn next(&self, verdicts: &[Verdict]) -> Option<&str> {
        let weight = |page: &str| verdicts.iter().filter(|verdict| verdict.asks.contains(page)).count();
        let mut best: Option<(&str, usize)> = None;
        for page in self.form.pages.iter().map(|page| page.id.as_str()) {
            let weight = weight(page);
            if best.map_or(0, |(_, most)| most) < weight {
                best = Some((page, weight));
            }
        }
        best.map(|(page, _)| page)
    }

    /// What the answers say to the application for a service, as its form would be filled in: only what was really
    /// answered, no estimate and nothing supposed.
    #[must_use]
    pub fn carried(&self, service: &Service, answers: &Facts, today: Date) -> Vec<(String, String)> {
        Known::new(self, answers, today).carried(service)
    }
}
