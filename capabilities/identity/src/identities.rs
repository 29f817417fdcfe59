//! The digital identities with which a person has come. Whoever obtains one in somebody else's name (a forged document at a
//! careless provider is enough) logs in as that person: so a new one is told to the person at the next login with an older
//! one, and new payment accounts and addresses must wait meanwhile.

use base::{FiscalCode, Timestamp};
use database::Tx;
use jiff::SignedDuration;

use crate::store::identities as store;

/// How long after the first login with a new identity payment accounts and addresses stay as they are: long enough for a
/// person to come by and say that it is a stranger's.
pub const FREEZE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What was said of an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The person's own.
    Own,
    /// Somebody else's: nobody logs in with it any more.
    Stranger,
}

impl Verdict {
    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Stranger => "stranger",
        }
    }

    /// What [`Verdict::as_str`] wrote.
    #[must_use]
    pub fn stored(text: &str) -> Option<Self> {
        [Self::Own, Self::Stranger].into_iter().find(|verdict| verdict.as_str() == text)
    }
}

/// Who said it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaidBy {
    /// The person, from an older identity.
    Person,
    /// The office, which saw a document.
    Office,
}

impl SaidBy {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Office => "office",
        }
    }
}

/// A digital identity with which somebody came as this person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigitalIdentity {
    /// Which provider.
    pub provider: String,
    /// `spidCode`, or the digest that names a card of services; empty where there is none (CIE).
    pub account: String,
    /// First login with it.
    pub first_login_at: Timestamp,
    /// Last login with it, where it was noted.
    pub last_login_at: Option<Timestamp>,
    /// What was said of it, and by whom.
    pub verdict: Option<(Verdict, SaidBy)>,
}

impl DigitalIdentity {
    /// Whether it is the one of this account, by whichever protocol somebody comes: `spidCode` names an account of the whole
    /// federation, and a person has one CIE (which has no code).
    pub(crate) fn is(&self, account: &str) -> bool {
        self.account == account
    }

    /// Whether nobody logs in with it.
    #[must_use]
    pub fn is_barred(&self) -> bool {
        self.verdict.is_some_and(|(verdict, _)| verdict == Verdict::Stranger)
    }
}

/// Why payment accounts and addresses stay as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freeze {
    /// A new identity came a short time ago, and nobody has said whose it is: until this instant.
    Until(Timestamp),
    /// The person says that it is a stranger's: until the office has seen documents.
    UntilChecked,
}

/// The digital identities of a person, oldest first.
///
/// # Errors
/// What the database refuses.
pub async fn identities_of(tx: &mut Tx, person: &FiscalCode) -> database::Result<Vec<DigitalIdentity>> {
    store::of_person(tx, person.as_str()).await
}

/// Whether new payment accounts and addresses of a person must wait.
///
/// # Errors
/// What the database refuses.
pub async fn freeze(tx: &mut Tx, person: &str, now: Timestamp) -> database::Result<Option<Freeze>> {
    Ok(freeze_of(&store::of_person(tx, person).await?, now))
}

/// The first identity makes nobody wait: most people have one.
pub(crate) fn freeze_of(identities: &[DigitalIdentity], now: Timestamp) -> Option<Freeze> {
    let freezes = identities.iter().skip(1).filter_map(|one| match one.verdict {
        Some((Verdict::Stranger, SaidBy::Person)) => Some(Freeze::UntilChecked),
        Some(_) => None,
        None => {
            let end = one.first_login_at.saturating_add(FREEZE).unwrap_or(Timestamp::MAX);
            (now < end).then_some(Freeze::Until(end))
        }
    });
    freezes.max_by_key(|freeze| match freeze {
        Freeze::Until(end) => *end,
        Freeze::UntilChecked => Timestamp::MAX,
    })
}

/// Says of the identity at `place` (0 is the oldest) whose it is, for an office that saw a document. Sessions of a
/// stranger's identity end. `false` when there is no such identity.
///
/// # Errors
/// What the database refuses.
pub async fn settle_identity(
    tx: &mut Tx,
    person: &FiscalCode,
    place: usize,
    verdict: Verdict,
    now: Timestamp,
) -> database::Result<bool> {
    let identities = store::of_person(tx, person.as_str()).await?;
    let Some(one) = identities.get(place) else { return Ok(false) };
    say(tx, person.as_str(), one, (verdict, SaidBy::Office), now).await?;
    Ok(true)
}

/// Writes down what was said of an identity; what a stranger opened ends.
pub(crate) async fn say(
    tx: &mut Tx,
    person: &str,
    one: &DigitalIdentity,
    (verdict, by): (Verdict, SaidBy),
    now: Timestamp,
) -> database::Result<()> {
    store::say(tx, person, one, (verdict, by), now).await?;
    if verdict == Verdict::Stranger {
        let opened =
            |session: &web::Session| crate::person::Kept::of(session).is_some_and(|kept| one.is(kept.account()));
        web::sessions::end_where(tx, person, opened).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> Timestamp {
        "2026-03-02T09:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_hours(hours)
    }

    fn identity(hours: i64, verdict: Option<(Verdict, SaidBy)>) -> DigitalIdentity {
        DigitalIdentity {
            provider: format!("https://{hours}.example"),
            account: String::new(),
            first_login_at: at(hours),
            last_login_at: None,
            verdict,
        }
    }

    #[test]
    fn only_a_second_identity_makes_wait_and_not_for_ever() {
        let first = identity(0, None);
        assert_eq!(freeze_of(&[], at(0)), None);
        assert_eq!(freeze_of(std::slice::from_ref(&first), at(1)), None, "most people have one");
        let both = [first, identity(100, None)];
        let end = at(100 + 7 * 24);
        assert_eq!(freeze_of(&both, at(100)), Some(Freeze::Until(end)));
        assert_eq!(freeze_of(&both, end - SignedDuration::from_secs(1)), Some(Freeze::Until(end)));
        assert_eq!(freeze_of(&both, end), None);
    }

    #[test]
    fn what_was_said_ends_the_wait_or_makes_it_last_until_the_office_looks() {
        let with = |verdict| [identity(0, None), identity(100, Some(verdict))];
        assert_eq!(freeze_of(&with((Verdict::Own, SaidBy::Person)), at(101)), None);
        assert_eq!(freeze_of(&with((Verdict::Stranger, SaidBy::Person)), at(9_999)), Some(Freeze::UntilChecked));
        assert_eq!(freeze_of(&with((Verdict::Stranger, SaidBy::Office)), at(101)), None);
        let third = [identity(0, None), identity(1, Some((Verdict::Stranger, SaidBy::Person))), identity(100, None)];
        assert_eq!(freeze_of(&third, at(101)), Some(Freeze::UntilChecked));
    }
}
