//! Steps of a unit of work that tests let fail. Without the feature `testing` there are none, and nothing is asked.

#[cfg(not(feature = "testing"))]
pub(crate) use none::Faults;
#[cfg(feature = "testing")]
pub(crate) use planned::Faults;
#[cfg(feature = "testing")]
pub use planned::{Effect, Planned};

#[cfg(not(feature = "testing"))]
mod none {
    use crate::Result;

    #[derive(Debug, Clone, Copy, Default)]
    pub(crate) struct Faults;

    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "the same as where tests are")]
    impl Faults {
        pub(crate) const fn before_statement(self, _: &str) -> Result<()> {
            Ok(())
        }
        pub(crate) const fn after_statement(self) -> Result<()> {
            Ok(())
        }
        pub(crate) const fn unit_ends(self) {}
        pub(crate) const fn before_commit(self) -> Result<()> {
            Ok(())
        }
        pub(crate) const fn after_commit(self) -> Result<()> {
            Ok(())
        }
    }
}

#[cfg(feature = "testing")]
mod planned {
    use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

    use crate::{Error, Result};

    /// What a step that fails has done before.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Effect {
        /// Nothing: the engine never heard of it.
        None,
        /// Everything: only the answer was lost.
        Done,
    }

    /// A step that is to fail, as a connection fails that is lost.
    #[derive(Debug, Clone)]
    pub struct Planned {
        /// Words of the first statement of the unit of work that is meant.
        pub unit: &'static str,
        /// Which statement of it, from 1; the one after the last is the commit.
        pub step: usize,
        /// Whether the step is done nevertheless.
        pub effect: Effect,
    }

    #[derive(Debug, Default)]
    struct State {
        planned: Option<Planned>,
        /// Statements of the unit so far, while it is under way; its commit is one more.
        steps: usize,
        now: Now,
        met: Option<String>,
    }

    #[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
    enum Now {
        #[default]
        Elsewhere,
        InTheUnit,
        AwaitingCommit,
    }

    /// Shared by all who hold the database.
    #[derive(Debug, Clone, Default)]
    pub(crate) struct Faults(Arc<Mutex<State>>);

    impl Faults {
        pub(crate) fn plan(&self, planned: Planned) {
            *self.state() = State { planned: Some(planned), ..State::default() };
        }

        /// What failed, if it came so far; nothing fails any more.
        pub(crate) fn met(&self) -> Option<String> {
            std::mem::take(&mut *self.state()).met
        }

        pub(crate) fn before_statement(&self, sql: &str) -> Result<()> {
            let mut state = self.state();
            match (state.now, &state.planned) {
                (Now::Elsewhere, Some(planned)) if sql.contains(planned.unit) => state.now = Now::InTheUnit,
                (Now::InTheUnit, Some(_)) => {}
                _ => return Ok(()),
            }
            state.steps += 1;
            state.fail(Effect::None, sql)
        }

        pub(crate) fn after_statement(&self) -> Result<()> {
            let mut state = self.state();
            if state.now == Now::InTheUnit { state.fail(Effect::Done, "the answer to a statement") } else { Ok(()) }
        }

        /// The unit is handed in: what others of the group do meanwhile is not counted.
        pub(crate) fn unit_ends(&self) {
            let mut state = self.state();
            if state.now == Now::InTheUnit {
                state.now = Now::AwaitingCommit;
                state.steps += 1;
            }
        }

        pub(crate) fn before_commit(&self) -> Result<()> {
            let mut state = self.state();
            if state.now == Now::AwaitingCommit { state.fail(Effect::None, "COMMIT") } else { Ok(()) }
        }

        pub(crate) fn after_commit(&self) -> Result<()> {
            let mut state = self.state();
            if state.now != Now::AwaitingCommit {
                return Ok(());
            }
            let failed = state.fail(Effect::Done, "the answer to COMMIT");
            state.planned = None;
            failed
        }

        fn state(&self) -> MutexGuard<'_, State> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner)
        }
    }

    impl State {
        fn fail(&mut self, effect: Effect, what: &str) -> Result<()> {
            let due = |planned: &Planned| planned.effect == effect && planned.step == self.steps;
            if !self.planned.as_ref().is_some_and(due) {
                return Ok(());
            }
            *self = Self { met: Some(what.to_owned()), ..Self::default() };
            Err(Error::Busy)
        }
    }
}
