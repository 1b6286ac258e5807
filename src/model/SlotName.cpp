// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/SlotName.h"

namespace understudy {

namespace {

constexpr qsizetype maxLength = 63; // NAMEDATALEN - 1

bool isLower(QChar c)
{
    return c >= u'a' && c <= u'z';
}

bool isUpper(QChar c)
{
    return c >= u'A' && c <= u'Z';
}

bool isDigit(QChar c)
{
    return c >= u'0' && c <= u'9';
}

} // namespace

Result<QString> checkSlotName(const QString &name)
{
    const QString field = QStringLiteral("slot");
    if (name.isEmpty())
        return fail(QStringLiteral("The slot has no name."),
                    QStringLiteral("Type one, such as standby2_slot."), field);
    if (name.size() > maxLength)
        return fail(QStringLiteral("The slot name has %1 characters; PostgreSQL allows 63.").arg(name.size()),
                    QStringLiteral("Shorten it."), field);
    for (const QChar c : name) {
        if (!isLower(c) && !isDigit(c) && c != u'_')
            return fail(QStringLiteral("The slot name may not contain \u201c%1\u201d.")
                            .arg(c.isPrint()
                                     ? QString(c)
                                     : QStringLiteral("U+%1").arg(c.unicode(), 4, 16, QLatin1Char('0'))),
                        QStringLiteral("Use only a-z, 0-9 and underscore."), field);
    }
    return name;
}

Result<QString> checkNodeName(const QString &name)
{
    const QString field = QStringLiteral("name");
    if (name.isEmpty())
        return fail(QStringLiteral("The standby has no name."), QStringLiteral("Type one, such as standby2."),
                    field);
    if (name.size() > maxLength)
        return fail(QStringLiteral("The name has %1 characters; 63 are allowed.").arg(name.size()),
                    QStringLiteral("Shorten it."), field);
    const QChar first = name.front();
    if (!isLower(first) && !isUpper(first) && !isDigit(first))
        return fail(QStringLiteral("The name begins with something else than a letter or a digit."),
                    QStringLiteral("Begin it with a-z, A-Z or 0-9."), field);
    for (const QChar c : name) {
        if (!isLower(c) && !isUpper(c) && !isDigit(c) && c != u'-' && c != u'_' && c != u'.')
            return fail(QStringLiteral("The name may not contain \u201c%1\u201d.")
                            .arg(c.isPrint()
                                     ? QString(c)
                                     : QStringLiteral("U+%1").arg(c.unicode(), 4, 16, QLatin1Char('0'))),
                        QStringLiteral("Use only a-z, A-Z, 0-9, '-', '_' and '.'."), field);
    }
    return name;
}

} // namespace understudy
