//! A term being built event after event: how long it is, and on which days it stands still.

use base::Date;

use crate::{
    Calendar, Cause, Closing, Event, EventKind, Ignored, Rules, Segment, Silence, WhyIgnored, days::plus,
    other_terms::substitute_days,
};

/// Days that do not count: those after `from`, up to and including `to`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pause {
    pub from: Date,
    pub to: Date,
    pub cause: Cause,
}

pub(crate) struct Track<'a> {
    pub rules: &'a Rules,
    pub calendar: &'a Calendar,
    pub start: Date,
    /// Whether it already began anew at the competent office.
    pub moved: bool,
    pub term_days: u16,
    pub extended_by: u16,
    pub pauses: Vec<Pause>,
    pub observations_by: Option<Date>,
    pub substitute_since: Option<Date>,
    pub closing: Option<Closing>,
    pub ignored: Vec<Ignored>,
}

impl<'a> Track<'a> {
    pub fn new(rules: &'a Rules, calendar: &'a Calendar, start: Date) -> Self {
        Self {
            rules,
            calendar,
            start,
            moved: false,
            term_days: rules.days,
            extended_by: 0,
            pauses: Vec::new(),
            observations_by: None,
            substitute_since: None,
            closing: None,
            ignored: Vec::new(),
        }
    }

    /// Applies an event, or notes why it changes nothing.
    pub fn apply(&mut self, event: Event) {
        if let Err(why) = self.try_apply(event) {
            self.ignored.push(Ignored { on: event.on, kind: event.kind, why });
        }
    }

    fn try_apply(&mut self, Event { on, kind }: Event) -> Result<(), WhyIgnored> {
        if self.closing.is_some() {
            return Err(WhyIgnored::AlreadyClosed);
        }
        if on < self.start {
            return Err(WhyIgnored::OutOfPlace);
        }
        match kind {
            EventKind::Received => Err(WhyIgnored::OutOfPlace),
            EventKind::ReceivedByCompetentOffice => self.restart(on),
            EventKind::IntegrationRequested { answer_by } => {
                // The thirty days of the law hold even for rules that nobody checked.
                let longest_days = self.rules.max_suspension_days.min(30);
                self.stand_still(on, answer_by, longest_days, Cause::IntegrationRequest)
            }
            EventKind::IntegrationSupplied => self.resume(on, Cause::IntegrationRequest),
            EventKind::RefusalNoticeReceived => self.give_notice(on),
            EventKind::ObservationsFiled => self.hear(on),
            EventKind::Extended { days } => self.extend(on, days),
            EventKind::OpinionAsked { answer_by } => {
                // A technical assessment stops the term where the rules say so (art. 17); other opinions never do.
                let longest_days = self.rules.opinion_suspension_days.min(90);
                self.stand_still(on, answer_by, longest_days, Cause::Opinion)
            }
            EventKind::OpinionGiven => self.resume(on, Cause::Opinion),
            EventKind::SubstituteCalled => self.call_substitute(on),
            EventKind::SilenceTookEffect => self.take_effect(on),
            EventKind::Decided | EventKind::Withdrawn => {
                self.close(on, kind == EventKind::Withdrawn);
                Ok(())
            }
        }
    }

    /// Where silence decides, the term runs from the receipt of the competent office: art. 18-bis c. 2 L. 241/1990 for silent
    /// consent (it names art. 20 c. 1, and no term in which an office must answer), art. 6 c. 4 D.P.R. 184/2006 for access to
    /// documents, whose silence refuses. Once, while it runs, and unless somebody has already worked on the case: asked
    /// something, given notice, extended the term, or taken it over as substitute.
    fn restart(&mut self, on: Date) -> Result<(), WhyIgnored> {
        if self.rules.silence == Silence::Late {
            return Err(WhyIgnored::NotForeseen);
        }
        if self.moved {
            return Err(WhyIgnored::AlreadyUsed);
        }
        self.still_open(on)?;
        if !self.pauses.is_empty() || 0 < self.extended_by || self.substitute_since.is_some() {
            return Err(WhyIgnored::OutOfPlace);
        }
        (self.start, self.moved) = (on, true);
        Ok(())
    }

    /// The term stops until the answer, for at most so many days, and once for each cause.
    fn stand_still(
        &mut self,
        on: Date,
        answer_by: Option<Date>,
        longest_days: u16,
        cause: Cause,
    ) -> Result<(), WhyIgnored> {
        if longest_days == 0 {
            return Err(WhyIgnored::NotForeseen);
        }
        if self.stood_still(cause) {
            return Err(WhyIgnored::AlreadyUsed);
        }
        self.still_open(on)?;
        let longest = plus(on, i32::from(longest_days));
        let to = answer_by.map_or(longest, |day| day.clamp(on, longest));
        self.pauses.push(Pause { from: on, to, cause });
        Ok(())
    }

    /// Whether the term stopped for this, now or before.
    pub fn stood_still(&self, cause: Cause) -> bool {
        self.pauses.iter().any(|pause| pause.cause == cause)
    }

    fn resume(&mut self, on: Date, cause: Cause) -> Result<(), WhyIgnored> {
        let asked = self.pauses.iter_mut().find(|pause| pause.cause == cause);
        match asked {
            Some(pause) if on < pause.to => {
                pause.to = on;
                Ok(())
            }
            _ => Err(WhyIgnored::TooLate),
        }
    }

    fn give_notice(&mut self, on: Date) -> Result<(), WhyIgnored> {
        if !self.rules.notice_before_refusal {
            return Err(WhyIgnored::NotForeseen);
        }
        if self.observations_by.is_some() {
            return Err(WhyIgnored::AlreadyUsed);
        }
        self.still_open(on)?;
        let to = self.slid(plus(on, i32::from(self.rules.observation_days)));
        self.observations_by = Some(to);
        self.pauses.push(Pause { from: on, to, cause: Cause::RefusalNotice });
        Ok(())
    }

    /// The term resumes ten days after the observations; of several in time, the last counts.
    fn hear(&mut self, on: Date) -> Result<(), WhyIgnored> {
        let in_time = self.observations_by.is_some_and(|by| on <= by);
        let notice = self.pauses.iter_mut().find(|pause| pause.cause == Cause::RefusalNotice);
        match notice {
            Some(pause) if in_time => {
                pause.to = pause.to.max(plus(on, i32::from(self.rules.observation_days)));
                Ok(())
            }
            _ => Err(WhyIgnored::TooLate),
        }
    }

    fn extend(&mut self, on: Date, days: u16) -> Result<(), WhyIgnored> {
        if days == 0 || self.rules.extension_days < days {
            return Err(WhyIgnored::NotForeseen);
        }
        if 0 < self.extended_by {
            return Err(WhyIgnored::AlreadyUsed);
        }
        self.still_open(on)?;
        self.extended_by = days;
        self.term_days = self.term_days.saturating_add(days);
        Ok(())
    }

    /// Only a term that is over, and whose silence decides nothing, opens the substitute power; the first call counts.
    fn call_substitute(&mut self, on: Date) -> Result<(), WhyIgnored> {
        if self.rules.silence != crate::Silence::Late {
            return Err(WhyIgnored::NotForeseen);
        }
        if on <= self.due() {
            return Err(WhyIgnored::TooEarly);
        }
        if self.substitute_since.is_some() {
            return Err(WhyIgnored::AlreadyUsed);
        }
        self.substitute_since = Some(on);
        Ok(())
    }

    /// By when the substitute must conclude: half the original term, in the same kind of days.
    pub fn substitute_due(&self) -> Date {
        let (from, days) = (self.substitute_since.unwrap_or(self.due()), substitute_days(self.rules.days));
        self.slid(match self.rules.count.week() {
            None => plus(from, i32::from(days)),
            Some(week) => self.calendar.add_working(from, days, week),
        })
    }

    /// The effect is of the law, and of the end of the term: the day on which somebody wrote it down changes nothing.
    fn take_effect(&mut self, on: Date) -> Result<(), WhyIgnored> {
        if self.rules.silence == crate::Silence::Late {
            return Err(WhyIgnored::NotForeseen);
        }
        let due = self.due();
        if on <= due {
            return Err(WhyIgnored::TooEarly);
        }
        self.closing = Some(Closing { on: due, withdrawn: false, by_silence: true, late_by: 0, effective: true });
        Ok(())
    }

    fn close(&mut self, on: Date, withdrawn: bool) {
        let late_by = crate::days::between(self.due(), on).max(0);
        let ineffective = !withdrawn && 0 < late_by && self.rules.silence == crate::Silence::Consent;
        self.closing = Some(Closing { on, withdrawn, by_silence: false, late_by, effective: !ineffective });
    }

    fn still_open(&self, on: Date) -> Result<(), WhyIgnored> {
        if self.due() < on { Err(WhyIgnored::AlreadyExpired) } else { Ok(()) }
    }

    /// The last day of the term, before moving it to a working day.
    pub fn raw_due(&self) -> Date {
        self.after_last_pause(self.used_up())
    }

    /// The day that uses up the last day of the term.
    pub fn used_up(&self) -> Date {
        let (mut day, mut left) = (self.start, self.term_days);
        while 0 < left {
            let next = plus(day, 1);
            if next == day {
                return day; // the end of the calendar
            }
            day = next;
            left -= u16::from(self.counts(day));
        }
        day
    }

    /// A pause that began on the last day (or while the last day was moved to a working one) carries it to its end.
    fn after_last_pause(&self, last: Date) -> Date {
        let late_pauses = self.pauses.iter().filter(|pause| last <= pause.from);
        late_pauses.map(|pause| pause.to).fold(last, Date::max)
    }

    /// The last day on which the office is in time.
    pub fn due(&self) -> Date {
        self.slid(self.raw_due())
    }

    /// `day`, moved to a working day if the rules say so.
    pub fn slid(&self, day: Date) -> Date {
        self.rules.slide.week().map_or(day, |week| self.calendar.next_working(day, week))
    }

    /// Whether `day` uses up one day of the term.
    fn counts(&self, day: Date) -> bool {
        self.pause_on(day).is_none() && self.is_counted(day)
    }

    fn is_counted(&self, day: Date) -> bool {
        self.rules.count.week().is_none_or(|week| self.calendar.is_working(day, week))
    }

    fn pause_on(&self, day: Date) -> Option<&Pause> {
        self.pauses.iter().find(|pause| pause.from < day && day <= pause.to)
    }

    /// How many days in `(after, until]` use up the term.
    pub fn counted_between(&self, after: Date, until: Date) -> u16 {
        let mut days = std::iter::successors(Some(after), |day| Some(plus(*day, 1)).filter(|next| day < next)).skip(1);
        let counted = days.by_ref().take_while(|day| *day <= until).filter(|day| self.counts(*day)).count();
        u16::try_from(counted).unwrap_or(u16::MAX)
    }

    /// The stretches of days from the start to `until`, each with its cause.
    pub fn segments(&self, until: Date) -> Vec<Segment> {
        let used_up = self.used_up();
        let mut segments: Vec<Segment> = Vec::new();
        let mut day = plus(self.start, 1);
        while day <= until {
            let cause = match self.pause_on(day) {
                Some(pause) => pause.cause,
                None if used_up < day => Cause::MovedToWorkingDay,
                None => Cause::Running,
            };
            match segments.last_mut() {
                Some(last) if last.cause == cause => last.to = day,
                _ => segments.push(Segment { from: day, to: day, cause }),
            }
            if plus(day, 1) == day {
                break;
            }
            day = plus(day, 1);
        }
        segments
    }
}
