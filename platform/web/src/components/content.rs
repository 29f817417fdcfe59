/// Colour and icon of a message; never the only carrier of its meaning (WCAG 2.2, 1.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Neither good nor bad.
    Neutral,
    /// To know.
    Info,
    /// Went well.
    Success,
    /// To watch.
    Warning,
    /// Went wrong.
    Danger,
}

impl Tone {
    /// The last part of the CSS class.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Info => "info",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }

    /// The name of the icon.
    #[must_use]
    pub fn icon(self) -> &'static str {
        match self {
            Self::Neutral | Self::Info => "it-info-circle",
            Self::Success => "it-check-circle",
            Self::Warning => "it-warning-circle",
            Self::Danger => "it-error",
        }
    }
}

/// A name and a value, as in a summary.
#[derive(Debug, Clone)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// Its value, as people write it.
    pub value: String,
    /// Where it comes from.
    pub provenance: Option<Provenance>,
    /// Where it comes from in other words than those for registries: "Indicato da te".
    pub note: String,
    /// What can be done: words and address. Screen readers hear the label after the words.
    pub actions: Vec<(String, String)>,
}

/// Where a datum comes from: shown below its value.
#[derive(Debug, Clone)]
pub struct Provenance {
    /// The registry, e.g. "Anagrafe nazionale (ANPR)".
    pub registry: String,
    /// The day on which the registry said so, as people write it.
    pub on: String,
    /// Why it was asked for.
    pub purpose: String,
}

/// The large confirmation after something was done.
#[derive(Debug, Clone)]
pub struct Panel {
    /// "Domanda inviata".
    pub title: String,
    /// What the number is: "Numero di protocollo".
    pub label: String,
    /// The number to keep.
    pub reference: String,
    /// When and where, one sentence.
    pub text: String,
}

/// Something to go to.
#[derive(Debug, Clone)]
pub struct Card {
    /// Small line above the title.
    pub over: String,
    /// Title, which is the link.
    pub title: String,
    /// One or two sentences.
    pub text: String,
    /// Where it leads.
    pub href: String,
    /// Name of an icon, or empty.
    pub icon: &'static str,
}

impl Fact {
    /// A name and a value without anything else.
    #[must_use]
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), provenance: None, note: String::new(), actions: Vec::new() }
    }

    /// Where it comes from.
    #[must_use]
    pub fn from_registry(
        mut self,
        registry: impl Into<String>,
        on: impl Into<String>,
        purpose: impl Into<String>,
    ) -> Self {
        self.provenance = Some(Provenance { registry: registry.into(), on: on.into(), purpose: purpose.into() });
        self
    }

    /// Something that can be done about it; there may be several.
    #[must_use]
    pub fn action(mut self, words: impl Into<String>, href: impl Into<String>) -> Self {
        self.actions.push((words.into(), href.into()));
        self
    }

    /// Where it comes from, if not from a registry.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
}

impl Card {
    /// A card with title, text and address.
    #[must_use]
    pub fn new(title: impl Into<String>, text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { over: String::new(), title: title.into(), text: text.into(), href: href.into(), icon: "" }
    }

    /// Small line above the title.
    #[must_use]
    pub fn over(mut self, over: impl Into<String>) -> Self {
        self.over = over.into();
        self
    }

    /// An icon of the sprite.
    #[must_use]
    pub fn icon(mut self, icon: &'static str) -> Self {
        self.icon = icon;
        self
    }
}
