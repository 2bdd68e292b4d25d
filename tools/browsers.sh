#!/bin/sh
# tools/browsers.sh: the browsers that the tests drive, installed when they are missing and we may. Chromium must be
# there; in Debian's Firefox the forms are tried as well, where it can be had.
set -eu
may_install() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1
}
fetch() {
    echo "Installing $1 for the browser tests …"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1" >/dev/null
}
has_chromium() {
    command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1
}

if may_install && ! { has_chromium && [ -e /usr/bin/firefox-esr ]; }; then
    apt-get update -qq || true
    has_chromium || fetch chromium
    [ -e /usr/bin/firefox-esr ] || fetch firefox-esr || echo "There is no firefox-esr to be had: the forms are tried in Chromium alone."
fi
has_chromium && exit 0
echo "The browser tests need chromium, and this user may not install it." >&2
echo "Install it (Debian, Ubuntu: sudo apt-get install chromium) and run the command again." >&2
exit 1
