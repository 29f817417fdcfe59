use acts::Act;
use axum::extract::{Path, State};
use base::{ProtocolNumber, Uuid};
use cases::{Case, payload::LetterIssued};
use database::Tx;
use mandates::{Claim, Verb};
use proofs::{Bundle, Document, MAX_ACTS, ProvenAct};
use web::{Answer, Failure, Visit};

use crate::{Notary, log::Proven};

/// A receipt: the act that was asked for, the letters that tell of it with their PDF, and what proves them all.
pub(crate) async fn download(
    State(notary): State<Notary>,
    Path((case, seq)): Path<(String, String)>,
    visit: Visit,
    claim: Claim,
) -> Answer {
    // Somebody else's case and no case look the same; the attempt is written down for the auditors.
    let refused = || {
        identity::note_refusal(&notary.web, claim.subject(), &format!("prova {case}"));
        Failure::NotFound
    };
    let id = case.parse::<Uuid>().map_err(|_| refused())?;
    let database = notary.web.database();
    let mut tx = if claim.is_own() { database.read().await? } else { database.begin().await? };
    let found = cases::find_own(&mut tx, id, (&claim, Verb::See), notary.web.clock().now()).await?;
    let Some((own, acting)) = found else {
        if !claim.is_own() {
            claim.capacity(&mut tx, &visit).await?; // nobody can say it now, or it is over: no attempt
        }
        return Err(refused());
    };
    let seq = seq.parse().map_err(|_| Failure::NotFound)?;
    let content = gather(&notary, &mut tx, (&own, acting.allows(Verb::Receive)), seq).await?;
    let content = content.ok_or(Failure::NotFound)?;
    if acting.is_own() {
        drop(tx);
    } else {
        let what = visit.web.words().in_all("notary.read.proof", &[]);
        acting.record(&mut tx, &notary.web, &what, Some(id)).await?;
        tx.commit().await?;
    }
    let bytes = sealed(&notary, content).await?;
    Ok(web::download(&file_name(&own, seq), "application/json", bytes))
}

/// What goes into a receipt before it is proven.
struct Content {
    acts: Vec<Act>,
    documents: Vec<Document>,
}

/// `None` when there is no such act, or its content was erased. Letters are for who may read them.
async fn gather(
    notary: &Notary,
    tx: &mut Tx,
    (case, with_letters): (&Case, bool),
    seq: i64,
) -> Result<Option<Content>, Failure> {
    // What is the office's own the applicant reads by asking for the file, not by counting numbers.
    let open = |act: &Act| act.body.is_some() && case.is_open_to_applicant(act);
    let Some(act) = acts::one(tx, case.id, seq).await?.filter(open) else { return Ok(None) };
    let mut content = Content { acts: vec![act], documents: Vec::new() };
    let of_this_act = |(issued, letter): &&(i64, LetterIssued)| letter.act_seq == seq || *issued == seq;
    let letters = case.letters.iter().filter(|_| with_letters);
    for (issued, letter) in letters.filter(of_this_act).take(MAX_ACTS - 1) {
        if *issued != seq {
            content.acts.extend(acts::one(tx, case.id, *issued).await?.filter(|act| act.body.is_some()));
        }
        content.documents.extend(document(notary, tx, letter).await?);
    }
    Ok(Some(content))
}

async fn document(notary: &Notary, tx: &mut Tx, letter: &LetterIssued) -> Result<Option<Document>, Failure> {
    let Ok(id) = letter.document.parse() else { return Ok(None) };
    let pdf = notary.documents.pdf(tx, id).await?;
    Ok(pdf.map(|bytes| Document::new(&letter.file_name, bytes)))
}

/// The bytes of the file. It is checked as its holder will check it: a receipt that does not hold is not given out.
async fn sealed(notary: &Notary, content: Content) -> Result<Vec<u8>, Failure> {
    let positions: Vec<u64> = content.acts.iter().filter_map(|act| u64::try_from(act.position).ok()).collect();
    let Proven { checkpoint, proofs } = notary.prove_now(&positions).await?;
    let acts = content.acts.into_iter().zip(positions).zip(proofs).filter_map(|((act, position), proof)| {
        let body = act.body?;
        Some(ProvenAct::new(position, body.content, body.salt, proof))
    });
    let bundle = Bundle {
        acts: acts.collect(),
        documents: content.documents,
        checkpoint: checkpoint.note,
        key: notary.verifier().clone(),
    };
    let bytes = bundle.encode();
    match proofs::verify(&bytes, Some(notary.verifier())) {
        Ok(_) => Ok(bytes),
        Err(flaw) => Err(Failure::internal(anyhow::Error::new(flaw).context("a receipt would not verify"))),
    }
}

/// `prova-0000001-2026.json` for the application itself, `prova-0000001-2026-3.json` for a later act.
fn file_name(case: &Case, seq: i64) -> String {
    let number = ProtocolNumber::from(&case.submitted.protocol).in_file_name();
    if seq == 1 { format!("prova-{number}.json") } else { format!("prova-{number}-{seq}.json") }
}
