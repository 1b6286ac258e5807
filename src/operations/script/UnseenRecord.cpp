// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/script/UnseenRecord.h"

namespace understudy::script {

namespace {

const char writing[] =
    R"sh(# What this run makes stands in a file beside the data until all is done or undone.
intend() { printf '%s=yes\n' "$1" >>"$record"; }
note() { printf '%s=%s\n' "$1" "${!1}" >>"$record"; }

# When a process began, in ticks since the boot: another one may have its number later.
process_began() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

begin() {
    local parent=${record%/*}
    if [ "$makes_parent" = yes ] && [ ! -d "$parent" ]; then as_user "$server_user" mkdir -p -- "$parent"; fi
    (umask 077; set -C; printf 'run=%s:%s\n' "$$" "$(process_began $$)" >"$record") ||
        refuse "$record cannot be made: another run of this script began just now. Nothing was made."
    began=yes
    if as_user "$server_user" test -w /var/run/postgresql; then socket_directory=/var/run/postgresql; fi
    # As a field of a passfile.
    secret_replication=${replication_password//\\/\\\\}
    secret_replication=${secret_replication//:/\\:}
}

)sh";

const char undoing[] =
    R"sh(# A run that was killed has left its file: what it made is undone before this one begins.
undo_earlier_run() {
    local line run=
    if [ ! -e "$record" ]; then return 0; fi
    if [ ! -O "$record" ] || [ ! -f "$record" ]; then
        refuse "$record is there from an earlier run of another user. Run this as $(stat -c %U -- "$record")."
    fi
    while IFS= read -r line; do
        case $line in
            run=*) run=${line#run=} ;;
%1        esac
    done <"$record"
    if [ -n "$run" ] && [ "$(process_began "${run%%:*}")" = "${run#*:}" ]; then
        refuse "This script runs already, as process ${run%%:*}. Nothing was made."
    fi
    echo '   An earlier run was killed. What it made is undone first.'
    set +e
    undo
    set -e
    if [ "$left" = yes ]; then exit 3; fi
    rm -f -- "$record"
%2}

)sh";

} // namespace

QString recordFunctions(const RecordNames &names)
{
    QString read, reset;
    for (const QString &name : names.made) {
        read += QStringLiteral("            %1=yes) %1=yes ;;\n").arg(name);
        reset += QStringLiteral("    %1=no\n").arg(name);
    }
    for (const QString &name : names.values)
        read += QStringLiteral("            %1=*) %1=${line#*=} ;;\n").arg(name);
    return QString::fromLatin1(writing) + QString::fromLatin1(undoing).arg(read, reset);
}

} // namespace understudy::script
