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
    signing::{Answer, Signing},
    store::{self, Help, HelpDeed},
    view::{act_key, attachments, state_key},
};

impl Cases {
    /// Cases, drafts, signatures and helps of a person, in the words of the visit's language, with every act that the person may see and the
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
        let asked: Vec<_> = store::signings_of_applicant(tx, person).await?.iter().map(asked).collect();
        let signed = store::signings_of_signer(tx, person).await?;
        let signed: Vec<_> = signed.iter().map(|signing| to_sign(signing, person)).collect();
        let mut helped = Vec::new();
        for help in store::helps_for(tx, person).await? {
            helped.push(helping(&help, &store::help_deeds(tx, help.id).await?));
        }
        let signatures = json!({ "chieste": asked, "chieste_a_me": signed });
        Ok(json!({ "pratiche": cases, "bozze": drafts, "firme": signatures, "aiuti": helped }))
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

/// Signatures that the person asked of others.
fn asked(signing: &Signing) -> Value {
    let people: Vec<_> =
        signing.people.iter().map(|one| json!({ "codice_fiscale": one.code, "come": one.role })).collect();
    json!({ "servizio": signing.service_name, "confermata_il": instant(signing.confirmed_at), "chi_firma": people })
}

/// A signature that somebody asked of the person, and the answer.
fn to_sign(signing: &Signing, code: &str) -> Value {
    let answered = signing.person(code).and_then(|own| own.answered.as_ref());
    json!({
        "servizio": signing.service_name,
        "chi_chiede": signing.applicant_name,
        "risposta_il": answered.map(|answered| instant(answered.at)),
        "firmata": answered.map(|answered| answered.answer == Answer::Signed),
        "motivo": answered.map(|answered| &answered.reason),
    })
}

/// Help with filling in, and what the helper did.
fn helping(help: &Help, deeds: &[HelpDeed]) -> Value {
    let deed = |one: &HelpDeed| json!({ "quando": instant(one.at), "pagina": one.page, "ha_scritto": one.wrote });
    json!({
        "servizio": help.service,
        "chi": help.helper.as_ref().map(|(_, name, _)| name),
        "fino_al": instant(help.expires_at),
        "che_cosa": deeds.iter().map(deed).collect::<Vec<_>>(),
    })
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
