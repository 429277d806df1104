#!/bin/sh
# everywhere.sh PYTHON: a meaningful part of the tests in other time zones and locales, then with every newer Python
# that is found.  What cannot be had here is named, and passed over.
set -eu
cd "$(dirname "$0")/.."
python=$1
tests="tests/test_dates.py tests/test_dates_news.py tests/test_when.py tests/test_clean.py
    tests/test_tokens.py tests/test_sentences.py tests/test_actors.py tests/test_knowledge.py tests/test_places.py
    tests/test_understand.py tests/test_sources.py tests/test_record.py tests/test_upgrade.py tests/test_merge.py
    tests/test_decisions.py tests/test_exchange_import.py tests/test_exchange_export.py tests/test_relations.py
    tests/test_pledges.py tests/test_cli.py tests/test_web.py tests/test_same_everywhere.py"
here=
for test in $tests; do
    if [ -e "$test" ]; then here="$here $test"; fi
done

# The Turkish locale, in which the small letter of I is not i: made where it is missing.
locales=$(mktemp -d)
trap 'rm -rf "$locales"' EXIT
if ! locale -a | grep -qi '^tr_TR.utf-\{0,1\}8$'; then
    if localedef -i tr_TR -f UTF-8 "$locales/tr_TR.UTF-8" 2>/dev/null; then
        export LOCPATH="$locales"
    else
        echo "passed over: the locale tr_TR.UTF-8 is not here and cannot be made (Debian's package 'locales' has it)"
        turkish=no
    fi
fi

for place in "TZ=Pacific/Kiritimati" "TZ=America/Los_Angeles" "LC_ALL=tr_TR.UTF-8 LANG=tr_TR.UTF-8" "LC_ALL=C PYTHONUTF8=0"; do
    case "$place" in *tr_TR*) if [ "${turkish:-}" = no ]; then continue; fi ;; esac
    echo "== $place"
    env $place "$python" -m pytest -q -p no:cacheprovider $here
done

for version in 3.12 3.13 3.14 3.15; do
    if ! command -v "python$version" >/dev/null 2>&1; then
        echo "passed over: there is no python$version here"
        continue
    fi
    folder=$(mktemp -d)
    echo "== python$version"
    "python$version" -m venv "$folder/env"
    sh scripts/environment.sh "$folder/env" test
    "$folder/env/bin/python" -m pytest -q -p no:cacheprovider $here
    rm -rf "$folder"
done
