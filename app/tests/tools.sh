# What the scripts beside the tests share; sourced, with `here` (the script's folder) and `name` (the make target) set.

fail() { printf '%s: %s\n' "$name" "$1" >&2; exit 1; }

# fetched TOOL [PIP OPTION…]: the package with what stands in build.txt and requirements.txt, in an environment of its own, once;
# prints where. It is named after what it is made of: other versions are another folder.
fetched() {
    tool=$1
    shift
    pinned=$(cat "$here/build.txt" "$here/requirements.txt" | sha256sum | cut -c1-16)
    tools="$HOME/.cache/sportello/$tool-$pinned"
    if [ ! -e "$tools/complete" ]; then
        echo "· fetching $tool (pip, once)" >&2
        rm -rf "$tools"
        mkdir -p "$(dirname "$tools")"
        python3 -m venv "$tools" || fail 'python3 cannot make an environment: install python3-venv'
        fetch() { "$tools/bin/pip" install --quiet --disable-pip-version-check --require-hashes "$@" >&2; }
        { fetch -r "$here/build.txt" && fetch "$@" --no-build-isolation -r "$here/requirements.txt"; } ||
            fail "$tool could not be fetched from the Python package index. It needs the network this once; then run again"
        touch "$tools/complete"
    fi
    printf '%s\n' "$tools"
}

# end PID: ends a process that may have ended, or never begun.
end() { [ -z "$1" ] || { kill "$1" 2>/dev/null || true; wait "$1" 2>/dev/null || true; }; }
