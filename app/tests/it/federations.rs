//! The way into SPID and CIE, as whoever prepares it sees it.

use std::{fs, path::Path, process::Output};

use crate::{
    program::{run, stderr, stdout},
    world::root,
};

/// A folder with the two samples of `deploy/`, of which the second is `identity.toml` in the data folder.
fn samples() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::copy(root().join("deploy/sportello.toml"), folder.path().join("sportello.toml")).expect("the sample");
    folder
}

fn check(folder: &Path) -> Output {
    let (data, config) = (folder.display().to_string(), folder.join("sportello.toml").display().to_string());
    run(&["identity", "check", "--data", &data, "--config", &config])
}

fn declare(folder: &Path, change: impl FnOnce(String) -> String) {
    let sample = fs::read_to_string(root().join("deploy/identity.toml")).expect("the sample");
    fs::write(folder.join("identity.toml"), change(sample)).expect("written");
}

fn describe_providers(folder: &Path) {
    let signer = identity::Signer::open_or_create(folder, "gestore", "Prova").expect("a key");
    let key = signer.certificate().base64();
    let provider = |id: &str, name: &str| {
        format!(
            r#"<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="{id}"><md:IDPSSODescriptor><md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{key}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="{id}/sso"/></md:IDPSSODescriptor><md:Organization><md:OrganizationName xml:lang="it">{name}</md:OrganizationName></md:Organization></md:EntityDescriptor>"#
        )
    };
    fs::write(folder.join("spid-entities-idps.xml"), provider("https://spid.example", "Prova ID")).expect("written");
    fs::write(folder.join("cie.xml"), provider("https://cie.example", "CIE di prova")).expect("written");
}

#[test]
fn without_a_file_it_says_which_one_to_write() {
    let folder = samples();
    let told = check(folder.path());
    assert_eq!(told.status.code(), Some(1));
    let file = folder.path().join("identity.toml").display().to_string();
    assert!(stderr(&told).contains(&file) && stderr(&told).contains("deploy/identity.toml"), "{}", stderr(&told));
}

#[test]
fn every_mistake_of_the_file_is_told_at_once() {
    let folder = samples();
    declare(folder.path(), |text| text.replace("+390600000000", "06 00").replace("\"fiscalNumber\", ", ""));
    let told = check(folder.path());
    assert_eq!(told.status.code(), Some(1));
    let said = stderr(&told);
    assert!(said.contains("organisation.phone") && said.contains("manca fiscalNumber"), "{said}");
}

#[test]
fn a_file_of_metadata_that_is_not_there_is_named() {
    let folder = samples();
    declare(folder.path(), |text| text);
    let said = stderr(&check(folder.path()));
    assert!(said.contains("non posso leggere") && said.contains("spid-registry.crt"), "{said}");
}

#[test]
fn what_is_ready_and_what_is_missing_is_told_line_by_line() {
    let folder = samples();
    let unsigned = |text: String| text.replace("registry = [\"spid-registry.crt\"]\n", "");
    declare(folder.path(), unsigned);
    describe_providers(folder.path());
    let said = stdout(&check(folder.path()));
    for line in [
        "✓ indirizzo pubblico: https://sportello.example.org",
        "✓ SPID: entityID https://sportello.example.org",
        "✓ SPID: metadata firmati",
        "✓ SPID: il certificato che firma rispetta l’Avviso 29 v3",
        "! SPID: gestori: Prova ID. La firma dei loro metadata non è controllata",
        "✓ CIE: entityID https://sportello.example.org/accesso/cie/metadata",
        "! CIE: gestori: CIE di prova.",
        "orologio: ",
    ] {
        assert!(said.contains(line), "{line} in {said}");
    }
    // The certificate of before says another name.
    declare(folder.path(), |text| unsigned(text).replace("\"xxxx_xx\"", "\"c_x000\""));
    let told = check(folder.path());
    assert_eq!(told.status.code(), Some(1));
    let wrong = "✗ SPID: certificato che firma: nel soggetto organizationIdentifier è «PA:IT-xxxx_xx», deve essere «PA:IT-c_x000»";
    assert!(stdout(&told).contains(wrong), "{}", stdout(&told));
}

#[test]
fn an_attribute_set_for_a_service_that_is_not_offered_is_told() {
    let folder = samples();
    let set = "[[spid.attributes]]\nname = \"Altro\"\nservices = [\"servizio-inventato\"]\n\
               ask = [\"spidCode\", \"name\", \"familyName\", \"fiscalNumber\"]\n\n[cie]";
    declare(folder.path(), |text| text.replace("registry = [\"spid-registry.crt\"]\n", "").replace("[cie]", set));
    describe_providers(folder.path());
    let said = stdout(&check(folder.path()));
    assert!(said.contains("✗ un gruppo di attributi nomina il servizio «servizio-inventato»"), "{said}");
}
