// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/script/UnseenScript.h"

#include "model/Quote.h"
#include "operations/script/ActionScript.h"
#include "operations/script/ScriptHelpers.h"
#include "operations/script/ScriptText.h"
#include "operations/script/UnseenChecks.h"
#include "operations/script/UnseenRecord.h"

#include <QFileInfo>

namespace understudy::script {

namespace {

const char environment[] = R"sh(# Text in single quotes is meant for another shell or for PostgreSQL:
# shellcheck disable=SC2016,SC1003,SC2034,SC2217
set -euo pipefail
cd /
export LC_ALL=C
# What programs of PostgreSQL would take from the environment of whoever runs this, and the server has not.
for variable in "${!PG@}"; do
    [ "$variable" = PGPASSFILE ] || unset "$variable"
done

)sh";

class Writer
{
public:
    explicit Writer(const Plan &plan) : m_plan(plan), m_target(*plan.unseen), m_actions(plan) {}

    QString write() const
    {
        const RecordNames names{madeNames(), neededByUndo()};
        return header() + QLatin1String(environment) + settings() + values() + runningFunctions() +
               programFunctions() + loginFunctions() + recordFunctions(names) + machineFunctions() +
               spaceFunctions(m_target) + checkMachine(m_target) + undo() + finish() + steps();
    }

private:
    static QString made(const Step &step) { return QStringLiteral("made_") + step.id; }
    static QString assign(const char *name, const QString &value)
    {
        return QLatin1String(name) + u'=' + quote::shellWord(value) + u'\n';
    }
    /// What only looks leaves nothing to undo.
    static bool hasEffect(const Action &action)
    {
        const auto *command = std::get_if<CommandAction>(&action);
        return !std::holds_alternative<WaitAction>(action) &&
               !(command && command->atomic && !command->storeAs.isEmpty());
    }
    QStringList madeNames() const
    {
        QStringList names;
        for (const Step &step : m_plan.steps)
            if (!step.undo.isEmpty())
                names << made(step);
        return names;
    }
    QStringList neededByUndo() const
    {
        const QString undoing = undo();
        QStringList names = m_actions.stored();
        names.removeIf(
            [&](const QString &name) { return !undoing.contains(QStringLiteral("${%1}").arg(name)); });
        return names;
    }
    QString header() const;
    QString settings() const;
    QString values() const;
    QString undo() const;
    QString finish() const;
    QString step(const Step &step, int number) const;
    QString steps() const;

    const Plan &m_plan;
    const UnseenTarget &m_target;
    const ActionScript m_actions;
};

QString Writer::header() const
{
    const bool root = m_target.keeper != QLatin1String("pg_ctl");
    return QStringLiteral("#!/usr/bin/env bash\n") +
           comment(QStringLiteral("%1: a standby of %2, on %3.")
                       .arg(m_plan.title, m_target.upstream, m_target.machine)) +
           comment(QString()) +
           comment(
               QStringLiteral("Copy this file to %1 and run it there as root (sudo bash FILE)%2.")
                   .arg(m_target.machine, root ? QString() : QStringLiteral(", or as the server's user"))) +
           QStringLiteral("# It checks both logins and the machine before it makes anything. If a step "
                          "fails, what was made so far "
                          "is undone,\n"
                          "# and what could not be undone is named. If it is killed, run it again: it undoes "
                          "that first. If the "
                          "standby is\n"
                          "# there and streams, it says so and does nothing.\n"
                          "# No password stands in it. They are looked for in PGPASSFILE and ~/.pgpass and "
                          "asked for otherwise; "
                          "the standby's\n"
                          "# own goes into a file that only the server's user can read.\n"
                          "# Exit code 0: it streams; 3: something was left behind (named); anything else: "
                          "nothing was.\n"
                          "# Made by Understudy.\n"
                          "#\n");
}

QString Writer::settings() const
{
    return QStringLiteral("# ---- What may be changed, if it does not fit the machine ----\n"
                          "# Folder of PostgreSQL %1's programs. Empty: where packages put them.\n"
                          "bin=${STANDBY_BIN:-}\n"
                          "# Operating-system user that the server and its data belong to.\n"
                          "server_user=${STANDBY_USER:-postgres}\n"
                          "# Login that makes the slot and sees whether the standby streams: a role with "
                          "REPLICATION and pg_monitor%2.\n")
               .arg(m_target.major)
               .arg(m_plan.facts.value(QStringLiteral("synchronous")) == QLatin1String("yes")
                        ? QStringLiteral(", here a superuser,\n# since synchronous_standby_names is set")
                        : QString()) +
           assign("upstream_login", m_target.login) + assign("login_user", m_target.loginUser) +
           QStringLiteral("# Login of the standby itself: a role with REPLICATION.\n") +
           assign("replication_login", m_target.replicationLogin) + assign("role", m_target.role) +
           QStringLiteral("# --------------------------------------------------------------\n\n");
}

QString Writer::values() const
{
    const QFileInfo directory(m_target.dataDirectory);
    QString text = assign("name", m_target.name) + assign("data_directory", m_target.dataDirectory) +
                   assign("passfile", m_target.passfile) +
                   QStringLiteral("port=%1\nmajor=%2\nverifies=%3\n")
                       .arg(m_target.port)
                       .arg(m_target.major)
                       .arg(m_target.verifies ? QStringLiteral("yes") : QStringLiteral("no")) +
                   assign("keeper", m_target.keeper) + assign("upstream", m_target.upstream) +
                   assign("upstream_host", m_target.upstreamHost) +
                   QStringLiteral("upstream_port=%1\n").arg(m_target.upstreamPort) +
                   assign("login_database", m_target.loginDatabase) +
                   assign("system_identifier", m_target.systemIdentifier) +
                   assign("streaming_sql", m_target.streamingSql) +
                   assign("record", directory.path() + QStringLiteral("/.") + directory.fileName() +
                                        QStringLiteral(".understudy")) +
                   QStringLiteral("makes_parent=%1\n\n")
                       .arg(m_target.makesParent ? QStringLiteral("yes") : QStringLiteral("no"));
    for (const QString &made : madeNames())
        text += made + QStringLiteral("=no\n");
    for (const QString &stored : m_actions.stored())
        text += stored + QStringLiteral("=\n");
    return text + QStringLiteral("socket_directory=\nlogin_password=\nreplication_password=\n"
                                 "secret_replication=\n\n");
}

QString Writer::undo() const
{
    QString text =
        QStringLiteral("# Undoes what was made, last first, and names what stays.\nleft=no\nundo() {\n");
    for (auto it = m_plan.steps.rbegin(); it != m_plan.steps.rend(); ++it) {
        if (it->undo.isEmpty())
            continue;
        text += QStringLiteral("    if [ \"$%1\" = yes ]; then\n        %2")
                    .arg(made(*it), comment(it->undoWords));
        for (qsizetype i = 0; i + 1 < it->undo.size(); ++i)
            text += m_actions.lines(it->undo[i], false);
        // The last one decides whether something stays.
        text += QStringLiteral("if ! ") + m_actions.lines(it->undo.last(), false) +
                QStringLiteral("then\n    left=yes\n    printf 'Left behind: %s\\n' ") + word(it->leftover) +
                QStringLiteral(" >&2\nfi\n    fi\n");
    }
    return text + QStringLiteral("}\n\n");
}

QString Writer::finish() const
{
    QString log;
    for (const Step &step : m_plan.steps)
        if (step.id == QLatin1String("start") && step.evidence)
            log = QStringLiteral(
                      "    if [ \"$made_start\" = yes ]; then\n        echo 'The last words of the server:' "
                      ">&2\n") +
                  m_actions.lines(*step.evidence, false).chopped(1) + QStringLiteral(" >&2\n    fi\n");
    return QStringLiteral(
               "# On every way out. A second Ctrl-C does not end it half-way.\nfinish() {\n"
               "    local status=$?\n    trap - EXIT\n    trap '' INT TERM HUP\n    set +e\n"
               "    if [ \"$status\" -eq 0 ] || [ \"$began\" = no ]; then exit \"$status\"; fi\n") +
           log +
           QStringLiteral(
               "    echo 'It failed. Undoing what was made.' >&2\n    undo\n"
               "    if [ \"$left\" = yes ]; then\n"
               "        echo 'Run this script again to undo the rest.' >&2\n        exit 3\n    fi\n"
               "    rm -f -- \"$record\"\n    echo 'Nothing was left behind.' >&2\n"
               "    case $status in 129 | 130 | 143) exit \"$status\" ;; *) exit 1 ;; esac\n}\n\n");
}

QString Writer::step(const Step &step, int number) const
{
    const QString title = QStringLiteral("%1. %2").arg(number).arg(step.title);
    QString text =
        comment(title) + comment(step.why) + QStringLiteral("echo ") + quote::shellWord(title) + u'\n';
    if (step.id == QLatin1String("machine"))
        text += QStringLiteral("check_user\nfind_programs\nprove_login\nundo_earlier_run\nprove_replication\n"
                               "check_machine\n");
    const bool secret = step.id == QLatin1String("passfile");
    if (secret)
        text += QStringLiteral("if [ -n \"$secret_replication\" ]; then\n");
    // Written down before the effect, and held to be true once it was there: a kill in between is told from a
    // failure.
    bool intended = step.undo.isEmpty(), marked = intended;
    for (const Action &action : step.actions) {
        const bool effect = hasEffect(action);
        const auto *command = std::get_if<CommandAction>(&action);
        if (effect && !intended)
            text += QStringLiteral("intend ") + made(step) + u'\n';
        intended = intended || effect;
        const bool partial = command && !command->atomic; // may have had an effect even when it fails
        const QString mark = made(step) + QStringLiteral("=yes\n");
        if (effect && !marked && partial)
            text += mark;
        text += m_actions.lines(action, true);
        if (effect && !marked && !partial)
            text += mark;
        marked = marked || effect;
        if (command && neededByUndo().contains(command->storeAs))
            text += QStringLiteral("note ") + command->storeAs + u'\n';
    }
    if (secret)
        text += QStringLiteral("else\n    echo '   none is needed'\nfi\n");
    if (step.id == QLatin1String("machine"))
        text += QStringLiteral("begin\n");
    else if (!step.fact.isEmpty() && !ActionScript::isCopy(step) && !secret)
        text += QStringLiteral("printf '   %s\\n' ") + word(step.fact) + u'\n';
    return text + u'\n';
}

QString Writer::steps() const
{
    QString text = QStringLiteral("main() {\n");
    int number = 0;
    for (const Step &s : m_plan.steps)
        text += step(s, ++number);
    return text + QStringLiteral(
                      "rm -f -- \"$record\"\nprintf '%s streams from %s.\\n' \"$name\" \"$upstream\"\n}\n\n"
                      "began=no\n"
                      "trap finish EXIT\ntrap 'exit 130' INT\ntrap 'exit 143' TERM\ntrap 'exit 129' HUP\n"
                      "main\n");
}

} // namespace

QString unseenScript(const Plan &plan)
{
    return Writer(plan).write();
}

} // namespace understudy::script
