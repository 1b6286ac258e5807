// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/Style.h"
#include "gui/graph/GraphView.h"
#include "gui/graph/GraphWords.h"

#include <QGuiApplication>
#include <QPainter>

namespace understudy {

GraphPreview::GraphPreview(QWidget *parent) : QWidget(parent)
{
    setMinimumSize(240, 150);
    setAccessibleName(tr("Picture of the cluster"));
    connect(&Style::instance(), &Style::changed, this, [this] { update(); });
}

void GraphPreview::set(const Topology &topology, const QHash<NodeId, CardExtras> &extras,
                       const QSet<NodeId> &fresh, const QString &freshWord)
{
    m_topology = topology;
    m_extras = extras;
    m_fresh = fresh;
    QStringList words;
    for (const Cluster &cluster : topology.clusters) {
        for (const Node &node : cluster.nodes)
            words << graphwords::nodeSentence(node, topology) +
                         (fresh.contains(node.id)
                              ? QLatin1String(", ") + (freshWord.isEmpty() ? tr("new") : freshWord)
                              : QString());
    }
    setAccessibleDescription(words.join(QStringLiteral(". ")));
    update();
}

void GraphPreview::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    GraphStyle style;
    style.theme = &Style::instance().theme();
    style.font = QGuiApplication::font();
    style.fresh = m_fresh;
    style.compactCards = true;
    paintGraph(painter, rect(), m_topology, m_extras, style);
}

} // namespace understudy
