//! Who does something for whom. A [`Claim`] is what a request says, a [`Capacity`] is what was found to hold in the
//! transaction that reads or writes, and [`Acting`] is one thing that it allows: nobody else can make them.

mod authorities;
mod company;
mod office;

use acts::{Act, Actor, Authority, Door};
use axum::{extract::FromRequestParts, http::request::Parts};
use base::{Timestamp, Translated, Uuid, VatNumber, rome_date};
use catalogue::Applicant;
use database::Tx;
use identity::{DataRead, Officer, Person, Reader};
use registry::LegalPower;
use web::{Failure, Visit, Web};

pub use authorities::Authorities;
pub use company::under_company;
pub use office::authority as office_authority;

use crate::{Mandate, Services, Standing, Verb, Verbs, counter::CounterVisit, store};

/// What a session's choice of a mandate begins with; behind it stands the identifier.
const MANDATE: &str = "delega:";
/// The same of a visit to the counter; what begins with it owns what is written there until it is filed.
pub const COUNTER: &str = "sportello:";
/// The same of a power by law.
const BY_LAW: &str = "legge:";

/// For whom something is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// Fiscal code.
    pub fiscal_code: String,
    /// Given name and surname; of a company, how it is registered.
    pub name: String,
}

impl Principal {
    /// As what they ask for something.
    #[must_use]
    pub fn kind(&self) -> Applicant {
        if self.fiscal_code.parse::<VatNumber>().is_ok() { Applicant::Company } else { Applicant::Person }
    }
}

/// Who makes a request, and for whom they say that they act. Nothing of it is checked yet.
#[derive(Debug, Clone)]
pub struct Claim {
    actor: Actor,
    under: Under,
}

/// By which authority.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Under {
    /// One's own.
    Oneself,
    /// A mandate.
    Mandate(Uuid),
    /// A power that the law gives, by its name in the registry.
    ByLaw(String),
    /// A mandate that was given to an office of an intermediary.
    Office(Uuid),
    /// An office in a company, by its name in the registry.
    Company(String),
    /// Somebody who stands at the counter.
    Counter(Uuid),
    /// One that nobody knows.
    Nothing,
}

impl Under {
    fn read(text: &str) -> Self {
        let mandate = text.strip_prefix(MANDATE).and_then(|id| id.parse().ok()).map(Self::Mandate);
        let counter = text.strip_prefix(COUNTER).and_then(|id| id.parse().ok()).map(Self::Counter);
        let by_law = || text.strip_prefix(BY_LAW).map(|id| Self::ByLaw(id.to_owned()));
        let office = text.strip_prefix(office::OFFICE).and_then(|id| id.parse().ok()).map(Self::Office);
        let company = || text.strip_prefix(company::COMPANY).map(|id| Self::Company(id.to_owned()));
        mandate.or(counter).or(office).or_else(by_law).or_else(company).unwrap_or(Self::Nothing)
    }
}

/// What was found of an authority.
enum Found {
    /// It holds.
    Stands(Box<Capacity>),
    /// It is none, or not any more.
    Over,
    /// What says so does not answer.
    Silent,
}

impl Found {
    fn stands(capacity: Capacity) -> Self {
        Self::Stands(Box::new(capacity))
    }
}

/// How a session names a mandate under which it acts.
#[must_use]
pub fn under(mandate: &Mandate) -> String {
    let kind = if mandate.office().is_some() { office::OFFICE } else { MANDATE };
    format!("{kind}{}", mandate.id)
}

/// The same for a visit to the counter.
#[must_use]
pub fn under_counter(visit: Uuid) -> String {
    format!("{COUNTER}{visit}")
}

/// The visit that a session names.
#[must_use]
pub fn visit_named(under: &str) -> Option<Uuid> {
    under.strip_prefix(COUNTER)?.parse().ok()
}

/// The same for a power by law.
#[must_use]
pub fn under_law(power: &LegalPower) -> String {
    format!("{BY_LAW}{}", power.id)
}

impl Claim {
    /// The citizen who makes this request, for whom they chose; `None` when nobody is logged in.
    #[must_use]
    pub fn of(visit: &Visit) -> Option<Self> {
        let under = visit.acting().map_or(Under::Oneself, |acting| Under::read(&acting.under));
        if let Some(person) = Person::of(visit) {
            return Some(Self { actor: person.actor(), under });
        }
        // An officer has business on these pages only with somebody at the counter.
        let session = Officer::session(visit).filter(|_| matches!(under, Under::Counter(_)))?;
        let (subject, name) = (session.subject.clone(), session.name.clone());
        let actor = Actor { subject, name, door: Door::Staff, level: session.level, ..Actor::system() };
        Some(Self { actor, under })
    }

    /// Somebody for themselves, whatever their session says.
    #[must_use]
    pub fn oneself(actor: Actor) -> Self {
        Self { actor, under: Under::Oneself }
    }

    /// Somebody under a mandate, for tests of the rooms behind this one.
    #[cfg(feature = "testing")]
    #[must_use]
    pub const fn under_mandate(actor: Actor, mandate: Uuid) -> Self {
        Self { actor, under: Under::Mandate(mandate) }
    }

    /// Whether they act for themselves.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.under == Under::Oneself
    }

    /// The one who acts, whoever it is for: for the list of attempts.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.actor.subject
    }

    /// What holds now, by this transaction; `None` where the authority is none, or not any more, or nobody can say it.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn stand(&self, tx: &mut Tx, now: Timestamp) -> database::Result<Option<Capacity>> {
        Ok(match self.find(tx, now).await? {
            Found::Stands(capacity) => Some(*capacity),
            Found::Over | Found::Silent => None,
        })
    }

    /// What holds in this transaction of a request.
    ///
    /// # Errors
    /// What is told when one may act for this person no longer, or nobody can say it: nothing is there to be seen, nothing is
    /// taken.
    pub async fn capacity(&self, tx: &mut Tx, visit: &Visit) -> Result<Capacity, Failure> {
        match self.find(tx, visit.web.clock().now()).await? {
            Found::Stands(capacity) => Ok(*capacity),
            Found::Over => Err(over(visit)),
            Found::Silent => Err(Failure::CannotTell),
        }
    }

    async fn find(&self, tx: &mut Tx, now: Timestamp) -> database::Result<Found> {
        let found = match &self.under {
            Under::Oneself => Some(Capacity::own(&self.actor)),
            Under::Nothing => None,
            Under::Company(office) => return company::find(tx, &self.actor, office, now).await,
            Under::ByLaw(id) => {
                let powers = registry::powers_of(tx, &self.actor.subject, rome_date(now)).await?;
                let power = powers.into_iter().find(|power| power.id == *id);
                power.map(|power| Capacity::by_law(&self.actor, power))
            }
            Under::Office(id) => office::find(tx, &self.actor, *id, now).await?,
            Under::Counter(id) => self.at_counter(tx, *id, now).await?,
            Under::Mandate(id) => {
                let live = |mandate: &Mandate| {
                    mandate.standing(now) == Standing::Live && mandate.delegate.fiscal_code == self.actor.subject
                };
                let mandate = store::find(tx, *id).await?.filter(live);
                mandate.map(|mandate| Capacity::delegated(&self.actor, mandate))
            }
        };
        Ok(found.map_or(Found::Over, Found::stands))
    }

    /// An officer with somebody at the counter, whose account is not disabled and still of the same office.
    async fn at_counter(&self, tx: &mut Tx, id: Uuid, now: Timestamp) -> database::Result<Option<Capacity>> {
        if self.actor.door != Door::Staff {
            return Ok(None);
        }
        let Some(officer) = identity::officer(tx, &self.actor.subject).await? else { return Ok(None) };
        let found = store::find_visit(tx, id).await?;
        let holds = |visit: &CounterVisit| visit.holds(&officer.id, &officer.office, now);
        Ok(found.filter(holds).map(|visit| Capacity::at_counter(&self.actor, visit)))
    }

    /// What holds at the beginning of a request, to know whose pages are shown. Whatever is read or written asks again, in
    /// its own transaction.
    ///
    /// # Errors
    /// The same as [`Claim::capacity`].
    pub async fn begin(&self, visit: &Visit) -> Result<Capacity, Failure> {
        if self.is_own() {
            return Ok(Capacity::own(&self.actor));
        }
        let mut tx = visit.web.database().read().await?;
        self.capacity(&mut tx, visit).await
    }

    /// Whether this may be done for this service now, by this transaction.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn check(
        &self,
        tx: &mut Tx,
        (service, verb): (&str, Verb),
        now: Timestamp,
    ) -> database::Result<Option<Acting>> {
        Ok(self.stand(tx, now).await?.and_then(|capacity| capacity.may(service, verb)))
    }
}

/// Key of what is said to who may act for a person, but not in this.
pub const NOT_IN_SCOPE: &str = "mandates.failure.not_in_scope";

/// What is said to who may act no longer: there is nothing to see, and what was sent is not taken and not lost.
fn over(visit: &Visit) -> Failure {
    if visit.method.is_safe() { Failure::NotFound } else { Failure::NoLongerFor }
}

/// An extractor for pages that can be somebody else's; who is not logged in is led to the login and back.
impl<S: Sync> FromRequestParts<S> for Claim {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let visit = Visit::from_request_parts(parts, state).await?;
        Self::of(&visit).ok_or(Failure::Unauthenticated)
    }
}

/// In what capacity somebody acts: for themselves, or with an authority that holds.
#[derive(Debug, Clone)]
pub struct Capacity {
    actor: Actor,
    principal: Principal,
    granted: Option<(Services, Verbs)>,
    /// Somebody's document was seen: only what is filed while they are there is shown.
    in_presence: bool,
}

impl Capacity {
    fn own(actor: &Actor) -> Self {
        let principal = Principal { fiscal_code: actor.subject.clone(), name: actor.name.clone() };
        Self { actor: actor.clone(), principal, granted: None, in_presence: false }
    }

    fn delegated(actor: &Actor, mandate: Mandate) -> Self {
        let authority = Authority {
            kind: "mandate".to_owned(),
            id: mandate.id.to_string(),
            number: mandate.number,
            principal: mandate.principal.name.clone(),
            ..Authority::default()
        };
        let principal = Principal { fiscal_code: mandate.principal.fiscal_code, name: mandate.principal.name };
        Self::with(actor, (authority, principal), (mandate.services, mandate.verbs))
    }

    /// Whom the law lets act may do all that the person may.
    fn by_law(actor: &Actor, power: LegalPower) -> Self {
        let authority = Authority {
            kind: power.kind.key().to_owned(),
            id: power.id,
            number: power.number,
            principal: power.represented_name.clone(),
            ..Authority::default()
        };
        let principal = Principal { fiscal_code: power.represented.to_string(), name: power.represented_name };
        Self::with(actor, (authority, principal), (Services::ALL, Verbs::all()))
    }

    /// Who stands there says what to write, the account too; what they did elsewhere is none of the counter's business.
    fn at_counter(actor: &Actor, visit: CounterVisit) -> Self {
        let authority = Authority {
            kind: "counter".to_owned(),
            id: visit.id.to_string(),
            principal: visit.person.name.clone(),
            ..Authority::default()
        };
        let principal = Principal { fiscal_code: visit.person.fiscal_code, name: visit.person.name };
        let verbs = [Verb::Submit, Verb::Account].into_iter().collect();
        Self { in_presence: true, ..Self::with(actor, (authority, principal), (Services::ALL, verbs)) }
    }

    /// Whether only what is filed under this very authority is shown.
    #[must_use]
    pub const fn sees_only_its_own(&self) -> bool {
        self.in_presence
    }

    fn with(actor: &Actor, (authority, principal): (Authority, Principal), granted: (Services, Verbs)) -> Self {
        let actor =
            Actor { on_behalf_of: Some(principal.fiscal_code.clone()), authority: Some(authority), ..actor.clone() };
        Self { actor, principal, granted: Some(granted), in_presence: false }
    }

    /// For whom.
    #[must_use]
    pub const fn principal(&self) -> &Principal {
        &self.principal
    }

    /// Whether it is for themselves.
    #[must_use]
    pub const fn is_own(&self) -> bool {
        self.granted.is_none()
    }

    /// Whether this is allowed for this service: what pages offer.
    #[must_use]
    pub fn allows(&self, service: &str, verb: Verb) -> bool {
        self.granted.as_ref().is_none_or(|(services, verbs)| services.has(service) && verbs.has(verb))
    }

    /// Leave to do this for this service.
    #[must_use]
    pub fn may(&self, service: &str, verb: Verb) -> Option<Acting> {
        self.allows(service, verb).then(|| Acting {
            actor: self.actor.clone(),
            principal: self.principal.clone(),
            verbs: self.granted.as_ref().map(|(_, verbs)| verbs.clone()),
            in_presence: self.in_presence,
        })
    }

    /// The one who acts, with for whom: as acts will name them.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }
}

/// Leave to do one thing for one person, found in the transaction in which it is done.
#[derive(Debug, Clone)]
pub struct Acting {
    actor: Actor,
    principal: Principal,
    /// What is allowed for the same service; `None` for everything, to oneself.
    verbs: Option<Verbs>,
    in_presence: bool,
}

impl Acting {
    /// The one who acts, with for whom: as acts name them.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// For whom.
    #[must_use]
    pub const fn principal(&self) -> &Principal {
        &self.principal
    }

    /// Whether it is for themselves.
    #[must_use]
    pub const fn is_own(&self) -> bool {
        self.verbs.is_none()
    }

    /// How surely it is known who asks, 1 to 3: the level of the e-ID of who acts; somebody whose document an officer has
    /// seen is known as surely as can be.
    #[must_use]
    pub const fn level(&self) -> u8 {
        if self.in_presence { 3 } else { self.actor.level }
    }

    /// Whose the drafts are that are seen and made here: the person's own, at home and by mandate; at the counter those of
    /// this visit, because what somebody began at home is none of the counter's business.
    #[must_use]
    pub fn draft_owner(&self) -> String {
        let visit = self.actor.authority.as_ref().filter(|_| self.in_presence);
        visit.map_or_else(|| self.principal.fiscal_code.clone(), |visit| format!("{COUNTER}{}", visit.id))
    }

    /// Whether what the person asked for earlier is shown.
    #[must_use]
    pub fn sees_earlier(&self) -> bool {
        !self.in_presence && self.allows(Verb::See)
    }

    /// Whether an act lies within what this shows: at the counter only what was filed there and then.
    #[must_use]
    pub fn reaches(&self, filed: &Act) -> bool {
        let by = |actor: &Actor| actor.authority.as_ref().map(|authority| authority.id.clone());
        let same = || filed.body.as_ref().is_some_and(|body| by(&body.actor) == by(&self.actor));
        !self.in_presence || same()
    }

    /// Whether this is allowed for the same service, too.
    #[must_use]
    pub fn allows(&self, verb: Verb) -> bool {
        self.verbs.as_ref().is_none_or(|verbs| verbs.has(verb))
    }

    /// Writes down that somebody else's data were read, in the transaction that reads; of one's own nothing is written.
    /// What cannot be recorded cannot be read.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn record(&self, tx: &mut Tx, web: &Web, what: &Translated, case: Option<Uuid>) -> Result<(), Failure> {
        let Some(authority) = &self.actor.authority else { return Ok(()) };
        let number = Translated::from(authority.number.as_str());
        let office = Translated::from(authority.office.as_deref().unwrap_or_default());
        let by = format!("mandates.by.{}", authority.kind);
        let office = web.words().in_all(&by, &[("number", &number), ("office", &office)]);
        let reader = Reader { id: self.actor.subject.clone(), name: self.actor.name.clone(), office };
        let purpose = web.words().in_all("mandates.read.purpose", &[("by", &reader.office)]);
        let read = DataRead { reader: &reader, purpose: &purpose, subject: &self.principal.fiscal_code, what, case };
        Ok(identity::record_read(tx, web.clock(), web.chance(), &read).await?)
    }
}

#[cfg(test)]
mod tests;
