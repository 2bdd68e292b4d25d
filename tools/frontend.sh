#!/bin/sh
# tools/frontend.sh: the browser half, with exactly the locked packages.
set -eu
./tools/once.sh .venv/stamps/npm package-lock.json -- ./tools/npm.sh ci --no-audit --no-fund --no-update-notifier --loglevel=error
echo "Building the browser half …"
./tools/npm.sh run --silent build
