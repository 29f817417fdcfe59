//! What people read on the terminal when something cannot be used: in plain Italian, with its place and a mend.

use std::{io, path::Path};

use anyhow::{Error, anyhow};
use database::Error as DatabaseError;
pub use database::without_password;
use notary::key::KeyFileError;

/// Why a file or folder cannot be read, and the mend.
pub fn unreadable(path: &Path, error: &io::Error) -> Error {
    anyhow!("non posso leggere {}: {}", path.display(), reason(error))
}

/// Why the folders that officials write cannot be read, and the mend.
pub fn folders_unreadable(root: &Path, error: &io::Error) -> Error {
    anyhow!("non posso leggere le cartelle services/ e content/ in {}: {}", root.display(), reason(error))
}

/// Why a file or folder cannot be written, and the mend.
pub fn unwritable(path: &Path, error: &io::Error) -> Error {
    anyhow!("non posso scrivere {}: {}", path.display(), reason(error))
}

fn reason(error: &io::Error) -> String {
    use io::ErrorKind::{
        AlreadyExists, InvalidData, IsADirectory, NotADirectory, NotFound, PermissionDenied, ReadOnlyFilesystem,
        StorageFull,
    };
    let told = match error.kind() {
        NotFound => "non esiste. Controlla il percorso e da quale cartella lanci il comando",
        PermissionDenied => "manca il permesso. Usa un utente che può, oppure cambia i permessi",
        IsADirectory => "è una cartella, serve un file",
        NotADirectory | AlreadyExists => {
            "in quel percorso c’è un file dove serve una cartella. Scegli un altro percorso"
        }
        InvalidData => "non è un testo UTF-8",
        ReadOnlyFilesystem => "il disco è in sola lettura. Scegli un’altra cartella",
        StorageFull => "il disco è pieno. Libera spazio e riprova",
        _ => return format!("errore del sistema ({error})"),
    };
    told.to_owned()
}

/// Why production does not start without the administration's seal, and the mend.
pub fn no_seal(folder: &Path) -> Error {
    let [key, certificate] = protocol::SEAL_FILES;
    anyhow!(
        "in {} manca il sigillo dell’amministrazione: mettici {key} e {certificate}, oppure indica la loro cartella con seal = \"…\" \
         nella configurazione. Il programma ne fa uno da sé solo in dimostrazione (mode = \"demo\")",
        folder.display()
    )
}

/// Why a database cannot be used, and the mend.
pub fn unusable(url: &str, error: &DatabaseError) -> Error {
    anyhow!("non posso usare il database {}: {}", without_password(url), trouble(error))
}

/// Why a book was not moved, and the mend; nothing half is ever taken for whole.
pub fn not_transferred(sides: &str, error: &DatabaseError) -> Error {
    anyhow!("non ho trasferito il libro {sides}: {}. L’origine è intatta", trouble(error))
}

/// Why the last step of a move failed, behind which the source may be closed already, and the mend.
pub fn not_finished(sides: &str, error: &DatabaseError) -> Error {
    anyhow!(
        "ho copiato il libro {sides}, ma non ho finito: {}. Non so se l’origine è già chiusa: ripeti lo stesso comando \
         con gli stessi --from e --to",
        trouble(error)
    )
}

fn trouble(error: &DatabaseError) -> String {
    match error {
        DatabaseError::Busy => "è occupato da un altro programma. Chiudilo e riprova".to_owned(),
        DatabaseError::Full => "il disco è pieno. Libera spazio e riprova".to_owned(),
        DatabaseError::ReadOnly => "è in sola lettura. Controlla i permessi del file e della sua cartella".to_owned(),
        DatabaseError::Broken => {
            "il disco ha dato un errore di lettura o scrittura. Controllalo prima di riprovare".to_owned()
        }
        DatabaseError::Unfit(text) | DatabaseError::Migration(text) => text.clone(),
        other => format!(
            "non si apre ({other}). Controlla che il percorso e i permessi siano giusti e che sia un database di Sportello"
        ),
    }
}

/// Why the log's key cannot be used, and the mend.
pub fn key_unusable(error: KeyFileError) -> Error {
    match error {
        KeyFileError::File { path, source } => {
            anyhow!("non posso usare la chiave del registro {}: {}", path.display(), reason(&source))
        }
        KeyFileError::Exposed(path, mode) => anyhow!(
            "{path}: altri utenti possono leggere la chiave del registro (permessi {mode:03o}). Esegui `chmod 600 {path}` e valuta se qualcuno l’ha copiata"
        ),
        KeyFileError::Unreadable(path, _) => anyhow!(
            "{path}: non è una chiave privata. Ripristinala dalla copia di sicurezza: una chiave nuova comincerebbe un altro registro"
        ),
        KeyFileError::OtherName { path, found, expected } => anyhow!(
            "{path}: la chiave è del registro «{found}», non di «{expected}». Rimetti il public_url di prima oppure usa un’altra cartella dei dati"
        ),
        KeyFileError::Name(name, _) => anyhow!("«{name}» non può dare il nome a un registro. Correggi public_url"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_that_may_be_closed_is_not_called_intact() {
        let sides = "da sqlite:a.db a sqlite:b.db";
        assert!(not_transferred(sides, &DatabaseError::Full).to_string().contains("L’origine è intatta"));
        let told = not_finished(sides, &DatabaseError::Full).to_string();
        assert!(told.contains("il disco è pieno") && !told.contains("intatta"), "{told}");
        assert!(told.contains("ripeti lo stesso comando"), "{told}");
    }
}
