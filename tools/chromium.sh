#!/bin/sh
# tools/chromium.sh: the browser that the tests drive; installed when it is missing and we may.
set -eu
if command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing chromium for the browser tests …"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends chromium >/dev/null
    exit 0
fi
echo "The browser tests need chromium, and this user may not install it." >&2
echo "Install it (Debian, Ubuntu: sudo apt-get install chromium) and run the command again." >&2
exit 1
