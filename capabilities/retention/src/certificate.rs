//! The record of a destruction (*verbale di scarto*): a sealed file, registered as outgoing to the authority that
//! authorised it. It names nobody of those whom the cases were about.

use std::sync::LazyLock;

use base::{Language, Timestamp, long_date};
use database::Tx;
use identity::Certificate;
use protocol::{Checked, Correspondent, Direction, Document, Entry, Protocol, element};
use queue::JobError;
use roxmltree::Node;
use sha2::{Digest, Sha256};
use web::{Words, words::fill};

use crate::{
    list::{Approval, Authorisation, List, Outcome, Role},
    room::Retention,
    store::{self, Finished},
};

/// The namespace of the file.
const NAMESPACE: &str = "urn:sportello:verbale-di-scarto:1";
/// By what law.
const LAW: &str = "art. 21, comma 1, lettera d, d.lgs. 42/2004; art. 5, par. 1, lettera e, Reg. (UE) 2016/679";
/// What is not destroyed, and by what law.
const STAYS: &str = "Registro di protocollo (art. 53 DPR 445/2000), impronte degli atti nel registro di trasparenza, dati \
    senza nome per le statistiche";

static WORDS: LazyLock<Words> =
    LazyLock::new(|| Words::merge(&[crate::WORDS]).expect("a test reads these files, which are part of the program"));

/// Registers the certificate of a list and ends it.
pub(crate) async fn issue(tx: &mut Tx, room: &Retention, list: &List, now: Timestamp) -> Result<(), JobError> {
    let (approvals, outcomes) = (store::approvals(tx, list.id).await?, store::outcomes(tx, list.id).await?);
    let numbers = protocol::next_number(tx, &list.office, now).await?;
    let title = room.catalogue.office(&list.office).and_then(|office| office.title_for(&list.service).cloned());
    let parts = [
        registered(room, &numbers.first, numbers.at),
        about(room, list),
        title.as_ref().map_or_else(String::new, |title| {
            let name = format!("{} {}", title.code, title.name.get(Language::Italian));
            element("Classificazione", &name)
        }),
        list.authorisation.as_ref().map_or_else(String::new, authorisation),
        approvals.iter().map(approval).collect(),
        operations(list, numbers.at, &outcomes),
        element("RestaConservato", STAYS),
    ];
    let xml = format!("<VerbaleDiScarto xmlns=\"{NAMESPACE}\">{}</VerbaleDiScarto>", parts.concat());
    let sealed = room.seal.sign(&xml, numbers.at).map_err(|error| JobError(error.to_string()))?;
    let document = Document {
        name: file_name(list),
        media_type: "application/xml".to_owned(),
        sha256: hex::encode(Sha256::digest(&sealed)),
    };
    let to = list.authorisation.as_ref().map_or(String::new(), |given| given.authority.clone());
    let subject = format!("Verbale di scarto dell’elenco n. {}: {}", list.shown(), list.service_name);
    let to = Correspondent { name: to, code: String::new() };
    let mut entry = Entry::new(&numbers, Direction::Out, to, subject, document);
    entry.classification = title.map(|title| title.code).unwrap_or_default();
    protocol::register(tx, &entry).await?;
    let end = Finished { at: numbers.at, protocol: &numbers.first, certificate: sealed.as_bytes() };
    Ok(store::finish(tx, list.id, &end).await?)
}

/// How the file is called: `verbale-di-scarto-3-2038.xml`.
pub(crate) fn file_name(list: &List) -> String {
    format!("verbale-di-scarto-{}-{}.xml", list.number, list.year)
}

/// An authorisation as a line.
pub(crate) fn authorised(given: &Authorisation) -> String {
    format!("{}, n. {} del {}", given.authority, given.number, long_date(given.on, Language::Italian))
}

fn registered(room: &Retention, number: &Protocol, at: Timestamp) -> String {
    let office = element("AOO", &protocol::aoo(&room.catalogue, &number.office));
    let number = element("Numero", &number.to_string());
    format!("<Registrazione>{office}{number}{}</Registrazione>", element("Istante", &at.to_string()))
}

fn about(room: &Retention, list: &List) -> String {
    let office = room.catalogue.office_name(&list.office, &list.office);
    let (first, last) = list.closed.map_or((String::new(), String::new()), |(a, b)| (a.to_string(), b.to_string()));
    let kept = format!("{} anni; {} in più se accolte", list.schedule.years, list.schedule.benefit_years);
    let told = [
        element("Ufficio", office.get(Language::Italian)),
        element("BaseGiuridica", LAW),
        element("Elenco", &list.shown()),
        element("ImprontaElenco", &list.digest),
        element("Serie", &list.service_name),
        element("TempoDiConservazione", &kept),
        element("ChiuseDal", &first),
        element("ChiuseAl", &last),
        element("PropostoDa", &list.proposed_by.1),
        element("PropostoIl", &list.proposed_at.to_string()),
    ];
    told.concat()
}

fn authorisation(given: &Authorisation) -> String {
    let told = [
        element("Autorita", &given.authority),
        element("NumeroAutorizzazione", &given.number),
        element("DataAutorizzazione", &given.on.to_string()),
    ];
    format!("<Autorizzazione>{}</Autorizzazione>", told.concat())
}

fn approval(given: &Approval) -> String {
    let role = match given.role {
        Role::Head => "dirigente dell’ufficio",
        Role::Archivist => "responsabile dell’archivio",
    };
    let told = [element("Nome", &given.name), element("Qualifica", role), element("Istante", &given.at.to_string())];
    format!("<Approvazione>{}</Approvazione>", told.concat())
}

fn operations(list: &List, ended_at: Timestamp, outcomes: &[(Outcome, i64)]) -> String {
    let began = list.began_at.unwrap_or(ended_at).to_string();
    let counted = outcomes.iter().map(|(outcome, many)| {
        let name = match outcome {
            Outcome::Struck => "Stralciate",
            Outcome::Destroyed => "Distrutte",
            Outcome::Held => "Sospese",
            Outcome::NotOver => "TempoNonFinito",
        };
        element(name, &many.to_string())
    });
    let counted: String = counted.collect();
    let (began, ended) = (element("Inizio", &began), element("Fine", &ended_at.to_string()));
    format!("<Operazioni>{began}{ended}{}{counted}</Operazioni>", element("NellElenco", &list.cases.to_string()))
}

/// Whether a file looks like a certificate; which is not to say that it is one.
#[must_use]
pub fn is_certificate(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().starts_with(b"<") && std::str::from_utf8(bytes).is_ok_and(|text| text.contains(NAMESPACE))
}

/// Checks a certificate by itself: its seal, and that nothing in it was changed. `trusted` is the certificate of the
/// administration's seal, from the administration.
#[must_use]
pub fn verify(bytes: &[u8], trusted: &Certificate, language: Language) -> Checked {
    let checked = protocol::verify_file(bytes, trusted, language);
    match std::str::from_utf8(bytes) {
        Ok(xml) if checked.sound => Checked { text: told(xml, language), ..checked },
        _ => checked,
    }
}

fn told(xml: &str, language: Language) -> String {
    let Ok(document) = roxmltree::Document::parse(xml) else { return String::new() };
    let text = |name: &str| {
        let found = document.descendants().find(|node: &Node| node.has_tag_name((NAMESPACE, name)));
        found.and_then(|node| node.text()).unwrap_or_default().to_owned()
    };
    let names = [("number", "Numero"), ("list", "Elenco"), ("digest", "ImprontaElenco"), ("many", "Distrutte")];
    fill(WORDS.t(language, "retention.check.certificate"), &names.map(|(key, name)| (key, text(name))))
}
