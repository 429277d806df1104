#!/bin/sh
# everywhere.sh places PYTHON: a part of the tests in other time zones and locales, run by PYTHON.
# everywhere.sh pythons [INTERPRETER ...]: all tests with each of these interpreters (names or paths), in an environment
# of its own from the locks (.venv-NAME, kept for the next time); with none named, with every newer Python on the path.
# What each reads in the example articles is told by a checksum: it must be the same for all, and on all machines.
#
# What cannot be had here is named, and passed over; a named interpreter that is missing is a failure.  All are run
# even when one fails; the exit status is 1 then.
set -eu
cd "$(dirname "$0")/.."
what=$1
shift
failed=

tests="tests/test_dates.py tests/test_dates_news.py tests/test_when.py tests/test_clean.py
    tests/test_tokens.py tests/test_sentences.py tests/test_actors.py tests/test_knowledge.py tests/test_places.py
    tests/test_understand.py tests/test_sources.py tests/test_record.py tests/test_upgrade.py tests/test_merge.py
    tests/test_decisions.py tests/test_exchange_import.py tests/test_exchange_export.py tests/test_relations.py
    tests/test_pledges.py tests/test_cli.py tests/test_web.py tests/test_same_everywhere.py"

# The Turkish locale, in which the small letter of I is not i: made where it is missing.
turkish() {
    if locale -a | grep -qi '^tr_TR.utf-\{0,1\}8$'; then return 0; fi
    locales=$(mktemp -d)
    trap 'rm -rf "$locales"' EXIT
    if localedef -i tr_TR -f UTF-8 "$locales/tr_TR.UTF-8" 2>/dev/null; then
        export LOCPATH="$locales"
        return 0
    fi
    echo "passed over: the locale tr_TR.UTF-8 is not here and cannot be made (Debian's package 'locales' has it)"
    return 1
}

places() {
    python=$1
    set -- "TZ=Pacific/Kiritimati" "TZ=America/Los_Angeles" "LC_ALL=C PYTHONUTF8=0"
    if turkish; then set -- "$@" "LC_ALL=tr_TR.UTF-8 LANG=tr_TR.UTF-8"; fi
    for place in "$@"; do
        echo "== $place"
        env $place "$python" -m pytest -q -p no:cacheprovider $tests || failed="$failed [$place]"
    done
}

# The newer Pythons that are on the path.
newer() {
    for version in 3.12 3.13 3.14 3.15; do
        if "python$version" -c "" 2>/dev/null; then
            echo "python$version"
        else
            echo "passed over: there is no python$version here" >&2
        fi
    done
}

# The checksum of all that the environment in a folder reads in the example articles.
read_by() {
    "$1/bin/python" -m comity read examples/*.txt examples/*.html --format jsonl --quiet | cksum
}

pythons() {
    if [ $# = 0 ]; then set -- $(newer); fi
    first=
    for interpreter in "$@"; do
        echo "== $interpreter"
        folder=".venv-$(basename "$interpreter")"
        if COMITY_PYTHON="$interpreter" sh scripts/environment.sh "$folder" test editable; then
            "$folder/bin/python" --version
            if [ -z "$first" ] && [ -x .venv/bin/python ]; then first=$(read_by .venv); fi
            found=$(read_by "$folder")
            echo "the example articles: $found"
            if [ "${first:=$found}" != "$found" ]; then failed="$failed [$interpreter reads them otherwise: $first]"; fi
            "$folder/bin/python" -m pytest -q -p no:cacheprovider || failed="$failed [$interpreter]"
        else
            failed="$failed [$interpreter: not installed]"
        fi
    done
}

case "$what" in
    places | pythons) "$what" "$@" ;;
    *) echo "everywhere.sh knows 'places' and 'pythons', not '$what'" >&2 && exit 2 ;;
esac
if [ -n "$failed" ]; then
    echo "failed:$failed" >&2
    exit 1
fi
