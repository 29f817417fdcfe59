//! Whether what a service asks goes with who may ask for it.

use registry::{About, Registries};
use rules::Diagnostic;

use super::form_site;
use crate::{Applicant, Service, source::whole_file};

/// A form reads the registries of those who ask, and of nobody else; what only people can do is not for companies alone.
pub(super) fn inspect(service: &Service, registries: &Registries) -> Vec<Diagnostic> {
    let mut told: Vec<_> = intermediaries_have_mandates(service).into_iter().collect();
    told.extend(strange_registry(service, registries, Applicant::Person, About::People));
    told.extend(strange_registry(service, registries, Applicant::Company, About::Companies));
    if service.takes(Applicant::Company) && !service.takes(Applicant::Person) {
        told.extend(only_people_can(service));
    }
    told
}

fn intermediaries_have_mandates(service: &Service) -> Option<Diagnostic> {
    let mend =
        "scrivere \"person\" o \"company\": un patronato o un CAF agisce con la delega di chi chiede, in ogni servizio";
    let file = service.folder.name_of("service.toml");
    let named = service.takes(Applicant::Intermediary);
    named.then(|| whole_file(&file, "un intermediario non chiede per sé: «intermediary» in who non ha effetto", mend))
}

/// The first question or list that reads a registry about others than who may ask.
fn strange_registry(service: &Service, registries: &Registries, who: Applicant, about: About) -> Option<Diagnostic> {
    if service.takes(who) {
        return None;
    }
    let asked = service.form.questions().filter_map(|(_, question)| question.from_registry());
    let lists = service.form.groups().filter_map(|group| group.from.as_deref());
    let key = asked.chain(lists).find(|key| registries.about(key) == Some(about))?;
    let (of, word) = match who {
        Applicant::Company => ("delle imprese", "company"),
        Applicant::Person | Applicant::Intermediary => ("delle persone", "person"),
    };
    let message = format!("«{key}» viene da una banca dati {of}, e who non comprende \"{word}\"");
    Some(form_site(service, key).complain(message, format!("togliere from, oppure aggiungere \"{word}\" a who")))
}

fn only_people_can(service: &Service) -> Vec<Diagnostic> {
    let file = |name: &str| service.folder.name_of(name);
    let signed = service.process.signatures.as_ref().map(|_| {
        let mend =
            "togliere [signatures], oppure aggiungere \"person\" a who: chi agisce per un’impresa non raccoglie firme";
        whole_file(&file("process.toml"), "una domanda che fanno solo le imprese non aspetta firme di altri", mend)
    });
    let anonymous = service.decl.anonymous.then(|| {
        let mend =
            "togliere anonymous_drafts, oppure aggiungere \"person\" a who: la bozza di nessuno diventa di una persona";
        whole_file(&file("service.toml"), "una domanda che fanno solo le imprese non ha bozze senza accesso", mend)
    });
    signed.into_iter().chain(anonymous).collect()
}
