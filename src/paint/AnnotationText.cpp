// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/AnnotationText.h"

#include "paint/Annotation.h"

#include <QFontMetricsF>

#include <cmath>

namespace understudy {

namespace {

constexpr int mostLines = 12;

std::unique_ptr<QTextLayout> layOut(const QString &text, const QFont &font, double widest)
{
    QString lines = text;
    lines.replace(u'\n', QChar(QChar::LineSeparator));
    auto layout = std::make_unique<QTextLayout>(lines, font);
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout->setTextOption(option);
    layout->setCacheEnabled(true);
    layout->beginLayout();
    double y = 0;
    for (QTextLine line = layout->createLine(); line.isValid(); line = layout->createLine()) {
        line.setLineWidth(widest);
        line.setPosition({0, y});
        y += std::ceil(line.height());
        if (layout->lineCount() > mostLines)
            break;
    }
    layout->endLayout();
    return layout;
}

} // namespace

AnnotationText laidOutText(const QString &text, const QFont &font, double widest)
{
    AnnotationText out;
    const QFontMetricsF metrics(font);
    out.lineHeight = std::ceil(metrics.height());
    const QString shown = annotation::harmless(text).trimmed();
    if (shown.isEmpty())
        return out;
    out.layout = layOut(shown, font, widest);
    if (out.layout->lineCount() > mostLines) {
        const qsizetype start = out.layout->lineAt(mostLines - 1).textStart();
        QString rest = shown.mid(start) + u' ';
        rest.replace(u'\n', u' ');
        // Something follows, so the line ends in dots even where it would fit.
        const QString dots(QChar(0x2026));
        QString last = metrics.elidedText(rest, Qt::ElideRight, widest);
        if (!last.endsWith(dots))
            last = last.trimmed() + dots;
        out.layout = layOut(shown.left(start) + last, font, widest);
    }
    double width = 0;
    const int lines = qMin(mostLines, out.layout->lineCount());
    for (int i = 0; i < lines; ++i)
        width = qMax(width, out.layout->lineAt(i).naturalTextWidth());
    const QTextLine bottom = out.layout->lineAt(lines - 1);
    out.size = {std::ceil(width), bottom.y() + std::ceil(bottom.height())};
    return out;
}

} // namespace understudy
