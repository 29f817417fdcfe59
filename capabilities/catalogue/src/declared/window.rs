use base::Timestamp;

use super::reader::Table;
use crate::source::Site;

/// When applications are taken, and in which order they are then examined: the law's, never that of coming.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// The first instant.
    pub opens: Timestamp,
    /// The instant from which none is taken any more.
    pub closes: Timestamp,
    /// By what applications are put in order.
    pub order: Order,
    /// The question whose answer decides, by identifier.
    pub datum: String,
    /// Who set window and order: a law, a regulation, a call.
    pub law: String,
}

/// By what applications of a window are put in order. Equal ones are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Need: the smallest number first, such as that of an ISEE.
    Need,
    /// The date of the event: the earliest day first.
    EventDate,
}

/// Where an instant stands to a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Drafts can be prepared.
    Before,
    /// Applications are taken.
    Open,
    /// Over.
    After,
}

impl Order {
    /// As `process.toml` and acts write it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Need => "need",
            Self::EventDate => "event-date",
        }
    }
}

impl Window {
    /// Whether it is open, or not yet, or no more. It closes at the instant that is told.
    #[must_use]
    pub fn phase(&self, now: Timestamp) -> Phase {
        if now < self.opens {
            Phase::Before
        } else if now < self.closes {
            Phase::Open
        } else {
            Phase::After
        }
    }

    /// When the phase changes next; `None` once it is over.
    #[must_use]
    pub fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        [self.opens, self.closes].into_iter().find(|change| now < *change)
    }
}

const ORDERS: [(&str, Order); 2] = [(Order::Need.key(), Order::Need), (Order::EventDate.key(), Order::EventDate)];

/// Reads `[window]`, with the place of its datum, which only the form can judge.
pub(super) fn read_window(root: &Table) -> Option<(Window, Site)> {
    root.table("window", |table| {
        let (opens, closes) = (table.need_rome_instant("opens"), table.need_rome_instant("closes"));
        if let (Some(opens), Some(closes)) = (opens, closes)
            && closes <= opens
        {
            table.wrong("closes", "la finestra si chiude prima di aprirsi", "scrivere un momento dopo opens");
        }
        let window = Window {
            opens: opens.unwrap_or_default(),
            closes: closes.unwrap_or_default(),
            order: table.need_choice("order", &ORDERS),
            datum: table.need_text("datum"),
            law: table.need_text("law"),
        };
        (window, table.site("datum"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_open_from_its_first_instant_to_before_its_last() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let window = Window {
            opens: at("2026-12-01T08:00:00Z"),
            closes: at("2026-12-15T11:00:00Z"),
            order: Order::Need,
            datum: "isee".to_owned(),
            law: "art. 1".to_owned(),
        };
        for (now, phase, next) in [
            ("2026-12-01T07:59:59.999Z", Phase::Before, Some(window.opens)),
            ("2026-12-01T08:00:00Z", Phase::Open, Some(window.closes)),
            ("2026-12-15T10:59:59.999Z", Phase::Open, Some(window.closes)),
            ("2026-12-15T11:00:00Z", Phase::After, None),
        ] {
            assert_eq!((window.phase(at(now)), window.next_change(at(now))), (phase, next), "{now}");
        }
    }
}
