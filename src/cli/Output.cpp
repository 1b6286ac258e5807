// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Output.h"

#include <QJsonDocument>

#include <cstdio>

namespace understudy::cli {

namespace {

QString harmless(const QString &text)
{
    QString out;
    out.reserve(text.size());
    for (const QChar c : text) {
        const char16_t u = c.unicode();
        const bool reorders =
            u == 0x200E || u == 0x200F || (u >= 0x202A && u <= 0x202E) || (u >= 0x2066 && u <= 0x2069);
        if (u == '\n' || (c.category() != QChar::Other_Control && !reorders))
            out += c;
        else if (u == '\t')
            out += u' ';
    }
    return out;
}

void write(std::FILE *stream, const QString &text)
{
    const QByteArray line = (harmless(text) + u'\n').toUtf8();
    std::fwrite(line.constData(), 1, size_t(line.size()), stream);
    std::fflush(stream);
}

} // namespace

void print(const QString &text)
{
    write(stdout, text);
}

void progress(const QString &text)
{
    write(stderr, text);
}

void printJson(const QJsonObject &object)
{
    const QByteArray json = QJsonDocument(object).toJson(QJsonDocument::Indented);
    std::fwrite(json.constData(), 1, size_t(json.size()), stdout);
    std::fflush(stdout);
}

int complain(const Error &error, int code)
{
    return complain(error.text(), code);
}

int complain(const QString &sentence, int code)
{
    QString line = sentence.simplified();
    if (!line.isEmpty() && !QStringLiteral(".!?").contains(line.back()))
        line += u'.';
    write(stderr, QStringLiteral("understudy: ") + line);
    return code;
}

void flush()
{
    std::fflush(stdout);
    std::fflush(stderr);
}

QString table(const QStringList &head, const QList<QStringList> &rows)
{
    QList<qsizetype> width;
    for (qsizetype column = 0; column < head.size(); ++column) {
        qsizetype w = head.at(column).size();
        for (const QStringList &row : rows)
            w = qMax(w, row.value(column).size());
        width << w;
    }
    QStringList lines;
    for (const QStringList &row : QList<QStringList>{head} + rows) {
        QString line;
        for (qsizetype column = 0; column < head.size(); ++column) {
            const QString cell = row.value(column).simplified();
            line += column + 1 == head.size() ? cell : cell.leftJustified(width[column] + 2);
        }
        while (line.endsWith(u' '))
            line.chop(1);
        lines << line;
    }
    return lines.join(u'\n');
}

} // namespace understudy::cli
