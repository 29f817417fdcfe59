//! Who does the work of an official who is away: for stated days, within the same office, with the tasks of the one who is
//! away and no others.

use base::{Chance, Clock, Date, Timestamp, Uuid, rome_date};
use database::Tx;
use jiff::ToSpan;

use crate::{Officer, store::absences as store};

/// The longest absence: whoever is away for longer has another task, and the account says so.
pub const LONGEST_DAYS: i32 = 366;

/// An official as lists name them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    /// Identifier of the account.
    pub id: String,
    /// Name and surname.
    pub name: String,
}

impl From<&Officer> for Colleague {
    fn from(officer: &Officer) -> Self {
        Self { id: officer.id.clone(), name: officer.name.clone() }
    }
}

/// Days on which somebody is away, and who does their work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absence {
    /// Identifier.
    pub id: Uuid,
    /// Identifier of the office.
    pub office: String,
    /// Who is away.
    pub absent: Colleague,
    /// Who does their work.
    pub substitute: Colleague,
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
    /// Who wrote it down, by account.
    pub declared_by: String,
}

impl Absence {
    /// Whether somebody is away on this day.
    #[must_use]
    pub fn covers(&self, day: Date) -> bool {
        self.first <= day && day <= self.last
    }

    fn meets(&self, first: Date, last: Date) -> bool {
        self.first <= last && first <= self.last
    }
}

/// Somebody whose work an official does today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandIn {
    /// Who is away.
    pub absent: Colleague,
    /// The last day.
    pub until: Date,
    /// Tasks that come from the one who is away and are not one's own.
    pub roles: Vec<String>,
}

/// An absence to be written down.
#[derive(Debug, Clone)]
pub struct NewAbsence {
    /// Account of who will be away.
    pub absent: String,
    /// Account of who will do the work.
    pub substitute: String,
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
}

/// Why an absence cannot be written down. The words are under `catalogue.staff`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotDeclared {
    /// One of the two is not of this office.
    Absent,
    /// The one who shall do the work is not of this office, is the one who is away, or is away in those days, too.
    Substitute,
    /// Who writes it down would do the work: whoever runs the office gives cases to themselves; tasks of others they do not.
    Oneself,
    /// The last day is before the first one or before today, or one of them is too far away.
    Days,
    /// Somebody does the work in some of those days already.
    Overlap,
    /// The one who will be away does somebody else's work in some of those days: that would be left undone.
    Busy,
}

/// Writes an absence down, for who runs the office.
///
/// # Errors
/// What the database refuses.
pub async fn declare(
    tx: &mut Tx,
    (clock, chance): (&dyn Clock, &dyn Chance),
    by: &Officer,
    new: &NewAbsence,
) -> database::Result<Result<(), NotDeclared>> {
    let now = clock.now();
    let today = rome_date(now);
    let of_office = crate::officers_of(tx, &by.office).await?;
    let find = |id: &str| of_office.iter().find(|officer| officer.id == id).map(Colleague::from);
    let Some(absent) = find(&new.absent) else { return Ok(Err(NotDeclared::Absent)) };
    let Some(substitute) = find(&new.substitute).filter(|one| *one != absent) else {
        return Ok(Err(NotDeclared::Substitute));
    };
    if substitute.id == by.id {
        return Ok(Err(NotDeclared::Oneself));
    }
    let (earliest, farthest) = (today.saturating_sub(LONGEST_DAYS.days()), today.saturating_add(LONGEST_DAYS.days()));
    if new.last < new.first || new.first < earliest || new.last < today || farthest < new.last {
        return Ok(Err(NotDeclared::Days));
    }
    let known = store::of_office(tx, &by.office, today).await?;
    let meets = |who: &Colleague| known.iter().any(|one| one.absent == *who && one.meets(new.first, new.last));
    if meets(&absent) {
        return Ok(Err(NotDeclared::Overlap));
    }
    if meets(&substitute) {
        return Ok(Err(NotDeclared::Substitute));
    }
    if known.iter().any(|one| one.substitute == absent && one.meets(new.first, new.last)) {
        return Ok(Err(NotDeclared::Busy));
    }
    let (id, office, declared_by) = (base::new_id(clock, chance), by.office.clone(), by.id.clone());
    let absence = Absence { id, office, absent, substitute, first: new.first, last: new.last, declared_by };
    store::insert(tx, &absence, now).await?;
    Ok(Ok(()))
}

/// Ends an absence of the office before its last day: at once. `false` when there is none such that goes on.
///
/// # Errors
/// What the database refuses.
pub async fn end_absence(tx: &mut Tx, id: Uuid, by: &Officer, now: Timestamp) -> database::Result<bool> {
    store::end(tx, id, (&by.office, &by.id), now).await
}

/// The absences of an office that are not over on this day, first ones first.
///
/// # Errors
/// What the database refuses.
pub async fn absences_of(tx: &mut Tx, office: &str, today: Date) -> database::Result<Vec<Absence>> {
    store::of_office(tx, office, today).await
}

/// The official with the tasks of those whose work they do today. Only what the account of the absent one itself has: who
/// stands in for somebody does not hand it on.
pub(crate) async fn with_stand_ins(tx: &mut Tx, mut officer: Officer, today: Date) -> database::Result<Officer> {
    for (absent, until) in store::stood_in_for(tx, &officer, today).await? {
        let fresh: Vec<String> = absent.roles.iter().filter(|role| !officer.roles.contains(role)).cloned().collect();
        officer.roles.extend(fresh.iter().cloned());
        officer.stands_in.push(StandIn { absent: Colleague::from(&absent), until, roles: fresh });
    }
    Ok(officer)
}
