// node --test content/verifica/
// The page's code against the receipts that the Rust engine made (samples.json), and against the platform's own
// cryptography.

import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { runInThisContext } from "node:vm";

const read = (name) => readFileSync(new URL(name, import.meta.url), "utf8");
/** In the order in which the page includes them. */
const SCRIPT = ["crypto.js", "receipt.js", "words.js", "page.js"].map(read).join("");
const EXPORTS = "{ verifyReceipt, verifyEd25519, sha256, sha512, flawText, siblingSides, byCodePoint, Flaw, FLAWS, TEXTS, KINDS, FIELDS }";
const page = runInThisContext(`(() => {${SCRIPT}; return ${EXPORTS}; })()`);
const samples = JSON.parse(read("samples.json"));
const receipt = new TextEncoder().encode(samples.receipt);

/** What the page finds, in the form of the samples. */
function outcome(bytes, key = samples.key) {
  try {
    page.verifyReceipt(bytes, key);
    return { genuine: true };
  } catch (flaw) {
    if (!(flaw instanceof page.Flaw)) throw flaw;
    const [it, en, de] = ["it", "en", "de"].map((language) => page.flawText(flaw, language));
    return { code: flaw.code, it, en, de };
  }
}

test("digests are those of the platform", () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 111, 112, 119, 127, 128, 129, 1000]) {
    const bytes = randomBytes(length);
    for (const name of ["sha256", "sha512"]) {
      const expected = createHash(name).update(bytes).digest("hex");
      assert.equal(Buffer.from(page[name](new Uint8Array(bytes))).toString("hex"), expected, `${name} of ${length} bytes`);
    }
  }
});

test("signatures of the platform verify, and no other", () => {
  for (let round = 0; round < 8; round += 1) {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const key = new Uint8Array(publicKey.export({ type: "spki", format: "der" }).subarray(-32));
    const message = new Uint8Array(randomBytes(round * 37));
    const signature = new Uint8Array(sign(null, message, privateKey));
    assert.ok(page.verifyEd25519(key, message, signature));
    for (const part of [key, signature, ...(round > 0 ? [message] : [])]) {
      const at = randomBytes(1)[0] % part.length;
      part[at] ^= 1;
      assert.ok(!page.verifyEd25519(key, message, signature));
      part[at] ^= 1;
    }
    assert.ok(!page.verifyEd25519(key, message, signature.slice(0, 63)));
  }
});

test("weak keys and a second form of a signature are refused", () => {
  const neutral = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : 0));
  assert.ok(!page.verifyEd25519(neutral, new Uint8Array(3), Uint8Array.of(...neutral, ...new Uint8Array(32))));
  // Under the neutral element as key, the generator with S = 1 would sign anything.
  const generator = new Uint8Array(32).fill(0x66);
  generator[0] = 0x58;
  const one = neutral;
  assert.ok(!page.verifyEd25519(neutral, new Uint8Array(3), Uint8Array.of(...generator, ...one)));
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const key = new Uint8Array(publicKey.export({ type: "spki", format: "der" }).subarray(-32));
  const signature = new Uint8Array(sign(null, Buffer.from("x"), privateKey));
  // S plus the order of the group satisfies the same equation.
  let carry = 2n ** 252n + 27742317777372353535851937790883648493n;
  for (let i = 32; i < 64; i += 1) {
    carry += BigInt(signature[i]);
    signature[i] = Number(carry & 255n);
    carry >>= 8n;
  }
  assert.ok(!page.verifyEd25519(key, new TextEncoder().encode("x"), signature));
});

test("a genuine receipt says the same as the Rust engine", () => {
  const { acts, documents, origin, treeSize, trusted } = page.verifyReceipt(receipt, samples.key);
  const listed = documents.map(({ name, sha256 }) => ({ name, sha256 }));
  assert.deepEqual({ acts, documents: listed, origin, tree_size: treeSize, trusted }, samples.verified);
});

test("without a key in the page a receipt is consistent, not trusted", () => {
  assert.equal(page.verifyReceipt(receipt, null).trusted, false);
});

test("a receipt of another office is refused", () => {
  assert.equal(outcome(receipt, samples.other_key).code, "key-not-trusted");
});

test("every spoilt receipt is refused for the same reason and in the same words as in Rust", () => {
  const codes = new Set(["too-large"]);
  for (const { file, outcome: expected } of samples.spoilt) {
    assert.deepEqual(outcome(new TextEncoder().encode(file)), expected, file);
    codes.add(expected.code);
  }
  assert.deepEqual([...codes].sort(), Object.keys(page.FLAWS).sort(), "a flaw that no sample shows");
  assert.equal(outcome(new Uint8Array(32 * 1024 * 1024 + 1)).code, "too-large");
});

test("the lowest bit flipped in any byte is found, for the same reason as in Rust", () => {
  const expected = samples.flips.flatMap(([code, times]) => Array(times).fill(code));
  assert.equal(expected.length, receipt.length);
  for (let at = 0; at < receipt.length; at += 1) {
    const flipped = receipt.slice();
    flipped[at] ^= 1;
    assert.equal(outcome(flipped).code, expected[at], `byte ${at}`);
  }
});

test("any other change of a byte, any cut and any lost byte is found", () => {
  for (let at = 0; at < receipt.length; at += 1) {
    const changed = receipt.slice();
    changed[at] ^= 2 << (at % 7);
    assert.ok(!outcome(changed, null).genuine, `byte ${at} changed`);
    assert.ok(!outcome(receipt.slice(0, at), null).genuine, `cut at ${at}`);
    assert.ok(!outcome(Uint8Array.of(...receipt.slice(0, at), ...receipt.slice(at + 1)), null).genuine, `byte ${at} lost`);
  }
});

test("documents are ordered as UTF-8 bytes are", () => {
  const names = ["a", "ab", "b", "à", "\uffee", "\u{1f600}", "a\u{1f600}", ""];
  const asBytes = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  assert.deepEqual([...names].sort(page.byCodePoint), asBytes);
});

test("the words of the flaws are those of the Rust engine, and every text is in three languages", () => {
  const ours = Object.entries(page.FLAWS).flatMap(([code, texts]) =>
    ["it", "en", "de"].map((language) => [code, language, texts[language]]));
  assert.deepEqual(ours, samples.words);
  for (const table of [page.TEXTS, page.KINDS, page.FIELDS]) {
    for (const [key, texts] of Object.entries(table)) {
      assert.deepEqual(Object.keys(texts), ["it", "en", "de"], key);
      assert.ok(Object.values(texts).every((text) => text.trim() !== ""), key);
    }
  }
});

test("the page reaches for nothing outside itself and can be inlined", () => {
  const template = read("verifica.html");
  for (const place of ["{{STYLE}}", "{{SCRIPT}}", "{{CHECKER}}"]) assert.equal(template.split(place).length, 2, place);
  const html = template.replace("{{CHECKER}}", read("controllo.html"));
  assert.ok(html.includes('name="sportello-log-key" content="{{LOG_VKEY}}"'));
  for (const [name, text] of [["html", html], ["css", read("verifica.css")], ["script", SCRIPT]]) {
    assert.doesNotMatch(text, /https?:|url\(|@import|fetch\(|XMLHttpRequest|innerHTML|eval\(|style=|\bon\w+=/, name);
  }
  assert.doesNotMatch(SCRIPT, /<\/?script|<!--/i);
  assert.doesNotMatch(SCRIPT + read("verifica.css"), /\{\{(STYLE|SCRIPT|LOG_VKEY)\}\}/);
  const used = [...html.matchAll(/data-text="(\w+)"/g)].map(([, key]) => key);
  assert.ok(used.length > 4 && used.every((key) => Object.hasOwn(page.TEXTS, key)));
});
