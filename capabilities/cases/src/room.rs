use std::sync::Arc;

use acts::Actor;
use base::{Date, Language, Translated, rome_date};
use catalogue::{Catalogue, Office, Service};
use database::Tx;
use deadlines::Calendar;
use identity::Officer;
use registry::Remembered;
use rules::Unit;
use waiting::{Limit, WaitingRoom};
use web::{Failure, Visit, Web};

use crate::{
    case::Case,
    clock::Reading,
    decide::{Context, Laws, OtherOffice},
    sequencer::Sequencer,
    store::CaseRow,
};

/// What the pages of this room share. Cheap to clone.
#[derive(Clone)]
pub struct Cases {
    /// Database, clock, chance, words.
    pub web: Web,
    /// The services.
    pub catalogue: Catalogue,
    /// The holidays of the nation; [`Cases::calendar_of`] adds those of an office.
    pub calendar: Arc<Calendar>,
    /// Who files applications.
    pub sequencer: Sequencer,
    /// Who waits before the confirmation when more people come than can be served: one door for each service.
    pub waiting: WaitingRoom,
    /// What registries said lately.
    pub remembered: Arc<Remembered>,
}

impl Cases {
    /// Brings them together.
    #[must_use]
    pub fn new(web: Web, catalogue: Catalogue, calendar: Arc<Calendar>) -> Self {
        let sequencer = Sequencer::new(web.clone(), catalogue.clone());
        let waiting = WaitingRoom::new(web.database().clone(), web.shared_chance(), Limit::NONE);
        Self { web, catalogue, calendar, sequencer, waiting, remembered: Arc::default() }
    }

    /// With a limit of people who come to the confirmation of a service.
    #[must_use]
    pub fn with_limit(mut self, limit: Limit) -> Self {
        self.waiting = WaitingRoom::new(self.web.database().clone(), self.web.shared_chance(), limit);
        self
    }

    /// The service as it was when the case was filed: a case stays with its version.
    ///
    /// # Errors
    /// [`Failure::Internal`] when that version is not in the book of versions: a defect of ours.
    pub async fn service_of(&self, tx: &mut Tx, case: &Case) -> Result<Arc<Service>, Failure> {
        let submitted = &case.submitted;
        let found = self.catalogue.pinned(tx, &submitted.service, &submitted.service_version).await?;
        found.ok_or_else(|| {
            let version = format!("{} {}", submitted.service, submitted.service_version);
            Failure::internal(anyhow::anyhow!("the service version {version} is not kept"))
        })
    }

    /// The holidays of an office: the nation's, and the feast of its town.
    #[must_use]
    pub fn calendar_of(&self, office: &str) -> Arc<Calendar> {
        let office = self.catalogue.office(office);
        office.map_or_else(|| Arc::clone(&self.calendar), |office| office.calendar(&self.calendar))
    }

    /// What decisions on a case look at, in the version of its service: the holidays of the office that has it, and the
    /// other offices that may have it.
    #[must_use]
    pub fn ground<'a>(&self, case: &Case, service: &'a Service) -> Ground<'a> {
        let others = service.offices().filter(|id| *id != case.office().id);
        Ground {
            service,
            calendar: self.calendar_of(case.office().id),
            other_offices: others.filter_map(|id| self.other_office(service, id)).collect(),
            concerned: Vec::new(),
        }
    }

    /// The same, with the officials whom the case names: for who is about to do something to it.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn whole_ground<'a>(
        &self,
        tx: &mut Tx,
        case: &Case,
        service: &'a Service,
    ) -> database::Result<Ground<'a>> {
        let people = case.people();
        let people: Vec<_> = people.iter().map(String::as_str).collect();
        let concerned = identity::officers_among(tx, &people).await?;
        Ok(Ground { concerned, ..self.ground(case, service) })
    }

    fn other_office(&self, service: &Service, id: &str) -> Option<OtherOffice> {
        let office = self.catalogue.office(id)?; // one that has closed meanwhile takes nothing in
        let italian = Language::Italian;
        Some(OtherOffice {
            id: id.to_owned(),
            name: office.name.get(italian).to_owned(),
            responsible: responsible_at(service, &office).map_or("", |told| told.get(italian)).to_owned(),
            calendar: office.calendar(&self.calendar),
        })
    }

    /// Who answers for the proceeding at the office that has the case (art. 5 L. 241/1990).
    #[must_use]
    pub fn responsible(&self, case: &Case, service: &Service) -> Translated {
        let office = self.catalogue.office(case.office().id);
        let told = office.as_ref().and_then(|office| responsible_at(service, office));
        told.map_or_else(|| Translated::from(case.office().responsible), Clone::clone)
    }

    /// The name of the office that has the case.
    #[must_use]
    pub fn office_name(&self, case: &Case) -> Translated {
        self.catalogue.office_name(case.office().id, case.office().name)
    }

    /// What a list says of the term of one of its rows, by today's rules of the service. The page of the case counts by
    /// those of its version: where a new one counts other days, days left differ, and the last day does not.
    #[must_use]
    pub fn reading(&self, row: &CaseRow, today: Date) -> Reading {
        let service = self.catalogue.service(&row.service);
        let usual = deadlines::Rules::default();
        let rules = service.as_ref().map_or(&usual, |service| &service.process.rules);
        Reading::of_row(row, (rules, &self.calendar_of(&row.office)), today)
    }

    /// Where the statutory clock of a case stands today.
    #[must_use]
    pub fn term(&self, case: &Case, service: &Service, visit: &Visit) -> deadlines::State {
        case.term(&service.process.rules, &self.calendar_of(case.office().id), today(visit))
    }
}

/// What the program knows that decisions on a case look at.
pub struct Ground<'a> {
    service: &'a Service,
    calendar: Arc<Calendar>,
    /// The other offices that may have the case.
    pub other_offices: Vec<OtherOffice>,
    /// Accounts of officials whom the case names, as far as they were looked for.
    concerned: Vec<String>,
}

impl Ground<'_> {
    /// For a page that one official reads: whether the case names them, their account knows.
    #[must_use]
    pub fn read_by(mut self, officer: &Officer, case: &Case) -> Self {
        let own = officer.fiscal_code.as_ref().is_some_and(|code| case.people().contains(code.as_str()));
        self.concerned.extend(own.then(|| officer.id.clone()));
        self
    }

    /// For who acts on a day.
    #[must_use]
    pub fn context<'a>(&'a self, actor: &'a Actor, today: Date) -> Context<'a> {
        let process = &self.service.process;
        Context {
            actor,
            rules: &process.rules,
            calendar: &self.calendar,
            law: self.service.program.as_ref(),
            today,
            laws: Laws { silence: process.silence_law.as_deref(), extension: process.extension_law.as_deref() },
            amount_unit: self.service.pays().map(Unit::name),
            other_offices: &self.other_offices,
            concerned: &self.concerned,
        }
    }
}

/// The service names who answers at its own office; another office does it for all that is passed on to it.
fn responsible_at<'a>(service: &'a Service, office: &'a Office) -> Option<&'a Translated> {
    if office.id == service.office { Some(&service.process.responsible) } else { office.responsible.as_ref() }
}

/// The civil day of a request in Italy.
#[must_use]
pub fn today(visit: &Visit) -> Date {
    rome_date(visit.now)
}
