//! Every story of the shelf, each in a world of its own.

use std::time::Duration;

use base::Language;
use notary::Outcome;
use stories::{Host, HostError, Runner, Story, Verdict};

use crate::world::World;

/// The world does what stories ask of their surroundings.
impl Host for World {
    fn advance_clock(&mut self, by: Duration) -> Result<(), HostError> {
        self.advance(by);
        Ok(())
    }

    fn restart(&mut self) -> Result<(), HostError> {
        Self::restart(self);
        Ok(())
    }

    fn verify(&mut self, proof: &[u8]) -> Result<Verdict, HostError> {
        let report = notary::verify_file(proof, Some(self.log_key()), Language::Italian);
        Ok(match report.outcome {
            Outcome::Genuine => Verdict::Genuine(report.text),
            Outcome::Consistent | Outcome::Wrong => Verdict::Wrong(report.text),
        })
    }
}

fn walk(file: &str) {
    let (_, text) = stories::all().iter().find(|(name, _)| *name == file).expect("the story is on the shelf");
    let story = Story::parse(file, text).unwrap_or_else(|error| panic!("{error}"));
    let world = World::new();
    let mut runner = Runner::new(&world.url.clone(), world);
    let walked = runner.run(&story, &mut |_| {});
    assert!(walked.is_ok(), "{}", walked.map(|_| ()).unwrap_err());
}

macro_rules! stories {
    ($($name:ident: $file:literal),* $(,)?) => {
        const WALKED: &[&str] = &[$($file),*];
        $(#[test] fn $name() { walk($file); })*
    };
}

stories! {
    tour: "tour.txt",
    without_isee: "senza-isee.txt",
    missing_iban: "iban-mancante.txt",
    newborn: "neonato.txt",
    not_entitled: "non-spetta.txt",
    disabled_child: "figlio-disabile.txt",
    young_mother: "madre-giovane.txt",
    four_children: "quattro-figli.txt",
    isee_that_changed: "isee-cambiato.txt",
    omocode: "omocodia.txt",
    unemployment: "naspi.txt",
    civil_disability: "invalidita-civile.txt",
    integration: "integrazione.txt",
    integration_that_lapses: "integrazione-scaduta.txt",
    withdrawal: "ritiro.txt",
    general_request: "istanza-generica.txt",
    correction: "rettifica.txt",
    mandate: "delega.txt",
    company: "impresa.txt",
    intermediary: "patronato.txt",
    at_the_counter: "allo-sportello.txt",
    somebody_away: "assenza.txt",
    case_of_another: "pratica-altrui.txt",
    own_access: "il-mio-accesso.txt",
    sent_twice: "doppio-invio.txt",
    expired_session: "sessione-scaduta.txt",
    languages: "lingue.txt",
    other_device: "altro-dispositivo.txt",
    wrong_number: "protocollo-sbagliato.txt",
    restart: "riavvio.txt",
    other_account: "altro-conto.txt",
    asked_already: "gia-chiesto.txt",
    late_answer: "risposta-tardi.txt",
    window: "finestra.txt",
    signatures: "firme.txt",
    silent_consent: "silenzio-assenso.txt",
    silent_refusal: "silenzio-rigetto.txt",
    substitute_power: "potere-sostitutivo.txt",
    opinion: "parere.txt",
    extension: "proroga.txt",
    rights_over_data: "diritti-sui-dati.txt",
    wrong_office: "ufficio-sbagliato.txt",
    mass_decision: "decisione-collettiva.txt",
    screener_family: "verifica-famiglia.txt",
    screener_disability: "verifica-disabilita.txt",
    screener_job_lost: "verifica-lavoro.txt",
    screener_nothing_due: "verifica-niente.txt",
}

#[test]
fn every_story_of_the_shelf_is_walked() {
    let mut walked = WALKED.to_vec();
    let mut shelf: Vec<_> = stories::all().iter().map(|(name, _)| *name).collect();
    walked.sort_unstable();
    shelf.sort_unstable();
    assert_eq!(walked, shelf);
}
