use askama::Template;
use base::rome_date;
use forms::{Known, KnownValue};
use web::{Answer, Page, Visit, components::Fact, show};

use super::{correction, values};
use crate::{declared::Registry, known::Told, known::known, store};

/// The children stand for themselves; every other list belongs to its registry.
const CHILDREN: &str = "anpr.figli";
/// For each list, the datum that names its members.
const LISTS: [(&str, &str); 5] = [
    ("anpr.nucleo", "anpr.nome"),
    ("inps-isee.attestazioni", "inps-isee.tipo"),
    ("inps-lavoro.rapporti", "inps-lavoro.datore"),
    ("istruzione.iscrizioni", "istruzione.istituto"),
    ("entrate.redditi", "entrate.anno"),
];
/// What a person looks for first. The other data follow by name.
const FIRST: [&str; 6] = [
    "anpr.nome",
    "anpr.codice_fiscale",
    "anpr.data_nascita",
    "anpr.luogo_nascita",
    "anpr.residenza",
    "anpr.cittadinanza",
];

#[derive(Template)]
#[template(path = "pages/data.html")]
struct DataPage {
    page: Page,
    children: Vec<Block>,
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
    title: String,
    blocks: Vec<Block>,
}

/// A child, a job, an attestation.
struct Block {
    title: String,
    facts: Vec<Fact>,
}

/// `GET /profilo/dati`: what the administrations know about who is logged in.
pub(crate) async fn data(visit: Visit) -> Answer {
    let person = visit.citizen()?;
    let mut tx = visit.web.database().read().await?;
    let known = known(&mut tx, &person.subject, rome_date(visit.now)).await?;
    let registries = store::registries(&mut tx).await?;
    let writer = Writer { visit: &visit };
    let page = visit.page("registry.data.title").crumb(visit.t("registry.data.profile"), "/profilo");
    let children = known.lists.get(CHILDREN).map_or(&[][..], Vec::as_slice);
    let children = children.iter().map(|child| writer.block(child, "anpr.nome", true)).collect();
    let known_at_all = !known.values.is_empty();
    let sections = registries.iter().filter(|_| known_at_all).map(|registry| writer.section(registry, &known));
    show(&DataPage { page, children, sections: sections.collect() })
}

/// Puts what is known into words.
struct Writer<'a> {
    visit: &'a Visit,
}

impl Writer<'_> {
    fn section(&self, registry: &Registry, known: &Known) -> Section {
        let own = |key: &str| key.split_once('.').is_some_and(|(of, _)| of == registry.id);
        let values: Told =
            known.values.iter().filter(|(key, _)| own(key)).map(|(k, v)| (k.clone(), v.clone())).collect();
        let lists = LISTS.iter().filter(|(key, _)| own(key));
        let lists = lists.map(|(key, title)| List {
            title: values::label(self.visit, key),
            blocks: known.lists.get(*key).into_iter().flatten().map(|told| self.block(told, title, false)).collect(),
        });
        let language = self.visit.language;
        Section {
            id: registry.id.clone(),
            name: registry.name.get(language).to_owned(),
            about: self.about(registry),
            correction: registry.correction.get(language).to_owned(),
            facts: self.facts(&values, None),
            lists: lists.collect(),
        }
    }

    /// What it holds, for what, and who runs it.
    fn about(&self, registry: &Registry) -> String {
        let language = self.visit.language;
        let (purpose, body) = (registry.purpose.get(language).to_owned(), registry.body.get(language).to_owned());
        let rest = web::words::fill(self.visit.t("registry.data.about"), &[("purpose", purpose), ("body", body)]);
        format!("{} {rest}", registry.holds.get(language))
    }

    /// A member of a list, named by the datum `title`; whether a correction has to say whose datum it is.
    fn block(&self, told: &Told, title: &str, of_somebody: bool) -> Block {
        let title = told.get(title).map_or_else(String::new, |known| values::show(self.visit, title, &known.value));
        Block { facts: self.facts(told, of_somebody.then_some(title.as_str())), title }
    }

    fn facts(&self, told: &Told, owner: Option<&str>) -> Vec<Fact> {
        let first = FIRST.iter().filter_map(|key| told.get_key_value(*key));
        let rest = told.iter().filter(|(key, _)| !FIRST.contains(&key.as_str()));
        first.chain(rest).map(|(key, known)| self.fact(key, known, owner)).collect()
    }

    fn fact(&self, key: &str, known: &KnownValue, owner: Option<&str>) -> Fact {
        let (visit, source) = (self.visit, &known.provenance);
        let label = values::label(visit, key);
        let value = values::show(visit, key, &known.value);
        let whose = owner.map_or_else(|| label.clone(), |owner| self.whose(&label, owner));
        let shown = if known.value.is_null() { "" } else { value.as_str() };
        let href = correction::href(&source.registry, &whose, shown);
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
