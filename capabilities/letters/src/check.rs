//! Every letter of a service, composed on invented cases before a real one needs it.

use acts::{Act, Actor, Authority, Body, Door, Payload};
use base::{Date, Language, Timestamp, Uuid};
use cases::{
    Case,
    payload::{
        Applicant, Attachment, Extended, FieldRequest, Granted, IntegrationRequested, PassedOn, Protocol,
        RefusalReasons, Signature, Signed, SilenceEffect, Submitted, SubstituteCalled, Timing, Words,
    },
};
use catalogue::{Catalogue, LetterAct, Offer, Office, Service};
use forms::{Kind, Path};
use rules::{Decision, Facts};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    compose::{ComposeError, Letter, Recipient, Template, blocks, compose},
    context::{Matter, context, letterhead},
};

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
/// letter. Gives what is wrong, with file and line, in Italian. Which letters a service must have, the catalogue sees.
#[must_use]
pub fn check(service: &Service, office: &Office) -> Vec<String> {
    let mut wrong = Vec::new();
    for told in LetterAct::ALL.into_iter().filter(|act| service.tells_of(*act)) {
        for how in [Known::All, Known::Least] {
            let told = composed(told, how, (service, office)).err().map(|error| error.to_string());
            wrong.extend(told.filter(|told| !wrong.contains(told)));
        }
    }
    wrong
}

fn composed(told: LetterAct, how: Known, (service, office): (&Service, &Office)) -> Result<(), ComposeError> {
    let Some((_, written)) = service.letter_for(told) else { return Ok(()) };
    let template = Template::parse(&written.file, &written.text)?.with_parts(&service.letter_parts);
    let before = sample(told, how, service);
    let case = Case::from_acts(before.clone()).expect("an invented case begins with its application");
    let nowhere = Catalogue::new(Offer::default()); // registers are called as offices there
    let matter = Matter {
        case: &case,
        act: before.last().unwrap_or(&before[0]),
        told,
        before: &before,
        service,
        office,
        register: &office.aoo,
        catalogue: &nowhere,
        case_url: "https://sportello.example/pratiche/0",
        check_url: "https://sportello.example/verifica",
    };
    let context = context(&matter).expect("the content of an invented act can be read");
    match how {
        Known::All => compose(&template, &frame(&template, office), &context).map(drop),
        Known::Least => blocks(&template, &context).map(drop),
    }
}

fn frame(template: &Template, office: &Office) -> Letter {
    Letter {
        id: Uuid::nil().to_string(),
        title: template.title().to_owned(),
        office: letterhead(office),
        recipient: Recipient { name: "Maria Prova".to_owned(), fiscal_code: "PRVMRA85A41H501V".to_owned() },
        protocol: "Prot. n. 0000123 del 2 marzo 2026".to_owned(),
        check_url: "https://sportello.example/verifica".to_owned(),
        issued: filed(),
    }
}

/// The acts of an invented case, up to the one that is told of.
fn sample(told: LetterAct, how: Known, service: &Service) -> Vec<Act> {
    let all = how == Known::All;
    let mut acts = vec![act(LetterAct::Submitted.kind(), 1, &application(service, how))];
    if let Some(body) = acts[0].body.as_mut().filter(|_| all) {
        body.actor.authority = Some(mandate());
    }
    if all && told != LetterAct::Submitted {
        acts.push(act("taken", 2, &json!({ "officer": "prova", "officer_name": "Ugo Prova" })));
    }
    let seq = i64::try_from(acts.len()).unwrap_or(i64::MAX) + 1;
    let kind = told.kind();
    match told {
        LetterAct::Submitted => {}
        LetterAct::PassedOn => acts.push(act(kind, seq, &passage(all, service))),
        LetterAct::IntegrationRequested => acts.push(act(kind, seq, &request(all))),
        LetterAct::RefusalProposed | LetterAct::Refused => acts.push(act(kind, seq, &refusal(all, service))),
        LetterAct::Granted => acts.push(act(kind, seq, &grant(all, service))),
        LetterAct::ObservationsFiled => {
            acts.push(act(LetterAct::RefusalProposed.kind(), seq, &refusal(all, service)));
            acts.push(act(kind, seq + 1, &Words { text: "Non è così.".to_owned() }));
        }
        LetterAct::Extended => acts.push(act(kind, seq, &extension())),
        LetterAct::SubstituteCalled => acts.push(act(kind, seq, &call(all))),
        LetterAct::SilenceConsent | LetterAct::SilenceRefusal => acts.push(act(kind, seq, &silence(all))),
        LetterAct::Withdrawn => acts.push(act(kind, seq, &Words { text: text(all, "Ho cambiato idea.") })),
    }
    acts
}

/// Under which somebody filed for the applicant.
fn mandate() -> Authority {
    let text = str::to_owned;
    Authority {
        kind: text("mandate"),
        id: text("0"),
        number: text("1/2026"),
        principal: text("Maria Prova"),
        ..Authority::default()
    }
}

fn filed() -> Timestamp {
    FILED.parse().expect("the day of the invented cases is written as RFC 3339 wants")
}

fn day(text: &str) -> Date {
    text.parse().expect("the days of the invented cases are written as ISO 8601 wants")
}

/// A text that may be empty.
fn text(there: bool, words: &str) -> String {
    if there { words.to_owned() } else { String::new() }
}

fn act(kind: &str, seq: i64, payload: &impl Serialize) -> Act {
    let payload = serde_json::to_value(payload).expect("payloads have text keys and no failing serializers");
    let actor = Actor {
        subject: "prova".to_owned(),
        name: "Ugo Prova".to_owned(),
        door: Door::Staff,
        level: 1,
        on_behalf_of: None,
        authority: None,
    };
    let body = Body { actor, payload: Payload::from(&payload), content: String::new(), salt: [0; 32] };
    let (position, kind) = (seq - 1, kind.to_owned());
    Act { position, case: Uuid::nil(), seq, kind, at: filed(), digest: [0; 32], body: Some(body) }
}

fn application(service: &Service, how: Known) -> Submitted {
    let all = how == Known::All;
    let mut answers = Facts::default();
    for (_, question) in service.form.questions().filter(|(group, _)| all && group.is_none()) {
        let example = if question.kind == Kind::Iban { IBAN } else { "esempio" };
        Path::of(&question.id).set(&mut answers, example.into());
    }
    let (upload, file_name, sha256) = ("0".to_owned(), "documento.pdf".to_owned(), "00".to_owned());
    Submitted {
        service: service.slug.clone(),
        service_version: service.version.clone(),
        service_name: service.name.get(Language::Italian).to_owned(),
        office: service.office.clone(),
        office_name: "Ufficio".to_owned(),
        responsible: service.process.responsible.get(Language::Italian).to_owned(),
        applicant: Applicant { fiscal_code: "PRVMRA85A41H501V".to_owned(), name: "Maria Prova".to_owned() },
        protocol: Protocol { office: service.office.clone(), year: 2026, number: 123 },
        answers,
        sources: Default::default(),
        replaced: Default::default(),
        attachments: if all {
            vec![Attachment { upload, file_name, sha256, media_type: String::new() }]
        } else {
            Vec::new()
        },
        decision: decision(all, service, true),
        due: day("2026-04-01"),
        remedies: service.process.remedies.get(Language::Italian).to_owned(),
        ordering: None,
        signed: all.then(signed),
    }
}

fn signed() -> Signed {
    let text = |text: &str| text.to_owned();
    let signature = Signature {
        fiscal_code: text("PRVLCU80A01H501X"),
        name: text("Luca Prova"),
        role: text("l’altro genitore"),
        at: filed(),
        level: 2,
        digest: text("00"),
    };
    Signed { text: text("Testo"), digest: text("00"), confirmed_at: filed(), level: 2, signatures: vec![signature] }
}

fn passage(all: bool, service: &Service) -> PassedOn {
    let number = |office: &str| Protocol { office: office.to_owned(), year: 2026, number: 7 };
    PassedOn {
        from: service.office.clone(),
        from_name: "Ufficio".to_owned(),
        to: "altro".to_owned(),
        to_name: "Altro ufficio".to_owned(),
        responsible: "Responsabile dell’altro ufficio".to_owned(),
        reason: "La materia è dell’altro ufficio.".to_owned(),
        due: day("2026-04-08"),
        anew: all,
        sent: all.then(|| number(&service.office)),
        received: all.then(|| number("altro")),
    }
}

fn request(all: bool) -> IntegrationRequested {
    let (path, label, reason) = ("dato".to_owned(), "Un dato".to_owned(), text(all, "Il dato è cambiato."));
    let (fields, message) = (vec![FieldRequest { path, label, reason }], text(all, "Grazie."));
    IntegrationRequested { fields, deadline: day("2026-03-25"), message }
}

fn grant(all: bool, service: &Service) -> Granted {
    let said = |words: &str| all.then(|| words.to_owned());
    Granted {
        amount: said("167.30"),
        unit: said("euro/mese"),
        note: said("Una nota."),
        decision: decision(all, service, true),
        decided_by: "Ugo Prova".to_owned(),
        overrides_rules: all,
        timing: all.then(late),
        together: None,
    }
}

fn refusal(all: bool, service: &Service) -> RefusalReasons {
    RefusalReasons {
        reasons: "Manca un requisito.".to_owned(),
        on_observations: all.then(|| "Le osservazioni non bastano.".to_owned()),
        further_grounds: all.then(|| "Ne nasce un altro motivo.".to_owned()),
        timing: all.then(late),
        decision: decision(all, service, false),
        decided_by: "Ugo Prova".to_owned(),
        overrides_rules: all,
        observations_by: all.then(|| day("2026-03-12")),
    }
}

/// A decision that came ten days after its term.
fn late() -> Timing {
    Timing { term_days: 30, due: day("2026-04-01"), used_days: 40, late_by: 10, by_substitute: true }
}

fn extension() -> Extended {
    let (reason, law) = ("Serve un accertamento.".to_owned(), "art. 0 L. 0/2026".to_owned());
    Extended { days: 15, reason, law, due: day("2026-04-16") }
}

fn call(all: bool) -> SubstituteCalled {
    SubstituteCalled { due: day("2026-04-01"), conclude_by: day("2026-04-17"), on_request: all }
}

fn silence(all: bool) -> SilenceEffect {
    SilenceEffect {
        term_ended: day("2026-04-01"),
        effective_from: day("2026-04-02"),
        term_days: 30,
        term_law: text(all, "art. 2 L. 241/1990"),
        law: text(all, "art. 20 L. 241/1990"),
    }
}

/// What rules say, for a service that has some.
fn decision(all: bool, service: &Service, entitled: bool) -> Option<Decision> {
    if !all || service.program.is_none() {
        return None;
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
    let said = json!({
        "moment": { "on": "2026-03-02", "known": "2026-03-02" }, "entitled": entitled,
        "amount": if entitled { json!("167.30") } else { Value::Null }, "reasons": [reason], "near_misses": [miss],
        "missing": [], "trace": [],
    });
    Some(serde_json::from_value(said).expect("the decision of the invented cases is one that rules could make"))
}
