//! The worklist: page by page from where the last one ended, so that the thousandth page costs what the first one does.

use std::cmp::Ordering;

use base::{Date, Uuid};
use database::{Conditions, Param, Result, Tx};

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
    /// Where a number names its register: the offices of that register.
    pub registers: Vec<String>,
    /// In the order of a window, not by what is due first.
    pub ranked: bool,
    /// The day: which clocks are stopped depends on it.
    pub today: Date,
}

impl Filter {
    /// Whether somebody is looked for, and not listed.
    pub fn searches(&self) -> bool {
        !self.words.trim().is_empty()
    }

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
    /// Decided or withdrawn: only a search finds them.
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

    /// What stands in the columns of [`key`].
    fn values(&self, filter: &Filter) -> Vec<Param> {
        let rank = filter.ranked.then(|| Param::from(self.rank.to_string()));
        rank.into_iter().chain([self.due.into(), self.id.into()]).collect()
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

/// A page of the worklist: what is due first stands first, clocks that stand still behind; what a search finds
/// of closed ones last.
///
/// # Errors
/// What the database refuses.
pub async fn worklist(tx: &mut Tx, filter: &Filter, leaf: Leaf) -> Result<Leaves> {
    if filter.searches() {
        let Some(asked) = Asked::read(&filter.words) else { return Ok(Leaves::default()) };
        let (mut rows, more) = found(tx, filter, &asked).await?;
        rows.sort_by_key(|row| Place::of(row, filter));
        return Ok(Leaves { more, ..cut(&rows, filter, leaf) });
    }
    let wanted = conditions(filter, Vec::new());
    let most = MOST_COUNTED + 1;
    let count =
        format!("SELECT count(*) AS n FROM (SELECT 1 FROM cases WHERE {} LIMIT {most}) AS counted", wanted.text());
    let total = tx.number(&count, wanted.values()).await?;
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
    let mut wanted = conditions(filter, Vec::new());
    let dated = part.condition().contains('?').then(|| Param::from(filter.today));
    wanted.and(part.condition(), dated);
    let from = match leaf {
        Leaf::After(place) if place.part == part => Some((">", place)),
        Leaf::Before(place) if place.part == part => Some(("<", place)),
        _ => None,
    };
    let key = key(filter);
    if let Some((way, place)) = from {
        let places = vec!["?"; key.len()].join(", ");
        wanted.and(&format!("({}) {way} ({places})", key.join(", ")), place.values(filter));
    }
    let way = if matches!(leaf, Leaf::Before(_)) { " DESC" } else { "" };
    let order = key.iter().map(|column| format!("{column}{way}")).collect::<Vec<_>>().join(", ");
    let columns = columns!("WHERE ");
    let sql = format!("{columns}{} ORDER BY {order} LIMIT {most}", wanted.text());
    tx.rows(&sql, wanted.values()).await?.iter().map(case_row).collect()
}

/// The columns by which the rows of a part are put in order; `~` is [`Rank::LAST`], as in the index.
const fn key(filter: &Filter) -> &'static [&'static str] {
    if filter.ranked { &["COALESCE(rank, '~')", "due", "id"] } else { &["due", "id"] }
}

/// Conditions are texts of ours with placeholders; what the officer chose travels only as values.
/// They follow those that the query has already.
pub(super) fn conditions(filter: &Filter, values: Vec<Param>) -> Conditions {
    let mut wanted = Conditions::behind(values);
    wanted.and("cases.office = ?", [(&filter.office).into()]);
    if let Some(state) = filter.state {
        wanted.and("state = ?", [state.key().into()]);
    }
    if let Some(service) = &filter.service {
        wanted.and("service = ?", [service.into()]);
    }
    if let Some(officer) = &filter.officer {
        wanted.and("officer = ?", [officer.into()]);
    }
    if let Some(day) = filter.due_before {
        wanted.and("due < ?", [day.into()]);
        wanted.and("(suspended_until IS NULL OR suspended_until <= ?)", [filter.today.into()]);
    }
    if filter.unassigned {
        wanted.and("officer IS NULL", []);
    }
    if filter.state.is_none() && !filter.searches() && !filter.also_closed {
        wanted.and("closed_on IS NULL", []);
    }
    wanted
}
