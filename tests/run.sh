#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what the tests need, builds once and runs everything through CTest.
set -euo pipefail

usage() {
    cat <<'TXT'
Usage: tests/run.sh [--label LABEL]... [--all] [CTEST OPTIONS]

  (nothing)      every label, one build
  --label LABEL  only this one: lint, unit, integration, gui, e2e, faults, bench, sanitize
  --all          besides, what takes long: every fault at every step, sanitizers, clang-tidy and clazy on everything,
                 and fresh Debian 12 and 13 machines
TXT
}

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=installer/packages.sh
. "$top/installer/packages.sh"

labels=()
wanted=
all=
while [ $# -gt 0 ]; do
    case $1 in
    --label)
        [ $# -ge 2 ] || stop "--label needs a name. See tests/run.sh --help."
        wanted+=${wanted:+|}$2
        shift
        ;;
    --all) all=1 ;;
    --help | -h)
        usage
        exit 0
        ;;
    *) break ;;
    esac
    shift
done

# CTest itself would want a test that has all of the labels.
[ -z "$wanted" ] || labels=(-L "^($wanted)\$")
export LC_ALL=${LC_ALL:-C.UTF-8}
export QT_QPA_PLATFORM=offscreen
lists=("$top/installer/packages.txt" "$top/tests/packages.txt")
[ -z "$all" ] || lists+=("$top/tests/packages-all.txt")
install_packages "${lists[@]}"
cd "$top"
# Without them the tests of other versions are skipped; that is no reason to run nothing.
bash tests/support/old-servers.sh || say "SKIPPED: no servers of other PostgreSQL versions."
bash tests/support/compose-v2.sh || say "SKIPPED: no Compose v2."

build_and_test() { # preset, ctest arguments...
    local preset=$1
    shift
    say "Building ($preset)."
    cmake --preset "$preset" >&2
    cmake --build --preset "$preset" >&2
    say "Testing ($preset)."
    ctest --preset "$preset" --output-on-failure --no-tests=error "$@"
}

if [ -n "$all" ]; then
    export UNDERSTUDY_ALL_FAULTS=1 # Every moment at which a plan can be killed, not a choice of them.
    say "Address and undefined behaviour sanitizers."
    build_and_test asan -L 'unit|integration|gui'
    say "Thread sanitizer."
    TSAN_OPTIONS="suppressions=$top/tests/tsan.supp halt_on_error=0 second_deadlock_stack=1 exitcode=66 report_mutex_bugs=0" \
        build_and_test tsan -R 'monitor|never_stuck|lag_states|identity|runner|local_host'
    bash tests/lint.sh --deep build/asan
    bash tests/fresh.sh
fi
# Last, so that the closing lines are about the build that people use.
build_and_test ci "${labels[@]}" "$@"
