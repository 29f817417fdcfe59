use std::time::{Duration, Instant};

use async_trait::async_trait;
use base::{Date, Timestamp, Uuid, rome_date};
use cases::{Kept, payload::Destroyed};
use catalogue::Horizons;
use database::Tx;
use queue::{Job, JobError};
use serde_json::{Value, json};

use crate::{
    certificate,
    hold::Held,
    list::{Line, List, Outcome, State},
    room::Retention,
    store,
};

const GATHER: &str = "retention/gather";
const DESTROY: &str = "retention/destroy";
/// Cases that are put on a list in one unit of work.
const GATHERED: i64 = 500;
/// Cases that are destroyed in one unit of work: others must not wait long for their turn to write.
const DESTROYED: i64 = 50;
/// Or as many as fit in this: files weigh, and freed pages are overwritten.
const LONGEST: Duration = Duration::from_millis(250);
/// Before every case.
const FIRST: (Date, Uuid) = (Date::MIN, Uuid::nil());

/// Looks for the cases of a list, some hundred at a time, and freezes it.
pub struct Gather(pub Retention);

/// Destroys the cases of a list that two people approved, some at a time, and writes the certificate. Each case is looked at
/// again in the transaction that destroys it: a hold that was placed meanwhile wins. Killed, it goes on where it stood,
/// because a case and its line are settled together.
pub struct Destroy(pub Retention);

/// Sets going what looks for the cases of a list.
pub(crate) async fn gather(tx: &mut Tx, list: Uuid, now: Timestamp) -> database::Result<()> {
    gather_after(tx, list, FIRST, now).await
}

async fn gather_after(tx: &mut Tx, list: Uuid, after: (Date, Uuid), now: Timestamp) -> database::Result<()> {
    queue::enqueue(tx, GATHER, &format!("{GATHER}/{list}"), &json!({ "list": list, "after": after }), now).await
}

/// Sets going what destroys the cases of a list.
pub(crate) async fn destroy(tx: &mut Tx, list: Uuid, now: Timestamp) -> database::Result<()> {
    queue::enqueue(tx, DESTROY, &format!("{DESTROY}/{list}"), &json!({ "list": list }), now).await
}

async fn list_of(tx: &mut Tx, payload: &Value, state: State) -> Result<Option<List>, JobError> {
    let id: Uuid = serde_json::from_value(payload["list"].clone()).map_err(|error| JobError(error.to_string()))?;
    Ok(store::find(tx, id).await?.filter(|list| list.state == state))
}

#[async_trait]
impl Job for Gather {
    fn kind(&self) -> &'static str {
        GATHER
    }

    async fn run(&self, tx: &mut Tx, payload: &Value) -> Result<(), JobError> {
        let Some(list) = list_of(tx, payload, State::Gathering).await? else { return Ok(()) };
        let after = serde_json::from_value(payload["after"].clone()).unwrap_or(FIRST);
        let horizons = list.schedule.horizons(list.as_of);
        let found = cases::over(tx, (&list.office, &list.service), horizons, (after, GATHERED)).await?;
        let Some(last) = found.last() else { return Ok(freeze(tx, &list, self.now()).await?) };
        let (held, listed) = (self.0.held(tx, &list.office).await?, store::listed(tx, &found).await?);
        let free: Vec<&Kept> = found.iter().filter(|case| !held.has(case) && !listed.contains(&case.id)).collect();
        let place = store::last_place(tx, list.id).await?;
        store::add_lines(tx, &list, place, &free).await?;
        Ok(gather_after(tx, list.id, (last.closed_on, last.id), self.now()).await?)
    }
}

impl Gather {
    fn now(&self) -> Timestamp {
        self.0.web.clock().now()
    }
}

/// What was found is the list; one on which nothing stands is none.
async fn freeze(tx: &mut Tx, list: &List, now: Timestamp) -> database::Result<()> {
    let (digest, many, closed) = store::digest(tx, list, None).await?;
    store::freeze(tx, list.id, (&digest, many, closed)).await?;
    if many == 0 {
        store::reject(tx, list.id, "Sportello", ("Nessuna pratica: sono sospese o già in un altro elenco.", now))
            .await?;
    }
    Ok(())
}

impl Retention {
    /// What is held in an office today.
    async fn held(&self, tx: &mut Tx, office: &str) -> database::Result<Held> {
        Ok(Held::of(&store::standing(tx, office, rome_date(self.web.clock().now())).await?))
    }

    /// What has been kept long enough: by the service as it is offered now, because the law may have changed since the
    /// list was proposed; else as it was then.
    fn horizons(&self, list: &List, now: Timestamp) -> Horizons {
        let service = self.catalogue.service(&list.service);
        service.map_or(list.schedule, |service| service.decl.privacy.retention).horizons(rome_date(now))
    }
}

#[async_trait]
impl Job for Destroy {
    fn kind(&self) -> &'static str {
        DESTROY
    }

    async fn run(&self, tx: &mut Tx, payload: &Value) -> Result<(), JobError> {
        let Some(list) = list_of(tx, payload, State::Approved).await? else { return Ok(()) };
        let now = self.0.web.clock().now();
        let lines = store::open_lines(tx, &list, DESTROYED).await?;
        if lines.is_empty() {
            return certificate::issue(tx, &self.0, &list, now).await;
        }
        store::begin(tx, list.id, now).await?;
        let turn = Turn {
            held: self.0.held(tx, &list.office).await?,
            horizons: self.0.horizons(&list, now),
            why: why(tx, &list).await?,
            now,
        };
        let began = Instant::now();
        for line in lines {
            let outcome = self.one(tx, &line, &turn).await?;
            store::settle(tx, list.id, line.place, outcome).await?;
            if LONGEST < began.elapsed() {
                break;
            }
        }
        Ok(destroy(tx, list.id, now).await?)
    }
}

/// What is the same for all cases of one unit of work.
struct Turn {
    held: Held,
    horizons: Horizons,
    why: Destroyed,
    now: Timestamp,
}

impl Destroy {
    async fn one(&self, tx: &mut Tx, line: &Line, turn: &Turn) -> Result<Outcome, JobError> {
        let kept = cases::find_kept(tx, line.case).await?;
        let Some(case) = kept.filter(|case| case.closed_on == line.closed_on && case.is_over(turn.horizons)) else {
            return Ok(Outcome::NotOver);
        };
        if turn.held.has(&case) {
            return Ok(Outcome::Held);
        }
        let done = cases::destroy(tx, (self.0.web.chance(), turn.now), &case, &turn.why).await;
        done.map_err(|error| JobError(error.to_string()))?;
        identity::release_reads(tx, case.id, turn.now).await?;
        self.0.branches.erase(tx, case.id).await?;
        Ok(Outcome::Destroyed)
    }
}

/// What the act of each case says.
async fn why(tx: &mut Tx, list: &List) -> database::Result<Destroyed> {
    let approvals = store::approvals(tx, list.id).await?;
    Ok(Destroyed {
        list: list.id.to_string(),
        number: list.shown(),
        digest: list.digest.clone(),
        authorisation: list.authorisation.as_ref().map(certificate::authorised).unwrap_or_default(),
        approved_by: approvals.into_iter().map(|approval| approval.name).collect(),
    })
}
