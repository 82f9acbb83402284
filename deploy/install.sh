#!/bin/sh
# Makes .venv with everything that Waymark needs, on a bare machine with Python 3.
# Finds or installs uv (in .tools, nothing outside this folder), which brings Python 3.12 itself.
set -eu
cd "$(dirname "$0")/.."
root=$(pwd)

say() { printf '%s\n' "$*" >&2; }
fail() { say ""; say "Waymark cannot be installed: $*"; exit 1; }

works() { "$1" --version >/dev/null 2>&1; }

find_uv() {
    for candidate in "$root/.tools/uv/bin/uv" "$root/.tools/packages/bin/uv" uv "$HOME/.local/bin/uv"; do
        # a pyenv shim can be on the path and still not work in this folder: try it
        if works "$candidate"; then printf '%s' "$candidate"; return 0; fi
    done
    return 1
}

install_uv() {
    # outside this folder, where .python-version does not steer a pyenv shim
    python=$(cd / && for name in python3 python; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null; then
            "$name" -c 'import sys; print(sys.executable)'; break; fi; done)
    [ -n "$python" ] || fail "no Python 3 was found. Install Python 3 (for example: sudo apt install python3 python3-venv) and run the same command again."
    mkdir -p .tools
    say "Getting uv, the installer (once) …"
    { "$python" -m venv .tools/uv && .tools/uv/bin/python -m pip install -q uv; } >/dev/null 2>.tools/log && return 0
    rm -rf .tools/uv
    "$python" -m pip install -q --target .tools/packages uv 2>>.tools/log && return 0
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "Adding Python's venv module with apt …"
        { apt-get update -qq && apt-get install -y -qq python3-venv; } >/dev/null 2>>.tools/log \
            && "$python" -m venv .tools/uv && .tools/uv/bin/python -m pip install -q uv 2>>.tools/log && return 0
    fi
    if command -v curl >/dev/null 2>&1; then
        curl -LsSf https://astral.sh/uv/install.sh 2>>.tools/log | \
            env UV_INSTALL_DIR="$root/.tools/uv/bin" UV_NO_MODIFY_PATH=1 sh >/dev/null 2>>.tools/log || true
        works "$root/.tools/uv/bin/uv" && return 0
    fi
    fail "uv could not be installed. Is there a network connection? If there is, Python's venv module may be missing (sudo apt install python3-venv). The details are in .tools/log."
}

uv=$(find_uv) || { install_uv; uv=$(find_uv) || fail "uv was installed but does not start. The details are in .tools/log."; }

if [ -x .venv/bin/waymark ] && [ .venv/.waymark-installed -nt uv.lock ] && [ .venv/.waymark-installed -nt pyproject.toml ]; then
    exit 0
fi
say "Installing Waymark and what it needs into .venv (the first time takes a minute or two) …"
"$uv" sync --frozen || fail "a download or build failed (see above). If there is no network connection, connect and run the same command again: what is done is kept."
touch .venv/.waymark-installed
