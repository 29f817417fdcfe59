//! What acts about the term do to a case.

use acts::{Act, Actor};
use base::{Date, rome_date};
use deadlines::{Event, EventKind};

use super::{Case, State};
use crate::payload::{
    Extended, OpinionGiven, OpinionReminded, OpinionRequested, SilenceEffect, SubstituteTookOver, Taken,
};

/// An opinion that was asked of an expert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opinion {
    /// The act that asked.
    pub seq: i64,
    /// What was asked of whom.
    pub request: OpinionRequested,
    /// Whether the time for the answer passed, and everybody was reminded.
    pub reminded: bool,
    /// The answer, with its day.
    pub given: Option<(Date, OpinionGiven)>,
}

impl Case {
    pub(super) fn extend(&mut self, act: &Act) {
        let Some(extended) = act.payload::<Extended>() else { return };
        self.events.push(Event::new(rome_date(act.at), EventKind::Extended { days: extended.days }));
        self.extension = Some(extended);
    }

    pub(super) fn consult(&mut self, act: &Act) {
        let Some(request) = act.payload::<OpinionRequested>() else { return };
        if request.stops_term {
            let kind = EventKind::OpinionAsked { answer_by: Some(request.answer_by) };
            self.events.push(Event::new(rome_date(act.at), kind));
        }
        self.opinions.push(Opinion { seq: act.seq, request, reminded: false, given: None });
    }

    pub(super) fn remind(&mut self, act: &Act) {
        let Some(reminded) = act.payload::<OpinionReminded>() else { return };
        self.opinions.iter_mut().filter(|one| one.seq == reminded.request).for_each(|one| one.reminded = true);
    }

    pub(super) fn hear_expert(&mut self, act: &Act) {
        let Some(given) = act.payload::<OpinionGiven>() else { return };
        let day = rome_date(act.at);
        let Some(opinion) = self.opinions.iter_mut().find(|one| one.seq == given.request) else { return };
        if opinion.request.stops_term {
            self.events.push(Event::new(day, EventKind::OpinionGiven));
        }
        opinion.given = Some((day, given));
    }

    /// The case is the substitute's, until it is given back or to a colleague.
    pub(super) fn take_over(&mut self, act: &Act) {
        let Some(taken) = act.payload::<SubstituteTookOver>() else { return };
        self.officer = Some(Taken { officer: taken.officer.clone(), officer_name: taken.officer_name.clone() });
        if self.state == State::Received {
            self.state = State::InProgress;
        }
        self.events.push(Event::new(rome_date(act.at), EventKind::SubstituteCalled)); // of their own motion, if nobody asked
        self.substitute = Some(taken);
    }

    /// Whether whoever holds the substitute power has the case in hand.
    #[must_use]
    pub fn substitute_holds(&self) -> bool {
        self.substitute.as_ref().is_some_and(|taken| self.is_held_by(&taken.officer))
    }

    /// The law closes the case on the last day of the term, whenever the program wrote it down.
    pub(super) fn settle_by_silence(&mut self, state: State, act: &Act) {
        let Some(effect) = act.payload::<SilenceEffect>() else { return };
        self.state = state;
        self.open_request = None;
        self.closed_on = Some(effect.term_ended);
        self.events.push(Event::new(rome_date(act.at), EventKind::SilenceTookEffect));
        self.silence = Some(effect);
    }

    /// Whether this officer writes an opinion down: the expert, or whoever works on the case for an expert outside.
    #[must_use]
    pub fn answers(&self, opinion: &Opinion, actor: &Actor) -> bool {
        let expert = opinion.request.officer.as_ref();
        expert.map_or_else(|| self.is_in_hands_of(actor), |expert| *expert == actor.subject)
    }

    /// The opinion that this act asked for, if it is still awaited.
    #[must_use]
    pub fn awaited_opinion(&self, seq: i64) -> Option<&Opinion> {
        self.opinions.iter().find(|one| one.seq == seq && one.given.is_none())
    }
}
