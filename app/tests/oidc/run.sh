#!/bin/sh
# The program in a federation of OpenID Connect that others wrote: run.sh PROGRAM. Sets up the package spid-cie-oidc once in the
# home cache, starts its trust anchor and its provider of CIE on loopback, and the program as a relying party below the same
# anchor; lets a person come in and out; then takes away, one after the other, what the trust stands on. Ends everything and
# removes its data whatever happens.
set -eu

program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
name=test-oidc
. "$here/../tools.sh"
[ -x "$program" ] || fail "there is no program at $program"
command -v python3 >/dev/null || fail 'python3 is missing: run make setup-tests'

tools=$(fetched spid-cie-oidc --no-deps)
python="$tools/bin/python"

data=$(mktemp -d)
federation='' pid=''
finish() {
    end "$pid"
    end "$federation"
    rm -rf "$data"
}
trap finish EXIT
trap 'exit 130' INT TERM
give_up() {
    cp "$data"/*.log "${TMPDIR:-/tmp}/" 2>/dev/null || true
    fail "$1; see program.log and federation.log in ${TMPDIR:-/tmp}"
}

free() { "$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
anchor_port=$(free)
port=$(free)
anchor="http://127.0.0.1:$anchor_port"
own="http://127.0.0.1:$port"
federate() { (cd "$data" && "$python" -W ignore "$here/federation.py" "$1" "$anchor_port" "$data" ${2:+"$2"} 2>>"$data/federation.log"); }

echo "· starting a trust anchor and a provider on port $anchor_port"
(cd "$data" && exec "$python" -W ignore "$here/federation.py" serve "$anchor_port" "$data") >"$data/federation.log" 2>&1 &
federation=$!
"$python" "$here/../spid/wait.py" "$anchor/.well-known/openid-federation" || give_up 'the federation does not answer'

sed "s|ANCHOR|$anchor|" "$here/identity.toml" >"$data/identity.toml"
sed -e "s/^mode = .*/mode = \"demo\"/" -e "s/^listen = .*/listen = \"127.0.0.1:$port\"/" \
    -e "s|^public_url = .*|public_url = \"$own\"|" "$root/deploy/sportello.toml" >"$data/sportello.toml"
start() {
    end "$pid"
    (cd "$root" && exec "$program" serve --data "$data" --config "$data/sportello.toml") >>"$data/program.log" 2>&1 &
    pid=$!
    "$python" "$here/../spid/wait.py" "$own/salute" || give_up 'the program does not answer'
}
walk() { timeout 120 "$python" -W ignore "$here/walk.py" "$own" "$anchor" "$1" || give_up "$1"; }

echo "· starting the program on port $port"
start
walk unknown
federate register "$own"
start
"$program" identity check --data "$data" --config "$data/sportello.toml" >"$data/check.log" 2>&1 || true
grep -q 'ci conosce con la chiave che firma oggi' "$data/check.log" || give_up 'identity check does not see that the anchor knows us'
walk known
[ "$(federate tokens)" = '1 1' ] || give_up "one session was left and one was not, the provider says: $(federate tokens)"
federate forget "$anchor/oidc/op"
start
walk gone
federate remember "$anchor/oidc/op"
# The keys of another anchor.
sed -i 's/"n": "..../"n": "AQAB/' "$data/anchor.json"
start
walk gone
