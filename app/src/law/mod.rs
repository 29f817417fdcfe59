//! `sportello law …`: the law of a service as a jurist wants to see it, on the terminal.

mod arrears;
mod diff;
mod explain;
mod person;
mod show;

use std::{path::Path, process::ExitCode, sync::Arc};

use anyhow::Context;
use base::{Date, short_date};
use catalogue::{Declared, Folder, Offer, Service};
use rules::{EvalError, Fault, Moment, Program};

use crate::{
    arguments::{Law, LawCommand, When},
    told,
};

/// Does what was asked and says how it went.
pub fn run(law: &Law) -> anyhow::Result<ExitCode> {
    match &law.command {
        LawCommand::Show { service, when } => show::run(&*read(&law.root, service)?, when.moment()),
        LawCommand::Explain { service, person, when, trace } => {
            explain::run(&*read(&law.root, service)?, person, when, *trace)
        }
        LawCommand::Diff { before, after } => {
            let house = declared(&law.root)?;
            let (old, new) = (named(&house, &law.root, before)?, named(&house, &law.root, after)?);
            // What `sportello check` would refuse in a folder whose parts can each be read: what does not fit the
            // house's offices, registries and services, or the folder's own law.
            let offer = Offer::read(&house);
            diff::run((&old, before), (&new, after), [offer.misfits(&old), offer.misfits(&new)])
        }
        LawCommand::Arrears { service, person, then, now, from, until } => {
            let months = arrears::Months { from: *from, until: *until };
            let known = arrears::Known { then: *then, now: now.unwrap_or(Date::MAX) };
            arrears::run(&*read(&law.root, service)?, person, months, known)
        }
        LawCommand::Person { service } => person::blank(&*read(&law.root, service)?),
    }
}

impl When {
    /// The moment asked for: today's law, as everything is known, where nothing was said.
    pub fn moment(&self) -> Moment {
        let today = crate::machine::today();
        Moment { on: self.on.unwrap_or(today), known: self.known.unwrap_or(Date::MAX) }
    }
}

/// The service, if its folder is in order; otherwise every complaint about it.
pub fn read(root: &Path, slug: &str) -> anyhow::Result<Arc<Service>> {
    of_house(&declared(root)?, root, slug)
}

/// The service in a folder that lies outside the house's, such as the draft of a reform.
pub fn elsewhere(root: &Path, path: &Path) -> anyhow::Result<Arc<Service>> {
    beside(&declared(root)?, path)
}

/// A service by its name, or by the path of a folder that lies elsewhere.
fn named(house: &Declared, root: &Path, name: &str) -> anyhow::Result<Arc<Service>> {
    let path = Path::new(name);
    if root.join("services").join(name).is_dir() && path.components().count() == 1 {
        return of_house(house, root, name);
    }
    beside(house, path).with_context(|| {
        format!("«{name}» non è un servizio di {} né una cartella in ordine", root.join("services").display())
    })
}

fn of_house(house: &Declared, root: &Path, slug: &str) -> anyhow::Result<Arc<Service>> {
    let Some(folder) = house.folders.iter().find(|folder| folder.slug == slug) else {
        let known: Vec<&str> = house.folders.iter().map(|folder| folder.slug.as_str()).collect();
        anyhow::bail!("il servizio «{slug}» non c'è in {}; ci sono: {}", root.display(), known.join(", "));
    };
    in_order(folder.clone())
}

fn beside(house: &Declared, path: &Path) -> anyhow::Result<Arc<Service>> {
    let folder = Folder::read(path).map_err(|error| told::unreadable(path, &error))?;
    in_order(house.completed(folder))
}

/// The error, and for a law that was not in force the day from which it is.
fn not_in_force(program: &Program, moment: Moment, error: EvalError) -> anyhow::Error {
    let EvalError::Rule(fault) = &error else { return error.into() };
    let rule = program.rules().iter().find(|rule| rule.name == fault.rule);
    let versions = rule.filter(|_| fault.fault == Fault::NotInForce).map(|rule| &rule.versions);
    let Some(first) =
        versions.and_then(|versions| versions.iter().map(|version| version.validity).min_by_key(|one| one.from))
    else {
        return error.into();
    };
    let since = if moment.on < first.from {
        format!("vale dal {}: usare --on con quel giorno o uno dopo", short_date(first.from))
    } else {
        format!("è nota dal {}: usare --known con quel giorno o uno dopo", short_date(first.known_from))
    };
    anyhow::anyhow!("la regola «{}» non è in vigore il {}; {since}", fault.rule, short_date(moment.on))
}

fn declared(root: &Path) -> anyhow::Result<Declared> {
    Declared::read(root).map_err(|error| told::folders_unreadable(root, &error))
}

/// The service in a folder; otherwise every complaint about it.
fn in_order(folder: Folder) -> anyhow::Result<Arc<Service>> {
    let slug = folder.slug.clone();
    Service::read(folder).map(Arc::new).map_err(|complaints| {
        let told: Vec<String> = complaints.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("la cartella del servizio «{slug}» ha errori:\n\n{}", told.join("\n\n"))
    })
}

/// The program of a service that has one.
fn program(service: &Service) -> anyhow::Result<&Program> {
    service.program.as_ref().with_context(|| {
        format!("il servizio «{}» non calcola niente: nella sua cartella non c'è un file rules.md", service.slug)
    })
}
