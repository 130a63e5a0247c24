# The browser tests drive a real Chromium: finds it, installs Debian's where that is allowed, or says how.
set -eu
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium for the browser tests"
    log=$(mktemp)
    export DEBIAN_FRONTEND=noninteractive
    if apt-get update -q >"$log" 2>&1 && apt-get install -q -y --no-install-recommends chromium fonts-noto-color-emoji >>"$log" 2>&1; then
        rm -f "$log"
        exit 0
    fi
    tail -n 20 "$log" >&2
fi
echo "The browser tests need Chromium, and there is none here. On Debian and Ubuntu: sudo apt install chromium" >&2
echo "The other tests run without it: make test-unit, or .venv/bin/python -m pytest tests/integration tests/story" >&2
exit 1
