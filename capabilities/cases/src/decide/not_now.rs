/// Why something cannot be done to a case now. The words are under `cases.not_now`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotNow {
    /// The case is decided or withdrawn.
    Closed,
    /// Somebody else works on it: take it first.
    NotYours,
    /// It is already in somebody's hands.
    AlreadyTaken,
    /// It is in the hands of the colleague to whom it should be given.
    AlreadyTheirs,
    /// The clock was already stopped once (art. 2 c. 7).
    AlreadySuspended,
    /// The term is over: a clock that ran out cannot be stopped any more.
    TermOver,
    /// The service foresees no suspension.
    SuspensionNotForeseen,
    /// The deadline is before tomorrow or after the longest suspension.
    Deadline,
    /// No field was chosen.
    NoFields,
    /// Reasons are required.
    NoReasons,
    /// This service requires a notice before refusal (art. 10-bis), and ten days for the answer.
    NoticeFirst,
    /// The service foresees no notice before refusal.
    NoticeNotForeseen,
    /// The notice was sent already: there is one only.
    NoticeSent,
    /// The observations must be discussed in the decision.
    ObservationsIgnored,
    /// Granting against the rules needs a reason.
    OverrideNeedsReason,
    /// The applicant says that what was filed at the counter is not theirs: granting it all the same needs a reason.
    ContestedNeedsReason,
    /// The applicant says that what was filed at the counter is not theirs: somebody must look.
    Contested,
    /// Who filed it at the counter neither examines nor decides it (art. 6-bis L. 241/1990).
    FiledByOfficer,
    /// Who is named in it neither examines nor decides it (art. 6-bis L. 241/1990).
    ConcernsOfficer,
    /// Nothing was asked of the applicant.
    NothingAsked,
    /// The applicant was asked for something and still has time to answer.
    AwaitingAnswer,
    /// The law granted when the term passed: an act would have no effect (art. 2 c. 8-bis).
    ConsentFormed,
    /// The law refused when the term passed.
    RefusalFormed,
    /// The term still runs.
    TermRuns,
    /// Silence decides nothing here.
    SilenceMeansNothing,
    /// Silence decides here: nobody need conclude in place of the office.
    SilenceDecides,
    /// The substitute was called already.
    SubstituteCalled,
    /// The substitute has the case in hand.
    SubstituteAtWork,
    /// No law lets the office extend its term.
    ExtensionNotForeseen,
    /// The term was extended already: it can be done once.
    AlreadyExtended,
    /// By no days, or by more than the law allows.
    ExtensionDays,
    /// Nobody is named of whom the opinion is asked.
    NoExpert,
    /// The opinion was asked of somebody else.
    NotTheExpert,
    /// No other office may have a case of this service.
    NoOtherOffice,
    /// The office is none of those that may have it.
    WrongOffice,
    /// A colleague works on it.
    HeldByColleague,
    /// A colleague's or an expert's opinion is awaited.
    OpinionAwaited,
    /// The applicant was told why it may be refused.
    RefusalUnderWay,
    /// The applicant answered otherwise than a registry knows.
    AgainstRegistry,
    /// The rules say that it is not due.
    NotDue,
    /// Facts are missing that the rules need.
    FactsMissing,
    /// The rules say nothing of it.
    NotComputed,
    /// The case is not as it was when the list was made.
    MovedOn,
    /// An officer took it out of the mass decision.
    TakenOut,
    /// Grounds that follow from observations need observations: others may not be added after the notice (art. 10-bis).
    NewGrounds,
}

impl NotNow {
    /// The key of the words that tell it to a person.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Closed => "cases.not_now.closed",
            Self::NotYours => "cases.not_now.not_yours",
            Self::AlreadyTaken => "cases.not_now.already_taken",
            Self::AlreadyTheirs => "cases.not_now.already_theirs",
            Self::TermOver => "cases.not_now.term_over",
            Self::SuspensionNotForeseen => "cases.not_now.suspension_not_foreseen",
            Self::NoticeSent => "cases.not_now.notice_sent",
            Self::AlreadySuspended => "cases.not_now.already_suspended",
            Self::Deadline => "cases.not_now.deadline",
            Self::NoFields => "cases.not_now.no_fields",
            Self::NoReasons => "cases.not_now.no_reasons",
            Self::NoticeFirst => "cases.not_now.notice_first",
            Self::NoticeNotForeseen => "cases.not_now.notice_not_foreseen",
            Self::ObservationsIgnored => "cases.not_now.observations_ignored",
            Self::OverrideNeedsReason => "cases.not_now.override_needs_reason",
            Self::ContestedNeedsReason => "cases.not_now.contested_needs_reason",
            Self::Contested => "cases.not_now.contested",
            Self::FiledByOfficer => "cases.not_now.filed_by_officer",
            Self::ConcernsOfficer => "cases.not_now.concerns_officer",
            Self::NothingAsked => "cases.not_now.nothing_asked",
            Self::AwaitingAnswer => "cases.not_now.awaiting_answer",
            Self::ConsentFormed => "cases.not_now.consent_formed",
            Self::RefusalFormed => "cases.not_now.refusal_formed",
            Self::TermRuns => "cases.not_now.term_runs",
            Self::SilenceMeansNothing => "cases.not_now.silence_means_nothing",
            Self::SilenceDecides => "cases.not_now.silence_decides",
            Self::SubstituteCalled => "cases.not_now.substitute_called",
            Self::SubstituteAtWork => "cases.not_now.substitute_at_work",
            Self::ExtensionNotForeseen => "cases.not_now.extension_not_foreseen",
            Self::AlreadyExtended => "cases.not_now.already_extended",
            Self::ExtensionDays => "cases.not_now.extension_days",
            Self::NoExpert => "cases.not_now.no_expert",
            Self::NotTheExpert => "cases.not_now.not_the_expert",
            Self::NoOtherOffice => "cases.not_now.no_other_office",
            Self::WrongOffice => "cases.not_now.wrong_office",
            Self::HeldByColleague => "cases.not_now.held_by_colleague",
            Self::OpinionAwaited => "cases.not_now.opinion_awaited",
            Self::RefusalUnderWay => "cases.not_now.refusal_under_way",
            Self::AgainstRegistry => "cases.not_now.against_registry",
            Self::NotDue => "cases.not_now.not_due",
            Self::FactsMissing => "cases.not_now.facts_missing",
            Self::NotComputed => "cases.not_now.not_computed",
            Self::MovedOn => "cases.not_now.moved_on",
            Self::TakenOut => "cases.not_now.taken_out",
            Self::NewGrounds => "cases.not_now.new_grounds",
        }
    }
}
