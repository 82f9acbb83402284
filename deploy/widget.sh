#!/bin/sh
# Builds the widget from widget/ into bot/channels/page. Only needed when its source has changed:
# the built files are in the repository.
set -eu
cd "$(dirname "$0")/../widget"
command -v npm >/dev/null 2>&1 || {
    echo "Building the widget takes Node and npm (for example: sudo apt install nodejs npm)." >&2
    exit 1
}
npm ci --no-audit --no-fund --loglevel=error
npm run --silent types
npm run --silent build
printf 'bot/channels/page/widget.js: %s bytes compressed\n' "$(gzip -9 -c ../bot/channels/page/widget.js | wc -c | tr -d ' ')"
