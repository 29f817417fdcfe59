use std::collections::BTreeMap;

use acts::Act;
use base::{Date, Timestamp, Uuid, rome_date};
use deadlines::{Event, EventKind};
use rules::{Decision, Facts};
use serde::de::DeserializeOwned;

use crate::payload::{
    Attachment, Granted, IntegrationRequested, IntegrationSupplied, LetterIssued, RefusalReasons, Submitted, Taken,
    Words, kind,
};

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Filed, and in nobody's hands: not taken yet, or given back.
    Received,
    /// An officer works on it.
    InProgress,
    /// The applicant was asked for something.
    AwaitingApplicant,
    /// The applicant was told why it may be refused.
    RefusalProposed,
    /// Granted.
    Granted,
    /// Refused.
    Refused,
    /// Withdrawn by the applicant.
    Withdrawn,
}

impl State {
    /// Every state, in the order of filters.
    pub const ALL: [Self; 7] = [
        Self::Received,
        Self::InProgress,
        Self::AwaitingApplicant,
        Self::RefusalProposed,
        Self::Granted,
        Self::Refused,
        Self::Withdrawn,
    ];

    /// As stored; also the last part of its key in the words.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::InProgress => "in_progress",
            Self::AwaitingApplicant => "awaiting_applicant",
            Self::RefusalProposed => "refusal_proposed",
            Self::Granted => "granted",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state that is stored under `key`.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }

    /// Whether nothing more is to be decided.
    #[must_use]
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Granted | Self::Refused | Self::Withdrawn)
    }
}

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
    /// What the rules say of them.
    pub decision: Option<Decision>,
    /// Who works on it.
    pub officer: Option<Taken>,
    /// What the applicant was asked and has not answered.
    pub open_request: Option<OpenRequest>,
    /// The reasons for a possible refusal, once told.
    pub proposal: Option<RefusalReasons>,
    /// The applicant's answer to them.
    pub observations: Option<String>,
    /// The amount granted, as decimal text.
    pub granted: Option<Granted>,
    /// The reasons of a refusal.
    pub refused: Option<RefusalReasons>,
    /// What moves the statutory clock, in order.
    pub events: Vec<Event>,
    /// Files that belong to the case, those of integrations included.
    pub attachments: Vec<Attachment>,
    /// Letters issued so far, oldest first, with the act that says so.
    pub letters: Vec<(i64, LetterIssued)>,
    /// How many acts the case has.
    pub last_seq: i64,
    /// When the last one was.
    pub last_at: Timestamp,
    /// The day on which it was decided or withdrawn.
    pub closed_on: Option<Date>,
}

impl Case {
    /// Derives a case from its acts. `None` when the first act, or its content, is missing: there is nothing to show
    /// of a case whose personal content was erased.
    #[must_use]
    pub fn from_acts(acts: &[Act]) -> Option<Self> {
        let (first, rest) = acts.split_first()?;
        let mut case = Self::opened(first)?;
        for act in rest {
            case.apply(act);
        }
        Some(case)
    }

    fn opened(act: &Act) -> Option<Self> {
        let submitted: Submitted = payload(act).filter(|_| act.kind == kind::SUBMITTED)?;
        Some(Self {
            id: act.case,
            submitted_at: act.at,
            state: State::Received,
            answers: submitted.answers.clone(),
            decision: submitted.decision.clone(),
            officer: None,
            open_request: None,
            proposal: None,
            observations: None,
            granted: None,
            refused: None,
            events: vec![Event::new(rome_date(act.at), EventKind::Received)],
            attachments: submitted.attachments.clone(),
            letters: Vec::new(),
            last_seq: act.seq,
            last_at: act.at,
            closed_on: None,
            submitted,
        })
    }

    /// Takes in one more act. Acts whose content was erased move only the count.
    fn apply(&mut self, act: &Act) {
        self.last_seq = act.seq;
        self.last_at = act.at;
        match act.kind.as_str() {
            // What `assigned` says beyond the officer is for readers of the book.
            kind::TAKEN | kind::ASSIGNED => self.take(payload(act)),
            kind::RELEASED => self.give_back(),
            kind::INTEGRATION_REQUESTED => self.ask(act),
            kind::INTEGRATION_SUPPLIED => self.supply(act),
            kind::INTEGRATION_LAPSED => self.resume(),
            kind::REFUSAL_PROPOSED => self.propose(act),
            kind::OBSERVATIONS_FILED => self.observe(act),
            kind::GRANTED => self.close(State::Granted, EventKind::Decided, act),
            kind::REFUSED => self.close(State::Refused, EventKind::Decided, act),
            kind::WITHDRAWN => self.close(State::Withdrawn, EventKind::Withdrawn, act),
            kind::LETTER_ISSUED => self.letters.extend(payload(act).map(|letter| (act.seq, letter))),
            _ => {}
        }
    }

    fn take(&mut self, taken: Option<Taken>) {
        self.officer = taken;
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
        let Some(request) = payload::<IntegrationRequested>(act) else { return };
        let kind = EventKind::IntegrationRequested { answer_by: Some(request.deadline) };
        self.events.push(Event::new(rome_date(act.at), kind));
        self.open_request = Some(OpenRequest { seq: act.seq, request });
        self.state = State::AwaitingApplicant;
    }

    fn supply(&mut self, act: &Act) {
        let Some(supplied) = payload::<IntegrationSupplied>(act) else { return };
        self.attachments.extend(supplied.attachments);
        self.answers = supplied.answers;
        self.decision = supplied.decision;
        self.events.push(Event::new(rome_date(act.at), EventKind::IntegrationSupplied));
        self.resume();
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
        self.proposal = payload(act);
        self.events.push(Event::new(rome_date(act.at), EventKind::RefusalNoticeReceived));
        self.state = State::RefusalProposed;
    }

    fn observe(&mut self, act: &Act) {
        self.observations = payload::<Words>(act).map(|words| words.text);
        self.events.push(Event::new(rome_date(act.at), EventKind::ObservationsFiled));
    }

    fn close(&mut self, state: State, event: EventKind, act: &Act) {
        self.state = state;
        self.open_request = None;
        self.closed_on = Some(rome_date(act.at));
        self.events.push(Event::new(rome_date(act.at), event));
        match state {
            State::Granted => self.granted = payload(act),
            State::Refused => self.refused = payload(act),
            _ => self.granted = None, // a grant that was renounced is none
        }
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

fn payload<T: DeserializeOwned>(act: &Act) -> Option<T> {
    let body = act.body.as_ref()?;
    let parsed = serde_json::from_value(body.payload.clone());
    parsed.inspect_err(|error| tracing::error!(position = act.position, kind = act.kind, %error, "unreadable act")).ok()
}
