//! The worklist: page by page from where the last one ended, so that the thousandth page costs what the first one does.

use std::cmp::Ordering;

use base::{Date, Uuid};
use database::{Param, Result, Tx};

use super::{
    found::found,
    lists::{CaseRow, case_row, columns},
};
use crate::{case::State, ranking::Rank, search::Asked};

/// How many rows a page of the worklist has.
pub const PAGE: usize = 25;

/// Counted exactly up to here; above, it is only said that there are more.
pub const MOST_COUNTED: i64 = 1000;

/// What an officer wants to see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this office; officers always have one.
    pub office: String,
    /// Only in this state; `None` for all that are open.
    pub state: Option<State>,
    /// Only this service.
    pub service: Option<String>,
    /// Only this officer's.
    pub officer: Option<String>,
    /// With those that are closed, where no state is asked for. The worklist does not: it would have no end.
    pub also_closed: bool,
    /// Only unassigned ones.
    pub unassigned: bool,
    /// Only those whose running term ends before this day.
    pub due_before: Option<Date>,
    /// Name, fiscal code or number; empty for all. Who searches finds closed ones, too.
    pub words: String,
    /// In the order of a window, not by what is due first.
    pub ranked: bool,
    /// The day: which clocks are stopped depends on it.
    pub today: Date,
}

impl Filter {
    /// Whether the list has no parts.
    const fn is_whole(&self) -> bool {
        self.state.is_some() || self.ranked
    }
}

/// The parts of the worklist, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Open, and the clock runs.
    Running,
    /// Open, and the clock stands still.
    Suspended,
    /// Decided or withdrawn.
    Closed,
    /// All in one state, since nearly all of them would be in one part; or all that a window put in order.
    Whole,
}

impl Part {
    /// In which part of such a list a case stands.
    fn of(row: &CaseRow, filter: &Filter) -> Self {
        match (row.closed_on, row.suspended_until) {
            _ if filter.is_whole() => Self::Whole,
            (Some(_), _) => Self::Closed,
            (None, Some(until)) if until > filter.today => Self::Suspended,
            (None, _) => Self::Running,
        }
    }

    const fn condition(self) -> &'static str {
        match self {
            Self::Running => "closed_on IS NULL AND (suspended_until IS NULL OR suspended_until <= ?)",
            Self::Suspended => "closed_on IS NULL AND suspended_until IS NOT NULL AND suspended_until > ?",
            Self::Closed => "closed_on IS NOT NULL",
            Self::Whole => "1 = 1",
        }
    }
}

/// Where in the worklist a case stands: by part, by its place in the order of a window where that is asked for, then by
/// the day on which it is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    part: Part,
    rank: Rank,
    due: Date,
    id: Uuid,
}

impl Place {
    fn of(row: &CaseRow, filter: &Filter) -> Self {
        let rank = row.rank.filter(|_| filter.ranked).unwrap_or(Rank::LAST);
        Self { part: Part::of(row, filter), rank, due: row.due, id: row.id }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let part = match self.part {
            Part::Running => 'c',
            Part::Suspended => 's',
            Part::Closed => 'f',
            Part::Whole => 't',
        };
        write!(f, "{part}.{}.{}.{}", self.due, self.id.simple(), self.rank)
    }
}

impl std::str::FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        let mut parts = text.splitn(4, '.');
        let part = match parts.next() {
            Some("c") => Part::Running,
            Some("s") => Part::Suspended,
            Some("f") => Part::Closed,
            Some("t") => Part::Whole,
            _ => return Err(()),
        };
        let due = parts.next().and_then(|due| due.parse().ok()).ok_or(())?;
        let id = parts.next().and_then(|id| id.parse().ok()).ok_or(())?;
        let rank = parts.next().and_then(|rank| rank.parse().ok()).ok_or(())?;
        Ok(Self { part, rank, due, id })
    }
}

/// Which page of the worklist.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Leaf {
    /// The first.
    #[default]
    First,
    /// What follows this case.
    After(Place),
    /// What stands before it.
    Before(Place),
}

/// A page of the worklist.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Leaves {
    /// What it shows.
    pub rows: Vec<CaseRow>,
    /// Where the page before it ends, if there is one.
    pub before: Option<Place>,
    /// Where the next one begins, if there is one.
    pub after: Option<Place>,
    /// How many there are on all pages, as far as they were counted.
    pub total: i64,
    /// Whether there are more: a list counts up to `MOST_COUNTED`, a search looks at some hundred people.
    pub more: bool,
}

/// A page of the worklist: what is due first stands first, clocks that stand still behind, closed ones last.
///
/// # Errors
/// What the database refuses.
pub async fn worklist(tx: &mut Tx, filter: &Filter, leaf: Leaf) -> Result<Leaves> {
    if !filter.words.trim().is_empty() {
        let Some(asked) = Asked::read(&filter.words) else { return Ok(Leaves::default()) };
        let (mut rows, more) = found(tx, filter, &asked).await?;
        rows.sort_by_key(|row| Place::of(row, filter));
        return Ok(Leaves { more, ..cut(&rows, filter, leaf) });
    }
    let (conditions, values) = conditions(filter, Vec::new());
    let most = MOST_COUNTED + 1;
    let count = format!("SELECT count(*) AS n FROM (SELECT 1 FROM cases WHERE {conditions} LIMIT {most}) AS counted");
    let total = tx.number(&count, &values).await?;
    let backwards = matches!(leaf, Leaf::Before(_));
    let mut rows = stretches(tx, filter, leaf, PAGE + 1).await?;
    if rows.is_empty() && leaf != Leaf::First {
        // The last case of the last page was decided meanwhile: no dead end, but where there is something.
        return Box::pin(worklist(tx, filter, Leaf::First)).await;
    }
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    if backwards {
        rows.reverse();
    }
    let place = |row: Option<&CaseRow>| row.map(|row| Place::of(row, filter));
    let (first, last) = (place(rows.first()), place(rows.last()));
    let before = first.filter(|_| if backwards { more } else { leaf != Leaf::First });
    let after = last.filter(|_| backwards || more);
    Ok(Leaves { rows, before, after, total: total.min(MOST_COUNTED), more: total > MOST_COUNTED })
}

/// The next cases of the worklist behind a place, at most so many, and where they end: for who goes through all of it.
///
/// # Errors
/// What the database refuses.
pub async fn following(
    tx: &mut Tx,
    filter: &Filter,
    behind: Option<Place>,
    most: usize,
) -> Result<(Vec<CaseRow>, Option<Place>)> {
    let rows = stretches(tx, filter, behind.map_or(Leaf::First, Leaf::After), most).await?;
    let last = rows.last().map(|row| Place::of(row, filter));
    Ok((rows, last))
}

/// At most so many rows, part after part.
async fn stretches(tx: &mut Tx, filter: &Filter, leaf: Leaf, most: usize) -> Result<Vec<CaseRow>> {
    let mut rows = Vec::new();
    for part in parts(filter, leaf) {
        let missing = most.saturating_sub(rows.len());
        if missing > 0 {
            rows.extend(stretch(tx, filter, (part, leaf), missing).await?);
        }
    }
    Ok(rows)
}

/// A page of rows that were all read.
fn cut(rows: &[CaseRow], filter: &Filter, leaf: Leaf) -> Leaves {
    let total = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let upto = |place: &Place, or_equal: bool| {
        rows.partition_point(|row| match Place::of(row, filter).cmp(place) {
            Ordering::Less => true,
            Ordering::Equal => or_equal,
            Ordering::Greater => false,
        })
    };
    let from = match &leaf {
        Leaf::First => 0,
        Leaf::After(place) => upto(place, true),
        Leaf::Before(place) => upto(place, false).saturating_sub(PAGE),
    };
    let until = match &leaf {
        Leaf::Before(place) => upto(place, false),
        _ => (from + PAGE).min(rows.len()),
    };
    if from == until && leaf != Leaf::First {
        return cut(rows, filter, Leaf::First);
    }
    let shown = rows[from..until].to_vec();
    let place = |row: Option<&CaseRow>| row.map(|row| Place::of(row, filter));
    let before = place(shown.first()).filter(|_| from > 0);
    let after = place(shown.last()).filter(|_| until < rows.len());
    Leaves { rows: shown, before, after, total, more: false }
}

/// The parts to be read, in the order of reading.
fn parts(filter: &Filter, leaf: Leaf) -> Vec<Part> {
    let parts: &[Part] = if filter.is_whole() { &[Part::Whole] } else { &[Part::Running, Part::Suspended] };
    let parts = parts.iter().copied();
    match leaf {
        Leaf::First => parts.collect(),
        Leaf::After(place) => parts.filter(|part| *part >= place.part).collect(),
        Leaf::Before(place) => parts.filter(|part| *part <= place.part).rev().collect(),
    }
}

/// At most so many rows of a part, from where the page begins.
async fn stretch(tx: &mut Tx, filter: &Filter, (part, leaf): (Part, Leaf), most: usize) -> Result<Vec<CaseRow>> {
    let (conditions, mut values) = conditions(filter, Vec::new());
    let mut add = |condition: &str, added: &[Param]| {
        let mut text = condition.to_owned();
        for value in added {
            values.push(value.clone());
            text = text.replacen('?', &format!("${}", values.len()), 1);
        }
        text
    };
    let dated = part.condition().contains('?').then(|| filter.today.into());
    let of_part = add(part.condition(), dated.as_slice());
    let from = match leaf {
        Leaf::After(place) if place.part == part => Some((">", place)),
        Leaf::Before(place) if place.part == part => Some(("<", place)),
        _ => None,
    };
    let from = from.map(|(way, Place { rank, due, id, .. })| match filter.ranked {
        true => add(
            &format!("AND (COALESCE(rank, '{}'), due, id) {way} (?, ?, ?)", Rank::LAST),
            &[rank.to_string().into(), due.into(), id.into()],
        ),
        false => add(&format!("AND (due, id) {way} (?, ?)"), &[due.into(), id.into()]),
    });
    let order = order(filter.ranked, matches!(leaf, Leaf::Before(_)));
    let columns = columns!("WHERE ");
    let from = from.unwrap_or_default();
    let sql = format!("{columns}{conditions} AND {of_part} {from} ORDER BY {order} LIMIT {most}");
    tx.rows(&sql, &values).await?.iter().map(case_row).collect()
}

/// By what the rows of a part are put in order.
fn order(ranked: bool, backwards: bool) -> String {
    let ranks = if ranked { format!("COALESCE(rank, '{}')", Rank::LAST) } else { String::new() };
    let way = if backwards { " DESC" } else { "" };
    let columns = [ranks.as_str(), "due", "id"].into_iter().filter(|column| !column.is_empty());
    columns.map(|column| format!("{column}{way}")).collect::<Vec<_>>().join(", ")
}

/// Conditions are texts of ours with placeholders; what the officer chose travels only as values.
/// They follow those that the query has already.
pub(super) fn conditions(filter: &Filter, mut values: Vec<Param>) -> (String, Vec<Param>) {
    let mut parts = Vec::new();
    let mut add = |condition: &str, value: Param| {
        values.push(value);
        parts.push(condition.replace('?', &format!("${}", values.len())));
    };
    add("cases.office = ?", (&filter.office).into());
    if let Some(state) = filter.state {
        add("state = ?", state.key().into());
    }
    if let Some(service) = &filter.service {
        add("service = ?", service.into());
    }
    if let Some(officer) = &filter.officer {
        add("officer = ?", officer.into());
    }
    if let Some(day) = filter.due_before {
        add("due < ?", day.into());
        add("(suspended_until IS NULL OR suspended_until <= ?)", filter.today.into());
    }
    if filter.unassigned {
        parts.push("officer IS NULL".to_owned());
    }
    if filter.state.is_none() && filter.words.trim().is_empty() && !filter.also_closed {
        parts.push("closed_on IS NULL".to_owned());
    }
    (parts.join(" AND "), values)
}
