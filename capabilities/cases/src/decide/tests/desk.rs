//! An invented office with one case on its desk, for tests.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use acts::{Act, Actor, Door, NewAct};
use base::{Date, SeededChance, Timestamp, Uuid};
use database::testing::TestDatabase;
use deadlines::{Calendar, Rules, Silence};
use jiff::{ToSpan, civil::date, tz::TimeZone};
use rules::{Decision, Facts, Moment};
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value;

use crate::{
    case::Case,
    decide::{Context, Laws, NotNow, OtherOffice},
    payload::{
        Applicant, FieldRequest, Granted, IntegrationRequested, IntegrationSupplied, PassedOn, Protocol,
        RefusalReasons, SilenceEffect, Submitted, Taken, Words, kind,
    },
};

/// The Monday on which every case of these tests is filed. Its term of 30 days ends on 1 April.
pub const FILED: Date = date(2026, 3, 2);

/// The book alone makes acts with a body. One is written once; every act of these tests is a copy that says something
/// else, so its digest means nothing: folding does not read it.
static WRITTEN: LazyLock<Act> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let data = TestDatabase::migrated(acts::MIGRATIONS).await;
        let database = data.open().await;
        let mut tx = database.begin().await.unwrap();
        let new = NewAct { case: Uuid::from_u128(1), kind: kind::SUBMITTED, actor: applicant(), payload: Value::Null };
        acts::append(&mut tx, noon(FILED), &SeededChance::new(1), Some(0), &[new]).await.unwrap().remove(0)
    })
});

fn noon(day: Date) -> Timestamp {
    day.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp()
}

fn person(subject: &str, name: &str, door: Door) -> Actor {
    Actor { subject: subject.to_owned(), name: name.to_owned(), door, level: 2, on_behalf_of: None, authority: None }
}

pub fn officer() -> Actor {
    person("anna.prova", "Anna Prova", Door::Staff)
}

fn applicant() -> Actor {
    person("PRVLCU80A01D612X", "Luca Provetti", Door::Citizen)
}

/// What rules say that give, or do not give, an amount.
pub fn decision(entitled: bool, amount: Option<&str>) -> Decision {
    let amount = amount.map(|text| text.parse::<Decimal>().unwrap());
    let (reasons, near_misses, missing, trace) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    Decision {
        moment: Moment::at(FILED),
        entitled: Some(entitled),
        amount,
        reasons,
        near_misses,
        missing,
        unverified: Vec::new(),
        trace,
    }
}

pub fn fields(reason: &str) -> Vec<FieldRequest> {
    vec![FieldRequest { path: "isee".to_owned(), label: "ISEE".to_owned(), reason: reason.to_owned() }]
}

pub fn answers(decision: Option<Decision>) -> IntegrationSupplied {
    let paths = vec!["isee".to_owned()];
    IntegrationSupplied { answers: Facts::default(), paths, attachments: Vec::new(), decision }
}

pub fn refusal(observations_by: Option<Date>) -> RefusalReasons {
    RefusalReasons {
        reasons: "Residenza non provata".to_owned(),
        on_observations: None,
        further_grounds: None,
        timing: None,
        decision: None,
        decided_by: officer().name,
        overrides_rules: false,
        observations_by,
    }
}

/// The term of a case filed on [`FILED`] passed without a decision.
pub fn silence_effect() -> SilenceEffect {
    SilenceEffect {
        term_ended: date(2026, 4, 1),
        effective_from: date(2026, 4, 2),
        term_days: 30,
        term_law: "art. 2".to_owned(),
        law: "art. 20".to_owned(),
    }
}

/// An office to which cases of these tests may go, with a holiday of its own.
pub fn other_office(id: &str, closed_on: Option<Date>) -> OtherOffice {
    let nation = Calendar::default();
    let calendar = match closed_on {
        Some(day) => nation.with_patron("Santa di prova".into(), day.month(), day.day()),
        None => nation,
    };
    let (name, responsible) = (format!("Ufficio {id}"), format!("Responsabile di {id}"));
    OtherOffice { id: id.to_owned(), name, responsible, calendar: Arc::new(calendar) }
}

pub fn passed_on(to: &str) -> PassedOn {
    PassedOn {
        from: "anagrafe".to_owned(),
        from_name: "Ufficio di prova".to_owned(),
        to: to.to_owned(),
        to_name: format!("Ufficio {to}"),
        responsible: format!("Responsabile di {to}"),
        reason: "È materia sua".to_owned(),
        due: FILED,
        anew: true,
        sent: None,
        received: None,
    }
}

pub fn words(text: &str) -> Words {
    Words { text: text.to_owned() }
}

pub fn taken_by(actor: &Actor) -> Taken {
    Taken { officer: actor.subject.clone(), officer_name: actor.name.clone() }
}

pub fn granted(amount: Option<&str>) -> Granted {
    let (unit, decided_by) = (amount.map(|_| "euro/mese".to_owned()), officer().name);
    let amount = amount.map(ToOwned::to_owned);
    Granted {
        amount,
        unit,
        note: None,
        decision: None,
        decided_by,
        overrides_rules: false,
        timing: None,
        together: None,
    }
}

pub fn submitted(decision: Option<Decision>) -> Submitted {
    let office = "anagrafe".to_owned();
    Submitted {
        service: "contributo-di-prova".to_owned(),
        service_version: "1".to_owned(),
        service_name: "Contributo di prova".to_owned(),
        office_name: "Ufficio di prova".to_owned(),
        responsible: officer().name,
        applicant: Applicant { fiscal_code: applicant().subject, name: applicant().name },
        protocol: Protocol { office: office.clone(), year: 2026, number: 1 },
        office,
        answers: Facts::default(),
        sources: BTreeMap::new(),
        replaced: BTreeMap::default(),
        attachments: Vec::new(),
        decision,
        due: date(2026, 4, 1),
        remedies: "Ci si rivolge al segretario".to_owned(),
        ordering: None,
        signed: None,
    }
}

/// A case and the day on which somebody looks at it. The default service foresees a notice before refusal, has no
/// holidays, and pays by the month.
#[derive(Debug, Clone)]
pub struct Desk {
    pub acts: Vec<Act>,
    pub rules: Rules,
    pub calendar: Calendar,
    pub today: Date,
    /// That may have the case in the place of the present one.
    pub other_offices: Vec<OtherOffice>,
    /// Officials whom the case names.
    pub concerned: Vec<String>,
}

impl Desk {
    /// A case just filed, with what the rules said of it.
    pub fn ruled(decision: Option<Decision>) -> Self {
        Self::of(&submitted(decision))
    }

    /// A case just filed with this application.
    pub fn of(submitted: &Submitted) -> Self {
        let (rules, calendar) = (Rules::default(), Calendar::default());
        let (other_offices, concerned) = (Vec::new(), Vec::new());
        let desk = Self { acts: Vec::new(), rules, calendar, today: FILED, other_offices, concerned };
        desk.with(kind::SUBMITTED, submitted)
    }

    pub fn filed() -> Self {
        Self::ruled(None)
    }

    /// As if this officer had filed it for the applicant, who was there.
    pub fn at_counter(mut self, operator: &Actor) -> Self {
        let authority = acts::Authority {
            kind: "counter".to_owned(),
            id: "1".to_owned(),
            number: String::new(),
            principal: applicant().name,
            ..acts::Authority::default()
        };
        let body = self.acts[0].body.as_mut().unwrap();
        body.actor = Actor { on_behalf_of: Some(applicant().subject), authority: Some(authority), ..operator.clone() };
        self
    }

    /// The applicant says that it is not theirs.
    pub fn contested(self) -> Self {
        self.with(kind::FILING_CONTESTED, &words("Quel giorno ero all’estero"))
    }

    /// The case in the hands of the officer who acts in these tests.
    pub fn taken() -> Self {
        Self::filed().with(kind::TAKEN, &taken_by(&officer()))
    }

    pub fn without_notice(mut self) -> Self {
        self.rules.notice_before_refusal = false;
        self
    }

    /// In a service whose silence decides.
    pub fn silent(mut self, silence: Silence) -> Self {
        self.rules.silence = silence;
        self
    }

    /// Of a service whose cases may go to these offices, too.
    pub fn beside(mut self, offices: Vec<OtherOffice>) -> Self {
        self.other_offices = offices;
        self
    }

    pub fn on(mut self, today: Date) -> Self {
        self.today = today;
        self
    }

    pub fn later(self, days: i64) -> Self {
        let today = self.today + days.days();
        self.on(today)
    }

    /// Writes an act, lawful or not.
    pub fn with(mut self, kind: &str, payload: &impl Serialize) -> Self {
        self.write(kind, Some(serde_json::to_value(payload).unwrap()));
        self
    }

    /// Writes an act; without payload its content was erased.
    pub fn write(&mut self, kind: &str, payload: Option<Value>) {
        let seq = i64::try_from(self.acts.len()).unwrap() + 1;
        let template = WRITTEN.clone();
        let body = template.body.zip(payload).map(|(mut body, payload)| {
            body.payload = (&payload).into();
            body
        });
        let kind = kind.to_owned();
        self.acts.push(Act { position: seq - 1, seq, kind, at: noon(self.today), body, ..template });
    }

    pub fn asked(self, deadline: Date) -> Self {
        let request = IntegrationRequested { fields: fields("È scaduto"), deadline, message: String::new() };
        self.with(kind::INTEGRATION_REQUESTED, &request)
    }

    pub fn supplied(self) -> Self {
        self.with(kind::INTEGRATION_SUPPLIED, &answers(None))
    }

    pub fn proposed(self, observations_by: Date) -> Self {
        self.with(kind::REFUSAL_PROPOSED, &refusal(Some(observations_by)))
    }

    pub fn observed(self) -> Self {
        self.with(kind::OBSERVATIONS_FILED, &words("Abito qui dal 2010"))
    }

    pub fn case(&self) -> Case {
        Case::from_acts(self.acts.clone()).unwrap()
    }

    /// What the law says to the officer today.
    pub fn decide<T>(&self, decide: impl FnOnce(&Case, &Context<'_>) -> T) -> T {
        let actor = officer();
        let (rules, calendar, today) = (&self.rules, &self.calendar, self.today);
        let laws = Laws { silence: Some("art. 20"), extension: Some("art. 1") };
        let amount_unit = Some("euro/mese");
        let other_offices = self.other_offices.as_slice();
        let concerned = self.concerned.as_slice();
        let law = None;
        let context =
            Context { actor: &actor, rules, calendar, law, today, laws, amount_unit, other_offices, concerned };
        decide(&self.case(), &context)
    }

    /// Does it, or says why not.
    pub fn then(mut self, decide: impl FnOnce(&Case, &Context<'_>) -> Result<NewAct, NotNow>) -> Result<Self, NotNow> {
        let act = self.decide(decide)?;
        self.write(act.kind, Some(act.payload));
        Ok(self)
    }
}
