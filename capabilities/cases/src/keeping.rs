//! Until when a case is kept.

use catalogue::{Retention, Service};
use database::Tx;
use identity::{Officer, Power};
use web::{Page, Visit, components::Fact};

use crate::{
    case::Case,
    room::{Cases, today},
    store,
};

/// What people read of it on the page of the case. The time is that of the service as it is offered now, because laws and
/// plans change it; of the case's version where it is not offered any more.
pub fn fact(page: &Page, case: &Case, service: &Service, cases: &Cases) -> Fact {
    let now = cases.catalogue.service(&service.slug);
    let retention = now.as_deref().unwrap_or(service).decl.privacy.retention;
    Fact::new(page.t("cases.fact.kept"), told(page, case, retention))
}

fn told(page: &Page, case: &Case, retention: Retention) -> String {
    match case.closed_on {
        Some(closed) => {
            let until = retention.kept_until(closed, case.state.is_granted());
            page.t1("cases.fact.kept_until", "day", page.date(&until))
        }
        None => page.tn("cases.fact.kept_years", retention.years),
    }
}

impl Cases {
    /// Whether an official may hold and destroy what the office has kept: for the office, or for its archive.
    #[must_use]
    pub fn may_destroy(&self, officer: &Officer) -> bool {
        [Power::DestroyForOffice, Power::DestroyForArchive]
            .into_iter()
            .any(|power| self.catalogue.allows(officer, power))
    }

    /// How many cases of an office have been kept long enough; of each service up to a thousand and one.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn count_over(&self, tx: &mut Tx, office: &str, visit: &Visit) -> database::Result<i64> {
        let mut many = 0;
        for service in self.catalogue.offer().services.values() {
            let horizons = service.decl.privacy.retention.horizons(today(visit));
            many += store::count_over(tx, (office, &service.slug), horizons).await?;
        }
        Ok(many)
    }
}
