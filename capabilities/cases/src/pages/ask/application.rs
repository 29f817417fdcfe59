use std::{collections::BTreeMap, sync::Arc};

use base::{Date, Translated, Uuid};
use catalogue::Service;
use forms::{Form, Path, Prefilled, overlay};
use rules::{Decision, Facts, Moment, Value};
use sha2::{Digest, Sha256};
use web::{Failure, Visit};

use crate::{
    answers::{self, FileNames},
    payload::Source,
    room::{Cases, today},
    store::{self, Draft, StoredUpload},
    who,
};

/// An application being made: what registries know, what the person wrote, and both together.
pub struct Application {
    /// Fiscal code of the person.
    pub applicant: String,
    /// The service as it is today.
    pub service: Arc<Service>,
    /// What the person wrote so far.
    pub draft: Draft,
    /// What registries know.
    pub prefilled: Prefilled,
    /// Both: the person's word stands over the registry's only where the registry is silent.
    pub answers: Facts,
    /// Names of attached files, by identifier.
    pub files: BTreeMap<Uuid, StoredUpload>,
    /// A case of this person and service that is still open.
    pub open_case: Option<Uuid>,
    /// The day in Italy.
    pub today: Date,
}

impl Application {
    /// Reads draft and registries for who is logged in.
    pub async fn open(cases: &Cases, visit: &Visit, slug: &str) -> Result<Self, Failure> {
        let person = who::citizen(visit)?;
        let service = cases.catalogue.service(slug).ok_or(Failure::NotFound)?;
        if !service.can_be_asked() {
            return Err(Failure::Conflict("cases.failure.service_closed"));
        }
        if person.actor.level < service.decl.level {
            return Err(Failure::Conflict("cases.failure.level"));
        }
        let mut tx = cases.web.database().read().await?;
        let today = today(visit);
        let known = registry::known(&mut tx, &person.fiscal_code, today).await?;
        let draft = store::find_draft(&mut tx, &person.fiscal_code, slug).await?;
        let draft = draft.unwrap_or_else(|| new_draft(cases, visit, &service));
        let prefilled = service.form.prefill(&known, today);
        let answers = overlay(&overlay(&prefilled.facts, &draft.answers), &registry_only(&prefilled));
        let files = attached(&mut tx, &service.form, &answers, &person.fiscal_code).await?;
        let rows = store::of_applicant(&mut tx, &person.fiscal_code).await?;
        let open = rows.iter().find(|row| row.service == slug && !row.state.is_closed());
        let open_case = open.map(|row| row.id);
        Ok(Self { applicant: person.fiscal_code, service, draft, prefilled, answers, files, open_case, today })
    }

    /// The form.
    pub fn form(&self) -> &Form {
        &self.service.form
    }

    /// Where to go from `page` (or from the beginning): the next page with something to ask, else the confirmation.
    pub fn next(&self, after: Option<&str>) -> String {
        let base = format!("/servizi/{}/domanda", self.service.slug);
        let open = self.form().ask_only_missing(&self.answers, self.today);
        let place = |id: &str| self.form().pages.iter().position(|page| page.id == id);
        let behind = after.and_then(place);
        let ahead = open.iter().find(|ask| behind.is_none_or(|behind| place(&ask.page.id) > Some(behind)));
        match ahead.or(open.first()) {
            Some(ask) => format!("{base}/{}", ask.page.id),
            None => format!("{base}/riepilogo"),
        }
    }

    /// Where each known answer comes from, for act and page.
    pub fn sources(&self) -> BTreeMap<String, Source> {
        answers::sources(&self.prefilled.provenance)
    }

    /// The names of the registries that filled something in.
    pub fn registries(&self) -> BTreeMap<String, Translated> {
        let known = self.prefilled.provenance.values();
        known.map(|known| (known.registry.clone(), known.registry_name.clone())).collect()
    }

    /// Names of attached files by identifier.
    pub fn file_names(&self) -> FileNames {
        self.files.iter().map(|(id, file)| (id.to_string(), file.file_name.clone())).collect()
    }

    /// Whether a registry gave the answer at `path`.
    pub fn is_known(&self, path: &Path) -> bool {
        self.prefilled.provenance.contains_key(path)
    }

    /// Names what the person sees on the confirmation: if it is another when they send, they must look again.
    pub fn fingerprint(&self) -> String {
        let answers = self.form().submission(&self.answers, self.today);
        let text = serde_json::to_string(&answers).unwrap_or_default();
        hex::encode(Sha256::digest(format!("{}\n{text}", self.service.version)))
    }

    /// What the rules say of the answers, where the service has rules. An answer that the rules cannot compute with is
    /// left to the officer.
    pub fn decision(&self) -> Option<Decision> {
        decide(&self.service, &self.form().submission(&self.answers, self.today), self.today)
    }

    /// Writes down what the address brought along (`?banca_dati=…`), for questions that say `from = "query.…"`.
    pub async fn keep_query(&mut self, cases: &Cases, visit: &Visit) -> Result<(), Failure> {
        let mut brought = Facts::default();
        for (_, question) in self.service.form.questions() {
            let name = question.from.as_deref().and_then(|from| from.strip_prefix("query."));
            if let Some(value) = name.and_then(|name| visit.query(name)) {
                let short: String = value.chars().take(200).collect();
                Path::of(&question.id).set(&mut brought, Value::Text(short));
            }
        }
        if brought != Facts::default() {
            self.draft.answers = overlay(&self.draft.answers, &brought);
            self.save(cases, visit).await?;
            self.answers = overlay(&self.answers, &brought);
        }
        Ok(())
    }

    /// Saves the draft. `false`: another device saved meanwhile.
    pub async fn save(&mut self, cases: &Cases, visit: &Visit) -> Result<bool, Failure> {
        self.draft.updated_at = visit.now;
        let mut tx = cases.web.database().begin().await?;
        let saved = store::save_draft(&mut tx, &self.applicant, &self.draft).await?;
        tx.commit().await?;
        self.draft.revision += i64::from(saved);
        Ok(saved)
    }
}

/// What the rules of a service say of answers on a day, without the trace: the officer's page computes it again.
pub fn decide(service: &Service, answers: &Facts, today: Date) -> Option<Decision> {
    let decided = service.program.as_ref()?.decide(answers, Moment::at(today));
    let decided = decided.inspect_err(|error| tracing::warn!(service = service.slug, %error, "no decision computed"));
    decided.ok().map(|decision| Decision { trace: Vec::new(), ..decision })
}

/// A registry's value cannot be typed over: who thinks it is wrong asks the registry to correct it.
fn registry_only(prefilled: &Prefilled) -> Facts {
    let mut facts = Facts::default();
    for path in prefilled.provenance.keys() {
        if let Some(value) = path.get(&prefilled.facts) {
            path.set(&mut facts, value.clone());
        }
    }
    facts
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
    tx: &mut database::Tx,
    form: &Form,
    answers: &Facts,
    owner: &str,
) -> Result<BTreeMap<Uuid, StoredUpload>, Failure> {
    let ids = upload_ids(form, answers);
    let found = store::uploads_named(tx, &ids, owner).await?;
    Ok(found.into_iter().map(|upload| (upload.id, upload)).collect())
}

/// The identifiers of files that attachment questions hold.
pub fn upload_ids(form: &Form, answers: &Facts) -> Vec<Uuid> {
    let attachments = form
        .questions()
        .filter(|(group, question)| group.is_none() && matches!(question.kind, forms::Kind::Attachment(_)));
    let texts = attachments.filter_map(|(_, question)| match Path::of(&question.id).get(answers) {
        Some(Value::Text(ids)) => Some(ids.clone()),
        _ => None,
    });
    texts.flat_map(|ids| ids.split(',').filter_map(|id| id.parse().ok()).collect::<Vec<_>>()).collect()
}
