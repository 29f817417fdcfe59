use std::{collections::BTreeSet, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// What somebody may do for somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verb {
    /// See the cases, their attachments and proofs.
    See,
    /// Fill in drafts: what registries know of the person for the form is shown.
    Draft,
    /// File applications.
    Submit,
    /// Answer what the office asks again.
    Answer,
    /// Answer a notice before refusal, and call whoever holds the substitute power.
    Object,
    /// Withdraw applications, and give up what was granted.
    Withdraw,
    /// Read the letters.
    Receive,
    /// Name or change the account to which money goes.
    Account,
}

impl Verb {
    /// All of them, in the order in which people read them.
    pub const ALL: [Self; 8] = [
        Self::See,
        Self::Draft,
        Self::Submit,
        Self::Answer,
        Self::Receive,
        Self::Withdraw,
        Self::Object,
        Self::Account,
    ];

    /// As it is stored and as forms send it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::See => "see",
            Self::Draft => "draft",
            Self::Submit => "submit",
            Self::Answer => "answer",
            Self::Object => "object",
            Self::Withdraw => "withdraw",
            Self::Receive => "receive",
            Self::Account => "account",
        }
    }

    /// What one cannot do without: who files must be able to fill in and to see what came of it.
    const fn needs(self) -> &'static [Self] {
        match self {
            Self::See | Self::Draft => &[],
            Self::Submit => &[Self::Draft, Self::See],
            Self::Account => &[Self::Draft],
            Self::Answer | Self::Object | Self::Withdraw | Self::Receive => &[Self::See],
        }
    }
}

impl FromStr for Verb {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|verb| verb.key() == text).ok_or_else(|| format!("`{text}` is no verb"))
    }
}

/// Several of them, with all that each needs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Verbs(BTreeSet<Verb>);

impl Verbs {
    /// Everything.
    #[must_use]
    pub fn all() -> Self {
        Verb::ALL.into_iter().collect()
    }

    /// Whether this one is among them.
    #[must_use]
    pub fn has(&self, verb: Verb) -> bool {
        self.0.contains(&verb)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// In the order in which people read them.
    pub fn iter(&self) -> impl Iterator<Item = Verb> {
        Verb::ALL.into_iter().filter(|verb| self.has(*verb))
    }
}

impl FromIterator<Verb> for Verbs {
    fn from_iter<T: IntoIterator<Item = Verb>>(verbs: T) -> Self {
        let with_needs = |verb: Verb| std::iter::once(verb).chain(verb.needs().iter().copied());
        Self(verbs.into_iter().flat_map(with_needs).collect())
    }
}

/// `see draft submit`.
impl fmt::Display for Verbs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iter().map(Verb::key).collect::<Vec<_>>().join(" "))
    }
}

impl FromStr for Verbs {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.split_whitespace().map(str::parse).collect()
    }
}

/// For which services: their slugs, or all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Services(Option<BTreeSet<String>>);

impl Services {
    /// Every service, also those that come later.
    pub const ALL: Self = Self(None);

    /// These only.
    #[must_use]
    pub fn only(slugs: impl IntoIterator<Item = String>) -> Self {
        Self(Some(slugs.into_iter().collect()))
    }

    /// Whether this one is among them.
    #[must_use]
    pub fn has(&self, slug: &str) -> bool {
        self.0.as_ref().is_none_or(|slugs| slugs.contains(slug))
    }

    /// The slugs; `None` for all.
    #[must_use]
    pub fn slugs(&self) -> Option<&BTreeSet<String>> {
        self.0.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_file_may_fill_in_and_see() {
        let verbs: Verbs = [Verb::Submit].into_iter().collect();
        assert_eq!(verbs.to_string(), "see draft submit");
        assert_eq!("see draft submit".parse(), Ok(verbs));
        assert!("see fly".parse::<Verbs>().is_err());
    }

    #[test]
    fn nothing_implies_the_account_nor_withdrawing_nor_objecting() {
        for verb in Verb::ALL {
            let verbs: Verbs = [verb].into_iter().collect();
            for kept in [Verb::Account, Verb::Withdraw, Verb::Object] {
                assert_eq!(verbs.has(kept), verb == kept, "{verb:?}");
            }
        }
    }
}
