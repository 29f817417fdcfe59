//! The stories of Sportello, part of the program: `sportello demo --tour` walks the first.

use crate::{Story, StoryError};

const TOUR: (&str, &str) = ("tour.txt", include_str!("../tour.txt"));

const SHELF: [(&str, &str); 47] = [
    TOUR,
    ("senza-isee.txt", include_str!("../senza-isee.txt")),
    ("iban-mancante.txt", include_str!("../iban-mancante.txt")),
    ("neonato.txt", include_str!("../neonato.txt")),
    ("non-spetta.txt", include_str!("../non-spetta.txt")),
    ("figlio-disabile.txt", include_str!("../figlio-disabile.txt")),
    ("madre-giovane.txt", include_str!("../madre-giovane.txt")),
    ("quattro-figli.txt", include_str!("../quattro-figli.txt")),
    ("isee-cambiato.txt", include_str!("../isee-cambiato.txt")),
    ("omocodia.txt", include_str!("../omocodia.txt")),
    ("naspi.txt", include_str!("../naspi.txt")),
    ("invalidita-civile.txt", include_str!("../invalidita-civile.txt")),
    ("integrazione.txt", include_str!("../integrazione.txt")),
    ("integrazione-scaduta.txt", include_str!("../integrazione-scaduta.txt")),
    ("ritiro.txt", include_str!("../ritiro.txt")),
    ("istanza-generica.txt", include_str!("../istanza-generica.txt")),
    ("rettifica.txt", include_str!("../rettifica.txt")),
    ("delega.txt", include_str!("../delega.txt")),
    ("impresa.txt", include_str!("../impresa.txt")),
    ("patronato.txt", include_str!("../patronato.txt")),
    ("allo-sportello.txt", include_str!("../allo-sportello.txt")),
    ("assenza.txt", include_str!("../assenza.txt")),
    ("pratica-altrui.txt", include_str!("../pratica-altrui.txt")),
    ("il-mio-accesso.txt", include_str!("../il-mio-accesso.txt")),
    ("doppio-invio.txt", include_str!("../doppio-invio.txt")),
    ("sessione-scaduta.txt", include_str!("../sessione-scaduta.txt")),
    ("lingue.txt", include_str!("../lingue.txt")),
    ("altro-dispositivo.txt", include_str!("../altro-dispositivo.txt")),
    ("protocollo-sbagliato.txt", include_str!("../protocollo-sbagliato.txt")),
    ("riavvio.txt", include_str!("../riavvio.txt")),
    ("altro-conto.txt", include_str!("../altro-conto.txt")),
    ("gia-chiesto.txt", include_str!("../gia-chiesto.txt")),
    ("risposta-tardi.txt", include_str!("../risposta-tardi.txt")),
    ("finestra.txt", include_str!("../finestra.txt")),
    ("firme.txt", include_str!("../firme.txt")),
    ("silenzio-assenso.txt", include_str!("../silenzio-assenso.txt")),
    ("silenzio-rigetto.txt", include_str!("../silenzio-rigetto.txt")),
    ("potere-sostitutivo.txt", include_str!("../potere-sostitutivo.txt")),
    ("parere.txt", include_str!("../parere.txt")),
    ("proroga.txt", include_str!("../proroga.txt")),
    ("ufficio-sbagliato.txt", include_str!("../ufficio-sbagliato.txt")),
    ("decisione-collettiva.txt", include_str!("../decisione-collettiva.txt")),
    ("verifica-famiglia.txt", include_str!("../verifica-famiglia.txt")),
    ("verifica-disabilita.txt", include_str!("../verifica-disabilita.txt")),
    ("verifica-lavoro.txt", include_str!("../verifica-lavoro.txt")),
    ("diritti-sui-dati.txt", include_str!("../diritti-sui-dati.txt")),
    ("verifica-niente.txt", include_str!("../verifica-niente.txt")),
];

/// Every story, by file name and text: the main job first, then one for each thing that must not go wrong.
#[must_use]
pub const fn all() -> &'static [(&'static str, &'static str)] {
    &SHELF
}

/// The main job, end to end.
///
/// # Errors
/// As [`Story::parse`]: a sentence of `tour.txt` that is not understood.
pub fn tour() -> Result<Story, StoryError> {
    Story::parse(TOUR.0, TOUR.1)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_story_is_understood_and_has_a_title() {
        for (name, text) in all() {
            let story = Story::parse(name, text).unwrap_or_else(|error| panic!("{error}"));
            assert!(!story.title.is_empty() && !story.steps.is_empty(), "{name}");
        }
    }

    #[test]
    fn no_story_lies_forgotten_in_the_folder() {
        let folder = std::fs::read_dir(tidy::room()).expect("the folder of this room");
        let files = folder.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let written: BTreeSet<_> = files.filter_map(|file| file.ends_with(".txt").then_some(file)).collect();
        let shelved: BTreeSet<_> = all().iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(written, shelved);
    }
}
