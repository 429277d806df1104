#!/usr/bin/env bash
# checks.sh BIN: all that `make test` checks, with the programs in BIN.
#
# Lint, types and import rules come first.  Then two lanes side by side, as most machines have two cores: the tests and
# the floors of all scores; and beside them ten seconds of broken input for each reader, and every command of the
# tutorial and the how-to pages.  What the second lane said is printed when both are done, before the scores.
set -eu
cd "$(dirname "$0")/.."
bin=$1
"$bin/ruff" check .
"$bin/mypy"
"$bin/lint-imports"

said=$(mktemp)
set -m # a group of its own, so that all of it ends when the tests fail
{
    "$bin/python" scripts/fuzz.py --seconds "${FUZZ_SECONDS:-10}" && "$bin/python" scripts/run_docs.py
} >"$said" 2>&1 &
beside=$!
set +m
trap 'kill -- "-$beside" 2>/dev/null || true; rm -f "$said"' EXIT

"$bin/python" -m pytest
status=0
wait "$beside" || status=$?
cat "$said"
if [ "$status" != 0 ]; then
    echo "broken input or a command of the guides failed: see above" >&2
    exit 1
fi
"$bin/comity" evaluate --floors
