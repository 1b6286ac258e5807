#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Records the incident that the README shows and that learners can open: twelve real PostgreSQL servers on 127.0.0.1,
# watched by the program itself while something goes wrong with four of them. Takes some four minutes.
#
#   resources/recordings/make.sh [PROGRAM] [FILE]
#       PROGRAM  what installer/run.sh --build-only prints
#       FILE     incident.understudy-recording beside this script if not given
#
# Runs the servers as postgres if you are root, else as you. Leaves none of them and no folder behind.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=resources/recordings/shop.sh
. "$here/shop.sh"

program=${1:-$("$here/../../installer/run.sh" --build-only | tail -n 1)}
file=${2:-$here/incident.understudy-recording}
length=150

prepare
make_shop
record "$program" "$folder/orders.json" "$length" "$folder/whole.understudy-recording" 1.5

at 2 "the shop writes; a long report starts on search1, and replay will have to wait for it there"
load 40 "$length" "$here/orders.sql"
background "$length" search1 'BEGIN; SELECT count(*) FROM orders; SELECT pg_sleep(300)'
at 20 "staging is killed"
kill_server staging
at 38 "staging comes back"
start_server staging
at 50 "somebody pauses replay on reports"
sql reports 'SELECT pg_wal_replay_pause()'
at 65 "dr1 is killed, for good"
kill_server dr1
at 80 "a bulk load"
load 4 40 "$here/bulk.sql"
at 88 "a change of the schema, which waits for the report as well if vacuum did not come first"
sql db1 'ALTER TABLE orders ADD COLUMN note text'
at 105 "the network to staging goes dead, and nobody is told"
freeze_receiver staging
at 128 "replay goes on on reports"
sql reports 'SELECT pg_wal_replay_resume()'

finish_recording
cp "$folder/whole.understudy-recording" "$file" # Not before: what was interrupted replaces nothing.
say "$file, $(stat -c %s "$file") bytes"
