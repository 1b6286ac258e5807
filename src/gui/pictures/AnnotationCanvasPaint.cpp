// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pictures/AnnotationCanvasPrivate.h"

#include "gui/Style.h"
#include "paint/PaintUnits.h"

#include <QPainterPath>

#include <cmath>

namespace understudy {

namespace {

constexpr double handleSize = 9;
constexpr double frameGap = 4; ///< Between a text and the frame that says it is selected

/// A knob on whatever lies below: a disc of the panel with a rim of the accent and a halo of the panel.
void paintHandle(QPainter &painter, const QPointF &at, const Theme &theme)
{
    const auto disc = [&](double size, const QColor &color) {
        QPainterPath path;
        path.addEllipse(at, size / 2, size / 2);
        painter.fillPath(path, color);
    };
    disc(handleSize + 3, theme.panel);
    disc(handleSize + 1, theme.accent);
    disc(handleSize - 3, theme.panel);
}

void paintSelection(QPainter &painter, const Annotation &mark, const AnnotationPlace &place,
                    const CanvasSight &sight, const Theme &theme)
{
    if (mark.hasText()) {
        const QRectF frame = onPixels(painter, sight.toWidget(annotation::bounds(mark, place))
                                                   .adjusted(-frameGap, -frameGap, frameGap, frameGap));
        const double radius = mark.kind == Annotation::Kind::Callout ? frame.height() / 2 : 6;
        fillFramed(painter, frame, qMin(radius, 16.0), theme.accent, Qt::transparent, 1.5);
    }
    for (const handles::Place &handle : handles::of(mark, place)) {
        QPointF at = sight.toWidget(handle.at);
        if (handle.handle == MarkHandle::TextWidth) {
            const QRectF bounds = sight.toWidget(annotation::bounds(mark, place));
            at.rx() += at.x() > bounds.center().x() ? frameGap : -frameGap;
        }
        paintHandle(painter, at, theme);
    }
}

/// Below the picture where there is room, else on its lower part.
void paintHint(QPainter &painter, const QString &words, const QRectF &widget, const QRectF &picture,
               const Theme &theme, const QFont &font)
{
    painter.setFont(textFont(TextRole::Small, font));
    const double k = textScale(font), beside = 14 * k, above = 6 * k, gap = CanvasSight::margin;
    const QRectF most(0, 0, qMax(1.0, picture.width() - 2 * (gap + beside)), widget.height());
    const QSizeF text =
        QFontMetricsF(painter.font()).boundingRect(most, Qt::AlignCenter | Qt::TextWordWrap, words).size();
    const double wide = std::ceil(text.width() + 2 * beside), high = std::ceil(text.height() + 2 * above);
    const double free = widget.bottom() - picture.bottom();
    const double top =
        free >= high + gap ? picture.bottom() + (free - high) / 2 : picture.bottom() - high - gap * k;
    const QRectF pill(std::round(picture.center().x() - wide / 2), std::round(top), wide, high);
    fillFramed(painter, pill, qMin(high / 2, 16 * k), theme.line2, theme.panel);
    painter.setPen(theme.text2);
    painter.drawText(pill.adjusted(beside - 1, 0, 1 - beside, 0), Qt::AlignCenter | Qt::TextWordWrap, words);
}

} // namespace

QString AnnotationCanvas::hint() const
{
    if (!isEnabled() || d->editing || d->hand != Private::Hand::None)
        return {};
    if (d->picture.size.isEmpty())
        return tr("There is no picture yet");
    if (d->edits.isFull() && d->tool != AnnotationTool::Select)
        return tr("There are %1 marks, which is the most").arg(annotation::mostMarks);
    return d->edits.marks().isEmpty() ? annotationwords::doingOf(d->tool) : QString();
}

QList<Annotation> AnnotationCanvas::Private::shown() const
{
    QList<Annotation> marks = edits.marks();
    if (hand == Hand::Drag && edits.mark(edits.selected()))
        marks[edits.selected()] = draft;
    if (hand == Hand::Draw && (wentFar || draft.kind == Annotation::Kind::Callout))
        marks << draft;
    if (editing && edited >= 0 && edited < marks.size())
        marks[edited].text.clear(); // It is in the editor.
    annotation::renumber(marks);
    return picture.shownMarks ? picture.shownMarks(marks) : marks;
}

void AnnotationCanvas::paintEvent(QPaintEvent *)
{
    d->sight.setWidget(size(), devicePixelRatioF());
    const Theme &theme = Style::instance().theme();
    QPainter painter(this);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    painter.fillRect(rect(), theme.sunken);
    if (!d->picture.size.isEmpty()) {
        const QRectF page = d->sight.pictureRect();
        const double rim = 1 / devicePixelRatioF();
        painter.fillRect(page.adjusted(-rim, -rim, rim, rim), theme.line2);
        painter.fillRect(page, Theme::of(d->picture.theme).canvas);
        d->backdrop.draw(painter, d->sight, devicePixelRatioF());
        const QList<Annotation> marks = d->shown();
        painter.save();
        painter.setClipRect(d->sight.visible());
        painter.translate(d->sight.origin());
        painter.scale(d->sight.zoom(), d->sight.zoom());
        paintAnnotations(painter, marks, d->picture.sceneToPicture, Theme::of(d->picture.theme),
                         d->picture.font, QRectF(QPointF(), d->picture.size));
        painter.restore();
        const qsizetype selected = d->edits.selected();
        if (selected >= 0 && selected < marks.size() && !d->editing && isEnabled() &&
            d->hand != Private::Hand::Draw)
            paintSelection(painter, marks.at(selected), d->place(), d->sight, theme);
        if (!isEnabled()) {
            QColor veil = theme.sunken;
            veil.setAlphaF(.6F);
            painter.fillRect(page, veil);
        }
    }
    const double line = 1 / devicePixelRatioF();
    fillFramed(painter, QRectF(rect()), 0, theme.border, Qt::transparent, line);
    if (const QString words = hint(); !words.isEmpty())
        paintHint(painter, words, rect(), d->picture.size.isEmpty() ? QRectF(rect()) : d->sight.visible(),
                  theme, font());
}

} // namespace understudy
