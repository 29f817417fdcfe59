//! What may happen to an application that waits for signatures: pure, and in one place.

use base::{Timestamp, Uuid};

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Somebody has not answered yet.
    Waiting,
    /// Everybody signed, and it is filed.
    Filed,
    /// Somebody declined.
    Declined,
    /// The applicant took it back.
    TakenBack,
    /// The time for signatures is over.
    Expired,
}

impl State {
    const ALL: [Self; 5] = [Self::Waiting, Self::Filed, Self::Declined, Self::TakenBack, Self::Expired];

    /// As the table and the keys of words write it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Filed => "filed",
            Self::Declined => "declined",
            Self::TakenBack => "taken_back",
            Self::Expired => "expired",
        }
    }

    /// The state of this key.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }
}

/// What somebody answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Signed.
    Signed,
    /// Declined.
    Declined,
}

/// An answer with all that is kept of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Which one.
    pub answer: Answer,
    /// When.
    pub at: Timestamp,
    /// Given name and surname, as the e-ID gave them.
    pub name: String,
    /// The level of the e-ID.
    pub level: u8,
    /// The digest of what was signed.
    pub digest: String,
    /// Why it was declined.
    pub reason: String,
}

/// Somebody who must sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Fiscal code.
    pub code: String,
    /// As what, in Italian.
    pub role: String,
    /// What they answered.
    pub answered: Option<Answered>,
    /// When they were last reminded.
    pub reminded_at: Option<Timestamp>,
}

/// An application that waits, or waited, for signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signing {
    /// Identifier.
    pub id: Uuid,
    /// Fiscal code of the applicant.
    pub applicant: String,
    /// Name of the applicant.
    pub applicant_name: String,
    /// Slug of the service.
    pub service: String,
    /// Version of its folder.
    pub service_version: String,
    /// Its Italian name.
    pub service_name: String,
    /// Where it stands.
    pub state: State,
    /// When the applicant confirmed it.
    pub confirmed_at: Timestamp,
    /// From when on nobody signs any more.
    pub expires_at: Timestamp,
    /// Digest of the text.
    pub digest: String,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// When the applicant last had everybody reminded.
    pub asked_again_at: Option<Timestamp>,
    /// The case that came of it.
    pub case: Option<Uuid>,
    /// Who must sign, in the order of the answers.
    pub people: Vec<Person>,
}

/// What somebody wants to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Move {
    /// Sign what has this digest.
    Sign(Answered),
    /// Decline.
    Decline(Answered),
}

/// Why a signature is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotSigned {
    /// This person need not sign: for them there is nothing.
    Stranger,
    /// They signed, or declined, before.
    Answered,
    /// It has ended.
    Ended(State),
    /// What they saw is not what is to be signed.
    OtherText,
}

impl Signing {
    /// The person of this code.
    #[must_use]
    pub fn person(&self, code: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.code == code)
    }

    /// Where it stands at an instant: over time counts also before anybody wrote it down.
    #[must_use]
    pub fn state_at(&self, now: Timestamp) -> State {
        if self.state == State::Waiting && self.expires_at <= now { State::Expired } else { self.state }
    }

    /// Those who signed.
    pub fn signed(&self) -> impl Iterator<Item = (&Person, &Answered)> {
        self.people.iter().filter_map(|person| {
            let answered = person.answered.as_ref().filter(|answered| answered.answer == Answer::Signed)?;
            Some((person, answered))
        })
    }

    /// Those who have not answered.
    pub fn silent(&self) -> impl Iterator<Item = &Person> {
        self.people.iter().filter(|person| person.answered.is_none())
    }

    /// The signing after what this person does: waiting still, declined, or [`State::Filed`] with the last signature.
    ///
    /// # Errors
    /// [`NotSigned`], and nothing is different then.
    pub fn after(mut self, code: &str, done: Move) -> Result<Self, NotSigned> {
        let (answered, signs) = match done {
            Move::Sign(answered) => (answered, true),
            Move::Decline(answered) => (answered, false),
        };
        let state = self.state_at(answered.at);
        let person = self.people.iter_mut().find(|person| person.code == code).ok_or(NotSigned::Stranger)?;
        if person.answered.is_some() {
            return Err(NotSigned::Answered);
        }
        if state != State::Waiting {
            return Err(NotSigned::Ended(state));
        }
        if signs && answered.digest != self.digest {
            return Err(NotSigned::OtherText);
        }
        let at = answered.at;
        person.answered = Some(answered);
        let last = self.silent().next().is_none();
        self.state = match (signs, last) {
            (false, _) => State::Declined,
            (true, false) => State::Waiting,
            (true, true) => State::Filed,
        };
        self.ended_at = (self.state != State::Waiting).then_some(at);
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + minute * 60).expect("an instant")
    }

    fn signing(many: usize) -> Signing {
        let person = |place: usize| Person {
            code: format!("P{place}"),
            role: "cofirmatario".to_owned(),
            answered: None,
            reminded_at: None,
        };
        Signing {
            id: Uuid::nil(),
            applicant: "A".to_owned(),
            applicant_name: "Ada Prova".to_owned(),
            service: "s".to_owned(),
            service_version: "1".to_owned(),
            service_name: "S".to_owned(),
            state: State::Waiting,
            confirmed_at: at(0),
            expires_at: at(1_000),
            digest: "d".to_owned(),
            ended_at: None,
            asked_again_at: None,
            case: None,
            people: (0..many).map(person).collect(),
        }
    }

    fn answered(answer: Answer, minute: i64, digest: &str) -> Answered {
        let text = |text: &str| text.to_owned();
        Answered { answer, at: at(minute), name: text("N"), level: 2, digest: text(digest), reason: String::new() }
    }

    fn sign(minute: i64, digest: &str) -> Move {
        Move::Sign(answered(Answer::Signed, minute, digest))
    }

    proptest! {
        /// In every order, with people who come twice, strangers and wrong texts among them: it is filed exactly with
        /// the last of the needed signatures, and by nothing before or after.
        #[test]
        fn in_any_order_it_is_filed_with_the_last_signature(
            many in 1..8_usize,
            moves in prop::collection::vec((0..10_usize, any::<bool>()), 0..40),
        ) {
            let (mut now, mut done) = (signing(many), std::collections::BTreeSet::new());
            for (minute, (place, right)) in moves.into_iter().enumerate() {
                let minute = i64::try_from(minute).expect("few");
                let before = now.clone();
                let outcome = now.clone().after(&format!("P{place}"), sign(minute, if right { "d" } else { "x" }));
                let counts = place < many && right && !done.contains(&place) && done.len() < many;
                match outcome {
                    Ok(after) => {
                        prop_assert!(counts);
                        done.insert(place);
                        prop_assert_eq!(after.state == State::Filed, done.len() == many);
                        prop_assert_eq!(after.signed().count(), done.len());
                        now = after;
                    }
                    Err(why) => {
                        prop_assert!(!counts, "{:?}", why);
                        prop_assert_eq!(&before, &now);
                    }
                }
            }
            prop_assert_eq!(now.state == State::Filed, done.len() == many);
        }
    }

    #[test]
    fn one_no_ends_it_and_nobody_signs_afterwards() {
        let no = Move::Decline(answered(Answer::Declined, 2, ""));
        let after = signing(3).after("P0", sign(1, "d")).and_then(|one| one.after("P1", no)).expect("it is declined");
        assert_eq!((after.state, after.ended_at), (State::Declined, Some(at(2))));
        assert_eq!(after.clone().after("P2", sign(3, "d")), Err(NotSigned::Ended(State::Declined)));
        assert_eq!(after.after("P0", sign(3, "d")), Err(NotSigned::Answered));
    }

    #[test]
    fn its_time_is_over_on_the_instant_also_before_anybody_wrote_it_down() {
        assert_eq!(signing(1).after("P0", sign(1_000, "d")), Err(NotSigned::Ended(State::Expired)));
        assert_eq!(signing(1).after("P0", sign(999, "d")).map(|one| one.state), Ok(State::Filed));
        assert_eq!(signing(1).after("Z", sign(1, "d")), Err(NotSigned::Stranger));
    }
}
