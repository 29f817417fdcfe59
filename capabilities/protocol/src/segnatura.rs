//! The segnatura as XML (AgID, comunicazione tra AOO, schema 3.0.0): what identifies a registration to anybody who
//! receives its documents, sealed by the administration.

use base::{FiscalCode, Language, PersonName, ProtocolNumber, Timestamp, escape_xml as escape, long_date};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use catalogue::Office;
use identity::KeyError;

use crate::{
    entry::{Correspondent, Direction, Document, Entry},
    seal::Seal,
    xml::element,
};

/// The namespace of the schema.
pub const NAMESPACE: &str = "http://www.agid.gov.it/protocollo/";

/// The sealed segnatura of a registration; `at` is when it is sealed. The postal address is left out: the official
/// schema wants a postcode of six digits, and Italian ones have five.
///
/// # Errors
/// [`KeyError`] when the seal cannot sign.
pub fn segnatura(entry: &Entry, office: &Office, seal: &Seal, at: Timestamp) -> Result<String, KeyError> {
    seal.sign(&unsigned(entry, office), at)
}

fn unsigned(entry: &Entry, office: &Office) -> String {
    let attachments: String = entry.attachments.iter().map(|one| document("prot:Allegato", one)).collect();
    let (sender, recipient) = match entry.direction {
        Direction::In => (correspondent(&entry.correspondent), administration(office)),
        Direction::Out => (administration(office), correspondent(&entry.correspondent)),
    };
    format!(
        "<prot:SegnaturaInformatica xmlns:prot=\"{NAMESPACE}\" prot:versione=\"3.0.0\" prot:lang=\"it\">\
         <prot:Intestazione>{}{}{}{}</prot:Intestazione>\
         <prot:Descrizione><prot:Mittente>{sender}</prot:Mittente>\
         <prot:Destinatario prot:confermaRicezione=\"false\">{recipient}</prot:Destinatario>{}{attachments}\
         </prot:Descrizione></prot:SegnaturaInformatica>",
        identifier(entry, office),
        element("prot:Oggetto", &subject(entry)),
        classification(entry, office),
        if entry.confidential { "<prot:Riservato>true</prot:Riservato>" } else { "" },
        document("prot:DocumentoPrimario", &entry.document),
    )
}

/// A registration that was made in an emergency says so, and so does one that was annulled (art. 54 D.P.R. 445/2000): the
/// schema has no place of its own for either.
fn subject(entry: &Entry) -> String {
    let day = |at: Timestamp| long_date(base::rome_date(at), Language::Italian);
    let emergency = entry.emergency.as_ref();
    let emergency = emergency.map(|one| format!(" (registro di emergenza n. {} del {})", one.number, day(one.at)));
    let annulled = entry.annulled_at.map(|at| format!(" (registrazione annullata il {})", day(at)));
    [Some(entry.subject.clone()), emergency, annulled].into_iter().flatten().collect()
}

fn identifier(entry: &Entry, office: &Office) -> String {
    let local = base::rome_time(entry.registered_at);
    format!(
        "<prot:Identificatore>{}{}{}{}{}{}</prot:Identificatore>",
        element("prot:CodiceAmministrazione", &office.code),
        element("prot:CodiceAOO", &office.aoo),
        element("prot:CodiceRegistro", &office.aoo),
        element("prot:NumeroRegistrazione", &ProtocolNumber::from(&entry.protocol).digits()),
        element("prot:DataRegistrazione", &local.date().to_string()),
        element("prot:OraRegistrazione", &local.strftime("%H:%M:%S").to_string()),
    )
}

fn classification(entry: &Entry, office: &Office) -> String {
    let name = office.title(&entry.classification).map_or("da classificare", |title| title.name.get(Language::Italian));
    let code = if entry.classification.is_empty() { "0" } else { &entry.classification };
    format!(
        "<prot:Classifica>{}{}</prot:Classifica>",
        element("prot:Denominazione", name),
        element("prot:CodiceFlat", code)
    )
}

fn administration(office: &Office) -> String {
    format!(
        "<prot:Amministrazione>{}{}{}</prot:Amministrazione>",
        element("prot:DenominazioneAmministrazione", office.administration.get(Language::Italian)),
        element("prot:CodiceIPAAmministrazione", &office.code),
        element("prot:CodiceIPAAOO", &office.aoo),
    )
}

/// Who has a fiscal code of a person is one; the other is an organisation, of which we know the name.
fn correspondent(correspondent: &Correspondent) -> String {
    let Some(code) = correspondent.person() else {
        let name = element("prot:Denominazione", &correspondent.name);
        return format!("<prot:PersonaGiuridica>{name}</prot:PersonaGiuridica>");
    };
    let PersonName { given, surname } = parts(&correspondent.name, &code);
    format!(
        "<prot:PersonaFisica>{}{}{}</prot:PersonaFisica>",
        element("prot:Nome", &given),
        element("prot:Cognome", &surname),
        element("prot:CodiceFiscale", code.as_str()),
    )
}

/// The register keeps name and surname as one text; the fiscal code knows where the surname begins.
fn parts(name: &str, code: &FiscalCode) -> PersonName {
    let words: Vec<_> = name.split_whitespace().collect();
    let split = |at: usize| PersonName { given: words[..at].join(" "), surname: words[at..].join(" ") };
    let day = base::Date::constant(2000, 1, 1);
    let fits = |name: &PersonName| {
        FiscalCode::encode(name, day, code.sex(), "H501").is_ok_and(|made| made.as_str()[..6] == code.as_str()[..6])
    };
    let guess = split(words.len().saturating_sub(1));
    (1..words.len()).map(split).find(fits).unwrap_or(guess)
}

fn document(tag: &str, document: &Document) -> String {
    let digest = hex::decode(&document.sha256).map(|digest| STANDARD.encode(digest)).unwrap_or_default();
    format!(
        "<{tag} prot:nomeFile=\"{}\" prot:mimeType=\"{}\"><prot:Impronta prot:algoritmo=\"SHA-256\">{digest}</prot:Impronta></{tag}>",
        escape(&document.name),
        escape(&document.media_type),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fiscal_code_tells_where_the_surname_begins() {
        let born = base::Date::constant(1980, 1, 1);
        for (given, surname) in [("Maria", "Dimostrativa"), ("Anna Rosa", "De Provis"), ("Ugo", "Della Prova Finta")] {
            let name = PersonName { given: given.to_owned(), surname: surname.to_owned() };
            let code = FiscalCode::encode(&name, born, base::Sex::F, "H501").unwrap();
            let found = parts(&name.to_string(), &code);
            assert_eq!((found.given.as_str(), found.surname.as_str()), (given, surname));
        }
    }
}
