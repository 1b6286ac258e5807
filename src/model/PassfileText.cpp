// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/PassfileText.h"

#include <QList>
#include <QStringList>

namespace understudy {

namespace {

struct Line
{
    QList<std::optional<QString>> fields; ///< Nothing: a bare '*', which matches all.
    QString password;
};

// Four fields that end at an unescaped colon, then the password to the end of the line.
std::optional<Line> readLine(const QString &text)
{
    Line line;
    QString field;
    bool escaped = false, plain = true;
    for (const QChar c : text) {
        const bool inFields = line.fields.size() < 4;
        if (!escaped && c == u'\\') {
            escaped = true;
            plain = false;
            continue;
        }
        if (!escaped && inFields && c == u':') {
            const bool all = plain && field == QStringLiteral("*");
            line.fields << (all ? std::nullopt : std::optional(field));
            field.clear();
            plain = true;
            continue;
        }
        field += c;
        escaped = false;
    }
    if (line.fields.size() < 4)
        return std::nullopt;
    line.password = field;
    return line;
}

} // namespace

std::optional<QString> passfilePassword(const QByteArray &content, const QString &host, int port,
                                        const QString &database, const QString &user)
{
    const QString wanted = host.isEmpty() ? QStringLiteral("localhost") : host;
    const QStringList values{wanted, QString::number(port), database, user};
    for (QString text : QString::fromUtf8(content).split(u'\n')) {
        if (text.endsWith(u'\r'))
            text.chop(1);
        if (text.startsWith(u'#'))
            continue;
        const auto line = readLine(text);
        if (!line)
            continue;
        bool matches = true;
        for (int i = 0; i < 4; ++i)
            matches = matches && line->fields[i].value_or(values[i]) == values[i];
        if (matches)
            return line->password;
    }
    return std::nullopt;
}

} // namespace understudy
