"""Writes what a data folder of a release holds as a fixture that either engine can take in.

    python3 app/tests/it/releases/record.py DATA app/tests/it/releases/0.1.0

One line for each row: table, and the values by column; bytes as base64. The first table is the history of the schema, so
that a test can make the tables as the release had them. Sessions and messages of logins are left out, and so are keys that
are made anew when they are missing. The people are invented; the keys are those of the demonstration that wrote the
book, and sign nothing else.
"""

import base64
import gzip
import json
import pathlib
import shutil
import sqlite3
import sys

LEFT_OUT = {"web_sessions", "web_parked", "identity_logins", "identity_assertions", "identity_messages"}


def order(book):
    """Tables behind those that they point to."""
    names = [name for (name,) in book.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    names = [name for name in names if not name.startswith("sqlite_") and name not in LEFT_OUT]
    ordered = ["schema_history"]
    while len(ordered) < len(names):
        for name in names:
            needs = {row[2] for row in book.execute(f'PRAGMA foreign_key_list("{name}")')} - {name}
            if name not in ordered and needs <= set(ordered):
                ordered.append(name)
    return ordered


def value(own):
    return {"base64": base64.b64encode(own).decode()} if isinstance(own, bytes) else own


def main(data, release):
    book = sqlite3.connect(f"file:{data / 'sportello.db'}?mode=ro", uri=True)
    release.mkdir(parents=True, exist_ok=True)
    with gzip.GzipFile(release / "book.jsonl.gz", "wb", mtime=0) as out:
        for table in order(book):
            rows = book.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in rows.description]
            for row in rows:
                line = {"table": table, "row": dict(zip(columns, map(value, row)))}
                out.write((json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n").encode())
    (release / "keys").mkdir(exist_ok=True)
    for name in ("registro.key", "seal.key", "seal.crt"):
        if (data / "keys" / name).exists():
            shutil.copy(data / "keys" / name, release / "keys" / name)


main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
