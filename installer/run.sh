#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# From a fresh clone to a running Understudy: installs what is missing, builds, starts the app on the demo cluster.
set -euo pipefail

usage() {
    cat <<'TXT'
Usage: installer/run.sh [--build-only | --tour DIR | CLUSTER]

Installs what is missing with apt, builds Understudy and starts it.
  (nothing)      opens the window on the embedded demo cluster; without a display it plays the guided tour
                 into build/tour instead
  CLUSTER        opens the window on a cluster of yours: a libpq URI or conninfo, service=NAME, a saved cluster file
  --tour DIR     plays the guided tour without a window: pictures of every page and the finished runbook go to DIR
  --build-only   stops after the build and prints the program's absolute path as the last line
  --help         this text
TXT
}

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=installer/packages.sh
. "$top/installer/packages.sh"

mode=window
tour_dir=
cluster=
while [ $# -gt 0 ]; do
    case $1 in
    --build-only) mode=build ;;
    --tour)
        [ $# -ge 2 ] || stop "--tour needs a folder: installer/run.sh --tour DIR"
        mode=tour
        tour_dir=$2
        shift
        ;;
    --tour=*)
        mode=tour
        tour_dir=${1#--tour=}
        ;;
    --help | -h)
        usage
        exit 0
        ;;
    -*) stop "there is no option $1. See installer/run.sh --help." ;;
    *)
        [ -z "$cluster" ] || stop "one cluster at a time: got \"$cluster\" and \"$1\"."
        cluster=$1
        ;;
    esac
    shift
done
[ "$mode" != tour ] || [ -n "$tour_dir" ] || stop "--tour needs a folder: installer/run.sh --tour DIR"

# A minimal machine has no locale; Qt wants UTF-8.
export LC_ALL=${LC_ALL:-C.UTF-8}

install_packages "$top/installer/packages.txt"

say "Building (the first time takes some minutes)."
cd "$top"
configure_log=$(mktemp)
if ! cmake --preset release >"$configure_log" 2>&1; then
    cat "$configure_log" >&2
    rm -f "$configure_log"
    stop "CMake could not set up the build; its words are above."
fi
rm -f "$configure_log"
cmake --build --preset release --target understudy >&2 || stop "the build failed; the compiler's words are above."
program=$top/build/release/bin/understudy
[ -x "$program" ] || stop "the build said it was fine, but $program is not there."

if [ "$mode" = build ]; then
    say "Built."
    printf '%s\n' "$program"
    exit 0
fi
if [ "$mode" = window ] && [ -z "${DISPLAY:-}" ] && [ -z "${WAYLAND_DISPLAY:-}" ]; then
    [ -z "$cluster" ] || stop "there is no display to open a window on. Try: $program topology \"$cluster\""
    say "There is no display, so the guided tour is played instead."
    mode=tour
    tour_dir=$top/build/tour
fi
if [ "$mode" = tour ]; then
    mkdir -p "$tour_dir" || stop "the folder $tour_dir cannot be made. Name another one."
    exec "$program" --tour "$tour_dir"
fi
if [ -n "$cluster" ]; then
    exec "$program" "$cluster"
fi
say "Starting Understudy on the demo cluster. It goes when you close the window."
exec "$program" --demo
