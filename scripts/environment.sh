#!/bin/sh
# environment.sh FOLDER run|test|tools [editable|alone]: make a virtual environment and install Comity into it;
# with "alone" only what the lock names.  COMITY_PYTHON names the interpreter; without it the oldest that fits is taken,
# since what is locked was tried with that one most.
#
# Packages come in the versions of requirements/run.txt or test.txt, and only when their hashes are those of the lock.
# Where a locked version cannot be had (an index without it, a system without a wheel), what pyproject.toml allows is
# installed instead, and said; with COMITY_LOCKED=1 that is a failure.  A hash that differs is always one.
set -eu
folder=$1
lock=$2
how=${3:-}
flag=
if [ "$how" = editable ]; then flag=-e; fi
cd "$(dirname "$0")/.."

python=
for candidate in ${COMITY_PYTHON:-python3.11 python3.12 python3.13 python3.14 python3}; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "Comity needs Python 3.11 or newer, and ${COMITY_PYTHON:-none} was ${COMITY_PYTHON:+not }found." >&2
    exit 1
fi

if [ ! -x "$folder/bin/pip" ]; then
    # Debian ships venv apart from Python; without it the first attempt leaves a half-made folder.
    if ! "$python" -m venv "$folder" 2>/dev/null; then
        rm -rf "$folder"
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
            echo "Installing the Debian package python3-venv ..."
            apt-get update -qq && apt-get install -y -qq python3-venv
            "$python" -m venv "$folder"
        else
            echo "Python's venv module is missing: run 'apt-get install python3-venv' first." >&2
            exit 1
        fi
    fi
fi
pip="$folder/bin/pip --disable-pip-version-check"
notes="$folder/.install-notes"

# What needs building is built with the locked setuptools, not with one that pip fetches unasked.
locked() {
    $pip install --quiet --require-hashes -r requirements/build.txt &&
        $pip install --quiet --require-hashes --no-build-isolation -r "requirements/$lock.txt" &&
        { [ "$how" = alone ] || $pip install --quiet --no-deps --no-build-isolation $flag .; }
}

echo "Installing into $folder (a minute or two the first time) ..."
if ! locked 2>"$notes"; then
    cat "$notes" >&2
    if grep -q "DO NOT MATCH THE HASHES" "$notes"; then
        echo "A package differs from the one that was locked; nothing more is installed." >&2
        exit 1
    fi
    if [ "${COMITY_LOCKED:-}" = 1 ]; then
        echo "The locked versions cannot be installed here." >&2
        exit 1
    fi
    echo "The locked versions cannot be installed here: installing what pyproject.toml allows, without hashes." >&2
    extra=
    if [ "$lock" != run ]; then extra="[$lock]"; fi
    if [ "$how" = alone ]; then $pip install --quiet -r "requirements/$lock.in"; else $pip install --quiet $flag ".$extra"; fi
fi
rm -f "$notes"
