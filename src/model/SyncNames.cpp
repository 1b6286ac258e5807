// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/SyncNames.h"

#include <QRegularExpression>

namespace understudy {

SyncNames SyncNames::parse(const QString &setting)
{
    SyncNames out;
    QString list = setting.trimmed();
    if (list.isEmpty())
        return out;
    out.needed = 1;
    static const QRegularExpression form(QStringLiteral("^(?:(FIRST|ANY)\\s+)?([0-9]+)\\s*\\((.*)\\)$"),
                                         QRegularExpression::CaseInsensitiveOption |
                                             QRegularExpression::DotMatchesEverythingOption);
    if (const auto match = form.match(list); match.hasMatch()) {
        out.any = match.captured(1).compare(u"ANY", Qt::CaseInsensitive) == 0;
        out.needed = match.captured(2).toInt();
        list = match.captured(3);
    }
    static const QRegularExpression name(QStringLiteral("\"((?:[^\"]|\"\")*)\"|([^,\\s]+)"));
    for (auto it = name.globalMatch(list); it.hasNext();) {
        const auto match = it.next();
        QString quoted = match.captured(1);
        out.names.append(match.captured(2).isEmpty()
                             ? quoted.replace(QStringLiteral("\"\""), QStringLiteral("\""))
                             : match.captured(2));
    }
    return out;
}

bool SyncNames::matches(const QString &applicationName) const
{
    // The server compares without case, as pg_strcasecmp does.
    for (const QString &name : names) {
        if (name == u"*" || name.compare(applicationName, Qt::CaseInsensitive) == 0)
            return true;
    }
    return false;
}

} // namespace understudy
