// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreScene.h"

#include <QRandomGenerator>
#include <QTest>

#include <map>

using namespace understudy;
using namespace understudy::storescene;

namespace {

struct Expected
{
    qint64 n = 0, low = 0, high = 0, last = 0, lastAt = 0;

    void add(qint64 atUs, qint64 value)
    {
        low = n == 0 ? value : std::min(low, value);
        high = n == 0 ? value : std::max(high, value);
        last = atUs >= lastAt || n == 0 ? value : last;
        lastAt = std::max(lastAt, atUs);
        ++n;
    }
};

using Key = std::tuple<qint64, int, qint64>; ///< Series, metric, where the bucket begins.

/// What the table of roll-ups says, read with nothing but SQL.
std::map<Key, Expected> rolled(Scene &scene, const QString &table)
{
    std::map<Key, Expected> all;
    QSqlQuery query = scene.file->connection().query();
    query.exec(QStringLiteral("SELECT series, metric, at, n, low, high, last FROM ") + table);
    while (query.next())
        all[{query.value(0).toLongLong(), query.value(1).toInt(), query.value(2).toLongLong()}] = {
            query.value(3).toLongLong(), query.value(4).toLongLong(), query.value(5).toLongLong(),
            query.value(6).toLongLong(), 0};
    return all;
}

/// The same from what was fed, of one series.
void expect(std::map<Key, Expected> &all, qint64 series, const StoreRow &row, qint64 bucket)
{
    for (const MetricInfo &info : metrics)
        if (const auto value = row.values[indexOf(info.metric)])
            all[{series, int(info.metric), row.atUs - row.atUs % bucket}].add(row.atUs, *value);
}

bool same(const std::map<Key, Expected> &found, const std::map<Key, Expected> &wanted)
{
    if (found.size() != wanted.size())
        return false;
    for (const auto &[key, value] : wanted) {
        const auto it = found.find(key);
        if (it == found.end() || it->second.n != value.n || it->second.low != value.low ||
            it->second.high != value.high || it->second.last != value.last) {
            qWarning("series %lld metric %d at %lld", std::get<0>(key), std::get<1>(key), std::get<2>(key));
            return false;
        }
    }
    return true;
}

} // namespace

class TestStoreRollUp final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rollUpsEqualWhatWasSeen();
    void aSpikeIsSeenAtEveryZoom();
    void gapsStayGaps();
    void theNewestIsThereBeforeItIsRolledUp();
    void aMinuteThatComesTwiceOnlyWidens();
    void readingPicksWhatIsLeft();
};

void TestStoreRollUp::rollUpsEqualWhatWasSeen()
{
    for (const quint32 seed : {1U, 7U, 20251117U}) {
        QRandomGenerator random(seed);
        Scene scene;
        QVERIFY(scene.open());
        std::map<Key, Expected> minutes, hours;
        qint64 at = start + random.bounded(100) * minute;
        for (int i = 0; i < 4000; ++i) {
            // Now and then nobody watches for a while; rarely nothing is known; a spike is rare and huge.
            at += second * 3 / 2 + random.bounded(3000000);
            if (random.bounded(500) == 0)
                at += random.bounded(90) * minute;
            Topology topology = look(
                at, 2, random.bounded(100) == 0 ? qint64(1) << random.bounded(62) : random.bounded(100000));
            if (random.bounded(10) == 0)
                topology.clusters[0].links[0].lagBytes.reset();
            if (random.bounded(10) == 0)
                topology.clusters[0].links[1].stages = {};
            scene.take(topology);
            if (random.bounded(3) == 0)
                QVERIFY(scene.write());
            if (random.bounded(50) == 0)
                QVERIFY(scene.upkeep->run(at, true, 3)); // a little at a time, as while watching
            for (const StoreRow &row : rowsOf(topology)) {
                // Series are numbered as they are first seen.
                const qint64 series = row.key.kind == SeriesKey::Kind::Node
                                          ? row.key.node.mid(2, 1).toInt() + 1
                                          : row.key.slot.mid(4).toInt() + 3;
                expect(minutes, series, row, minute);
                expect(hours, series, row, hour);
            }
        }
        QVERIFY(scene.write());
        // Everything is over: all of it is rolled up, and after the raw rows are gone it is still the same.
        scene.take(look(at + 3 * hour, 2, 1));
        QVERIFY(scene.write());
        QVERIFY(scene.keepUp(at + 3 * hour));
        const auto newest = [at](auto &all, qint64 bucket) {
            std::erase_if(all,
                          [&](const auto &one) { return std::get<2>(one.first) >= at + 3 * hour - bucket; });
        };
        auto foundMinutes = rolled(scene, QStringLiteral("minute"));
        newest(foundMinutes, minute);
        QVERIFY(same(foundMinutes, minutes));
        // The newest hours are not rolled up as long as minutes of them may come.
        const qint64 until =
            scene.number(QStringLiteral("SELECT at FROM progress WHERE name = 'hour_until'"));
        QVERIFY(until >= at - at % hour);
        auto foundHours = rolled(scene, QStringLiteral("hour"));
        std::erase_if(hours, [until](const auto &one) { return std::get<2>(one.first) >= until; });
        QVERIFY(same(foundHours, hours));
    }
}

void TestStoreRollUp::aSpikeIsSeenAtEveryZoom()
{
    Scene scene;
    QVERIFY(scene.open());
    constexpr qint64 spike = Q_INT64_C(7) << 60; // Exabytes.
    for (int i = 0; i < 6 * 3600; i += 5) {
        scene.take(look(start + i * second, 1, i == 9000 ? spike : 100));
        if (i % 500 == 0)
            QVERIFY(scene.write());
    }
    QVERIFY(scene.write());
    QVERIFY(scene.keepUp(start + 6 * hour));
    const auto reader = scene.reader();
    QVERIFY(reader);
    const qint64 series = seriesOf(*reader, standbyId(1));
    for (const int points : {2, 10, 100, 1000, 100000}) {
        for (const qint64 span : {hour, 6 * hour, 30 * day, 700 * day}) {
            const qint64 until = start + 9000 * second + hour / 2;
            const auto read = reader->read({series}, Metric::LagBytes, until - span, until, points);
            QVERIFY(read);
            const QList<StoreSpan> spans = read->value(series);
            const auto most = std::max_element(spans.begin(), spans.end(), [](const auto &a, const auto &b) {
                return a.isGap() || (!b.isGap() && a.high < b.high);
            });
            QVERIFY2(most != spans.end() && most->high == double(spike + 1),
                     qPrintable(QStringLiteral("%1 points over %2 h").arg(points).arg(span / hour)));
            QVERIFY(spans.size() <= 2 * points + 1);
            QVERIFY(std::is_sorted(spans.begin(), spans.end(),
                                   [](const auto &a, const auto &b) { return a.atUs < b.atUs; }));
        }
    }
}

void TestStoreRollUp::gapsStayGaps()
{
    Scene scene;
    QVERIFY(scene.open());
    for (int i = 0; i < 4 * 3600; ++i) {
        if (i >= 3600 && i < 2 * 3600) // Nobody watched for an hour...
            continue;
        Topology topology = look(start + i * second, 1, 100);
        if (i >= 9000 && i < 9300) // ... and for five minutes nothing was known.
            topology.clusters[0].links[0].lagBytes.reset();
        scene.take(topology);
        if (i % 300 == 0)
            QVERIFY(scene.write());
    }
    QVERIFY(scene.write());
    QVERIFY(scene.keepUp(start + 4 * hour));
    const auto reader = scene.reader();
    const qint64 series = seriesOf(*reader, standbyId(1));
    for (const int points : {100000, 2000, 200}) {
        const auto read = reader->read({series}, Metric::LagBytes, start, start + 4 * hour, points);
        QVERIFY(read);
        int gaps = 0;
        for (const StoreSpan &span : read->value(series)) {
            if (!span.isGap())
                continue;
            ++gaps;
            QVERIFY(std::isnan(span.low) && std::isnan(span.last));
            QVERIFY((span.atUs >= start + 3600 * second - minute && span.atUs < start + 7200 * second) ||
                    (span.atUs >= start + 9000 * second - minute && span.atUs < start + 9300 * second));
        }
        QCOMPARE(gaps, 2);
    }
    // In minutes alone, as after a day.
    QVERIFY(scene.file->connection().runAll(
        {QStringLiteral("DELETE FROM raw"), QStringLiteral("DELETE FROM moment")}));
    const auto read = reader->read({series}, Metric::LagBytes, start, start + 4 * hour, 1000);
    const QList<StoreSpan> spans = read->value(series);
    QCOMPARE(std::count_if(spans.begin(), spans.end(), [](const StoreSpan &span) { return span.isGap(); }),
             2);
}

void TestStoreRollUp::theNewestIsThereBeforeItIsRolledUp()
{
    Scene scene;
    QVERIFY(scene.open());
    const int seconds = 3 * 3600 + 1234;
    for (int i = 0; i < seconds; ++i) {
        scene.take(look(start + i * second, 1, i));
        if (i % 60 == 0)
            QVERIFY(scene.write());
    }
    QVERIFY(scene.write());
    QVERIFY(scene.keepUp(start + seconds * second));
    const auto reader = scene.reader();
    const qint64 series = seriesOf(*reader, standbyId(1));
    // A year in few points reads hours, and the newest look is there all the same.
    const auto read =
        reader->read({series}, Metric::LagBytes, start - 365 * day, start + seconds * second, 100000);
    QVERIFY(read);
    QCOMPARE(read->value(series).constLast().last, double(seconds - 1 + 1));
    qint64 looks = 0;
    for (const StoreSpan &span : read->value(series))
        looks += span.n;
    QCOMPARE(looks, qint64(seconds)); // Each once.
}

void TestStoreRollUp::aMinuteThatComesTwiceOnlyWidens()
{
    Scene scene;
    QVERIFY(scene.open());
    for (int i = 0; i < 600; ++i)
        scene.take(look(start + i * second, 1, i == 100 ? 5000000 : 100));
    QVERIFY(scene.write());
    QVERIFY(scene.keepUp(start + 600 * second));
    // Set back by ten minutes; the raw rows of the first pass are gone meanwhile.
    QVERIFY(scene.file->connection().runAll(
        {QStringLiteral("DELETE FROM raw"), QStringLiteral("DELETE FROM moment")}));
    for (int i = 0; i < 600; ++i)
        scene.take(look(start + i * second + 500000, 1, i == 130 ? 900000 : 200));
    QVERIFY(scene.write());
    QVERIFY(scene.keepUp(start + 600 * second));
    const QString minutes =
        QStringLiteral("SELECT %1 FROM minute WHERE series = 2 AND metric = 1 AND at = %2");
    QCOMPARE(scene.number(minutes.arg(QStringLiteral("high")).arg(start + minute)), qint64(5000001));
    QCOMPARE(scene.number(minutes.arg(QStringLiteral("low")).arg(start + minute)), qint64(101));
    QCOMPARE(scene.number(minutes.arg(QStringLiteral("last")).arg(start + minute)), qint64(201));
    QCOMPARE(scene.number(minutes.arg(QStringLiteral("high")).arg(start + 2 * minute)), qint64(900001));
    QCOMPARE(scene.number(QStringLiteral("SELECT count(*) FROM event WHERE kind = 'clock_back'")), qint64(1));
}

void TestStoreRollUp::readingPicksWhatIsLeft()
{
    Scene scene;
    scene.settings.rawHours = 1;
    QVERIFY(scene.open());
    for (int i = 0; i < 5 * 3600; i += 2) {
        scene.take(look(start + i * second, 1, i), 2 * second);
        if (i % 600 == 0) {
            QVERIFY(scene.write());
            QVERIFY(scene.keepUp(start + i * second));
        }
    }
    QVERIFY(scene.write());
    QVERIFY(scene.keepUp(start + 5 * hour));
    QVERIFY(scene.number(QStringLiteral("SELECT min(at) FROM moment")) >= start + 4 * hour);
    const auto reader = scene.reader();
    const qint64 series = seriesOf(*reader, standbyId(1));
    const auto read = reader->read({series}, Metric::LagBytes, start, start + 5 * hour, 100000);
    qint64 looks = 0;
    for (const StoreSpan &span : read->value(series)) {
        looks += span.n;
        QVERIFY(!span.isGap());
    }
    QCOMPARE(looks, qint64(5 * 3600 / 2));
}

QTEST_GUILESS_MAIN(TestStoreRollUp)
#include "tst_store_rollup.moc"
