// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/Plan.h"

#include "model/Format.h"
#include "model/Quote.h"

#include <QRegularExpression>

namespace understudy {

namespace {

// A command is broken at its options once it is longer than this.
constexpr qsizetype lineLimit = 72;

QString wrapped(const QStringList &argv)
{
    const QString whole = quote::shellCommand(argv);
    if (whole.size() <= lineLimit)
        return whole;
    QString text, line;
    for (qsizetype i = 0; i < argv.size();) {
        // An option and its value stay together.
        QString part = quote::shellWord(argv[i++]);
        const bool option = part.startsWith(u'-');
        while (option && i < argv.size() && !argv[i].startsWith(u'-'))
            part += u' ' + quote::shellWord(argv[i++]);
        if (!line.isEmpty() && option && line.size() + 1 + part.size() > lineLimit - 2) {
            text += line + QStringLiteral(" \\\n");
            line = QStringLiteral("  ") + part;
        } else {
            line += (line.isEmpty() ? QString() : QStringLiteral(" ")) + part;
        }
    }
    return text + line;
}

QString hidden(QString text)
{
    static const QRegularExpression secret(QStringLiteral("\\$\\{secret:[A-Za-z0-9_]+\\}"));
    return text.replace(secret, QStringLiteral("(hidden)"));
}

QString shown(const SqlAction &a)
{
    return a.sql + u';';
}

// What happens on another machine says so first.
QString whereOf(const QString &host)
{
    const QString ssh = QStringLiteral("ssh:");
    return host.startsWith(ssh) ? QStringLiteral("# on %1\n").arg(quote::visible(host.mid(ssh.size())))
                                : QString();
}

QString shown(const CommandAction &a)
{
    return whereOf(a.host) + (a.shown.isEmpty() ? wrapped(a.command.argv) : a.shown);
}

QString shown(const FileAction &a)
{
    QStringList lines = a.content.split(u'\n', Qt::SkipEmptyParts);
    for (QString &line : lines)
        line.prepend(QStringLiteral("  "));
    const QString head = a.append
                             ? QStringLiteral("%1, added:").arg(a.path)
                             : QStringLiteral("%1, mode %2:")
                                   .arg(a.path, QStringLiteral("%1").arg(a.mode, 4, 8, QLatin1Char('0')));
    return whereOf(a.host) + head + u'\n' + lines.join(u'\n');
}

QString shown(const WaitAction &a)
{
    return a.sql + QStringLiteral("; -- until ") + a.until;
}

QString shown(const EditAction &a)
{
    if (a.takeOut && a.creates())
        return QStringLiteral("%1, removed if it is still the file that was made").arg(a.path);
    if (a.takeOut)
        return QStringLiteral("%1, without the %2 that were added")
            .arg(a.path, format::plural(a.lines(), QStringLiteral("line")));
    QString text = QStringLiteral("%1, %2:").arg(
        a.path, a.creates() ? QStringLiteral("a new file")
                            : format::plural(a.lines(), QStringLiteral("line")) + QStringLiteral(" added"));
    for (const EditAction::Insertion &insertion : a.insertions) {
        int number = insertion.line;
        for (const QString &line : insertion.shown.split(u'\n'))
            text += QStringLiteral("\n%1 + %2").arg(number++, 4).arg(line);
    }
    return text;
}

} // namespace

int EditAction::lines() const
{
    qsizetype lines = 0;
    for (const Insertion &insertion : insertions)
        lines += insertion.shown.count(u'\n') + 1;
    return int(lines);
}

QString shownCommand(const Action &action)
{
    return hidden(std::visit([](const auto &a) { return shown(a); }, action));
}

QStringList Step::shownCommands() const
{
    QStringList all;
    for (const Action &action : actions)
        all << shownCommand(action);
    return all;
}

double Plan::aboutSeconds() const
{
    double sum = 0;
    for (const Step &step : steps)
        sum += step.aboutSeconds;
    return sum;
}

} // namespace understudy
