use base::{Timestamp, Uuid};
use jiff::SignedDuration;

/// For how long who is in charge may allow an emergency register without more (art. 63 c. 2 D.P.R. 445/2000).
const WITHOUT_AUTHORISATION: SignedDuration = SignedDuration::from_hours(24);
/// The longest period that one authorisation allows after that (art. 63 c. 2).
const AUTHORISED: SignedDuration = SignedDuration::from_hours(24 * 7);

/// A stretch during which an office could not use this register and used another one, by authorisation of who is in
/// charge of it (art. 63 D.P.R. 445/2000).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emergency {
    /// Identifier.
    pub id: Uuid,
    /// Whose register.
    pub office: String,
    /// The cause of the interruption.
    pub cause: String,
    /// Its beginning.
    pub started_at: Timestamp,
    /// When the system worked again; `None` while it does not.
    pub ended_at: Option<Timestamp>,
    /// Who declared it.
    pub opened_by: String,
    /// The act that authorises more than 24 hours, for exceptionally serious causes, for at most a week.
    pub authorised_by: Option<String>,
}

impl Emergency {
    /// The last instant at which it allows registrations on the emergency register.
    #[must_use]
    pub fn allowed_until(&self) -> Timestamp {
        let more = if self.authorised_by.is_some() { AUTHORISED } else { SignedDuration::ZERO };
        let longest = self.started_at.saturating_add(WITHOUT_AUTHORISATION.saturating_add(more));
        longest.unwrap_or(Timestamp::MAX)
    }

    /// Whether a registration at `at` lies inside it.
    #[must_use]
    pub fn covers(&self, at: Timestamp) -> bool {
        let end = self.ended_at.unwrap_or(Timestamp::MAX).min(self.allowed_until());
        self.started_at <= at && at <= end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_without_authorisation_and_a_week_more_with_it() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let mut emergency = Emergency {
            id: Uuid::nil(),
            office: "famiglia".to_owned(),
            cause: "Guasto".to_owned(),
            started_at: at("2026-03-02T09:00:00Z"),
            ended_at: None,
            opened_by: "Rosa Inventata".to_owned(),
            authorised_by: None,
        };
        assert!(emergency.covers(at("2026-03-03T09:00:00Z")) && !emergency.covers(at("2026-03-03T09:00:01Z")));
        assert!(!emergency.covers(at("2026-03-02T08:59:59Z")));
        emergency.authorised_by = Some("Determina 1 del 3 marzo 2026".to_owned());
        assert!(emergency.covers(at("2026-03-10T09:00:00Z")) && !emergency.covers(at("2026-03-10T09:00:01Z")));
        emergency.ended_at = Some(at("2026-03-02T12:00:00Z"));
        assert!(!emergency.covers(at("2026-03-02T12:00:01Z")));
    }
}
