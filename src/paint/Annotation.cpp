// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/Annotation.h"

namespace understudy::annotation {

namespace {

constexpr int mostCombining = 3; ///< On one character; letters with more are no language's

bool isLineBreak(QChar c)
{
    return c == u'\n' || c == u'\r' || c.category() == QChar::Separator_Line ||
           c.category() == QChar::Separator_Paragraph;
}

bool isCombining(QChar c)
{
    return c.category() == QChar::Mark_NonSpacing || c.category() == QChar::Mark_Enclosing;
}

} // namespace

void renumber(QList<Annotation> &marks)
{
    int next = 0;
    for (Annotation &mark : marks)
        mark.number = mark.kind == Annotation::Kind::Callout ? ++next : 0;
}

QString harmless(const QString &text)
{
    QString out;
    int combining = 0;
    for (qsizetype i = 0; i < text.size() && out.size() < mostText; ++i) {
        const QChar c = text.at(i);
        if (isLineBreak(c)) {
            if (c == u'\r' && i + 1 < text.size() && text.at(i + 1) == u'\n')
                ++i;
            out += u'\n';
            combining = 0;
        } else if (c.isHighSurrogate() && i + 1 < text.size() && text.at(i + 1).isLowSurrogate()) {
            // Tags and other invisible characters live beyond the first plane too.
            const char32_t whole = QChar::surrogateToUcs4(c, text.at(i + 1));
            ++i;
            if (QChar::category(whole) != QChar::Other_Format && out.size() + 2 <= mostText)
                out.append(c).append(text.at(i));
            combining = 0;
        } else if (c.isSurrogate()) {
            out += QChar(QChar::ReplacementCharacter);
        } else if (c.category() == QChar::Other_Format) {
            continue; // Direction marks would reorder what stands beside them.
        } else if (c.category() == QChar::Other_Control) {
            out += u' ';
        } else if (isCombining(c)) {
            if (++combining <= mostCombining)
                out += c;
        } else {
            combining = 0;
            out += c;
        }
    }
    return out;
}

} // namespace understudy::annotation
