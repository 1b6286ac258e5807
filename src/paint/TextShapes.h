// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QGlyphRun>
#include <QHash>
#include <QRawFont>
#include <QString>

namespace understudy {

/// One line of text as glyphs in their places, digits in cells of the widest digit.
struct TextShape
{
    double width = 0;
    QList<QGlyphRun> runs; ///< From the left end of the base line
};

/// Shapes and cut texts of one font, made once: what a graph of many nodes paints again and again costs a
/// look-up. Any thread, each has its own.
class TextShapes
{
public:
    static TextShapes &of(const QFont &font);

    const TextShape &shape(const QString &text);
    /// As QFontMetricsF::elidedText, of text without line breaks and control characters.
    QString cut(const QString &text, double width, Qt::TextElideMode mode);
    double ascent() const { return m_ascent; }
    double descent() const { return m_descent; }
    bool digitsAreEven() const { return m_even; }

    explicit TextShapes(const QFont &font);
    const QFont &font() const { return m_font; }

private:
    bool plain(const QString &text, TextShape &shape);
    void add(const QString &part, double x, TextShape &shape);

    struct Cut
    {
        QString text;
        int width; ///< In 64ths
        int mode;
        bool operator==(const Cut &) const = default;
        friend size_t qHash(const Cut &cut, size_t seed = 0)
        {
            return qHashMulti(seed, cut.text, cut.width, cut.mode);
        }
    };
    QFont m_font;
    double m_ascent = 0, m_descent = 0;
    double m_digit = 0; ///< Width of the widest
    bool m_even = true; ///< All digits are as wide
    QRawFont m_raw;
    QHash<QString, TextShape> m_shapes;
    QHash<Cut, QString> m_cuts;
};

} // namespace understudy
