// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreScene.h"

#include <QDateTime>
#include <QFile>
#include <QTest>

using namespace understudy;
using namespace understudy::storescene;

namespace {

QString count(const char *table)
{
    return QStringLiteral("SELECT count(*) FROM ") + QString::fromLatin1(table);
}

QStringList kinds(StoreReader &reader)
{
    QStringList kinds;
    const auto events = reader.events(0, start + 1000 * day);
    for (const StoreEvent &event : events.value_or(QList<StoreEvent>()))
        kinds << event.kind;
    return kinds;
}

/// What a store is after @p steps only.
int versionOf(const QString &path)
{
    const auto connection =
        StoreConnection::open(path, StoreConnection::For::Reading, StoreDialect::sqlite());
    return connection ? StoreDialect::sqlite().version((*connection)->db(), path).value_or(-1) : -1;
}

} // namespace

class TestStoreKeeping final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void anyMomentIsDrawnAgain();
    void whatIsOldGoes();
    void whatIsNotRolledUpStays();
    void aLargeStoreIsShortened();
    void aClockThatIsSetBack();
    void aClockThatRunsAheadCostsNothing();
    void aNightAsleep();
    void anotherStart();
    void summerTimeIsNothing();
    void aNodeThatWasRestored();
    void severalClusters();
    void aStepOfTheSchema();
    void aStepThatFailsChangesNothing();
    void aNewerStoreIsLeftAlone();
    void aForeignFileIsLeftAlone();
    void itIsForItsOwnerOnly();
};

void TestStoreKeeping::anyMomentIsDrawnAgain()
{
    Scene scene;
    QVERIFY(scene.open());
    QList<Topology> seen;
    for (int i = 0; i < 1200; ++i) {
        Topology topology = look(start + i * second + i * 1234, i < 500 ? 2 : 3, (i * 7919) % 50000);
        if (i >= 700 && i < 760)
            topology.clusters[0].nodes[1].state = NodeState::Down;
        if (i == 900) {
            topology.clusters[0].links[0].lag = LagState::LinkStalled;
            topology.clusters[0].links[0].lagBytes.reset();
        }
        seen << topology;
        scene.take(topology);
        if (i % 7 == 0)
            QVERIFY(scene.write());
    }
    QVERIFY(scene.write());
    // Far fewer whole looks than looks, and yet every one of them.
    QVERIFY(scene.number(count("look")) <= 10);
    const auto reader = scene.reader();
    QVERIFY(reader);
    for (int i = 0; i < seen.size(); ++i) {
        const auto exact = reader->topologyAt(seen.at(i).takenAtUs);
        QVERIFY(exact && *exact);
        QVERIFY2(**exact == seen.at(i), qPrintable(QString::number(i)));
        const auto later = reader->topologyAt(seen.at(i).takenAtUs + 900000);
        QVERIFY(later && **later == seen.at(i));
    }
    QVERIFY(!*reader->topologyAt(start - 1));
    QVERIFY(**reader->topologyAt(start + 900 * day) == seen.constLast());
    QCOMPARE(reader->extent()->oldestUs, start);
    QCOMPARE(reader->extent()->newestUs, seen.constLast().takenAtUs);
    QVERIFY(reader->moments(0, start + day, 100)->contains(seen.at(700).takenAtUs));
    QCOMPARE(reader->moments(0, start + day, 2)->size(), 2);
    QCOMPARE(reader->events(start, start + day, 1)->size(), 1);
    // A day later only whole looks are left: what was really seen, and when.
    QVERIFY(scene.file->connection().runAll(
        {QStringLiteral("DELETE FROM raw"), QStringLiteral("DELETE FROM moment")}));
    const auto coarse = reader->topologyAt(seen.at(730).takenAtUs);
    QVERIFY(**coarse == seen.at(700));
}

void TestStoreKeeping::whatIsOldGoes()
{
    Scene scene;
    scene.settings = {1, 2, 1, Q_INT64_C(1) << 40, 300};
    QVERIFY(scene.open());
    // A look every ten minutes for 50 days.
    qint64 at = start;
    for (int i = 0; i < 50 * 144; ++i, at += 10 * minute) {
        scene.take(look(at, 1, i), 10 * minute);
        if (i % 144 == 0) {
            QVERIFY(scene.write());
            QVERIFY(scene.keepUp(at));
        }
    }
    QVERIFY(scene.write());
    QVERIFY(scene.keepUp(at));
    QVERIFY(scene.number(QStringLiteral("SELECT min(at) FROM moment")) >= at - hour - 11 * minute);
    const qint64 minutes = scene.number(QStringLiteral("SELECT min(at) FROM minute"));
    QVERIFY(minutes >= at - 2 * day - hour && minutes <= at - 2 * day + hour);
    const qint64 hours = scene.number(QStringLiteral("SELECT min(at) FROM hour"));
    QVERIFY(hours >= at - 31 * day && hours <= at - 30 * day + hour);
    QVERIFY(scene.number(QStringLiteral("SELECT min(at) FROM look")) >= at - 2 * day - hour);
    // 30 days are read from end to end, each level where it is the best that is left.
    const auto reader = scene.reader();
    const qint64 series = seriesOf(*reader, standbyId(1));
    const auto read = reader->read({series}, Metric::LagBytes, at - 30 * day, at, 100000);
    QVERIFY(read);
    const QList<StoreSpan> spans = read->value(series);
    QCOMPARE(std::count_if(spans.begin(), spans.end(), [](const StoreSpan &span) { return span.isGap(); }),
             0);
    qint64 looks = 0;
    for (const StoreSpan &span : spans)
        looks += span.n;
    QVERIFY2(qAbs(looks - 30 * 144) <= 6, qPrintable(QString::number(looks)));
}

void TestStoreKeeping::whatIsNotRolledUpStays()
{
    Scene scene;
    scene.settings.rawHours = 1;
    QVERIFY(scene.open());
    for (int i = 0; i < 100; ++i)
        scene.take(look(start + i * second));
    QVERIFY(scene.write());
    // A minute that goes on is not rolled up: no setting drops it. 12:00:00 to 12:00:59 is over, the rest is
    // not.
    scene.settings.rawHours = 0;
    scene.upkeep = std::make_unique<StoreUpkeep>(scene.file->connection(), scene.settings);
    QVERIFY(scene.keepUp(start + 100 * second));
    QCOMPARE(scene.number(QStringLiteral("SELECT min(at) FROM moment")), start + minute);
    QCOMPARE(scene.number(count("moment")), qint64(40));
    QVERIFY(scene.keepUp(start + 10 * day));
    QCOMPARE(scene.number(count("raw")), qint64(0));
    QCOMPARE(scene.number(count("moment")), qint64(0));
    QCOMPARE(scene.number(QStringLiteral("SELECT sum(n) FROM minute WHERE series = 2 AND metric = 1")),
             qint64(100));
}

void TestStoreKeeping::aLargeStoreIsShortened()
{
    Scene scene;
    scene.settings.mostBytes = 3 << 20;
    QVERIFY(scene.open());
    std::optional<qint64> shortened;
    qint64 at = start;
    for (int i = 0; i < 8 * 3600; ++i, at += second) {
        scene.take(look(at, 3, i));
        if (i % 900 == 0) {
            QVERIFY(scene.write());
            // The size is looked at every ten seconds of real time; a test has no time.
            scene.upkeep = std::make_unique<StoreUpkeep>(scene.file->connection(), scene.settings);
            for (bool more = true; more;) {
                const auto done = scene.upkeep->run(at, true, 1000);
                QVERIFY(done);
                more = done->more;
                if (done->shortened)
                    shortened = done->shortened;
            }
        }
    }
    QVERIFY(shortened && *shortened > start);
    const qint64 used = StoreDialect::sqlite().usedBytes(scene.file->connection().db());
    QVERIFY2(used < (4 << 20), qPrintable(QString::number(used)));
    // The newest hour is whole, and of the rest the minutes stand.
    QVERIFY(scene.number(QStringLiteral("SELECT min(at) FROM moment")) <= at - hour);
    QVERIFY(scene.number(QStringLiteral("SELECT min(at) FROM minute")) <= start + minute);
}

void TestStoreKeeping::aClockThatIsSetBack()
{
    Scene scene;
    QVERIFY(scene.open());
    for (int i = 0; i < 7200; ++i) {
        scene.take(look(start + i * second, 1, i == 5000 ? 777777 : 10));
        if (i % 600 == 0) {
            QVERIFY(scene.write());
            QVERIFY(scene.keepUp(start + i * second));
        }
    }
    // An hour back, and then a day's worth of that.
    for (int i = 3600; i < 9000; ++i) {
        scene.take(look(start + i * second + 300000, 1, i == 6000 ? 888888 : 20));
        if (i % 600 == 0) {
            QVERIFY(scene.write());
            QVERIFY(scene.keepUp(start + i * second));
        }
    }
    QVERIFY(scene.write());
    QVERIFY(scene.keepUp(start + 3 * hour));
    QCOMPARE(scene.number(QStringLiteral("SELECT count(*) FROM sample WHERE series = 1")),
             qint64(7200 + 5400));
    const QString high =
        QStringLiteral("SELECT max(high) FROM minute WHERE series = 2 AND metric = 1 AND at >= %1 "
                       "AND at < %2");
    QCOMPARE(scene.number(high.arg(start + 4980 * second).arg(start + 5040 * second)), qint64(777778));
    QCOMPARE(scene.number(high.arg(start + 6000 * second).arg(start + 6060 * second)), qint64(888889));
    const auto reader = scene.reader();
    QCOMPARE(kinds(*reader).count(QStringLiteral("clock_back")), 1);
    const auto events = reader->events(0, start + day);
    const auto said = std::find_if(events->begin(), events->end(), [](const StoreEvent &event) {
        return event.kind == QLatin1String("clock_back");
    });
    QVERIFY2(said->text.contains(QStringLiteral("1 h")), qPrintable(said->text));
}

void TestStoreKeeping::aClockThatRunsAheadCostsNothing()
{
    Scene scene;
    scene.settings = {24, 30, 24, Q_INT64_C(1) << 40, 300};
    QVERIFY(scene.open());
    for (int i = 0; i < 600; ++i)
        scene.take(look(start + i * second));
    QVERIFY(scene.write());
    QVERIFY(scene.keepUp(start + 600 * second));
    // Two years ahead by mistake, for ten minutes.
    for (int i = 0; i < 600; ++i) {
        scene.take(look(start + 700 * day + i * second));
        QVERIFY(scene.write());
        if (i % 60 == 0)
            QVERIFY(scene.keepUp(start + 700 * day + i * second));
    }
    scene.take(look(start + 1300 * second));
    QVERIFY(scene.write());
    QVERIFY(scene.keepUp(start + 1300 * second));
    QCOMPARE(scene.number(QStringLiteral("SELECT count(*) FROM moment WHERE at < %1").arg(start + day)),
             qint64(601));
    QVERIFY(scene.number(count("look")) >= 2);
    const auto reader = scene.reader();
    const QStringList told = kinds(*reader);
    QCOMPARE(told.count(QStringLiteral("clock_ahead")), 1);
    QCOMPARE(told.count(QStringLiteral("clock_back")), 1);
    // What is drawn of a moment is what was seen before it, not what a wrong clock wrote.
    QCOMPARE((*reader->topologyAt(start + 1300 * second))->takenAtUs, start + 1300 * second);
}

void TestStoreKeeping::aNightAsleep()
{
    Scene scene;
    QVERIFY(scene.open());
    for (int i = 0; i < 120; ++i)
        scene.take(look(start + i * second));
    // Asleep: the monotonic clock stood still.
    for (int i = 0; i < 120; ++i)
        scene.take(look(start + 9 * hour + i * second));
    QVERIFY(scene.write());
    QVERIFY(scene.keepUp(start + 9 * hour + 120 * second));
    const auto reader = scene.reader();
    const qint64 series = seriesOf(*reader, standbyId(1));
    for (const int points : {100000, 100}) {
        const QList<StoreSpan> spans =
            reader->read({series}, Metric::LagBytes, start, start + 10 * hour, points)->value(series);
        QCOMPARE(
            std::count_if(spans.begin(), spans.end(), [](const StoreSpan &span) { return span.isGap(); }), 1);
    }
    const auto events = reader->events(0, start + day);
    const auto said = std::find_if(events->begin(), events->end(), [](const StoreEvent &event) {
        return event.kind == QLatin1String("clock_ahead");
    });
    QVERIFY(said != events->end());
    QVERIFY2(said->text.contains(QStringLiteral("slept")) &&
                 said->text.contains(QStringLiteral("8 h 58 min")),
             qPrintable(said->text));
}

void TestStoreKeeping::anotherStart()
{
    Scene scene;
    QVERIFY(scene.open());
    for (int i = 0; i < 100; ++i)
        scene.take(look(start + i * second));
    QVERIFY(scene.write());
    scene.close();
    scene.intake = StoreIntake();
    QVERIFY(scene.open());
    QCOMPARE(scene.file->newestUs(), std::optional(start + 99 * second));
    for (int i = 0; i < 100; ++i)
        scene.take(look(start + 2 * day + i * second, 2, 4242));
    QVERIFY(scene.write());
    QVERIFY(scene.keepUp(start + 2 * day + 100 * second));
    const auto reader = scene.reader();
    const auto events = reader->events(start + day, start + 3 * day);
    QCOMPARE(events->constFirst().kind, QStringLiteral("not_watched"));
    QVERIFY2(events->constFirst().text.contains(QStringLiteral("47 h 58 min")),
             qPrintable(events->constFirst().text));
    // The same series go on.
    QCOMPARE(reader->series()->size(), 5);
    QCOMPARE((*reader->topologyAt(start + day))->takenAtUs, start + 99 * second);
    QCOMPARE((*reader->topologyAt(start + 3 * day))->clusters[0].links[0].lagBytes,
             std::optional<qint64>(4243));
}

void TestStoreKeeping::summerTimeIsNothing()
{
    // The hour that a local clock has twice: 26 October 2025, 00:30 to 01:30 UTC.
    qputenv("TZ", "Europe/Berlin");
    tzset();
    const qint64 night =
        QDateTime::fromString(QStringLiteral("2025-10-26T00:30:00Z"), Qt::ISODate).toMSecsSinceEpoch() * 1000;
    Scene scene;
    QVERIFY(scene.open());
    for (int i = 0; i < 3600; ++i)
        scene.take(look(night + i * second));
    QVERIFY(scene.write());
    QVERIFY(scene.keepUp(night + 2 * hour));
    qunsetenv("TZ");
    tzset();
    QCOMPARE(scene.number(QStringLiteral("SELECT count(DISTINCT at) FROM minute")), qint64(60));
    QCOMPARE(scene.number(QStringLiteral("SELECT count(*) FROM event")), qint64(0));
}

void TestStoreKeeping::aNodeThatWasRestored()
{
    Scene scene;
    QVERIFY(scene.open());
    for (int i = 0; i < 200; ++i) {
        Topology topology = look(start + i * second, 1);
        // The node's own clock is an hour off all the time; ours counts.
        topology.clusters[0].nodes[0].factsAtUs = topology.takenAtUs + hour;
        if (i >= 100)
            topology.clusters[0].nodes[0].lsn = Lsn(quint64(i));
        scene.take(topology);
    }
    QVERIFY(scene.write());
    QVERIFY(scene.keepUp(start + 300 * second));
    const auto reader = scene.reader();
    QCOMPARE(kinds(*reader).count(QStringLiteral("lsn_back")), 1);
    QCOMPARE((*reader->topologyAt(start + 150 * second))->clusters[0].nodes[0].lsn, std::optional(Lsn(150)));
    QCOMPARE(scene.number(QStringLiteral("SELECT max(at) FROM moment")), start + 199 * second);
}

void TestStoreKeeping::severalClusters()
{
    Scene scene;
    QVERIFY(scene.open());
    Topology both = look(start, 1, 10);
    Cluster other = look(start, 1, 99).clusters.constFirst();
    other.systemIdentifier = QString(); // Could not be identified.
    both.clusters << other;
    scene.take(both);
    QVERIFY(scene.write());
    const auto reader = scene.reader();
    QCOMPARE(reader->series()->size(), 6);
    QVERIFY(**reader->topologyAt(start) == both);
}

void TestStoreKeeping::aStepOfTheSchema()
{
    Scene scene;
    QVERIFY(scene.open());
    for (int i = 0; i < 300; ++i)
        scene.take(look(start + i * second));
    QVERIFY(scene.write());
    QVERIFY(scene.keepUp(start + 600 * second));
    scene.close();
    QCOMPARE(versionOf(scene.path()), 1);
    QList<StoreStep> steps = storeSteps();
    steps << StoreStep{2, [](StoreConnection &store) {
                           return store.run(QStringLiteral("ALTER TABLE raw ADD COLUMN disk_free BIGINT"));
                       }};
    {
        const auto store =
            StoreConnection::open(scene.path(), StoreConnection::For::Writing, StoreDialect::sqlite());
        QVERIFY(store);
        QVERIFY(migrateStore(**store, steps));
        QVERIFY(migrateStore(**store, steps)); // Once is enough.
        QCOMPARE((*store)->number(QStringLiteral("SELECT count(disk_free) FROM raw")).value_or(-1),
                 qint64(0));
        QCOMPARE((*store)->number(QStringLiteral("SELECT count(*) FROM moment")).value_or(-1), qint64(300));
    }
    QCOMPARE(versionOf(scene.path()), 2);
}

void TestStoreKeeping::aStepThatFailsChangesNothing()
{
    Scene scene;
    QVERIFY(scene.open());
    scene.take(look(start));
    QVERIFY(scene.write());
    scene.close();
    QList<StoreStep> steps = storeSteps();
    steps << StoreStep{2, [](StoreConnection &store) {
                           if (const auto ran = store.run(QStringLiteral("DROP TABLE raw")); !ran)
                               return ran;
                           return store.run(QStringLiteral("ALTER TABLE nothing ADD COLUMN x BIGINT"));
                       }};
    {
        const auto store =
            StoreConnection::open(scene.path(), StoreConnection::For::Writing, StoreDialect::sqlite());
        QVERIFY(!migrateStore(**store, steps));
    }
    QCOMPARE(versionOf(scene.path()), 1);
    QVERIFY(scene.open());
    QCOMPARE(scene.number(count("raw")), qint64(5));
}

void TestStoreKeeping::aNewerStoreIsLeftAlone()
{
    Scene scene;
    QVERIFY(scene.open());
    scene.take(look(start));
    QVERIFY(scene.write());
    QVERIFY(scene.file->connection().run(QStringLiteral("PRAGMA user_version = 77")));
    scene.close();
    const auto again = scene.open();
    QVERIFY(!again);
    QCOMPARE(again.error().kind, StoreProblem::Kind::Newer);
    QVERIFY(again.error().text().contains(QStringLiteral("newer Understudy")));
    const auto reader = StoreReader::open(scene.path());
    QVERIFY(!reader);
    QCOMPARE(reader.error().kind, StoreProblem::Kind::Newer);
    QCOMPARE(versionOf(scene.path()), 77);
}

void TestStoreKeeping::aForeignFileIsLeftAlone()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("letter.txt"));
    const QByteArray words = QByteArray("Dear all,\n").repeated(500);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(words) > 0);
    file.close();
    const auto text = StoreFile::open(path, StoreDialect::sqlite());
    QVERIFY(!text);
    QCOMPARE(text.error().kind, StoreProblem::Kind::Foreign);
    QVERIFY(!StoreReader::open(path));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), words);

    // A database of somebody else's.
    const QString other = folder.filePath(QStringLiteral("other.sqlite"));
    {
        QSqlDatabase db = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("other"));
        db.setDatabaseName(other);
        QVERIFY(db.open());
        QVERIFY(QSqlQuery(db).exec(QStringLiteral("CREATE TABLE raw (x INTEGER)")));
    }
    QSqlDatabase::removeDatabase(QStringLiteral("other"));
    const auto foreign = StoreFile::open(other, StoreDialect::sqlite());
    QVERIFY(!foreign);
    QCOMPARE(foreign.error().kind, StoreProblem::Kind::Foreign);
    QCOMPARE(StoreReader::open(other).error().kind, StoreProblem::Kind::Foreign);
    QCOMPARE(StoreReader::open(folder.filePath(QStringLiteral("none"))).error().kind,
             StoreProblem::Kind::Missing);
}

void TestStoreKeeping::itIsForItsOwnerOnly()
{
    Scene scene;
    QVERIFY(scene.open());
    scene.take(look(start));
    QVERIFY(scene.write());
    const QFile::Permissions others =
        QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    for (const char *part : {"", "-wal", "-shm"})
        QVERIFY(!(QFile::permissions(scene.path() + QString::fromLatin1(part)) & others));
}

QTEST_GUILESS_MAIN(TestStoreKeeping)
#include "tst_store_keeping.moc"
