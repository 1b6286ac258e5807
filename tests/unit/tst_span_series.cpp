// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/SpanSeries.h"

#include <QList>
#include <QRandomGenerator>
#include <QTest>
#include <cmath>

using namespace understudy;

namespace {

constexpr qint64 start = 1700000000LL * 1000000, second = 1000000;

bool same(float a, float b)
{
    return (std::isnan(a) && std::isnan(b)) || std::abs(a - b) <= 1e-3F * std::max(1.0F, std::abs(b));
}

bool same(const SpanColumn &a, const SpanColumn &b)
{
    if (!same(a.enter, b.enter) || !same(a.leave, b.leave) || !same(a.low, b.low) || !same(a.high, b.high) ||
        a.count != b.count || a.broken != b.broken)
        return false;
    for (size_t i = 0; i < a.count && a.count <= SpanColumn::few; ++i) {
        if (!same(a.at.at(i), b.at.at(i)) || !same(a.value.at(i), b.value.at(i)))
            return false;
    }
    return true;
}

struct Sample
{
    qint64 atUs;
    float value;
};

/// The same said slowly.
SpanColumn expected(const QList<Sample> &samples, qint64 column, double us)
{
    const qint64 begin = std::llround(double(column) * us), end = std::llround(double(column + 1) * us);
    SpanColumn out;
    const auto crossing = [&](qint64 atUs) {
        for (qsizetype i = 1; i < samples.size(); ++i) {
            const Sample &a = samples.at(i - 1), &b = samples.at(i);
            if (a.atUs < atUs && b.atUs >= atUs)
                return a.value + (b.value - a.value) * float(double(atUs - a.atUs) / double(b.atUs - a.atUs));
        }
        return SpanColumn::unknown;
    };
    out.enter = crossing(begin);
    out.leave = crossing(end);
    for (const Sample &sample : samples) {
        if (sample.atUs < begin || sample.atUs >= end)
            continue;
        if (std::isnan(sample.value)) {
            out.broken = true;
            continue;
        }
        out.low = out.count == 0 ? sample.value : std::min(out.low, sample.value);
        out.high = out.count == 0 ? sample.value : std::max(out.high, sample.value);
        if (out.count < SpanColumn::few) {
            out.at.at(out.count) = float(double(sample.atUs - begin) / double(end - begin));
            out.value.at(out.count) = sample.value;
        }
        ++out.count;
    }
    return out;
}

} // namespace

class TestSpanSeries : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onlyNewerIsTaken()
    {
        SpanSeries series;
        QVERIFY(series.append(start, 1));
        QVERIFY(!series.append(start, 2));
        QVERIFY(!series.append(start - second, 2));
        QVERIFY(series.append(start + second, std::numeric_limits<float>::infinity()));
        QVERIFY(!series.append(start + 60 * 86400 * second, 2)); // beyond what its clock holds
        QCOMPARE(series.size(), 2);
        QCOMPARE(series.firstUs(), start);
        QCOMPARE(series.lastUs(), start + second);
        SpanColumn column;
        series.columns(start / second, 1, 1e6, &column);
        QCOMPARE(column.high, 1.0F);
        series.columns(start / second + 1, 1, 1e6, &column);
        QCOMPARE(column.count, 0U); // not finite is not known
        QVERIFY(column.broken);
    }

    void nothingIsNothing()
    {
        SpanSeries series;
        SpanColumn columns[4];
        series.columns(start / second, 4, 1e6, columns);
        for (const SpanColumn &column : columns)
            QVERIFY(column.count == 0 && std::isnan(column.enter) && std::isnan(column.leave));
        QCOMPARE(series.lastUs(), 0);
    }

    void noSpikeIsLost()
    {
        SpanSeries series;
        for (int i = 0; i < 86400; ++i)
            series.append(start + i * second, i == 51234 ? 1e9F : 5.0F);
        std::vector<SpanColumn> columns(300);
        const double us = 86400e6 / 300;
        const auto first = qint64(std::floor(double(start) / us));
        series.columns(first, 300, us, columns.data());
        const auto at = qint64(std::floor(double(start + 51234 * second) / us)) - first;
        for (qint64 i = 0; i < 300; ++i)
            QCOMPARE(columns.at(size_t(i)).high > 1e8F, i == at);
    }

    void isWhatASlowOneSays_data()
    {
        QTest::addColumn<double>("us");
        for (const double us : {40e3, 333e3, 1e6, 2.5e6, 61.7e6, 900e6})
            QTest::addRow("%g s a column", us / 1e6) << us;
    }

    /// Random steps, gaps, growth, forgetting and moving about: kept columns never differ from made ones.
    void isWhatASlowOneSays()
    {
        QFETCH(double, us);
        QRandomGenerator random(7);
        SpanSeries series;
        SpanColumns kept;
        QList<Sample> samples;
        qint64 now = start;
        for (int round = 0; round < 60; ++round) {
            for (int i = random.bounded(12); i >= 0; --i) {
                now += (1 + random.bounded(3000)) * 1000;
                const float value =
                    random.bounded(9) == 0 ? SpanColumn::unknown : float(random.bounded(1000));
                QVERIFY(series.append(now, value));
                samples.append({now, value});
            }
            if (round % 13 == 12) {
                const qint64 before = samples.at(samples.size() / 4).atUs;
                series.dropBefore(before);
                kept.forget(); // What is on its way out of the view is not looked at again.
                samples.removeIf([before](const Sample &sample) { return sample.atUs < before; });
            }
            QCOMPARE(series.size(), samples.size());
            const qsizetype count = 30 + random.bounded(40);
            const qint64 first = qint64(std::floor(double(now) / us)) - count + random.bounded(30) - 5;
            const SpanColumn *columns = kept.update(series, first, count, us);
            for (qsizetype i = 0; i < count; ++i)
                QVERIFY2(
                    same(columns[i], expected(samples, first + i, us)),
                    qPrintable(QStringLiteral("round %1, column %2 of %3").arg(round).arg(i).arg(count)));
        }
    }

    void whatWasDroppedMakesRoom()
    {
        SpanSeries series;
        for (int i = 0; i < 50000; ++i) {
            series.append(start + i * second, float(i));
            series.dropBefore(start + (i - 100) * second);
        }
        QCOMPARE(series.size(), 101);
        QCOMPARE(series.firstUs(), start + (49999 - 100) * second);
        SpanColumn column;
        series.columns((series.lastUs() / second) - 1, 1, 1e6, &column);
        QCOMPARE(column.high, 49998.0F);
    }
};

QTEST_GUILESS_MAIN(TestSpanSeries)
#include "tst_span_series.moc"
