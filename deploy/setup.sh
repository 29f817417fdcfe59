#!/bin/sh
# Makes a Debian machine with Rust and Node ready for Sportello: installs what is missing if it may, else names it.
set -eu

say() { printf '· %s\n' "$1"; }
fail() { printf 'Sportello cannot be built here yet: %s\n' "$1" >&2; exit 1; }

command -v cargo >/dev/null || fail 'Rust is missing. Install it from https://rustup.rs and run this command again.'
command -v node >/dev/null || fail 'Node.js (20 or newer) is missing. Install it and run this command again.'

# package:what it brings. `tests` adds the browser, the PDF and XML tools, a second reader of the law and the test runners.
needed='gcc:gcc make:make cmake:cmake mold:mold'
tools=''
if [ "${1:-}" = tests ]; then
    needed="$needed chromium:chromium poppler-utils:pdftotext qpdf:qpdf libxml2-utils:xmllint xmlsec1:xmlsec1 openssl:openssl python3:python3"
    tools='cargo-nextest:0.9 cargo-deny:0.20'
fi
missing=''
for pair in $needed; do
    command -v "${pair#*:}" >/dev/null || missing="$missing ${pair%%:*}"
done
# Debian keeps the server out of the path, one folder for each version.
if [ "${1:-}" = tests ]; then
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
    # Debian parts environments from Python.
    python3 -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv"
fi

if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "installing$missing"
        apt-get update -qq || say 'the package lists could not be refreshed: going on with those that are there'
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
    else
        fail "these packages are missing:$missing. Run: sudo apt-get install$missing"
    fi
fi

for tool in $tools; do
    name=${tool%%:*}
    if ! command -v "$name" >/dev/null; then
        say "installing $name (once, a few minutes)"
        CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$HOME/.cache/sportello/target}/tools" \
            cargo install --quiet --locked "$name" --version "^${tool#*:}"
    fi
done
