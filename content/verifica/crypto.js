"use strict";
// SHA-256, SHA-512 and the verification of Ed25519, written out because a page opened from disk cannot count on the
// browser's own (crypto.subtle is missing outside secure contexts). Nothing here is secret, so nothing needs to run in
// constant time. The constants are computed from their definition (FIPS 180-4, RFC 8032) rather than copied.

/** The largest whole number whose `n`-th power is not above `value`. */
function wholeRoot(value, n) {
  let low = 0n;
  let high = 1n << BigInt(Math.ceil(value.toString(2).length / Number(n)));
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    if (middle ** n <= value) low = middle;
    else high = middle - 1n;
  }
  return low;
}

function firstPrimes(count) {
  const primes = [];
  for (let n = 2; primes.length < count; n += 1) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return primes;
}

/** The first 64 bits after the point of the `n`-th root of `prime`. */
const rootFraction = (prime, n) => BigInt.asUintN(64, wholeRoot(BigInt(prime) << (64n * n), n));

const SHA512_ROUND = firstPrimes(80).map((prime) => rootFraction(prime, 3n));
const SHA512_START = firstPrimes(8).map((prime) => rootFraction(prime, 2n));
const SHA256_ROUND = Uint32Array.from(SHA512_ROUND.slice(0, 64), (word) => Number(word >> 32n));
const SHA256_START = Uint32Array.from(SHA512_START, (word) => Number(word >> 32n));

/** The message, a one bit, zeros, and the length in bits: whole blocks. */
function padded(bytes, block) {
  const lengthBytes = block / 8;
  const total = Math.ceil((bytes.length + 1 + lengthBytes) / block) * block;
  const out = new Uint8Array(total);
  out.set(bytes);
  out[bytes.length] = 0x80;
  new DataView(out.buffer).setBigUint64(total - 8, BigInt(bytes.length) * 8n);
  return new DataView(out.buffer);
}

/** SHA-256 of a Uint8Array, as 32 bytes. */
function sha256(bytes) {
  const data = padded(bytes, 64);
  const state = SHA256_START.slice();
  const words = new Uint32Array(64);
  for (let at = 0; at < data.byteLength; at += 64) sha256Block(state, words, data, at);
  const out = new DataView(new ArrayBuffer(32));
  state.forEach((word, i) => out.setUint32(i * 4, word));
  return new Uint8Array(out.buffer);
}

function sha256Block(state, w, data, at) {
  const turn = (x, n) => (x >>> n) | (x << (32 - n));
  for (let i = 0; i < 16; i += 1) w[i] = data.getUint32(at + i * 4);
  for (let i = 16; i < 64; i += 1) {
    const s0 = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ (w[i - 15] >>> 3);
    const s1 = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ (w[i - 2] >>> 10);
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i += 1) {
    const choice = (e & f) ^ (~e & g);
    const t1 = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + choice + SHA256_ROUND[i] + w[i]) | 0;
    const t2 = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] += word));
}

/** SHA-512 of a Uint8Array, as 64 bytes. */
function sha512(bytes) {
  const data = padded(bytes, 128);
  const state = BigUint64Array.from(SHA512_START);
  for (let at = 0; at < data.byteLength; at += 128) sha512Block(state, data, at);
  const out = new DataView(new ArrayBuffer(64));
  state.forEach((word, i) => out.setBigUint64(i * 8, word));
  return new Uint8Array(out.buffer);
}

function sha512Block(state, data, at) {
  const turn = (x, n) => (x >> n) | BigInt.asUintN(64, x << (64n - n));
  const w = new BigUint64Array(80);
  for (let i = 0; i < 16; i += 1) w[i] = data.getBigUint64(at + i * 8);
  for (let i = 16; i < 80; i += 1) {
    const s0 = turn(w[i - 15], 1n) ^ turn(w[i - 15], 8n) ^ (w[i - 15] >> 7n);
    const s1 = turn(w[i - 2], 19n) ^ turn(w[i - 2], 61n) ^ (w[i - 2] >> 6n);
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  let [a, b, c, d, e, f, g, h] = state;
  const wrap = (x) => BigInt.asUintN(64, x);
  for (let i = 0; i < 80; i += 1) {
    const choice = (e & f) ^ (wrap(~e) & g);
    const t1 = h + (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + choice + SHA512_ROUND[i] + w[i];
    const t2 = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, wrap(d + t1), c, b, a, wrap(t1 + t2)];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] += word));
}

// --- Ed25519 (RFC 8032, section 5.1) --------------------------------------------------------------------------------

const FIELD = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const inField = (x) => ((x % FIELD) + FIELD) % FIELD;

function power(base, exponent) {
  let result = 1n;
  for (let square = inField(base); exponent > 0n; exponent >>= 1n, square = (square * square) % FIELD) {
    if (exponent & 1n) result = (result * square) % FIELD;
  }
  return result;
}

const inverse = (x) => power(x, FIELD - 2n);
const CURVE_D = inField(-121665n * inverse(121666n));
const ROOT_OF_MINUS_ONE = power(2n, (FIELD - 1n) / 4n);
const NEUTRAL = { x: 0n, y: 1n, z: 1n, t: 0n };

const littleEndian = (bytes) => bytes.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);

/** The point that 32 bytes stand for, or null: only the one canonical spelling of a point on the curve is taken. */
function decodePoint(bytes) {
  const number = littleEndian(bytes);
  const y = BigInt.asUintN(255, number);
  const odd = number >> 255n;
  if (bytes.length !== 32 || y >= FIELD) return null;
  const u = inField(y * y - 1n);
  const v = inField(CURVE_D * y * y + 1n);
  let x = (u * power(v, 3n) * power(u * power(v, 7n), (FIELD - 5n) / 8n)) % FIELD;
  if (inField(v * x * x) !== u) x = (x * ROOT_OF_MINUS_ONE) % FIELD;
  if (inField(v * x * x) !== u || (x === 0n && odd)) return null;
  if ((x & 1n) !== odd) x = FIELD - x;
  return { x, y, z: 1n, t: (x * y) % FIELD };
}

function addPoints(p, q) {
  const a = inField((p.y - p.x) * (q.y - q.x));
  const b = inField((p.y + p.x) * (q.y + q.x));
  const c = inField(2n * p.t * q.t * CURVE_D);
  const d = inField(2n * p.z * q.z);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return { x: inField(e * f), y: inField(g * h), z: inField(f * g), t: inField(e * h) };
}

function multiplyPoint(scalar, point) {
  let result = NEUTRAL;
  for (let step = point; scalar > 0n; scalar >>= 1n, step = addPoints(step, step)) {
    if (scalar & 1n) result = addPoints(result, step);
  }
  return result;
}

const samePoint = (p, q) => inField(p.x * q.z - q.x * p.z) === 0n && inField(p.y * q.z - q.y * p.z) === 0n;

/** Points of small order verify signatures that nobody made. */
const isWeak = (point) => samePoint(multiplyPoint(8n, point), NEUTRAL);

/** The generator: y is 4/5 and x is even. */
const BASE_POINT = decodePoint(
  Uint8Array.from({ length: 32 }, (_, i) => Number((inField(4n * inverse(5n)) >> BigInt(8 * i)) & 255n)),
);

/** Whether 32 bytes are a public key that may be used. */
function isUsableKey(publicKey) {
  const point = decodePoint(publicKey);
  return point !== null && !isWeak(point);
}

/** Whether `signature` (64 bytes) over `message` was made with the private half of `publicKey` (32 bytes). */
function verifyEd25519(publicKey, message, signature) {
  if (signature.length !== 64 || !isUsableKey(publicKey)) return false;
  const key = decodePoint(publicKey);
  const r = decodePoint(signature.slice(0, 32));
  const s = littleEndian(signature.slice(32));
  if (r === null || isWeak(r) || s >= ORDER) return false;
  const k = littleEndian(sha512(joinBytes(signature.slice(0, 32), publicKey, message))) % ORDER;
  return samePoint(multiplyPoint(s, BASE_POINT), addPoints(r, multiplyPoint(k, key)));
}

function joinBytes(...parts) {
  const out = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  parts.reduce((at, part) => (out.set(part, at), at + part.length), 0);
  return out;
}
