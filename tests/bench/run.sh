#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Measures what watching costs, on a release build: prints a table, and with `--json FILE` writes the numbers. Exit code
# 2: a limit was missed. Takes about two minutes and wants the machine for itself.
#
#   tests/bench/run.sh [--only scale|probe|fold] [--json FILE]
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$top"
cmake --preset ci >&2
cmake --build --preset ci --target bench_monitor >&2
export LC_ALL=${LC_ALL:-C.UTF-8}
exec build/release/bin/bench_monitor "$@"
