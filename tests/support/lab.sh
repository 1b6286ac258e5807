# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
# How a lab is called, and how it ends with whoever called it. Sourced by the labs with their own words, sets $mode and
# $lab; they define up and down, and end with run_lab.

mode=${1:-}
lab=${2:-}
case $mode in up | down | hold | held) ;; *) mode= ;; esac
if [ -z "$mode" ] || [ -z "$lab" ]; then
    sed -n '3,12s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
case $lab in /*) ;; *) lab=$PWD/$lab ;; esac

say() { echo "$(basename "$0" .sh): $*" >&2; }
stop() {
    say "$*"
    exit 1
}

run_lab() {
    case $mode in
    up | hold) [ ! -e "$lab" ] || [ -z "$(ls -A "$lab")" ] || stop "$lab is not empty" ;;
    esac
    case $mode in
    up)
        trap '[ $? = 0 ] || down' EXIT
        up
        ;;
    down) down ;;
    hold)
        # In a session of its own and nobody's child, so that whoever ends the test's processes does not end this one
        # too; the end of the test is the end of stdin.
        mkdir -p "$lab"
        mkfifo "$lab/held"
        setsid --fork "$0" held "$lab" <&0
        read -r _ <"$lab/held" || true
        ;;
    held)
        exec 9>"$lab/held"
        trap 'down' EXIT
        trap : HUP INT TERM # Not ignored: what it starts would inherit that.
        up
        echo READY
        cat >/dev/null || true
        ;;
    esac
}
