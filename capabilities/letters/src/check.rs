//! Every letter of a service, composed on invented cases before a real one needs it.

use std::collections::BTreeMap;

use acts::{Act, Actor, Body, Door};
use base::{Timestamp, Uuid};
use catalogue::{Office, Service};
use forms::{Kind, Question};
use serde_json::{Value, json};

use crate::{
    compose::{Letter, Recipient, Template, blocks, compose},
    context::{Matter, context},
    folders::{ServiceFacts, facts},
    follower::letter_for,
};

/// The acts that people are told about, in the order of a case.
const KINDS: [&str; 6] = ["submitted", "integration-requested", "refusal-proposed", "granted", "refused", "withdrawn"];
/// An account of examples.
const IBAN: &str = "IT60X0542811101000000123456";
/// A Monday.
const FILED: &str = "2026-03-02T09:00:00Z";

/// How much is known of an invented case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    /// Every field that an act can have.
    All,
    /// Only what an act must have.
    Least,
}

/// Composes every letter of a service, once with everything that a case can hold and once with the least: a placeholder
/// that does not exist, or one that is empty where it need not be filled, shows now and not when a person waits for the
/// letter. Gives what is wrong, with file and line, in Italian.
#[must_use]
pub fn check(service: &Service, office: &Office) -> Vec<String> {
    let known = facts(service, office);
    let mut wrong = Vec::new();
    for kind in KINDS {
        let Some(name) = letter_for(kind) else { continue };
        let file = format!("{}/letters/{name}.md", service.slug);
        match service.letters.get(name) {
            Some(text) => wrong.extend(letter(&file, text, kind, (service, &known))),
            None if name == "preavviso" && !service.process.rules.notice_before_refusal => {}
            None => wrong.push(format!("{file}: manca il modello")),
        }
    }
    wrong
}

fn letter(file: &str, text: &str, kind: &str, (service, known): (&Service, &ServiceFacts)) -> Vec<String> {
    let template = match Template::parse(file, text) {
        Ok(template) => template,
        Err(error) => return vec![error.to_string()],
    };
    let mut wrong = Vec::new();
    if template.head.for_act != kind {
        wrong.push(format!("{file}:1: `for_act` deve essere \"{kind}\", non \"{}\"", template.head.for_act));
    }
    for how in [Known::All, Known::Least] {
        let context = sample(kind, how, (service, known));
        let made = match how {
            Known::All => compose(&template, &frame(&template, known), &context).map(drop),
            Known::Least => blocks(&template, &context).map(drop),
        };
        let told = made.err().map(|error| error.to_string()).filter(|told| !wrong.contains(told));
        wrong.extend(told);
    }
    wrong
}

fn frame(template: &Template, known: &ServiceFacts) -> Letter {
    Letter {
        id: Uuid::nil().to_string(),
        title: template.title().to_owned(),
        office: known.office.head.clone(),
        recipient: Recipient { name: "Maria Prova".to_owned(), fiscal_code: "PRVMRA85A41H501V".to_owned() },
        protocol: "Prot. n. 0000123 del 2 marzo 2026".to_owned(),
        check_url: "https://sportello.example/verifica".to_owned(),
        issued: filed(),
    }
}

fn sample(kind: &str, how: Known, (service, known): (&Service, &ServiceFacts)) -> Value {
    let submitted = act("submitted", 1, application(service, how));
    let later = act(kind, 2, payload(kind, how, service));
    let told = if kind == "submitted" { &submitted } else { &later };
    let before = [submitted.clone(), told.clone()];
    let matter = Matter {
        submitted: &submitted,
        act: told,
        before: &before,
        service: known,
        case_url: "https://sportello.example/pratiche/0",
        check_url: "https://sportello.example/verifica",
    };
    context(&matter)
}

fn filed() -> Timestamp {
    FILED.parse().expect("the day of the invented cases is written as RFC 3339 wants")
}

fn act(kind: &str, seq: i64, payload: Value) -> Act {
    let actor = Actor {
        subject: "prova".to_owned(),
        name: "Ugo Prova".to_owned(),
        door: Door::Staff,
        level: 1,
        on_behalf_of: None,
    };
    let body = Body { actor, payload, content: String::new(), salt: [0; 32] };
    let (position, kind) = (seq - 1, kind.to_owned());
    Act { position, case: Uuid::nil(), seq, kind, at: filed(), digest: [0; 32], body: Some(body) }
}

fn application(service: &Service, how: Known) -> Value {
    let all = how == Known::All;
    let own = service.form.questions().filter(|(group, _)| group.is_none());
    let example = |question: &Question| if question.kind == Kind::Iban { IBAN } else { "esempio" };
    let values: BTreeMap<_, _> =
        own.filter(|_| all).map(|(_, question)| (question.id.clone(), example(question))).collect();
    let file = json!({ "upload": "0", "file_name": "documento.pdf", "sha256": "00" });
    json!({
        "service": service.slug, "service_version": service.version, "office": service.office, "office_name": "Ufficio",
        "responsible": service.process.responsible.get(base::Language::Italian), "due": "2026-04-01",
        "remedies": service.process.remedies.get(base::Language::Italian),
        "applicant": { "fiscal_code": "PRVMRA85A41H501V", "name": "Maria Prova" },
        "protocol": { "office": service.office, "year": 2026, "number": 123 },
        "answers": { "values": values, "groups": {} }, "sources": {},
        "attachments": if all { vec![file] } else { Vec::new() },
        "decision": if all { decision(service, true) } else { Value::Null },
    })
}

fn payload(kind: &str, how: Known, service: &Service) -> Value {
    let all = how == Known::All;
    let text = |words: &str| if all { json!(words) } else { Value::Null };
    let said = |entitled| if all { decision(service, entitled) } else { Value::Null };
    let reason = if all { "Il dato è cambiato." } else { "" };
    match kind {
        "integration-requested" => json!({
            "fields": [{ "path": "dato", "label": "Un dato", "reason": reason }], "deadline": "2026-03-25", "message": reason,
        }),
        "granted" => json!({
            "amount": text("167.30"), "unit": text("euro/mese"), "from": text("2026-03-01"),
            "note": text("Una nota."), "decision": said(true), "decided_by": "Ugo Prova", "overrides_rules": all,
        }),
        "withdrawn" => json!({ "text": reason }),
        _ => json!({
            "reasons": "Manca un requisito.", "on_observations": text("Le osservazioni non bastano."),
            "observations_by": text("2026-03-12"), "decision": said(false), "decided_by": "Ugo Prova", "overrides_rules": all,
        }),
    }
}

/// What rules say, for a service that has some.
fn decision(service: &Service, entitled: bool) -> Value {
    if service.program.is_none() {
        return Value::Null;
    }
    let reason = json!({
        "rule": "requisito", "label": "Un requisito", "paragraph": "art. 1", "member": null, "value": entitled,
        "unit": "sì/no", "requirement": true, "satisfied": entitled, "note": null, "values_used": [],
    });
    let miss = json!({
        "rule": "soglia", "label": "Una soglia", "paragraph": "art. 2", "member": null, "now": { "dec": "24210.50" },
        "needed": { "dec": "24000" }, "distance": "210.50", "unit": "euro", "improves": true, "entitled_then": true,
        "amount_then": "168.50",
    });
    json!({
        "moment": { "on": "2026-03-02", "known": "2026-03-02" }, "entitled": entitled,
        "amount": if entitled { json!("167.30") } else { Value::Null }, "reasons": [reason], "near_misses": [miss],
        "missing": [], "trace": [],
    })
}
