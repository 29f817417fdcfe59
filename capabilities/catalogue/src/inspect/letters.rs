//! Whether people are told of everything that they must be told of, by one letter each.

use rules::Diagnostic;

use crate::{
    LetterAct, Service,
    declared::included,
    source::{Source, whole_file},
};

pub(super) fn inspect(service: &Service) -> Vec<Diagnostic> {
    let mut told = missing(service);
    told.extend(twice(service));
    told.extend(needless(service));
    told.extend(absent_parts(service));
    told.extend(idle_parts(service));
    told
}

fn missing(service: &Service) -> Vec<Diagnostic> {
    let untold = LetterAct::ALL.into_iter().filter(|act| service.tells_of(*act) && service.letter_for(*act).is_none());
    let told = untold.map(|act| {
        let (kind, name) = (act.kind(), act.usual_letter());
        let file = service.folder.name_of(&format!("letters/{name}.md"));
        let mend = format!("scrivere {name}.md con for_act = \"{kind}\", qui o in content/letters per tutti i servizi");
        whole_file(&file, format!("manca la comunicazione per l’atto «{kind}»"), mend)
    });
    told.collect()
}

/// Told at the letter of the service, which its author can mend, where the other one is common to all.
fn twice(service: &Service) -> Vec<Diagnostic> {
    let letters = || service.letters.iter();
    let told = letters().enumerate().filter_map(|(position, (name, letter))| {
        let (first, earlier) = letters().take(position).find(|(_, earlier)| earlier.act == letter.act)?;
        let message = |other: &str| format!("l’atto «{}» ha già la comunicazione «{other}»", letter.act.kind());
        let common = |name: &str| service.folder.common.contains_key(&format!("letters/{name}.md"));
        let instead = |name: &str| format!("chiamarla {name}.md: prende il posto di quella comune");
        Some(match (common(first), common(name)) {
            (true, false) => letter.site.complain(message(first), instead(first)),
            (false, true) => earlier.site.complain(message(name), instead(name)),
            _ => letter.site.complain(message(first), "tenerne una sola"),
        })
    });
    told.collect()
}

/// A common letter that a service has no use for is none of its mistakes.
fn needless(service: &Service) -> Vec<Diagnostic> {
    let own = |name: &str| !service.folder.common.contains_key(&format!("letters/{name}.md"));
    let act = LetterAct::RefusalProposed;
    let needless = service.letters.iter().filter(|(name, letter)| letter.act == act && own(name));
    let told = needless.filter(|_| !service.tells_of(act)).map(|(_, letter)| {
        letter.site.complain(
            "il procedimento non prevede il preavviso di rigetto",
            "togliere la comunicazione, oppure scrivere notice_before_refusal = true in process.toml",
        )
    });
    told.collect()
}

/// File and text of every template.
fn templates(service: &Service) -> impl Iterator<Item = (&str, &str)> {
    let letters = service.letters.values().map(|letter| (letter.file.as_str(), letter.text.as_str()));
    letters.chain(service.letter_parts.values().map(|part| (part.file.as_str(), part.text.as_str())))
}

fn absent_parts(service: &Service) -> Vec<Diagnostic> {
    let known = || service.letter_parts.keys().map(String::as_str);
    let told = templates(service).flat_map(|(file, text)| {
        let absent = included(text).filter(|(_, name)| !service.letter_parts.contains_key(*name));
        absent.map(move |(place, name)| {
            let mend = base::nearest(name, known())
                .map_or_else(|| format!("scrivere letters/{name}"), |near| format!("forse si voleva {near}"));
            Source::new(file, text).site(place).complain(format!("la parte «{name}» non c’è"), mend)
        })
    });
    told.collect()
}

/// A part of the service that no letter includes: a mistyped name would silently be without effect.
fn idle_parts(service: &Service) -> Vec<Diagnostic> {
    let used: Vec<&str> = templates(service).flat_map(|(_, text)| included(text)).map(|(_, name)| name).collect();
    let own = |name: &str| !service.folder.common.contains_key(&format!("letters/{name}"));
    let idle = service.letter_parts.iter().filter(|(name, _)| own(name) && !used.contains(&name.as_str()));
    let told = idle.map(|(name, part)| {
        let mend = base::nearest(name, used.iter().copied())
            .map_or_else(|| "toglierla".to_owned(), |near| format!("forse si voleva {near}"));
        whole_file(&part.file, "nessuna comunicazione usa questa parte", mend)
    });
    told.collect()
}
