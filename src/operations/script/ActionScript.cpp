// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/script/ActionScript.h"

#include "model/Quote.h"
#include "operations/script/EditScript.h"
#include "operations/script/ScriptText.h"

#include <algorithm>

namespace understudy::script {

namespace {

// What nobody reads is not shown.
QString quiet(QString statement)
{
    return statement.replace(QStringLiteral(" <<'END_OF_SQL'\n"),
                             QStringLiteral(" >/dev/null <<'END_OF_SQL'\n"));
}

} // namespace

bool ActionScript::isCopy(const Action &action)
{
    const auto *command = std::get_if<CommandAction>(&action);
    return command && command->progress == ProgressKind::BaseBackup;
}

bool ActionScript::isCopy(const Step &step)
{
    return std::any_of(step.actions.begin(), step.actions.end(),
                       [](const Action &action) { return isCopy(action); });
}

QString ActionScript::lines(const Action &action, bool keep) const
{
    return std::visit([&](const auto &a) { return run(a, keep); }, action);
}

QString ActionScript::login(const QString &node) const
{
    if (m_plan.unseen)
        return QStringLiteral("\"$upstream_login\"");
    return quote::shellWord(m_plan.seen.value(node, m_plan.endpoints.value(node)).conninfo());
}

void ActionScript::findVariables()
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
QString ActionScript::statement(const QString &node, const QString &sql, const QString &before,
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
    const QString call = before + u' ' + login(node) + variables;
    const QString here = QStringLiteral(" <<'END_OF_SQL'\n") + text + QStringLiteral(";\nEND_OF_SQL\n");
    if (keep && m_used.contains(storeAs))
        return storeAs + QStringLiteral("=$(") + call + here + QStringLiteral(")\n");
    return call + here;
}

QString ActionScript::run(const SqlAction &a, bool keep) const
{
    const QString text = statement(a.node, a.sql, QStringLiteral("sql"), a.storeAs, keep);
    return keep && m_used.contains(a.storeAs) ? text : quiet(text);
}

QString ActionScript::run(const WaitAction &a, bool keep) const
{
    const QString before = QStringLiteral("wait_for %1 %2").arg(a.deadlineMs / 1000).arg(word(a.until));
    const QString text = statement(a.node, a.sql, before, a.storeAs, keep);
    if (keep && m_used.contains(a.storeAs))
        return text;
    return quiet(text);
}

QString ActionScript::run(const CommandAction &a, bool keep) const
{
    QStringList words;
    for (const QString &w : a.command.argv)
        words << word(w);
    QString call = words.join(u' ');
    if (!a.command.runAs.isEmpty())
        call.prepend(QStringLiteral("as_user ") + word(a.command.runAs) + u' ');
    if (!a.input.isEmpty()) {
        const QString text = a.input.endsWith(u'\n') ? a.input.chopped(1) : a.input;
        call.prepend(QStringLiteral("printf '%s\\n' ") + word(text) + QStringLiteral(" |\n    "));
    } else if (a.command.argv.constFirst().startsWith(QLatin1String("docker"))) {
        // What runs in a container would read the rest of this script's own input.
        call += QStringLiteral(" </dev/null");
    }
    if (keep && m_used.contains(a.storeAs))
        return a.storeAs + QStringLiteral("=$(") + call + QStringLiteral(")\n");
    // In the background, so that a signal is heard while it runs.
    if (m_plan.unseen && a.progress == ProgressKind::BaseBackup)
        return call + QStringLiteral(" &\nwait $!\n");
    return call + u'\n';
}

QString ActionScript::run(const FileAction &a, bool) const
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
                    QStringLiteral("0%1").arg(a.mode, 0, 8), word(a.owner));
}

QString ActionScript::run(const EditAction &a, bool) const
{
    return editLines(a);
}

} // namespace understudy::script
