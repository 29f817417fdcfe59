//! All the SQL of this room.

pub(crate) mod offices;

use acts::NewAct;
use base::{Chance, Timestamp, Uuid, rome_date};
use database::{Error, Result, Row, Tx, params};
use web::Failure;

use crate::{
    Ending, Mandate, Services,
    counter::CounterVisit,
    payload::{Giver, Proposee},
};

const COLUMNS: &str = "SELECT id, number, principal, principal_name, delegate, delegate_surname, delegate_name, services, \
    verbs, proposed_at, answer_by, until, accepted_at, ended_at, ending, last_seq FROM mandates ";

/// The next number of the year of an instant: `3/2026`.
pub async fn next_number(tx: &mut Tx, now: Timestamp) -> Result<String> {
    let year = rome_date(now).year();
    let sql = "INSERT INTO mandate_numbers (year, last) VALUES ($1, 1) \
               ON CONFLICT (year) DO UPDATE SET last = mandate_numbers.last + 1 RETURNING last";
    let row = tx.row(sql, params![i64::from(year)]).await?;
    let row = row.ok_or_else(|| Error::Conflict("no number was given".to_owned()))?;
    Ok(format!("{}/{year}", row.int("last")?))
}

/// Appends an act to the mandate as it was read (its first one, where there is none) and writes the row from what the book
/// then says: one value, two places, one transaction.
pub async fn write(
    tx: &mut Tx,
    chance: &dyn Chance,
    before: Option<&Mandate>,
    (at, act): (Timestamp, NewAct),
) -> std::result::Result<Mandate, Failure> {
    let id = act.case;
    let seen = before.map_or(0, |mandate| mandate.last_seq);
    append(tx, chance, seen, (at, act)).await?;
    let mandate = Mandate::from_acts(&acts::of_case(tx, id).await?);
    let mandate = mandate.ok_or_else(|| Failure::internal(anyhow::anyhow!("a mandate begins with its proposal")))?;
    project(tx, &mandate).await?;
    Ok(mandate)
}

async fn append(
    tx: &mut Tx,
    chance: &dyn Chance,
    seen: i64,
    (at, act): (Timestamp, NewAct),
) -> std::result::Result<(), Failure> {
    let written = acts::append(tx, at, chance, Some(seen), &[act]).await;
    written.map(drop).map_err(|error| error.or(Failure::Conflict("mandates.failure.stale")))
}

async fn project(tx: &mut Tx, mandate: &Mandate) -> Result<()> {
    let services = mandate.services.slugs().map(|slugs| serde_json::json!(slugs).to_string());
    let who = params![
        mandate.id,
        &mandate.number,
        &mandate.principal.fiscal_code,
        &mandate.principal.name,
        &mandate.delegate.fiscal_code,
        &mandate.delegate.surname,
        mandate.delegate_name.as_ref(),
        services,
    ];
    let what = params![
        mandate.verbs.to_string(),
        mandate.proposed_at,
        mandate.answer_by,
        mandate.until,
        mandate.accepted_at,
        mandate.ended.map(|(at, _)| at),
        mandate.ended.map(|(_, how)| ending_key(how)),
        mandate.last_seq,
    ];
    let changed = "ON CONFLICT (id) DO UPDATE SET delegate_name = excluded.delegate_name, \
                     accepted_at = excluded.accepted_at, ended_at = excluded.ended_at, ending = excluded.ending, \
                     last_seq = excluded.last_seq";
    let into = "INSERT INTO mandates (id, number, principal, principal_name, delegate, delegate_surname, delegate_name, \
                services, verbs, proposed_at, answer_by, until, accepted_at, ended_at, ending, last_seq)";
    tx.insert_all(into, &[[who.as_slice(), what.as_slice()].concat()], changed).await
}

/// A mandate, whosever it is: whoever calls this asks whose.
pub async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<Mandate>> {
    let sql = format!("{COLUMNS} WHERE id = $1");
    tx.row(&sql, params![id]).await?.map(|row| mandate(&row)).transpose()
}

/// What this person gave, latest first.
pub async fn given(tx: &mut Tx, principal: &str) -> Result<Vec<Mandate>> {
    let sql = format!("{COLUMNS} WHERE principal = $1 ORDER BY proposed_at DESC, id DESC LIMIT 200");
    tx.rows(&sql, params![principal]).await?.iter().map(mandate).collect()
}

/// What this person was asked to accept, latest first.
pub async fn received(tx: &mut Tx, delegate: &str) -> Result<Vec<Mandate>> {
    let sql = format!("{COLUMNS} WHERE delegate = $1 ORDER BY proposed_at DESC, id DESC LIMIT 200");
    tx.rows(&sql, params![delegate]).await?.iter().map(mandate).collect()
}

/// What may still hold or be accepted of what was given.
const OPEN: &str = "ended_at IS NULL AND until >= $2 AND (accepted_at IS NOT NULL OR answer_by >= $2)";

/// What was given to an office and may hold or be accepted, all of it, latest first; and the latest of what is over.
pub async fn of_office(tx: &mut Tx, office: &str, now: Timestamp) -> Result<Vec<Mandate>> {
    let mut found = open_received(tx, office, now).await?;
    let sql = format!("{COLUMNS} WHERE delegate = $1 AND NOT ({OPEN}) ORDER BY proposed_at DESC, id DESC LIMIT 200");
    for row in tx.rows(&sql, params![office, rome_date(now)]).await? {
        found.push(mandate(&row)?);
    }
    Ok(found)
}

/// What this delegate was given and may hold or be accepted, all of it, latest first.
pub async fn open_received(tx: &mut Tx, delegate: &str, now: Timestamp) -> Result<Vec<Mandate>> {
    let sql = format!("{COLUMNS} WHERE delegate = $1 AND {OPEN} ORDER BY proposed_at DESC, id DESC");
    tx.rows(&sql, params![delegate, rome_date(now)]).await?.iter().map(mandate).collect()
}

/// How many this person proposed since an instant, whatever came of them.
pub async fn proposed_since(tx: &mut Tx, principal: &str, since: Timestamp) -> Result<i64> {
    let sql = "SELECT count(*) AS n FROM mandates WHERE principal = $1 AND proposed_at >= $2";
    tx.number(sql, params![principal, since]).await
}

/// How many that this person gave may still hold or be accepted.
pub async fn open_of(tx: &mut Tx, principal: &str, now: Timestamp) -> Result<i64> {
    let sql = format!("SELECT count(*) AS n FROM mandates WHERE principal = $1 AND {OPEN}");
    tx.number(&sql, params![principal, rome_date(now)]).await
}

fn mandate(row: &Row) -> Result<Mandate> {
    let services = match row.opt_text("services")? {
        None => Services::ALL,
        Some(text) => {
            let slugs: Vec<String> =
                serde_json::from_str(&text).map_err(|error| Error::Column("services", error.to_string()))?;
            Services::only(slugs)
        }
    };
    let ended = row.opt_parsed::<Timestamp>("ended_at")?;
    let how = row.opt_text("ending")?.and_then(|key| ending_of(&key));
    Ok(Mandate {
        id: row.id("id")?,
        number: row.text("number")?,
        principal: Giver { fiscal_code: row.text("principal")?, name: row.text("principal_name")? },
        delegate: Proposee { fiscal_code: row.text("delegate")?, surname: row.text("delegate_surname")? },
        delegate_name: row.opt_text("delegate_name")?,
        services,
        verbs: row.parsed("verbs")?,
        proposed_at: row.instant("proposed_at")?,
        answer_by: row.date("answer_by")?,
        until: row.date("until")?,
        accepted_at: row.opt_parsed("accepted_at")?,
        // An ending that nobody knows is one all the same.
        ended: ended.map(|at| (at, how.unwrap_or(Ending::Revoked))),
        last_seq: row.int("last_seq")?,
    })
}

const ENDINGS: [(Ending, &str); 3] =
    [(Ending::Declined, "declined"), (Ending::Revoked, "revoked"), (Ending::Renounced, "renounced")];

fn ending_key(how: Ending) -> &'static str {
    ENDINGS.iter().find(|(known, _)| *known == how).map_or("", |(_, key)| key)
}

fn ending_of(key: &str) -> Option<Ending> {
    ENDINGS.iter().find(|(_, known)| *known == key).map(|(how, _)| *how)
}

/// Writes the first act of a visit to the counter, and its row.
pub async fn open_visit(
    tx: &mut Tx,
    chance: &dyn Chance,
    visit: &CounterVisit,
    (at, act): (Timestamp, NewAct),
) -> std::result::Result<(), Failure> {
    append(tx, chance, 0, (at, act)).await?;
    let sql = "INSERT INTO counter_visits (id, operator, office, person, person_name, until) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    let CounterVisit { id, operator, office, person, until, .. } = visit;
    tx.execute(sql, params![*id, operator, office, &person.fiscal_code, &person.name, *until]).await?;
    Ok(())
}

/// Ends a visit, once.
pub async fn close_visit(
    tx: &mut Tx,
    chance: &dyn Chance,
    id: Uuid,
    (at, act): (Timestamp, NewAct),
) -> std::result::Result<(), Failure> {
    let sql = "UPDATE counter_visits SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL";
    if tx.execute(sql, params![id, at]).await? == 1 {
        append(tx, chance, 1, (at, act)).await?;
    }
    Ok(())
}

/// A visit to the counter, whosever it is.
pub async fn find_visit(tx: &mut Tx, id: Uuid) -> Result<Option<CounterVisit>> {
    let sql = "SELECT id, operator, office, person, person_name, until, ended_at FROM counter_visits WHERE id = $1";
    tx.row(sql, params![id]).await?.map(|row| visit(&row)).transpose()
}

/// A person's visits to the counter, latest first.
pub async fn visits_of(tx: &mut Tx, person: &str) -> Result<Vec<CounterVisit>> {
    let sql = "SELECT id, operator, office, person, person_name, until, ended_at FROM counter_visits \
               WHERE person = $1 ORDER BY until DESC";
    tx.rows(sql, params![person]).await?.iter().map(visit).collect()
}

fn visit(row: &Row) -> Result<CounterVisit> {
    Ok(CounterVisit {
        id: row.id("id")?,
        operator: row.text("operator")?,
        office: row.text("office")?,
        person: Giver { fiscal_code: row.text("person")?, name: row.text("person_name")? },
        until: row.instant("until")?,
        ended_at: row.opt_parsed("ended_at")?,
    })
}

/// Something that was done for somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// The case.
    pub case: Uuid,
    /// The act.
    pub seq: i64,
    /// The identifier of the authority.
    pub authority: String,
    /// For whom.
    pub principal: String,
    /// Who did it.
    pub actor_name: String,
    /// What.
    pub kind: String,
    /// When.
    pub at: Timestamp,
}

/// Notes what was done; an act that comes round again changes nothing.
pub async fn note_deed(tx: &mut Tx, deed: &Deed) -> Result<()> {
    let sql = "INSERT INTO mandate_deeds (case_id, seq, authority, principal, actor_name, kind, at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (case_id, seq) DO NOTHING";
    let Deed { case, seq, authority, principal, actor_name, kind, at } = deed;
    tx.execute(sql, params![*case, *seq, authority, principal, actor_name, kind, *at]).await.map(drop)
}

/// What was done under an authority, latest first.
pub async fn deeds_under(tx: &mut Tx, authority: &str) -> Result<Vec<Deed>> {
    let sql = "SELECT case_id, seq, authority, principal, actor_name, kind, at FROM mandate_deeds \
               WHERE authority = $1 ORDER BY at DESC, seq DESC LIMIT 200";
    tx.rows(sql, params![authority]).await?.iter().map(deed).collect()
}

/// What was done for a person since an instant, latest first, so many at most.
pub async fn deeds_for(tx: &mut Tx, principal: &str, (since, most): (Timestamp, i64)) -> Result<Vec<Deed>> {
    let sql = "SELECT case_id, seq, authority, principal, actor_name, kind, at FROM mandate_deeds \
               WHERE principal = $1 AND at >= $2 ORDER BY at DESC, seq DESC LIMIT $3";
    tx.rows(sql, params![principal, since, most]).await?.iter().map(deed).collect()
}

/// Forgets what was done in a case that is destroyed.
pub async fn forget_deeds(tx: &mut Tx, case: Uuid) -> Result<()> {
    tx.execute("DELETE FROM mandate_deeds WHERE case_id = $1", params![case]).await.map(drop)
}

fn deed(row: &Row) -> Result<Deed> {
    Ok(Deed {
        case: row.id("case_id")?,
        seq: row.int("seq")?,
        authority: row.text("authority")?,
        principal: row.text("principal")?,
        actor_name: row.text("actor_name")?,
        kind: row.text("kind")?,
        at: row.instant("at")?,
    })
}

#[cfg(test)]
mod tests {
    use acts::{Actor, Door};
    use base::SeededChance;
    use database::testing::TestDatabase;

    use super::*;
    use crate::{Delegate, Limits, Proposal, Verbs, accept, propose, renounce};

    fn actor(who: &str) -> Actor {
        let (subject, name) = (who.to_owned(), "Maria Dimostrativa".to_owned());
        Actor { subject, name, door: Door::Citizen, level: 2, on_behalf_of: None, authority: None }
    }

    #[tokio::test]
    async fn the_row_says_what_the_acts_say() {
        let data = TestDatabase::migrated(&[acts::MIGRATIONS, crate::MIGRATIONS].concat()).await;
        let mut tx = data.open().await.begin().await.unwrap();
        let (now, chance, id) = ("2026-11-21T10:00:00Z".parse().unwrap(), SeededChance::new(7), Uuid::from_u128(1));
        let proposal = Proposal {
            delegate: Delegate::Person("DMSLCU80A01H501D".parse().unwrap(), "Dimostrativi".to_owned()),
            services: Services::only(["uno".to_owned(), "due".to_owned()]),
            service_names: Vec::new(),
            verbs: Verbs::all(),
            until: rome_date(now),
        };
        let number = next_number(&mut tx, now).await.unwrap();
        assert_eq!((number.as_str(), next_number(&mut tx, now).await.unwrap().as_str()), ("1/2026", "2/2026"));
        let act = propose(proposal, (id, number), &actor("DMSMRA80A41H501R"), Limits::default(), now).unwrap();
        let mut mandate = write(&mut tx, &chance, None, (now, act)).await.unwrap();
        let decisions: [fn(&Mandate, &Actor, Timestamp) -> _; 2] = [accept, renounce];
        for decision in decisions {
            assert_eq!(find(&mut tx, id).await.unwrap().as_ref(), Some(&mandate));
            assert_eq!(open_of(&mut tx, "DMSMRA80A41H501R", now).await.unwrap(), 1);
            let act = decision(&mandate, &actor("DMSLCU80A01H501D"), now).unwrap();
            let stale = mandate.clone();
            mandate = write(&mut tx, &chance, Some(&mandate), (now, act.clone())).await.unwrap();
            assert!(matches!(write(&mut tx, &chance, Some(&stale), (now, act)).await, Err(Failure::Conflict(_))));
        }
        assert_eq!(find(&mut tx, id).await.unwrap(), Some(mandate));
        assert_eq!(open_of(&mut tx, "DMSMRA80A41H501R", now).await.unwrap(), 0);
    }
}
