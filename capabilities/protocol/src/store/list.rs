use base::{Date, rome_midnight};
use database::{Conditions, Param, Result, Tx};

use super::entries::select;
use crate::{
    entry::{Direction, Entry},
    protocol::Protocol,
};

/// Registrations on a page.
pub const PAGE: usize = 50;

/// Which registrations of an office are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Whose register.
    pub office: String,
    /// In or out only.
    pub direction: Option<Direction>,
    /// Of this day.
    pub day: Option<Date>,
    /// With this number, in any year.
    pub number: Option<i64>,
    /// Whose correspondent has this in the name, or this fiscal code.
    pub correspondent: String,
    /// Whether confidential registrations are found by their correspondent, too.
    pub open: bool,
    /// Only those before this one.
    pub before: Option<Protocol>,
}

/// A page of a register, newest first, and whether there are more. Each page costs as much as the first one: it goes
/// on behind the last number of the page before.
///
/// # Errors
/// What the database refuses.
pub async fn list(tx: &mut Tx, filter: &Filter) -> Result<(Vec<Entry>, bool)> {
    let mut wanted = Conditions::default();
    wanted.and("office = ?", [(&filter.office).into()]);
    if let Some(direction) = filter.direction {
        wanted.and("direction = ?", [direction.key().into()]);
    }
    if let Some(day) = filter.day {
        let end = rome_midnight(day.tomorrow().unwrap_or(day));
        wanted.and("registered_at >= ? AND registered_at < ?", [rome_midnight(day).into(), end.into()]);
    }
    if let Some(number) = filter.number {
        wanted.and("number = ?", [number.into()]);
    }
    let who = filter.correspondent.trim();
    if !who.is_empty() {
        let escaped = who.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let code = who.to_uppercase();
        wanted.and(
            "(lower(correspondent) LIKE ? ESCAPE '\\' OR correspondent_code = ?)",
            [format!("%{escaped}%").into(), code.into()],
        );
        if !filter.open {
            wanted.and("confidential = 0", []); // that a row is found would tell whose it is
        }
    }
    if let Some(before) = &filter.before {
        let year = Param::from(i64::from(before.year));
        wanted.and("(year < ? OR (year = ? AND number < ?))", [year.clone(), year, before.number.into()]);
    }
    let behind = format!("WHERE {} ORDER BY year DESC, number DESC LIMIT {}", wanted.text(), PAGE + 1);
    let mut found = select(tx, &behind, wanted.values()).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    Ok((found, more))
}
