//! The statutory clock in words. One component: officer and citizen read the same sentences, on the page of a case, on
//! the receipt, on the desk and in lists.

use base::Date;
use deadlines::{Calendar, Cause, Phase, Rules, Silence, State as Term};
use web::{Page, components::Tone};

use crate::store::CaseRow;

/// How many days before its end a term is shown as ending soon.
const SOON: i64 = 7;

/// What is known of a term on a day, from a case or from its row in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The last day of the term.
    pub due: Date,
    /// Days that still count.
    pub days_left: i64,
    /// Days after the term.
    pub days_late: i64,
    /// Until when it stands still, and why.
    pub suspended: Option<(Date, Cause)>,
    /// What silence means, where it decides.
    pub silence: Option<Silence>,
    /// By when the substitute must conclude, once called.
    pub substitute: Option<Date>,
    /// Whether the case is closed.
    pub closed: bool,
}

impl From<&Term> for Reading {
    fn from(term: &Term) -> Self {
        let suspended = match term.phase {
            Phase::Suspended { until, cause } => Some((until, cause)),
            _ => None,
        };
        Self {
            due: term.due,
            days_left: i64::from(term.days_left),
            days_late: i64::from(term.days_late),
            suspended,
            silence: term.silence.map(|silence| silence.meaning),
            substitute: term.substitute_since.map(|_| term.substitute_due),
            closed: term.closing.is_some(),
        }
    }
}

impl Reading {
    /// Of a row, for a service with these rules at an office with these holidays.
    #[must_use]
    pub fn of_row(row: &CaseRow, (rules, calendar): (&Rules, &Calendar), today: Date) -> Self {
        let late = row.due.until(today).map_or(0, |span| i64::from(span.get_days())).max(0);
        let cause = row.suspended_cause.unwrap_or(Cause::IntegrationRequest);
        Self {
            due: row.due,
            days_left: i64::from(rules.days_between(calendar, today, row.due)),
            days_late: late,
            suspended: row.suspended_until.filter(|until| today < *until).map(|until| (until, cause)),
            silence: row.silence,
            substitute: row.substitute_called_on.and(row.substitute_due),
            closed: row.closed_on.is_some(),
        }
    }

    /// Where it stands, in a sentence.
    #[must_use]
    pub fn sentence(&self, page: &Page) -> String {
        let due = page.date(&self.due);
        match self.suspended {
            _ if self.closed => page.t("cases.clock.closed").to_owned(),
            Some((until, cause)) => {
                let until = page.t2("cases.clock.suspended", "until", page.date(&until), "due", due);
                format!("{}. {until}", cause.text(page.language))
            }
            None if 0 < self.days_late => page.tn1("cases.clock.overdue", self.days_late, "due", due),
            None => page.tn1("cases.clock.running", self.days_left, "due", due),
        }
    }

    /// The same in a word or two, for a column.
    #[must_use]
    pub fn brief(&self, page: &Page) -> (Tone, String) {
        if self.suspended.is_some() {
            return (Tone::Neutral, page.t("cases.office.worklist.suspended").to_owned());
        }
        if 0 < self.days_late {
            return (Tone::Danger, page.tn("cases.office.worklist.late", self.days_late));
        }
        let tone = if self.days_left <= SOON { Tone::Warning } else { Tone::Info };
        (tone, page.tn("cases.office.worklist.left", self.days_left))
    }

    /// Whether it ends soon, stands still or is over: worth a badge.
    #[must_use]
    pub const fn stands_out(&self) -> bool {
        self.suspended.is_some() || 0 < self.days_late || self.days_left <= SOON
    }

    /// What silence will mean and when; empty where it decides nothing, and once the case is closed.
    #[must_use]
    pub fn silence(&self, page: &Page) -> String {
        let key = match self.silence {
            Some(Silence::Consent) if !self.closed => "cases.clock.silence_consent",
            Some(Silence::Refusal) if !self.closed => "cases.clock.silence_refusal",
            _ => return String::new(),
        };
        page.t1(key, "due", page.date(&self.due))
    }

    /// By when the substitute must conclude, once called; empty otherwise.
    #[must_use]
    pub fn substitute(&self, page: &Page) -> String {
        let by = self.substitute.filter(|_| !self.closed);
        by.map(|by| page.t1("cases.clock.substitute_by", "by", page.date(&by))).unwrap_or_default()
    }
}

/// The clock as pages show it whole.
#[derive(Debug, Clone)]
pub struct ClockView {
    /// How it is shown.
    pub tone: Tone,
    /// Where the term stands.
    pub sentence: String,
    /// What silence will mean, by when the substitute concludes, who that is.
    pub notes: Vec<String>,
    /// The stretches of the term, with the article behind each; shown when there is more than one.
    pub history: Vec<String>,
}

impl ClockView {
    /// Of a case at an office.
    #[must_use]
    pub fn of(page: &Page, office: Option<&catalogue::Office>, term: &Term) -> Self {
        let reading = Reading::from(term);
        let tone = match term.phase {
            Phase::Overdue => Tone::Danger,
            Phase::Suspended { .. } => Tone::Warning,
            _ => Tone::Info,
        };
        let notes =
            [reading.silence(page), who_concludes(page, office, term), reading.substitute(page), late(page, term)];
        Self {
            tone,
            sentence: reading.sentence(page),
            notes: notes.into_iter().filter(|note| !note.is_empty()).collect(),
            history: history(page, term),
        }
    }

    /// Whether the term is over without a decision.
    #[must_use]
    pub const fn overdue(&self) -> bool {
        matches!(self.tone, Tone::Danger)
    }
}

/// Who concludes in place of an office that is late (art. 2 c. 9-bis L. 241/1990).
fn who_concludes(page: &Page, office: Option<&catalogue::Office>, term: &Term) -> String {
    let open = term.phase == Phase::Overdue && term.silence.is_none() && term.substitute_since.is_none();
    let Some(office) = office.filter(|_| open) else { return String::new() };
    let who = format!("{} ({})", office.substitute.get(page.language), office.substitute_pec);
    page.t1("cases.clock.substitute", "who", who)
}

/// A case that was decided late says so, with the legal term and the time used (art. 2 c. 9-quinquies).
fn late(page: &Page, term: &Term) -> String {
    let Some(closing) = term.closing.filter(|closing| 0 < closing.late_by && !closing.withdrawn) else {
        return String::new();
    };
    let used = term.started.until(closing.on).map_or(0, |span| span.get_days());
    let text = page.t2("cases.clock.decided_late", "used", used, "term", term.term_days);
    format!("{text} {}", page.tn("cases.clock.decided_late_by", closing.late_by))
}

fn history(page: &Page, term: &Term) -> Vec<String> {
    let told = term.history.iter().filter(|segment| segment.cause != Cause::Late);
    told.map(|segment| {
        let span = page.t2("cases.clock.span", "from", page.date(&segment.from), "to", page.date(&segment.to));
        let article = catalogue::law_reference(segment.cause.article(), page.language);
        format!("{span}: {} ({article})", segment.cause.text(page.language))
    })
    .collect()
}
