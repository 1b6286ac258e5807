// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/Markdown.h"

#include <QRegularExpression>

namespace understudy::markdown {

namespace {

/// Marks that turn the direction of text around: they make one name look like another.
bool reorders(QChar c)
{
    const char16_t u = c.unicode();
    return u == 0x200E || u == 0x200F || u == 0x061C || (u >= 0x202A && u <= 0x202E) ||
           (u >= 0x2066 && u <= 0x2069) || u == 0xFEFF;
}

bool isControl(QChar c)
{
    return c.category() == QChar::Other_Control || c.unicode() == 0x2028 || c.unicode() == 0x2029;
}

QString cleaned(const QString &raw, bool keepLines)
{
    QString out;
    out.reserve(raw.size());
    for (const QChar c : raw) {
        if (c == u'\n' || c == u'\t' || c.unicode() == 0x2028 || c.unicode() == 0x2029)
            out += keepLines && c == u'\n' ? u'\n' : u' ';
        else if (!isControl(c) && !reorders(c))
            out += c;
    }
    return out;
}

int longestBacktickRun(const QString &content)
{
    int longest = 0;
    int run = 0;
    for (const QChar c : content) {
        run = c == u'`' ? run + 1 : 0;
        longest = qMax(longest, run);
    }
    return longest;
}

} // namespace

QString oneLine(const QString &raw)
{
    return cleaned(raw, false).trimmed();
}

QString text(const QString &raw)
{
    static const QString always = QStringLiteral("\\`*[]<>|~$");
    const QString line = oneLine(raw);
    QString out;
    for (qsizetype i = 0; i < line.size(); ++i) {
        const QChar c = line.at(i);
        const QChar next = i + 1 < line.size() ? line.at(i + 1) : QChar();
        bool escape = always.contains(c);
        // An underscore inside a word is never emphasis: slot names stay readable.
        if (c == u'_')
            escape = i == 0 || !line.at(i - 1).isLetterOrNumber() || !next.isLetterOrNumber();
        if (c == u'&')
            escape = next.isLetterOrNumber() || next == u'#';
        if (i == 0 && QStringLiteral("#-+=").contains(c))
            escape = true;
        if (escape)
            out += u'\\';
        out += c;
    }
    static const QRegularExpression listItem(QStringLiteral("^(\\d{1,9})([.)])(?=\\s|$)"));
    out.replace(listItem, QStringLiteral("\\1\\\\2"));
    return out;
}

QString code(const QString &raw)
{
    const QString line = oneLine(raw);
    if (line.isEmpty() || line.contains(u'|') || line.contains(u'`'))
        return text(line);
    return u'`' + line + u'`';
}

QString block(const QString &language, const QString &raw)
{
    QString content = cleaned(raw, true);
    while (content.endsWith(u'\n'))
        content.chop(1);
    const QString fence(qMax(3, longestBacktickRun(content) + 1), u'`');
    return fence + language + u'\n' + content + u'\n' + fence + QStringLiteral("\n");
}

Table::Table(const QStringList &head, const QString &alignment) : m_head(head), m_alignment(alignment) {}

void Table::row(const QStringList &cells)
{
    m_rows << cells;
}

QString Table::toString() const
{
    // A column wider than this is not padded: one long cell would push the rest off the screen.
    constexpr qsizetype widest = 44;
    QList<qsizetype> width;
    for (qsizetype column = 0; column < m_head.size(); ++column) {
        qsizetype w = qMax(qsizetype(3), m_head.at(column).size());
        for (const QStringList &cells : m_rows)
            w = qMax(w, qMin(widest, cells.value(column).size()));
        width << w;
    }
    const auto line = [&](const QStringList &cells) {
        QString out = QStringLiteral("|");
        for (qsizetype column = 0; column < m_head.size(); ++column) {
            const bool right = m_alignment.mid(column, 1) == QLatin1String("r");
            const QString cell = cells.value(column);
            out += u' ' + (right ? cell.rightJustified(width[column]) : cell.leftJustified(width[column])) +
                   QStringLiteral(" |");
        }
        return out + u'\n';
    };
    QString out = line(m_head) + u'|';
    for (qsizetype column = 0; column < m_head.size(); ++column) {
        const bool right = m_alignment.mid(column, 1) == QLatin1String("r");
        out += u' ' + QString(width[column] - 1, u'-') + (right ? u':' : u'-') + QStringLiteral(" |");
    }
    out += u'\n';
    for (const QStringList &cells : m_rows)
        out += line(cells);
    return out;
}

} // namespace understudy::markdown
