#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes the README's pictures anew, so that they never go stale: from the guided tour, from the recording, and of a
# re-attach on twelve servers that are started for it. Takes some three minutes.
#
#   resources/pictures/make.sh [PROGRAM]      PROGRAM: what installer/run.sh --build-only prints
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=resources/recordings/shop.sh
. "$here/../recordings/shop.sh"

program=${1:-$("$here/../../installer/run.sh" --build-only | tail -n 1)}
program=$(realpath "$program")
cd "$here/../recordings" # The window shows the name of what it opened.
recording=incident.understudy-recording
prepare # Its folder goes with everything in it.
export QT_QPA_PLATFORM=offscreen
own_places # A window that somebody moved here does not change the pictures.
tour=$folder/tour
take() { cp "$tour"/"$1" "$here/$2"; }

"$program" --tour "$tour"
take 11-main-after.png main-light.png
take 12-main-after-dark.png main-dark.png
take 04-preflight.png preflight.png
take 05-review.png review.png
take 06-run.png run.png
take 09-read-load.png read-load.png

for theme in light dark; do
    "$program" snapshot "$recording" -o "$here/incident-$theme.png" --theme "$theme" --size 1000x500 --scale 2
    "$program" snapshot "$recording" -o "$here/incident-$theme.svg" --theme "$theme" --size 1000x500
done
"$program" --tour "$tour" "$recording"
take 04-rewind-dark.png rewind-dark.png
take 05-picture.png picture.png

make_shop
load 40 120 "$here/../recordings/orders.sql"
sql reports 'SELECT pg_wal_replay_pause()'
"$program" --tour "$tour" "$folder/orders.json"
take 01-reattach-drag.png reattach-drag.png
take 02-reattach-review.png reattach-review.png
