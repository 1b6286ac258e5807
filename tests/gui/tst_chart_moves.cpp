// SPDX-License-Identifier: GPL-3.0-or-later
#include "WindowFixture.h"
#include "gui/Application.h"
#include "gui/Style.h"
#include "gui/charts/ChartRange.h"
#include "gui/charts/LagChart.h"
#include "model/Format.h"

#include <QPushButton>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

using namespace understudy;
using namespace understudy::fixture;

namespace {

constexpr int seen = 1800;

struct Shown
{
    LagHistory history;
    LagChart chart;

    Shown()
    {
        for (int i = 0; i < seen; ++i)
            history.add(healthy(start + i * second, spike(i)));
        chart.resize(900, 240);
        chart.setData(history, healthy(start + (seen - 1) * second));
        chart.show();
        if (!QTest::qWaitForWindowExposed(&chart))
            qFatal("not shown");
    }
    QWidget *plot() { return chart.findChild<QWidget *>(QStringLiteral("lagPlot")); }
    QPushButton *back() { return chart.findChild<QPushButton *>(QStringLiteral("backToLive")); }
    qint64 newest() const { return start + (seen - 1) * second; }
    qint64 spanUs() const { return chart.shownToUs() - chart.shownFromUs(); }
    void look(int i)
    {
        history.add(healthy(start + i * second, 0));
        chart.setData(history, healthy(start + i * second));
    }
    void wheel(const QPoint &angle, double x)
    {
        QWheelEvent event(QPointF(x, 120), plot()->mapToGlobal(QPoint(int(x), 120)), {}, angle, Qt::NoButton,
                          Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(&chart, &event); // Made events are not handed on, as a person's are.
    }
    void drag(int from, int to, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::mousePress(plot(), Qt::LeftButton, modifiers, {from, 120});
        // A grabbed mouse speaks to the chart itself.
        QTest::mouseMove(&chart, {(from + to) / 2, 120});
        QTest::mouseMove(&chart, {to, 120});
        QTest::mouseRelease(&chart, Qt::LeftButton, modifiers, {to, 120});
    }
};

} // namespace

class TestChartMoves : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        Style::instance().apply(qEnvironmentVariable("UNDERSTUDY_THEME") == QLatin1String("dark")
                                    ? Style::Choice::Dark
                                    : Style::Choice::Light);
    }

    void rangeStaysWithinWhatWasSeen()
    {
        QRandomGenerator random(3);
        ChartRange range;
        range.setLimits(1000 * second, 5000 * second);
        for (int i = 0; i < 2000; ++i) {
            switch (random.bounded(6)) {
            case 0:
                range.panBy((random.bounded(4000) - 2000) * second);
                break;
            case 1:
                range.zoomBy(0.3 + random.generateDouble() * 3, random.generateDouble());
                break;
            case 2:
                range.show((1000 + random.bounded(4000)) * second, (1000 + random.bounded(4000)) * second);
                break;
            case 3:
                range.goOldest();
                break;
            case 4:
                range.goLive();
                break;
            default:
                range.setSpan((1 + random.bounded(4000)) * second);
            }
            QVERIFY(range.spanUs() >= ChartRange::leastUs);
            QVERIFY(range.toUs() <= 5000 * second);
            QCOMPARE(range.isLive(), range.toUs() == 5000 * second);
            QVERIFY(range.isLive() || range.fromUs() >= 1000 * second);
        }
    }

    void zoomKeepsWhatIsUnderThePointer()
    {
        ChartRange range;
        range.setLimits(0, 10000 * second);
        range.show(4000 * second, 5000 * second);
        range.zoomBy(0.5, 0.25);
        QCOMPARE(range.fromUs() + range.spanUs() / 4, 4250 * second);
        range.goLive();
        range.zoomBy(0.5, 0.1);
        QVERIFY(range.isLive()); // Its right edge is now.
    }

    void wheelZoomsAndStaysLive()
    {
        Shown s;
        QCOMPARE(s.chart.span(), 300);
        QSignalSpy changed(&s.chart, &LagChart::spanChanged);
        s.wheel({0, 120}, 400);
        QCOMPARE(s.chart.span(), 240);
        QCOMPARE(changed.last().first().toInt(), 240);
        QVERIFY(s.chart.isLive() && !s.back()->isVisible());
        s.wheel({0, -1200}, 400);
        QCOMPARE(s.chart.span(), seen - 1); // All there is, and no more.
    }

    void dragPansAndBackToLive()
    {
        Shown s;
        s.drag(300, 500);
        QVERIFY(!s.chart.isLive());
        QCOMPARE(s.spanUs(), 300 * second);
        const qint64 shown = s.chart.shownToUs();
        QVERIFY(shown < s.newest() - 60 * second && shown > s.newest() - 120 * second);
        // What comes meanwhile does not move it.
        s.look(seen);
        QCOMPARE(s.chart.shownToUs(), shown);
        QVERIFY(s.back()->isVisible());
        const QString folder = qEnvironmentVariable("UNDERSTUDY_SHOTS");
        if (!folder.isEmpty())
            s.chart.grab().save(folder + QStringLiteral("/chart-panned.png"));
        QTest::mouseClick(s.back(), Qt::LeftButton);
        QVERIFY(s.chart.isLive() && !s.back()->isVisible());
        QCOMPARE(s.chart.shownToUs(), s.newest() + second);
        s.drag(300, 500);
        s.drag(300, 880);
        s.drag(730, 20); // Forward beyond the newest.
        s.drag(730, 20);
        QVERIFY(s.chart.isLive());
        s.drag(300, 500);
        QTest::mouseDClick(s.plot(), Qt::LeftButton, {}, {300, 120});
        QVERIFY(s.chart.isLive());
    }

    void shiftDragChoosesASpan()
    {
        Shown s;
        const qint64 from = s.chart.shownFromUs();
        QTest::mousePress(s.plot(), Qt::LeftButton, Qt::ShiftModifier, {200, 120});
        QTest::mouseMove(&s.chart, {300, 120});
        const QString folder = qEnvironmentVariable("UNDERSTUDY_SHOTS");
        if (!folder.isEmpty())
            s.chart.grab().save(folder + QStringLiteral("/chart-box.png"));
        QTest::mouseMove(&s.chart, {400, 120});
        QTest::mouseRelease(&s.chart, Qt::LeftButton, Qt::ShiftModifier, {400, 120});
        QVERIFY(!s.chart.isLive());
        QVERIFY(s.spanUs() > 60 * second && s.spanUs() < 120 * second);
        QVERIFY(s.chart.shownFromUs() > from + 30 * second);
    }

    void keyboardAlone()
    {
        Shown s;
        s.chart.setFocus();
        QTest::keyClick(&s.chart, Qt::Key_Left);
        QCOMPARE(s.chart.shownToUs(), s.newest() - 30 * second);
        QTest::keyClick(&s.chart, Qt::Key_Left, Qt::ShiftModifier);
        QCOMPARE(s.chart.shownToUs(), s.newest() - 330 * second);
        QTest::keyClick(&s.chart, Qt::Key_Plus);
        QCOMPARE(s.chart.span(), 240);
        QTest::keyClick(&s.chart, Qt::Key_Minus);
        QTest::keyClick(&s.chart, Qt::Key_Home);
        QCOMPARE(s.chart.shownFromUs(), start);
        QTest::keyClick(&s.chart, Qt::Key_End);
        QVERIFY(s.chart.isLive());
        QTest::keyClick(&s.chart, Qt::Key_Left);
        QTest::keyClick(&s.chart, Qt::Key_Escape);
        QVERIFY(s.chart.isLive());
    }

    void keyboardReadsALook()
    {
        Shown s;
        s.chart.setFocus();
        QTest::keyClick(&s.chart, Qt::Key_Left, Qt::ControlModifier);
        const QString last = s.chart.accessibleDescription();
        QVERIFY2(last.contains(format::utcTime(s.newest())) && last.contains(QStringLiteral("standby1")),
                 qPrintable(last));
        QTest::keyClick(&s.chart, Qt::Key_Left, Qt::ControlModifier);
        QVERIFY(s.chart.accessibleDescription().contains(format::utcTime(s.newest() - second)));
        QTest::keyClick(&s.chart, Qt::Key_Right, Qt::ControlModifier);
        QCOMPARE(s.chart.accessibleDescription(), last);
        const QString folder = qEnvironmentVariable("UNDERSTUDY_SHOTS");
        if (!folder.isEmpty())
            s.chart.grab().save(folder + QStringLiteral("/chart-read.png"));
        QTest::keyClick(&s.chart, Qt::Key_Escape);
        QVERIFY(s.chart.isLive());
    }
};

QTEST_MAIN(TestChartMoves)
#include "tst_chart_moves.moc"
