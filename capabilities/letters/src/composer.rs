use std::{collections::BTreeMap, sync::Arc};

use acts::{Act, Actor, AppendError, NewAct};
use async_trait::async_trait;
use background::{Round, RoundError};
use base::{Chance, Clock, Language, ProtocolNumber, Timestamp, Uuid, long_date, new_id, rome_date};
use cases::{
    Case,
    payload::{LetterIssued, kind},
};
use catalogue::{Catalogue, Letter as Written, LetterAct, LetterPart, Office, PinError, Service};
use database::{Database, Tx};
use jiff::SignedDuration;
use serde_json::Value;

use crate::{
    compose::{ComposeError, Composed, Letter, Recipient, Template, compose},
    context::{Matter, context, letterhead},
    store::{self, Document, Due},
};

/// How long a letter waits that could not be stored: this, then twice as long each time, at most [`LONGEST_WAIT`].
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(30);
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(1);

/// Composes the letters that are due, one after the other: reads in one transaction, composes outside any, and stores
/// the document with its act in another.
pub struct Composer {
    /// The database of the program.
    pub database: Database,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where identifiers and salts come from.
    pub chance: Arc<dyn Chance>,
    /// The templates, and what letters say of services and offices.
    pub catalogue: Catalogue,
    /// How people reach the program, without a final slash.
    pub public_url: String,
}

/// Why no letter could be issued at all; what is wrong with a single letter is kept with it instead.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// The database refused.
    #[error(transparent)]
    Database(#[from] database::Error),
    /// The act could not be appended.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// The program ends while a letter is composed: it stays due and is composed at the next start.
    #[error("the program is ending")]
    Ending,
}

/// Why one letter is not made now.
enum Trouble {
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
    /// Composes all that is due and tells how many letters were issued.
    ///
    /// # Errors
    /// When the database cannot be used at all. A template that is wrong is noted ([`crate::failures`]) and passed over;
    /// a letter that alone cannot be stored waits for its next attempt, and those behind it do not wait for it.
    pub async fn compose_due(&self) -> Result<usize, IssueError> {
        let mut issued = 0;
        while let Some(due) = self.next().await? {
            match self.one(&due).await {
                Ok(made) => issued += usize::from(made),
                Err(IssueError::Ending) => return Err(IssueError::Ending),
                Err(error) => self.postpone(&due, &error).await?,
            }
        }
        Ok(issued)
    }

    async fn next(&self) -> Result<Option<Due>, IssueError> {
        let mut tx = self.database.read().await?;
        Ok(store::next_due(&mut tx, self.clock.now()).await?)
    }

    async fn one(&self, due: &Due) -> Result<bool, IssueError> {
        match self.make(due).await {
            Ok(Some((document, made))) => self.issue(due, document, &made).await,
            Ok(None) => self.drop_due(due).await.map(|()| false),
            Err(Trouble::Passing(error)) => Err(error),
            Err(Trouble::Lasting(reason)) => self.fail(due, &reason).await.map(|()| false),
        }
    }

    /// `None`: this service sends no such letter.
    async fn make(&self, due: &Due) -> Result<Option<(Document, Composed)>, Trouble> {
        let papers = self.papers(due).await?;
        let Papers { service, told, .. } = &papers;
        if !service.tells_of(*told) {
            return Ok(None);
        }
        let missing = || Trouble::Lasting(format!("{}: manca la comunicazione per «{}»", service.slug, told.kind()));
        let (name, letter) = service.letter_for(*told).ok_or_else(missing)?;
        match self.press(&papers, (name, letter, &service.letter_parts)).await {
            Err(Trouble::Lasting(reason)) => self.mended(&papers, reason).await.map(Some),
            made => made.map(Some),
        }
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
        let closed = || Trouble::Lasting(format!("l’ufficio {} non c’è più in offices.toml", service.office));
        let office = self.catalogue.office(&service.office).ok_or_else(closed)?;
        Ok(Papers { case, act, told, before, service, office })
    }

    /// Composes the letter on a thread that may be kept busy.
    async fn press(&self, papers: &Papers, written: Text<'_>) -> Result<(Document, Composed), Trouble> {
        let Prepared { template, letter, context, document } = self.prepare(papers, written)?;
        match tokio::task::spawn_blocking(move || compose(&template, &letter, &context)).await {
            Ok(made) => Ok((document, made?)),
            Err(error) if error.is_cancelled() => Err(Trouble::Passing(IssueError::Ending)),
            Err(error) => Err(Trouble::Lasting(format!("la composizione si è interrotta: {error}"))),
        }
    }

    fn prepare(&self, papers: &Papers, (name, written, parts): Text<'_>) -> Result<Prepared, Trouble> {
        let Papers { case, act, told, before, service, office } = papers;
        let template = Template::parse(&written.file, &written.text)?.with_parts(parts);
        let id = new_id(&*self.clock, &*self.chance);
        let case_url = format!("{}/pratiche/{}", self.public_url, case.id);
        let check_url = format!("{}/verifica/documento/{id}", self.public_url);
        let matter =
            Matter { case, act, told: *told, before, service, office, case_url: &case_url, check_url: &check_url };
        let unreadable = || Trouble::Lasting(format!("l’atto {} della pratica non si legge", act.seq));
        let context = context(&matter).ok_or_else(unreadable)?;
        let letter = Letter {
            id: id.to_string(),
            title: template.title().to_owned(),
            office: letterhead(office),
            recipient: recipient(case),
            protocol: protocol(case, *told),
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
            office: submitted.office.clone(),
            office_name: submitted.office_name.clone(),
            service_name: submitted.service_name.clone(),
            protocol: (&submitted.protocol).into(),
            sha256: String::new(),
            created_at: self.clock.now(),
            read_at: None,
        }
    }

    async fn issue(&self, due: &Due, document: Document, made: &Composed) -> Result<bool, IssueError> {
        let mut tx = self.database.begin().await?;
        if !store::claim(&mut tx, due).await? {
            return Ok(false); // another process was faster
        }
        let issued = LetterIssued {
            letter: document.letter.clone(),
            title: document.title.clone(),
            file_name: document.file_name(),
            act_seq: document.act_seq,
            sha256: made.sha256.clone(),
            document: document.id.to_string(),
        };
        let payload = serde_json::to_value(issued).expect("the payload of an issued letter is texts and a number");
        let act = NewAct { case: due.case, kind: kind::LETTER_ISSUED, actor: Actor::system(), payload };
        let written = acts::append(&mut tx, &*self.clock, &*self.chance, None, &[act]).await?;
        let Some(act) = written.first() else { return Ok(false) };
        let document = Document { issued_seq: act.seq, created_at: act.at, sha256: made.sha256.clone(), ..document };
        store::keep(&mut tx, &document, made).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn fail(&self, due: &Due, reason: &str) -> Result<(), IssueError> {
        tracing::error!(case = %due.case, act = due.act_seq, letter = due.letter, reason, "a letter could not be composed");
        let mut tx = self.database.begin().await?;
        if store::claim(&mut tx, due).await? {
            let office = office(&mut tx, due.case).await?;
            store::fail(&mut tx, due, &office, (reason, self.clock.now())).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Tries this letter again later. If not even this can be written, the database is to blame and not the letter.
    async fn postpone(&self, due: &Due, error: &IssueError) -> Result<(), IssueError> {
        tracing::warn!(case = %due.case, act = due.act_seq, attempt = due.attempts + 1, %error, "a letter could not be stored, trying again later");
        let next_at = self.clock.now().saturating_add(wait(due.attempts)).unwrap_or(Timestamp::MAX);
        let mut tx = self.database.begin().await?;
        let office = office(&mut tx, due.case).await?;
        store::postpone(&mut tx, due, &office, (&error.to_string(), next_at)).await?;
        Ok(tx.commit().await?)
    }

    async fn drop_due(&self, due: &Due) -> Result<(), IssueError> {
        let mut tx = self.database.begin().await?;
        store::claim(&mut tx, due).await?;
        Ok(tx.commit().await?)
    }
}

/// The office of a case; empty when the application's content was erased.
async fn office(tx: &mut Tx, case: Uuid) -> Result<String, IssueError> {
    let submitted = acts::one(tx, case, 1).await?;
    Ok(submitted.map(|act| act.text("office").to_owned()).unwrap_or_default())
}

/// How long to wait after so many attempts in vain.
fn wait(attempts: i64) -> SignedDuration {
    let doublings = u32::try_from(attempts).unwrap_or(u32::MAX).min(16);
    FIRST_WAIT.saturating_mul(1 << doublings).min(LONGEST_WAIT)
}

#[async_trait]
impl Round for Composer {
    fn name(&self) -> &'static str {
        "composer"
    }

    async fn round(&self) -> Result<(), RoundError> {
        self.compose_due().await?;
        Ok(())
    }
}

/// A template to compose with: its name, the letter, the parts that it may include.
type Text<'a> = (&'a str, &'a Written, &'a BTreeMap<String, LetterPart>);

fn recipient(case: &Case) -> Recipient {
    let applicant = &case.submitted.applicant;
    Recipient { name: applicant.name.clone(), fiscal_code: applicant.fiscal_code.clone() }
}

/// The application's registration: on the receipt as its own, on later letters as what they refer to.
fn protocol(case: &Case, told: LetterAct) -> String {
    let label = if told == LetterAct::Submitted { "Prot. n." } else { "Rif. prot. n." };
    let number = ProtocolNumber::from(&case.submitted.protocol).digits();
    format!("{label} {number} del {}", long_date(rome_date(case.submitted_at), Language::Italian))
}
