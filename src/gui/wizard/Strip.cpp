// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/Strip.h"

#include "gui/Style.h"

#include <QPainter>
#include <QPainterPath>

namespace understudy {

Strip::Strip(int edges, Fill fill, QWidget *parent) : QWidget(parent), m_edges(edges), m_fill(fill) {}

void Strip::setFill(Fill fill)
{
    m_fill = fill;
    update();
}

void Strip::setEdges(int edges)
{
    m_edges = edges;
    update();
}

void Strip::paintEvent(QPaintEvent *)
{
    const Theme &theme = Style::instance().theme();
    const auto colors = [&]() -> std::pair<QColor, QColor> {
        switch (m_fill) {
        case Fill::None:
            return {Qt::transparent, theme.border};
        case Fill::Sunken:
            return {theme.sunken, theme.border};
        case Fill::Accent:
            return {theme.accentTint, theme.border};
        case Fill::Warn:
            return {theme.warnTint, theme.warnG};
        case Fill::Crit:
            return {theme.critTint, theme.crit};
        case Fill::WarnLine:
            return {Qt::transparent, theme.warnG};
        case Fill::CritLine:
            return {Qt::transparent, theme.crit};
        }
        return {Qt::transparent, theme.border};
    }();

    QPainter painter(this);
    const QRectF area = rect();
    if (m_edges & (RoundTop | RoundBottom)) {
        // The corners that are not round are covered by letting the path run past the widget.
        painter.setRenderHint(QPainter::Antialiasing);
        const double radius = 7;
        const QRectF round =
            area.adjusted(0, m_edges & RoundTop ? 0 : -radius, 0, m_edges & RoundBottom ? 0 : radius);
        QPainterPath path;
        path.addRoundedRect(round, radius, radius);
        painter.fillPath(path, colors.first);
        painter.setRenderHint(QPainter::Antialiasing, false);
    } else {
        painter.fillRect(area, colors.first);
    }
    const double pixel = 1 / devicePixelRatioF();
    if (m_edges & TopLine)
        painter.fillRect(QRectF(0, 0, width(), pixel), colors.second);
    if (m_edges & BottomLine)
        painter.fillRect(QRectF(0, height() - pixel, width(), pixel), colors.second);
}

} // namespace understudy
