// The check of a receipt, step by step as engines/proofs does it: form, key, checkpoint, acts, documents.
// The format is described in engines/proofs/README.md.

const FORMAT = "sportello-ricevuta/1";
const MAX_BYTES = 32 * 1024 * 1024;
const MAX_ACTS = 1000;
const MAX_DOCUMENTS = 100;
const MAX_NAME_CHARS = 200;
const MAX_NOTE_BYTES = 256 * 1024;
const MAX_SIGNATURES = 64;

/** What is wrong with a receipt: a code of the table of words, and its particulars. */
/** How every PDF begins: `%PDF-`. */
const PDF = [0x25, 0x50, 0x44, 0x46, 0x2d];

class Flaw extends Error {
  constructor(code, particulars = {}) {
    super(code);
    this.code = code;
    this.particulars = particulars;
  }
}

const utf8 = (text) => new TextEncoder().encode(text);
const sameBytes = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Checks the bytes of a receipt. `trusted` is the key (a text) of the log, or null to use the one in the file. */
function verifyReceipt(bytes, trusted) {
  const receipt = decodeReceipt(bytes);
  if (trusted !== null && trusted !== receipt.key) throw new Flaw("key-not-trusted");
  const checkpoint = checkCheckpoint(receipt.checkpoint, readKey(receipt.key));
  const acts = receipt.acts.map((act, i) => checkAct(act, { act: i + 1, position: act.position }, checkpoint));
  const stated = acts.flatMap((act) => statedDocuments(act.content));
  for (const document of receipt.documents) checkDocument(document, stated);
  const documents = receipt.documents.map(({ name, sha256, bytes: content }) => ({ name, sha256, content }));
  return { acts, documents, origin: checkpoint.origin, treeSize: checkpoint.size, trusted: trusted !== null };
}

// --- form -----------------------------------------------------------------------------------------------------------

function decodeReceipt(bytes) {
  if (bytes.length > MAX_BYTES) throw new Flaw("too-large");
  if (PDF.every((byte, i) => byte === bytes[i])) throw new Flaw("pdf");
  const value = parseJson(bytes);
  if (!hasShape(value) || value.format !== FORMAT) throw new Flaw(isOtherVersion(value) ? "other-version" : "not-a-receipt");
  if (readKey(value.key) === null) throw new Flaw("key-unreadable");
  const receipt = { ...value, acts: value.acts.map(readAct), documents: value.documents.map(readDocument) };
  const counted = value.acts.length > 0 && value.acts.length <= MAX_ACTS && value.documents.length <= MAX_DOCUMENTS;
  const readable = !receipt.acts.includes(null) && !receipt.documents.includes(null);
  if (!counted || !readable || repeats(value.acts, "position") || repeats(value.documents, "name")) {
    throw new Flaw("not-a-receipt");
  }
  const expected = utf8(canonicalText(value));
  const byte = expected.findIndex((byte, i) => byte !== bytes[i]);
  if (byte >= 0 || bytes.length !== expected.length) throw new Flaw("wrapping", { byte: byte < 0 ? expected.length : byte });
  return receipt;
}

function parseJson(bytes) {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return null;
  }
}

const isText = (value) => typeof value === "string" && !/\p{Surrogate}/u.test(value);
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const hasFields = (value, fields) =>
  isObject(value) && Object.keys(value).length === fields.length && fields.every((field) => Object.hasOwn(value, field));

function hasShape(value) {
  const isPosition = (number) => Number.isSafeInteger(number) && number >= 0 && !Object.is(number, -0);
  const isAct = (act) =>
    hasFields(act, ["position", "content", "salt", "digest", "proof"]) &&
    isPosition(act.position) && [act.content, act.salt, act.digest].every(isText) &&
    Array.isArray(act.proof) && act.proof.every(isText);
  const isDocument = (document) =>
    hasFields(document, ["name", "sha256", "content"]) && Object.values(document).every(isText);
  return (
    hasFields(value, ["format", "acts", "documents", "checkpoint", "key"]) &&
    [value.format, value.checkpoint, value.key].every(isText) &&
    Array.isArray(value.acts) && value.acts.every(isAct) &&
    Array.isArray(value.documents) && value.documents.every(isDocument)
  );
}

const isOtherVersion = (value) =>
  isObject(value) && isText(value.format) && value.format !== FORMAT && /^sportello-ricevuta\/[0-9]+$/.test(value.format);

const repeats = (items, field) => items.some((item, i) => i > 0 && item[field] === items[i - 1][field]);

/** Unicode order, which is that of UTF-8 bytes; JavaScript's own differs beyond the basic plane. */
function byCodePoint(a, b) {
  const [left, right] = [Array.from(a), Array.from(b)];
  const at = left.findIndex((char, i) => char !== right[i]);
  if (at < 0) return left.length - right.length;
  return at < right.length ? left[at].codePointAt(0) - right[at].codePointAt(0) : 1;
}

function canonicalText({ format, acts, documents, checkpoint, key }) {
  const sortedActs = [...acts].sort((a, b) => a.position - b.position);
  const sortedDocuments = [...documents].sort((a, b) => byCodePoint(a.name, b.name));
  const writeAct = ({ position, content, salt, digest, proof }) => ({ position, content, salt, digest, proof });
  const writeDocument = ({ name, sha256, content }) => ({ name, sha256, content });
  const whole = { format, acts: sortedActs.map(writeAct), documents: sortedDocuments.map(writeDocument), checkpoint, key };
  return JSON.stringify(whole) + "\n";
}

/** Strict base64, or null: decoding and writing again must give the same text. */
function fromBase64(text) {
  try {
    const binary = atob(text);
    return btoa(binary) === text ? Uint8Array.from(binary, (char) => char.charCodeAt(0)) : null;
  } catch {
    return null;
  }
}

function hashFromBase64(text) {
  const bytes = fromBase64(text);
  return bytes !== null && bytes.length === 32 ? bytes : null;
}

function readAct({ position, content, salt, digest, proof }) {
  const act = { position, content, salt: hashFromBase64(salt), digest: hashFromBase64(digest), proof: proof.map(hashFromBase64) };
  return act.salt === null || act.digest === null || act.proof.includes(null) ? null : act;
}

function readDocument({ name, sha256, content }) {
  const bytes = fromBase64(content);
  const fileName = name !== "" && Array.from(name).length <= MAX_NAME_CHARS && !/^\.|[\p{Cc}/\\:]/u.test(name);
  return bytes !== null && fileName && /^[0-9a-f]{64}$/.test(sha256) ? { name, sha256, bytes } : null;
}

// --- key and checkpoint ---------------------------------------------------------------------------------------------

const isKeyName = (name) => name !== "" && !/[\p{White_Space}+\u0000-\u001f]/u.test(name);

/** A key `name+identifier+base64` (C2SP signed-note, Ed25519), or null. */
function readKey(text) {
  const [name, id, ...rest] = text.split("+");
  const typed = fromBase64(rest.join("+"));
  if (id === undefined || typed === null || typed.length !== 33 || typed[0] !== 1 || !isKeyName(name)) return null;
  const idBytes = sha256(joinBytes(utf8(name + "\n"), typed)).slice(0, 4);
  const publicKey = typed.slice(1);
  return hex(idBytes) === id && isUsableKey(publicKey) ? { name, idBytes, publicKey } : null;
}

/** A signed note as { text, signatures }, or null. */
function readNote(note) {
  const lastEmptyLine = note.lastIndexOf("\n\n");
  if (utf8(note).length > MAX_NOTE_BYTES || /[\u0000-\u0009\u000b-\u001f]/.test(note) || lastEmptyLine < 0) return null;
  const text = note.slice(0, lastEmptyLine + 1);
  const lines = note.slice(lastEmptyLine + 2);
  if (!lines.endsWith("\n")) return null;
  const signatures = lines.slice(0, -1).split("\n").map(readSignature);
  return signatures.length > MAX_SIGNATURES || signatures.includes(null) ? null : { text, signatures };
}

function readSignature(line) {
  const [, name, data] = /^\u2014 ([^ ]*) (.*)$/u.exec(line) ?? [];
  const bytes = name === undefined || !isKeyName(name) ? null : fromBase64(data);
  return bytes === null || bytes.length < 5 ? null : { name, idBytes: bytes.slice(0, 4), bytes: bytes.slice(4) };
}

/** The text of a checkpoint as { origin, size, root }, or null. */
function readCheckpoint(text) {
  const lines = text.split("\n");
  if (lines.pop() !== "" || lines.length < 3 || lines.includes("")) return null;
  const [origin, sizeText, rootText] = lines;
  const size = /^(0|[1-9][0-9]*)$/.test(sizeText) ? Number(sizeText) : NaN;
  const root = hashFromBase64(rootText);
  return Number.isSafeInteger(size) && root !== null ? { origin, size, root } : null;
}

function checkCheckpoint(text, key) {
  const note = readNote(text);
  const checkpoint = note && readCheckpoint(note.text);
  if (!checkpoint) throw new Flaw("checkpoint-unreadable");
  if (checkpoint.origin !== key.name) throw new Flaw("checkpoint-of-other-log");
  const [only] = note.signatures;
  const oursAlone = note.signatures.length === 1 && only.name === key.name && sameBytes(only.idBytes, key.idBytes);
  if (!oursAlone) throw new Flaw("checkpoint-signer");
  if (!verifyEd25519(key.publicKey, utf8(note.text), only.bytes)) throw new Flaw("checkpoint-signature");
  return checkpoint;
}

// --- acts and documents ---------------------------------------------------------------------------------------------

const actDigest = (salt, content) => sha256(joinBytes(utf8("sportello/act/v1\n"), salt, utf8(content)));
const leafHash = (entry) => sha256(joinBytes([0], entry));
const nodeHash = (left, right) => sha256(joinBytes([1], left, right));

/** For each sibling on the way from leaf `index` up to the root: whether it stands on the left. Null outside the tree. */
function siblingSides(index, size) {
  if (index >= size) return null;
  const sides = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    let half = 1;
    while (half * 2 < end - start) half *= 2;
    const siblingOnLeft = index >= start + half;
    sides.unshift(siblingOnLeft);
    if (siblingOnLeft) start += half;
    else end = start + half;
  }
  return sides;
}

function isInTree(digest, { position, proof }, { size, root }) {
  const sides = siblingSides(position, size);
  if (sides === null || sides.length !== proof.length) return false;
  const climb = (hash, sibling, i) => (sides[i] ? nodeHash(sibling, hash) : nodeHash(hash, sibling));
  return sameBytes(proof.reduce(climb, leafHash(digest)), root);
}

function checkAct(act, place, checkpoint) {
  const computed = actDigest(act.salt, act.content);
  const agrees = sameBytes(computed, act.digest);
  if (!isInTree(computed, act, checkpoint)) {
    const textChanged = !agrees && isInTree(act.digest, act, checkpoint);
    throw new Flaw(textChanged ? "act-changed" : "act-not-in-log", place);
  }
  if (!agrees) throw new Flaw("act-digest", place);
  const content = parseJson(utf8(act.content));
  if (!isObject(content) || !isText(content.kind) || !isText(content.at)) throw new Flaw("act-unreadable", place);
  return { position: act.position, kind: content.kind, at: content.at, content };
}

/** What the acts state of documents: every object with a text `sha256` and a name, however deep. */
function statedDocuments(value) {
  if (typeof value !== "object" || value === null) return [];
  const name = Array.isArray(value) ? undefined : statedName(value);
  const own = name !== undefined && isText(value.sha256) ? [{ name, sha256: value.sha256 }] : [];
  return [...own, ...Object.values(value).flatMap(statedDocuments)];
}

/** The first of these that is there: `document` is the identifier of a PDF that the office composed. */
function statedName({ name, file_name: fileName, document }) {
  return [name, fileName, isText(document) ? `${document}.pdf` : undefined].find(isText);
}

function checkDocument({ name, sha256: written, bytes }, stated) {
  const computed = hex(sha256(bytes));
  const agrees = computed === written;
  if (agrees && stated.some((document) => document.name === name && document.sha256 === computed)) return;
  if (agrees && stated.some((document) => document.sha256 === computed)) throw new Flaw("document-renamed", { name });
  const named = stated.some((document) => document.name === name);
  throw new Flaw(agrees && !named ? "document-unknown" : "document-changed", { name });
}
