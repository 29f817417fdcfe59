use std::sync::Arc;

use acts::{Act, Actor, AppendError, NewAct};
use async_trait::async_trait;
use background::{Round, RoundError};
use base::{Chance, Clock, Language, Timestamp, Uuid, long_date, new_id, rome_date};
use database::{Database, Tx};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    compose::{Composed, Letter, Recipient, Template, compose},
    context::{Matter, context},
    folders::{Folders, ServiceFacts},
    store::{self, Document, Due},
};

/// How long a letter waits that could not be stored: this, then twice as long each time, at most [`LONGEST_WAIT`].
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(30);
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(1);

/// The kind of act by which a letter is issued.
pub const LETTER_ISSUED: &str = "letter-issued";

/// Composes the letters that are due, one after the other: reads in one transaction, composes outside any, and stores
/// the document with its act in another.
pub struct Composer {
    /// The database of the program.
    pub database: Database,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where identifiers and salts come from.
    pub chance: Arc<dyn Chance>,
    /// The templates.
    pub folders: Arc<dyn Folders>,
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
        let id = new_id(&*self.clock, &*self.chance);
        let prepared = match self.prepare(due, id).await? {
            Ok(Some(prepared)) => prepared,
            Ok(None) => return self.drop_due(due).await.map(|()| false),
            Err(reason) => return self.fail(due, &reason).await.map(|()| false),
        };
        let document = prepared.document.clone();
        match set(prepared).await {
            Ok(Some(made)) => self.issue(due, document, &made).await,
            Ok(None) => Err(IssueError::Ending),
            Err(reason) => self.fail(due, &reason).await.map(|()| false),
        }
    }

    /// Everything that the letter needs, read in one view. `None`: this service sends no such letter.
    async fn prepare(&self, due: &Due, id: Uuid) -> Result<Result<Option<Prepared>, String>, IssueError> {
        let mut tx = self.database.read().await?;
        let acts = acts::of_case(&mut tx, due.case).await?;
        let submitted = acts.first().filter(|act| act.kind == "submitted" && act.body.is_some());
        let Some((submitted, act)) = submitted.zip(acts.iter().find(|act| act.seq == due.act_seq)) else {
            return Ok(Err("il contenuto della pratica non c’è più".to_owned()));
        };
        let service = match self.service(&mut tx, submitted).await {
            // A busy database is no fault of the template: the letter stays due.
            Err(_) if self.database.read().await.is_err() => return Err(database::Error::Busy.into()),
            Ok(service) => service,
            Err(reason) => return Ok(Err(reason)),
        };
        let before = &acts[..acts.iter().take_while(|other| other.seq <= act.seq).count()];
        Ok(self.letter(due, id, &Papers { submitted, act, before, service: &service }))
    }

    async fn service(&self, tx: &mut Tx, submitted: &Act) -> Result<Arc<ServiceFacts>, String> {
        let (slug, version) = (submitted.text("service"), submitted.text("service_version"));
        let found = self.folders.service(tx, slug, version).await?;
        found.ok_or_else(|| format!("il servizio {slug} non ha la versione {version}"))
    }

    fn letter(&self, due: &Due, id: Uuid, papers: &Papers<'_>) -> Result<Option<Prepared>, String> {
        let Papers { submitted, act, before, service } = *papers;
        let name = format!("{}/letters/{}.md", submitted.text("service"), due.letter);
        let Some(text) = service.letters.get(&due.letter) else {
            // Social-security bodies send no notice before refusal (art. 10-bis L. 241/1990); every other letter is due.
            return if due.letter == "preavviso" { Ok(None) } else { Err(format!("{name}: manca il modello")) };
        };
        let template = Template::parse(&name, text).map_err(|error| error.to_string())?;
        let case_url = format!("{}/pratiche/{}", self.public_url, due.case);
        let check_url = format!("{}/verifica/documento/{id}", self.public_url);
        let context = context(&Matter { submitted, act, before, service, case_url: &case_url, check_url: &check_url });
        let letter = Letter {
            id: id.to_string(),
            title: template.title().to_owned(),
            office: service.office.head.clone(),
            recipient: recipient(submitted),
            protocol: protocol(submitted, act),
            check_url,
            issued: act.at,
        };
        let document = self.document(due, id, submitted, &letter);
        Ok(Some(Prepared { template, letter, context, document }))
    }

    /// The row of a letter that is not made yet.
    fn document(&self, due: &Due, id: Uuid, submitted: &Act, letter: &Letter) -> Document {
        let number = |name: &str| submitted.field("protocol").get(name).and_then(Value::as_i64).unwrap_or(0);
        Document {
            id,
            case: due.case,
            act_seq: due.act_seq,
            issued_seq: 0,
            letter: due.letter.clone(),
            title: letter.title.clone(),
            applicant: letter.recipient.fiscal_code.clone(),
            office: submitted.text("office").to_owned(),
            office_name: submitted.text("office_name").to_owned(),
            service_name: submitted.text("service_name").to_owned(),
            protocol: format!("{:07}/{}", number("number"), number("year")),
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
        let Document { id, letter, title, act_seq, .. } = &document;
        let payload = json!({
            "letter": letter, "title": title, "act_seq": act_seq, "sha256": made.sha256, "document": id.to_string(),
            "file_name": document.file_name(),
        });
        let act = NewAct { case: due.case, kind: LETTER_ISSUED, actor: Actor::system(), payload };
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

struct Papers<'a> {
    submitted: &'a Act,
    act: &'a Act,
    before: &'a [Act],
    service: &'a ServiceFacts,
}

/// Composes on a thread that may be kept busy. `None`: the program is ending and the thread was taken away.
async fn set(prepared: Prepared) -> Result<Option<Composed>, String> {
    let Prepared { template, letter, context, .. } = prepared;
    match tokio::task::spawn_blocking(move || compose(&template, &letter, &context)).await {
        Ok(made) => made.map(Some).map_err(|error| error.to_string()),
        Err(error) if error.is_cancelled() => Ok(None),
        Err(error) => Err(format!("la composizione si è interrotta: {error}")),
    }
}

fn recipient(submitted: &Act) -> Recipient {
    let field = |name: &str| submitted.field("applicant").get(name).and_then(Value::as_str).unwrap_or("").to_owned();
    Recipient { name: field("name"), fiscal_code: field("fiscal_code") }
}

/// The application's registration: on the receipt as its own, on later letters as what they refer to.
fn protocol(submitted: &Act, act: &Act) -> String {
    let number = submitted.field("protocol").get("number").and_then(Value::as_i64).unwrap_or(0);
    let label = if act.seq == submitted.seq { "Prot. n." } else { "Rif. prot. n." };
    format!("{label} {number:07} del {}", long_date(rome_date(submitted.at), Language::Italian))
}
