//! The same in plain Italian, as everything that the program says to who keeps it.

use background::Task;

use super::{LARGEST_LAG, LEAST_FREE_BYTES, Report, Storage};

pub(super) fn told(report: &Report) -> String {
    let mut lines = vec![summary(report.status).to_owned()];
    if let Some(storage) = &report.storage {
        lines.extend([database(storage.database), schema(storage.schema)].map(str::to_owned));
        if storage.read_only {
            lines.push("· Il programma è in sola lettura per scelta: nulla di ciò che si invia è accolto.".to_owned());
        }
        lines.extend(disk(storage));
        lines.extend(storage.acts_behind.iter().map(|(name, lag)| behind(name, *lag)));
    }
    lines.extend(report.tasks.iter().map(task));
    lines.join("\n") + "\n"
}

fn summary(status: &str) -> &'static str {
    match status {
        "alive" => "Il programma è vivo.",
        "hanging" => "Un lavoro è bloccato da oltre un quarto d’ora: riavvia il programma.",
        "ready" => "Pronto: si possono mandare qui le persone.",
        "stopping" => "Il programma sta finendo: non mandare qui altre persone.",
        _ => "Non pronto: non mandare qui le persone finché dura. Il motivo è in una delle righe che seguono.",
    }
}

fn database(state: &str) -> &'static str {
    match state {
        "writable" => "✓ Il database registra.",
        "busy" => "✗ Il database è occupato: qualcuno lo tiene da più di cinque secondi.",
        "full" => "✗ Il disco del database è pieno: libera spazio.",
        "read-only" => "✗ Il database è in sola lettura: controlla i permessi.",
        "broken" => "✗ Il disco ha dato un errore: nulla è più registrato. Controlla il disco, poi riavvia.",
        _ => "✗ Il database non risponde: il motivo è nel registro degli eventi.",
    }
}

fn schema(state: &str) -> &'static str {
    match state {
        "current" => "✓ Lo schema è quello di questo programma.",
        "newer" => "✓ Lo schema è già di una versione più nuova: completa presto l’aggiornamento.",
        "older" => "✗ Allo schema mancano dei passi: riavvia il programma, che li applica.",
        _ => "✗ Lo schema non si legge.",
    }
}

fn disk(storage: &Storage) -> Option<String> {
    let free = storage.disk_free_mib?;
    let (least, mark) = (LEAST_FREE_BYTES >> 20, |well| if well { '✓' } else { '✗' });
    Some(format!("{} Spazio libero: {free} MiB (ne servono almeno {least}).", mark(free >= least)))
}

fn behind(follower: &str, lag: i64) -> String {
    let mark = if lag <= LARGEST_LAG { '✓' } else { '✗' };
    format!("{mark} «{follower}» è indietro di {lag} atti (al massimo {LARGEST_LAG}).")
}

fn task(task: &Task) -> String {
    let Task { name, failures_in_a_row, panics, .. } = task;
    let mark = if task.is_well() { '✓' } else { '✗' };
    let last = task.seconds_since_success.map_or_else(|| "mai finora".to_owned(), |age| format!("{age} s fa"));
    let state = match (task.hangs, failures_in_a_row) {
        (true, _) => "è bloccato".to_owned(),
        (false, 0) => "lavora".to_owned(),
        (false, many) => format!("non riesce da {many} volte di seguito"),
    };
    let panics = if *panics == 0 { String::new() } else { format!("; difetti da segnalare: {panics}") };
    format!("{mark} «{name}» {state}; ultima riuscita: {last}{panics}.")
}
