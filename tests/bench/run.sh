#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Measures what watching costs, and what adding a standby costs beyond PostgreSQL's own work, on a release build: prints
# tables, and with `--json FILE` writes the numbers. Exit code 2: a limit was missed. Watching takes about two minutes,
# adding about ten and 8 GB in the temporary folder; both want the machine for themselves.
#
#   tests/bench/run.sh [--only scale|probe|fold] [--json FILE]
#   tests/bench/run.sh add [--mb N] [--rounds N] [--json FILE]
#   tests/bench/run.sh graph
#   tests/bench/run.sh chart
#   tests/bench/run.sh store [--json FILE]
#
# `graph` draws 1,000 nodes, as usual and at twice the scale, on an offscreen raster window; about two minutes.
# `chart` draws a day of a hundred lag lines, and with stock QCustomPlot; about a minute.
# `store` keeps the history of a month, simulated: about two minutes of CPU and 400 MB in the temporary folder.
# `add` compares with repmgr's clone too: it is installed from the distribution where that can be done.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$top"
cmake --preset ci >&2
export LC_ALL=${LC_ALL:-C.UTF-8}

if [ "${1:-}" = store ]; then
    shift
    cmake --build --preset ci --target bench_store >&2
    exec build/release/bin/bench_store "$@"
fi
if [ "${1:-}" = graph ]; then
    shift
    cmake --build --preset ci --target bench_graph >&2
    export QT_QPA_PLATFORM=offscreen
    result=0
    build/release/bin/bench_graph "$@" || result=$?
    QT_SCALE_FACTOR=2 build/release/bin/bench_graph "$@" || result=$?
    exit "$result"
fi
if [ "${1:-}" = chart ]; then
    shift
    cmake --build --preset ci --target bench_chart >&2
    QT_QPA_PLATFORM=offscreen exec build/release/bin/bench_chart "$@"
fi
if [ "${1:-}" != add ]; then
    cmake --build --preset ci --target bench_monitor >&2
    exec build/release/bin/bench_monitor "$@"
fi
shift

find_repmgr() {
    find /usr/lib/postgresql -path '*/bin/repmgr' 2>/dev/null | sort -V | tail -n 1
}

version=$(find /usr/lib/postgresql -path '*/bin/initdb' | sed -E 's|.*/postgresql/([0-9]+)/.*|\1|' | sort -n | tail -n 1)
repmgr=$(find_repmgr)
if [ -z "$repmgr" ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    apt-get install -y --no-install-recommends repmgr "postgresql-$version-repmgr" >&2 || true
    repmgr=$(find_repmgr)
fi
[ -n "$repmgr" ] || echo "repmgr is not installed and could not be: it is not compared with." >&2

cmake --build --preset ci --target bench_add_standby >&2
if [ -n "$repmgr" ]; then set -- --repmgr "$repmgr" "$@"; fi
exec build/release/bin/bench_add_standby "$@"
