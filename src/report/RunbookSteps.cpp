// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Format.h"
#include "report/Markdown.h"
#include "report/RunbookParts.h"

namespace understudy::runbook {

using markdown::code;
using markdown::text;

namespace {

constexpr qsizetype firstLines = 4;
constexpr qsizetype lastLines = 10;

QString stateWords(StepState state)
{
    switch (state) {
    case StepState::Waiting:
        return QStringLiteral("not run");
    case StepState::Running:
        return QStringLiteral("interrupted while it ran");
    case StepState::Done:
        return QStringLiteral("done");
    case StepState::Skipped:
        return QStringLiteral("skipped, it was done already");
    case StepState::Failed:
        return QStringLiteral("failed");
    case StepState::Undoing:
        return QStringLiteral("interrupted while it was undone");
    case StepState::Undone:
        return QStringLiteral("undone");
    case StepState::UndoFailed:
        return QStringLiteral("could not be undone");
    }
    return QStringLiteral("unknown");
}

/// What the commands of a step printed: the beginning and the end, with the number of lines left out between.
QString printed(const StepRecord &record)
{
    QStringList lines;
    for (const LogLine &line : record.log) {
        if (line.kind == LogLine::Kind::Output || line.kind == LogLine::Kind::Error)
            lines << line.text.left(400).split(u'\n');
    }
    if (lines.size() > firstLines + lastLines + 1) {
        const qsizetype hidden = lines.size() - firstLines - lastLines;
        lines =
            lines.mid(0, firstLines) +
            QStringList{
                QStringLiteral("... %1 left out ...").arg(format::plural(hidden, QStringLiteral("line")))} +
            lines.mid(lines.size() - lastLines);
    }
    return lines.join(u'\n');
}

QString capitalised(const QString &words)
{
    return words.isEmpty() ? words : words.at(0).toUpper() + words.mid(1);
}

struct Block
{
    QString language, where, text;
};

/// One action as it was run, and where: a comment names the node or the other user.
Block blockOf(const View &view, const Action &action)
{
    const QString command = view.resolved(shownCommand(action));
    const auto on = [](const QString &node) {
        return QStringLiteral("-- on %1").arg(markdown::oneLine(node));
    };
    if (const auto *sql = std::get_if<SqlAction>(&action))
        return {QStringLiteral("sql"), on(sql->node), command};
    if (const auto *wait = std::get_if<WaitAction>(&action))
        return {QStringLiteral("sql"), on(wait->node), command};
    const auto *run = std::get_if<CommandAction>(&action);
    if (!run)
        return {QStringLiteral("text"), {}, command};
    const QString &user = run->command.runAs;
    return {QStringLiteral("sh"),
            user.isEmpty() ? QString() : QStringLiteral("# as %1").arg(markdown::oneLine(user)), command};
}

/// What belongs together stands in one block.
QString actionBlocks(const View &view, const QList<Action> &actions)
{
    QList<Block> blocks;
    for (const Action &action : actions) {
        const Block block = blockOf(view, action);
        if (!blocks.isEmpty() && blocks.constLast().language == block.language &&
            blocks.constLast().where == block.where && block.language != QLatin1String("text"))
            blocks.last().text += u'\n' + block.text;
        else
            blocks << block;
    }
    QString out;
    for (const Block &block : blocks)
        out += markdown::block(block.language,
                               block.where.isEmpty() ? block.text : block.where + u'\n' + block.text) +
               u'\n';
    return out;
}

} // namespace

QString steps(const View &view)
{
    QString out = QStringLiteral("## 4. Steps and commands\n");
    if (view.in.plan.steps.isEmpty())
        return out + QStringLiteral("\nThere is no plan.\n");
    int number = 0;
    for (const Step &step : view.in.plan.steps) {
        ++number;
        out += QStringLiteral("\n### Step %1: %2\n\n").arg(QString::number(number), text(step.title));
        if (!step.why.isEmpty())
            out += text(step.why) + QStringLiteral("\n\n");
        if (step.pointOfNoReturn)
            out += QStringLiteral("**From here on there is no way back.**\n\n");
        out += actionBlocks(view, step.actions);
        const StepRecord *record = view.in.run ? view.in.run->step(step.id) : nullptr;
        if (record) {
            const QString output = printed(*record);
            if (!output.isEmpty())
                out += QStringLiteral("It printed:\n\n") + markdown::block(QStringLiteral("text"), output) +
                       u'\n';
        }
        QStringList facts;
        if (record) {
            facts << QStringLiteral("Result: ") + stateWords(record->state) +
                         (record->fact.isEmpty() ? QString() : QStringLiteral(", ") + text(record->fact));
            if (record->seconds() > 0)
                facts << QStringLiteral("took ") + format::seconds(record->seconds());
        } else {
            facts << QStringLiteral("About ") + format::seconds(step.aboutSeconds);
        }
        if (!step.undoWords.isEmpty())
            facts << QStringLiteral("undo: ") + text(step.undoWords);
        else if (step.readsOnly)
            facts << QStringLiteral("reads only");
        out += facts.join(QStringLiteral("; ")) + QStringLiteral(".\n");
        if (record && !record->error.isEmpty())
            out += u'\n' + text(record->error) + u'\n';
    }
    return out;
}

QString undo(const View &view)
{
    QString out = QStringLiteral("## 8. Undo\n\n");
    if (view.in.run) {
        const auto outcome = view.in.run->outcome;
        if (outcome == RunRecord::Outcome::FailedAndUndone ||
            outcome == RunRecord::Outcome::CancelledAndUndone)
            return out + QStringLiteral("Everything was undone already. Nothing is left to take away.\n");
    }
    QString commands;
    for (qsizetype i = view.in.plan.steps.size() - 1; i >= 0; --i) {
        const Step &step = view.in.plan.steps.at(i);
        if (step.undo.isEmpty())
            continue;
        commands += QStringLiteral("%1:\n\n").arg(
            text(capitalised(step.undoWords.isEmpty() ? step.title : step.undoWords)));
        commands += actionBlocks(view, step.undo);
    }
    if (commands.isEmpty())
        return out + QStringLiteral("The plan changes nothing that would have to be undone.\n");
    out += QStringLiteral("To take %1 away again, in this order.\n\n").arg(text(view.name)) + commands;
    QStringList slotNames;
    for (const QString &slot : view.slotNames())
        slotNames << code(slot);
    if (!slotNames.isEmpty())
        out += QStringLiteral(
                   "A slot that nobody uses keeps WAL on %1 until it is dropped: do not leave %2 behind.\n")
                   .arg(text(view.upstreamName()), slotNames.join(QStringLiteral(" or ")));
    return out;
}

} // namespace understudy::runbook
