#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The house rules that a machine can check. Quick ones always; `--deep BUILD` adds clang-tidy and clazy, which need the
# compile commands of a build.
set -uo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top" || exit 1
bad=0

complain() { # title, lines
    [ -n "$2" ] || return 0
    printf '%s\n%s\n\n' "$1" "$2"
    bad=1
}

mapfile -t code < <(find src tests -name '*.cpp' -o -name '*.h' | sort)
mapfile -t scripts < <(find installer tests resources .ci -name '*.sh' -o -path .ci/run -type f | sort)

# A room may include itself and these.
declare -A allowed=(
    [model]='model' [paint]='model paint' [monitor]='model monitor' [history]='model history' [hosts]='model hosts'
    [clusters]='model paint monitor history hosts clusters'
    [operations]='model paint monitor history hosts clusters operations'
    [demo]='model paint monitor history hosts clusters operations demo'
    [report]='model paint monitor history hosts clusters operations report'
    [gui]='model paint monitor history hosts clusters operations demo report gui'
    [cli]='model paint monitor history hosts clusters operations demo report cli'
)
wrong=
for room in "${!allowed[@]}"; do
    while IFS=: read -r file line text; do
        to=$(sed -nE 's/.*#include *"([a-z]+)\/.*/\1/p' <<<"$text")
        case " ${allowed[$room]} " in *" $to "*) ;; *) wrong+="$file:$line includes $to"$'\n' ;; esac
    done < <(grep -rnE '#include *"[a-z]+/' "src/$room" --include='*.cpp' --include='*.h')
done
complain 'Includes against the one-way rule (CONTRIBUTING.md, "The map"):' "$wrong"

complain 'Only gui may use widgets and charts:' \
    "$(grep -rnE '#include *<(QWidget|QMainWindow|QLabel|QDialog|QApplication|QtWidgets|QtCharts|QChart|qcustomplot)' \
        src --include='*.cpp' --include='*.h' | grep -vE '^src/(gui/|main\.cpp)')"

complain 'The window must never wait (nested loops, sleeps, processes):' \
    "$(grep -rnE 'processEvents|QEventLoop|QThread::m?u?sleep|sleep_for|waitFor(Finished|Started|ReadyRead)\(' \
        src/gui --include='*.cpp' --include='*.h')"

# Waiting for a process of its own with a deadline is fine in a test; waiting for a while is not. The fixture's short
# naps stand between two looks at a condition; a benchmark measures a while.
complain 'Tests wait for conditions, not for a while:' \
    "$(grep -rnE 'processEvents|QEventLoop|QThread::m?u?sleep|sleep_for|QTest::q(Wait|Sleep)\(' \
        tests --include='*.cpp' --include='*.h' | grep -vE '^tests/(support/TestServer\.cpp|bench/)')"

complain 'Words that the field has left behind:' \
    "$(grep -rniE '\b(master|slave)s?\b' src ui resources README.md CONTRIBUTING.md CHANGELOG.md)"

complain 'Colour values outside paint/Theme.cpp:' \
    "$(grep -rnE '"#[0-9A-Fa-f]{6}"|0xff[0-9A-Fa-f]{6}' src/gui src/paint --include='*.cpp' --include='*.h' |
        grep -v '^src/paint/Theme\.cpp')"

complain 'Files without the licence line:' \
    "$(for file in "${code[@]}"; do head -n 3 "$file" | grep -q 'SPDX-License-Identifier: GPL-3.0-or-later' || echo "$file"; done)"

# Debian 12's formatter is the one that counts; another version formats differently.
if formatter=$(command -v clang-format-14); then
    complain 'Not formatted (clang-format-14 -i FILE):' \
        "$("$formatter" --dry-run "${code[@]}" 2>&1 | sed -nE 's/^([^:]+):[0-9]+:[0-9]+: warning.*/\1/p' | sort -u)"
else
    echo 'SKIPPED: clang-format-14 is not here, so formatting was not checked.'
fi

if command -v shellcheck >/dev/null; then
    complain 'shellcheck:' "$(shellcheck -x "${scripts[@]}" 2>&1)"
else
    echo 'SKIPPED: shellcheck is not here, so scripts were not checked.'
fi

if [ "${1:-}" = --deep ]; then
    build=${2:?--deep needs a build folder}
    mapfile -t sources < <(find src -name '*.cpp' | sort)
    complain 'clang-tidy:' "$(printf '%s\n' "${sources[@]}" | xargs -P "$(nproc)" -n 4 clang-tidy -p "$build" --quiet 2>/dev/null |
        grep -E ': (warning|error):' | sort -u)"
    complain 'clazy:' "$(printf '%s\n' "${sources[@]}" | xargs -P "$(nproc)" -n 4 clazy-standalone -p "$build" 2>&1 |
        grep -E "$top/src.*: (warning|error):" | sort -u)"
fi

if [ "$bad" -eq 0 ]; then echo 'The house rules hold.'; fi
exit "$bad"
