#!/bin/sh
# environment.sh FOLDER REQUIREMENT [editable]: make a virtual environment and install into it.
set -eu
folder=$1
what=$2
flag=${3:+-e}

python=
for candidate in python3.11 python3.12 python3.13 python3.14 python3; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "Comity needs Python 3.11 or newer, and none was found." >&2
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
echo "Installing Comity into $folder (a minute or two the first time) ..."
"$folder/bin/pip" install --quiet --disable-pip-version-check $flag "$what"
