#!/bin/sh
# wheel.sh PYTHON FOLDER: build the wheel of the newest commit into FOLDER, the same bytes on every machine.
#
# PYTHON needs `build` and the locked setuptools.  Built is what git holds, in a folder of its own; times of files are
# that of the commit, modes 644 and 755, whatever the umask, zone and locale of who builds.
set -eu
python=$1
mkdir -p "$2"
into=$(cd "$2" && pwd)
cd "$(dirname "$0")/.."
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH TZ=UTC LC_ALL=C PYTHONHASHSEED=0
umask 022
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git archive HEAD pyproject.toml README.md LICENSE comity | tar -x -C "$work" --no-same-owner
chmod -R u+rwX,go+rX,go-w "$work"
"$python" -m build --wheel --no-isolation --outdir "$into" "$work" >/dev/null
