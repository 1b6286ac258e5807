// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/script/UnseenChecks.h"

namespace understudy::script {

namespace {

const char logins[] =
    R"sh(# The password that a passfile (1) has for a role (2) and database (3) at the upstream. As libpq, it reads none that
# others may read.
passfile_password() {
    local file=$1 role=$2 database=$3 line host port name user password
    [ -f "$file" ] && [ -r "$file" ] && [ $((0$(stat -L -c %a -- "$file") & 077)) -eq 0 ] || return 1
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in '' | '#'*) continue ;; esac
        # \\ and \: in a field stand for the signs themselves.
        line=${line//'\\'/$'\1'}
        line=${line//'\:'/$'\2'}
        IFS=: read -r host port name user password _ <<<"$line"
        host=${host//$'\2'/:} user=${user//$'\2'/:}
        user=${user//$'\1'/'\'} password=${password//$'\2'/:}
        case $host in '*' | "$upstream_host") ;; *) continue ;; esac
        case $port in '*' | "$upstream_port") ;; *) continue ;; esac
        case $name in '*' | "$database") ;; *) continue ;; esac
        case $user in '*' | "$role") ;; *) continue ;; esac
        printf '%s\n' "${password//$'\1'/'\'}"
        return 0
    done <"$file"
    return 1
}

# Why a login (1, in words) failed, from what psql said (2), and what to do about it.
refuse_login() {
    local words=$1 said=$2 address
    printf 'The login %s failed:\n%s\n' "$words" "$said" >&2
    if [[ $said == *'no pg_hba.conf entry'* ]] && [[ $said =~ host\ \"([^\"]+)\" ]]; then
        address=${BASH_REMATCH[1]}
        case $address in *:*) address+=/128 ;; *) address+=/32 ;; esac
        printf 'pg_hba.conf of %s needs such a line, and a reload (SELECT pg_reload_conf()):\n' "$upstream" >&2
        printf 'host  %s  %s  %s  scram-sha-256\n' "$3" "$4" "$address" >&2
    fi
    echo 'Nothing was made.' >&2
    exit 1
}

# A replication command as the standby will log in: as its user, from this machine. Nothing of the person's own
# environment may help but the password that it is given (1).
identify() {
    PGPASSWORD=$1 as_user "$server_user" env -u PGPASSFILE "$bin/psql" -w -X -A -t -d "$replication_login" \
        -c IDENTIFY_SYSTEM </dev/null
}

# Proves the standby's own login, and finds its password if one is needed.
prove_replication() {
    local said file home words="of $role for replication at $upstream"
    home=$(getent passwd "$server_user" | cut -d: -f6)
    if ! said=$(identify '' 2>&1); then
        [[ $said == *'no password supplied'* ]] || refuse_login "$words" "$said" replication "$role"
        for file in "${PGPASSFILE:-}" "${HOME:-}/.pgpass" "$home/.pgpass"; do
            if replication_password=$(passfile_password "$file" "$role" replication); then break; fi
        done
        if [ -z "$replication_password" ]; then
            printf 'Password of %s at %s (for the standby itself): ' "$role" "$upstream" >&2
            IFS= read -rs replication_password || refuse 'No password was given. Nothing was made.'
            echo >&2
        fi
        said=$(identify "$replication_password" 2>&1) || refuse_login "$words" "$said" replication "$role"
    fi
    said=${said##*$'\n'}
    [ "${said%%|*}" = "$system_identifier" ] || refuse \
        "From this machine, $upstream leads to another cluster: its system identifier is ${said%%|*}," \
        "not $system_identifier. Nothing was made."
    good "$role may replicate from $upstream"
}

# Proves the login that makes the slot, and asks for its password if psql does not find it.
prove_login() {
    local said words="of $login_user at $upstream"
    if ! said=$(sql "$upstream_login" 2>&1 <<<'SELECT 1'); then
        [[ $said == *'no password supplied'* ]] || refuse_login "$words" "$said" "$login_database" "$login_user"
        printf 'Password of %s at %s (to make the slot): ' "$login_user" "$upstream" >&2
        IFS= read -rs login_password || refuse 'No password was given. Nothing was made.'
        echo >&2
        said=$(sql "$upstream_login" 2>&1 <<<'SELECT 1') ||
            refuse_login "$words" "$said" "$login_database" "$login_user"
    fi
    good "$login_user may log in to $upstream"
}

)sh";

} // namespace

QString loginFunctions()
{
    return QString::fromLatin1(logins);
}

} // namespace understudy::script
