// SPDX-License-Identifier: GPL-3.0-or-later
#include "WindowFixture.h"
#include "clusters/SessionSecrets.h"
#include "gui/InertText.h"
#include "gui/MainWindow.h"

#include <QHelpEvent>
#include <QLabel>
#include <QTest>
#include <QToolTip>

using namespace understudy;
using namespace understudy::fixture;

/// Names and messages that look like markup are shown as they are written, everywhere in the window.
class TestInertText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { qApp->installEventFilter(new InertText(qApp)); }

    void aLabelThatLeavesItOpenIsPlain()
    {
        QLabel open(QStringLiteral("<b>bold</b>"));
        QLabel meant(QStringLiteral("<b>bold</b>"));
        meant.setTextFormat(Qt::RichText);
        open.show();
        meant.show();
        QVERIFY(QTest::qWaitForWindowExposed(&open));
        QCOMPARE(open.textFormat(), Qt::PlainText);
        QCOMPARE(meant.textFormat(), Qt::RichText);
        QVERIFY(open.sizeHint().width() > meant.sizeHint().width());
    }

    void aToolTipIsShownAsWritten()
    {
        QWidget widget;
        widget.resize(100, 100);
        widget.setToolTip(QStringLiteral("<img src='x'> &amp;"));
        widget.show();
        QVERIFY(QTest::qWaitForWindowExposed(&widget));
        QHelpEvent help(QEvent::ToolTip, QPoint(5, 5), widget.mapToGlobal(QPoint(5, 5)));
        QApplication::sendEvent(&widget, &help);
        QTRY_VERIFY(QToolTip::isVisible());
        QCOMPARE(QToolTip::text(), QStringLiteral("<qt>&lt;img src='x'&gt; &amp;amp;</qt>"));
        QToolTip::hideText();
    }

    void theWholeWindow()
    {
        const QString evil = QStringLiteral("<h1>x</h1><img src=y>");
        Topology topology = broken(start);
        Cluster &cluster = topology.clusters[0];
        for (Node &node : cluster.nodes) {
            node.name = evil;
            node.reason = evil;
            node.dataDirectory = evil;
        }
        cluster.links[0].applicationName = evil;
        cluster.links[0].slot = evil;
        for (Slot &slot : cluster.slots_)
            slot.name = evil;
        for (Finding &finding : cluster.findings) {
            finding.title = finding.evidence = finding.meaning = finding.action = finding.sql = evil;
        }
        ClusterSpec spec;
        spec.title = spec.source = evil;
        auto live = std::make_unique<LiveCluster>(spec, std::make_shared<SessionSecrets>());
        live->monitor().setPaused(true);
        LiveCluster *fed = live.get();
        MainWindow window;
        window.resize(1400, 900);
        window.show();
        window.setCluster(std::move(live));
        fed->feed(topology);
        window.selectNode(cluster.nodes[1].id);
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        int seen = 0;
        for (const QLabel *label : window.findChildren<QLabel *>()) {
            if (!label->text().contains(QStringLiteral("<h1>")))
                continue;
            ++seen;
            QVERIFY2(label->textFormat() == Qt::PlainText || !label->isVisible(),
                     qPrintable(label->objectName()));
        }
        QVERIFY(seen > 5);
    }
};

QTEST_MAIN(TestInertText)
#include "tst_inert_text.moc"
