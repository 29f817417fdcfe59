use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect},
};
use base::Language;
use web::{
    Answer, Failure, Page, Posted,
    components::{Fact, Tone},
};

use super::{LIST, Oneself, onward, state_key, tone, until};
use crate::{
    answers::{Section, View},
    signing::{self, Answer as Answered, Done, NotSigned, Signing, State},
    store,
};

/// What somebody is asked to sign: the whole text, and nothing else of the applicant's.
#[derive(Template)]
#[template(path = "pages/sign/sheet.html")]
struct SheetPage {
    page: Page,
    id: String,
    tone: Tone,
    state: String,
    lead: String,
    facts: Vec<Fact>,
    /// The answers in the reader's language, where that is not the text's.
    sections: Vec<Section>,
    text: String,
    digest: String,
    role: String,
    /// Whether this person can still sign.
    open: bool,
    /// What they answered, and what came of it.
    told: String,
}

/// Shows the text to who must sign it, or what came of it.
pub async fn show(counter: Oneself, Path(id): Path<String>) -> Answer {
    let signing = counter.to_sign(&id).await?;
    if let Some(way) = counter.stronger(&signing).await? {
        return Ok(way);
    }
    web::show(&build(&counter, &signing).await?)
}

async fn build(counter: &Oneself, signing: &Signing) -> Result<SheetPage, Failure> {
    let Oneself { cases, person, visit } = counter;
    let service = counter.named(signing);
    let page = visit.page_titled(&service).crumb(visit.t("cases.signing.list.title"), LIST);
    let own = signing.person(&person.fiscal_code).ok_or(Failure::NotFound)?;
    let state = signing.state_at(visit.now);
    let mut tx = cases.web.database().read().await?;
    let kept = store::kept_of_signing(&mut tx, signing.id).await?;
    let case = match signing.case {
        Some(case) => store::find(&mut tx, case).await?,
        None => None,
    };
    drop(tx);
    let filed = case.as_ref().and_then(|case| case.submitted.signed.as_ref());
    let text = kept.as_ref().map(|kept| kept.text.clone()).or_else(|| filed.map(|signed| signed.text.clone()));
    let number = case.as_ref().map(|case| protocol::shown(&cases.catalogue, &case.submitted.protocol));
    let role = counter.role(signing, &own.role);
    let open = own.answered.is_none() && state == State::Waiting;
    Ok(SheetPage {
        id: signing.id.to_string(),
        tone: tone(state),
        state: page.t(&state_key(state)).to_owned(),
        lead: page.t2("cases.signing.sheet.lead", "name", &signing.applicant_name, "role", &role),
        facts: facts(&page, signing, number.as_deref()),
        sections: match &kept {
            Some(kept) if open => sections(counter, &page, signing, &kept.submitted.answers).await?,
            _ => Vec::new(),
        },
        text: text.unwrap_or_default(),
        digest: signing.digest.clone(),
        role,
        open,
        told: told(&page, signing, &person.fiscal_code, state),
        page,
    })
}

fn facts(page: &Page, signing: &Signing, number: Option<&str>) -> Vec<Fact> {
    let fact = |key: &str, value: String| Fact::new(page.t(key), value);
    let mut facts = vec![
        fact("cases.fact.applicant", signing.applicant_name.clone()),
        fact("cases.signing.fact.confirmed", page.moment(&signing.confirmed_at)),
    ];
    match number {
        Some(number) => facts.push(fact("cases.fact.protocol", number.to_owned())),
        None => facts.push(fact("cases.signing.fact.until", until(signing.expires_at, page.language))),
    }
    let progress = page.t2("cases.signing.fact.of", "n", signing.signed().count(), "all", signing.people.len());
    facts.push(fact("cases.signing.fact.signatures", progress));
    facts
}

/// The same answers in the reader's language: the text itself is Italian.
async fn sections(
    counter: &Oneself,
    page: &Page,
    signing: &Signing,
    answers: &rules::Facts,
) -> Result<Vec<Section>, Failure> {
    if page.language == Language::Italian {
        return Ok(Vec::new());
    }
    let service = counter.service_signed(signing).await?;
    let Some(signatures) = &service.process.signatures else { return Ok(Vec::new()) };
    let answers = signing::shown(&service, signatures, answers);
    let view = View {
        page,
        form: &service.form,
        answers: &answers,
        sources: &Default::default(),
        replaced: &Default::default(),
        names: &Default::default(),
        registries: &counter.cases.catalogue.offer().registries,
        screened: None,
        action: &|_| Vec::new(),
    };
    Ok(view.sections())
}

/// What this person answered, and why nobody signs any more, where that is so.
fn told(page: &Page, signing: &Signing, code: &str, state: State) -> String {
    let answered = signing.person(code).and_then(|own| own.answered.as_ref());
    let own = answered.map(|answered| {
        let key = match answered.answer {
            Answered::Signed => "cases.signing.sheet.signed",
            Answered::Declined => "cases.signing.sheet.declined",
        };
        page.t1(key, "when", page.moment(&answered.at))
    });
    let over =
        (state != State::Waiting).then(|| page.t(&format!("cases.signing.sheet.over.{}", state.key())).to_owned());
    own.into_iter().chain(over).collect::<Vec<_>>().join(" ")
}

/// Signs what the page showed. Who signs twice signs once; where it cannot be signed any more the page says why.
pub async fn sign(counter: Oneself, Path(id): Path<String>, posted: Posted) -> Answer {
    let signing = counter.to_sign(&id).await?;
    if let Some(way) = counter.stronger(&signing).await? {
        return Ok(way);
    }
    let (visit, place) = (&counter.visit, format!("{LIST}/{}", signing.id));
    match signing::sign(&counter.cases, signing.id, counter.signer(), posted.text("sp.impronta")).await? {
        Done::Noted => onward(visit, &place, true, "cases.signing.done.noted"),
        Done::Filed => onward(visit, &place, true, "cases.signing.done.filed"),
        Done::Not(NotSigned::Answered) => Ok(Redirect::to(&place).into_response()),
        Done::Not(NotSigned::OtherText) => onward(visit, &place, false, "cases.signing.done.other_text"),
        Done::Not(_) => onward(visit, &place, false, "cases.signing.done.over"),
        Done::Standing => onward(visit, &place, false, "cases.signing.done.standing"),
        Done::Frozen => onward(visit, &place, false, "cases.signing.done.frozen"),
    }
}
