//! What this room holds of a person, for the copy that the person takes along (art. 15 and 20 GDPR).

use acts::Act;
use base::Timestamp;
use catalogue::{Privacy, Service};
use database::Tx;
use serde_json::{Value, json};
use web::{Failure, Page, Visit};

use crate::{
    case::Case,
    room::Cases,
    store,
    view::{act_key, attachments, state_key},
};

impl Cases {
    /// Cases and drafts of a person, in the words of the visit's language, with every act that the person may see and the
    /// privacy notice that the service had in the version of the case.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn copy_of(&self, tx: &mut Tx, visit: &Visit, person: &str) -> Result<Value, Failure> {
        let page = visit.page("cases.list.title");
        let mut cases = Vec::new();
        for row in store::of_applicant(tx, person).await? {
            let Some(case) = store::find(tx, row.id).await? else { continue };
            let service = self.service_of(tx, &case).await?;
            cases.push(self.told(&page, &case, &service));
        }
        let drafts = store::drafts_of(tx, person).await?.into_iter();
        let drafts: Vec<Value> = drafts
            .map(|draft| {
                let service = self.catalogue.service_name(&draft.service, &draft.service);
                let (name, at) = (service.get(page.language), draft.updated_at);
                json!({ "servizio": name, "salvata_il": instant(at), "risposte": draft.answers })
            })
            .collect();
        Ok(json!({ "pratiche": cases, "bozze": drafts }))
    }

    fn told(&self, page: &Page, case: &Case, service: &Service) -> Value {
        let language = page.language;
        let files = attachments("/pratiche", case).into_iter();
        let files: Vec<Value> = files.map(|(name, href)| json!({ "nome": name, "indirizzo": href })).collect();
        let acts = case.acts.iter().filter(|act| case.is_for_applicant(act));
        json!({
            "servizio": service.name.get(language),
            "versione_del_servizio": case.submitted.service_version,
            "protocollo": protocol::stamp(&self.catalogue, &case.submitted.protocol, case.submitted_at, language),
            "presentata_il": instant(case.submitted_at),
            "ufficio": self.office_name(case).get(language),
            "stato": page.t(&state_key(case.state)),
            "indirizzo": format!("/pratiche/{}", case.id),
            "risposte": case.answers,
            "da_dove_vengono": case.sources,
            "allegati": files,
            "atti": acts.map(|act| act_told(page, case, act)).collect::<Vec<_>>(),
            "informativa": notice(page, &service.decl.privacy),
        })
    }
}

/// An act; whole where the person is given it whole.
fn act_told(page: &Page, case: &Case, act: &Act) -> Value {
    let body = act.body.as_ref().filter(|_| case.is_open_to_applicant(act));
    json!({
        "quando": instant(act.at),
        "che_cosa": page.t(&act_key(&act.kind)),
        "chi": body.map(|body| &body.actor.name),
        "per_conto_di": body.and_then(|body| body.actor.on_behalf_of.as_ref()),
        "contenuto": body.map(|body| &body.payload),
    })
}

/// The notice of art. 13 and 14, as it was when the application was filed.
fn notice(page: &Page, privacy: &Privacy) -> Value {
    let language = page.language;
    json!({
        "finalita": privacy.purpose.get(language),
        "base_giuridica": privacy.basis.get(language),
        "destinatari": privacy.recipients.get(language),
        "anni_di_conservazione": privacy.retention.years,
    })
}

fn instant(at: Timestamp) -> String {
    at.to_string()
}
