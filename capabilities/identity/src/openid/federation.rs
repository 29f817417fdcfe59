//! A federation of providers that speak OpenID Connect: whom its anchor vouches for, looked up beside the pages.

use std::{
    sync::{Arc, Mutex, PoisonError, RwLock},
    thread,
    time::{Duration, Instant},
};

use base::Timestamp;
use jiff::SignedDuration;
use serde_json::Value;

use super::{
    Member, OpenProvider, When,
    provider::{self, is_safe},
    trust::{Anchor, Bounds, Kept, Statement, TrustError, Walk},
};
use crate::federation::Kind;

/// Providers that an anchor lists; more are a mistake.
const MOST: usize = 64;
/// What is known is looked up again after this, or after half of the time for which it holds.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// After a failure.
const AGAIN: SignedDuration = SignedDuration::from_mins(2);
/// Providers that are looked up at the same time: who is slow holds up one of these.
const HANDS: u32 = 8;
/// For all providers together, and for one of them at most.
const ALL: Duration = Duration::from_secs(40);
const ONE: Duration = Duration::from_secs(10);
/// To ask whether a silent one is still vouched for there is always time.
const LEAST: Duration = Duration::from_secs(5);

/// One federation with what is known of it now.
pub(crate) struct OpenFederation {
    pub(crate) kind: Kind,
    pub(crate) anchor: Anchor,
    /// Names of providers; when there are none, those that the anchor lists.
    pub(crate) named: Vec<String>,
    /// Marks that a provider must bear.
    pub(crate) marks: Vec<String>,
    /// How many may stand between a provider and the anchor, if the anchor allows as many.
    pub(crate) intermediates: usize,
    known: RwLock<Known>,
}

/// Whom a federation is asked for.
pub(crate) struct Sought {
    pub(crate) named: Vec<String>,
    pub(crate) marks: Vec<String>,
    pub(crate) intermediates: usize,
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
    /// Whether the anchor answered, so that anything is known about us.
    pub(crate) answered: bool,
}

impl OpenFederation {
    pub(crate) fn new(kind: Kind, anchor: Anchor, sought: Sought) -> Self {
        let Sought { named, marks, intermediates } = sought;
        Self { kind, anchor, named, marks, intermediates, known: RwLock::default() }
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

    /// Looks up whom the anchor vouches for. It blocks. Who cannot be reached is known for as long as the last chain holds, unless
    /// somebody in that chain who can be reached does not vouch any more.
    pub(crate) fn look(&self, member: &Member, when: When) -> Looked {
        let (mut looked, mut own_marks) = (Looked::default(), None);
        let found = match self.walk(member, when, ONE).anchor(&self.anchor) {
            Err(error) => {
                looked.troubles.push(error.to_string());
                self.providers(when.now)
            }
            Ok(anchor) => {
                looked.answered = true;
                let found = self.found(member, &anchor, when, &mut looked);
                match own_entry(member, &mut self.walk(member, when, ONE), &anchor) {
                    Ok(marks) => own_marks = Some(marks),
                    Err(why) => looked.unknown_here = Some(why),
                }
                found
            }
        };
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.next_at = Some(next(&found, &looked, when));
        known.providers = found;
        if let Some(marks) = own_marks {
            known.own_marks = marks;
        }
        looked
    }

    fn walk<'a>(&self, member: &'a Member, when: When, time: Duration) -> Walk<'a> {
        Walk::new(&*member.wire, when, Bounds { intermediates: self.intermediates, time, ..Bounds::default() })
    }

    /// Those for whom the anchor vouches. Several are looked up at the same time, each in its own part of the time: nobody waits for
    /// who is slow, and a program that is to end waits for no longer than all of it.
    fn found(&self, member: &Member, anchor: &Statement, when: When, looked: &mut Looked) -> Vec<Arc<OpenProvider>> {
        let (known, begun) = (self.providers(when.now), Instant::now());
        let names = if self.named.is_empty() { self.listed(member, anchor, when) } else { Ok(self.named.clone()) };
        let names = names.unwrap_or_else(|error| {
            looked.troubles.push(error.to_string());
            known.iter().map(|provider| provider.id.clone()).collect()
        });
        let waiting = Mutex::new(names.iter().enumerate());
        let next = || {
            let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
            let left = u32::try_from(waiting.len()).unwrap_or(u32::MAX);
            Some((waiting.next()?, share(ALL.saturating_sub(begun.elapsed()), left)))
        };
        let hand = || {
            let mut own = Vec::new();
            while let Some(((place, name), time)) = next() {
                let old = known.iter().find(|provider| provider.id == *name);
                own.push((place, self.one(member, anchor, when, (name, old, time))));
            }
            own
        };
        let mut outcomes: Vec<_> = thread::scope(|scope| {
            let hands: Vec<_> = (0..HANDS).take(names.len()).map(|_| scope.spawn(hand)).collect();
            let joined = hands.into_iter().map(|hand| hand.join().unwrap_or_else(|why| std::panic::resume_unwind(why)));
            joined.flatten().collect()
        });
        outcomes.sort_by_key(|(place, _)| *place);
        let told = outcomes.iter().zip(&names);
        let told = told.filter_map(|((_, (_, trouble)), name)| Some(format!("{name}: {}", trouble.as_ref()?)));
        looked.troubles.extend(told);
        outcomes.into_iter().filter_map(|(_, (provider, _))| provider).collect()
    }

    /// One provider as it is now, and what went wrong with it. Who is silent is as before, as far as its superiors still vouch.
    fn one(
        &self,
        member: &Member,
        anchor: &Statement,
        when: When,
        (name, old, time): (&str, Option<&Arc<OpenProvider>>, Duration),
    ) -> (Option<Arc<OpenProvider>>, Option<TrustError>) {
        let read = |trusted, walk: &mut Walk| OpenProvider::read(&trusted, walk, member.strict).map(Arc::new);
        let mut walk = self.walk(member, when, time);
        let fresh = walk.resolve((name, provider::KIND), anchor, &self.marks);
        match (fresh.and_then(|trusted| read(trusted, &mut walk)), old) {
            (Ok(provider), _) => (Some(provider), None),
            (Err(silence), Some(old)) if silence.is_silence() => {
                let mut walk = self.walk(member, when, time.max(LEAST));
                let text = old.chain.first().map_or("", String::as_str);
                let again = walk.again(Kept { text, path: &old.path }, provider::KIND, anchor, &self.marks);
                match again.and_then(|trusted| read(trusted, &mut walk)) {
                    Ok(provider) => (Some(provider), Some(silence)),
                    Err(error) if error.is_silence() => (Some(Arc::clone(old)), Some(silence)),
                    Err(error) => (None, Some(error)),
                }
            }
            (Err(error), _) => (None, Some(error)),
        }
    }

    /// The providers that the anchor lists (OpenID Federation 1.0, 8.2).
    fn listed(&self, member: &Member, anchor: &Statement, when: When) -> Result<Vec<String>, TrustError> {
        let wrong = |what| TrustError::Statement(anchor.subject.clone(), what);
        let list = anchor.endpoint("federation_list_endpoint").ok_or(wrong("lists nobody: name the providers"))?;
        let joint = if list.contains('?') { '&' } else { '?' };
        let mut walk = self.walk(member, when, ONE);
        let text = walk.get(&format!("{list}{joint}entity_type={}", provider::KIND))?;
        let names: Vec<String> = serde_json::from_str(&text).map_err(|_| wrong("gives a list that is none"))?;
        Ok(names.into_iter().filter(|name| is_safe(name, member.strict)).take(MOST).collect())
    }
}

/// The part of the time that is left for one of those who wait, itself among them.
fn share(left: Duration, waiting: u32) -> Duration {
    (left * HANDS / waiting.max(1)).min(left).min(ONE)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_a_part_of_the_time() {
        let seconds = Duration::from_secs;
        for (left, waiting, part) in [(40, 1, 10), (40, 32, 10), (40, 64, 5), (40, 160, 2), (3, 1, 3), (0, 5, 0)] {
            assert_eq!(share(seconds(left), waiting), seconds(part), "{left} {waiting}");
        }
    }
}
