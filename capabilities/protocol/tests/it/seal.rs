use std::{fs, path::Path, process::Command};

use base::Language;
use protocol::{Direction, Entry, Protocol, Seal, segnatura, verify_file};

use crate::house::{House, OFFICE, at, incoming};

fn entry() -> Entry {
    let first = Protocol { office: OFFICE.to_owned(), year: 2026, number: 123 };
    let numbers = protocol::Numbers { first, at: at("2026-03-02T23:30:00Z") };
    let mut entry = incoming(&numbers);
    entry.attachments = vec![entry.document.clone()];
    entry.classification = "1.1".to_owned();
    entry.confidential = true;
    entry
}

fn made(house: &House, entry: &Entry) -> String {
    segnatura(entry, &house.catalogue.office(OFFICE).unwrap(), &house.seal, at("2026-03-03T08:00:00Z")).unwrap()
}

/// Runs a tool of Debian's on a file; without it there is no proof that others read what we write.
fn accepts(tool: &str, arguments: &[&str], file: &Path) -> (bool, String) {
    let out = Command::new(tool).args(arguments).arg(file).output();
    let out = out.unwrap_or_else(|error| panic!("{tool}: {error}; deploy/setup.sh installs it"));
    (out.status.success(), String::from_utf8_lossy(&out.stderr).into_owned())
}

fn validates(file: &Path) -> (bool, String) {
    let schema = tidy::house().join("capabilities/protocol/tests/schema/segnatura_protocollo.xsd");
    accepts("xmllint", &["--nonet", "--noout", "--schema", schema.to_str().unwrap()], file)
}

#[tokio::test]
async fn a_segnatura_validates_against_the_official_schema_and_its_seal_with_another_program() {
    let house = House::new().await;
    let (file, certificate) = (house.folder.path().join("s.xml"), house.folder.path().join("keys/seal.crt"));
    let check = ["--verify", "--enabled-key-data", "x509", "--id-attr:Id"];
    let properties = "http://uri.etsi.org/01903/v1.3.2#:SignedProperties";
    let verify = [&check[..], &[properties, "--trusted-pem", certificate.to_str().unwrap()]].concat();
    let outgoing = Entry { direction: Direction::Out, ..entry() };
    let mut organisation = entry();
    organisation.correspondent.code = String::new();
    let annulled = Entry { annulled_at: Some(at("2026-03-03T08:00:00Z")), ..entry() };
    for entry in [entry(), outgoing, organisation, annulled] {
        let text = made(&house, &entry);
        fs::write(&file, &text).unwrap();
        let (sound, told) = validates(&file);
        assert!(sound, "{told}\n{text}");
        let (sound, told) = accepts("xmlsec1", &verify, &file);
        assert!(sound, "{told}\n{text}");
        fs::write(&file, text.replacen("0000123", "0000124", 1)).unwrap();
        assert!(!accepts("xmlsec1", &verify, &file).0, "a changed number is refused");
        fs::write(&file, text.replacen("0000123", "123", 1)).unwrap();
        assert!(!validates(&file).0, "seven digits at least");
    }
}

#[tokio::test]
async fn a_segnatura_says_what_was_registered() {
    let house = House::new().await;
    let text = made(&house, &entry());
    let said = [
        "<prot:CodiceAOO>FAMGEN</prot:CodiceAOO>",
        "<prot:NumeroRegistrazione>0000123</prot:NumeroRegistrazione>",
        "<prot:DataRegistrazione>2026-03-03</prot:DataRegistrazione><prot:OraRegistrazione>00:30:00</prot:OraRegistrazione>",
        "<prot:Cognome>Dimostrativa</prot:Cognome>",
        "Assegno unico &lt;e universale",
        "prot:nomeFile=\"domanda &amp; co.json\"",
        "<prot:CodiceFlat>1.1</prot:CodiceFlat>",
        "<prot:Riservato>true</prot:Riservato>",
    ];
    for part in said {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[tokio::test]
async fn every_changed_byte_and_every_other_key_is_refused() {
    let house = House::new().await;
    let text = made(&house, &entry());
    let own = house.seal.certificate();
    let told = verify_file(text.as_bytes(), own, Language::Italian);
    assert!(told.sound && told.text.contains("n. 0000123 del 2026-03-03"), "{}", told.text);
    for place in (0..text.len()).step_by(3) {
        let mut bytes = text.clone().into_bytes();
        bytes[place] = if bytes[place] == b'x' { b'y' } else { b'x' };
        // Where the certificate is only shown along (KeyInfo), nobody reads it: that is what `trusted` is for.
        let shown = text.find("<ds:KeyInfo>").unwrap()..text.find("</ds:KeyInfo>").unwrap() + "</ds:KeyInfo>".len();
        assert!(shown.contains(&place) || !verify_file(&bytes, own, Language::Italian).sound, "byte {place}");
    }
    let other = Seal::open_or_create(&house.folder.path().join("other"), "Altro ente").unwrap();
    let told = verify_file(text.as_bytes(), other.certificate(), Language::Italian);
    assert_eq!(told.text, verify_file(text.as_bytes(), other.certificate(), Language::Italian).text);
    assert!(!told.sound && told.text.contains("certificato diverso"), "{}", told.text);
    let changed = verify_file(text.replacen("0000123", "0000124", 1).as_bytes(), own, Language::Italian);
    assert!(changed.text.contains("è stato modificato dopo il sigillo"), "{}", changed.text);
}

#[tokio::test]
async fn a_seal_around_something_else_is_refused() {
    let house = House::new().await;
    let (text, own) = (made(&house, &entry()), house.seal.certificate());
    let wrapped = format!("<a>{text}</a>");
    let doubled = text.replacen(
        "<prot:Intestazione>",
        "<prot:Intestazione><ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>",
        1,
    );
    let typed = format!("<!DOCTYPE a [<!ENTITY b \"c\">]>{text}");
    let weak = text.replace("xmlenc#sha256", "xmldsig#sha1");
    for other in [wrapped, doubled, typed, weak, String::new(), "<".to_owned()] {
        assert!(!verify_file(other.as_bytes(), own, Language::Italian).sound, "{other}");
    }
}
