//! Who may ask, and what goes with it.

use catalogue::{Applicant, Declared, Folder, Offer};

use crate::world::{FORM, PROCESS, declared, folder};

const COMPANIES: &str = r#"
[[registries]]
id = "imprese"
about = "companies"
name = "Imprese inventate"
body = "Ente inventato"
holds = "Chi sono."
purpose = "riconoscerle"
correction = "La fa l’ente."
data = [{ id = "nome", kind = "text", label = "Nome" }]
"#;

/// The service with this for `who`, reading this datum, with this in `service.toml` and `process.toml`.
fn service(who: &str, from: &str, more: (&str, &str)) -> Folder {
    let mut folder = folder("prova");
    let head = folder.files["service.toml"]
        .replace("[\"person\"]", who)
        .replace("level = 2", &format!("level = 2\n{}", more.0));
    folder.files.insert(
        "service.toml".into(),
        head + "\n[facts]\npurpose = { it = \"Serve.\", en = \"Needed.\", de = \"Nötig.\" }\n",
    );
    folder.files.insert("form.toml".into(), format!("{FORM}from = \"{from}\"\n"));
    folder.files.insert("process.toml".into(), format!("{PROCESS}{}", more.1));
    folder
}

fn offer(folder: Folder) -> Offer {
    let mut texts: Declared = declared(vec![folder]);
    texts.content.get_mut("registries.toml").expect("registries").push_str(COMPANIES);
    Offer::read(&texts)
}

fn told(folder: Folder) -> Vec<String> {
    let offer = offer(folder);
    let told = offer.problems.get("prova").cloned().unwrap_or_default();
    told.iter().map(|one| format!("{}:{}: {}; {}", one.file, one.line, one.message, one.mend)).collect()
}

#[test]
fn a_service_is_for_people_for_companies_or_for_both() {
    for (who, from, takes) in [
        ("[\"person\"]", "anagrafe.nome", (true, false)),
        ("[\"company\"]", "imprese.nome", (false, true)),
        ("[\"person\", \"company\"]", "imprese.nome", (true, true)),
    ] {
        let offer = offer(service(who, from, ("", "")));
        let service = offer.services.get("prova").unwrap_or_else(|| panic!("{who}: {:?}", offer.problems));
        assert_eq!((service.takes(Applicant::Person), service.takes(Applicant::Company)), takes, "{who}");
    }
}

#[test]
fn a_form_reads_the_registries_of_those_who_ask() {
    let told_of_people = told(service("[\"company\"]", "anagrafe.nome", ("", "")));
    assert_eq!(told_of_people.len(), 1, "{told_of_people:?}");
    let message = &told_of_people[0];
    assert!(message.contains("form.toml:9: «anagrafe.nome» viene da una banca dati delle persone"), "{message}");
    let told_of_companies = told(service("[\"person\"]", "imprese.nome", ("", "")));
    assert!(told_of_companies[0].contains("delle imprese") && told_of_companies[0].contains("aggiungere \"company\""));
}

#[test]
fn what_only_people_can_do_is_not_for_companies_alone() {
    let drafts = told(service("[\"company\"]", "imprese.nome", ("anonymous_drafts = true", "")));
    assert!(drafts.len() == 1 && drafts[0].contains("non ha bozze senza accesso"), "{drafts:?}");
    let nobody = told(service("[\"person\", \"intermediary\"]", "anagrafe.nome", ("", "")));
    assert!(nobody.len() == 1 && nobody[0].contains("con la delega di chi chiede"), "{nobody:?}");
    let signed = "\n[signatures]\nat_least = 1\ndays = 30\nremind_days = 7\nshows = [\"testo\"]\nlaw = \"art. 316 c.c.\"\n[[signatures.people]]\ncode = \"altro\"\nwho = \"altro\"\nstatement = \"sì\"\n";
    let mut folder = service("[\"company\"]", "imprese.nome", ("", signed));
    let other = "\n[[pages.questions]]\nid = \"altro\"\nkind = \"fiscal-code\"\nlabel = { it = \"Altro\", en = \"Other\", de = \"Andere\" }\n";
    folder.files.get_mut("form.toml").expect("a form").push_str(other);
    let signed = told(folder);
    assert!(signed.len() == 1 && signed[0].contains("non aspetta firme di altri"), "{signed:?}");
}
