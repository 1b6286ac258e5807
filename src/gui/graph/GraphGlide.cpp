// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/graph/GraphGlide.h"

#include "gui/Motion.h"

namespace understudy {

namespace {

constexpr int usualMs = 200;

double mixed(double a, double b, double share)
{
    return a + (b - a) * share;
}

QPointF mixed(const QPointF &a, const QPointF &b, double share)
{
    return a + (b - a) * share;
}

QRectF mixed(const QRectF &a, const QRectF &b, double share)
{
    if (a.isEmpty() || b.isEmpty())
        return b;
    return {mixed(a.topLeft(), b.topLeft(), share), mixed(a.bottomRight(), b.bottomRight(), share)};
}

bool sameSight(const GraphSight &a, const GraphSight &b)
{
    if (a.zoom != b.zoom || a.pan != b.pan)
        return false;
    for (auto card = b.layout.cards.cbegin(); card != b.layout.cards.cend(); ++card) {
        const auto old = a.layout.cards.constFind(card.key());
        if (old != a.layout.cards.constEnd() && *old != card.value())
            return false;
    }
    return true;
}

} // namespace

GraphGlide::GraphGlide(QObject *parent) : QVariantAnimation(parent)
{
    setStartValue(0.0);
    setEndValue(1.0);
    setEasingCurve(QEasingCurve::OutCubic);
}

void GraphGlide::begin(const GraphSight &from, const GraphSight &to)
{
    stop();
    const int ms = Motion::instance().milliseconds(usualMs);
    if (ms <= 0 || from.layout.cards.isEmpty() || sameSight(from, to)) {
        Q_EMIT moved();
        return;
    }
    m_from = from;
    m_to = to;
    m_now = from;
    setDuration(ms);
    start();
}

void GraphGlide::updateCurrentValue(const QVariant &value)
{
    m_now = between(m_from, m_to, value.toDouble());
    Q_EMIT moved();
}

GraphSight between(const GraphSight &from, const GraphSight &to, double share)
{
    GraphSight out = to;
    if (share >= 1)
        return out;
    out.zoom = mixed(from.zoom, to.zoom, share);
    out.pan = mixed(from.pan, to.pan, share);
    // Ways around cards are of cards that stand still.
    out.layout.ways.clear();
    out.layout.ghostLane = mixed(from.layout.ghostLane, to.layout.ghostLane, share);
    out.layout.detachedLane = mixed(from.layout.detachedLane, to.layout.detachedLane, share);
    for (auto card = out.layout.cards.begin(); card != out.layout.cards.end(); ++card) {
        if (const auto old = from.layout.cards.constFind(card.key()); old != from.layout.cards.constEnd())
            card.value() = mixed(*old, card.value(), share);
    }
    return out;
}

} // namespace understudy
