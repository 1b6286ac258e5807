// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreScene.h"
#include "history/StoreWriter.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <mutex>

using namespace understudy;
using namespace understudy::storescene;

namespace {

constexpr int soon = 60000; ///< A deadline, not a wait.

/// What the writer said, from its thread.
class Told
{
public:
    std::function<void(const StoreState &)> ear()
    {
        return [this](const StoreState &state) {
            const std::lock_guard lock(m_mutex);
            m_states << state;
        };
    }
    QList<StoreState> states() const
    {
        const std::lock_guard lock(m_mutex);
        return m_states;
    }

private:
    mutable std::mutex m_mutex;
    QList<StoreState> m_states;
};

StoreWriter::Options quick(const QString &path)
{
    StoreWriter::Options options;
    options.path = path;
    options.batchMs = 5;
    options.retryMs = 20;
    return options;
}

bool hasProblem(const StoreWriter &writer, StoreProblem::Kind kind)
{
    const StoreState state = writer.state();
    return state.problem && state.problem->kind == kind;
}

} // namespace

class TestStoreWriter final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void looksReachTheFile();
    void theLastOnesAreWrittenAtTheEnd();
    void theSecondOneReadsAndTakesOver();
    void aQueueThatNobodyEmptiesIsBounded();
    void aFileThatIsTakenAwayIsBegunAnew();
    void aDamagedFileIsSetAside();
    void whatAPersonNamedIsNotSetAside();
};

void TestStoreWriter::looksReachTheFile()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("deep/er/history.sqlite"));
    Told told;
    StoreWriter::Options options = quick(path);
    options.told = told.ear();
    StoreWriter writer(options);
    for (int i = 0; i < 500; ++i)
        writer.add(look(start + i * second));
    writer.note({start + 3 * second, QStringLiteral("Write load paused"), {}, Severity::Notice, true});
    QVERIFY(writer.waitUntilWritten(soon));
    QCOMPARE(writer.state().written, qint64(500));
    QVERIFY(writer.state().writing);
    QVERIFY(!writer.state().problem);
    QCOMPARE(told.states().size(), 1);
    // It is read while it is written.
    const auto reader = StoreReader::open(path);
    QVERIFY(reader);
    QVERIFY(**(*reader)->topologyAt(start + 250 * second) == look(start + 250 * second));
    const auto events = (*reader)->events(start, start + day);
    QVERIFY(std::any_of(events->begin(), events->end(), [](const StoreEvent &event) {
        return event.kind == QLatin1String("note") && event.text == QLatin1String("Write load paused");
    }));
    writer.add(look(start + 600 * second));
    QVERIFY(writer.waitUntilWritten(soon));
    QCOMPARE((*(*reader)->topologyAt(start + day))->takenAtUs, start + 600 * second);
}

void TestStoreWriter::theLastOnesAreWrittenAtTheEnd()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("history.sqlite"));
    for (int round = 0; round < 10; ++round) {
        {
            StoreWriter::Options options = quick(path);
            options.batchMs = 3600000; // Not by its own time.
            StoreWriter writer(options);
            for (int i = 0; i < 300; ++i)
                writer.add(look(start + (round * 1000 + i) * second));
        }
        const auto reader = StoreReader::open(path);
        QVERIFY(reader);
        QCOMPARE((*reader)->extent()->newestUs, start + (round * 1000 + 299) * second);
    }
}

void TestStoreWriter::theSecondOneReadsAndTakesOver()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("history.sqlite"));
    auto first = std::make_unique<StoreWriter>(quick(path));
    first->add(look(start));
    QVERIFY(first->waitUntilWritten(soon));
    StoreWriter second_(quick(path));
    second_.add(look(start + second));
    QTRY_VERIFY_WITH_TIMEOUT(hasProblem(second_, StoreProblem::Kind::AnotherWriter), soon);
    QVERIFY(second_.state().problem->text().contains(QStringLiteral("only reads it")));
    QVERIFY(StoreReader::open(path));
    first.reset();
    QVERIFY(second_.waitUntilWritten(soon));
    QVERIFY(second_.state().writing);
    QVERIFY(!second_.state().problem);
}

void TestStoreWriter::aQueueThatNobodyEmptiesIsBounded()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("history.sqlite"));
    auto other = std::make_unique<StoreWriter>(quick(path));
    other->add(look(start));
    QVERIFY(other->waitUntilWritten(soon));
    StoreWriter::Options options = quick(path);
    options.mostNodes = 400; // Four a look: a hundred looks.
    StoreWriter writer(options);
    for (int i = 0; i < 1000; ++i)
        writer.add(look(start + (10 + i) * second));
    QCOMPARE(writer.state().dropped, qint64(900));
    other.reset();
    QVERIFY(writer.waitUntilWritten(soon));
    const auto reader = StoreReader::open(path);
    QCOMPARE((*reader)->extent()->newestUs, start + 1009 * second);
    const auto events = (*reader)->events(start, start + day);
    const auto said = std::find_if(events->begin(), events->end(), [](const StoreEvent &event) {
        return event.kind == QLatin1String("looks_lost");
    });
    QVERIFY(said != events->end());
    QVERIFY2(said->text.startsWith(QStringLiteral("900 looks")), qPrintable(said->text));
}

void TestStoreWriter::aFileThatIsTakenAwayIsBegunAnew()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("history.sqlite"));
    StoreWriter writer(quick(path));
    writer.add(look(start));
    QVERIFY(writer.waitUntilWritten(soon));
    QVERIFY(QFile::rename(path, path + QStringLiteral(".mine")));
    for (int i = 1; i < 100; ++i) {
        writer.add(look(start + i * second));
        QVERIFY(writer.waitUntilWritten(soon));
    }
    const auto reader = StoreReader::open(path);
    QVERIFY(reader);
    QCOMPARE((*reader)->extent()->newestUs, start + 99 * second);
}

void TestStoreWriter::aDamagedFileIsSetAside()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("history.sqlite"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    const QByteArray nonsense = QByteArray("\x93nonsense").repeated(3000);
    file.write(nonsense);
    file.close();
    Told told;
    StoreWriter::Options options = quick(path);
    options.ours = true;
    options.told = told.ear();
    StoreWriter writer(options);
    writer.add(look(start));
    QVERIFY(writer.waitUntilWritten(soon));
    QTRY_VERIFY_WITH_TIMEOUT(writer.state().writing, soon);
    const StoreState state = writer.state();
    QVERIFY(state.problem && state.problem->kind == StoreProblem::Kind::Corrupt);
    QVERIFY(state.problem->text().contains(QFileInfo(state.setAside).fileName()));
    QFile aside(state.setAside);
    QVERIFY(aside.open(QIODevice::ReadOnly));
    QCOMPARE(aside.readAll(), nonsense);
    QVERIFY(StoreReader::open(path));
    QVERIFY(told.states().size() >= 2);
}

void TestStoreWriter::whatAPersonNamedIsNotSetAside()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("letter.txt"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray("Dear all").repeated(3000));
    file.close();
    StoreWriter writer(quick(path));
    writer.add(look(start));
    QTRY_VERIFY_WITH_TIMEOUT(hasProblem(writer, StoreProblem::Kind::Foreign), soon);
    QVERIFY(!writer.state().writing);
    QCOMPARE(file.size(), qint64(24000));
    QVERIFY(QDir(folder.path()).entryList({QStringLiteral("*aside*")}).isEmpty());
}

QTEST_GUILESS_MAIN(TestStoreWriter)
#include "tst_store_writer.moc"
