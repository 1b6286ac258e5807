// SPDX-License-Identifier: GPL-3.0-or-later
#include "SampleGraphs.h"

#include "gui/Style.h"
#include "gui/graph/GraphView.h"
#include "gui/graph/NodeTable.h"
#include "paint/Numbers.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

using namespace understudy;
using samples::idOf, samples::later, samples::without;

class TestNodeTable : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { Style::instance().apply(Style::Choice::Light); }
    void cleanup() { QApplication::setFont(applicationFont()); }

    void theTableIsASoundModel()
    {
        NodeTableModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QRandomGenerator random(7);
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        for (int round = 0; round < 60; ++round) {
            auto graph = round % 2 ? samples::incident() : later(samples::incident());
            for (int gone = 0; gone < random.bounded(5); ++gone) {
                const auto &nodes = graph.topology.clusters.first().nodes;
                without(graph, nodes.at(random.bounded(int(nodes.size()))).id);
            }
            for (Node &node : graph.topology.clusters.first().nodes) {
                if (random.bounded(6) == 0)
                    node.name.prepend(u'z');
            }
            model.setTopology(graph.topology, graph.extras);
            QCOMPARE(model.rowCount(), int(graph.topology.clusters.first().nodes.size()));
            QCOMPARE(model.idAt(0), layoutGraph(graph.topology).order.first());
        }
        QCOMPARE(resets.count(), 0);
    }

    void aPollChangesOnlyWhatChanged()
    {
        NodeTableModel model;
        auto graph = samples::healthy(false);
        model.setTopology(graph.topology, graph.extras);
        QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        model.setTopology(graph.topology, graph.extras);
        QCOMPARE(changes.count(), 0);
        graph.topology.clusters.first().links.first().lagBytes = 98304;
        model.setTopology(graph.topology, graph.extras);
        QCOMPARE(changes.count(), 1);
        QCOMPARE(changes.first().at(0).toModelIndex().column(), int(NodeTableModel::BehindColumn));
        QCOMPARE(model.index(1, NodeTableModel::BehindColumn).data().toString(), QStringLiteral("96 kB"));
        graph.topology.clusters.first().links.first().lagBytes.reset();
        model.setTopology(graph.topology, graph.extras);
        QCOMPARE(model.index(1, NodeTableModel::BehindColumn).data().toString(), QStringLiteral("unknown"));
    }

    void aRowCanBeCopied()
    {
        NodeTable table;
        const auto graph = samples::healthy(false);
        table.setTopology(graph.topology, graph.extras);
        table.setSelected(idOf(graph, QStringLiteral("standby1")));
        QTest::keyClick(&table, Qt::Key_C, Qt::ControlModifier);
        const QStringList lines = QGuiApplication::clipboard()->text().split(u'\n');
        QCOMPARE(lines.size(), 2);
        QVERIFY(lines.first().startsWith(QStringLiteral("Node\tRole\tState")));
        QVERIFY(lines.last().startsWith(
            QStringLiteral("standby1\tStandby\tCaught up\tprimary\tstandby_slot\tasync")));
    }

    void largeTextElidesNoNumber()
    {
        QFont large = QApplication::font();
        large.setPixelSize(26);
        QApplication::setFont(large);
        NodeTable table;
        auto graph = samples::incident();
        table.setTopology(graph.topology, graph.extras);
        graph.topology.clusters.first().links.first().lagSeconds = 12345;
        table.setTopology(graph.topology, graph.extras);
        table.resize(600, 400);
        for (int row = 0; row < table.model()->rowCount(); ++row) {
            QVERIFY(table.rowHeight(row) >= 60);
            for (const int column : {int(NodeTableModel::BehindColumn), int(NodeTableModel::DelayColumn),
                                     int(NodeTableModel::TimelineColumn), int(NodeTableModel::LsnColumn)}) {
                const QString text = table.model()->index(row, column).data().toString();
                const QFont font =
                    column == NodeTableModel::LsnColumn ? textFont(TextRole::Mono, large) : large;
                QVERIFY2(table.columnWidth(column) >= tabularWidth(font, text) + 16, qPrintable(text));
            }
        }
        // The graph's cards grow alike: what fits at usual size fits at any.
        GraphView usual, twice;
        usual.resize(900, 500);
        twice.resize(3000, 2000);
        twice.setTopology(graph.topology, graph.extras);
        twice.resetZoom();
        const NodeId primary = idOf(graph, QStringLiteral("pg-ams-1"));
        QCOMPARE(twice.cardRect(primary).size(), QSizeF(576, 240));
    }
};

QTEST_MAIN(TestNodeTable)
#include "tst_node_table.moc"
