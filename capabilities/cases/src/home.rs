//! What a person finds on the home page: open cases, and what is due and was not asked for. The rules run on what
//! registries know, before anybody applies.

use catalogue::{HomeItem, HomePanel, LawTeller, Service};
use database::Tx;
use jiff::ToSpan;
use rules::{Decision, Facts, Unit};
use web::{Failure, Visit};

use crate::{
    computed::computed,
    earlier::Earlier,
    pages,
    room::{Cases, today},
    store::{self, CaseRow},
    view::{state_key, tone},
};

/// How many open cases are shown; all of them are behind a link.
const MOST_OPEN: usize = 3;
/// For so many days a decision is news: as long as one may ask a judge to undo it (art. 29 D.Lgs. 104/2010).
const NEWS_DAYS: i64 = 60;

impl Cases {
    /// What is due to who is logged in by what registries know, and their open cases; nothing for visitors.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn home_panels(&self, visit: &Visit) -> Result<Vec<HomePanel>, Failure> {
        let Some(person) = identity::Person::of(visit) else { return Ok(Vec::new()) };
        // What is due to the person for whom somebody acts is theirs to read.
        if visit.acting().is_some() {
            return Ok(Vec::new());
        }
        let mut tx = self.web.database().read().await?;
        let earlier = Earlier::of(&mut tx, person.fiscal_code.as_str()).await?;
        let open = HomePanel {
            title: visit.t("cases.list.open").to_owned(),
            items: earlier.open().take(MOST_OPEN).map(|row| self.case_item(visit, row)).collect(),
            more: Some((visit.t("cases.list.title").to_owned(), "/pratiche".to_owned())),
        };
        let since = today(visit).saturating_sub(NEWS_DAYS.days());
        let decided = store::ended_since(&mut tx, person.fiscal_code.as_str(), since).await?;
        let decided = HomePanel {
            title: visit.t("cases.home.decided").to_owned(),
            items: decided.iter().map(|row| self.case_item(visit, row)).collect(),
            more: Some((visit.t("cases.list.title").to_owned(), "/pratiche".to_owned())),
        };
        let asked = pages::asked_of(self, &mut tx, visit, person.fiscal_code.as_str()).await?;
        let asked = HomePanel {
            title: visit.t("cases.signing.list.title").to_owned(),
            items: asked.into_iter().map(|(title, text, href)| HomeItem { title, text, href, badge: None }).collect(),
            more: None,
        };
        let items = self.entitlements(visit, &mut tx, person.fiscal_code.as_str(), &earlier).await?;
        let due = HomePanel { title: visit.t("cases.home.due").to_owned(), items, more: None };
        Ok([asked, decided, due, open].into_iter().filter(|panel| !panel.items.is_empty()).collect())
    }

    fn case_item(&self, visit: &Visit, row: &CaseRow) -> HomeItem {
        HomeItem {
            title: self.catalogue.service_name(&row.service, &row.service_name).get(visit.language).to_owned(),
            text: visit.t1("cases.list.protocol", "protocol", protocol::shown(&self.catalogue, &row.protocol)),
            href: format!("/pratiche/{}", row.id),
            badge: Some((tone(row.state), visit.t(&state_key(row.state)).to_owned())),
        }
    }

    /// Benefits that are due by what registries know. What is asked for or granted already is left out, by the same
    /// measure by which the form would lead back to it.
    async fn entitlements(
        &self,
        visit: &Visit,
        tx: &mut Tx,
        fiscal_code: &str,
        earlier: &Earlier,
    ) -> Result<Vec<HomeItem>, Failure> {
        let (offer, today) = (self.catalogue.offer(), today(visit));
        let known = self.remembered.known(tx, &offer.registries, fiscal_code, visit.now).await?;
        let mut due = Vec::new();
        for service in offer.public().filter(|service| service.can_be_asked() && service.program.is_some()) {
            let answers = service.form.submission(&service.form.prefill(&known, today).facts, today);
            if !earlier.covers(tx, service, &answers).await? {
                let decision = computed(service.program.as_ref(), &answers, today);
                due.extend(decision.and_then(|decision| entitlement(visit, service, &decision)));
            }
        }
        Ok(due)
    }
}

/// Only what is certain is said: a decision that lacks a required fact is not shown.
fn entitlement(visit: &Visit, service: &Service, decision: &Decision) -> Option<HomeItem> {
    let amount = decision.amount.filter(|amount| !amount.is_zero())?;
    let certain = decision.entitled == Some(true) && !decision.missing.iter().any(|fact| fact.required);
    let unit = service.pays().unwrap_or(Unit::Euro);
    let law = LawTeller { words: &service.law, facts: &Facts::default(), language: visit.language };
    certain.then(|| HomeItem {
        title: service.name.get(visit.language).to_owned(),
        text: visit.t1("cases.home.amount", "amount", law.amount(amount, unit)),
        href: service.href(),
        badge: None,
    })
}
