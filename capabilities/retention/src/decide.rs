//! What may be done to a list, when, and by whom: pages offer what stands here, and every deed begins with it.

use crate::list::{Approval, List, Role, State};

/// Why not now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotNow {
    /// It is not, or no longer, to be decided upon.
    NotOpen,
    /// Somebody approved it already: it can only be rejected whole.
    Frozen,
    /// The archival authority has not given its leave.
    NotAuthorised,
    /// What was approved is not what the list says now.
    Changed,
    /// The same person approved already.
    Twice,
    /// Somebody approved already in the role that this person has.
    RoleTaken,
}

impl NotNow {
    /// The key of the words for it.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::NotOpen => "retention.not_now.not_open",
            Self::Frozen => "retention.not_now.frozen",
            Self::NotAuthorised => "retention.not_now.not_authorised",
            Self::Changed => "retention.not_now.changed",
            Self::Twice => "retention.not_now.twice",
            Self::RoleTaken => "retention.not_now.role_taken",
        }
    }
}

/// Whether the list can still change: cases are struck, the authorisation is entered.
pub(crate) fn change(list: &List, approvals: &[Approval]) -> Result<(), NotNow> {
    reject(list)?;
    unless(!approvals.is_empty(), NotNow::Frozen)
}

/// Whether the list can still change and is the one that somebody saw: the leave of the authority is for that one.
pub(crate) fn change_seen(list: &List, approvals: &[Approval], digest: &str) -> Result<(), NotNow> {
    change(list, approvals)?;
    unless(digest != list.digest, NotNow::Changed)
}

/// Whether the list can still be rejected.
pub(crate) fn reject(list: &List) -> Result<(), NotNow> {
    unless(list.state != State::Proposed, NotNow::NotOpen)
}

/// In which role somebody approves the list that they saw: who heads the office and who answers for its archive, two
/// different people, both the same list, after the archival authority.
pub(crate) fn approve(
    list: &List,
    approvals: &[Approval],
    (officer, roles): (&str, &[Role]),
    digest: &str,
) -> Result<Role, NotNow> {
    reject(list)?;
    unless(list.authorisation.is_none(), NotNow::NotAuthorised)?;
    unless(approvals.iter().any(|one| one.officer == officer), NotNow::Twice)?;
    unless(digest != list.digest, NotNow::Changed)?;
    let free = |role: &Role| approvals.iter().all(|one| one.role != *role);
    roles.iter().copied().find(free).ok_or(NotNow::RoleTaken)
}

/// Whether both have approved exactly what the list says.
pub(crate) fn is_approved(list: &List, approvals: &[Approval]) -> bool {
    let by = |role| approvals.iter().find(|one| one.role == role && one.digest == list.digest);
    by(Role::Head).zip(by(Role::Archivist)).is_some_and(|(head, archivist)| head.officer != archivist.officer)
}

fn unless(stands_against: bool, why: NotNow) -> Result<(), NotNow> {
    if stands_against { Err(why) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use base::{Date, Timestamp, Uuid};
    use proptest::prelude::*;

    use super::*;
    use crate::list::Authorisation;

    fn list() -> List {
        let on = Date::constant(2038, 3, 1);
        let authorisation = Authorisation { authority: "Soprintendenza".into(), number: "12".into(), on };
        List {
            id: Uuid::nil(),
            office: "famiglia".into(),
            year: 2038,
            number: 1,
            service: "assegno-unico".into(),
            service_name: "Assegno unico".into(),
            schedule: catalogue::Retention { years: 10, benefit_years: 0 },
            as_of: on,
            state: State::Proposed,
            cases: 2,
            closed: None,
            digest: "aa".into(),
            proposed_at: Timestamp::UNIX_EPOCH,
            proposed_by: ("a".into(), "A".into()),
            authorisation: Some(authorisation),
            rejected: None,
            began_at: None,
            ended_at: None,
            registered: None,
        }
    }

    fn given(approvals: &mut Vec<Approval>, officer: (&str, &[Role]), digest: &str) -> Result<(), NotNow> {
        let role = approve(&list(), approvals, officer, digest)?;
        let (id, at) = (officer.0.to_owned(), Timestamp::UNIX_EPOCH);
        approvals.push(Approval { role, officer: id.clone(), name: id, digest: digest.into(), at });
        Ok(())
    }

    #[test]
    fn two_different_people_in_two_roles_approve_the_same_list() {
        let (head, archivist) = (("a", &[Role::Head][..]), ("b", &[Role::Archivist][..]));
        let both = ("c", &[Role::Head, Role::Archivist][..]);
        let mut approvals = Vec::new();
        assert_eq!(given(&mut approvals, head, "bb"), Err(NotNow::Changed));
        given(&mut approvals, head, "aa").unwrap();
        assert_eq!(given(&mut approvals, head, "aa"), Err(NotNow::Twice));
        assert_eq!(given(&mut approvals, ("d", &[Role::Head]), "aa"), Err(NotNow::RoleTaken));
        assert!(!is_approved(&list(), &approvals));
        assert_eq!(change(&list(), &approvals), Err(NotNow::Frozen));
        given(&mut approvals, archivist, "aa").unwrap();
        assert!(is_approved(&list(), &approvals));
        let mut alone = Vec::new();
        given(&mut alone, both, "aa").unwrap();
        assert_eq!(given(&mut alone, both, "aa"), Err(NotNow::Twice), "not both roles of one person");
        let unauthorised = List { authorisation: None, ..list() };
        assert_eq!(approve(&unauthorised, &[], head, "aa"), Err(NotNow::NotAuthorised));
    }

    proptest! {
        #[test]
        fn nobody_alone_ever_approves_a_list(tries in prop::collection::vec((0u8..3, any::<[bool; 2]>(), any::<bool>()), 0..12)) {
            let mut approvals = Vec::new();
            for (who, [head, archivist], right) in tries {
                let roles: Vec<_> = [(head, Role::Head), (archivist, Role::Archivist)].into_iter().filter(|(has, _)| *has).map(|(_, role)| role).collect();
                let _refused = given(&mut approvals, (&who.to_string(), &roles), if right { "aa" } else { "bb" });
            }
            let people: std::collections::BTreeSet<_> = approvals.iter().map(|one| &one.officer).collect();
            prop_assert_eq!(people.len(), approvals.len());
            prop_assert_eq!(is_approved(&list(), &approvals), approvals.len() == 2);
        }
    }
}
