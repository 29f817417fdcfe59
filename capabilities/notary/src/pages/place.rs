//! Where the codes on paper lead: whether an act, or a document, stands in the register. Without personal data, because
//! whoever holds the paper may look.

use acts::Act;
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::IntoResponse,
};
use base::Uuid;
use cases::{
    Case,
    payload::{LetterIssued, kind},
};
use database::Tx;
use proofs::{act_digest, leaf_hash, verify_inclusion};
use web::{
    Answer, Failure, Page, Visit,
    components::{Fact, Tone},
};

use crate::{Notary, log::Proven, report::kind_key};

/// Fewer hexadecimal digits could be guessed.
const SHORTEST_PREFIX: usize = 16;

#[derive(Template)]
#[template(path = "pages/place.html")]
struct PlacePage {
    page: Page,
    tone: Tone,
    title: &'static str,
    text: &'static str,
    facts: Vec<Fact>,
}

/// `/verifica/{position}/{digest}`: an act by its place and at least 16 hexadecimal digits of its digest.
pub(crate) async fn act(
    State(notary): State<Notary>,
    Path((position, digest)): Path<(String, String)>,
    visit: Visit,
) -> Answer {
    let mut tx = notary.web.database().read().await?;
    let found = match (position.parse(), prefix(&digest)) {
        (Ok(position), Some(prefix)) => at(&mut tx, position, &prefix).await?,
        _ => None,
    };
    answer(&notary, tx, &visit, found).await
}

/// `/verifica/documento/{document}`: the act by which a document was issued.
pub(crate) async fn document(State(notary): State<Notary>, Path(document): Path<String>, visit: Visit) -> Answer {
    let mut tx = notary.web.database().read().await?;
    let found = match document.parse::<Uuid>() {
        Ok(id) => notary.documents.issued_by(&mut tx, id).await?,
        Err(_) => None,
    };
    let found = match found {
        Some((case, seq)) => acts::one(&mut tx, case, seq).await?,
        None => None,
    };
    answer(&notary, tx, &visit, found).await
}

fn prefix(digest: &str) -> Option<String> {
    let fits = (SHORTEST_PREFIX..=64).contains(&digest.len()) && digest.bytes().all(|b| b.is_ascii_hexdigit());
    fits.then(|| digest.to_ascii_lowercase())
}

async fn at(tx: &mut Tx, position: i64, prefix: &str) -> database::Result<Option<Act>> {
    let act = acts::after(tx, position, 1).await?.pop();
    Ok(act.filter(|act| act.position == position && hex::encode(act.digest).starts_with(prefix)))
}

async fn answer(notary: &Notary, mut tx: Tx, visit: &Visit, found: Option<Act>) -> Answer {
    let page = visit.page("notary.place.title").crumb(visit.t("notary.check.title"), "/verifica");
    let Some(act) = found else {
        let (title, text) = ("notary.place.unknown", "notary.place.unknown_text");
        let unknown = PlacePage { page, tone: Tone::Danger, title, text, facts: Vec::new() };
        return Ok((StatusCode::NOT_FOUND, web::show(&unknown)?).into_response());
    };
    let mut acts = acts::of_case(&mut tx, act.case).await?;
    drop(tx);
    let told = tells_of(&act);
    acts.retain(|one| one.seq <= told);
    let facts = facts(&page, notary, &act, Case::from_acts(acts).as_ref());
    let (tone, title, text) = if holds(notary, &act).await? {
        (Tone::Success, "notary.place.known", "notary.place.known_text")
    } else {
        tracing::error!(position = act.position, "an act is not what was recorded: run `sportello verify --book`");
        (Tone::Danger, "notary.place.changed", "notary.place.changed_text")
    };
    web::show(&PlacePage { page, tone, title, text, facts })
}

/// The act with which the case is told: a letter may be composed after the case went to another office, and is of the office
/// that had it with the act of which the letter tells.
fn tells_of(act: &Act) -> i64 {
    let letter = act.payload_of::<LetterIssued>(kind::LETTER_ISSUED);
    letter.map_or(act.seq, |letter| letter.act_seq)
}

/// Whether the content, where it is still kept, is what was digested, and the digest is in the log.
async fn holds(notary: &Notary, act: &Act) -> Result<bool, Failure> {
    let position = u64::try_from(act.position).map_err(Failure::internal)?;
    let Proven { checkpoint, proofs } = notary.prove_now(&[position]).await?;
    let intact = act.body.as_ref().is_none_or(|body| act_digest(&body.salt, &body.content) == act.digest);
    let root = checkpoint.root.as_slice().try_into().map_err(Failure::internal)?;
    let leaf = leaf_hash(&act.digest);
    Ok(intact && proofs.iter().all(|proof| verify_inclusion(&leaf, position, checkpoint.size, proof, root)))
}

/// What may be told to anybody who holds the paper: nothing of who asked, nothing of what was decided on. The case is as it
/// was with the act; `None` where its content was destroyed.
fn facts(page: &Page, notary: &Notary, act: &Act, case: Option<&Case>) -> Vec<Fact> {
    let (slug, name) =
        case.map_or(("", ""), |case| (case.submitted.service.as_str(), case.submitted.service_name.as_str()));
    let (office, office_name) = case.map_or(("", ""), |case| (case.office().id, case.office().name));
    let of_letter = |name: &str| if act.kind == kind::LETTER_ISSUED { act.text(name) } else { "" };
    let service = notary.catalogue.service_name(slug, name);
    let office = notary.catalogue.office_name(office, office_name);
    let offered = notary.catalogue.service(slug);
    let letter = offered.as_deref().and_then(|service| service.letter_title(of_letter("letter"), page.language));
    let kind = kind_key(&act.kind).map_or(act.kind.as_str(), |key| page.t(key)).to_owned();
    let rows = [
        ("notary.place.kind", kind),
        ("notary.place.letter", letter.unwrap_or(of_letter("title")).to_owned()),
        ("notary.place.at", page.moment(&act.at)),
        ("notary.place.service", service.get(page.language).to_owned()),
        ("notary.place.office", office.get(page.language).to_owned()),
        ("notary.place.position", act.position.to_string()),
        ("notary.place.digest", hex::encode(act.digest)),
        ("notary.place.document_digest", of_letter("sha256").to_owned()),
    ];
    let told = rows.into_iter().filter(|(_, value)| !value.is_empty());
    told.map(|(key, value)| Fact::new(page.t(key), value)).collect()
}
