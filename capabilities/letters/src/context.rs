//! What templates can speak of, under Italian names: officials write them. Every name listed in the README is always
//! there; what is unknown is empty (`none`), so that a template can ask `{% if … %}`.

mod answers;
mod motivation;
mod words;

use acts::Act;
use base::{Iban, Language, rome_date};
use rules::Facts;
use serde_json::{Value, json};

use crate::folders::{Names, ServiceFacts};

/// Everything that one letter is about.
pub(crate) struct Matter<'a> {
    /// The application: the first act of the case.
    pub(crate) submitted: &'a Act,
    /// The act that the letter tells of.
    pub(crate) act: &'a Act,
    /// All acts of the case up to that one.
    pub(crate) before: &'a [Act],
    pub(crate) service: &'a ServiceFacts,
    /// Where the person sees the case.
    pub(crate) case_url: &'a str,
    /// Where anybody checks the letter.
    pub(crate) check_url: &'a str,
}

/// The values for a template.
pub(crate) fn context(matter: &Matter<'_>) -> Value {
    let Matter { submitted, act, service, .. } = matter;
    let answers = latest(matter, "answers");
    let decision =
        Some(act.field("decision")).filter(|found| !found.is_null()).unwrap_or_else(|| latest(matter, "decision"));
    let office = &service.office;
    json!({
        "pratica": { "indirizzo": matter.case_url, "presentata": submitted.at.to_string() },
        "protocollo": {
            "numero": submitted.field("protocol").get("number"),
            "anno": submitted.field("protocol").get("year"),
            "data": submitted.at.to_string(),
        },
        "richiedente": {
            "nome": submitted.field("applicant").get("name"),
            "codice_fiscale": submitted.field("applicant").get("fiscal_code"),
        },
        "servizio": { "nome": service.name },
        "ufficio": {
            "ente": office.head.body, "nome": office.head.name, "indirizzo": office.head.address, "pec": office.head.pec,
            "telefono": office.phone, "orari": office.hours, "sostituto": office.substitute,
            "pec_sostituto": office.substitute_pec, "privacy": office.privacy,
        },
        "responsabile": submitted.field("responsible"),
        "incaricato": in_charge(matter),
        "conto": account(answers),
        "termine": submitted.field("due"),
        "giorni": days(submitted, act),
        "in_ritardo": late(matter),
        "rimedi": submitted.field("remedies"),
        "ricorso": service.appeal,
        "dati": answers::rows(answers, submitted.field("sources"), service),
        "allegati": files(submitted),
        "decisione": motivation::decision(decision, answers, service, Language::Italian),
        "in_inglese": abroad(service, Language::English, decision, answers),
        "in_tedesco": abroad(service, Language::German, decision, answers),
        "atto": told(act),
        "verifica": matter.check_url,
    })
}

/// What the parts of a letter in another language can say.
fn abroad(service: &ServiceFacts, language: Language, decision: &Value, answers: &Value) -> Value {
    let unnamed = Names::default();
    let names = service.abroad.get(&language).unwrap_or(&unnamed);
    json!({
        "servizio": { "nome": names.service },
        "ufficio": { "nome": names.office, "ente": names.body },
        "ricorso": names.appeal,
        "decisione": motivation::decision(decision, answers, service, language),
    })
}

/// The officer who works on the case (art. 5 L. 241/1990); `None` while nobody does.
fn in_charge(matter: &Matter<'_>) -> Option<String> {
    let moves = |act: &&Act| matches!(act.kind.as_str(), "taken" | "assigned" | "released");
    let last = matter.before.iter().rev().find(moves)?;
    Some(last.text("officer_name").to_owned()).filter(|name| !name.is_empty())
}

/// The account that the answers name, so far as a letter may show it: `IT60 •••• 3456`.
fn account(answers: &Value) -> Option<String> {
    let facts: Facts = serde_json::from_value(answers.clone()).ok()?;
    let iban = facts.values.values().find_map(|value| value.as_text()?.parse::<Iban>().ok())?;
    Some(iban.masked())
}

/// Names of the attached files.
fn files(submitted: &Act) -> Vec<&Value> {
    let attached = submitted.field("attachments").as_array().map_or(&[][..], Vec::as_slice);
    attached.iter().filter_map(|file| file.get("file_name")).collect()
}

/// The newest value of a field that the application and later integrations carry.
fn latest<'a>(matter: &Matter<'a>, field: &str) -> &'a Value {
    let carries = |act: &&Act| matches!(act.kind.as_str(), "submitted" | "integration-supplied");
    let newest = matter.before.iter().rev().filter(carries).map(|act| act.field(field)).find(|value| !value.is_null());
    newest.unwrap_or(&Value::Null)
}

/// The act itself; fields that its kind does not have are empty.
fn told(act: &Act) -> Value {
    let field = |name: &str| Some(act.field(name)).filter(|value| value.as_str() != Some(""));
    let requests = act.field("fields").as_array().map_or(&[][..], Vec::as_slice);
    let asked: Vec<_> =
        requests.iter().map(|one| json!({ "etichetta": one.get("label"), "motivo": one.get("reason") })).collect();
    json!({
        "quando": act.at.to_string(),
        "autore": field("decided_by").cloned().or_else(|| act.body.as_ref().map(|body| body.actor.name.clone().into())),
        "automatico": act.body.as_ref().is_some_and(|body| body.actor.door == acts::Door::System),
        "importo": field("amount"),
        "unita": field("unit"),
        "decorrenza": field("from"),
        "nota": field("note"),
        "motivi": field("reasons"),
        "su_osservazioni": field("on_observations"),
        "osservazioni_entro": field("observations_by"),
        "diverso_dal_calcolo": act.field("overrides_rules").as_bool().unwrap_or(false),
        "campi": asked,
        "entro": field("deadline"),
        "messaggio": field("message"),
        "testo": field("text"),
    })
}

/// Days between the application and the act (art. 2 c. 9-quinquies L. 241/1990: acts state the time used).
fn days(submitted: &Act, act: &Act) -> i64 {
    let span = rome_date(submitted.at).until(rome_date(act.at));
    span.map_or(0, |span| i64::from(span.get_days()))
}

/// Whether the term of the application had passed. Unknown where the clock stopped or may have stopped: the term on
/// file is then not the one that counts, and a letter must not accuse its own office wrongly.
fn late(matter: &Matter<'_>) -> Value {
    let stops = |act: &Act| matches!(act.kind.as_str(), "integration-requested" | "refusal-proposed");
    if matter.before.iter().any(stops) {
        return Value::Null;
    }
    let due = matter.submitted.text("due").parse::<base::Date>();
    due.map_or(Value::Null, |due| Value::Bool(rome_date(matter.act.at) > due))
}
