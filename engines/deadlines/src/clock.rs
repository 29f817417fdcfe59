use base::Date;

use crate::{
    Calendar, Cause, Event, EventKind, Phase, Rules, Segment, Silence, SilenceAt, State,
    days::{between, plus},
    track::Track,
};

/// Computes where a statutory term stands from what happened to a case. It holds nothing but what it is given.
#[derive(Debug, Clone, Copy)]
pub struct Clock<'a> {
    rules: &'a Rules,
    calendar: &'a Calendar,
}

impl<'a> Clock<'a> {
    /// A clock with the flags of a service and the holidays of an office.
    #[must_use]
    pub const fn new(rules: &'a Rules, calendar: &'a Calendar) -> Self {
        Self { rules, calendar }
    }

    /// The term as it stands on `today`. Events may come in any order; those after `today` are not known yet.
    /// `None` if nothing was received by `today`.
    ///
    /// While a suspension is open, `due` is the latest day it can become: an early answer brings it nearer.
    #[must_use]
    pub fn state(&self, events: &[Event], today: Date) -> Option<State> {
        let mut known: Vec<Event> = events.iter().copied().filter(|event| event.on <= today).collect();
        known.sort_by_key(|event| event.on);
        let first = known.iter().position(|event| event.kind == EventKind::Received)?;
        let start = known.remove(first).on;
        let mut track = Track::new(self.rules, self.calendar, start);
        for event in known {
            track.apply(event);
        }
        Some(describe(track, today))
    }
}

fn describe(track: Track, today: Date) -> State {
    let (raw_due, due) = (track.raw_due(), track.due());
    let closed_on = track.closing.map(|closing| closing.on);
    let until = closed_on.unwrap_or(today);
    let days_late = between(due, until).max(0);
    let open = track.closing.is_none() && days_late == 0;
    State {
        started: track.start,
        term_days: track.term_days,
        raw_due,
        due,
        phase: phase(&track, due, today),
        elapsed: track.counted_between(track.start, until.min(track.used_up())),
        days_left: if open { track.counted_between(today, due) } else { 0 },
        days_late,
        extended_by: track.extended_by,
        can_suspend: open && !track.stood_still(Cause::IntegrationRequest) && 0 < track.rules.max_suspension_days,
        observations_by: track.observations_by,
        history: history(&track, due, until),
        substitute_due: track.substitute_due(),
        substitute_since: track.substitute_since,
        silence: silence(&track, due, today),
        closing: track.closing,
        ignored: track.ignored,
    }
}

fn phase(track: &Track, due: Date, today: Date) -> Phase {
    if track.closing.is_some() {
        return Phase::Closed;
    }
    if due < today {
        return Phase::Overdue;
    }
    let open = track.pauses.iter().filter(|pause| pause.from <= today && today < pause.to);
    open.max_by_key(|pause| pause.to)
        .map_or(Phase::Running, |pause| Phase::Suspended { until: pause.to, cause: pause.cause })
}

fn history(track: &Track, due: Date, until: Date) -> Vec<Segment> {
    let end = if track.closing.is_some() { due.min(until) } else { due };
    let mut segments = track.segments(end);
    if due < until {
        segments.push(Segment { from: plus(due, 1), to: until, cause: Cause::Late });
    }
    segments
}

fn silence(track: &Track, due: Date, today: Date) -> Option<SilenceAt> {
    let meaning = track.rules.silence;
    let decided_in_time = track.closing.is_some_and(|closing| closing.late_by == 0 && !closing.by_silence);
    let formed = due < today && !decided_in_time;
    (meaning != Silence::Late).then_some(SilenceAt { meaning, on: due, formed })
}
