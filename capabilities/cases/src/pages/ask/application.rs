use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use base::{Date, Timestamp, Translated, Uuid};
use catalogue::{Applicant, Service};
use database::Tx;
use forms::{FieldError, Form, Kind, Known, Path, Prefilled, overlay, put_over};
use mandates::{Acting, Claim, Verb};
use registry::Registries;
use rules::{Decision, Facts};
use sha2::{Digest, Sha256};
use web::{Failure, Visit};

use crate::{
    account,
    answers::{self, FileNames},
    computed::computed,
    earlier::Earlier,
    files::upload_ids,
    payload::{Replaced, Source},
    room::{Cases, today},
    signing,
    store::{self, CaseRow, Draft, StoredUpload},
};

use super::{
    for_whom::who_may_ask,
    layers::{brought, is_replaced, keep_registry, unwritten},
    screened,
};

/// An application being made: what registries know, what the person wrote, and both together.
pub struct Application {
    /// Fiscal code of the person.
    pub applicant: String,
    /// Whose the draft is: the person's, or a visit's to the counter; see [`Acting::draft_owner`].
    pub owner: String,
    /// Where somebody logged in makes it: who, and for whom, which is asked again when something is written; and the leave as
    /// it was found when it was read.
    pub authority: Option<(Claim, Acting)>,
    /// The service as it is today.
    pub service: Arc<Service>,
    /// What the person wrote so far.
    pub draft: Draft,
    /// What registries know.
    pub prefilled: Prefilled,
    /// Both: the person's word stands over the registry's only where the registry is silent.
    answers: Facts,
    /// The same as it would be sent; see [`Application::submission`].
    submission: OnceLock<Facts>,
    /// Names of attached files, by identifier.
    pub files: BTreeMap<Uuid, StoredUpload>,
    /// What this person asked for and still stands.
    pub earlier: Earlier,
    /// The case because of which this cannot be asked for now; see [`catalogue::Again`].
    pub standing: Option<CaseRow>,
    /// What the address brought along (`?banca_dati=…`): shown, and written down only with the page.
    pub brought: Facts,
    /// What the person answered in «Che cosa mi spetta?», where registries are silent; written down with the first page.
    pub screened: Facts,
    /// The registries that filled something in.
    pub registries: Arc<Registries>,
    /// The day in Italy.
    pub today: Date,
    /// Why an account that no registry knows is not taken now, if it is not.
    pub frozen: Option<Translated>,
    /// Who fills it in.
    pub by: By,
}

/// Who fills in an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// The person whose it is.
    Person,
    /// Somebody who is not logged in: it is nobody's yet.
    Nobody,
    /// Somebody whom the person asked for help; the identifier of the help.
    Helper(String),
}

/// What comes next in an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// A page with something to ask, by its identifier.
    Page(String),
    /// The confirmation: nothing is missing.
    Confirm,
}

/// How often a draft is changed again when another device saves at the same moment.
const ATTEMPTS: usize = 5;

impl Application {
    /// Reads draft and registries for who is logged in, or for the person for whom they act: then the reading is written
    /// down.
    pub async fn open(cases: &Cases, visit: &Visit, slug: &str) -> Result<Self, Failure> {
        let claim = Claim::of(visit).ok_or(Failure::Unauthenticated)?;
        let offer = cases.catalogue.offer();
        let service = offer.services.get(slug).cloned().ok_or(Failure::NotFound)?;
        if !service.can_be_asked() {
            return Err(Failure::Conflict("cases.failure.service_closed"));
        }
        let database = cases.web.database();
        let mut tx = if claim.is_own() { database.read().await? } else { database.begin().await? };
        let acting = leave(&mut tx, visit, &claim, slug).await?;
        who_may_ask(&service, acting.principal().kind())?;
        if acting.level() < service.decl.level {
            return Err(Failure::Conflict("cases.failure.level"));
        }
        let applicant = acting.principal().fiscal_code.clone();
        not_at_rest(&mut tx, &service, (&applicant, slug), visit.now).await?;
        let today = today(visit);
        let known = cases.remembered.known(&mut tx, &offer.registries, &applicant, visit.now).await?;
        let owner = acting.draft_owner();
        let draft = store::find_draft(&mut tx, &owner, slug).await?;
        let draft = draft.unwrap_or_else(|| new_draft(cases, visit, &service));
        let prefilled = service.form.prefill(&known, today);
        let mut brought = brought(&service.form, visit);
        if !acting.allows(Verb::Account) {
            account::take_out(&service.form, &mut brought);
        }
        // What somebody answered about themselves is not about the person for whom they act.
        let own = |form| screened::facts(form, slug, visit, &prefilled, today);
        let screened = if acting.is_own() { own(&service.form) } else { Facts::default() };
        let mut answers = prefilled.facts.clone();
        for over in [&screened, &draft.answers, &unwritten(&brought, &draft)] {
            put_over(&mut answers, over);
        }
        keep_registry(&mut answers, &service.form, &prefilled, &draft);
        let files = attached(&mut tx, &service.form, &answers, &applicant).await?;
        let frozen =
            account::wait(&mut tx, (&applicant, &acting.actor().subject), cases.web.words(), visit.now).await?;
        let earlier = Earlier::of(&mut tx, &applicant).await?;
        let standing = earlier.against(&mut tx, &service, &answers).await?.cloned();
        if !acting.is_own() {
            let what = visit.web.words().in_all("cases.read.form", &[("service", &service.name)]);
            acting.record(&mut tx, &cases.web, &what, None).await?;
            tx.commit().await?;
        }
        let registries = Arc::clone(&offer.registries);
        Ok(Self {
            registries,
            applicant,
            owner,
            authority: Some((claim, acting)),
            service,
            draft,
            prefilled,
            answers,
            submission: OnceLock::new(),
            files,
            earlier,
            standing,
            brought,
            screened,
            today,
            frozen,
            by: By::Person,
        })
    }

    /// Of nobody's: only what was typed, of questions that no registry answers later.
    pub fn anonymous(cases: &Cases, service: Arc<Service>, draft: Draft, today: Date) -> Self {
        let prefilled = service.form.prefill(&Known::default(), today);
        Self {
            applicant: String::new(),
            owner: String::new(),
            answers: overlay(&prefilled.facts, &draft.answers),
            prefilled,
            draft,
            submission: OnceLock::new(),
            files: BTreeMap::new(),
            earlier: Earlier::from(Vec::new()),
            standing: None,
            brought: Facts::default(),
            screened: Facts::default(),
            registries: Arc::clone(&cases.catalogue.offer().registries),
            today,
            frozen: None,
            authority: None,
            by: By::Nobody,
            service,
        }
    }

    /// Of a person who is being helped, in the unit of work that notes it: neither the address nor the browser of the
    /// helper brings anything along.
    pub async fn helped(
        cases: &Cases,
        (tx, visit): (&mut Tx, &Visit),
        service: Arc<Service>,
        (applicant, help): (&str, &str),
    ) -> Result<Self, Failure> {
        who_may_ask(&service, Applicant::Person)?;
        not_at_rest(tx, &service, (applicant, &service.slug), visit.now).await?;
        let (offer, today) = (cases.catalogue.offer(), today(visit));
        let known = cases.remembered.known(tx, &offer.registries, applicant, visit.now).await?;
        let draft = store::find_draft(tx, applicant, &service.slug).await?;
        let draft = draft.unwrap_or_else(|| new_draft(cases, visit, &service));
        let prefilled = service.form.prefill(&known, today);
        let mut answers = prefilled.facts.clone();
        put_over(&mut answers, &draft.answers);
        keep_registry(&mut answers, &service.form, &prefilled, &draft);
        Ok(Self {
            applicant: applicant.to_owned(),
            owner: applicant.to_owned(),
            by: By::Helper(help.to_owned()),
            answers,
            prefilled,
            frozen: account::wait(tx, (applicant, applicant), cases.web.words(), visit.now).await?,
            ..Self::anonymous(cases, service, draft, today)
        })
    }

    /// The form.
    pub fn form(&self) -> &Form {
        &self.service.form
    }

    /// What comes after a page, or first: the next page with something to ask, else the confirmation.
    pub fn next(&self, after: Option<&str>) -> Next {
        let open = self.open_pages();
        let place = |id: &str| self.form().pages.iter().position(|page| page.id == id);
        let behind = after.and_then(place);
        let ahead = open.iter().find(|page| behind.is_none_or(|behind| place(page) > Some(behind)));
        ahead.or(open.first()).map_or(Next::Confirm, |page| Next::Page(page.clone()))
    }

    /// The address of what comes after a page, or first.
    pub fn next_place(&self, after: Option<&str>) -> String {
        match self.next(after) {
            Next::Page(id) => self.place(&id),
            Next::Confirm if self.by != By::Person => self.folder(),
            Next::Confirm => self.place("riepilogo"),
        }
    }

    /// The address of the next page with something to ask; `None` where nothing is missing.
    pub fn next_page(&self, after: Option<&str>) -> Option<String> {
        (self.next(after) != Next::Confirm).then(|| self.next_place(after))
    }

    /// Under which address it stands.
    pub fn folder(&self) -> String {
        match &self.by {
            By::Person => format!("{}/domanda", self.service.href()),
            By::Nobody => format!("{}/bozza", self.service.href()),
            By::Helper(help) => format!("/ufficio/aiuto/{help}"),
        }
    }

    /// The address of a step of the application.
    pub fn place(&self, step: &str) -> String {
        let inner = if self.by == By::Nobody { "/pagina" } else { "" };
        format!("{}{inner}/{step}", self.folder())
    }

    /// An open case of this person and service.
    pub fn open_case(&self) -> Option<Uuid> {
        self.earlier.open_of(&self.service.slug)
    }

    /// Pages on which something is missing or wrong, in the order of the form.
    fn open_pages(&self) -> Vec<String> {
        let missing = self.form().ask_only_missing(&self.answers, self.today);
        let wrong = self.disagreements();
        let open = self.form().pages.iter().filter(|page| {
            let here = |error: &FieldError| page.questions().any(|(_, one)| one.id == error.path.id);
            let asked = |ask: &forms::PageToAsk<'_>| ask.paths.iter().any(|path| self.may_ask(path));
            missing.iter().any(|ask| ask.page.id == page.id && asked(ask)) || wrong.iter().any(here)
        });
        open.map(|page| page.id.clone()).collect()
    }

    /// Whether the person fills it in for themselves.
    pub fn is_own(&self) -> bool {
        self.authority.as_ref().is_none_or(|(_, acting)| acting.is_own())
    }

    /// Whether who fills it in may do this: who only helps names no account and sends nothing.
    pub fn allows(&self, verb: Verb) -> bool {
        match (&self.by, &self.authority) {
            (_, Some((_, acting))) => acting.allows(verb),
            (By::Helper(_), None) => verb == Verb::Draft,
            (_, None) => true,
        }
    }

    /// Whether a question is asked here: not of who only helps, or is not logged in, what a
    /// registry knows or will know, no files, no account, and no statements, which are the applicant's.
    pub fn may_ask(&self, path: &Path) -> bool {
        let Some((group, question)) = self.form().question(path) else { return self.by == By::Person };
        let known = match self.by {
            By::Person => return true,
            By::Nobody => question.from_registry().is_some() || group.is_some_and(|group| group.from.is_some()),
            By::Helper(_) => self.prefilled.provenance.contains_key(path),
        };
        !known && !matches!(question.kind, Kind::Attachment(_) | Kind::Declaration { .. } | Kind::Iban)
    }

    /// Takes out of the draft what is not asked here, whoever sent it.
    pub fn keep_only_asked(&mut self) {
        for path in Path::all(&self.draft.answers) {
            if !self.may_ask(&path) {
                path.remove(&mut self.draft.answers);
            }
        }
    }

    /// Answers that contradict the fiscal code beside them, of what is asked, and new accounts while they must wait. Where both
    /// are a registry's, they are its own affair.
    pub fn disagreements(&self) -> Vec<FieldError> {
        let mut told = self.form().disagreements(self.submission(), |path| self.is_known(path));
        if let Some(why) = &self.frozen {
            told.extend(account::faults(self.form(), &self.answers, why, |path| self.is_known(path)));
        }
        told
    }

    /// Whether everything is there and right, so that it can be sent.
    pub fn is_sound(&self, answers: &Facts) -> bool {
        self.form().validate(answers, self.today).is_empty() && self.disagreements().is_empty()
    }

    /// Where each known answer comes from, for act and page.
    pub fn sources(&self) -> BTreeMap<String, Source> {
        let mut sources = answers::sources(&self.prefilled.provenance);
        sources.retain(|path, _| path.parse().is_ok_and(|path| self.is_known(&path)));
        sources
    }

    /// The answers that the person gave in the place of a registry's.
    pub fn replaced(&self) -> BTreeMap<String, Replaced> {
        let on = base::rome_date(self.draft.updated_at);
        let replaced = |(path, source): (String, Source)| {
            let given = path.parse().is_ok_and(|path| !self.is_known(&path));
            given.then_some((path, Replaced { registry: source.registry, registry_name: source.registry_name, on }))
        };
        answers::sources(&self.prefilled.provenance).into_iter().filter_map(replaced).collect()
    }

    /// Names of attached files by identifier.
    pub fn file_names(&self) -> FileNames {
        self.files.iter().map(|(id, file)| (id.to_string(), file.file_name.clone())).collect()
    }

    /// Whether a registry gave the answer at `path`, and the person gave no other where that can be done.
    pub fn is_known(&self, path: &Path) -> bool {
        self.prefilled.provenance.contains_key(path) && !is_replaced(self.form(), &self.prefilled, &self.draft, path)
    }

    /// Whether the form allows another answer than the registry's at `path`, for this application.
    pub fn is_replaceable(&self, path: &Path) -> bool {
        let declared = self.form().question(path).is_some_and(|(_, question)| question.replaceable);
        declared && self.prefilled.provenance.contains_key(path)
    }

    /// Writes answers into the draft; they count from now on.
    pub fn write(&mut self, facts: &Facts) {
        self.draft.answers = overlay(&overlay(&self.screened, &self.draft.answers), facts);
        put_over(self.answers_mut(), facts);
        keep_registry(&mut self.answers, &self.service.form, &self.prefilled, &self.draft);
    }

    /// Names what the person sees on the confirmation: if it is another when they send, they must look again.
    pub fn fingerprint(&self) -> String {
        let text = serde_json::to_string(self.submission()).unwrap_or_default();
        hex::encode(Sha256::digest(format!("{}\n{text}", self.service.version)))
    }

    /// What registries know and what the person wrote, together.
    pub fn answers(&self) -> &Facts {
        &self.answers
    }

    /// The same, to be changed for the page that shows them alone.
    pub fn answers_mut(&mut self) -> &mut Facts {
        self.submission = OnceLock::new();
        &mut self.answers
    }

    /// What the rules say of the answers, where the service has rules. An answer that the rules cannot compute with is
    /// left to the officer.
    pub fn decision(&self) -> Option<Decision> {
        computed(self.service.program.as_ref(), self.submission(), self.today)
    }

    /// The answers as they would be sent: what rules, signers and fingerprint are told.
    pub fn submission(&self) -> &Facts {
        self.submission.get_or_init(|| self.form().submission(&self.answers, self.today))
    }

    /// Whether the address speaks of something else than the draft.
    pub fn speaks_of_another(&self) -> bool {
        let other = |path: &Path| {
            let told = path.get(&self.draft.answers).filter(|value| !value.is_null());
            told.is_some_and(|told| path.get(&self.brought) != Some(told))
        };
        Path::all(&self.brought).iter().any(other)
    }

    /// Changes the draft and saves it: again on what it has become, when another device saves at the same moment.
    ///
    /// # Errors
    /// [`Failure::Busy`] when another device was faster each time; otherwise what the database refuses.
    pub async fn change<T>(
        mut self,
        cases: &Cases,
        visit: &Visit,
        mut change: impl FnMut(&mut Self) -> T,
    ) -> Result<(Self, T), Failure> {
        for _ in 0..ATTEMPTS {
            let changed = change(&mut self);
            if self.save(cases, visit).await? {
                return Ok((self, changed));
            }
            self = Self::open(cases, visit, &self.service.slug).await?;
        }
        Err(Failure::Busy)
    }

    /// Saves the draft and lets go of files that it no longer names. `false`: another device saved meanwhile.
    async fn save(&mut self, cases: &Cases, visit: &Visit) -> Result<bool, Failure> {
        self.draft.updated_at = visit.now;
        let kept = upload_ids(self.form(), &self.draft.answers);
        let dropped: Vec<Uuid> = self.files.keys().filter(|id| !kept.contains(id)).copied().collect();
        let mut tx = cases.web.database().begin().await?;
        if let Some((claim, _)) = &self.authority {
            leave(&mut tx, visit, claim, &self.service.slug).await?;
        }
        not_at_rest(&mut tx, &self.service, (&self.applicant, &self.service.slug), visit.now).await?;
        let saved = store::save_draft(&mut tx, &self.owner, &self.draft).await?;
        if saved {
            store::forget_uploads(&mut tx, &self.applicant, &dropped).await?;
        }
        // Also when nothing was written: what the other device saved can be read again only once it is durable.
        tx.commit().await?;
        if saved && (!kept.is_empty() || !self.files.is_empty()) {
            let mut tx = cases.web.database().read().await?;
            self.files = attached(&mut tx, self.form(), &self.answers, &self.applicant).await?;
        }
        self.draft.revision += i64::from(saved);
        Ok(saved)
    }
}

/// Leave to fill in an application, found in this transaction.
async fn leave(tx: &mut Tx, visit: &Visit, claim: &Claim, service: &str) -> Result<Acting, Failure> {
    let capacity = claim.capacity(tx, visit).await?;
    capacity.may(service, Verb::Draft).ok_or(Failure::Conflict(mandates::NOT_IN_SCOPE))
}

/// A draft whose application waits for signatures is not changed: they are of what it says.
async fn not_at_rest(tx: &mut Tx, service: &Service, who: (&str, &str), now: Timestamp) -> Result<(), Failure> {
    let waits = signing::waits(tx, &service.process, who, now).await?;
    if waits { Err(Failure::Conflict("cases.signing.at_rest")) } else { Ok(()) }
}

fn new_draft(cases: &Cases, visit: &Visit, service: &Service) -> Draft {
    Draft {
        service: service.slug.clone(),
        service_version: service.version.clone(),
        idempotency_key: base::new_id(cases.web.clock(), cases.web.chance()).to_string(),
        answers: Facts::default(),
        revision: 0,
        updated_at: visit.now,
    }
}

/// The files that the answers name.
async fn attached(
    tx: &mut Tx,
    form: &Form,
    answers: &Facts,
    owner: &str,
) -> Result<BTreeMap<Uuid, StoredUpload>, Failure> {
    let found = store::uploads_named(tx, &upload_ids(form, answers), owner).await?;
    Ok(found.into_iter().map(|upload| (upload.id, upload)).collect())
}
