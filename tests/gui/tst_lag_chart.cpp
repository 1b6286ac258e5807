// SPDX-License-Identifier: GPL-3.0-or-later
// QCustomPlot's header is written with Qt's keywords; every other file does without them.
#undef QT_NO_KEYWORDS
#undef QT_NO_FOREACH
#include "WindowFixture.h"
#include "gui/Application.h"
#include "gui/Style.h"
#include "gui/charts/BarPanel.h"
#include "gui/charts/ChartPictures.h"
#include "gui/charts/LagChart.h"
#include "gui/charts/LagLines.h"
#include "gui/charts/ReadLoadChart.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QTest>

using namespace understudy;
using namespace understudy::fixture;

namespace {

QList<LagSample> samplesOf(const QList<double> &bytes, qint64 stepUs = second)
{
    QList<LagSample> samples;
    for (const double one : bytes)
        samples.append({start + samples.size() * stepUs, one, one / 1000, LagState::Replaying});
    return samples;
}

qsizetype pixelsOf(const QImage &image, const QColor &color)
{
    qsizetype found = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            found += image.pixelColor(x, y) == color ? 1 : 0;
    }
    return found;
}

/// Antialiased lines have few pixels of exactly their colour: the hue tells.
qsizetype pixelsLike(const QImage &image, const QColor &color)
{
    qsizetype found = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const QColor one = image.pixelColor(x, y);
            found += one.hsvSaturation() > 50 && std::abs(one.hsvHue() - color.hsvHue()) < 10 ? 1 : 0;
        }
    }
    return found;
}

LagHistory historyOf(int seconds)
{
    LagHistory history;
    for (int i = 0; i < seconds; ++i)
        history.add(healthy(start + i * second, spike(i)));
    return history;
}

} // namespace

class TestLagChart : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Style::instance().apply(Style::Choice::Light); }

    void axisTops_data()
    {
        QTest::addColumn<double>("highest");
        QTest::addColumn<bool>("bytes");
        QTest::addColumn<double>("top");
        QTest::newRow("nothing") << double(qQNaN()) << true << 16.0 * 1024;
        QTest::newRow("zero") << 0.0 << true << 16.0 * 1024;
        QTest::newRow("46 kB") << 46.0 * 1024 << true << 64.0 * 1024;
        QTest::newRow("64 kB needs room") << 64.0 * 1024 << true << 128.0 * 1024;
        QTest::newRow("1.4 GB") << 1.4 * (1 << 30) << true << 2.0 * (1 << 30);
        QTest::newRow("0.3 s") << 0.3 << false << 1.0;
        QTest::newRow("50 s") << 50.0 << false << 60.0;
        QTest::newRow("5 h") << 18000.0 << false << 36000.0;
    }

    void axisTops()
    {
        QFETCH(double, highest);
        QFETCH(bool, bytes);
        QFETCH(double, top);
        QCOMPARE(niceTop(highest, bytes ? LagUnit::Bytes : LagUnit::Seconds).top, top);
    }

    void axisGrowsAtOnceAndShrinksLater()
    {
        SteadyTop steady;
        QCOMPARE(steady.update(10e3, LagUnit::Bytes, start).top, 16.0 * 1024);
        QCOMPARE(steady.update(60e3, LagUnit::Bytes, start + second).top, 64.0 * 1024);
        QCOMPARE(steady.update(1e3, LagUnit::Bytes, start + 2 * second).top, 64.0 * 1024);
        QCOMPARE(steady.update(60e3, LagUnit::Bytes, start + 6 * second).top, 64.0 * 1024);
        QCOMPARE(steady.update(1e3, LagUnit::Bytes, start + 8 * second).top, 64.0 * 1024);
        QCOMPARE(steady.update(1e3, LagUnit::Bytes, start + 12 * second).top, 64.0 * 1024);
        QCOMPARE(steady.update(1e3, LagUnit::Bytes, start + 13 * second).top, 16.0 * 1024);
    }

    void nearestSample()
    {
        const QList<LagSample> samples = samplesOf({1, 2, 3});
        QCOMPARE(nearest(samples, start + second * 14 / 10, second)->bytes, 2.0);
        QCOMPARE(nearest(samples, start - 10 * second, second), nullptr);
        QCOMPARE(nearest(samples, start + 2 * second + 1, second)->bytes, 3.0);
    }

    void wordsOfAxis()
    {
        QCOMPARE(axisWords(16 * 1024, LagUnit::Bytes), QStringLiteral("16 kB"));
        QCOMPARE(axisWords(0, LagUnit::Bytes), QStringLiteral("0 B"));
        QCOMPARE(axisWords(0.25, LagUnit::Seconds), QStringLiteral("0.25 s"));
        QCOMPARE(axisWords(120, LagUnit::Seconds), QStringLiteral("2 min"));
        QCOMPARE(valueWords(qQNaN(), LagUnit::Bytes), QStringLiteral("unknown"));
    }

    void hiddenChartsDoNoWork()
    {
        LagChart chart;
        chart.resize(900, 220);
        chart.setData(historyOf(100), healthy(start + 100 * second));
        QCOMPARE(chart.lineCount(), 0);
        chart.show();
        QVERIFY(QTest::qWaitForWindowExposed(&chart));
        QTRY_COMPARE(chart.lineCount(), 1);
        QCOMPARE(chart.axisTop().top, 64.0 * 1024);
    }

    void theLineIsThereInBothThemes()
    {
        const LagHistory history = historyOf(300);
        ChartPictures pictures;
        for (const Theme *theme : {&Theme::light(), &Theme::dark()}) {
            const QImage image =
                pictures.lagChart(history, healthy(start + 299 * second), {900, 240}, 1, *theme);
            QCOMPARE(image.size(), QSize(900, 240));
            QCOMPARE(image.pixelColor(2, 2), theme->panel);
            QVERIFY(pixelsOf(image, theme->series(0)) > 40);
        }
        const QImage doubled =
            pictures.lagChart(history, healthy(start + 299 * second), {900, 240}, 2, Theme::light());
        QCOMPARE(doubled.size(), QSize(1800, 480));
    }

    void unknownLagIsAGapNotAZero()
    {
        LagHistory known, gap;
        for (int i = 0; i < 60; ++i) {
            known.add(healthy(start + i * second, 8000));
            gap.add(i < 30 ? healthy(start + i * second, 8000) : broken(start + i * second));
        }
        ChartPictures pictures;
        const auto right = [&](const LagHistory &history, const Topology &topology) {
            const QImage image = pictures.lagChart(history, topology, {900, 240}, 1, Theme::light());
            return pixelsLike(image.copy(450, 30, 250, 170), Theme::light().series(0));
        };
        QVERIFY(right(known, healthy(start + 59 * second, 8000)) > 100);
        QCOMPARE(right(gap, broken(start + 59 * second)), 0);
    }

    void whileNobodyLookedIsAGap()
    {
        LagHistory history;
        for (int i = 0; i < 200; ++i)
            history.add(healthy(start + (i < 100 ? i : i + 100) * second, 8000));
        ChartPictures pictures;
        const QImage image =
            pictures.lagChart(history, healthy(start + 299 * second, 8000), {900, 240}, 1, Theme::light());
        // The plot is 676 wide from 64 on; it shows 300 seconds.
        QVERIFY(pixelsLike(image.copy(80, 30, 180, 170), Theme::light().series(0)) > 100);
        QCOMPARE(pixelsLike(image.copy(310, 30, 180, 170), Theme::light().series(0)), 0);
        QVERIFY(pixelsLike(image.copy(530, 30, 180, 170), Theme::light().series(0)) > 100);
    }

    /// Lines that were added to are those that a new chart makes; also when our clock was set back, when the
    /// unit changes and when a standby goes.
    void linesFollowTheHistory()
    {
        LagHistory history;
        LagLines lines;
        std::vector<SpanLayer::Line> kept;
        const auto columnsOf = [](const SpanSeries &series, qint64 atUs) {
            std::vector<SpanColumn> out(400);
            series.columns(atUs / second - 399, 400, 1e6, out.data());
            return out;
        };
        const auto check = [&](LagUnit unit, qint64 atUs) {
            lines.follow(kept, history, unit);
            std::vector<SpanLayer::Line> made;
            LagLines().follow(made, history, unit);
            QCOMPARE(kept.size(), made.size());
            for (size_t i = 0; i < made.size(); ++i) {
                QCOMPARE(kept[i].series.lastUs(), made[i].series.lastUs());
                const auto a = columnsOf(kept[i].series, atUs), b = columnsOf(made[i].series, atUs);
                for (size_t x = 0; x < a.size(); ++x) {
                    QCOMPARE(a[x].count, b[x].count);
                    QVERIFY(a[x].count == 0 || a[x].high == b[x].high);
                }
            }
        };
        qint64 now = start;
        for (int i = 0; i < 120; ++i) {
            now += i == 60 ? 90 * second : i == 90 ? -40 * second : second; // Asleep, then set back.
            history.add(healthy(now, 1000 + i));
            check(i % 50 < 40 ? LagUnit::Bytes : LagUnit::Seconds, now);
        }
        QCOMPARE(kept.size(), size_t(1));
        Topology alone = healthy(now + second);
        for (Cluster &cluster : alone.clusters) {
            cluster.links.clear();
            cluster.nodes.removeIf([](const Node &node) { return node.role != Role::Primary; });
        }
        history.add(alone);
        check(LagUnit::Bytes, now);
        QVERIFY(kept.empty());
    }

    void aTickIsCheap()
    {
        LagHistory history;
        for (int i = 0; i < 3600; ++i)
            history.add(healthy(start + i * second, spike(i)));
        LagChart chart;
        chart.setSpan(3600);
        chart.resize(1200, 240);
        chart.show();
        QVERIFY(QTest::qWaitForWindowExposed(&chart));
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; i < 10; ++i)
            chart.setData(history, healthy(start + 3600 * second));
        QVERIFY2(timer.elapsed() < 500, "ten ticks of an hour's chart on the GUI thread");
    }

    void aStandbyAtZeroIsSeenAboveTheAxis()
    {
        LagHistory history;
        for (int i = 0; i < 300; ++i)
            history.add(healthy(start + i * second, 0));
        ChartPictures pictures;
        const QImage image =
            pictures.lagChart(history, healthy(start + 299 * second, 0), {900, 240}, 1, Theme::light());
        QVERIFY(pixelsLike(image.copy(80, 150, 500, 90), Theme::light().series(0)) > 300);
        QVERIFY(pixelsOf(image.copy(80, 150, 500, 90), Theme::light().axis) > 300);
    }

    void barsStandOnTheAxisAfterAResize()
    {
        BarData data;
        data.groups = {{QStringLiteral("standby1"), 0, {4812}}};
        BarPanel panel;
        panel.resize(300, 200);
        panel.setData(data);
        const auto check = [&panel] {
            const QImage image = panel.grab().toImage();
            const QColor bar = Theme::light().series(0), axis = Theme::light().axis;
            int lowestBar = -1, axisRow = -1;
            for (int y = 0; y < image.height(); ++y) {
                int bars = 0, axes = 0;
                for (int x = 0; x < image.width(); ++x) {
                    bars += image.pixelColor(x, y) == bar;
                    axes += image.pixelColor(x, y) == axis;
                }
                if (bars > 10)
                    lowestBar = y;
                if (axes > 100)
                    axisRow = y;
            }
            QVERIFY(axisRow > 0);
            QVERIFY2(std::abs(lowestBar + 1 - axisRow) <= 1,
                     qPrintable(QStringLiteral("bar ends at %1, axis at %2").arg(lowestBar).arg(axisRow)));
        };
        check();
        panel.resize(520, 320); // not shown yet: its view gets no resize event
        check();
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        check();
        panel.resize(640, 240);
        check();
        panel.resize(360, 400);
        panel.setData(data);
        check();
    }

    void readLoadBars()
    {
        QCOMPARE(barScale(8930).top, 10000.0);
        QCOMPARE(barScale(8930).steps, 4);
        QCOMPARE(barScale(2.3).top, 3.0);
        QCOMPARE(barScale(0).top, 1.0);
        QVERIFY(barScale(9900).top >= 9900);

        ReadLoadResult result;
        ReadLoadRun one;
        one.label = QStringLiteral("<b>standby1</b> alone");
        one.nodes = {QStringLiteral("127.0.0.1:5433")};
        one.queries = 10000;
        one.perSecond = 4812;
        one.medianMs = 1.1;
        one.p95Ms = 1.9;
        ReadLoadRun none = one;
        none.label = QStringLiteral("both, spread");
        none.queries = 0;
        none.nodes = {QStringLiteral("127.0.0.1:5433"), QStringLiteral("127.0.0.1:5434")};
        result.runs = {one, none};
        LagHistory history;
        history.add(healthy(start));
        ChartPictures pictures;
        const QImage image =
            pictures.readLoadChart(result, healthy(start), history, {1100, 288}, 1, Theme::light());
        const QString folder = qEnvironmentVariable("UNDERSTUDY_SHOTS");
        if (!folder.isEmpty())
            image.save(folder + QStringLiteral("/read-load.png"));
        QVERIFY(pixelsOf(image, Theme::light().series(0)) > 2000);
        // The run that answered nothing has no bar.
        QCOMPARE(pixelsOf(image.copy(290, 60, 240, 190), Theme::light().neutral), 0);
    }
};

QTEST_MAIN(TestLagChart)
#include "tst_lag_chart.moc"
