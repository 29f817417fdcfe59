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

impl State {
    /// Every state, in the order of filters.
    pub const ALL: [Self; 9] = [
        Self::Received,
        Self::InProgress,
        Self::AwaitingApplicant,
        Self::RefusalProposed,
        Self::Granted,
        Self::Refused,
        Self::GrantedBySilence,
        Self::RefusedBySilence,
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
            Self::GrantedBySilence => "granted_by_silence",
            Self::RefusedBySilence => "refused_by_silence",
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
