use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use base::Language;
use identity::Policy;
use registry::Registries;
use rules::Diagnostic;

use crate::{
    Content, Declared, LifeEvent, Office, Screener, Service,
    declared::{read_content, read_intermediaries, read_life_events, read_offices, read_roles},
    inspect::inspect,
    screener,
    search::{Hit, Index},
    source::{Source, whole_file},
};

/// Everything that is offered at one moment: read once, then shared and never changed.
#[derive(Debug, Default)]
pub struct Offer {
    /// Services that are in order, by slug; drafts among them.
    pub services: BTreeMap<String, Arc<Service>>,
    /// What is wrong, by slug; [`Offer::SHARED`] for what is not a service. A service with problems is not offered.
    pub problems: BTreeMap<String, Vec<Diagnostic>>,
    /// Offices by id.
    pub offices: BTreeMap<String, Office>,
    /// Who may do what in them.
    pub policy: Policy,
    /// The registries that forms read from.
    pub registries: Arc<Registries>,
    /// In the order of the home page.
    pub life_events: Vec<LifeEvent>,
    /// Pages by path below `content/pages` without ending (`privacy`, `eventi/nascita`), in the languages written.
    pub contents: BTreeMap<String, BTreeMap<Language, Content>>,
    /// «Che cosa mi spetta?», where the house has one in order.
    pub screener: Option<Arc<Screener>>,
    /// Every folder there is, broken ones too: services may name one another.
    pub(crate) slugs: BTreeSet<String>,
    pub(crate) index: Index,
}

/// Below `content/`.
const REGISTRIES: &str = "registries.toml";
/// The same; `mandates` follows it, here it is only checked.
const INTERMEDIARIES: &str = "intermediaries.toml";

/// The pages that every site of an administration must have.
pub(crate) const REQUIRED_PAGES: [&str; 3] = ["accessibilita", "privacy", "note-legali"];

impl Offer {
    /// Under this name, which no service has, [`Offer::problems`] tells what is wrong outside services.
    pub const SHARED: &'static str = "content";

    /// Reads all that is declared. A broken folder is left out with its problems; the others are offered.
    #[must_use]
    pub fn read(declared: &Declared) -> Self {
        let mut offer = Self { problems: declared.unreadable.clone(), ..Self::default() };
        offer.slugs = declared.folders.iter().map(|folder| folder.slug.clone()).collect();
        offer.read_shared(declared);
        for folder in &declared.folders {
            if offer.problems.contains_key(&folder.slug) {
                continue;
            }
            let inspected = Service::read(folder.clone()).and_then(|service| {
                let told = inspect(&service, &offer);
                if told.is_empty() { Ok(service) } else { Err(told) }
            });
            match inspected {
                Ok(service) => drop(offer.services.insert(folder.slug.clone(), Arc::new(service))),
                Err(told) => offer.complain(&folder.slug, told),
            }
        }
        offer.read_screener(declared);
        offer.index = Index::of(&offer);
        offer
    }

    /// What keeps a service from being offered beside the others here, wherever its folder lies; empty: nothing.
    #[must_use]
    pub fn misfits(&self, service: &Service) -> Vec<Diagnostic> {
        inspect(service, self)
    }

    /// A service that the screener does not account for is left out of it, and told; the others are in it.
    fn read_screener(&mut self, declared: &Declared) {
        match Screener::read(&declared.content) {
            Some(Ok(screener)) => {
                let told = screener::coverage(&screener, self);
                self.complain(Self::SHARED, told);
                self.screener = Some(Arc::new(screener));
            }
            Some(Err(told)) => self.complain(Self::SHARED, told),
            None => {}
        }
    }

    fn complain(&mut self, slug: &str, told: Vec<Diagnostic>) {
        if !told.is_empty() {
            self.problems.entry(slug.to_owned()).or_default().extend(told);
        }
    }

    fn shared<T: Default>(
        &mut self,
        declared: &Declared,
        path: &str,
        read: impl Fn(&str, &str) -> Result<T, Vec<Diagnostic>>,
    ) -> T {
        let name = format!("content/{path}");
        let text = declared.content.get(path);
        let made =
            text.map_or_else(|| Err(vec![whole_file(&name, "manca il file", "aggiungerlo")]), |text| read(&name, text));
        made.unwrap_or_else(|told| {
            self.complain(Self::SHARED, told);
            T::default()
        })
    }

    fn read_shared(&mut self, declared: &Declared) {
        self.offices = self.shared(declared, "offices.toml", read_offices);
        let offices = std::mem::take(&mut self.offices);
        self.policy = self.shared(declared, "roles.toml", |file, text| read_roles(&offices, file, text));
        self.offices = offices;
        self.registries = Arc::new(self.shared(declared, REGISTRIES, Registries::parse));
        self.life_events = self.shared(declared, "life-events.toml", read_life_events);
        for (path, text) in &declared.content {
            let Some(page) = path.strip_prefix("pages/").and_then(|path| path.strip_suffix(".md")) else { continue };
            let (stem, language) = split_language(page);
            match read_content(&format!("content/{path}"), text, language) {
                Ok(content) => drop(self.contents.entry(stem.to_owned()).or_default().insert(language, content)),
                Err(told) => self.complain(Self::SHARED, told),
            }
        }
        if let Some(text) = declared.content.get(INTERMEDIARIES) {
            let read = read_intermediaries(&format!("content/{INTERMEDIARIES}"), text);
            self.complain(Self::SHARED, read.err().unwrap_or_default());
        }
        let missing = self.missing_pages();
        self.complain(Self::SHARED, missing);
        let dead = self.dead_services(declared);
        self.complain(Self::SHARED, dead);
    }

    /// Mistakes of registries are reported, and readings contested, with services: they must be there.
    fn dead_services(&self, declared: &Declared) -> Vec<Diagnostic> {
        let correction = Some(self.registries.correction_service()).filter(|_| !self.registries.is_empty());
        let named = [("correction_service", correction), ("rights_service", self.registries.rights_service())];
        let text = declared.content.get(REGISTRIES).map_or("", String::as_str);
        let source = Source::new("content/registries.toml", text);
        let dead =
            named.into_iter().filter_map(|(key, slug)| Some((key, slug.filter(|slug| !self.slugs.contains(*slug))?)));
        let told = dead.map(|(key, slug)| {
            let mend = format!("scrivere in {key} il nome della cartella di un servizio che c’è");
            source.site(text.find(key).unwrap_or_default()).complain(format!("il servizio «{slug}» non esiste"), &mend)
        });
        told.collect()
    }

    fn missing_pages(&self) -> Vec<Diagnostic> {
        let events = self.life_events.iter().map(|event| format!("eventi/{}", event.id));
        let wanted: BTreeSet<String> = REQUIRED_PAGES.iter().map(|page| (*page).to_owned()).chain(events).collect();
        let lacking = wanted.iter().flat_map(|page| {
            let written = self.contents.get(page);
            let absent = move |language: &Language| written.is_none_or(|written| !written.contains_key(language));
            Language::ALL.into_iter().filter(absent).map(move |language| crate::declared::file_name(page, language))
        });
        lacking
            .map(|file| whole_file(&format!("content/pages/{file}"), "manca la pagina", "scriverla o tradurla"))
            .collect()
    }

    /// Services that citizens may know of, in order of slug.
    pub fn public(&self) -> impl Iterator<Item = &Arc<Service>> {
        self.services.values().filter(|service| service.is_public())
    }

    /// The public services of a life event.
    pub fn of_event<'o>(&'o self, event: &'o str) -> impl Iterator<Item = &'o Arc<Service>> {
        self.public().filter(move |service| service.decl.life_events.iter().any(|id| id == event))
    }

    /// What fits a question best among all that citizens may find, best first.
    #[must_use]
    pub fn search(&self, question: &str, language: Language) -> Vec<Hit> {
        self.index.search(question, language)
    }

    /// A page of the site in `language`, or in Italian.
    #[must_use]
    pub fn content(&self, page: &str, language: Language) -> Option<&Content> {
        let written = self.contents.get(page)?;
        written.get(&language).or_else(|| written.get(&Language::Italian))
    }
}

fn split_language(page: &str) -> (&str, Language) {
    let tagged = [Language::English, Language::German].into_iter().find_map(|language| {
        let stem = page.strip_suffix(language.tag())?.strip_suffix('.')?;
        Some((stem, language))
    });
    tagged.unwrap_or((page, Language::Italian))
}
