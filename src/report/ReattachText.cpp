// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/ReattachText.h"

#include "model/Format.h"
#include "model/Quote.h"
#include "report/Markdown.h"

namespace understudy {

namespace {

const QString byHand = QStringLiteral("Understudy does not run these steps yet. Run them by hand, in this "
                                      "order, as a superuser; ask again what "
                                      "says \"until\", and go on only when its first column is true.");

/// The node that an action speaks to; empty: the machine of the standby.
QString nodeOf(const Action &action)
{
    if (const auto *sql = std::get_if<SqlAction>(&action))
        return sql->node;
    if (const auto *wait = std::get_if<WaitAction>(&action))
        return wait->node;
    return {};
}

QString whereOf(const Action &action)
{
    const QString node = nodeOf(action);
    return node.isEmpty() ? QStringLiteral("-- on the standby's machine")
                          : QStringLiteral("-- on ") + quote::visible(node);
}

/// The command, and what its answer is called where a later one of the step needs it.
QString shownIn(const Step &step, const Action &action)
{
    const auto *sql = std::get_if<SqlAction>(&action);
    const QString name = sql ? QStringLiteral("${%1}").arg(sql->storeAs) : QString();
    const bool used = sql && !sql->storeAs.isEmpty() &&
                      std::any_of(step.actions.begin(), step.actions.end(), [&name](const Action &other) {
                          return shownCommand(other).contains(name);
                      });
    return shownCommand(action) + (used ? QStringLiteral(" -- put its answer for %1").arg(name) : QString());
}

QString comment(const QString &text)
{
    QStringList lines = text.split(u'\n');
    for (QString &line : lines)
        line = QStringLiteral("-- ") + quote::visible(line);
    return lines.join(u'\n');
}

QString line(const ReattachReason &reason)
{
    return reason.verdict == DropVerdict::Safe ? reason.text
                                               : words(reason.verdict) + QStringLiteral(": ") + reason.text;
}

} // namespace

QString words(DropVerdict verdict)
{
    switch (verdict) {
    case DropVerdict::Safe:
        return QStringLiteral("Safe");
    case DropVerdict::Risky:
        return QStringLiteral("Risky");
    case DropVerdict::Impossible:
        break;
    }
    return QStringLiteral("Impossible");
}

QString ReattachPaper::commands(const Step &step)
{
    QStringList lines;
    QString last;
    for (const Action &action : step.actions) {
        const QString where = whereOf(action);
        if (where != last)
            lines << where;
        last = where;
        lines << shownIn(step, action);
    }
    return lines.join(u'\n');
}

QString ReattachPaper::asText() const
{
    QStringList out{title,
                    QStringLiteral("%1, as of %2").arg(words(worstOf(reasons)), format::utcDateTime(asOfUs)),
                    QString()};
    for (const ReattachReason &reason : reasons)
        out << QStringLiteral("- ") + line(reason);
    out << QString();
    if (!plan)
        out << QStringLiteral("No steps: ") + problem;
    else
        out << byHand;
    int number = 0;
    for (const Step &step : plan ? plan->steps : QList<Step>()) {
        out << QString() << QStringLiteral("%1. %2").arg(++number).arg(step.title)
            << QStringLiteral("   ") + step.why;
        for (const QString &command : commands(step).split(u'\n'))
            out << QStringLiteral("     ") + command;
        if (!step.undoWords.isEmpty())
            out << QStringLiteral("   Undo: ") + step.undoWords;
    }
    return out.join(u'\n') + u'\n';
}

QString ReattachPaper::asMarkdown() const
{
    QStringList out{
        QStringLiteral("# ") + markdown::text(title), QString(),
        QStringLiteral("**%1**, as of %2").arg(words(worstOf(reasons)), format::utcDateTime(asOfUs)),
        QString()};
    for (const ReattachReason &reason : reasons)
        out << QStringLiteral("- ") + markdown::text(line(reason));
    out << QString() << (plan ? byHand : markdown::text(QStringLiteral("No steps: ") + problem));
    int number = 0;
    for (const Step &step : plan ? plan->steps : QList<Step>()) {
        out << QString() << QStringLiteral("## %1. ").arg(++number) + markdown::text(step.title) << QString()
            << markdown::text(step.why) << QString()
            << markdown::block(QStringLiteral("sql"), commands(step)).trimmed();
        if (!step.undoWords.isEmpty())
            out << QString() << QStringLiteral("Undo: ") + markdown::text(step.undoWords);
    }
    return out.join(u'\n') + u'\n';
}

QString ReattachPaper::asSql() const
{
    QStringList out{
        comment(title),
        comment(QStringLiteral("%1, as of %2").arg(words(worstOf(reasons)), format::utcDateTime(asOfUs)))};
    for (const ReattachReason &reason : reasons)
        out << comment(line(reason));
    out << comment(plan ? byHand : QStringLiteral("No steps: ") + problem);
    int number = 0;
    for (const Step &step : plan ? plan->steps : QList<Step>()) {
        out << QString() << comment(QStringLiteral("%1. %2").arg(++number).arg(step.title))
            << comment(step.why);
        QString last;
        for (const Action &action : step.actions) {
            const QString where = whereOf(action);
            if (where != last)
                out << where;
            last = where;
            // A command of a shell is no statement.
            out << (nodeOf(action).isEmpty() ? comment(shownCommand(action)) : shownIn(step, action));
        }
    }
    return out.join(u'\n') + u'\n';
}

} // namespace understudy
