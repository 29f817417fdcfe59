#!/bin/sh
# Pages of Sportello in Chromium: run.sh PROGRAM. Starts the program on a free port with few people and a data folder of
# its own, runs the tests, ends the program and removes the folder whatever happens.
set -eu

program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
[ -x "$program" ] || { printf 'run.sh: there is no program at %s\n' "$program" >&2; exit 1; }
[ -x "${CHROMIUM:=/usr/bin/chromium}" ] || { printf 'run.sh: Chromium is missing at %s\n' "$CHROMIUM" >&2; exit 1; }

if [ ! "$here/node_modules/.package-lock.json" -nt "$here/package-lock.json" ]; then
    echo '· fetching the browser tests’ tools (npm)'
    (cd "$here" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --silent && touch node_modules/.package-lock.json)
fi

data=$(mktemp -d)
port=$(node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')
pid=''
finish() {
    [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
    [ -z "$pid" ] || wait "$pid" 2>/dev/null || true
    rm -rf "$data"
}
trap finish EXIT
trap 'exit 130' INT TERM

echo "· starting the program on port $port"
(cd "$root" && exec "$program" demo --data "$data" --port "$port" --people 300) >"$data/program.log" 2>&1 &
pid=$!

tries=0
until node -e "fetch('http://localhost:$port/salute').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"; do
    tries=$((tries + 1))
    if [ "$tries" -ge 120 ] || ! kill -0 "$pid" 2>/dev/null; then
        printf 'run.sh: the program does not answer\n' >&2
        cat "$data/program.log" >&2
        exit 1
    fi
    sleep 0.5
done

mkdir -p "$here/output"
cd "$here"
outcome=0
SPORTELLO_PROGRAM="$program" SPORTELLO="http://localhost:$port" CHROMIUM="$CHROMIUM" node --test --test-concurrency=1 tests/*.test.mjs || outcome=$?
cp "$data/program.log" "$here/output/program.log"
exit "$outcome"
