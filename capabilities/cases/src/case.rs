mod office;
mod state;
mod time;

use std::collections::{BTreeMap, BTreeSet};

use acts::{Act, Actor};
use base::{Date, FiscalCode, Timestamp, Uuid, rome_date};
use deadlines::{Event, EventKind};
use rules::{Decision, Facts, Value};

pub use office::AtOffice;
pub use state::State;
pub use time::Opinion;

use crate::payload::{
    Attachment, Extended, Granted, IntegrationRequested, IntegrationSupplied, LetterIssued, PassedOn, RefusalReasons,
    Replaced, SilenceEffect, Source, Submitted, SubstituteTookOver, Taken, Words, kind,
};

/// A request to the applicant that is still open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenRequest {
    /// The act that asks.
    pub seq: i64,
    /// What is asked.
    pub request: IntegrationRequested,
}

/// A case as its acts tell it.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Identifier.
    pub id: Uuid,
    /// The application as it was filed.
    pub submitted: Submitted,
    /// When it was filed: the instant of the protocol.
    pub submitted_at: Timestamp,
    /// Where it stands.
    pub state: State,
    /// The answers now, integrations included.
    pub answers: Facts,
    /// By path: where those of them come from that nobody typed.
    pub sources: BTreeMap<String, Source>,
    /// By path: those that the person gave in the place of what a registry knows, when applying or when asked again.
    pub replaced: BTreeMap<String, Replaced>,
    /// What the rules say of them.
    pub decision: Option<Decision>,
    /// How it came to its present office, where that is not the one it was filed with.
    pub passed_on: Option<PassedOn>,
    /// Who works on it.
    pub officer: Option<Taken>,
    /// What the applicant was asked and has not answered.
    pub open_request: Option<OpenRequest>,
    /// The reasons for a possible refusal, once told.
    pub proposal: Option<RefusalReasons>,
    /// The applicant's answer to them.
    pub observations: Option<String>,
    /// The extension of the term, if there was one.
    pub extension: Option<Extended>,
    /// Opinions that were asked of experts, in order.
    pub opinions: Vec<Opinion>,
    /// Whoever holds the substitute power, once they took the case in hand, also after it went to somebody else.
    pub substitute: Option<SubstituteTookOver>,
    /// What the law did when the term passed.
    pub silence: Option<SilenceEffect>,
    /// What was granted, and why; `None` again once the applicant renounced it.
    pub granted: Option<Granted>,
    /// The reasons of a refusal.
    pub refused: Option<RefusalReasons>,
    /// What moves the statutory clock, in order.
    pub events: Vec<Event>,
    /// Files that belong to the case, those of integrations included.
    pub attachments: Vec<Attachment>,
    /// Letters issued so far, oldest first, with the act that says so.
    pub letters: Vec<(i64, LetterIssued)>,
    /// The day on which it was decided or withdrawn.
    pub closed_on: Option<Date>,
    /// The acts that tell all this, in order.
    pub acts: Vec<Act>,
}

impl Case {
    /// Derives a case from its acts. `None` when the first act, or its content, is missing: there is nothing to show
    /// of a case whose personal content was erased.
    #[must_use]
    pub fn from_acts(acts: Vec<Act>) -> Option<Self> {
        let mut acts = acts.into_iter();
        let case = Self::opened(acts.next()?)?;
        Some(acts.fold(case, Self::after))
    }

    fn opened(act: Act) -> Option<Self> {
        let submitted = act.payload_of::<Submitted>(kind::SUBMITTED)?;
        Some(Self {
            id: act.case,
            submitted_at: act.at,
            state: State::Received,
            answers: submitted.answers.clone(),
            sources: submitted.sources.clone(),
            replaced: submitted.replaced.clone(),
            decision: submitted.decision.clone(),
            passed_on: None,
            officer: None,
            open_request: None,
            proposal: None,
            observations: None,
            extension: None,
            opinions: Vec::new(),
            substitute: None,
            silence: None,
            granted: None,
            refused: None,
            events: vec![Event::new(rome_date(act.at), EventKind::Received)],
            attachments: submitted.attachments.clone(),
            letters: Vec::new(),
            closed_on: None,
            submitted,
            acts: vec![act],
        })
    }

    /// The case after one more act.
    #[must_use]
    pub fn after(mut self, act: Act) -> Self {
        self.apply(&act);
        self.acts.push(act);
        self
    }

    /// Whether somebody of an office filed it for the applicant, who was there.
    #[must_use]
    pub fn was_filed_at_counter(&self) -> bool {
        self.counter_operator().is_some()
    }

    /// Whether this officer filed it for the applicant, who was there.
    #[must_use]
    pub fn was_filed_by(&self, officer: &str) -> bool {
        self.counter_operator() == Some(officer)
    }

    fn counter_operator(&self) -> Option<&str> {
        let actor = &self.acts.first()?.body.as_ref()?.actor;
        let at_counter = actor.authority.as_ref().is_some_and(|authority| authority.kind == "counter");
        at_counter.then_some(actor.subject.as_str())
    }

    /// The fiscal codes of all whom it names: who asks and for whom, who did anything for them, who signed, whom the answers speak of.
    #[must_use]
    pub fn people(&self) -> BTreeSet<String> {
        let submitted = &self.submitted;
        let actors = self.acts.iter().filter_map(|act| act.body.as_ref()).map(|body| &body.actor);
        let actors = actors.filter(|actor| actor.door == acts::Door::Citizen).map(|actor| &actor.subject);
        let signed = submitted.signed.iter().flat_map(|signed| &signed.signatures).map(|one| &one.fiscal_code);
        let members = self.answers.groups.values().flatten().flat_map(BTreeMap::values);
        let told = self.answers.values.values().chain(members).filter_map(|value| match value {
            Value::Text(text) => Some(text),
            _ => None,
        });
        let all = [&submitted.applicant.fiscal_code].into_iter().chain(actors).chain(signed).chain(told);
        all.filter_map(|text| text.parse::<FiscalCode>().ok()).map(|code| code.to_string()).collect()
    }

    /// What the applicant said against a filing at the counter.
    #[must_use]
    pub fn contested(&self) -> Option<String> {
        let said = self.acts.iter().find(|act| act.kind == kind::FILING_CONTESTED)?;
        said.payload::<Words>().map(|words| words.text)
    }

    /// Whether this officer works on it.
    #[must_use]
    pub fn is_held_by(&self, officer: &str) -> bool {
        self.officer.as_ref().is_some_and(|taken| taken.officer == officer)
    }

    /// Whether whoever acts works on it, or does the work of a colleague who is away and does.
    #[must_use]
    pub fn is_in_hands_of(&self, actor: &Actor) -> bool {
        let stands_in = actor.authority.as_ref().filter(|authority| authority.kind == identity::STAND_IN);
        self.is_held_by(&actor.subject) || stands_in.is_some_and(|away| self.is_held_by(&away.id))
    }

    /// The place of the last act: how many there are.
    #[must_use]
    pub fn last_seq(&self) -> i64 {
        self.acts.last().map_or(0, |act| act.seq)
    }

    /// When the last act was.
    #[must_use]
    pub fn last_at(&self) -> Timestamp {
        self.acts.last().map_or(self.submitted_at, |act| act.at)
    }

    /// Acts whose content was erased, or is of a form that nobody knows, move only the count.
    fn apply(&mut self, act: &Act) {
        if act.body.is_none() {
            return;
        }
        match act.kind.as_str() {
            // What `assigned` says beyond the officer is for readers of the book.
            kind::TAKEN | kind::ASSIGNED => self.take(act),
            kind::RELEASED => self.give_back(),
            kind::PASSED_ON => self.pass_on(act),
            kind::INTEGRATION_REQUESTED => self.ask(act),
            kind::INTEGRATION_SUPPLIED => self.supply(act),
            kind::INTEGRATION_LAPSED => self.resume(),
            kind::REFUSAL_PROPOSED => self.propose(act),
            kind::OBSERVATIONS_FILED => self.observe(act),
            kind::EXTENDED => self.extend(act),
            kind::OPINION_REQUESTED => self.consult(act),
            kind::OPINION_REMINDED => self.remind(act),
            kind::OPINION_GIVEN => self.hear_expert(act),
            kind::SUBSTITUTE_CALLED => self.events.push(Event::new(rome_date(act.at), EventKind::SubstituteCalled)),
            kind::SUBSTITUTE_TOOK_OVER => self.take_over(act),
            kind::SILENCE_CONSENT => self.settle_by_silence(State::GrantedBySilence, act),
            kind::SILENCE_REFUSAL => self.settle_by_silence(State::RefusedBySilence, act),
            kind::GRANTED => self.grant(act),
            kind::REFUSED => self.refuse(act),
            kind::WITHDRAWN => self.withdraw(act),
            kind::LETTER_ISSUED => self.letters.extend(act.payload().map(|letter| (act.seq, letter))),
            _ => {}
        }
    }

    fn take(&mut self, act: &Act) {
        let Some(taken) = act.payload::<Taken>() else { return };
        self.officer = Some(taken);
        if self.state == State::Received {
            self.state = State::InProgress;
        }
    }

    fn give_back(&mut self) {
        self.officer = None;
        if self.state == State::InProgress {
            self.state = State::Received;
        }
    }

    fn ask(&mut self, act: &Act) {
        let Some(request) = act.payload::<IntegrationRequested>() else { return };
        let kind = EventKind::IntegrationRequested { answer_by: Some(request.deadline) };
        self.events.push(Event::new(rome_date(act.at), kind));
        self.open_request = Some(OpenRequest { seq: act.seq, request });
        self.state = State::AwaitingApplicant;
    }

    fn supply(&mut self, act: &Act) {
        let Some(supplied) = act.payload::<IntegrationSupplied>() else { return };
        let day = rome_date(act.at);
        for path in &supplied.paths {
            self.typed(path, day);
        }
        self.attachments.extend(supplied.attachments);
        self.answers = supplied.answers;
        self.decision = supplied.decision;
        self.events.push(Event::new(day, EventKind::IntegrationSupplied));
        self.resume();
    }

    /// An answer that was asked again is the person's own word, also where a registry's stood before.
    fn typed(&mut self, path: &str, on: Date) {
        if let Some(Source { registry, registry_name, .. }) = self.sources.remove(path) {
            self.replaced.insert(path.to_owned(), Replaced { registry, registry_name, on });
        } else if let Some(earlier) = self.replaced.get_mut(path) {
            earlier.on = on;
        }
    }

    /// The clock runs again; a lapse needs no event, because the suspension ends by itself at its deadline.
    fn resume(&mut self) {
        self.open_request = None;
        self.state = match (&self.proposal, &self.officer) {
            (Some(_), _) => State::RefusalProposed,
            (None, Some(_)) => State::InProgress,
            (None, None) => State::Received,
        };
    }

    fn propose(&mut self, act: &Act) {
        let Some(reasons) = act.payload::<RefusalReasons>() else { return };
        self.proposal = Some(reasons);
        self.events.push(Event::new(rome_date(act.at), EventKind::RefusalNoticeReceived));
        self.state = State::RefusalProposed;
    }

    fn observe(&mut self, act: &Act) {
        let Some(words) = act.payload::<Words>() else { return };
        self.observations = Some(words.text);
        self.events.push(Event::new(rome_date(act.at), EventKind::ObservationsFiled));
    }

    fn grant(&mut self, act: &Act) {
        let Some(granted) = act.payload::<Granted>() else { return };
        self.granted = Some(granted);
        self.close(State::Granted, EventKind::Decided, act);
    }

    fn refuse(&mut self, act: &Act) {
        let Some(reasons) = act.payload::<RefusalReasons>() else { return };
        self.refused = Some(reasons);
        self.close(State::Refused, EventKind::Decided, act);
    }

    fn withdraw(&mut self, act: &Act) {
        self.granted = None; // a grant that was renounced is none
        self.close(State::Withdrawn, EventKind::Withdrawn, act);
    }

    fn close(&mut self, state: State, event: EventKind, act: &Act) {
        self.state = state;
        self.open_request = None;
        self.closed_on = Some(rome_date(act.at));
        self.events.push(Event::new(rome_date(act.at), event));
    }

    /// Whether the applicant reads of this act: notes are the office's, and so are opinions that were asked in
    /// confidence. (What the applicant may see of the file on request is another matter.)
    #[must_use]
    pub fn is_for_applicant(&self, act: &Act) -> bool {
        let shared = |seq: i64| self.opinions.iter().any(|one| one.seq == seq && one.request.shared);
        match act.kind.as_str() {
            kind::NOTE_ADDED => false,
            kind::OPINION_REQUESTED => shared(act.seq),
            kind::OPINION_REMINDED | kind::OPINION_GIVEN => act.field("request").as_i64().is_some_and(shared),
            _ => true,
        }
    }

    /// Whether the applicant is given the act whole, as a proof holds it: why a colleague got the case is the office's.
    #[must_use]
    pub fn is_open_to_applicant(&self, act: &Act) -> bool {
        self.is_for_applicant(act) && (act.kind != kind::ASSIGNED || act.text("reason").is_empty())
    }

    /// Names of attached files by identifier.
    #[must_use]
    pub fn file_names(&self) -> BTreeMap<String, String> {
        let files = self.attachments.iter();
        files.map(|file| (file.upload.clone(), file.file_name.clone())).collect()
    }

    /// Where the statutory clock stands on `today`.
    #[must_use]
    pub fn term(&self, rules: &deadlines::Rules, calendar: &deadlines::Calendar, today: Date) -> deadlines::State {
        let clock = deadlines::Clock::new(rules, calendar);
        let state =
            clock.state(&self.events, today).or_else(|| clock.state(&self.events, rome_date(self.submitted_at)));
        state.expect("a case begins with its receipt, so its clock has a start on that day at the latest")
    }
}
