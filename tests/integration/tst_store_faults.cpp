// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreChild.h"

#include <QDir>
#include <QFile>
#include <QRandomGenerator>
#include <QTest>

#include <cerrno>
#include <cstring>
#include <sys/mount.h>

using namespace understudy;
using namespace understudy::storescene;
using storechild::Child;

namespace {

constexpr int soon = 60000; ///< A deadline, not a wait.

StoreWriter::Options quick(const QString &path)
{
    StoreWriter::Options options;
    options.path = path;
    options.batchMs = 5;
    options.retryMs = 20;
    return options;
}

std::optional<StoreProblem::Kind> problemOf(const StoreWriter &writer)
{
    const StoreState state = writer.state();
    return state.problem ? std::optional(state.problem->kind) : std::nullopt;
}

QString problem(StoreProblem::Kind kind)
{
    return QStringLiteral("problem %1").arg(int(kind));
}

/// A whole check, and that every minute that is rolled up says what its raw rows say.
QString whatIsWrong(StoreConnection &store)
{
    QSqlQuery query = store.query();
    if (!query.exec(QStringLiteral("PRAGMA integrity_check")) || !query.next() ||
        query.value(0).toString() != QLatin1String("ok"))
        return QStringLiteral("integrity: ") + query.value(0).toString();
    query.finish();
    const auto different = store.number(QStringLiteral(
        "SELECT count(*) FROM (SELECT series, at - at % 60000000 AS begins, count(lag_bytes) AS n, "
        "min(lag_bytes) AS low, max(lag_bytes) AS high FROM sample "
        "WHERE lag_bytes IS NOT NULL AND at - at % 60000000 >= (SELECT min(at) FROM moment) "
        "AND at < (SELECT at FROM progress WHERE name = 'minute_until') GROUP BY 1, 2) AS r "
        "LEFT JOIN minute AS m ON m.series = r.series AND m.metric = 1 AND m.at = r.begins "
        "WHERE m.n IS NULL OR m.n != r.n OR m.low != r.low OR m.high != r.high"));
    return different == 0 ? QString() : QStringLiteral("%1 minutes are wrong").arg(different.value_or(-1));
}

/// Everything that can be asked of a store, for what happens on the way.
void readEverything(const QString &path)
{
    const auto reader = StoreReader::open(path);
    if (!reader)
        return;
    const auto series = (*reader)->series();
    QList<qint64> ids;
    for (const StoreSeries &one : series.value_or(QList<StoreSeries>()))
        ids << one.id;
    (void)(*reader)->extent();
    for (const qint64 span : {hour, 40 * day})
        (void)(*reader)->read(ids, Metric::LagBytes, start, start + span, 300);
    const auto moments = (*reader)->moments(0, start + 100 * day, 1000);
    for (const qint64 at : moments.value_or(QList<qint64>()))
        (void)(*reader)->topologyAt(at);
    (void)(*reader)->events(0, start + 100 * day);
}

/// A store with some hours in it, closed.
void fill(const QString &path, int looks = 4000)
{
    Scene scene;
    auto opened = StoreFile::open(path, StoreDialect::sqlite());
    QVERIFY(opened);
    scene.file = std::move(*opened);
    scene.upkeep = std::make_unique<StoreUpkeep>(scene.file->connection(), scene.settings);
    for (int i = 0; i < looks; ++i) {
        Topology topology = look(start + i * 5 * second, 3, i);
        topology.clusters[0].nodes[1].timeline = 1 + i / 100; // many events and whole looks
        scene.take(topology, 5 * second);
    }
    QVERIFY(scene.write());
    QVERIFY(scene.keepUp(start + looks * 5 * second));
}

} // namespace

class TestStoreFaults final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void killedAtAnyMoment();
    void aFullDisk();
    void aLimitOfFileSizes();
    void aFileThatMayNotBeWritten();
    void aFolderThatMayNotBeWritten();
    void lockedByAnotherProgram();
    void damagedAnywhere();
    void cutShort();
};

void TestStoreFaults::killedAtAnyMoment()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("history.sqlite"));
    QRandomGenerator random(30);
    qint64 from = start, kept = 0;
    for (int round = 0; round < 30; ++round) {
        Child child(QStringLiteral("child-write"), path, from);
        QVERIFY2(child.says(QStringLiteral("written ")), qPrintable(QString::number(round)));
        // A moment later, somewhere between two things that it does.
        (void)child.says(QStringLiteral("never"), random.bounded(300));
        const qint64 said = child.killAndCount();
        QVERIFY(said > 0);
        {
            const auto reader = StoreReader::open(path); // As another window would.
            QVERIFY(reader);
            const auto newest = (*reader)->extent();
            QVERIFY(newest);
            // What was said to be in the file is in it, all of it.
            QVERIFY2(newest->newestUs >= from + said * 10 * second,
                     qPrintable(QStringLiteral("round %1: %2 looks are missing")
                                    .arg(round)
                                    .arg((from + said * 10 * second - newest->newestUs) / (10 * second))));
            kept += said;
            from = newest->newestUs;
            QCOMPARE((*(*reader)->topologyAt(from))->takenAtUs, from);
        }
        const auto store = StoreConnection::open(path, StoreConnection::For::Writing, StoreDialect::sqlite());
        QVERIFY(store);
        const QString wrong = whatIsWrong(**store);
        QVERIFY2(wrong.isEmpty(), qPrintable(QStringLiteral("round %1: %2").arg(round).arg(wrong)));
    }
    QVERIFY(QDir(folder.path()).entryList({QStringLiteral("*aside*")}).isEmpty());
    qInfo("%lld looks in 30 lives", kept);
}

void TestStoreFaults::aFullDisk()
{
    const QTemporaryDir folder;
    const QByteArray place = QFile::encodeName(folder.path());
    if (::mount("tmpfs", place.constData(), "tmpfs", 0, "size=1500k") != 0)
        QSKIP(qPrintable(
            QStringLiteral("A small disk cannot be made here: %1. The limit of file sizes is tried.")
                .arg(QString::fromLocal8Bit(std::strerror(errno)))));
    const auto unmount = qScopeGuard([&place] { ::umount2(place.constData(), MNT_DETACH); });
    const QString path = folder.filePath(QStringLiteral("history.sqlite"));
    QFile ballast(folder.filePath(QStringLiteral("ballast")));
    QVERIFY(ballast.open(QIODevice::WriteOnly));
    QCOMPARE(ballast.write(QByteArray(600000, 'x')), qint64(600000));
    ballast.close();
    StoreWriter writer(quick(path));
    qint64 at = start;
    const auto add = [&](int looks) {
        for (int i = 0; i < looks; ++i)
            writer.add(look(at += second, 5, i));
    };
    for (int i = 0; i < 100 && problemOf(writer) != StoreProblem::Kind::Full; ++i) {
        add(500);
        (void)QTest::qWaitFor([&] { return writer.waitUntilWritten(0) || problemOf(writer); }, soon);
    }
    QCOMPARE(problemOf(writer), std::optional(StoreProblem::Kind::Full));
    QVERIFY(!writer.state().writing);
    QVERIFY(writer.state().problem->text().contains(QStringLiteral("Monitoring goes on")));
    // Room is made, and it goes on by itself, in the same file.
    QVERIFY(ballast.remove());
    QTRY_VERIFY_WITH_TIMEOUT(writer.state().writing, soon);
    QVERIFY(writer.waitUntilWritten(soon) || problemOf(writer));
    QVERIFY(QDir(folder.path()).entryList({QStringLiteral("*aside*")}).isEmpty());
    const auto reader = StoreReader::open(path);
    QVERIFY(reader);
    QCOMPARE((*reader)->extent()->oldestUs, start + second);
    const auto store = StoreConnection::open(path, StoreConnection::For::Reading, StoreDialect::sqlite());
    QVERIFY(StoreDialect::sqlite().check((*store)->db(), path));
}

void TestStoreFaults::aLimitOfFileSizes()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("history.sqlite"));
    Child child(QStringLiteral("child-limited"), path);
    QVERIFY(child.says(QStringLiteral("written ")));
    QVERIFY(child.says(problem(StoreProblem::Kind::Full)));
    QVERIFY(child.isAlive());
    (void)child.killAndCount();
    const auto store = StoreConnection::open(path, StoreConnection::For::Writing, StoreDialect::sqlite());
    QVERIFY(store);
    QCOMPARE(whatIsWrong(**store), QString());
    QVERIFY(QDir(folder.path()).entryList({QStringLiteral("*aside*")}).isEmpty());
}

void TestStoreFaults::aFileThatMayNotBeWritten()
{
    const QTemporaryDir folder;
    QVERIFY(QFile::setPermissions(folder.path(), QFile::Permissions(0x7777)));
    const QString path = folder.filePath(QStringLiteral("history.sqlite"));
    fill(path, 100);
    QVERIFY(QFile::setPermissions(path, QFile::Permissions(0x4444)));
    Child child(QStringLiteral("child-nobody"), path, start + day);
    QVERIFY(child.says(problem(StoreProblem::Kind::ReadOnly)));
    QVERIFY(child.isAlive());
    QVERIFY(QFile::setPermissions(path, QFile::Permissions(0x6666)));
    QVERIFY(child.says(QStringLiteral("written ")));
}

void TestStoreFaults::aFolderThatMayNotBeWritten()
{
    const QTemporaryDir folder;
    QVERIFY(QFile::setPermissions(folder.path(), QFile::Permissions(0x5555)));
    Child child(QStringLiteral("child-nobody"), folder.filePath(QStringLiteral("history.sqlite")));
    QVERIFY(child.says(problem(StoreProblem::Kind::ReadOnly)));
    QVERIFY(QFile::setPermissions(folder.path(), QFile::Permissions(0x7777)));
    QVERIFY(child.says(QStringLiteral("written ")));
}

void TestStoreFaults::lockedByAnotherProgram()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("history.sqlite"));
    StoreWriter writer(quick(path));
    writer.add(look(start));
    QVERIFY(writer.waitUntilWritten(soon));
    Child other(QStringLiteral("child-lock"), path);
    QVERIFY(other.says(QStringLiteral("locked")));
    writer.add(look(start + second));
    QTRY_COMPARE_WITH_TIMEOUT(problemOf(writer), std::optional(StoreProblem::Kind::Locked), soon);
    QVERIFY(writer.state().problem->text().contains(QStringLiteral("Close that program.")));
    // It is read all the while.
    QCOMPARE((*StoreReader::open(path))->extent()->newestUs, start);
    for (int i = 2; i < 50; ++i)
        writer.add(look(start + i * second));
    other.endInput();
    QVERIFY(writer.waitUntilWritten(soon));
    QVERIFY(!problemOf(writer));
    QCOMPARE(writer.state().dropped, qint64(0));
    QCOMPARE((*StoreReader::open(path))->extent()->newestUs, start + 49 * second);
}

void TestStoreFaults::damagedAnywhere()
{
    const QTemporaryDir folder;
    const QString whole = folder.filePath(QStringLiteral("whole.sqlite"));
    fill(whole);
    QFile source(whole);
    QVERIFY(source.open(QIODevice::ReadOnly));
    const QByteArray bytes = source.readAll();
    QVERIFY(bytes.size() > 500000);
    QRandomGenerator random(4);
    int setAside = 0, newer = 0;
    for (int round = 0; round < 40; ++round) {
        const QString path = folder.filePath(QStringLiteral("history-%1.sqlite").arg(round));
        QByteArray damaged = bytes;
        // The head and the schema as well as the rest; some bytes or a whole stretch.
        const int where = round < 8 ? random.bounded(4096) : random.bounded(int(bytes.size()));
        const int length = std::min<int>(round % 2 ? 6000 : 8, int(bytes.size()) - where);
        for (int i = 0; i < length; ++i)
            damaged[where + i] = char(random.bounded(256));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(damaged) == damaged.size());
        file.close();
        readEverything(path);
        StoreWriter::Options options = quick(path);
        options.ours = true;
        StoreWriter writer(options);
        for (int i = 0; i < 20; ++i)
            writer.add(look(start + day + i * second));
        // Either it can be gone on with, or it is set aside and a new one is begun; or its version was hit.
        QTRY_VERIFY_WITH_TIMEOUT(writer.state().writing || problemOf(writer) == StoreProblem::Kind::Newer,
                                 soon);
        if (problemOf(writer) == StoreProblem::Kind::Newer) {
            ++newer;
            continue;
        }
        QVERIFY2(writer.waitUntilWritten(soon), qPrintable(QString::number(round)));
        const StoreState state = writer.state();
        if (!state.setAside.isEmpty()) {
            ++setAside;
            QCOMPARE(state.problem->kind, StoreProblem::Kind::Corrupt);
            QFile aside(state.setAside);
            QVERIFY(aside.exists());
            QVERIFY2(qAbs(aside.size() - damaged.size()) < 70000, qPrintable(QString::number(aside.size())));
        }
        readEverything(path);
        const auto reader = StoreReader::open(path);
        QVERIFY(reader);
        QCOMPARE((*reader)->extent()->newestUs, start + day + 19 * second);
    }
    QVERIFY(setAside > 10);
    QVERIFY(newer < 4);
    qInfo("%d of 40 were set aside, %d said they were of a newer version", setAside, newer);
}

void TestStoreFaults::cutShort()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("history.sqlite"));
    fill(path);
    QFile file(path);
    for (const qint64 size : {file.size() / 2 / 4096 * 4096, qint64(5000), qint64(50), qint64(0)}) {
        if (!file.exists())
            fill(path);
        QVERIFY(file.resize(size));
        StoreWriter::Options options = quick(path);
        options.ours = true;
        StoreWriter writer(options);
        writer.add(look(start + day));
        QVERIFY(writer.waitUntilWritten(soon));
        QTRY_VERIFY_WITH_TIMEOUT(writer.state().writing, soon);
        QCOMPARE(writer.state().setAside.isEmpty(), size == 0); // An empty file is begun.
        QVERIFY(StoreReader::open(path));
    }
}

int main(int argc, char **argv)
{
    if (const auto ended = storechild::run(argc, argv))
        return *ended;
    QCoreApplication app(argc, argv);
    TestStoreFaults test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_store_faults.moc"
