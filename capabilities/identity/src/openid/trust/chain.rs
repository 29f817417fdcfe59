use std::time::{Duration, Instant};

use serde_json::{Map, Value};

use super::{TrustError, address_of, constraints, marks, policy::Policy, statement::Statement};
use crate::openid::{Call, When, Wire, jose::JwkSet};

/// Where chains end, and with which keys.
#[derive(Debug, Clone)]
pub(crate) struct Anchor {
    pub(crate) name: String,
    /// As declared. Without them the anchor is believed at its word, which only a demonstration may do.
    pub(crate) keys: Option<JwkSet>,
}

/// Somebody whose chain was walked before: what it said of itself, and who stood above it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kept<'a> {
    /// Its own statement, as it was signed.
    pub(crate) text: &'a str,
    /// From itself to the anchor.
    pub(crate) path: &'a [String],
}

/// How far a walk goes: whoever is asked must not be able to send us through the whole network.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// Between the leaf and the anchor, at most: the anchor must allow them, too.
    pub(crate) intermediates: usize,
    /// Superiors of one entity that are tried.
    pub(crate) hints: usize,
    /// Questions in all.
    pub(crate) questions: usize,
    pub(crate) time: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { intermediates: 3, hints: 6, questions: 24, time: Duration::from_secs(40) }
    }
}

/// Somebody whom the anchor vouches for.
#[derive(Debug, Clone)]
pub(crate) struct Trusted {
    /// What holds of it, after its superiors' policies: kind of entity, then parameters.
    pub(crate) metadata: Map<String, Value>,
    /// With which it signs statements, as its superior knows them.
    pub(crate) keys: JwkSet,
    /// Seconds since 1970: the first of all ends in the chain.
    pub(crate) ends_at: i64,
    /// From the leaf to the anchor.
    pub(crate) path: Vec<String>,
    /// The statements as they were signed: the leaf's own, those of its superiors, the anchor's own.
    pub(crate) chain: Vec<String>,
}

/// One search for whom to believe.
pub(crate) struct Walk<'a> {
    wire: &'a dyn Wire,
    when: When,
    bounds: Bounds,
    asked: usize,
    begun: Instant,
}

/// What stands above the leaf: a superior's word about the one below, with the superior's own.
struct Step {
    about: Statement,
    superior: Statement,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(wire: &'a dyn Wire, when: When, bounds: Bounds) -> Self {
        // How long something took is measured; nothing that is decided depends on which instant it is.
        Self { wire, when, bounds, asked: 0, begun: Instant::now() }
    }

    pub(super) fn when(&self) -> When {
        self.when
    }

    /// What the anchor says of itself, signed with a key that was declared.
    ///
    /// # Errors
    /// [`TrustError`].
    pub(crate) fn anchor(&mut self, anchor: &Anchor) -> Result<Statement, TrustError> {
        let statement = self.of_itself(&anchor.name)?;
        if let Some(keys) = &anchor.keys {
            statement.signed_with(keys)?;
        }
        Ok(statement)
    }

    /// Whether `entity` is an entity of this kind below `anchor`, and bears `marks`.
    ///
    /// # Errors
    /// [`TrustError`]: why the last way that was tried led nowhere.
    pub(crate) fn resolve(
        &mut self,
        (entity, kind): (&str, &str),
        anchor: &Statement,
        marks: &[String],
    ) -> Result<Trusted, TrustError> {
        self.obey(anchor)?;
        let leaf = self.of_itself(entity)?;
        let mut steps = Vec::new();
        let trusted = self.climb(&leaf, &leaf, anchor, &mut steps, &|steps| judge(&leaf, steps, anchor, kind))?;
        self.marked(trusted, &leaf, anchor, marks)
    }

    /// The same of somebody who is silent: what it said of itself when it last spoke, as long as that holds, and what those who
    /// vouched for it say now. They are all asked, and no others: whoever was put out cannot hide behind a silent superior.
    ///
    /// # Errors
    /// [`TrustError`]: one of them answered, and does not vouch any more; or, if none did so, that one of them is silent.
    pub(crate) fn again(
        &mut self,
        kept: Kept,
        kind: &str,
        anchor: &Statement,
        marks: &[String],
    ) -> Result<Trusted, TrustError> {
        self.obey(anchor)?;
        let name = kept.path.first().map_or("", String::as_str);
        let leaf = Statement::of_itself(kept.text, name, self.when)?;
        let (mut below, mut steps, mut silence) = (Some(leaf.clone()), Vec::new(), None);
        for pair in kept.path.windows(2) {
            let [under, above] = pair else { continue };
            let step = self.spoken(above, anchor, steps.len()).and_then(|superior| {
                let about = self.about(&superior, under)?;
                below.as_ref().map_or(Ok(()), |below| below.signed_with(&about.keys))?;
                Ok(Step { about, superior })
            });
            match step {
                Ok(step) => {
                    below = Some(step.superior.clone());
                    steps.push(step);
                }
                Err(error) if error.is_silence() => {
                    below = None;
                    silence = Some(error);
                }
                Err(error) => return Err(error),
            }
        }
        let trusted = silence.map_or_else(|| judge(&leaf, &steps, anchor, kind), Err)?;
        self.marked(trusted, &leaf, anchor, marks)
    }

    /// From here on no more stand between than the anchor allows; the rules of SPID and CIE want it to say so, and without its word
    /// nobody does.
    fn obey(&mut self, anchor: &Statement) -> Result<(), TrustError> {
        let allowed = constraints::deepest(anchor)?;
        self.bounds.intermediates = self.bounds.intermediates.min(allowed);
        Ok(())
    }

    /// Who bears these marks is trusted for as long as they hold.
    fn marked(
        &mut self,
        mut trusted: Trusted,
        leaf: &Statement,
        anchor: &Statement,
        marks: &[String],
    ) -> Result<Trusted, TrustError> {
        for mark in marks {
            trusted.ends_at = trusted.ends_at.min(marks::borne(self, leaf, anchor, mark)?);
        }
        Ok(trusted)
    }

    /// Whoever gives trust marks, with the keys that its superior knows.
    pub(super) fn giver(&mut self, issuer: &str, anchor: &Statement) -> Result<Trusted, TrustError> {
        self.resolve((issuer, "federation_entity"), anchor, &[])
    }

    /// What somebody says of itself who calls itself our superior.
    ///
    /// # Errors
    /// [`TrustError`].
    pub(crate) fn superior(&mut self, entity: &str) -> Result<Statement, TrustError> {
        self.of_itself(entity)
    }

    /// What `superior` says of `entity`.
    ///
    /// # Errors
    /// [`TrustError`].
    pub(crate) fn about(&mut self, superior: &Statement, entity: &str) -> Result<Statement, TrustError> {
        let fetch = superior.endpoint("federation_fetch_endpoint");
        let fetch = fetch.ok_or_else(|| TrustError::Statement(superior.subject.clone(), "has no fetch endpoint"))?;
        let joint = if fetch.contains('?') { '&' } else { '?' };
        let text = self.get(&format!("{fetch}{joint}{}", web::query(&[("sub", entity)])))?;
        Statement::about(&text, &superior.subject, entity, &superior.keys, self.when)
    }

    /// Upwards, by every superior that `below` names, until `judge` is content with a chain.
    fn climb(
        &mut self,
        leaf: &Statement,
        below: &Statement,
        anchor: &Statement,
        steps: &mut Vec<Step>,
        judge: &dyn Fn(&[Step]) -> Result<Trusted, TrustError>,
    ) -> Result<Trusted, TrustError> {
        let mut last = TrustError::NoWay(below.subject.clone());
        let hints: Vec<String> =
            below.list("authority_hints").into_iter().take(self.bounds.hints).map(str::to_owned).collect();
        for hint in hints {
            // Who is above itself is nobody's superior.
            if hint == leaf.subject || steps.iter().any(|step| step.superior.subject == hint) {
                continue;
            }
            match self.step(&hint, below, anchor, steps.len()) {
                Ok(step) => {
                    let arrived = step.superior.subject == anchor.subject;
                    let superior = step.superior.clone();
                    steps.push(step);
                    let outcome =
                        if arrived { judge(steps) } else { self.climb(leaf, &superior, anchor, steps, judge) };
                    match outcome {
                        Ok(trusted) => return Ok(trusted),
                        Err(error) => last = error,
                    }
                    steps.pop();
                }
                Err(TrustError::TooMuch) => return Err(TrustError::TooMuch),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    fn step(&mut self, hint: &str, below: &Statement, anchor: &Statement, between: usize) -> Result<Step, TrustError> {
        let superior = self.spoken(hint, anchor, between)?;
        let about = self.about(&superior, &below.subject)?;
        // What the one below says of itself must be signed with a key that the superior knows.
        below.signed_with(&about.keys)?;
        Ok(Step { about, superior })
    }

    /// What a superior says of itself, above whom `between` stand already.
    fn spoken(&mut self, hint: &str, anchor: &Statement, between: usize) -> Result<Statement, TrustError> {
        if hint == anchor.subject {
            Ok(anchor.clone())
        } else if between < self.bounds.intermediates {
            self.of_itself(hint)
        } else {
            Err(TrustError::Statement(hint.to_owned(), "stands too far from the anchor"))
        }
    }

    fn of_itself(&mut self, entity: &str) -> Result<Statement, TrustError> {
        let text = self.get(&address_of(entity))?;
        Statement::of_itself(&text, entity, self.when)
    }

    /// Fetches a text.
    ///
    /// # Errors
    /// [`TrustError`].
    pub(crate) fn get(&mut self, url: &str) -> Result<String, TrustError> {
        self.asked += 1;
        if self.asked > self.bounds.questions || self.begun.elapsed() > self.bounds.time {
            return Err(TrustError::TooMuch);
        }
        let reply = self.wire.send(&Call::to(url));
        let reply = reply.map_err(|error| TrustError::Wire(url.to_owned(), error))?;
        if reply.status == 200 { Ok(reply.body) } else { Err(TrustError::Status(url.to_owned(), reply.status)) }
    }
}

/// The whole chain, from the anchor downwards: signatures with the keys that superiors vouch for, constraints, policies.
fn judge(leaf: &Statement, steps: &[Step], anchor: &Statement, kind: &str) -> Result<Trusted, TrustError> {
    for (place, step) in steps.iter().enumerate() {
        // A superior's statement must be signed with keys that its own superior knows, not only with those that it names.
        let keys = steps.get(place + 1).map_or(&anchor.keys, |above| &above.about.keys);
        step.about.signed_with(keys)?;
    }
    constrain(leaf, steps, anchor, kind)?;
    let mut policy = Policy::default();
    for step in steps.iter().rev() {
        policy.join(&step.about.body)?;
    }
    let mut metadata = leaf.object("metadata").cloned().unwrap_or_default();
    let closest = steps.first().ok_or_else(|| TrustError::NoWay(leaf.subject.clone()))?;
    overrule(&mut metadata, &closest.about)?;
    let wrong = || TrustError::Policy(format!("{} is no {kind}", leaf.subject));
    let entry = metadata.get_mut(kind).and_then(Value::as_object_mut).ok_or_else(wrong)?;
    policy.apply(kind, entry)?;
    let ends = steps.iter().flat_map(|step| [step.about.ends_at, step.superior.ends_at]);
    Ok(Trusted {
        metadata,
        keys: closest.about.keys.clone(),
        ends_at: ends.chain([leaf.ends_at, anchor.ends_at]).min().unwrap_or(leaf.ends_at),
        chain: std::iter::once(leaf)
            .chain(steps.iter().map(|step| &step.about))
            .chain([anchor])
            .map(|statement| statement.text().to_owned())
            .collect(),
        path: std::iter::once(&leaf.subject).chain(steps.iter().map(|step| &step.superior.subject)).cloned().collect(),
    })
}

/// What is said of the one below, and what the anchor says of everybody.
fn constrain(leaf: &Statement, steps: &[Step], anchor: &Statement, kind: &str) -> Result<(), TrustError> {
    let mut names = vec![leaf.subject.as_str()];
    for (between, step) in steps.iter().enumerate() {
        let general = Some(anchor).filter(|_| between + 1 == steps.len());
        for statement in std::iter::once(&step.about).chain(general) {
            let Some(constraints) = constraints::of(statement)? else { continue };
            constraints::hold(&step.superior.subject, constraints, &names, between)?;
            if kind != "federation_entity" && !constraints::allows(constraints, kind) {
                return Err(TrustError::Constraint(step.superior.subject.clone(), "this kind of entity"));
            }
        }
        names.push(&step.superior.subject);
    }
    Ok(())
}

/// What the immediate superior says of an entity's metadata goes before what it says itself (6.1.4.2).
fn overrule(metadata: &mut Map<String, Value>, about: &Statement) -> Result<(), TrustError> {
    let wrong = || TrustError::Policy("what the superior says of the metadata is not of its form".to_owned());
    let Some(said) = about.body.get("metadata") else { return Ok(()) };
    for (kind, parameters) in said.as_object().ok_or_else(wrong)? {
        let parameters = parameters.as_object().ok_or_else(wrong)?;
        if let Some(own) = metadata.get_mut(kind).and_then(Value::as_object_mut) {
            own.extend(parameters.clone());
        }
    }
    Ok(())
}
