use std::{collections::BTreeMap, sync::Arc};

use askama::Template;
use axum::extract::Path;
use catalogue::{LawTeller, Service};
use rules::{Facts, Moment};
use serde_json::json;
use web::{
    Answer, Failure, Page,
    components::{Fault, Field, Tone},
};

use super::{
    Desk, Slug,
    result::{Result as Shown, table_of},
};
use crate::{
    error::SimulationError,
    grid::LEAST,
    proposal::{draft, in_force},
    sample::Sample,
    summary::Summary,
};

/// Before the name of a parameter, in the address.
const NEW: &str = "nuovo.";
/// In the address, where something is to be computed.
const COMPUTE: &str = "calcola";

/// A law in force, new values beside its own, and what they would change.
#[derive(Template)]
#[template(path = "office/study.html")]
struct StudyPage {
    page: Page,
    service: String,
    faults: Vec<Fault>,
    fields: Vec<Field>,
    wrong: Option<String>,
    result: Option<Shown>,
}

/// What was asked for, and what came of it.
struct Asked {
    service: Arc<Service>,
    values: BTreeMap<String, String>,
    wrong: BTreeMap<String, String>,
    computed: Option<Result<Summary, SimulationError>>,
}

pub(super) async fn show(desk: Desk, Path(slug): Slug) -> Answer {
    let asked = ask(&desk, &slug).await?;
    let Asked { service, values, wrong, computed } = &asked;
    let page = desk.visit.page_titled(desk.visit.t1(
        "statistics.study.title",
        "service",
        service.name.get(desk.visit.language),
    ));
    let page = page.crumb(desk.visit.t("statistics.choose.title"), "/ufficio/simulazioni").faulty(!wrong.is_empty());
    let facts = Facts::default();
    let law = LawTeller { words: &service.law, facts: &facts, language: desk.visit.language };
    let titled = in_force(service, Moment::at(desk.today())).collect::<Vec<_>>();
    let faults = titled.iter().filter_map(|known| {
        let told = wrong.get(&known.parameter.name)?;
        Some(Fault {
            field: format!("{NEW}{}", known.parameter.name),
            message: format!("{}: {told}", known.title(&law)),
        })
    });
    let faults: Vec<Fault> = faults.collect();
    let field = |known: &crate::proposal::InForce<'_>| {
        let name = &known.parameter.name;
        let typed = values.get(name).map_or("", String::as_str);
        Field::text(format!("{NEW}{name}"), known.title(&law))
            .hint(known.told())
            .value(typed)
            .optional()
            .fault(wrong.get(name))
    };
    let fields = titled.iter().map(field).collect();
    let summary = computed.as_ref().and_then(|computed| computed.as_ref().ok());
    let result = summary.map(|summary| Shown::new(&page, service, summary, download_of(service, values)));
    let wrong = computed.as_ref().and_then(|computed| computed.as_ref().err()).map(ToString::to_string);
    let shown = StudyPage { service: service.slug.clone(), faults, fields, wrong, result, page };
    if shown.faults.is_empty() { web::show(&shown) } else { web::show_faulty(&shown) }
}

/// The same figures for programs. What pages do not tell, this does not tell either.
pub(super) async fn download(desk: Desk, Path(slug): Slug) -> Answer {
    let Asked { service, values, computed, .. } = ask(&desk, &slug).await?;
    let summary = computed.and_then(Result::ok).ok_or(Failure::NotFound)?;
    let (everybody, tenths, territories) = table_of(&desk.visit.page("statistics.choose.title"), &summary);
    let text = json!({
        "service": service.slug, "version": summary.version, "on": summary.on, "unit": summary.unit,
        "sample_people": summary.all.people, "least_households": LEAST, "new_values": values,
        "all": everybody.json(), "deciles": tenths.json(), "territories": territories.json(),
    });
    let name = format!("simulazione-{}.json", service.slug);
    let text = serde_json::to_vec_pretty(&text).map_err(Failure::internal)?;
    Ok(web::download(&name, "application/json", text))
}

/// Computes what the address asks for.
async fn ask(desk: &Desk, slug: &str) -> Result<Asked, Failure> {
    let service =
        desk.room.catalogue.service(slug).filter(|service| service.program.is_some()).ok_or(Failure::NotFound)?;
    let moment = Moment::at(desk.today());
    let typed = |known: crate::proposal::InForce<'_>| {
        let name = &known.parameter.name;
        let typed = desk.visit.query(&format!("{NEW}{name}"))?;
        Some((name.clone(), typed.trim().to_owned())).filter(|(_, typed)| !typed.is_empty())
    };
    let values: BTreeMap<String, String> = in_force(&service, moment).filter_map(typed).collect();
    if desk.visit.query(COMPUTE).is_none() {
        return Ok(Asked { service, values, wrong: BTreeMap::new(), computed: None });
    }
    let draft = match draft(&service, &values, moment.on) {
        Ok(draft) => draft,
        Err(wrong) => return Ok(Asked { service, values, wrong, computed: None }),
    };
    let mut tx = desk.visit.web.database().read().await?;
    let sample = Sample::of(&mut tx, slug, moment.on).await?;
    drop(tx);
    let computed = desk.room.bench.run(Arc::clone(&service), draft, sample, moment.on).await?;
    Ok(Asked { service, values, wrong: BTreeMap::new(), computed: Some(computed) })
}

fn download_of(service: &Service, values: &BTreeMap<String, String>) -> String {
    let named: Vec<(String, &str)> =
        values.iter().map(|(name, value)| (format!("{NEW}{name}"), value.as_str())).collect();
    let mut pairs: Vec<(&str, &str)> = named.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    pairs.push((COMPUTE, "si"));
    format!("/ufficio/simulazioni/{}/risultato.json?{}", service.slug, web::query(&pairs))
}
