// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/graph/GraphMiniMap.h"

#include "gui/Style.h"
#include "gui/graph/GraphView.h"
#include "paint/PaintUnits.h"

#include <QMouseEvent>
#include <QPainter>

namespace understudy {

namespace {

constexpr QSizeF most(200, 132);
constexpr double padding = 8, muchLarger = 2;

} // namespace

GraphMiniMap::GraphMiniMap(GraphView *view, QWidget *parent) : QWidget(parent), m_view(view)
{
    setAccessibleName(tr("Overview map"));
    setToolTip(tr("Overview: drag to move the window (M hides it)"));
    setCursor(Qt::PointingHandCursor);
    hide();
    connect(view, &GraphView::sightChanged, this, &GraphMiniMap::refresh);
    connect(view, &GraphView::zoomChanged, this, &GraphMiniMap::refresh);
    connect(&Style::instance(), &Style::changed, this, &GraphMiniMap::refresh);
}

void GraphMiniMap::setWanted(bool wanted)
{
    if (wanted == m_wanted)
        return;
    m_wanted = wanted;
    refresh();
    Q_EMIT wantedChanged(wanted);
}

void GraphMiniMap::setRoom(int right, int bottom)
{
    m_right = right;
    m_bottom = bottom;
    refresh();
}

double GraphMiniMap::factor() const
{
    const QRectF bounds = m_view->scene().layout().bounds;
    if (bounds.isEmpty())
        return 0;
    return qMin((most.width() - 2 * padding) / bounds.width(),
                (most.height() - 2 * padding) / bounds.height());
}

QSize GraphMiniMap::sizeHint() const
{
    const QSizeF inside = m_view->scene().layout().bounds.size() * factor();
    return (inside + QSizeF(2 * padding, 2 * padding)).toSize().expandedTo(QSize(64, 40));
}

QPointF GraphMiniMap::corner() const
{
    const QSizeF inside = m_view->scene().layout().bounds.size() * factor();
    return {(width() - inside.width()) / 2, (height() - inside.height()) / 2};
}

void GraphMiniMap::refresh()
{
    const QSizeF shown = m_view->scene().layout().bounds.size() * m_view->zoom();
    const QSizeF room = m_view->size();
    const bool large = !room.isEmpty() &&
                       shown.width() * shown.height() > muchLarger * room.width() * room.height() &&
                       (shown.width() > room.width() || shown.height() > room.height());
    // On a small window it would hide what it is a map of.
    const bool fits = room.width() > 2.5 * most.width() && room.height() > 2 * most.height();
    const bool visible = m_wanted && large && fits;
    if (visible) {
        const QRect there(m_view->mapTo(parentWidget(), QPoint(0, 0)), m_view->size());
        const QSize wanted = sizeHint();
        setGeometry(there.right() + 1 - m_right - wanted.width(),
                    there.bottom() + 1 - m_bottom - wanted.height(), wanted.width(), wanted.height());
        raise();
    }
    if (isHidden() == visible)
        setVisible(visible);
    update();
}

void GraphMiniMap::paintEvent(QPaintEvent *)
{
    const Theme &theme = Style::instance().theme();
    const GraphScene &scene = m_view->scene();
    const double f = factor();
    if (f <= 0)
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    fillFramed(painter, rect(), 6, theme.line2, theme.panel);
    painter.setRenderHint(QPainter::Antialiasing, false);
    const QPointF from = corner(), origin = scene.layout().bounds.topLeft();
    const auto onMap = [&](const QRectF &area) {
        return QRectF(from + (area.topLeft() - origin) * f, area.size() * f);
    };
    for (const QRectF &lane : {scene.layout().ghostLane, scene.layout().detachedLane}) {
        if (!lane.isEmpty())
            painter.fillRect(onMap(lane), theme.sunken);
    }
    for (auto card = scene.layout().cards.cbegin(); card != scene.layout().cards.cend(); ++card) {
        const Node *node = scene.node(card.key());
        if (!node)
            continue;
        QRectF mark = onMap(card.value());
        const Glyph glyph = glyphFor(*node, scene.linkTo(card.key()));
        // Trouble is drawn larger as well as in colour.
        const bool loud = isAbnormal(glyph);
        const double least = loud ? 4 : 2;
        const double x = qMax(0.0, least - mark.width()) / 2, y = qMax(0.0, least - mark.height()) / 2;
        mark.adjust(-x, -y, x, y);
        QColor color = loud ? glyphColor(glyph, theme) : node->role == Role::Primary ? theme.fill : theme.ctl;
        if (m_view->isDimmed(card.key()))
            color = theme.border;
        painter.fillRect(mark, color);
    }
    const QRectF window =
        onMap(m_view->visibleScene()).intersected(QRectF(rect()).adjusted(1.5, 1.5, -1.5, -1.5));
    painter.setRenderHint(QPainter::Antialiasing);
    QColor veil = theme.accent;
    veil.setAlphaF(0.1F);
    painter.fillRect(window, veil);
    fillFramed(painter, window, 2, theme.accent, Qt::transparent, 1.5);
}

void GraphMiniMap::look(const QPointF &at)
{
    const double f = factor();
    if (f > 0)
        m_view->lookAt(m_view->scene().layout().bounds.topLeft() + (at - corner()) / f);
}

void GraphMiniMap::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        look(event->position());
}

void GraphMiniMap::mouseMoveEvent(QMouseEvent *event)
{
    if (event->buttons() & Qt::LeftButton)
        look(event->position());
}

} // namespace understudy
