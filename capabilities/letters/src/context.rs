//! What templates can speak of, under Italian names: officials write them. Every name listed in the README is always
//! there; what is unknown is empty (`none`), so that a template can ask `{% if … %}`.

mod answers;
mod motivation;
mod told;

use acts::Act;
use base::{Iban, Language, long_date, rome_date};
use cases::{
    Case,
    payload::{Signature, Submitted, kind},
};
use catalogue::{Catalogue, LetterAct, Office, Service};
use deadlines::Silence;
use forms::{Kind, Path};
use serde_json::{Value, json};

use crate::compose::Letterhead;

/// Everything that one letter is about.
pub(crate) struct Matter<'a> {
    /// The case as it stood with the act.
    pub(crate) case: &'a Case,
    /// The act that the letter tells of.
    pub(crate) act: &'a Act,
    /// Which act that is.
    pub(crate) told: LetterAct,
    /// All acts of the case up to that one.
    pub(crate) before: &'a [Act],
    /// In the version that the case is pinned to.
    pub(crate) service: &'a Service,
    /// The office that has the case with the act, as it is now.
    pub(crate) office: &'a Office,
    /// The register in which the application has its number.
    pub(crate) register: &'a str,
    /// Which names the registers of offices.
    pub(crate) catalogue: &'a Catalogue,
    /// Where the person sees the case.
    pub(crate) case_url: &'a str,
    /// Where anybody checks the letter.
    pub(crate) check_url: &'a str,
}

/// The values for a template; `None` where the content of the act was erased or cannot be read.
pub(crate) fn context(matter: &Matter<'_>) -> Option<Value> {
    let Matter { case, service, office, .. } = matter;
    let submitted = &case.submitted;
    let told = told::told(matter)?;
    let decision = told.decision().or(case.decision.as_ref());
    let decided = |language| motivation::decision(decision, case, service, language);
    Some(json!({
        "pratica": { "indirizzo": matter.case_url, "presentata": case.submitted_at.to_string() },
        "protocollo": {
            "registro": matter.register,
            "numero": submitted.protocol.number,
            "anno": submitted.protocol.year,
            "data": case.submitted_at.to_string(),
        },
        "presentata_da": filed_by(case),
        "richiedente": { "nome": submitted.applicant.name, "codice_fiscale": submitted.applicant.fiscal_code },
        "firme": signatures(submitted),
        "servizio": {
            "nome": service.name.get(Language::Italian),
            "norma": service.decl.law.first().map(|law| &law.reference),
        },
        "ufficio": about(office),
        "responsabile": case.office().responsible,
        "incaricato": case.officer.as_ref().map(|officer| &officer.officer_name),
        "conto": account(case, service),
        "termine": submitted.due.to_string(),
        "giorni": days(matter),
        "in_ritardo": late(matter),
        "rimedi": submitted.remedies,
        "ricorso": service.process.appeal.get(Language::Italian),
        "dati": answers::rows(case, service),
        "dichiarazioni": answers::declarations(case, service),
        "allegati": case.attachments.iter().map(|file| &file.file_name).collect::<Vec<_>>(),
        "decisione": decided(Language::Italian),
        "in_inglese": abroad((service, office), Language::English, decided(Language::English)),
        "in_tedesco": abroad((service, office), Language::German, decided(Language::German)),
        "passaggio": passage(matter),
        "silenzio": silence(service),
        "norma_silenzio": service.process.silence_law.as_ref(),
        "atto": told.values(matter, case.observations.as_deref()),
        "verifica": matter.check_url,
    }))
}

/// Who filed the application, where somebody did it for the applicant: name, and by which title.
fn filed_by(case: &Case) -> Option<Value> {
    let actor = &case.acts.first()?.body.as_ref()?.actor;
    let authority = actor.authority.as_ref()?;
    let title = match authority.kind.as_str() {
        "mandate" => format!("delega n. {}", authority.number),
        "parent" => "come genitore".to_owned(),
        "counter" => "allo sportello, con la persona presente".to_owned(),
        "guardian" => format!("come tutore, decreto n. {}", authority.number),
        "administrator" => format!("come amministratore di sostegno, decreto n. {}", authority.number),
        "office" => {
            format!("{}, delega n. {}", authority.office.as_deref().unwrap_or_default(), authority.number)
        }
        "representative" => match authority.read_at {
            Some(at) => {
                format!(
                    "legale rappresentante, dal registro delle imprese, letto il {}",
                    long_date(rome_date(at), Language::Italian)
                )
            }
            None => "legale rappresentante".to_owned(),
        },
        _ => authority.number.clone(),
    };
    Some(json!({ "nome": actor.name, "titolo": title }))
}

/// Who signed beside the applicant; empty where nobody had to.
fn signatures(submitted: &Submitted) -> Vec<Value> {
    let signed = submitted.signed.iter().flat_map(|signed| &signed.signatures);
    let one = |one: &Signature| json!({ "nome": one.name, "ruolo": one.role, "quando": one.at.to_string(), "livello": one.level, "impronta": one.digest });
    signed.map(one).collect()
}

/// How the case came to the office that has it, where that is not the one it was filed with.
fn passage(matter: &Matter<'_>) -> Option<Value> {
    let passed = matter.case.passed_on.as_ref()?;
    let act = matter.before.iter().rfind(|act| act.kind == kind::PASSED_ON)?;
    Some(json!({ "quando": act.at.to_string(), "da_ufficio": passed.from_name, "da_capo": passed.anew }))
}

/// What silence means, where it decides: a receipt says it (art. 18-bis L. 241/1990).
const fn silence(service: &Service) -> Option<&'static str> {
    match service.process.rules.silence {
        Silence::Late => None,
        Silence::Consent => Some("assenso"),
        Silence::Refusal => Some("rigetto"),
    }
}

/// How an office heads its letters.
pub(crate) fn letterhead(office: &Office) -> Letterhead {
    Letterhead {
        body: office.administration.get(Language::Italian).to_owned(),
        name: office.name.get(Language::Italian).to_owned(),
        address: office.address.clone(),
        pec: office.pec.clone(),
    }
}

fn about(office: &Office) -> Value {
    let Letterhead { body, name, address, pec } = letterhead(office);
    json!({
        "ente": body, "nome": name, "indirizzo": address, "pec": pec, "telefono": office.phone,
        "orari": office.hours.get(Language::Italian), "sostituto": office.substitute.get(Language::Italian),
        "pec_sostituto": office.substitute_pec, "privacy": office.privacy,
    })
}

/// What the parts of a letter in another language can say.
fn abroad((service, office): (&Service, &Office), language: Language, decision: Value) -> Value {
    json!({
        "servizio": { "nome": service.name.get(language) },
        "ufficio": { "nome": office.name.get(language), "ente": office.administration.get(language) },
        "ricorso": service.process.appeal.get(language),
        "decisione": decision,
    })
}

/// The account that the form asks for, so far as a letter may show it: `IT60 •••• 3456`.
fn account(case: &Case, service: &Service) -> Option<String> {
    let mut asked = service.form.questions().filter(|(group, question)| group.is_none() && question.kind == Kind::Iban);
    let iban =
        asked.find_map(|(_, question)| Path::of(&question.id).get(&case.answers)?.as_text()?.parse::<Iban>().ok());
    iban.map(|iban| iban.masked())
}

/// Days between the application and the act (art. 2 c. 9-quinquies L. 241/1990: acts state the time used).
fn days(matter: &Matter<'_>) -> i64 {
    let span = rome_date(matter.case.submitted_at).until(rome_date(matter.act.at));
    span.map_or(0, |span| i64::from(span.get_days()))
}

/// Whether the term of the application had passed. Unknown where the clock stopped or may have stopped, or began anew:
/// the term on file is then not the one that counts, and a letter must not accuse its own office wrongly.
fn late(matter: &Matter<'_>) -> Option<bool> {
    let moves = [kind::INTEGRATION_REQUESTED, kind::REFUSAL_PROPOSED, kind::PASSED_ON];
    let stopped = matter.before.iter().any(|act| moves.contains(&act.kind.as_str()));
    (!stopped).then(|| rome_date(matter.act.at) > matter.case.submitted.due)
}
