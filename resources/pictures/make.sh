#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes the README's pictures anew from the guided tour, so that they never go stale.
#
#   resources/pictures/make.sh [PROGRAM]      PROGRAM: what installer/run.sh --build-only prints
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
program=${1:-$("$here/../../installer/run.sh" --build-only | tail -n 1)}
tour=$(mktemp -d)
trap 'rm -rf "$tour"' EXIT
QT_QPA_PLATFORM=offscreen "$program" --tour "$tour"
take() { cp "$tour"/"$1" "$here/$2"; }
take 11-main-after.png main-light.png
take 12-main-after-dark.png main-dark.png
take 04-preflight.png preflight.png
take 05-review.png review.png
take 06-run.png run.png
take 09-read-load.png read-load.png
