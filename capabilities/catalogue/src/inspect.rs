//! What no file of a service can know by itself: whether its parts fit one another and the rest of the catalogue.

mod inputs;
mod letters;
mod links;
mod signatures;
mod sources;
mod who;

use base::Language;
use forms::{Group, Item, Kind, Question};
use rules::Diagnostic;

use crate::{
    Again, Offer, Order, Service,
    source::{Site, Source, whole_file},
};

/// All that does not fit; empty when the service may be offered.
pub(crate) fn inspect(service: &Service, offer: &Offer) -> Vec<Diagnostic> {
    let mut told = office_and_events(service, offer);
    told.extend(other_offices(service, offer));
    told.extend(inputs::inspect(service));
    told.extend(links::inspect(service, offer));
    told.extend(sources::inspect(service, &offer.registries));
    told.extend(who::inspect(service, &offer.registries));
    told.extend(letters::inspect(service));
    told.extend(signatures::inspect(service));
    told.extend(a_long_term_says_who_set_it(service));
    told.extend(nothing_decides_by_itself(service));
    told.extend(read_data_say_why(service));
    told.extend(asking_again_is_sound(service, offer));
    told.extend(the_order_can_be_made(service));
    told.extend(the_form_speaks(service));
    told
}

/// Skipped where the file that lists them is itself broken: its own complaints are enough.
fn office_and_events(service: &Service, offer: &Offer) -> Vec<Diagnostic> {
    let mut told = Vec::new();
    let office = &service.office;
    if !offer.offices.is_empty() && !offer.offices.contains_key(office) {
        let known: Vec<&str> = offer.offices.keys().map(String::as_str).collect();
        let mend = format!("gli uffici in content/offices.toml sono: {}", known.join(", "));
        told.push(service.sites.declaration.office.complain(format!("l’ufficio «{office}» non esiste"), mend));
    }
    let known: Vec<&str> = offer.life_events.iter().map(|event| event.id.as_str()).collect();
    for (event, site) in service.decl.life_events.iter().zip(&service.sites.declaration.life_events) {
        if !known.is_empty() && !known.contains(&event.as_str()) {
            let mend = format!("i momenti in content/life-events.toml sono: {}", known.join(", "));
            told.push(site.complain(format!("il momento della vita «{event}» non esiste"), mend));
        }
    }
    told
}

/// Who is passed a request must exist, be another office, and say who answers there. The order of a window is that of one
/// office.
fn other_offices(service: &Service, offer: &Offer) -> Vec<Diagnostic> {
    let (ids, sites) = (&service.decl.other_offices, &service.sites.declaration.other_offices);
    let wrong = |(place, id): (usize, &String)| {
        if *id == service.office || ids[..place].contains(id) {
            return Some((
                format!("l’ufficio «{id}» c’è già"),
                "toglierlo: qui stanno solo gli altri uffici".to_owned(),
            ));
        }
        match offer.offices.get(id) {
            _ if service.process.window.is_some() => Some((
                "una domanda che entra in una graduatoria non passa ad altri uffici".to_owned(),
                "togliere other_offices, oppure [window] in process.toml".to_owned(),
            )),
            None => {
                let known: Vec<&str> = offer.offices.keys().map(String::as_str).collect();
                let mend = format!("gli uffici in content/offices.toml sono: {}", known.join(", "));
                Some((format!("l’ufficio «{id}» non esiste"), mend))
            }
            Some(office) if office.responsible.is_none() => {
                let mend =
                    format!("aggiungere responsible = {{ it = \"…\" }} all’ufficio «{id}» in content/offices.toml");
                Some((format!("l’ufficio «{id}» non dice chi è il responsabile del procedimento"), mend))
            }
            Some(_) => None,
        }
    };
    let known = !offer.offices.is_empty(); // the complaints of a broken list are enough
    let told = ids.iter().enumerate().zip(sites).filter(|_| known);
    told.filter_map(|(one, site)| wrong(one).map(|(message, mend)| site.complain(message, mend))).collect()
}

/// More than thirty days are for who may set them (art. 2 c. 2-4 L. 241/1990). Judged only where a service is offered: a
/// version that was published before the key existed goes on being read.
fn a_long_term_says_who_set_it(service: &Service) -> Option<Diagnostic> {
    let days = service.process.rules.days;
    let message = match service.process.term_set_by {
        _ if days <= 30 => return None,
        None => "un termine oltre i trenta giorni, e nessuno dice chi lo ha fissato".to_owned(),
        Some(by) if by.longest() < days => format!("chi lo ha fissato può arrivare a {} giorni", by.longest()),
        Some(_) => return None,
    };
    let mend = "scrivere term_set_by = \"regulation\" (fino a 90: art. 2 c. 3), \"reinforced-regulation\" (fino a 180: c. 4) o \"law\"";
    Some(service.sites.process.term_days.complain(message, mend))
}

/// A key without effect would promise what nothing does; old versions that have it go on being read.
fn nothing_decides_by_itself(service: &Service) -> Option<Diagnostic> {
    let mend = "toglierla: decide sempre una persona, oppure la legge con il silenzio (silence)";
    service.sites.process.automatic.as_ref().map(|site| site.complain("la chiave «automatic» non ha effetto", mend))
}

/// Data that the person did not give are shown with the reason for reading them (art. 14 GDPR).
fn read_data_say_why(service: &Service) -> Option<Diagnostic> {
    let silent = |(_, question): &(Option<&Group>, &Question)| question.from.is_some() && question.purpose.is_none();
    let (_, question) = service.form.questions().find(silent).filter(|_| service.decl.facts_purpose.is_none())?;
    let message = format!("«{}» si legge da una banca dati e nessuno dice perché", question.id);
    let mend = "aggiungere purpose alla domanda, oppure [facts] purpose in service.toml per tutte";
    Some(whole_file(&service.form.file, message, mend))
}

/// What makes two applications the same must be asked, and where changes are told must exist.
fn asking_again_is_sound(service: &Service, offer: &Offer) -> Vec<Diagnostic> {
    let Again::NeverWhileOpen { about, changes_by } = &service.process.again else { return Vec::new() };
    let sites = &service.sites.process;
    let asked = |about: &str| {
        let (group, id) = about.split_once('.').map_or((None, about), |(group, id)| (Some(group), id));
        service.form.questions().any(|(owner, one)| one.id == id && owner.map(|owner| owner.id.as_str()) == group)
    };
    let unasked = about.as_deref().filter(|about| !asked(about)).map(|about| {
        let mend = "scrivere l’id di una domanda di form.toml, oppure gruppo.domanda";
        sites.again_about.complain(format!("«{about}» non è una domanda del modulo"), mend)
    });
    let gone = changes_by.as_deref().filter(|slug| !offer.slugs.contains(*slug)).map(|slug| {
        let mend = "scrivere il nome della cartella di un servizio che c’è";
        sites.changes_by.complain(format!("il servizio «{slug}» non esiste"), mend)
    });
    unasked.into_iter().chain(gone).collect()
}

/// What puts applications in order is asked of each of them once, and is a number or a day.
fn the_order_can_be_made(service: &Service) -> Option<Diagnostic> {
    let (window, site) = (service.process.window.as_ref()?, service.sites.process.window_datum.as_ref()?);
    let (wanted, mend) = match window.order {
        Order::Need => ("un numero", "kind = \"money\" oppure \"number\""),
        Order::EventDate => ("una data", "kind = \"date\""),
    };
    let mend = format!("scrivere l’id di una domanda di form.toml, fuori dai gruppi, con {mend}");
    let Some(question) = service.ordering_question() else {
        return Some(site.complain(format!("«{}» non è una domanda del modulo", window.datum), mend));
    };
    let fits = match window.order {
        Order::Need => matches!(question.kind, Kind::Number { .. } | Kind::Money { .. }),
        Order::EventDate => matches!(question.kind, Kind::Date { .. }),
    };
    (!fits).then(|| site.complain(format!("«{}» non è {wanted}: non può fare l’ordine", window.datum), mend))
}

/// Every text of the form in every language in which the service is shown.
fn the_form_speaks(service: &Service) -> Vec<Diagnostic> {
    let languages = [Language::English, Language::German];
    let spoken = languages.into_iter().filter(|language| !service.decl.italian_only.contains(language));
    spoken.flat_map(|language| untranslated(service, language)).collect()
}

fn untranslated(service: &Service, language: Language) -> Vec<Diagnostic> {
    let mut missing = Vec::new();
    let mut see = |what: String, text: Option<&base::Translated>| {
        if text.is_some_and(|text| !text.has(language)) {
            missing.push(what);
        }
    };
    for page in &service.form.pages {
        see(format!("pagina «{}», title", page.id), Some(&page.title));
        see(format!("pagina «{}», intro", page.id), page.intro.as_ref());
        for item in &page.items {
            if let Item::Group(group) = item {
                see(format!("gruppo «{}», title", group.id), Some(&group.title));
                see(format!("gruppo «{}», member", group.id), Some(&group.member));
                see(format!("gruppo «{}», intro", group.id), group.intro.as_ref());
            }
        }
        for (_, question) in page.questions() {
            let texts = [
                ("label", Some(&question.label)),
                ("hint", question.hint.as_ref()),
                ("error", question.error.as_ref()),
                ("purpose", question.purpose.as_ref()),
            ];
            texts.into_iter().for_each(|(key, text)| see(format!("domanda «{}», {key}", question.id), text));
            for option in question.kind.options() {
                see(format!("domanda «{}», risposta «{}»", question.id, option.value), Some(&option.label));
            }
        }
    }
    let tag = language.tag();
    let told = missing.into_iter().map(|what| {
        let mend = format!("aggiungere {tag} = \"…\", oppure dichiarare italian_only = [\"{tag}\"] in service.toml");
        whole_file(&service.form.file, format!("{what}: manca il testo in «{tag}»"), mend)
    });
    told.collect()
}

/// Where the form first writes a text between quotation marks.
fn form_site(service: &Service, quoted: &str) -> Site {
    let text = service.folder.text("form.toml").unwrap_or_default();
    Source::new(&service.form.file, text).site(text.find(&format!("\"{quoted}\"")).unwrap_or_default())
}
