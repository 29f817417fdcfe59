// What the page says, in Italian, English and German. FLAWS is the table of engines/proofs/src/words.rs: a test holds
// the two equal.

const FLAWS = {
  "too-large": {
    it: "Il file è troppo grande per essere una ricevuta (oltre 32 MiB).",
    en: "The file is too large to be a receipt (over 32 MiB).",
    de: "Die Datei ist zu groß für eine Empfangsbestätigung (über 32 MiB).",
  },
  "pdf": {
    it: "Questo è il PDF. Per controllare serve il file della prova, che termina con .json: si scarica dalla pagina della pratica con «Scarica la prova».",
    en: "This is the PDF. To check it you need the proof, a file that ends with .json: download it from the page of the case with “Download the proof”.",
    de: "Das ist das PDF. Zum Prüfen wird die Nachweisdatei gebraucht, die auf .json endet: Sie wird auf der Seite des Antrags mit „Nachweis herunterladen“ geladen.",
  },
  "not-a-receipt": {
    it: "Questo file non è una ricevuta, oppure è danneggiato o incompleto.",
    en: "This file is not a receipt, or it is damaged or incomplete.",
    de: "Diese Datei ist keine Empfangsbestätigung, oder sie ist beschädigt oder unvollständig.",
  },
  "other-version": {
    it: "La ricevuta è di una versione che questo programma non conosce: serve un programma di verifica più recente.",
    en: "The receipt is of a version that this program does not know: a newer checking program is needed.",
    de: "Diese Version der Empfangsbestätigung ist dem Programm nicht bekannt: Ein neueres Prüfprogramm ist nötig.",
  },
  "wrapping": {
    it: "Il file è stato modificato nella forma, a partire dal byte {byte}: non è quello consegnato dall'ufficio.",
    en: "The file has been changed in its form, from byte {byte} on: it is not the one the office gave out.",
    de: "Die Datei wurde in ihrer Form ab Byte {byte} verändert: Sie ist nicht die vom Amt ausgegebene.",
  },
  "key-unreadable": {
    it: "La chiave contenuta nella ricevuta non è leggibile: è stata modificata.",
    en: "The key in the receipt cannot be read: it has been changed.",
    de: "Der Schlüssel in der Empfangsbestätigung ist nicht lesbar: Er wurde verändert.",
  },
  "key-not-trusted": {
    it: "La chiave contenuta nella ricevuta non è quella del registro dell'ufficio: la ricevuta non viene da questo ufficio.",
    en: "The key in the receipt is not the one of the office's log: the receipt does not come from this office.",
    de: "Der Schlüssel in der Empfangsbestätigung ist nicht der des Registers: Sie stammt nicht von diesem Amt.",
  },
  "checkpoint-unreadable": {
    it: "Il punto di controllo del registro non è leggibile: è stato modificato.",
    en: "The checkpoint of the log cannot be read: it has been changed.",
    de: "Der Kontrollpunkt des Registers ist nicht lesbar: Er wurde verändert.",
  },
  "checkpoint-of-other-log": {
    it: "Il punto di controllo appartiene a un registro diverso da quello della chiave.",
    en: "The checkpoint belongs to another log than the key.",
    de: "Der Kontrollpunkt gehört zu einem anderen Register als der Schlüssel.",
  },
  "checkpoint-signer": {
    it: "Il punto di controllo non porta la sola firma del registro: una firma manca, è in più o è di altri.",
    en: "The checkpoint does not carry the log's signature alone: a signature is missing, added or of somebody else.",
    de: "Der Kontrollpunkt trägt nicht allein die Signatur des Registers: Eine fehlt, ist zu viel oder ist fremd.",
  },
  "checkpoint-signature": {
    it: "La firma del registro sul punto di controllo non è valida.",
    en: "The log's signature on the checkpoint is not valid.",
    de: "Die Signatur des Registers auf dem Kontrollpunkt ist nicht gültig.",
  },
  "act-changed": {
    it: "Il testo dell'atto n. {act} (posizione {position}) è stato modificato: non è quello registrato.",
    en: "The text of act no. {act} (position {position}) has been changed: it is not the one recorded.",
    de: "Der Text von Akt Nr. {act} (Position {position}) wurde verändert: Er ist nicht der eingetragene.",
  },
  "act-digest": {
    it: "L'impronta scritta accanto all'atto n. {act} (posizione {position}) è stata modificata.",
    en: "The digest written beside act no. {act} (position {position}) has been changed.",
    de: "Der neben Akt Nr. {act} (Position {position}) stehende Prüfwert wurde verändert.",
  },
  "act-not-in-log": {
    it: "L'atto n. {act} non risulta nel registro alla posizione {position}: l'atto, la posizione o la prova non sono quelli registrati.",
    en: "Act no. {act} is not in the log at position {position}: the act, the position or the proof are not those recorded.",
    de: "Akt Nr. {act} steht nicht an Position {position} im Register: Akt, Position oder Beweis sind nicht die eingetragenen.",
  },
  "act-unreadable": {
    it: "L'atto n. {act} è nel registro alla posizione {position}, ma il suo contenuto non è leggibile.",
    en: "Act no. {act} is in the log at position {position}, but its content cannot be read.",
    de: "Akt Nr. {act} steht im Register an Position {position}, aber sein Inhalt ist nicht lesbar.",
  },
  "document-changed": {
    it: "Il documento «{name}» è stato modificato: non è quello registrato.",
    en: "The document “{name}” has been changed: it is not the one recorded.",
    de: "Das Dokument „{name}“ wurde verändert: Es ist nicht das eingetragene.",
  },
  "document-renamed": {
    it: "Il documento «{name}» è registrato con un altro nome.",
    en: "The document “{name}” is recorded under another name.",
    de: "Das Dokument „{name}“ ist unter einem anderen Namen eingetragen.",
  },
  "document-unknown": {
    it: "Il documento «{name}» non è citato in nessun atto della ricevuta.",
    en: "The document “{name}” is stated in no act of the receipt.",
    de: "Das Dokument „{name}“ wird in keinem Akt der Empfangsbestätigung genannt.",
  },
};

const TEXTS = {
  title: { it: "Verifica una ricevuta", en: "Check a receipt", de: "Empfangsbestätigung prüfen" },
  intro: {
    it: "Scegli il file della ricevuta che hai ricevuto dall'ufficio. La pagina controlla che nulla sia stato cambiato e che ogni atto sia nel registro. Il file non lascia il tuo dispositivo.",
    en: "Choose the receipt file that the office gave you. The page checks that nothing has been changed and that every act is in the log. The file does not leave your device.",
    de: "Wählen Sie die Datei der Empfangsbestätigung, die Sie vom Amt erhalten haben. Die Seite prüft, dass nichts verändert wurde und dass jeder Akt im Register steht. Die Datei verlässt Ihr Gerät nicht.",
  },
  choose: { it: "File della ricevuta", en: "Receipt file", de: "Datei der Empfangsbestätigung" },
  hint: {
    it: "Il nome termina con .json. Puoi anche trascinare il file in questo riquadro.",
    en: "Its name ends with .json. You can also drag the file into this box.",
    de: "Der Name endet mit .json. Sie können die Datei auch in dieses Feld ziehen.",
  },
  outcome: { it: "Esito", en: "Outcome", de: "Ergebnis" },
  working: { it: "Verifica in corso…", en: "Checking…", de: "Prüfung läuft…" },
  unread: {
    it: "Il file non può essere letto. Sceglilo di nuovo.",
    en: "The file cannot be read. Choose it again.",
    de: "Die Datei kann nicht gelesen werden. Wählen Sie sie erneut.",
  },
  genuine: {
    it: "Autentica: registrata alla posizione {position} il {at}",
    en: "Genuine: recorded at position {position} on {at}",
    de: "Echt: eingetragen an Position {position} am {at}",
  },
  consistent: {
    it: "Coerente, ma di provenienza non verificata",
    en: "Consistent, but of unchecked origin",
    de: "In sich stimmig, Herkunft aber nicht geprüft",
  },
  untrusted: {
    it: "Questa copia della pagina non contiene la chiave del registro: è stata usata quella scritta nel file. Questo prova soltanto che il file è coerente, non da chi viene. Scarica la pagina di verifica dal sito dell'ufficio.",
    en: "This copy of the page does not contain the log's key: the one written in the file was used. This proves only that the file is consistent, not whom it comes from. Download the checking page from the office's site.",
    de: "Diese Kopie der Seite enthält den Schlüssel des Registers nicht: Es wurde der in der Datei stehende verwendet. Das beweist nur, dass die Datei in sich stimmig ist, nicht von wem sie stammt. Laden Sie die Prüfseite von der Website des Amtes herunter.",
  },
  damaged: {
    it: "Questa pagina è danneggiata: la chiave del registro che contiene non è leggibile. Scaricala di nuovo dal sito dell'ufficio.",
    en: "This page is damaged: the log's key in it cannot be read. Download it again from the office's site.",
    de: "Diese Seite ist beschädigt: Der enthaltene Schlüssel des Registers ist nicht lesbar. Laden Sie sie erneut von der Website des Amtes herunter.",
  },
  otherFile: { it: "Serve un altro file", en: "Another file is needed", de: "Es wird eine andere Datei gebraucht" },
  wrong: { it: "Non autentica", en: "Not genuine", de: "Nicht echt" },
  contents: {
    it: "Atti: {acts}. Documenti: {documents}. Registro: {origin}, con {size} atti al momento della firma.",
    en: "Acts: {acts}. Documents: {documents}. Log: {origin}, with {size} acts when it was signed.",
    de: "Akte: {acts}. Dokumente: {documents}. Register: {origin}, mit {size} Akten bei der Unterzeichnung.",
  },
  file: { it: "File: {name}", en: "File: {name}", de: "Datei: {name}" },
  advice: {
    it: "Se il file ti è stato consegnato così, chiedi all'ufficio una nuova copia della ricevuta.",
    en: "If you were given the file like this, ask the office for a new copy of the receipt.",
    de: "Wenn Sie die Datei so erhalten haben, bitten Sie das Amt um eine neue Kopie der Empfangsbestätigung.",
  },
  acts: { it: "Atti", en: "Acts", de: "Akte" },
  documents: { it: "Documenti", en: "Documents", de: "Dokumente" },
  save: { it: "Salva «{name}»", en: "Save “{name}”", de: "„{name}“ speichern" },
  position: { it: "Posizione nel registro", en: "Position in the log", de: "Position im Register" },
  when: { it: "Quando", en: "When", de: "Wann" },
  who: { it: "Chi", en: "Who", de: "Wer" },
  protocol: { it: "Numero di protocollo", en: "Protocol number", de: "Protokollnummer" },
  service: { it: "Servizio", en: "Service", de: "Dienst" },
  everything: { it: "Tutto il contenuto registrato", en: "The whole recorded content", de: "Der ganze eingetragene Inhalt" },
  yes: { it: "sì", en: "yes", de: "ja" },
  no: { it: "no", en: "no", de: "nein" },
  nothing: { it: "nessun valore", en: "no value", de: "kein Wert" },
  logKey: { it: "Chiave del registro in questa pagina", en: "The log's key in this page", de: "Schlüssel des Registers in dieser Seite" },
  offline: {
    it: "Questa pagina funziona senza rete, anche salvata sul tuo dispositivo.",
    en: "This page works without network, also when saved on your device.",
    de: "Diese Seite funktioniert ohne Netz, auch auf Ihrem Gerät gespeichert.",
  },
  languages: { it: "Lingua", en: "Language", de: "Sprache" },
};

const KINDS = {
  "submitted": { it: "Domanda presentata", en: "Application submitted", de: "Antrag eingereicht" },
  "taken": { it: "Pratica presa in carico", en: "Case taken in charge", de: "Vorgang übernommen" },
  "released": { it: "Pratica rilasciata", en: "Case released", de: "Vorgang freigegeben" },
  "integration-requested": { it: "Integrazione richiesta", en: "Further information requested", de: "Ergänzung angefordert" },
  "integration-supplied": { it: "Integrazione presentata", en: "Further information supplied", de: "Ergänzung eingereicht" },
  "integration-lapsed": { it: "Termine per l'integrazione scaduto", en: "Time for further information lapsed", de: "Frist für die Ergänzung abgelaufen" },
  "note-added": { it: "Nota aggiunta", en: "Note added", de: "Notiz hinzugefügt" },
  "refusal-proposed": { it: "Preavviso di rigetto", en: "Notice before refusal", de: "Vorankündigung der Ablehnung" },
  "filing-contested": { it: "Presentazione contestata", en: "Filing contested", de: "Einreichung beanstandet" },
  "observations-filed": { it: "Osservazioni presentate", en: "Observations filed", de: "Stellungnahme eingereicht" },
  "granted": { it: "Domanda accolta", en: "Application granted", de: "Antrag bewilligt" },
  "refused": { it: "Domanda respinta", en: "Application refused", de: "Antrag abgelehnt" },
  "withdrawn": { it: "Domanda ritirata", en: "Application withdrawn", de: "Antrag zurückgezogen" },
  "letter-issued": { it: "Comunicazione emessa", en: "Letter issued", de: "Schreiben ausgestellt" },
};

const FIELDS = {
  act_seq: { it: "Atto a cui si riferisce", en: "Act it refers to", de: "Bezogener Akt" },
  authority: { it: "A quale titolo", en: "By which title", de: "Mit welcher Befugnis" },
  actor: { it: "Chi ha agito", en: "Who acted", de: "Handelnde Person" },
  amount: { it: "Importo", en: "Amount", de: "Betrag" },
  answers: { it: "Risposte", en: "Answers", de: "Antworten" },
  applicant: { it: "Richiedente", en: "Applicant", de: "Antragsteller" },
  at: { it: "Data e ora (UTC)", en: "Date and time (UTC)", de: "Datum und Uhrzeit (UTC)" },
  attachments: { it: "Allegati", en: "Attachments", de: "Anlagen" },
  case: { it: "Pratica", en: "Case", de: "Vorgang" },
  deadline: { it: "Scadenza", en: "Deadline", de: "Frist" },
  decided_by: { it: "Chi decide", en: "Who decides", de: "Wer entscheidet" },
  decision: { it: "Esito delle regole", en: "Outcome of the rules", de: "Ergebnis der Regeln" },
  document: { it: "Documento", en: "Document", de: "Dokument" },
  door: { it: "Accesso", en: "Entrance", de: "Zugang" },
  due: { it: "Termine del procedimento", en: "Day by which the proceeding must end", de: "Ende der Bearbeitungsfrist" },
  fields: { it: "Campi richiesti", en: "Fields asked", de: "Angeforderte Felder" },
  file_name: { it: "Nome del file", en: "File name", de: "Dateiname" },
  fiscal_code: { it: "Codice fiscale", en: "Tax code", de: "Steuernummer" },
  groups: { it: "Elenchi", en: "Lists", de: "Listen" },
  kind: { it: "Tipo di atto", en: "Kind of act", de: "Art des Akts" },
  label: { it: "Voce", en: "Item", de: "Eintrag" },
  letter: { it: "Comunicazione", en: "Letter", de: "Schreiben" },
  level: { it: "Livello di identità", en: "Identity level", de: "Identitätsstufe" },
  message: { it: "Messaggio", en: "Message", de: "Nachricht" },
  name: { it: "Nome", en: "Name", de: "Name" },
  note: { it: "Nota", en: "Note", de: "Notiz" },
  number: { it: "Numero", en: "Number", de: "Nummer" },
  observations_by: { it: "Termine per le osservazioni", en: "Last day for observations", de: "Frist zur Stellungnahme" },
  office: { it: "Codice dell'ufficio", en: "Office code", de: "Kürzel des Amts" },
  office_name: { it: "Ufficio", en: "Office", de: "Amt" },
  officer: { it: "Codice dell'operatore", en: "Officer code", de: "Kürzel der zuständigen Person" },
  officer_name: { it: "Operatore", en: "Officer", de: "Zuständige Person" },
  on_behalf_of: { it: "Per conto di", en: "On behalf of", de: "Im Namen von" },
  on_observations: { it: "Valutazione delle osservazioni", en: "How the observations were weighed", de: "Würdigung der Stellungnahme" },
  overrides_rules: { it: "Decisione diversa dalle regole", en: "Decision departs from the rules", de: "Abweichung von den Regeln" },
  path: { it: "Campo", en: "Field", de: "Feld" },
  paths: { it: "Campi", en: "Fields", de: "Felder" },
  payload: { it: "Contenuto", en: "Content", de: "Inhalt" },
  principal: { it: "Per chi", en: "For whom", de: "Für wen" },
  protocol: { it: "Protocollo", en: "Protocol", de: "Protokoll" },
  reason: { it: "Motivo", en: "Reason", de: "Grund" },
  reasons: { it: "Motivi", en: "Reasons", de: "Gründe" },
  recorded_on: { it: "Dato registrato il", en: "Recorded on", de: "Erfasst am" },
  registry: { it: "Codice della banca dati", en: "Registry code", de: "Kürzel des Registers" },
  registry_name: { it: "Banca dati", en: "Registry", de: "Register" },
  remedies: { it: "Che cosa fare se il termine non è rispettato", en: "What to do if the term is not kept", de: "Was tun, wenn die Frist nicht eingehalten wird" },
  responsible: { it: "Responsabile del procedimento", en: "Person responsible for the proceeding", de: "Verantwortliche Person" },
  seq: { it: "Numero dell'atto nella pratica", en: "Number of the act in the case", de: "Nummer des Akts im Vorgang" },
  service: { it: "Codice del servizio", en: "Service code", de: "Kürzel des Dienstes" },
  service_name: { it: "Servizio", en: "Service", de: "Dienst" },
  service_version: { it: "Versione del servizio", en: "Version of the service", de: "Version des Dienstes" },
  sha256: { it: "Impronta SHA-256", en: "SHA-256 digest", de: "SHA-256-Prüfwert" },
  sources: { it: "Provenienza dei dati", en: "Where the data come from", de: "Herkunft der Daten" },
  subject: { it: "Codice fiscale o identificativo", en: "Tax code or identifier", de: "Steuernummer oder Kennung" },
  text: { it: "Testo", en: "Text", de: "Text" },
  title: { it: "Titolo", en: "Title", de: "Titel" },
  unit: { it: "Unità", en: "Unit", de: "Einheit" },
  values: { it: "Valori", en: "Values", de: "Werte" },
  year: { it: "Anno", en: "Year", de: "Jahr" },
};

/** A text with its particulars filled in. */
function fill(template, particulars) {
  return template.replace(/\{(\w+)\}/g, (whole, key) => (Object.hasOwn(particulars, key) ? String(particulars[key]) : whole));
}

const flawText = (flaw, language) => fill(FLAWS[flaw.code][language], flaw.particulars);
const pageText = (key, language, particulars = {}) => fill(TEXTS[key][language], particulars);
const labelOf = (table, key, language) => (Object.hasOwn(table, key) ? table[key][language] : key);
