// SPDX-License-Identifier: GPL-3.0-or-later
#include "BenchGraph.h"

#include "SampleGraphs.h"
#include "StockGraph.h"
#include "gui/Style.h"
#include "gui/graph/GraphView.h"

#include <QApplication>
#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QWheelEvent>
#include <QWindow>

namespace understudy::bench {

namespace {

constexpr QSize window(1600, 900);

/// A primary, standbys, and cascades below them.
samples::Graph manyNodes(int count)
{
    samples::Graph g;
    Cluster c;
    c.nodes << samples::node(QStringLiteral("pg-primary-0"), 5432, Role::Primary);
    c.nodes.last().walRate = 8.4 * samples::MB;
    for (int i = 1; i < count; ++i) {
        c.nodes << samples::node(QStringLiteral("pg-standby-%1").arg(i), 5432, Role::Standby,
                                 QStringLiteral("10.20.%1.%2").arg(i / 250).arg(i % 250));
        c.links << samples::link(c.nodes.at((i - 1) / 7), c.nodes.at(i), QStringLiteral("slot_%1").arg(i),
                                 i % 40 == 3   ? LagState::LinkStalled
                                 : i % 40 == 7 ? LagState::Disconnected
                                               : LagState::Replaying,
                                 qint64(i) * 4321);
        g.extras[c.nodes.last().id] = {i % 12, samples::wave(i), i % 40 == 3 ? 1 : 0, Severity::Warning};
    }
    g.topology.takenAtUs = samples::now;
    g.topology.clusters = {c};
    return g;
}

/// Another look: every number of every node is another one.
void tick(samples::Graph &g)
{
    g = samples::later(g);
    for (Cluster &cluster : g.topology.clusters) {
        for (Link &link : cluster.links)
            link.lagSeconds = link.lagSeconds.value_or(0) + 0.7;
    }
    for (CardExtras &extras : g.extras) {
        extras.sparkline.removeFirst();
        extras.sparkline << extras.sparkline.constFirst();
    }
}

double msOf(const std::function<void()> &work)
{
    QElapsedTimer timer;
    timer.start();
    work();
    return double(timer.nsecsElapsed()) / 1e6;
}

struct Series
{
    QList<double> ours, stock;
};

struct PaintCount : QObject
{
    int count = 0;
    bool eventFilter(QObject *, QEvent *event) override
    {
        count += event->type() == QEvent::Paint;
        return false;
    }
};

class GraphRun
{
public:
    explicit GraphRun(const GraphBench &bench) : m_bench(bench), m_graph(manyNodes(bench.nodes))
    {
        LayoutOptions options;
        options.direction = Direction::LeftToRight;
        m_stock = std::make_unique<StockGraph>(m_graph.topology, layoutGraph(m_graph.topology, options));
        m_ours.setDirection(Direction::LeftToRight);
        m_ours.setTopology(m_graph.topology, m_graph.extras);
        for (QWidget *view : {static_cast<QWidget *>(&m_ours), static_cast<QWidget *>(m_stock.get())}) {
            view->resize(window);
            view->show();
            // A window that is not exposed paints nothing, and that fast.
            QDeadlineTimer deadline(10000);
            while (!view->windowHandle()->isExposed() && !deadline.hasExpired())
                QApplication::processEvents();
        }
        m_ours.installEventFilter(&m_paints);
        m_stock->viewport()->installEventFilter(&m_paints);
    }

    /// Ticks at one zoom; in between the two, so that a busy machine is unfair to both.
    Series ticks(double zoom)
    {
        look(zoom);
        Series series;
        for (int i = 0; i < m_bench.rounds; ++i) {
            tick(m_graph);
            series.ours << msOf([&] {
                m_ours.setTopology(m_graph.topology, m_graph.extras);
                m_ours.repaint();
            });
            if (i % 4 == 0 || i < 3) {
                series.stock << msOf([&] {
                    m_stock->setTopology(m_graph.topology);
                    m_stock->viewport()->repaint();
                });
            }
        }
        return series;
    }

    /// Every frame that was measured was a frame.
    void verify(int frames)
    {
        if (m_paints.count < frames)
            qFatal("%d frames were measured, %d were painted", frames, m_paints.count);
    }

    QList<double> pans(double zoom)
    {
        look(zoom);
        QList<double> frames;
        for (int i = 0; i < m_bench.rounds; ++i) {
            const int way = (i / 10) % 2 ? 1 : -1;
            QWheelEvent wheel(QPointF(800, 450), QPointF(800, 450), QPoint(way * 37, way * 23), {},
                              Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
            frames << msOf([&] {
                QApplication::sendEvent(&m_ours, &wheel);
                m_ours.repaint();
            });
        }
        return frames;
    }

    QList<double> zooms()
    {
        look(0.05);
        QList<double> frames;
        for (int i = 0; i < 2 * m_bench.rounds; ++i) {
            QWheelEvent wheel(QPointF(300, 450), QPointF(300, 450), {},
                              QPoint(0, i < m_bench.rounds ? 40 : -40), Qt::NoButton, Qt::ControlModifier,
                              Qt::NoScrollPhase, false);
            frames << msOf([&] {
                QApplication::sendEvent(&m_ours, &wheel);
                m_ours.repaint();
            });
        }
        return frames;
    }

private:
    void look(double zoom)
    {
        m_ours.zoomTo(zoom);
        const NodeId middle = m_graph.topology.clusters.first().nodes.at(m_bench.nodes / 14).id;
        m_ours.showNode(middle);
        m_stock->setZoom(zoom, m_stock->sceneRect().center());
        m_ours.repaint();
    }

    GraphBench m_bench;
    samples::Graph m_graph;
    GraphView m_ours;
    std::unique_ptr<StockGraph> m_stock;
    PaintCount m_paints;
};

} // namespace

QList<Result> measureGraph(const GraphBench &bench)
{
    GraphRun run(bench);
    QList<Result> results;
    const bool doubled = bench.scale > 1.5;
    const double limit = doubled ? 25 : 16;
    const QString at = doubled ? QStringLiteral(" at 2x") : QString();
    const QString key = doubled ? QStringLiteral(".2x") : QString();
    double worstShare = 0;
    for (const double zoom : {0.05, 0.12, 0.3, 0.4, 0.6, 0.85, 1.0, 2.0}) {
        const Series series = run.ticks(zoom);
        results << Result{
            QStringLiteral("graph.tick%1.%2.median").arg(key).arg(zoom),
            QStringLiteral("A tick of %1 nodes, zoom %2%3, median").arg(bench.nodes).arg(zoom).arg(at),
            median(series.ours),
            QStringLiteral("ms"),
            {},
            median(series.stock)};
        results << Result{QStringLiteral("graph.tick%1.%2.p95").arg(key).arg(zoom),
                          QStringLiteral("The same, p95"),
                          percentile(series.ours, 0.95),
                          QStringLiteral("ms"),
                          limit,
                          percentile(series.stock, 0.95)};
        worstShare = qMax(worstShare, median(series.ours) / median(series.stock) * 100);
    }
    if (!doubled)
        results << Result{QStringLiteral("graph.tick.share"),
                          QStringLiteral("A tick against an item for each text, at the worst zoom"),
                          worstShare,
                          QStringLiteral("%"),
                          100.0 / 6,
                          {}};
    for (const double zoom : {0.05, 0.4, 1.0}) {
        const QList<double> frames = run.pans(zoom);
        results << Result{QStringLiteral("graph.pan%1.%2").arg(key).arg(zoom),
                          QStringLiteral("Panning at zoom %1%2, p95 of a frame").arg(zoom).arg(at),
                          percentile(frames, 0.95),
                          QStringLiteral("ms"),
                          doubled ? 25.0 : 16.6,
                          {}};
    }
    results << Result{QStringLiteral("graph.zoom") + key,
                      QStringLiteral("Zooming from afar to near and back%1, p95 of a frame").arg(at),
                      percentile(run.zooms(), 0.95),
                      QStringLiteral("ms"),
                      doubled ? 25.0 : 16.6,
                      {}};
    run.verify(13 * bench.rounds); // Eight zooms, three pans, one zoom there and back
    return results;
}

QList<Result> measureLayout(const GraphBench &bench)
{
    const samples::Graph graph = manyNodes(bench.nodes);
    QList<double> taken;
    for (int i = 0; i < 10 * bench.rounds; ++i)
        taken << msOf([&] {
            const GraphLayout layout = layoutGraph(graph.topology);
            if (layout.cards.isEmpty())
                qFatal("nothing was laid out");
        });
    return {{QStringLiteral("graph.layout.median"),
             QStringLiteral("Laying out %1 nodes, median").arg(bench.nodes),
             median(taken),
             QStringLiteral("ms"),
             {},
             {}},
            {QStringLiteral("graph.layout.p95"),
             QStringLiteral("The same, p95"),
             percentile(taken, 0.95),
             QStringLiteral("ms"),
             1.0,
             {}}};
}

} // namespace understudy::bench
