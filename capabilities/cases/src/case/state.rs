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
    /// Granted by the law, because the term passed.
    GrantedBySilence,
    /// Refused by the law, because the term passed.
    RefusedBySilence,
    /// Withdrawn by the applicant.
    Withdrawn,
}

base::keyed!(pub State {
    Received => "received",
    InProgress => "in_progress",
    AwaitingApplicant => "awaiting_applicant",
    RefusalProposed => "refusal_proposed",
    Granted => "granted",
    Refused => "refused",
    GrantedBySilence => "granted_by_silence",
    RefusedBySilence => "refused_by_silence",
    Withdrawn => "withdrawn",
});

impl State {
    /// Whether nothing more is to be decided.
    #[must_use]
    pub const fn is_closed(self) -> bool {
        matches!(
            self,
            Self::Granted | Self::Refused | Self::GrantedBySilence | Self::RefusedBySilence | Self::Withdrawn
        )
    }

    /// Whether what was asked for was granted, by somebody or by the law.
    #[must_use]
    pub const fn is_granted(self) -> bool {
        matches!(self, Self::Granted | Self::GrantedBySilence)
    }
}
