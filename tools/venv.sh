#!/bin/sh
# tools/venv.sh PYTHON FOLDER: make the virtual environment, or say what is missing on this machine.
set -eu
wanted=$1
folder=$2

is_new_enough() { command -v "$1" >/dev/null 2>&1 && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

for python in "$wanted" python3.13 python3.12 python3.11 none; do
    if [ "$python" = none ]; then
        found=$("$wanted" --version 2>&1) || found="no $wanted"
        echo "Splot needs Python 3.11 or newer; this machine has: $found." >&2
        echo "Install it (Debian 12 and newer: apt-get install python3 python3-venv), or name it: make run PYTHON=/path/to/python3.12" >&2
        exit 1
    fi
    if is_new_enough "$python"; then break; fi
done

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    echo "$python comes without ensurepip, which makes virtual environments." >&2
    echo "Install it (Debian, Ubuntu: apt-get install python$version-venv) and run the command again." >&2
    exit 1
fi

echo "Making $folder with $("$python" --version) …"
"$python" -m venv --clear "$folder"
