// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Output.h"

#include "model/Quote.h"

#include <QJsonDocument>

#include <cstdio>

namespace understudy::cli {

namespace {

// Line breaks are ours, everything else that a terminal would obey is shown as what it is.
QString harmless(const QString &text)
{
    QStringList lines = text.split(u'\n');
    for (QString &line : lines)
        line = quote::visible(line);
    return lines.join(u'\n');
}

QString inCell(const QString &text)
{
    return quote::visible(text.simplified());
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
            w = qMax(w, inCell(row.value(column)).size());
        width << w;
    }
    QStringList lines;
    for (const QStringList &row : QList<QStringList>{head} + rows) {
        QString line;
        for (qsizetype column = 0; column < head.size(); ++column) {
            const QString cell = inCell(row.value(column));
            line += column + 1 == head.size() ? cell : cell.leftJustified(width[column] + 2);
        }
        while (line.endsWith(u' '))
            line.chop(1);
        lines << line;
    }
    return lines.join(u'\n');
}

} // namespace understudy::cli
