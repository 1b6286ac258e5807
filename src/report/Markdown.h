// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

/// Markdown made from text that nobody vouches for. Whatever a server, a file name or an error message says
/// stays text: it opens no link, no tag, no table cell and no code fence. Pure; any thread.
namespace understudy::markdown {

/// Without control characters and without marks that reorder text; line breaks become blanks.
QString oneLine(const QString &raw);
/// One line of prose, or the content of a table cell.
QString text(const QString &raw);
/// A code span in a table cell or in prose; falls back to text() where a span could not hold it.
QString code(const QString &raw);
/// A fenced code block; the fence is longer than any run of backticks inside.
QString block(const QString &language, const QString &raw);

/// A GitHub-flavoured table, padded so that it also reads as plain text. Cells are Markdown already.
class Table
{
public:
    explicit Table(const QStringList &head, const QString &alignment = {}); ///< One of l, r a column
    void row(const QStringList &cells);
    bool isEmpty() const { return m_rows.isEmpty(); }
    QString toString() const;

private:
    QStringList m_head;
    QString m_alignment;
    QList<QStringList> m_rows;
};

} // namespace understudy::markdown
