#!/bin/sh
# lock.sh UV [--upgrade]: write requirements/*.txt anew from pyproject.toml and requirements/*.in.
# One lock serves Python 3.11 and newer on every system (markers say what is for which); each file has its hashes.
# Pins that still fit are kept; with --upgrade all are brought up to date.
set -eu
cd "$(dirname "$0")/.."
uv=$1
shift
lock() {
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url \
        --custom-compile-command "make lock" "$@"
}
lock "$@" --extra test pyproject.toml -o requirements/test.txt
lock "$@" --constraint requirements/test.txt pyproject.toml -o requirements/run.txt
lock "$@" --constraint requirements/test.txt requirements/build.in -o requirements/build.txt
lock "$@" --constraint requirements/test.txt requirements/tools.in -o requirements/tools.txt
