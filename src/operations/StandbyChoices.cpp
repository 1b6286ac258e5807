// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/StandbyChoices.h"

#include "operations/AddStandby.h"

#include <QRegularExpression>
#include <cmath>

namespace understudy {

namespace {

constexpr double longestDelayMs = 2147483647;

} // namespace

std::optional<qint64> applyDelayMs(const QString &text)
{
    // As PostgreSQL reads a setting of time: a number, decimals too, and one of its units; milliseconds
    // without.
    static const QRegularExpression form(QStringLiteral("^\\s*([0-9]{1,12}(?:\\.[0-9]{1,6})?)\\s*"
                                                        "(us|ms|s|min|h|d)?\\s*$"));
    static const QMap<QString, double> units{
        {QStringLiteral("us"), 0.001},      {QString(), 1},
        {QStringLiteral("ms"), 1},          {QStringLiteral("s"), 1000},
        {QStringLiteral("min"), 60 * 1000}, {QStringLiteral("h"), 3600 * 1000},
        {QStringLiteral("d"), 86400 * 1000}};
    const auto match = form.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    const double ms = std::rint(match.captured(1).toDouble() * units.value(match.captured(2)));
    return ms <= longestDelayMs ? std::optional(qint64(ms)) : std::nullopt;
}

QString compressMethod(const QString &compress)
{
    return compress.section(u':', 0, 0);
}

Result<std::pair<QString, QString>> parseTablespaceMapping(const QString &text)
{
    QString parts[2];
    int at = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] == u'\\' && i + 1 < text.size() && text[i + 1] == u'=') {
            parts[at] += u'=';
            ++i;
        } else if (text[i] == u'=') {
            if (++at > 1)
                break;
        } else {
            parts[at] += text[i];
        }
    }
    if (at != 1 || !parts[0].startsWith(u'/') || !parts[1].startsWith(u'/'))
        return fail(
            QStringLiteral("\"%1\" does not say which directory becomes which.").arg(text.left(80)),
            QStringLiteral("Write OLD=NEW, two absolute paths; an = inside of a path is written \\=."),
            QStringLiteral("tablespaces"));
    return std::pair(parts[0], parts[1]);
}

QString tablespaceMapping(const QString &from, const QString &to)
{
    const auto escaped = [](QString path) { return path.replace(u'=', QStringLiteral("\\=")); };
    return escaped(from) + u'=' + escaped(to);
}

QStringList baseBackupWords(const AddStandbyRequest &request, const QString &directory)
{
    const StandbyChoices &choices = request.choices;
    QStringList words{QStringLiteral("-D"),  directory,
                      QStringLiteral("-Fp"), QStringLiteral("-Xs"),
                      QStringLiteral("-P"),  QStringLiteral("-v"),
                      QStringLiteral("-R")};
    if (choices.slot)
        words << QStringLiteral("-S") << request.slot;
    words << QStringLiteral("-c")
          << (request.fastCheckpoint ? QStringLiteral("fast") : QStringLiteral("spread"));
    if (!choices.compress.isEmpty())
        words << QStringLiteral("--compress=") + choices.compress;
    if (!choices.walDirectory.isEmpty())
        words << QStringLiteral("--waldir=") + choices.walDirectory;
    for (auto it = choices.tablespaces.begin(); it != choices.tablespaces.end(); ++it)
        words << QStringLiteral("-T") << tablespaceMapping(it.key(), it.value());
    if (!request.maxRate.isEmpty())
        words << QStringLiteral("--max-rate=") + request.maxRate;
    return words;
}

QList<std::pair<QString, QString>> choiceSettings(const StandbyChoices &choices, const QString &delay,
                                                  const QString &restore)
{
    QList<std::pair<QString, QString>> settings;
    const QString delayName = QStringLiteral("recovery_min_apply_delay");
    if (!choices.applyDelay.isEmpty())
        settings.append({delayName, choices.applyDelay.simplified()});
    else if (applyDelayMs(delay).value_or(0) > 0)
        settings.append({delayName, QStringLiteral("0")});
    if (!choices.restoreCommand.isEmpty() || !restore.isEmpty())
        settings.append({QStringLiteral("restore_command"), choices.restoreCommand});
    // The copied files may name the upstream's own slot.
    if (!choices.slot)
        settings.append({QStringLiteral("primary_slot_name"), QString()});
    return settings;
}

} // namespace understudy
