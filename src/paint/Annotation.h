// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Result.h"
#include "paint/Theme.h"

#include <QList>
#include <QPainter>
#include <QPointF>
#include <QString>
#include <QTransform>

namespace understudy {

/// One mark that a person put on a picture. Places are in the coordinates of what the picture shows (for the
/// graph: its scene), so that a mark stays on its card whatever the picture's size; strokes and text have the
/// picture's size. A value; any thread.
struct Annotation
{
    enum class Kind { Arrow, Box, Text, Callout };
    Kind kind = Kind::Arrow;
    QPointF at;       ///< Arrow: tail. Box: a corner. Text: top left. Callout: middle of its disc
    QPointF end;      ///< Arrow: tip. Box: the opposite corner. Else not used
    QString text;     ///< Text and Callout
    int number = 0;   ///< Callout: from 1, see renumber()
    double width = 0; ///< Where text wraps, in picture pixels at usual text size; 0: on its own

    bool hasText() const { return kind == Kind::Text || kind == Kind::Callout; }
    bool operator==(const Annotation &) const = default;
};

namespace annotation {

inline constexpr qsizetype mostMarks = 200;
inline constexpr qsizetype mostText = 500; ///< Characters
inline constexpr double farthest = 1e7;    ///< Places lie within this of 0
inline constexpr double narrowestText = 40, widestText = 640;

/// Callouts get 1, 2, 3... in the order of the list; what is no callout gets 0.
void renumber(QList<Annotation> &marks);
/// What of a text is drawn: at most mostText characters, line breaks as '\n', without control and direction
/// characters and without heaps of combining marks.
QString harmless(const QString &text);

/// To be kept beside a picture's data.
QByteArray toJson(const QList<Annotation> &marks);
/// Refuses what toJson() could not have written: other versions, unknown kinds, too many marks, places that
/// are no numbers. Text comes out harmless, callouts numbered.
Result<QList<Annotation>> fromJson(const QByteArray &json);

} // namespace annotation

/// Draws the marks in their order. @p toPicture leads from their coordinates to the painter's, whose unit is
/// the picture's pixel. @p font is the one of the picture's text (its application font). @p page: the
/// picture's rectangle where it is known; text keeps inside it.
void paintAnnotations(QPainter &painter, const QList<Annotation> &marks, const QTransform &toPicture,
                      const Theme &theme, const QFont &font, const QRectF &page = {});

} // namespace understudy
