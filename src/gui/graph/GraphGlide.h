// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "paint/GraphLayout.h"

#include <QVariantAnimation>

namespace understudy {

/// What is seen at a moment: where the cards stand, and from where one looks.
struct GraphSight
{
    GraphLayout layout;
    double zoom = 1;
    QPointF pan;
};

/// The way from one sight to another when the structure changed: cards glide, links follow. Numbers and
/// states never move anything. GUI thread.
class GraphGlide final : public QVariantAnimation
{
    Q_OBJECT
public:
    explicit GraphGlide(QObject *parent = nullptr);
    /// At once where things are not to move or nothing is somewhere else.
    void begin(const GraphSight &from, const GraphSight &to);
    bool isRunning() const { return state() == Running; }
    /// While it runs.
    const GraphSight &now() const { return m_now; }

Q_SIGNALS:
    void moved();

protected:
    void updateCurrentValue(const QVariant &value) override;

private:
    GraphSight m_from, m_to, m_now;
};

/// The part @p share of the way from one to the other; who is new stands in his place at once.
GraphSight between(const GraphSight &from, const GraphSight &to, double share);

} // namespace understudy
