// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/graph/NodeDelegate.h"

#include "gui/Style.h"
#include "gui/graph/NodeTableModel.h"
#include "paint/Numbers.h"

#include <QGuiApplication>
#include <QPainter>

#include <cmath>

namespace understudy {

namespace {

constexpr int side = 9, glyphSize = 16, markSize = 9, between = 8;

QFont fontOf(const QModelIndex &index)
{
    const QFont base = QGuiApplication::font();
    if (index.data(NodeTableModel::MonoRole).toBool())
        return textFont(TextRole::Mono, base);
    if (index.column() == NodeTableModel::NameColumn)
        return textFont(TextRole::BodyMedium, base);
    return base;
}

/// Width of what stands before the text.
int leading(const QModelIndex &index)
{
    if (index.data(NodeTableModel::GlyphRole).isValid())
        return glyphSize + between;
    return index.data(NodeTableModel::SeriesRole).isValid() ? markSize + between : 0;
}

} // namespace

void NodeDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                         const QModelIndex &index) const
{
    const Theme &theme = Style::instance().theme();
    painter->save();
    const bool selected = option.state & QStyle::State_Selected;
    if (selected)
        painter->fillRect(option.rect, theme.accentTint);
    else if (option.state & QStyle::State_MouseOver)
        painter->fillRect(option.rect, theme.hover);
    painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), theme.border);
    if (selected && (option.state & QStyle::State_HasFocus) && index.column() == NodeTableModel::NameColumn)
        painter->fillRect(QRect(option.rect.left(), option.rect.top(), 2, option.rect.height()),
                          theme.accent);

    QRect box = option.rect.adjusted(side, 0, -side, 0);
    const int middle = box.center().y();
    QColor color = theme.text;
    const QVariant glyph = index.data(NodeTableModel::GlyphRole),
                   series = index.data(NodeTableModel::SeriesRole);
    if (glyph.isValid()) {
        const auto shape = Glyph(glyph.toInt());
        const double scale = painter->device() ? painter->device()->devicePixelRatioF() : 1;
        painter->drawPixmap(QPoint(box.left(), middle - glyphSize / 2 + 1),
                            glyphPixmap(shape, glyphSize, theme, scale));
        color = isAbnormal(shape) ? glyphTextColor(shape, theme) : theme.text;
    } else if (series.isValid() && series.toInt() >= -1) {
        paintSeriesMark(*painter, QRectF(box.left(), middle - markSize / 2, markSize, markSize),
                        series.toInt(), theme);
    }
    const QString text = index.data().toString();
    if (text == QLatin1String("unknown"))
        color = theme.text3;
    box.setLeft(box.left() + leading(index));
    painter->setFont(fontOf(index));
    painter->setPen(color);
    const bool number = index.data(NodeTableModel::NumberRole).toBool();
    if (number)
        drawTabular(*painter, box, Qt::AlignRight | Qt::AlignVCenter, text);
    else
        drawTabular(*painter, box, Qt::AlignLeft | Qt::AlignVCenter,
                    painter->fontMetrics().elidedText(text, Qt::ElideMiddle, box.width() + 2));
    painter->restore();
}

QSize NodeDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const
{
    const double width = tabularWidth(fontOf(index), index.data().toString());
    const int row = qRound(36 * qMax(1.0, QGuiApplication::font().pixelSize() / 13.0));
    // A name from outside may be very long; its column is not.
    const bool number = index.data(NodeTableModel::NumberRole).toBool();
    const int text = number ? int(std::ceil(width)) : qMin(int(std::ceil(width)), row * 8);
    return {text + leading(index) + 2 * side + 2, row};
}

} // namespace understudy
