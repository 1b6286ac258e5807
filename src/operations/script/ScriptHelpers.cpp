// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/script/ScriptHelpers.h"

namespace understudy::script {

namespace {

const char running[] = R"sh(# Runs a command as the operating-system user of the server.
as_user() {
    local user=$1
    shift
    if [ "$(id -un)" = "$user" ]; then
        "$@"
    elif [ "$(id -u)" -eq 0 ]; then
        runuser -u "$user" -- "$@"
    else
        sudo -n -u "$user" -- "$@"
    fi
}

# One statement, read from stdin.
sql() {
    local conninfo=$1
    shift
    if [ -n "$login_password" ]; then
        PGPASSWORD=$login_password psql -w -X -q -A -t -v ON_ERROR_STOP=1 "$@" -d "$conninfo"
    else
        psql -w -X -q -A -t -v ON_ERROR_STOP=1 "$@" -d "$conninfo"
    fi
}

# Asks until the first column is true; prints the last one. Each change of a second one starts the time anew.
wait_for() {
    local limit=$1 words=$2 statement row end last=
    shift 2
    statement=$(cat)
    end=$((SECONDS + limit))
    while :; do
        row=$(sql "$@" <<<"$statement") || row=
        case $row in
            t | t\|*) break ;;
            *\|?*)
                if [ "$row" != "$last" ]; then end=$((SECONDS + limit)); fi
                last=$row
                ;;
        esac
        if [ "$SECONDS" -ge "$end" ]; then
            printf 'Not so within %s s: %s\n' "$limit" "$words" >&2
            return 1
        fi
        sleep 0.2
    done
    printf '%s\n' "${row##*|}"
}

# Writes (>) or appends (>>) stdin to a file, with its mode and owner.
write_file() {
    local redirect=$1 path=$2 mode=$3 owner=$4
    local line="umask 077; cat $redirect\"\$1\"; chmod \"\$2\" \"\$1\""
    if [ -z "$owner" ]; then
        sh -c "$line" sh "$path" "$mode"
    elif [ "$(id -u)" -eq 0 ]; then
        sh -c "$line" sh "$path" "$mode"
        chown "$owner:" "$path"
    else
        as_user "$owner" sh -c "$line" sh "$path" "$mode"
    fi
}

)sh";

const char login[] =
    R"sh(# Tries the login before anything is made, and asks for the password that psql does not find by itself.
log_in() {
    local conninfo=$1 words=$2
    if ! psql -w -X -q -A -t -d "$conninfo" -c 'SELECT 1' </dev/null >/dev/null 2>&1; then
        read -rsp "Password of $words: " login_password
        echo
        sql "$conninfo" <<<'SELECT 1' >/dev/null
    fi
}

)sh";

const char edits[] =
    R"sh(# Writes a file anew from pieces of itself (stdin: the commands that print them), if it is the one with the first
# sum and becomes the one with the second.
edit_file() {
    local path=$1 before=$2 after=$3 old new pieces
    pieces=$(cat)
    old=$(mktemp) new=$(mktemp)
    cat "$path" >"$old"
    # The pieces read "$old".
    (eval "$pieces") >"$new"
    if [ "$(sha256sum <"$old")" != "$before  -" ] || [ "$(sha256sum <"$new")" != "$after  -" ]; then
        rm -f "$old" "$new"
        printf '%s was changed by somebody else.\n' "$path" >&2
        return 1
    fi
    cat "$new" >"$path"
    rm -f "$old" "$new"
}

# Makes a file that must be new from pieces of another one (stdin), as edit_file does, with that one's owner and mode.
create_file() {
    local path=$1 before=$2 after=$3 source=$4 old new pieces
    pieces=$(cat)
    old=$(mktemp) new=$(mktemp)
    cat "$source" >"$old"
    (eval "$pieces") >"$new"
    if [ "$(sha256sum <"$old")" != "$before  -" ] || [ "$(sha256sum <"$new")" != "$after  -" ]; then
        rm -f "$old" "$new"
        printf '%s was changed by somebody else.\n' "$source" >&2
        return 1
    fi
    if ! (umask 077; set -C; cat "$new" >"$path"); then
        rm -f "$old" "$new"
        return 1
    fi
    chmod --reference="$source" "$path"
    if [ "$(id -u)" -eq 0 ]; then chown --reference="$source" "$path"; fi
    rm -f "$old" "$new"
}

# Removes such a file if it is still the one that was made.
remove_created() {
    local path=$1 after=$2
    if [ ! -e "$path" ]; then return 0; fi
    if [ "$(sha256sum <"$path")" != "$after  -" ]; then
        printf '%s was changed by somebody else.\n' "$path" >&2
        return 1
    fi
    rm -f "$path"
}

)sh";

} // namespace

QString runningFunctions()
{
    return QString::fromLatin1(running);
}

QString loginFunction()
{
    return QString::fromLatin1(login);
}

QString editFunctions()
{
    return QString::fromLatin1(edits);
}

} // namespace understudy::script
