// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/script/ScriptText.h"

#include "model/Quote.h"

namespace understudy::script {

const QRegularExpression &placeholder()
{
    static const QRegularExpression re(QStringLiteral("\\$\\{(secret:)?([A-Za-z0-9_]+)\\}"));
    return re;
}

QString comment(QString text)
{
    for (QChar &c : text)
        if (!c.isPrint())
            c = u' ';
    return text.isEmpty() ? QStringLiteral("#\n") : QStringLiteral("# ") + text + u'\n';
}

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

} // namespace understudy::script
