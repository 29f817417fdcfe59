//! Whether those who must sign can be found in the answers, and what they are shown is asked.

use forms::{Kind, Question};
use rules::Diagnostic;

use crate::{Cosigner, Service, source::Site};

/// Who signs must be named by a fiscal code of the form; what is shown must be asked, and be readable as a text.
pub(super) fn inspect(service: &Service) -> Vec<Diagnostic> {
    let (Some(signatures), Some(sites)) = (&service.process.signatures, &service.sites.process.signatures) else {
        return Vec::new();
    };
    let people = signatures.people.iter().zip(&sites.people);
    let people = people.flat_map(|(one, (code, adults))| {
        let adults = adults.as_ref().and_then(|site| adults_are_told(service, one, site));
        code_is_asked(service, &one.code, code).into_iter().chain(adults)
    });
    let shown = signatures.shows.iter().zip(&sites.shows).filter_map(|(id, site)| can_be_shown(service, id, site));
    people.chain(shown).collect()
}

/// The question of `question` or `group.question`.
fn asked<'s>(service: &'s Service, named: &str) -> Option<&'s Question> {
    let (group, id) = named.split_once('.').map_or((None, named), |(group, id)| (Some(group), id));
    let mut questions = service.form.questions();
    questions.find(|(owner, one)| one.id == id && owner.map(|owner| owner.id.as_str()) == group).map(|(_, one)| one)
}

const UNASKED: &str = "scrivere l’id di una domanda di form.toml, oppure gruppo.domanda";

fn code_is_asked(service: &Service, named: &str, site: &Site) -> Option<Diagnostic> {
    match asked(service, named) {
        None => Some(site.complain(format!("«{named}» non è una domanda del modulo"), UNASKED)),
        Some(question) if question.kind == Kind::FiscalCode => None,
        Some(_) => {
            let mend =
                "indicare una domanda con kind = \"fiscal-code\": chi firma entra con la propria identità digitale";
            Some(site.complain(format!("«{named}» non è un codice fiscale"), mend))
        }
    }
}

fn adults_are_told(service: &Service, one: &Cosigner, site: &Site) -> Option<Diagnostic> {
    let by = one.adults_by.as_deref()?;
    let Some((group, _)) = one.code.split_once('.') else {
        let mend = "toglierla: vale solo per le persone di un gruppo";
        return Some(site.complain("adults_by senza un gruppo", mend));
    };
    let born = asked(service, &format!("{group}.{by}")).filter(|question| matches!(question.kind, Kind::Date { .. }));
    let mend = format!("scrivere l’id di una domanda con kind = \"date\" del gruppo «{group}»");
    born.is_none().then(|| site.complain(format!("«{by}» non è una data del gruppo «{group}»"), mend))
}

fn can_be_shown(service: &Service, named: &str, site: &Site) -> Option<Diagnostic> {
    match asked(service, named).map(|question| &question.kind) {
        None => Some(site.complain(format!("«{named}» non è una domanda del modulo"), UNASKED)),
        Some(Kind::Attachment(_)) => {
            let mend = "toglierlo da shows: chi firma legge un testo, e un file non ci sta";
            Some(site.complain(format!("«{named}» è un allegato"), mend))
        }
        Some(_) => None,
    }
}
