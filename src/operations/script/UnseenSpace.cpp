// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/script/UnseenChecks.h"

#include "model/Quote.h"

namespace understudy::script {

namespace {

const char positions[] =
    R"sh(# Bytes of WAL so far and milliseconds of the upstream's clock, asked twice: how much it writes.
wal_now() {
    sql "$upstream_login" <<'END_OF_SQL'
SELECT pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN coalesce(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
  ELSE pg_current_wal_lsn() END, '0/0')::bigint, (extract(epoch FROM clock_timestamp()) * 1000)::bigint;
END_OF_SQL
}

# Adds bytes (2) that will come to the file system of a path (1).
declare -A place_of free_on need_on
add_need() {
    local path=$1 device blocks size
    while [ ! -e "$path" ]; do
        path=${path%/*}
        path=${path:-/}
    done
    device=$(stat -L -c %d -- "$path")
    read -r blocks size < <(stat -f -c '%a %S' -- "$path")
    place_of[$device]=$path
    free_on[$device]=$((blocks * size))
    need_on[$device]=$((${need_on[$device]:-0} + $2))
}

bytes() { numfmt --to=iec --suffix=B "$1" 2>/dev/null || printf '%s B' "$1"; }

)sh";

const char before[] =
    R"sh(# The data with a reserve of a twentieth, and the WAL that is written while it is copied, on each file system.
check_space() {
    local sizes size from place wal_before wal_after passed rate=0 total=0 device
    wal_before=$(wal_now)
    # It may not be asked without pg_monitor: then as it was when this script was made.
    sizes=$(sql "$upstream_login" 2>/dev/null <<<"$sizes_sql") || sizes="$known_bytes|"
    while IFS='|' read -r size from; do
        case $from in
)sh";

const char after[] = R"sh(        esac
        total=$((total + size))
        add_need "$place" $((size + (size / 20 > 67108864 ? size / 20 : 67108864)))
    done <<<"$sizes"
    sleep 1
    wal_after=$(wal_now)
    passed=$((${wal_after#*|} - ${wal_before#*|}))
    if [ "$passed" -gt 0 ]; then rate=$(((${wal_after%|*} - ${wal_before%|*}) * 1000 / passed)); fi
    # Twice as much as it wrote just now, and one segment at least.
    size=$((rate * 2 * (total / copy_rate + 1)))
    add_need "$wal_place" $((size > 16777216 ? size : 16777216))
    for device in "${!need_on[@]}"; do
        place="$(bytes "${free_on[$device]}") free at ${place_of[$device]}, needed $(bytes "${need_on[$device]}")"
        if [ "${free_on[$device]}" -lt "${need_on[$device]}" ]; then
            bad "$place: the disk would be full before the copy is complete"
        else
            good "$place"
        fi
    done
}

)sh";

} // namespace

QString spaceFunctions(const UnseenTarget &t)
{
    QString places;
    for (auto it = t.tablespaces.begin(); it != t.tablespaces.end(); ++it)
        places += QStringLiteral("            %1) place=%2 ;;\n")
                      .arg(quote::shellWord(it.key()), quote::shellWord(it.value()));
    places += QStringLiteral("            '') place=$data_directory ;;\n            *) place=$from ;;\n");
    const QString wal = t.walDirectory.isEmpty() ? t.dataDirectory : t.walDirectory;
    return QStringLiteral("known_bytes=%1\ncopy_rate=%2\nwal_place=%3\nsizes_sql=%4\n\n")
               .arg(t.bytes)
               .arg(std::max<qint64>(t.copyRate, 1))
               .arg(quote::shellWord(wal),
                    quote::shellWord(QStringLiteral(
                        "SELECT sum(pg_tablespace_size(oid))::bigint, pg_tablespace_location(oid) "
                        "FROM pg_tablespace GROUP BY 2"))) +
           QString::fromLatin1(positions) + QString::fromLatin1(before) + places + QString::fromLatin1(after);
}

} // namespace understudy::script
