// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Topology.h"
#include "paint/Theme.h"

#include <QFont>
#include <QPainter>

namespace understudy {

/// The findings of a look as a picture shows them: shape, word of the severity, title, and as much of
/// evidence and advice as there is room for. Words wrap, and what has no room is counted. Any thread.
class PictureFindings
{
public:
    PictureFindings() = default;
    PictureFindings(const Topology &topology, const QFont &font);

    /// Chooses how much is said so that it fits into @p room, in @p columns.
    void fit(const QSizeF &room, int columns);
    void paint(QPainter &painter, const QPointF &at, const Theme &theme) const;

    QSizeF size() const { return m_size; }
    qsizetype count() const { return m_findings.size(); }
    qsizetype shown() const { return m_rows.size(); }
    qsizetype leftOut() const { return m_findings.size() - m_rows.size(); }
    int detail() const { return m_detail; } ///< 0: everything is said

private:
    struct Row
    {
        qsizetype finding = 0;
        QRectF rect; ///< From the corner of all
        QStringList title, evidence, advice;
    };
    Row row(qsizetype index, double width, int detail) const;
    double heightOf(const Row &row) const;
    bool tryFit(const QSizeF &room, int columns, int detail, bool cut);
    void paintRow(QPainter &painter, const Row &row, const Theme &theme) const;
    QString moreWords() const;

    QList<Finding> m_findings; ///< Worst first
    QFont m_font;
    double m_wordWidth = 0; ///< Of the widest severity
    QList<Row> m_rows;
    QSizeF m_size;
    int m_detail = 0;
};

} // namespace understudy
