//! How one letter is made: what it is about, read in one view, then composed outside any transaction.

use std::{collections::BTreeMap, sync::Arc};

use acts::Act;
use background::Interrupted;
use base::{Language, ProtocolNumber, Uuid, long_date, new_id, rome_date};
use cases::{Case, payload::Submitted};
use catalogue::{Letter as Written, LetterAct, LetterPart, Office, PinError, Service};
use serde_json::Value;

use super::{Composer, IssueError};
use crate::{
    compose::{ComposeError, Composed, Letter, Recipient, Template, compose},
    context::{Matter, context, letterhead},
    store::{Document, Due},
};

/// Why one letter is not made now.
pub(super) enum Trouble {
    /// The world is to blame: the letter stays due.
    Passing(IssueError),
    /// The template or the case is, and nothing changes by waiting: somebody must read why.
    Lasting(String),
}

impl From<database::Error> for Trouble {
    fn from(error: database::Error) -> Self {
        Self::Passing(error.into())
    }
}

impl From<PinError> for Trouble {
    fn from(error: PinError) -> Self {
        match error {
            PinError::Database(error) => error.into(),
            unreadable @ PinError::Unreadable { .. } => Self::Lasting(unreadable.to_string()),
        }
    }
}

impl From<ComposeError> for Trouble {
    fn from(error: ComposeError) -> Self {
        Self::Lasting(error.to_string())
    }
}

impl From<Interrupted> for Trouble {
    fn from(error: Interrupted) -> Self {
        match error {
            Interrupted::NoThread => Self::Passing(IssueError::NoThread(error)),
            Interrupted::Panicked => Self::Lasting(format!("la composizione si è interrotta: {error}")),
        }
    }
}

/// All that a letter is made of, read in one view.
struct Papers {
    /// The case as it stood with the act.
    case: Case,
    act: Act,
    told: LetterAct,
    /// All acts up to that one.
    before: Vec<Act>,
    /// In the version that the case is pinned to.
    service: Arc<Service>,
    office: Office,
}

/// A letter ready for the press, and the row under which it will be kept.
struct Prepared {
    template: Template,
    letter: Letter,
    context: Value,
    document: Document,
}

impl Composer {
    /// `None`: this service sends no such letter.
    pub(super) async fn make(&self, due: &Due) -> Result<Option<(Document, Composed, Submitted)>, Trouble> {
        let papers = self.papers(due).await?;
        let Papers { service, told, .. } = &papers;
        if !service.tells_of(*told) {
            return Ok(None);
        }
        let (document, made) = match service.letter_for(*told) {
            // A version that was published before such letters existed.
            None => {
                let missing = format!("{}: manca la comunicazione per «{}»", service.slug, told.kind());
                self.mended(&papers, missing).await?
            }
            Some((name, letter)) => match self.press(&papers, (name, letter, &service.letter_parts)).await {
                Err(Trouble::Lasting(reason)) => self.mended(&papers, reason).await?,
                made => made?,
            },
        };
        Ok(Some((document, made, papers.case.submitted)))
    }

    /// The version of a case cannot be mended any more. Where its template fails, the one that is offered now takes its
    /// place, if it is another one: who waits for the letter must get it.
    async fn mended(&self, papers: &Papers, reason: String) -> Result<(Document, Composed), Trouble> {
        let now = self.catalogue.service(&papers.service.slug).filter(|now| now.version != papers.service.version);
        let Some((now, (name, letter))) = now.as_ref().and_then(|now| Some((now, now.letter_for(papers.told)?))) else {
            return Err(Trouble::Lasting(reason));
        };
        tracing::warn!(case = %papers.case.id, reason, "a template of an older version failed, taking the present one");
        self.press(papers, (name, letter, &now.letter_parts)).await
    }

    async fn papers(&self, due: &Due) -> Result<Papers, Trouble> {
        let gone = || Trouble::Lasting("il contenuto della pratica non c’è più".to_owned());
        let mut tx = self.database.read().await?;
        let mut before = acts::of_case(&mut tx, due.case).await?;
        before.retain(|act| act.seq <= due.act_seq);
        let case = Case::from_acts(before.clone()).ok_or_else(gone)?;
        let act = before.last().filter(|act| act.seq == due.act_seq).cloned().ok_or_else(gone)?;
        let told = LetterAct::from_kind(&act.kind).ok_or_else(gone)?;
        let (slug, version) = (&case.submitted.service, &case.submitted.service_version);
        let unknown = || Trouble::Lasting(format!("il servizio {slug} non ha la versione {version}"));
        let service = self.catalogue.pinned(&mut tx, slug, version).await?.ok_or_else(unknown)?;
        let id = case.office().id;
        let closed = || Trouble::Lasting(format!("l’ufficio {id} non c’è più in offices.toml"));
        let office = self.catalogue.office(id).ok_or_else(closed)?;
        Ok(Papers { case, act, told, before, service, office })
    }

    /// Composes the letter where it keeps nobody waiting.
    async fn press(&self, papers: &Papers, written: Text<'_>) -> Result<(Document, Composed), Trouble> {
        let Prepared { template, letter, context, document } = self.prepare(papers, written)?;
        let made = background::quietly(move || compose(&template, &letter, &context)).await?;
        Ok((document, made?))
    }

    fn prepare(&self, papers: &Papers, (name, written, parts): Text<'_>) -> Result<Prepared, Trouble> {
        let Papers { case, act, told, before, service, office } = papers;
        let template = Template::parse(&written.file, &written.text)?.with_parts(parts);
        let id = new_id(&*self.clock, &*self.chance);
        let case_url = format!("{}/pratiche/{}", self.public_url, case.id);
        let check_url = format!("{}/verifica/documento/{id}", self.public_url);
        let register = protocol::aoo(&self.catalogue, &case.submitted.protocol.office);
        let matter = Matter {
            case,
            act,
            told: *told,
            before,
            service,
            office,
            register: &register,
            catalogue: &self.catalogue,
            case_url: &case_url,
            check_url: &check_url,
        };
        let unreadable = || Trouble::Lasting(format!("l’atto {} della pratica non si legge", act.seq));
        let context = context(&matter).ok_or_else(unreadable)?;
        let letter = Letter {
            id: id.to_string(),
            title: template.title().to_owned(),
            office: letterhead(office),
            recipient: recipient(case),
            protocol: protocol(&register, case, *told),
            check_url,
            issued: act.at,
        };
        let document = self.document(id, (case, act), (name, &letter.title));
        Ok(Prepared { template, letter, context, document })
    }

    /// The row of a letter that is not made yet.
    fn document(&self, id: Uuid, (case, act): (&Case, &Act), (name, title): (&str, &str)) -> Document {
        let submitted = &case.submitted;
        Document {
            id,
            case: case.id,
            act_seq: act.seq,
            issued_seq: 0,
            letter: name.to_owned(),
            title: title.to_owned(),
            applicant: submitted.applicant.fiscal_code.clone(),
            office: case.office().id.to_owned(),
            office_name: case.office().name.to_owned(),
            service_name: submitted.service_name.clone(),
            protocol: (&submitted.protocol).into(),
            sha256: String::new(),
            created_at: self.clock.now(),
            read_at: None,
        }
    }
}

/// A template to compose with: its name, the letter, the parts that it may include.
type Text<'a> = (&'a str, &'a Written, &'a BTreeMap<String, LetterPart>);

fn recipient(case: &Case) -> Recipient {
    let applicant = &case.submitted.applicant;
    Recipient { name: applicant.name.clone(), fiscal_code: applicant.fiscal_code.clone() }
}

/// The application's registration: on the receipt as its own, on later letters as what they refer to.
/// Always with its register: two offices give the same number.
fn protocol(register: &str, case: &Case, told: LetterAct) -> String {
    let label = if told == LetterAct::Submitted { "Prot." } else { "Rif. prot." };
    let number = ProtocolNumber::from(&case.submitted.protocol).digits();
    format!("{label} {register} n. {number} del {}", long_date(rome_date(case.submitted_at), Language::Italian))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_waits_for_a_thread_and_not_for_a_template_that_panics() {
        assert!(matches!(Trouble::from(Interrupted::NoThread), Trouble::Passing(IssueError::NoThread(_))));
        assert!(matches!(Trouble::from(Interrupted::Panicked), Trouble::Lasting(_)));
    }
}
