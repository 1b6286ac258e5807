// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/Plan.h"

#include "model/Quote.h"
#include "operations/PlanHosts.h"

#include <QRegularExpression>
#include <QSet>
#include <algorithm>

namespace understudy {

namespace {

const QRegularExpression &placeholder()
{
    static const QRegularExpression re(QStringLiteral("\\$\\{(secret:)?([A-Za-z0-9_]+)\\}"));
    return re;
}

// A comment is one line whatever the text holds.
QString comment(QString text)
{
    for (QChar &c : text)
        if (!c.isPrint())
            c = u' ';
    return QStringLiteral("# ") + text + u'\n';
}

// A shell word in which placeholders became variables.
QString word(const QString &text)
{
    QString out;
    qsizetype from = 0;
    auto matches = placeholder().globalMatch(text);
    while (matches.hasNext()) {
        const auto match = matches.next();
        const QString before = text.mid(from, match.capturedStart() - from);
        if (!before.isEmpty())
            out += quote::shellWord(before);
        out += QStringLiteral("\"${") +
               (match.captured(1).isEmpty() ? QString() : QStringLiteral("secret_")) + match.captured(2) +
               QStringLiteral("}\"");
        from = match.capturedEnd();
    }
    const QString rest = text.mid(from);
    if (!rest.isEmpty() || out.isEmpty())
        out += quote::shellWord(rest);
    return out;
}

const char helpers[] = R"sh(# Runs a command as the operating-system user of the server.
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

# Tries the login before anything is made, and asks for the password that psql does not find by itself.
log_in() {
    local conninfo=$1 words=$2
    if ! psql -w -X -q -A -t -d "$conninfo" -c 'SELECT 1' </dev/null >/dev/null 2>&1; then
        read -rsp "Password of $words: " login_password
        echo
        sql "$conninfo" <<<'SELECT 1' >/dev/null
    fi
}

# Asks until the first column is true; prints the last one.
wait_for() {
    local limit=$1 words=$2 statement row end
    shift 2
    statement=$(cat)
    end=$((SECONDS + limit))
    while :; do
        row=$(sql "$@" <<<"$statement") || row=
        case $row in t | t\|*) break ;; esac
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

# Writes a file anew from pieces of itself (stdin: the commands that print them), if it is the one with the first
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

class ScriptWriter
{
public:
    explicit ScriptWriter(const Plan &plan) : m_plan(plan) { findVariables(); }
    QString write();

private:
    void findVariables();
    Endpoint endpointOf(const QString &node) const;
    QString whereToRun() const;
    QString head() const;
    QString rollback() const;
    QString step(const Step &step, int number) const;
    QString action(const Action &action, bool keep) const;
    QString statement(const QString &node, const QString &sql, const QString &before, const QString &storeAs,
                      bool keep) const;
    QString run(const SqlAction &, bool keep) const;
    QString run(const WaitAction &, bool keep) const;
    QString run(const CommandAction &, bool keep) const;
    QString run(const FileAction &, bool keep) const;
    static QString run(const EditAction &, bool keep);
    /// Its one fact is measured while it runs, which a shell does not.
    static bool isCopy(const Step &step)
    {
        return std::any_of(step.actions.begin(), step.actions.end(), [](const Action &action) {
            const auto *command = std::get_if<CommandAction>(&action);
            return command && command->progress == ProgressKind::BaseBackup;
        });
    }
    static QString made(const Step &step) { return QStringLiteral("made_") + step.id; }

    const Plan &m_plan;
    QSet<QString> m_used; ///< Values that something later reads.
    QStringList m_stored; ///< Of those, the ones that are kept while it runs, in order.
    QStringList m_secrets;
};

void ScriptWriter::findVariables()
{
    const auto look = [this](const QString &text) {
        auto matches = placeholder().globalMatch(text);
        while (matches.hasNext()) {
            const auto match = matches.next();
            if (match.captured(1).isEmpty())
                m_used << match.captured(2);
            else if (!m_secrets.contains(match.captured(2)))
                m_secrets << match.captured(2);
        }
    };
    const auto lookAt = [&look](const Action &action) {
        if (const auto *a = std::get_if<SqlAction>(&action))
            look(a->sql);
        else if (const auto *w = std::get_if<WaitAction>(&action))
            look(w->sql + w->until);
        else if (const auto *f = std::get_if<FileAction>(&action))
            look(f->content + f->path);
        else if (const auto *c = std::get_if<CommandAction>(&action))
            look(c->command.argv.join(u' ') + c->input);
    };
    for (const Step &step : m_plan.steps) {
        for (const Action &action : step.actions + step.undo)
            lookAt(action);
        if (!isCopy(step))
            look(step.fact);
    }
    for (const Step &step : m_plan.steps) {
        for (const Action &action : step.actions) {
            QString as;
            if (const auto *a = std::get_if<SqlAction>(&action))
                as = a->storeAs;
            else if (const auto *w = std::get_if<WaitAction>(&action))
                as = w->storeAs;
            else if (const auto *c = std::get_if<CommandAction>(&action))
                as = c->storeAs;
            if (m_used.contains(as) && !m_stored.contains(as))
                m_stored << as;
        }
    }
}

// A statement goes through stdin, where psql itself quotes the values known only now (:'name').
QString ScriptWriter::statement(const QString &node, const QString &sql, const QString &before,
                                const QString &storeAs, bool keep) const
{
    QString text = sql, variables;
    QSet<QString> named;
    auto matches = placeholder().globalMatch(sql);
    while (matches.hasNext()) {
        const QString name = matches.next().captured(2);
        text.replace(QStringLiteral("${") + name + u'}', QStringLiteral(":'") + name + u'\'');
        if (!named.contains(name))
            variables += QStringLiteral(" -v %1=\"$%1\"").arg(name);
        named << name;
    }
    const QString call = before + u' ' + quote::shellWord(endpointOf(node).conninfo()) + variables;
    const QString here = QStringLiteral(" <<'END_OF_SQL'\n") + text + QStringLiteral(";\nEND_OF_SQL\n");
    if (keep && m_used.contains(storeAs))
        return storeAs + QStringLiteral("=$(") + call + here + QStringLiteral(")\n");
    return call + here;
}

QString ScriptWriter::run(const SqlAction &a, bool keep) const
{
    return statement(a.node, a.sql, QStringLiteral("sql"), a.storeAs, keep);
}

QString ScriptWriter::run(const WaitAction &a, bool keep) const
{
    const QString before = QStringLiteral("wait_for %1 %2").arg(a.deadlineMs / 1000).arg(word(a.until));
    const QString text = statement(a.node, a.sql, before, a.storeAs, keep);
    if (keep && m_used.contains(a.storeAs))
        return text;
    QString quiet = text;
    return quiet.replace(QStringLiteral(" <<'END_OF_SQL'\n"), QStringLiteral(" >/dev/null <<'END_OF_SQL'\n"));
}

QString ScriptWriter::run(const CommandAction &a, bool keep) const
{
    QStringList words;
    for (const QString &w : a.command.argv)
        words << word(w);
    QString call = words.join(u' ');
    if (!a.command.runAs.isEmpty())
        call.prepend(QStringLiteral("as_user ") + quote::shellWord(a.command.runAs) + u' ');
    if (!a.input.isEmpty()) {
        const QString text = a.input.endsWith(u'\n') ? a.input.chopped(1) : a.input;
        call.prepend(QStringLiteral("printf '%s\\n' ") + word(text) + QStringLiteral(" |\n    "));
    } else if (a.command.argv.constFirst().startsWith(QLatin1String("docker"))) {
        // What runs in a container would read the rest of this script's own input.
        call += QStringLiteral(" </dev/null");
    }
    if (keep && m_used.contains(a.storeAs))
        return a.storeAs + QStringLiteral("=$(") + call + QStringLiteral(")\n");
    return call + u'\n';
}

QString ScriptWriter::run(const FileAction &a, bool) const
{
    QString content = a.content;
    if (content.endsWith(u'\n'))
        content.chop(1);
    QStringList lines;
    for (const QString &line : content.split(u'\n'))
        lines << word(line);
    return QStringLiteral("printf '%s\\n' ") + lines.join(QStringLiteral(" \\\n    ")) +
           QStringLiteral(" |\n    write_file %1 %2 %3 %4\n")
               .arg(a.append ? QStringLiteral("'>>'") : QStringLiteral("'>'"), word(a.path),
                    QStringLiteral("0%1").arg(a.mode, 0, 8), quote::shellWord(a.owner));
}

// The file as it was is copied aside first: its own bytes are part of what is added.
QString ScriptWriter::run(const EditAction &a, bool)
{
    const QString path = quote::shellWord(a.path);
    if (a.creates() && a.takeOut)
        return QStringLiteral("remove_created %1 %2\n").arg(path, a.after);
    if (a.takeOut) {
        QString cut;
        qint64 from = 0, grown = 0;
        for (const EditAction::Insertion &insertion : a.insertions) {
            cut += QStringLiteral("    tail -c +%1 \"$old\" | head -c %2\n")
                       .arg(from + 1)
                       .arg(insertion.at + grown - from);
            grown += insertion.length;
            from = insertion.at + grown;
        }
        cut += QStringLiteral("    tail -c +%1 \"$old\"\n").arg(from + 1);
        return QStringLiteral("edit_file %1 %2 %3 <<'END_OF_EDIT'\n").arg(path, a.after, a.before) + cut +
               QStringLiteral("END_OF_EDIT\n");
    }
    QString parts;
    qint64 from = 0;
    for (const EditAction::Insertion &insertion : a.insertions) {
        parts +=
            QStringLiteral("    tail -c +%1 \"$old\" | head -c %2\n").arg(from + 1).arg(insertion.at - from);
        for (const EditAction::Piece &piece : insertion.pieces) {
            parts += piece.from < 0
                         ? QStringLiteral("    printf '%s' ") + quote::shellWord(piece.text) + u'\n'
                         : QStringLiteral("    tail -c +%1 \"$old\" | head -c %2\n")
                               .arg(piece.from + 1)
                               .arg(piece.length);
        }
        from = insertion.at;
    }
    if (a.creates()) {
        // The first line of the parts is the file before the insertion, of which the new one has nothing.
        return QStringLiteral("create_file %1 %2 %3 %4 <<'END_OF_EDIT'\n")
                   .arg(path, a.before, a.after, quote::shellWord(a.source)) +
               parts.mid(parts.indexOf(u'\n') + 1) + QStringLiteral("END_OF_EDIT\n");
    }
    parts += QStringLiteral("    tail -c +%1 \"$old\"\n").arg(from + 1);
    return QStringLiteral("edit_file %1 %2 %3 <<'END_OF_EDIT'\n").arg(path, a.before, a.after) + parts +
           QStringLiteral("END_OF_EDIT\n");
}

QString ScriptWriter::action(const Action &action, bool keep) const
{
    return std::visit([&](const auto &a) { return run(a, keep); }, action);
}

// As the machine reaches it that the script runs on.
Endpoint ScriptWriter::endpointOf(const QString &node) const
{
    Endpoint endpoint = m_plan.endpoints.value(node);
    endpoint.host = m_plan.seenHosts.value(node, endpoint.host);
    return endpoint;
}

QString ScriptWriter::whereToRun() const
{
    for (const QString &host : m_plan.hosts)
        if (host.startsWith(sshPrefix))
            return QStringLiteral(
                       "To be run on %1, by a user who may act as root and as the server's user there.")
                .arg(placeWords(host));
    return QStringLiteral("To be run on the machine it was made on.");
}

QString ScriptWriter::head() const
{
    QString text =
        QStringLiteral("#!/usr/bin/env bash\n") + comment(m_plan.title) + comment(whereToRun()) +
        comment(QStringLiteral("Made by Understudy. If a step fails, what was made so far is undone.")) +
        QStringLiteral("# Text in single quotes is meant for another shell or for PostgreSQL:\n"
                       "# shellcheck disable=SC2016,SC1003,SC2217\n"
                       "set -euo pipefail\n"
                       "cd /\n"
                       "export LC_ALL=C\n");
    const QString bin = m_plan.facts.value(QStringLiteral("bin"));
    if (!bin.isEmpty())
        text += QStringLiteral("PATH=") + quote::shellWord(bin) + QStringLiteral(":$PATH\n");
    text += u'\n';
    for (const Step &step : m_plan.steps)
        if (!step.undo.isEmpty())
            text += made(step) + QStringLiteral("=no\n");
    for (const QString &name : m_stored)
        text += name + QStringLiteral("=\n");
    for (const QString &secret : m_secrets) {
        const QString name = QStringLiteral("secret_") + secret;
        text += QStringLiteral("\n# Asked for here, so that it stands in no file but the passfile.\n"
                               "read -rsp %1 %2\necho\n"
                               "%2=${%2//\\\\/\\\\\\\\}\n%2=${%2//:/\\\\:}\n")
                    .arg(quote::shellWord(QStringLiteral("Password (%1): ").arg(secret)), name);
    }
    text += QStringLiteral("login_password=\n\n") + QString::fromLatin1(helpers);
    const Endpoint first = endpointOf(m_plan.lockNode);
    if (m_plan.endpoints.contains(m_plan.lockNode))
        text += QStringLiteral("log_in %1 %2\n\n")
                    .arg(quote::shellWord(first.conninfo()),
                         quote::shellWord(QStringLiteral("%1 at %2").arg(first.user, first.address())));
    return text;
}

QString ScriptWriter::rollback() const
{
    QString text = QStringLiteral("# On every way out: undoes what was made, last first.\n"
                                  "rollback() {\n    local status=$?\n    trap - EXIT INT TERM\n"
                                  "    if [ \"$status\" -eq 0 ]; then\n        exit 0\n    fi\n"
                                  "    set +e\n    echo 'It failed. Undoing what was made.' >&2\n");
    for (auto it = m_plan.steps.rbegin(); it != m_plan.steps.rend(); ++it) {
        if (it->undo.isEmpty())
            continue;
        text += QStringLiteral("    if [ \"$%1\" = yes ]; then\n        %2")
                    .arg(made(*it), comment(it->undoWords));
        for (qsizetype i = 0; i + 1 < it->undo.size(); ++i)
            text += action(it->undo[i], false);
        // The last one decides whether something stays.
        text += QStringLiteral("if ! ") + action(it->undo.last(), false) +
                QStringLiteral("then\n    printf 'Left behind: %s\\n' ") + word(it->leftover) +
                QStringLiteral(" >&2\nfi\n    fi\n");
    }
    return text + QStringLiteral("    exit \"$status\"\n}\n"
                                 "trap rollback EXIT\ntrap 'exit 130' INT\ntrap 'exit 143' TERM\n\n");
}

QString ScriptWriter::step(const Step &step, int number) const
{
    QString text = comment(QStringLiteral("%1. %2").arg(number).arg(step.title)) + comment(step.why) +
                   QStringLiteral("echo ") +
                   quote::shellWord(QStringLiteral("%1. %2").arg(number).arg(step.title)) + u'\n';
    bool marked = step.undo.isEmpty();
    for (const Action &a : step.actions) {
        const auto *command = std::get_if<CommandAction>(&a);
        const bool partial = command && !command->atomic; // may have had an effect even when it fails
        const bool effect = !std::holds_alternative<WaitAction>(a);
        const QString mark = made(step) + QStringLiteral("=yes\n");
        if (!marked && partial) {
            text += mark;
            marked = true;
        }
        text += action(a, true);
        if (!marked && effect) {
            text += mark;
            marked = true;
        }
    }
    if (!step.fact.isEmpty() && !isCopy(step))
        text += QStringLiteral("printf '   %s\\n' ") + word(step.fact) + u'\n';
    return text + u'\n';
}

QString ScriptWriter::write()
{
    QString text = head() + rollback();
    int number = 0;
    for (const Step &s : m_plan.steps)
        text += step(s, ++number);
    return text + QStringLiteral("echo Done.\n");
}

} // namespace

QString Plan::toScript() const
{
    return ScriptWriter(*this).write();
}

} // namespace understudy
