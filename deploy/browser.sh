#!/bin/sh
# Finds a Chromium for the browser tests, and installs one where the machine lets us.
set -eu
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Getting Chromium for the browser tests …" >&2
    { apt-get update -qq && apt-get install -y -qq chromium; } >/dev/null 2>&1 && exit 0
fi
.venv/bin/python -m playwright install chromium >/dev/null 2>&1 && exit 0
echo "No Chromium: the browser tests will say that they were left out. Install one (sudo apt install chromium)." >&2
