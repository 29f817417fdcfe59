#!/bin/sh
# How long `make demo` takes on a machine that has Rust and Node.js and nothing of ours: from the clone to the first page,
# downloads included. Makes a clone of this tree's last commit with an empty home, Cargo home, npm cache, target and data
# folder, runs `make demo` in it until the first page answers, prints clock and processor time, and removes everything.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
place=$(mktemp -d)
pid=''
finish() {
    [ -z "$pid" ] || kill -- "-$pid" 2>/dev/null || true
    rm -rf "$place"
}
trap finish EXIT
trap 'exit 130' INT TERM

# Where Rust stands, and which mirrors this machine downloads from, is part of the machine and not of what is measured.
rustup=${RUSTUP_HOME:-$HOME/.rustup}
mkdir -p "$place/home/.cargo"
for settings in .cargo/config.toml .npmrc; do
    [ ! -f "$HOME/$settings" ] || cp "$HOME/$settings" "$place/home/$settings"
done
[ ! -d "$rustup" ] || export RUSTUP_HOME="$rustup"
export HOME="$place/home" CARGO_HOME="$place/home/.cargo" CARGO_TARGET_DIR="$place/target"
export npm_config_cache="$place/npm" XDG_CACHE_HOME="$place/cache"

began=$(date +%s)
git clone --quiet "$root" "$place/clone"
cd "$place/clone"
# A session of its own, so that make and the program can be ended together.
setsid make demo PORT=0 PEOPLE="${PEOPLE:-10000}" >"$place/said" 2>&1 &
pid=$!
url=''
while [ -z "$url" ]; do
    sleep 0.5
    url=$(sed -n 's/^Sportello è aperto: //p' "$place/said")
    if [ -z "$url" ] && ! kill -0 "$pid" 2>/dev/null; then
        cat "$place/said" >&2
        printf 'fresh-machine.sh: the demonstration did not open\n' >&2
        exit 1
    fi
done
node -e "fetch('$url/').then(r=>{if(!r.ok)process.exit(1);return r.text()}).then(t=>process.exit(t.includes('<h1')?0:1),()=>process.exit(1))"
clock=$(($(date +%s) - began))

kill -- "-$pid"
wait "$pid" 2>/dev/null || true
pid=''
printf 'from the clone to the first page: %s s by the clock\n' "$clock"
printf 'processor time of shell and children (user, system), of which the second line counts:\n'
times
