#!/bin/sh
# tools/once.sh STAMP INPUT… -- COMMAND…: run the command unless it ran already on inputs with the same content.
set -eu
stamp=$1
shift
inputs=
while [ "$1" != -- ]; do
    inputs="$inputs $1"
    shift
done
shift
# shellcheck disable=SC2086  # a list of names without spaces
hash=$({ echo "$*"; find $inputs -type f ! -path '*/__pycache__/*' ! -path '*/static/dist/*' ! -path '*/static/dist.new/*' \
    ! -name '*.mo' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum; } | sha256sum)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$hash" ]; then exit 0; fi
"$@"
mkdir -p "$(dirname "$stamp")"
echo "$hash" > "$stamp"
