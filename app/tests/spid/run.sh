#!/bin/sh
# What AgID checks of a service provider, against the real program: run.sh PROGRAM. Sets up spid-sp-test once in the home
# cache, starts the program on loopback as a provider of SPID and CIE, runs both profiles, ends the program and removes its
# data whatever happens.
set -eu

program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
name=test-spid
. "$here/../tools.sh"
[ -x "$program" ] || fail "there is no program at $program"
for tool in xmlsec1 openssl python3; do
    command -v "$tool" >/dev/null || fail "$tool is missing: run make setup-tests"
done

tools=$(fetched spid-sp-test)

data=$(mktemp -d)
pid=''
finish() {
    end "$pid"
    rm -rf "$data"
}
trap finish EXIT
trap 'exit 130' INT TERM

# One identity provider for each federation, with keys of today: those that come with the tool have expired.
spid=https://localhost:8443
cie=https://localhost:9443
provider() {
    mkdir -p "$data/$1"
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=Gestore di prova $1" \
        -keyout "$data/$1/private.key" -out "$data/$1/public.cert" 2>/dev/null
    IDP_ENTITYID="$2" IDP_CERT_PATH="$data/$1" "$tools/bin/python" -W ignore "$tools/bin/spid_sp_test" --idp-metadata >"$data/$1.xml"
}
provider spid "$spid"
provider cie "$cie"

port=$("$tools/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cp "$here/identity.toml" "$data/identity.toml"
sed -e "s/^mode = .*/mode = \"demo\"/" -e "s/^listen = .*/listen = \"127.0.0.1:$port\"/" \
    -e "s|^public_url = .*|public_url = \"http://localhost:$port\"|" "$root/deploy/sportello.toml" >"$data/sportello.toml"

echo "· starting the program on port $port"
(cd "$root" && exec "$program" serve --data "$data" --config "$data/sportello.toml") >"$data/program.log" 2>&1 &
pid=$!
"$tools/bin/python" "$here/wait.py" "http://localhost:$port/salute" || { cat "$data/program.log" >&2; fail 'the program does not answer'; }

# federation, profile, entity ID of the identity provider, our metadata, least number of checks, and the options for requests
# and answers; without them the metadata alone are checked
check() {
    (
        federation=$1 profile=$2 issuer=$3 metadata=$4 least=$5
        shift 5
        parts=3
        [ $# -gt 0 ] || parts=1
        cd "$data/$federation"
        IDP_ENTITYID="$issuer" IDP_CERT_PATH="$data/$federation" PYTHONWARNINGS=ignore timeout 300 \
            "$tools/bin/python" "$tools/bin/spid_sp_test" --profile "$profile" --extra --debug CRITICAL \
            --report_format json --report-output-file "$profile.json" --metadata-url "http://localhost:$port$metadata" \
            "$@" >"$profile.txt" 2>&1 || true
        "$tools/bin/python" "$here/report.py" "$profile" "$profile.json" "$least" "$parts" || { tail -n 40 "$profile.txt" >&2; exit 1; }
    )
}
login="http://localhost:$port/accesso/saml/avvia?idp="

outcome=0
check spid spid-sp-public "$spid" /accesso/saml/metadata 300 --authn-url "$login$spid" --test-response &
first=$!
check cie cie-sp-public "$cie" /accesso/cie/metadata 230 --authn-url "$login$cie" --test-response || outcome=1
wait "$first" || outcome=1
# The node of eIDAS reads the same metadata as SPID.
check spid ficep-eidas-sp "$spid" /accesso/saml/metadata 140 || outcome=1
for name in spid cie; do
    "$tools/bin/python" -W ignore "$here/certificate.py" "$data/keys/$name.crt" || outcome=1
done
[ "$outcome" = 0 ] || { cp "$data/program.log" "${TMPDIR:-/tmp}/test-spid-program.log"; fail "see also ${TMPDIR:-/tmp}/test-spid-program.log"; }
