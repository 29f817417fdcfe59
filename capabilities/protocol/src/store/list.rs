use base::{Date, rome_midnight};
use database::{Param, Result, Tx};

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
    let (mut conditions, mut params) = (String::from("WHERE office = $1"), vec![Param::from(&filter.office)]);
    let mut and = |condition: &str, values: &[Param]| {
        let mut condition = condition.to_owned();
        for value in values {
            params.push(value.clone());
            condition = condition.replacen('?', &format!("${}", params.len()), 1);
        }
        conditions.push_str(&condition);
    };
    if let Some(direction) = filter.direction {
        and(" AND direction = ?", &[direction.key().into()]);
    }
    if let Some(day) = filter.day {
        let end = rome_midnight(day.tomorrow().unwrap_or(day));
        and(" AND registered_at >= ? AND registered_at < ?", &[rome_midnight(day).into(), end.into()]);
    }
    if let Some(number) = filter.number {
        and(" AND number = ?", &[number.into()]);
    }
    let who = filter.correspondent.trim();
    if !who.is_empty() {
        let escaped = who.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let code = who.to_uppercase();
        and(
            " AND (lower(correspondent) LIKE ? ESCAPE '\\' OR correspondent_code = ?)",
            &[format!("%{escaped}%").into(), code.into()],
        );
        if !filter.open {
            and(" AND confidential = 0", &[]); // that a row is found would tell whose it is
        }
    }
    if let Some(before) = &filter.before {
        let year = Param::from(i64::from(before.year));
        and(" AND (year < ? OR (year = ? AND number < ?))", &[year.clone(), year, before.number.into()]);
    }
    conditions.push_str(&format!(" ORDER BY year DESC, number DESC LIMIT {}", PAGE + 1));
    let mut found = select(tx, &conditions, &params).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    Ok((found, more))
}
