"""Independent vectors for the tree, the tiles and the notes: written from the specifications, sharing nothing with the crate.

    python3 tests/it/vectors.py > tests/it/vectors.json      (needs the package `cryptography`)
"""
import base64, hashlib, json
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

sha = lambda *parts: hashlib.sha256(b"".join(parts)).digest()
b64 = lambda data: base64.b64encode(data).decode()
entries = [sha(b"entry %d" % n) for n in range(600)]

def split(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k

def mth(d):  # RFC 6962, 2.1
    if not d:
        return sha()
    return sha(b"\0", d[0]) if len(d) == 1 else sha(b"\1", mth(d[: split(len(d))]), mth(d[split(len(d)) :]))

def path(m, d):  # 2.1.1
    if len(d) == 1:
        return []
    k = split(len(d))
    return path(m, d[:k]) + [mth(d[k:])] if m < k else path(m - k, d[k:]) + [mth(d[:k])]

def subproof(m, d, whole):  # 2.1.2
    if m == len(d):
        return [] if whole else [mth(d)]
    k = split(len(d))
    return subproof(m, d[:k], whole) + [mth(d[k:])] if m <= k else subproof(m - k, d[k:], False) + [mth(d[:k])]

def key():
    name, secret = "registro.esempio.it/atti", sha(b"secret of the vectors")
    private = Ed25519PrivateKey.from_private_bytes(secret)
    public = private.public_key().public_bytes_raw()
    ident = sha(name.encode(), b"\n\1", public)[:4]
    text = "%s\n600\n%s\n" % (name, b64(mth(entries)))
    line = "— %s %s\n" % (name, b64(ident + private.sign(text.encode())))
    tail = lambda data: "%s+%s+%s" % (name, ident.hex(), b64(b"\1" + data))
    return {"vkey": tail(public), "skey": "PRIVATE+KEY+" + tail(secret), "checkpoint": text + "\n" + line}

def act():
    salt, content = sha(b"salt"), '{"kind":"prova","perché":"così"}'
    return {"salt": b64(salt), "content": content, "digest": b64(sha(b"sportello/act/v1\n", salt, content.encode()))}

tile = lambda level, n: b"".join(mth(entries[i : i + 256**level]) for i in range(n * 256 ** (level + 1), min(600 - 600 % 256**level, (n + 1) * 256 ** (level + 1)), 256**level))
print(json.dumps({
    "roots": {n: b64(mth(entries[:n])) for n in (0, 1, 2, 3, 7, 8, 255, 256, 257, 511, 512, 600)},
    "inclusion": [{"index": m, "size": n, "proof": [b64(h) for h in path(m, entries[:n])]} for m, n in ((0, 1), (4, 7), (255, 256), (256, 257), (300, 600), (599, 600))],
    "consistency": [{"old": m, "size": n, "proof": [b64(h) for h in subproof(m, entries[:n], True)]} for m, n in ((1, 1), (3, 7), (4, 7), (6, 8), (256, 600), (257, 600), (599, 600))],
    "tiles": {p: hashlib.sha256(tile(*at)).hexdigest() for p, at in {"tile/0/000": (0, 0), "tile/0/001": (0, 1), "tile/0/002.p/88": (0, 2), "tile/1/000.p/2": (1, 0)}.items()},
    "note": key(), "act": act(),
}, indent=1, ensure_ascii=False))
