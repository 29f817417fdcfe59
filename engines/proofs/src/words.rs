//! The one table of what a flaw says to people. The static page has the same; a test holds them equal.

use base::Language;

struct Words {
    code: &'static str,
    it: &'static str,
    en: &'static str,
    de: &'static str,
}

const TABLE: &[Words] = &[
    Words {
        code: "too-large",
        it: "Il file è troppo grande per essere una ricevuta (oltre 32 MiB).",
        en: "The file is too large to be a receipt (over 32 MiB).",
        de: "Die Datei ist zu groß für eine Empfangsbestätigung (über 32 MiB).",
    },
    Words {
        code: "pdf",
        it: "Questo è il PDF. Per controllare serve il file della prova, che termina con .json: si scarica dalla pagina della pratica con «Scarica la prova».",
        en: "This is the PDF. To check it you need the proof, a file that ends with .json: download it from the page of the case with “Download the proof”.",
        de: "Das ist das PDF. Zum Prüfen wird die Nachweisdatei gebraucht, die auf .json endet: Sie wird auf der Seite des Antrags mit „Nachweis herunterladen“ geladen.",
    },
    Words {
        code: "not-a-receipt",
        it: "Questo file non è una ricevuta, oppure è danneggiato o incompleto.",
        en: "This file is not a receipt, or it is damaged or incomplete.",
        de: "Diese Datei ist keine Empfangsbestätigung, oder sie ist beschädigt oder unvollständig.",
    },
    Words {
        code: "other-version",
        it: "La ricevuta è di una versione che questo programma non conosce: serve un programma di verifica più recente.",
        en: "The receipt is of a version that this program does not know: a newer checking program is needed.",
        de: "Diese Version der Empfangsbestätigung ist dem Programm nicht bekannt: Ein neueres Prüfprogramm ist nötig.",
    },
    Words {
        code: "wrapping",
        it: "Il file è stato modificato nella forma, a partire dal byte {byte}: non è quello consegnato dall'ufficio.",
        en: "The file has been changed in its form, from byte {byte} on: it is not the one the office gave out.",
        de: "Die Datei wurde in ihrer Form ab Byte {byte} verändert: Sie ist nicht die vom Amt ausgegebene.",
    },
    Words {
        code: "key-unreadable",
        it: "La chiave contenuta nella ricevuta non è leggibile: è stata modificata.",
        en: "The key in the receipt cannot be read: it has been changed.",
        de: "Der Schlüssel in der Empfangsbestätigung ist nicht lesbar: Er wurde verändert.",
    },
    Words {
        code: "key-not-trusted",
        it: "La chiave contenuta nella ricevuta non è quella del registro dell'ufficio: la ricevuta non viene da questo ufficio.",
        en: "The key in the receipt is not the one of the office's log: the receipt does not come from this office.",
        de: "Der Schlüssel in der Empfangsbestätigung ist nicht der des Registers: Sie stammt nicht von diesem Amt.",
    },
    Words {
        code: "checkpoint-unreadable",
        it: "Il punto di controllo del registro non è leggibile: è stato modificato.",
        en: "The checkpoint of the log cannot be read: it has been changed.",
        de: "Der Kontrollpunkt des Registers ist nicht lesbar: Er wurde verändert.",
    },
    Words {
        code: "checkpoint-of-other-log",
        it: "Il punto di controllo appartiene a un registro diverso da quello della chiave.",
        en: "The checkpoint belongs to another log than the key.",
        de: "Der Kontrollpunkt gehört zu einem anderen Register als der Schlüssel.",
    },
    Words {
        code: "checkpoint-signer",
        it: "Il punto di controllo non porta la sola firma del registro: una firma manca, è in più o è di altri.",
        en: "The checkpoint does not carry the log's signature alone: a signature is missing, added or of somebody else.",
        de: "Der Kontrollpunkt trägt nicht allein die Signatur des Registers: Eine fehlt, ist zu viel oder ist fremd.",
    },
    Words {
        code: "checkpoint-signature",
        it: "La firma del registro sul punto di controllo non è valida.",
        en: "The log's signature on the checkpoint is not valid.",
        de: "Die Signatur des Registers auf dem Kontrollpunkt ist nicht gültig.",
    },
    Words {
        code: "act-changed",
        it: "Il testo dell'atto n. {act} (posizione {position}) è stato modificato: non è quello registrato.",
        en: "The text of act no. {act} (position {position}) has been changed: it is not the one recorded.",
        de: "Der Text von Akt Nr. {act} (Position {position}) wurde verändert: Er ist nicht der eingetragene.",
    },
    Words {
        code: "act-digest",
        it: "L'impronta scritta accanto all'atto n. {act} (posizione {position}) è stata modificata.",
        en: "The digest written beside act no. {act} (position {position}) has been changed.",
        de: "Der neben Akt Nr. {act} (Position {position}) stehende Prüfwert wurde verändert.",
    },
    Words {
        code: "act-not-in-log",
        it: "L'atto n. {act} non risulta nel registro alla posizione {position}: l'atto, la posizione o la prova non sono quelli registrati.",
        en: "Act no. {act} is not in the log at position {position}: the act, the position or the proof are not those recorded.",
        de: "Akt Nr. {act} steht nicht an Position {position} im Register: Akt, Position oder Beweis sind nicht die eingetragenen.",
    },
    Words {
        code: "act-unreadable",
        it: "L'atto n. {act} è nel registro alla posizione {position}, ma il suo contenuto non è leggibile.",
        en: "Act no. {act} is in the log at position {position}, but its content cannot be read.",
        de: "Akt Nr. {act} steht im Register an Position {position}, aber sein Inhalt ist nicht lesbar.",
    },
    Words {
        code: "document-changed",
        it: "Il documento «{name}» è stato modificato: non è quello registrato.",
        en: "The document “{name}” has been changed: it is not the one recorded.",
        de: "Das Dokument „{name}“ wurde verändert: Es ist nicht das eingetragene.",
    },
    Words {
        code: "document-renamed",
        it: "Il documento «{name}» è registrato con un altro nome.",
        en: "The document “{name}” is recorded under another name.",
        de: "Das Dokument „{name}“ ist unter einem anderen Namen eingetragen.",
    },
    Words {
        code: "document-unknown",
        it: "Il documento «{name}» non è citato in nessun atto della ricevuta.",
        en: "The document “{name}” is stated in no act of the receipt.",
        de: "Das Dokument „{name}“ wird in keinem Akt der Empfangsbestätigung genannt.",
    },
];

/// The template of a flaw's message: `{act}`, `{position}`, `{name}`, `{byte}` stand for its particulars.
pub(crate) fn text(code: &str, language: Language) -> &'static str {
    let row = TABLE.iter().find(|row| row.code == code).expect("a test finds words for every code");
    match language {
        Language::Italian => row.it,
        Language::English => row.en,
        Language::German => row.de,
    }
}

/// Every code with its templates, for programs that show the same messages: (code, language, template).
pub fn words() -> impl Iterator<Item = (&'static str, Language, &'static str)> {
    let all = |row: &'static Words| Language::ALL.map(|language| (row.code, language, text(row.code, language)));
    TABLE.iter().flat_map(all)
}
