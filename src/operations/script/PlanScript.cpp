// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/Plan.h"

#include "model/Quote.h"
#include "operations/PlanHosts.h"
#include "operations/script/ActionScript.h"
#include "operations/script/ScriptHelpers.h"
#include "operations/script/ScriptText.h"
#include "operations/script/UnseenScript.h"

#include <algorithm>

namespace understudy {

namespace {

using script::comment;
using script::word;

class ScriptWriter
{
public:
    explicit ScriptWriter(const Plan &plan) : m_plan(plan), m_actions(plan) {}
    QString write() const;

private:
    QString whereToRun() const;
    bool edits() const;
    QString head() const;
    QString rollback() const;
    QString step(const Step &step, int number) const;
    QString action(const Action &action, bool keep) const { return m_actions.lines(action, keep); }
    static QString made(const Step &step) { return QStringLiteral("made_") + step.id; }

    const Plan &m_plan;
    const script::ActionScript m_actions;
};

QString ScriptWriter::whereToRun() const
{
    for (const QString &host : m_plan.hosts)
        if (host.startsWith(sshPrefix))
            return QStringLiteral(
                       "To be run on %1, by a user who may act as root and as the server's user there.")
                .arg(placeWords(host));
    return QStringLiteral("To be run on the machine it was made on.");
}

bool ScriptWriter::edits() const
{
    return std::any_of(m_plan.steps.begin(), m_plan.steps.end(), [](const Step &step) {
        return std::any_of(step.actions.begin(), step.actions.end(),
                           [](const Action &action) { return std::holds_alternative<EditAction>(action); });
    });
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
    for (const QString &name : m_actions.stored())
        text += name + QStringLiteral("=\n");
    for (const QString &secret : m_actions.secrets()) {
        const QString name = QStringLiteral("secret_") + secret;
        text += QStringLiteral("\n# Asked for here, so that it stands in no file but the passfile.\n"
                               "read -rsp %1 %2\necho\n"
                               "%2=${%2//\\\\/\\\\\\\\}\n%2=${%2//:/\\\\:}\n")
                    .arg(quote::shellWord(QStringLiteral("Password (%1): ").arg(secret)), name);
    }
    text += QStringLiteral("login_password=\n\n") + script::runningFunctions() + script::loginFunction();
    if (edits())
        text += script::editFunctions();
    const Endpoint first = m_plan.seen.value(m_plan.lockNode, m_plan.endpoints.value(m_plan.lockNode));
    if (m_plan.endpoints.contains(m_plan.lockNode))
        text += QStringLiteral("log_in %1 %2\n\n")
                    .arg(m_actions.login(m_plan.lockNode),
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
    if (!step.fact.isEmpty() && !script::ActionScript::isCopy(step))
        text += QStringLiteral("printf '   %s\\n' ") + word(step.fact) + u'\n';
    return text + u'\n';
}

QString ScriptWriter::write() const
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
    return unseen ? script::unseenScript(*this) : ScriptWriter(*this).write();
}

} // namespace understudy
