//! A federation of providers that speak OpenID Connect: whom its anchor vouches for, looked up beside the pages.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Instant,
};

use base::Timestamp;
use jiff::SignedDuration;
use serde_json::Value;

use super::{
    Member, OpenProvider, When,
    provider::{self, is_safe},
    trust::{Anchor, Bounds, Statement, TrustError, Walk},
};
use crate::federation::Kind;

/// Providers that an anchor lists; more are a mistake.
const MOST: usize = 64;
/// What is known is looked up again after this, or after half of the time for which it holds.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// After a failure.
const AGAIN: SignedDuration = SignedDuration::from_mins(2);

/// One federation with what is known of it now.
pub(crate) struct OpenFederation {
    pub(crate) kind: Kind,
    pub(crate) anchor: Anchor,
    /// Names of providers; when there are none, those that the anchor lists.
    pub(crate) named: Vec<String>,
    /// Marks that a provider must bear.
    pub(crate) marks: Vec<String>,
    known: RwLock<Known>,
}

#[derive(Default)]
struct Known {
    providers: Vec<Arc<OpenProvider>>,
    /// When to look again; never looked when absent.
    next_at: Option<Timestamp>,
    /// Marks that our superior gives us.
    own_marks: Vec<Value>,
}

/// What a look at the federation gave.
#[derive(Debug, Default)]
pub(crate) struct Looked {
    /// What went wrong, each with its subject.
    pub(crate) troubles: Vec<String>,
    /// Why the federation does not know us as we are; absent when it does.
    pub(crate) unknown_here: Option<String>,
}

impl OpenFederation {
    pub(crate) fn new(kind: Kind, anchor: Anchor, named: Vec<String>, marks: Vec<String>) -> Self {
        Self { kind, anchor, named, marks, known: RwLock::default() }
    }

    /// Everybody for whom the federation vouches now.
    pub(crate) fn providers(&self, now: Timestamp) -> Vec<Arc<OpenProvider>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.providers.iter().filter(|provider| now.as_second() < provider.ends_at).cloned().collect()
    }

    /// The marks that the federation gave us, as it last told.
    pub(crate) fn own_marks(&self) -> Vec<Value> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).own_marks.clone()
    }

    /// Whether it is time to look.
    pub(crate) fn is_due(&self, now: Timestamp) -> bool {
        self.known.read().unwrap_or_else(PoisonError::into_inner).next_at.is_none_or(|next| next <= now)
    }

    /// Looks up whom the anchor vouches for. It blocks. Who cannot be reached is known for as long as the last chain holds.
    pub(crate) fn look(&self, member: &Member, when: When) -> Looked {
        let mut looked = Looked::default();
        let mut walk = Walk::new(&*member.wire, when, Bounds::default());
        let (mut found, mut silent, mut own_marks) = (Vec::new(), Silent::Everybody, None);
        match walk.anchor(&self.anchor) {
            Err(error) => looked.troubles.push(error.to_string()),
            Ok(anchor) => {
                (found, silent) = self.found(member, &anchor, when, &mut looked);
                match own_entry(member, &mut walk, &anchor) {
                    Ok(marks) => own_marks = Some(marks),
                    Err(why) => looked.unknown_here = Some(why),
                }
            }
        }
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        // Whom the anchor does not vouch for any more is gone at once; who did not answer stays until its chain ends.
        let holds = |old: &&Arc<OpenProvider>| when.now.as_second() < old.ends_at && silent.holds(&old.id);
        let kept: Vec<_> = known.providers.iter().filter(holds).cloned().collect();
        found.extend(kept);
        known.next_at = Some(next(&found, &looked, when));
        known.providers = found;
        if let Some(marks) = own_marks {
            known.own_marks = marks;
        }
        looked
    }

    fn found(
        &self,
        member: &Member,
        anchor: &Statement,
        when: When,
        looked: &mut Looked,
    ) -> (Vec<Arc<OpenProvider>>, Silent) {
        let named = if self.named.is_empty() { self.listed(member, anchor, when) } else { Ok(self.named.clone()) };
        let named = match named {
            Ok(named) => named,
            Err(error) => {
                looked.troubles.push(error.to_string());
                return (Vec::new(), Silent::Everybody);
            }
        };
        let (mut found, mut silent) = (Vec::new(), Vec::new());
        // All of them together: a program that is to end waits for no longer than this.
        let (begun, all) = (Instant::now(), Bounds::default());
        for name in named {
            let bounds = Bounds { time: all.time.saturating_sub(begun.elapsed()), ..all };
            let mut walk = Walk::new(&*member.wire, when, bounds);
            let trusted = walk.resolve((&name, provider::KIND), anchor, &self.marks);
            match trusted.and_then(|trusted| OpenProvider::read(&trusted, &mut walk, member.strict)) {
                Ok(provider) => found.push(Arc::new(provider)),
                Err(error) => {
                    looked.troubles.push(format!("{name}: {error}"));
                    if is_silence(&error) {
                        silent.push(name);
                    }
                }
            }
        }
        (found, Silent::These(silent))
    }

    /// The providers that the anchor lists (OpenID Federation 1.0, 8.2).
    fn listed(&self, member: &Member, anchor: &Statement, when: When) -> Result<Vec<String>, TrustError> {
        let wrong = |what| TrustError::Statement(anchor.subject.clone(), what);
        let list = anchor.endpoint("federation_list_endpoint").ok_or(wrong("lists nobody: name the providers"))?;
        let joint = if list.contains('?') { '&' } else { '?' };
        let mut walk = Walk::new(&*member.wire, when, Bounds::default());
        let text = walk.get(&format!("{list}{joint}entity_type={}", provider::KIND))?;
        let names: Vec<String> = serde_json::from_str(&text).map_err(|_| wrong("gives a list that is none"))?;
        Ok(names.into_iter().filter(|name| is_safe(name, member.strict)).take(MOST).collect())
    }
}

/// Who gave no answer that could be judged.
enum Silent {
    Everybody,
    These(Vec<String>),
}

impl Silent {
    fn holds(&self, id: &str) -> bool {
        match self {
            Self::Everybody => true,
            Self::These(names) => names.iter().any(|name| name == id),
        }
    }
}

/// Nobody answered, or somebody who was out of order: what was known holds on. Everything else is an answer.
fn is_silence(error: &TrustError) -> bool {
    match error {
        TrustError::Wire(..) | TrustError::TooMuch => true,
        TrustError::Status(_, status) => *status >= 500,
        _ => false,
    }
}

/// Whether the federation knows us with the key that signs now; gives the marks that it has for us.
fn own_entry(member: &Member, walk: &mut Walk, anchor: &Statement) -> Result<Vec<Value>, String> {
    let mut why = format!("{} is not among the authority hints", anchor.subject);
    for hint in &member.hints {
        let superior = if *hint == anchor.subject { Ok(anchor.clone()) } else { walk.superior(hint) };
        match superior.and_then(|superior| walk.about(&superior, &member.client_id)) {
            Ok(about) if about.keys.holds(&member.signing_set()) => {
                return Ok(about.body.get("trust_marks").and_then(Value::as_array).cloned().unwrap_or_default());
            }
            Ok(_) => why = format!("{hint} knows other keys of ours"),
            Err(error) => why = error.to_string(),
        }
    }
    Err(why)
}

fn next(found: &[Arc<OpenProvider>], looked: &Looked, when: When) -> Timestamp {
    let end = found.iter().map(|provider| provider.ends_at).min().unwrap_or(i64::MAX);
    let half = SignedDuration::from_secs(end.saturating_sub(when.now.as_second()) / 2);
    let usual = FRESH.min(half).max(SignedDuration::from_secs(30));
    let settled = looked.troubles.is_empty() && looked.unknown_here.is_none();
    let pause = if settled { usual } else { AGAIN.min(usual) };
    when.now.saturating_add(pause).unwrap_or(Timestamp::MAX)
}
