# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The shop that the pictures show: a primary and eleven standbys, two of which feed others, and one that nobody knows.
# Sourced by the scripts that play with it.
# shellcheck source=resources/recordings/servers.sh
. "$(dirname "${BASH_SOURCE[0]}")/servers.sh"

make_shop() { # after prepare
    make_primary db1 "synchronous_standby_names = 'FIRST 1 (db2, db3)'"
    # name, port above db1's, upstream, slot there, settings of its own
    make_standby db2 1 db1 db2_slot
    make_standby db3 2 db1 db3_slot
    make_standby search1 3 db1 search1_slot "max_standby_streaming_delay = -1"
    make_standby reports 4 db1 reports_slot
    make_standby dr1 5 db1 dr1_slot
    make_standby staging 6 db1 staging_slot "wal_receiver_timeout = 0"
    make_standby read1 7 db3 read1_slot
    make_standby read2 8 db3 read2_slot
    make_standby read3 9 read2 read3_slot
    make_standby search2 10 search1 ''
    # Nobody tells the monitor about this one, and it lets nobody in.
    make_standby old_dr 11 db1 old_dr_slot
    refuse_everybody old_dr
    wait_until_all_stream
    cluster_file orders db1 db2 db3 search1 reports dr1 staging read1 read2 read3 search2
}
