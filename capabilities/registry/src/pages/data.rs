use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use base::rome_date;
use forms::{Known, KnownValue};
use web::{Answer, Page, Visit, components::Fact, show};

use super::values;
use crate::{
    declared::{About, Datum, DatumKind, Registries, Registry, Shown},
    known::{Told, known},
};

#[derive(Template)]
#[template(path = "pages/data.html")]
struct DataPage {
    page: Page,
    people: Vec<List>,
    sections: Vec<Section>,
}

/// A registry with what it knows.
struct Section {
    id: String,
    name: String,
    about: String,
    correction: String,
    facts: Vec<Fact>,
    lists: Vec<List>,
}

struct List {
    id: String,
    title: String,
    blocks: Vec<Block>,
}

/// A child, a job, an attestation.
struct Block {
    title: String,
    facts: Vec<Fact>,
}

/// `GET /profilo/dati`: what the administrations know about who is logged in.
pub(crate) async fn data(State(registries): State<Arc<Registries>>, visit: Visit) -> Answer {
    let person = visit.citizen()?;
    let mut tx = visit.web.database().read().await?;
    let known = known(&mut tx, &registries, &person.subject, rome_date(visit.now)).await?;
    let writer = Writer { visit: &visit, registries: &registries, known: &known };
    let page = visit.page("registry.data.title").crumb(visit.t("registry.data.profile"), "/profilo");
    let people = registries.iter().flat_map(|registry| writer.lists(registry, Shown::Apart));
    let people = people.filter(|list| !list.blocks.is_empty()).collect();
    let known_at_all = !known.values.is_empty();
    let sections = registries
        .iter()
        .filter(|one| known_at_all && one.about == About::People)
        .map(|registry| writer.section(registry))
        .collect();
    show(&DataPage { page, people, sections })
}

/// Puts what is known into words.
struct Writer<'a> {
    visit: &'a Visit,
    registries: &'a Registries,
    known: &'a Known,
}

impl Writer<'_> {
    fn section(&self, registry: &Registry) -> Section {
        let language = self.visit.language;
        let own = |datum: &&Datum| self.known.values.contains_key(&datum.key);
        let facts = registry.data.iter().filter(own).map(|datum| (datum, &self.known.values[&datum.key]));
        Section {
            id: registry.id.clone(),
            name: registry.name.get(language).to_owned(),
            about: self.about(registry),
            correction: registry.correction.get(language).to_owned(),
            facts: facts.map(|(datum, known)| self.fact(datum, known, None)).collect(),
            lists: self.lists(registry, Shown::Below).collect(),
        }
    }

    /// The lists of a registry that the page shows at a place.
    fn lists<'w>(&'w self, registry: &'w Registry, place: Shown) -> impl Iterator<Item = List> + 'w {
        registry.data.iter().filter_map(move |datum| match &datum.kind {
            DatumKind::List { named_by, shown } if *shown == place => Some(List {
                id: datum.key.replace('.', "-"),
                title: datum.label.get(self.visit.language).to_owned(),
                blocks: self.members(&datum.key, named_by, place == Shown::Apart),
            }),
            _ => None,
        })
    }

    /// What it holds, for what, and who runs it.
    fn about(&self, registry: &Registry) -> String {
        let language = self.visit.language;
        let (purpose, body) = (registry.purpose.get(language).to_owned(), registry.body.get(language).to_owned());
        let rest = web::words::fill(self.visit.t("registry.data.about"), &[("purpose", purpose), ("body", body)]);
        format!("{} {rest}", registry.holds.get(language))
    }

    /// The members of a list; whether a correction has to say whose datum it is.
    fn members(&self, list: &str, named_by: &str, of_somebody: bool) -> Vec<Block> {
        let member = |told: &Told| {
            let name = |known: &KnownValue| {
                self.registries
                    .datum(named_by)
                    .map_or_else(String::new, |datum| values::show(self.visit, datum, &known.value))
            };
            let title = told.get(named_by).map_or_else(String::new, name);
            Block { facts: self.facts(told, of_somebody.then_some(title.as_str())), title }
        };
        self.known.lists.get(list).into_iter().flatten().map(member).collect()
    }

    /// In the order in which registries declare their data.
    fn facts(&self, told: &Told, owner: Option<&str>) -> Vec<Fact> {
        let declared = self.registries.iter().flat_map(|registry| &registry.data);
        declared.filter_map(|datum| Some(self.fact(datum, told.get(&datum.key)?, owner))).collect()
    }

    fn fact(&self, datum: &Datum, known: &KnownValue, owner: Option<&str>) -> Fact {
        let (visit, source) = (self.visit, &known.provenance);
        let label = datum.label.get(visit.language).to_owned();
        let value = values::show(visit, datum, &known.value);
        let whose = owner.map_or_else(|| label.clone(), |owner| self.whose(&label, owner));
        let shown = if known.value.is_null() { "" } else { value.as_str() };
        let href = self.registries.correction_href(&source.registry, &whose, shown);
        let day = base::long_date(source.recorded_on, visit.language);
        Fact::new(label, value)
            // For what it is used stands once, beside the registry: under every datum it would hide the data.
            .from_registry(source.registry_name.get(visit.language), day, "")
            .action(visit.t("registry.data.wrong"), href)
    }

    fn whose(&self, label: &str, owner: &str) -> String {
        let values = [("datum", label.to_owned()), ("name", owner.to_owned())];
        web::words::fill(self.visit.t("registry.data.of"), &values)
    }
}
