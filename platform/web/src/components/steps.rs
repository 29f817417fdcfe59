/// A page of a form, or a stage of a procedure.
#[derive(Debug, Clone)]
pub struct Step {
    /// Its name.
    pub label: String,
    /// How far it is.
    pub state: StepState,
    /// Leads back to a step that is done.
    pub href: Option<String>,
}

/// How far a [`Step`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// Behind us.
    Done,
    /// This one.
    Current,
    /// Still to come.
    Ahead,
}

impl Step {
    /// A step without a link.
    #[must_use]
    pub fn new(label: impl Into<String>, state: StepState) -> Self {
        Self { label: label.into(), state, href: None }
    }

    /// `steps` with the one at `current` (from 0) as the present one.
    #[must_use]
    pub fn sequence<L: Into<String>>(labels: impl IntoIterator<Item = L>, current: usize) -> Vec<Self> {
        let state = |place| match current.cmp(&place) {
            std::cmp::Ordering::Greater => StepState::Done,
            std::cmp::Ordering::Equal => StepState::Current,
            std::cmp::Ordering::Less => StepState::Ahead,
        };
        labels.into_iter().enumerate().map(|(place, label)| Self::new(label, state(place))).collect()
    }

    pub(super) fn class(&self) -> &'static str {
        match self.state {
            StepState::Done => "done",
            StepState::Current => "current",
            StepState::Ahead => "ahead",
        }
    }

    pub(super) fn is_current(&self) -> bool {
        self.state == StepState::Current
    }

    pub(super) fn is_done(&self) -> bool {
        self.state == StepState::Done
    }
}

/// Something that happened, or will.
#[derive(Debug, Clone)]
pub struct TimelineItem {
    /// What.
    pub title: String,
    /// When, as people write it.
    pub at: String,
    /// More about it; may be empty.
    pub text: String,
    /// How far it is.
    pub state: StepState,
    /// Where to read it: words and address.
    pub link: Option<(String, String)>,
}

impl TimelineItem {
    /// Something that happened.
    #[must_use]
    pub fn done(title: impl Into<String>, at: impl Into<String>) -> Self {
        Self { title: title.into(), at: at.into(), text: String::new(), state: StepState::Done, link: None }
    }

    /// More about it.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    /// Where to read it.
    #[must_use]
    pub fn link(mut self, words: impl Into<String>, href: impl Into<String>) -> Self {
        self.link = Some((words.into(), href.into()));
        self
    }

    /// How far it is.
    #[must_use]
    pub fn state(mut self, state: StepState) -> Self {
        self.state = state;
        self
    }

    pub(super) fn class(&self) -> &'static str {
        Step::new("", self.state).class()
    }
}
