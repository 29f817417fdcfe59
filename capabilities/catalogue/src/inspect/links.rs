//! Whether the links of a service's page lead somewhere.

use rules::Diagnostic;

use crate::{Offer, Service, source::Source};

/// Links of the page to other services and life events.
pub(super) fn inspect(service: &Service, offer: &Offer) -> Vec<Diagnostic> {
    let pages = service.folder.below("page.").filter(|(path, _)| path.ends_with("md"));
    let dead = pages.flat_map(|(path, text)| {
        let name = service.folder.name_of(&format!("page.{path}"));
        dead_links(text, offer).map(move |(at, link)| {
            let mend = "scrivere l’indirizzo di una pagina che c’è: /servizi/nome-della-cartella";
            Source::new(&name, text)
                .site(at)
                .complain(format!("il collegamento «{link}» non porta da nessuna parte"), mend)
        })
    });
    dead.collect()
}

/// `](/servizi/…)` and `](/eventi-della-vita/…)` whose name is not there, with their place in bytes.
fn dead_links<'t>(text: &'t str, offer: &'t Offer) -> impl Iterator<Item = (usize, &'t str)> {
    let links = text.match_indices("](/").filter_map(|(at, _)| {
        let link = text[at + 2..].split([')', ' ', '#', '?']).next()?;
        Some((at + 2, link))
    });
    links.filter(|(_, link)| {
        let named = |prefix: &str| link.strip_prefix(prefix).and_then(|rest| rest.split('/').next());
        let event = |id: &str| offer.life_events.is_empty() || offer.life_events.iter().any(|event| event.id == id);
        named("/servizi/").is_some_and(|slug| !slug.is_empty() && !offer.slugs.contains(slug))
            || named("/eventi-della-vita/").is_some_and(|id| !event(id))
    })
}
