use std::time::Duration;

use crate::{fails, goes_well, walk};

#[test]
fn a_person_walks_through_login_form_and_receipt() {
    let told = goes_well(
        "Apre /domanda\n\
         Il titolo è \"Accedi\"\n\
         Accede chiara\n\
         Il titolo è \"La domanda\"\n\
         Si chiede solo \"IBAN\", \"Nato il\", \"Quanta parte?\", \"Documenti\"\n\
         Il campo \"Quanta parte?\" contiene \"Tutto\"\n\
         Compila \"IBAN\" con \"IT1\"\n\
         Preme \"Invia\"\n\
         Legge \"L'IBAN è sbagliato\"\n\
         Il campo \"IBAN\" contiene \"IT1\"\n\
         Compila \"IBAN\" con \"IT60\"\n\
         Compila \"Nato il\" con \"3/12/2020\"\n\
         Sceglie \"Metà\"\n\
         Allega carta.pdf in \"Documenti\"\n\
         Preme due volte \"Invia\"\n\
         Legge \"IT60 3/12/2020 meta carta.pdf\"\n\
         Ricorda \"Numero di protocollo\" come P\n\
         Ricorda l'indirizzo come RICEVUTA\n\
         Legge \"Protocollo {P}\" sotto \"Ricevuta\"\n\
         Torna indietro\n\
         Preme \"Invia\"\n\
         L'indirizzo è {RICEVUTA}\n\
         Esce\n\
         Non legge \"Chiara\"",
    );
    assert_eq!(told[0], "Apre /domanda GET /domanda 303 GET /accesso?ritorno=/domanda 200");
    assert_eq!(told[18], "Legge \"Protocollo 0000001/2026\" sotto \"Ricevuta\"");
    assert_eq!(told[7], "Preme \"Invia\" POST /domanda 422");
}

#[test]
fn officers_use_the_password_that_the_page_shows() {
    goes_well("Accede operatore ugo.prova\nLegge \"Scrivania\"");
    let failure = fails("Accede operatore eva.altra");
    assert!(failure.problem.contains("non nomina l'operatore «eva.altra»"), "{failure}");
}

#[test]
fn devices_have_their_own_cookies() {
    goes_well(
        "Accede chiara\n\
         Usa il dispositivo telefono\n\
         Apre /domanda\n\
         Il titolo è \"Accedi\"\n\
         Usa il dispositivo computer\n\
         Apre /domanda\n\
         Il titolo è \"La domanda\"",
    );
}

#[test]
fn files_are_downloaded_checked_and_altered() {
    let text = "Apre /file\n\
         Scarica \"La ricevuta\" come ricevuta.pdf\n\
         Controlla che ricevuta.pdf sia un PDF\n\
         Scarica \"La prova\" come prova.json\n\
         Controlla che prova.json contenga \"submitted\"\n\
         Verifica prova.json\n\
         Altera un byte di prova.json\n\
         Verifica prova.json fallisce";
    let (outcome, runner, _) = walk(text);
    assert_eq!(outcome.expect("all goes well").steps, 8);
    assert!(runner.file("ricevuta.pdf").is_some_and(|bytes| bytes.starts_with(b"%PDF-")));
    assert!(
        fails("Apre /file\nScarica \"La prova\" come x\nControlla che x sia un PDF").problem.contains("non è un PDF")
    );
    assert!(fails("Apre /file\nVerifica x").problem.contains("nessun passo ha scaricato x"));
}

#[test]
fn what_is_made_meanwhile_is_waited_for() {
    let told = goes_well("Apre /lento\nNon legge \"pronto\"\nAttende che la pagina dica \"pronto\"");
    assert!(told[2].matches("GET /lento 200").count() >= 1, "{told:?}");
}

#[test]
fn the_host_is_asked_for_what_only_it_can_do() {
    let (outcome, runner, _) = walk("Passano 31 giorni\nPassano 40 minuti\nRiavvia il programma");
    assert!(outcome.is_ok());
    assert_eq!(runner.host().passed, Duration::from_secs(31 * 86400 + 40 * 60));
    assert_eq!(runner.host().restarts, 1);
    let story = stories::Story::parse("prova", "Passa 1 giorno").expect("well written");
    let failure = stories::Runner::new("http://localhost:1", stories::NoPowers).run(&story, &mut |_| {});
    let failure = failure.expect_err("nobody can");
    assert_eq!(failure.to_string(), "prova, riga 1: qui non è possibile far passare il tempo\n    Passa 1 giorno");
}

#[test]
fn refusals_must_be_told() {
    goes_well("Apre /manca\nRisponde 404\nLegge \"Non c'è\"\nApre /file");
    let failure = fails("Apre /manca\nApre /file");
    assert_eq!(
        (failure.line, failure.problem.as_str()),
        (2, "la pagina risponde 404 e la storia non lo dice («Risponde 404»)")
    );
    assert_eq!(fails("Apre /manca").line, 1);
    assert!(fails("Apre /giro").problem.contains("senza fine"));
}

#[test]
fn a_failure_shows_what_was_on_the_page_instead() {
    let failure =
        fails("Accede chiara\nApre /domanda\nCompila \"IBAN\" con \"IT1\"\nPreme \"Invia\"\nLegge \"Ricevuta\"");
    let shown = failure.to_string();
    for piece in [
        "prova, riga 5: la pagina non dice «Ricevuta»",
        "422 /domanda",
        "titolo: La domanda",
        "errori: L'IBAN è sbagliato",
        "testo: ",
    ] {
        assert!(shown.contains(piece), "{piece} is missing in:\n{shown}");
    }
    let failure = fails("Accede dario");
    assert!(failure.problem.contains("fra le persone di prova non c'è «dario»; ci sono: «chiara»"), "{failure}");
}

#[test]
fn mistakes_of_the_story_are_told_in_its_own_words() {
    let begin = "Accede chiara\nApre /domanda\n";
    for (step, problem) in [
        ("Compila \"Nato il\" con \"2020\"", "è una data: si scrive gg/mm/aaaa"),
        ("Compila \"Documenti\" con \"x\"", "in «Documenti» non si scrive"),
        ("Allega a.pdf in \"IBAN\"", "in «IBAN» non si allegano file"),
        ("Sceglie \"Niente\"", "non c'è la scelta «Niente»; ci sono: «Tutto», «Metà»"),
        ("Preme \"Manda\"", "non c'è il pulsante «Manda»; ci sono: «Esci», «Invia»"),
        ("Segue \"Via\"", "non c'è il collegamento «Via»"),
        ("La lingua della pagina è de", "la lingua è «it», non «de»"),
        ("L'indirizzo è /altro", "l'indirizzo è «/domanda», non «/altro»"),
        ("Si chiede solo \"IBAN\"", "la pagina chiede: «IBAN», «Nato il», «Quanta parte?», «Documenti (facoltativo)»"),
        ("Il campo \"Quanta parte?\" contiene \"Metà\"", "il campo «Quanta parte?» è «Tutto», non «Metà»"),
    ] {
        let failure = fails(&format!("{begin}{step}"));
        assert!(failure.problem.contains(problem), "{step}: {}", failure.problem);
    }
}
