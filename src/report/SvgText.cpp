// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/SvgText.h"

#include <QFont>
#include <QFontMetricsF>
#include <QRegularExpression>
#include <QSet>

namespace understudy {

namespace {

QString unescaped(QString text)
{
    for (const auto &[entity, c] :
         {std::pair("&lt;", u'<'), {"&gt;", u'>'}, {"&quot;", u'"'}, {"&amp;", u'&'}})
        text.replace(QLatin1String(entity), QString(QChar(c)));
    return text;
}

/// Of a list of families some drawings' readers, Qt's among them, know none at all: they see one family, and
/// only who understands this rule sees the fallback.
QString fallbacks(QStringList families)
{
    families.sort();
    QString rules;
    for (const QString &family : std::as_const(families)) {
        const bool mono = family.contains(QStringLiteral("Mono"), Qt::CaseInsensitive);
        rules += QStringLiteral("[font-family=\"%1\"]{font-family:\"%1\",%2}")
                     .arg(family, mono ? QStringLiteral("monospace") : QStringLiteral("sans-serif"));
    }
    return QStringLiteral("<style>@supports (font-family:sans-serif){%1}</style>\n").arg(rules);
}

} // namespace

QByteArray portableSvg(const QByteArray &svg)
{
    // As the generator writes it; text and attributes hold no angle bracket of their own.
    static const QRegularExpression element(
        QStringLiteral("<text ([^<>]*font-family=\"([^\"<>]*)\" font-size=\"([0-9]+)\" "
                       "font-weight=\"([0-9]+)\"[^<>]*)>([^<>]*)</text>"));
    const QString all = QString::fromUtf8(svg);
    QString out;
    QSet<QString> families;
    qsizetype last = 0;
    for (auto it = element.globalMatch(all); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        QFont font(match.captured(2));
        font.setPixelSize(match.captured(3).toInt());
        font.setWeight(QFont::Weight(match.captured(4).toInt()));
        families.insert(match.captured(2));
        const double width = QFontMetricsF(font).horizontalAdvance(unescaped(match.captured(5)));
        out += QStringView(all).mid(last, match.capturedStart(1) - last);
        if (width > 0)
            out += QStringLiteral("textLength=\"%1\" lengthAdjust=\"spacingAndGlyphs\" ")
                       .arg(QString::number(width, 'f', 2));
        last = match.capturedStart(1);
    }
    out += QStringView(all).mid(last);
    const QString defs = QStringLiteral("<defs>\n");
    if (const qsizetype at = out.indexOf(defs); at >= 0 && !families.isEmpty())
        out.insert(at + defs.size(), fallbacks(families.values()));
    return out.toUtf8();
}

} // namespace understudy
