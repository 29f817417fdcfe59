//! Days as they are written in headers and tables, and the succession of dated things.

use base::Date;

use crate::{
    Validity,
    diagnostic::{Place, SourceText},
    validity::{Seam, seam},
};

/// A day, or what is wrong with it.
pub(super) fn day(text: &str) -> Result<Date, (String, String)> {
    text.parse().map_err(|_| (format!("data non valida: `{text}`"), "scrivere la data come aaaa-mm-gg".to_owned()))
}

/// What is wrong in the succession of `dated` (sorted by start and publication) with the place of the later one.
pub(super) fn seams(what: &str, dated: &[(Validity, Place)], source: &SourceText<'_>) -> Vec<crate::Diagnostic> {
    let complaint = |pair: &[(Validity, Place)]| {
        let (message, mend) = match seam(pair[0].0, pair[1].0)? {
            Seam::Twice => (
                format!("{what} ha due versioni con la stessa decorrenza e la stessa data di pubblicazione"),
                "cambiare «dal» oppure, per una rettifica, «noto dal»".to_owned(),
            ),
            Seam::Gap(day) => (
                format!("{what} non è definito dal {day}"),
                "prolungare la versione precedente o anticipare la successiva".to_owned(),
            ),
            Seam::Overlap(day) => (
                format!("due versioni di {what} valgono insieme dal {day}"),
                "far finire la precedente il giorno prima".to_owned(),
            ),
        };
        Some(source.complain(pair[1].1, message, mend))
    };
    dated.windows(2).filter_map(complaint).collect()
}
