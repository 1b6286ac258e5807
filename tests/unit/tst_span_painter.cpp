// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/SpanPainter.h"

#include <QTest>
#include <cmath>

using namespace understudy;

namespace {

constexpr qint64 second = 1000000, start = 1700000000LL * second;

QImage drawn(const SpanSeries &series, int columns, double usPerColumn, double top, double width = 1,
             bool logarithmic = false)
{
    QImage image(columns, 100, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    std::vector<SpanColumn> out;
    out.resize(size_t(columns));
    series.columns(qint64(std::floor(double(start) / usPerColumn)), columns, usPerColumn, out.data());
    SpanPainter painter;
    painter.draw(image, out.data(), columns, {logarithmic ? 1.0 : 0.0, top, 100, logarithmic},
                 {QColor(Qt::blue), width});
    return image;
}

/// How much ink is in a column, in whole rows.
double ink(const QImage &image, int x)
{
    double sum = 0;
    for (int y = 0; y < image.height(); ++y)
        sum += image.pixelColor(x, y).alphaF();
    return sum;
}

/// The middle of the ink of a column, in rows.
double middle(const QImage &image, int x)
{
    double sum = 0, weight = 0;
    for (int y = 0; y < image.height(); ++y) {
        sum += (y + 0.5) * image.pixelColor(x, y).alphaF();
        weight += image.pixelColor(x, y).alphaF();
    }
    return sum / weight;
}

} // namespace

class TestSpanPainter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aLevelLineIsOnePixel()
    {
        SpanSeries series;
        for (int i = 0; i < 20; ++i)
            series.append(start + i * 10 * second, 50);
        for (const double width : {1.0, 2.0, 3.0}) {
            const QImage image = drawn(series, 100, 1e6, 100, width);
            for (int x = 5; x < 95; ++x) {
                QVERIFY(std::abs(ink(image, x) - width) < 0.05);
                QVERIFY(std::abs(middle(image, x) - 50) < 0.05);
            }
        }
    }

    /// As thick across itself as a level one: from top to bottom it is more.
    void aSlantedLineIsAsThick()
    {
        SpanSeries series;
        series.append(start, 0);
        series.append(start + 100 * second, 100);
        const QImage image = drawn(series, 100, 1e6, 100);
        for (int x = 10; x < 90; ++x) {
            QVERIFY2(std::abs(ink(image, x) - std::sqrt(2.0)) < 0.15,
                     qPrintable(QString::number(ink(image, x))));
            QVERIFY(std::abs(middle(image, x) - (100 - x - 0.5)) < 0.1);
        }
    }

    /// From top to bottom in five columns: as much ink as a pen of that width leaves, and none beyond its
    /// ends.
    void aSteepLineIsAsThick()
    {
        for (const double width : {1.0, 2.0}) {
            SpanSeries series;
            series.append(start, 90);
            series.append(start + 50 * second, 90);
            series.append(start + 55 * second, 10);
            series.append(start + 100 * second, 10);
            const QImage image = drawn(series, 100, 1e6, 100, width);
            double sum = 0;
            for (int y = 20; y < 80; ++y) {
                for (int x = 45; x < 60; ++x)
                    sum += image.pixelColor(x, y).alphaF() / 60;
            }
            QVERIFY2(std::abs(sum - width) < 0.15, qPrintable(QString::number(sum)));
            for (int x = 0; x < 100; ++x) {
                QCOMPARE(image.pixelColor(x, 7).alpha(), 0);
                QCOMPARE(image.pixelColor(x, 92).alpha(), 0);
            }
        }
    }

    void aDenseColumnReachesFromLowestToHighest()
    {
        SpanSeries series;
        for (int i = 0; i < 1000; ++i)
            series.append(start + i * second, i == 500 ? 90 : i % 2 ? 10 : 20);
        const QImage image = drawn(series, 100, 10e6, 100);
        QVERIFY(std::abs(ink(image, 20) - 11) < 0.2);
        QVERIFY(ink(image, 50) > 80);
        QCOMPARE(image.pixelColor(50, 12), QColor(Qt::blue));
        QCOMPARE(image.pixelColor(50, 5).alpha(), 0);
        // As wide as the pen, to be seen.
        const QImage wide = drawn(series, 100, 10e6, 100, 2);
        QVERIFY(ink(wide, 50) > 80 && ink(wide, 51) > 80 && ink(wide, 53) < 15);
    }

    void aGapHasNoInk()
    {
        SpanSeries series;
        for (int i = 0; i < 100; ++i)
            series.append(start + i * second, i >= 40 && i < 60 ? SpanColumn::unknown : 50);
        const QImage image = drawn(series, 100, 1e6, 100);
        for (int x = 0; x < 98; ++x)
            QCOMPARE(ink(image, x) > 0.4, x < 39 || x >= 60);
    }

    void aValueOnItsOwnIsSeen()
    {
        SpanSeries series;
        series.append(start + 10 * second, SpanColumn::unknown);
        series.append(start + 20 * second, 50);
        series.append(start + 30 * second, SpanColumn::unknown);
        const QImage image = drawn(series, 100, 1e6, 100);
        QVERIFY(ink(image, 20) > 0.9);
        QVERIFY(ink(image, 19) == 0 && ink(image, 21) == 0);
    }

    void outsideIsCutOff()
    {
        SpanSeries series;
        for (int i = 0; i < 100; ++i)
            series.append(start + i * second, i % 2 ? 1e30F : -1e30F);
        const QImage image = drawn(series, 100, 1e6, 100);
        QVERIFY(ink(image, 50) > 90);
        SpanSeries above;
        above.append(start, 1000);
        above.append(start + 100 * second, 1000);
        QCOMPARE(ink(drawn(above, 100, 1e6, 100), 50), 0.0);
    }

    void logarithmic()
    {
        SpanSeries series;
        for (int i = 0; i < 100; ++i)
            series.append(start + i * second, i < 50 ? 100 : 0);
        const QImage image = drawn(series, 100, 1e6, 10000, 1, true);
        QVERIFY(std::abs(middle(image, 20) - 50) < 0.1);
        QVERIFY(middle(image, 80) > 99); // What has no logarithm is on the lower edge.
    }

    void whatIsBehindShinesThroughTheEdges()
    {
        SpanSeries series;
        series.append(start, 50.5F);
        series.append(start + 100 * second, 50.5F);
        QImage image(100, 100, QImage::Format_ARGB32_Premultiplied);
        image.fill(Qt::white);
        std::vector<SpanColumn> out(100);
        series.columns(start / second, 100, 1e6, out.data());
        SpanPainter().draw(image, out.data(), 100, {0, 100, 100, false}, {QColor(Qt::black), 2});
        const QColor edge = image.pixelColor(50, 48), inside = image.pixelColor(50, 49);
        QVERIFY(std::abs(edge.red() - 128) < 4 && edge.alpha() == 255);
        QCOMPARE(inside, QColor(Qt::black));
        QCOMPARE(image.pixelColor(50, 52), QColor(Qt::white));
    }
};

QTEST_GUILESS_MAIN(TestSpanPainter)
#include "tst_span_painter.moc"
