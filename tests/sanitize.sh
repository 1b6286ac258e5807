#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A sample of the sanitizers: what is most likely to go wrong, in the least time. Builds only what it runs, in the
# folders of the presets `asan` and `tsan`.
#
#   tests/sanitize.sh asan   address and undefined behaviour: the model's unit tests, the monitor on real servers
#   tests/sanitize.sh tsan   threads: the monitor on real servers, and that a race of our own is reported at all
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top"
export LC_ALL=${LC_ALL:-C.UTF-8} QT_QPA_PLATFORM=offscreen

kind=${1:-}
case $kind in
asan) programs=(tst_lsn tst_endpoint tst_quote tst_format tst_fold tst_fold_match tst_findings tst_topology_json tst_monitor) ;;
tsan) programs=(tst_monitor) ;;
*)
    echo 'Usage: tests/sanitize.sh asan|tsan' >&2
    exit 2
    ;;
esac
targets=("${programs[@]}")
[ "$kind" = asan ] || targets+=(race_selftest)

log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { cmake --preset "$kind" && cmake --build --preset "$kind" --target "${targets[@]}"; } >"$log" 2>&1; then
    tail -n 60 "$log" >&2
    exit 1
fi

# Some kernels spread addresses wider than the sanitizers can bear.
plain=()
if setarch "$(uname -m)" -R true 2>/dev/null; then plain=(setarch "$(uname -m)" -R); fi
export ASAN_OPTIONS='detect_leaks=0 detect_stack_use_after_return=0' UBSAN_OPTIONS='halt_on_error=1 print_stacktrace=1'
# Locks inside libraries that are not instrumented look as if they were used after their end, from whichever function of
# ours called there last. Our own are held by guards alone.
export TSAN_OPTIONS="suppressions=$top/tests/tsan.supp halt_on_error=0 second_deadlock_stack=1 exitcode=66 report_mutex_bugs=0"

if [ "$kind" = tsan ]; then
    code=0
    "${plain[@]}" "build/$kind/bin/race_selftest" >"$log" 2>&1 || code=$?
    if [ "$code" -ne 66 ] || ! grep -q 'WARNING: ThreadSanitizer: data race' "$log"; then
        cat "$log" >&2
        echo "tests/tsan.supp hides a race of our own (race_selftest ended with $code)." >&2
        exit 1
    fi
fi
run() { "${plain[@]}" "build/$kind/bin/$1" -silent; }
for program in "${programs[@]}"; do
    echo "$kind: $program"
    code=0
    run "$program" || code=$?
    # 66: the test itself passed, and threads were reported. Whose memory a library that is not instrumented had used
    # before depends on chance; a race of ours is there the next time as well.
    if [ "$kind" = tsan ] && [ "$code" -eq 66 ]; then
        echo "$kind: $program once more: what is above counts if it comes again."
        code=0
        run "$program" || code=$?
    fi
    [ "$code" -eq 0 ] || exit 1
done
