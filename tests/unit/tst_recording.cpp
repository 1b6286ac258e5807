// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/Recording.h"
#include "history/TopologyCodec.h"
#include "history/TopologyFields.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace understudy;

namespace {

/// Gives every field a value that no default has, each another one.
class Filler
{
public:
    int fields = 0;

    template <typename T>
    void operator()(const char *, T &field)
    {
        ++fields;
        fill(field);
    }

    template <typename T>
    static void fill(T &field)
    {
        ++s_next;
        if constexpr (std::is_same_v<T, Lsn>)
            field = Lsn(0xF000000000000000 + s_next);
        else if constexpr (std::is_same_v<T, bool>)
            field = true;
        else if constexpr (std::is_same_v<T, QString>)
            field = QStringLiteral("text %1 \u00e4\U0001F418").arg(s_next);
        else if constexpr (std::is_same_v<T, double>)
            field = double(s_next) + 0.1;
        else if constexpr (std::is_same_v<T, qint64>)
            field = Q_INT64_C(-5000000000) + s_next;
        else if constexpr (std::is_arithmetic_v<T>)
            field = T(s_next);
        else if constexpr (std::is_enum_v<T>)
            field = T(1 + s_next % 2);
        else {
            Filler inner;
            fieldsOf(inner, field);
        }
    }
    template <typename T>
    static void fill(std::optional<T> &field)
    {
        field.emplace();
        fill(*field);
    }
    template <typename T>
    static void fill(QList<T> &field)
    {
        field.resize(2);
        for (T &one : field)
            fill(one);
    }
    template <typename T>
    static void fill(QMap<QString, T> &field)
    {
        fill(field[QStringLiteral("a.setting")]);
        fill(field[QStringLiteral("another")]);
    }

private:
    static inline int s_next = 0;
};

template <typename T>
int listed()
{
    T value{};
    Filler filler;
    fieldsOf(filler, value);
    return filler.fields;
}

Topology full()
{
    Topology topology;
    Filler::fill(topology);
    return topology;
}

Topology small(qint64 atUs)
{
    Node node;
    node.id = QStringLiteral("db1:5432");
    Cluster cluster;
    cluster.nodes = {node};
    return {atUs, {cluster}};
}

PackedLook packed(const Topology &look)
{
    return {look.takenAtUs, packTopology(look)};
}

} // namespace

class TestRecording final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyFieldComesBack();
    void noFieldIsForgotten();
    void defaultsStayDefaults();
    void everyValueOfAStateComesBack();
    void damageIsAnError();
    void aFileIsReadBack();
    void eventsAreToldOnce();
    void othersFilesAreRefused_data();
    void othersFilesAreRefused();
    void whatCannotBeWrittenIsSaid();
};

void TestRecording::everyFieldComesBack()
{
    const Topology topology = full();
    const auto back = unpackTopology(packTopology(topology));
    QVERIFY2(back, back ? "" : qPrintable(back.error().text()));
    QCOMPARE(back->clusters.size(), topology.clusters.size());
    QVERIFY(*back == topology);
}

/// These do not compile when a field is added to one of the structs; then TopologyFields.h needs it as well.
void TestRecording::noFieldIsForgotten()
{
    [[maybe_unused]] const auto &[n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11, n12, n13, n14, n15, n16, n17,
                                  n18, n19, n20, n21, n22, n23, n24, n25] = Node();
    QCOMPARE(listed<Node>(), 25);
    [[maybe_unused]] const auto &[l1, l2, l3, l4, l5, l6, l7, l8, l9, l10, l11, l12, l13, l14, l15, l16, l17,
                                  l18] = Link();
    QCOMPARE(listed<Link>(), 18);
    [[maybe_unused]] const auto &[s1, s2, s3, s4, s5, s6, s7, s8, s9, s10] = Slot();
    QCOMPARE(listed<Slot>(), 10);
    [[maybe_unused]] const auto &[f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11] = Finding();
    QCOMPARE(listed<Finding>(), 11);
    [[maybe_unused]] const auto &[v1, v2, v3, v4, v5, v6, v7, v8, v9, v10] = Vitals();
    QCOMPARE(listed<Vitals>(), 10);
    [[maybe_unused]] const auto &[t1, t2, t3, t4, t5, t6] = TransactionRow();
    QCOMPARE(listed<TransactionRow>(), 6);
    [[maybe_unused]] const auto &[c1, c2, c3, c4, c5, c6, c7] = Cluster();
    QCOMPARE(listed<Cluster>(), 7);
    [[maybe_unused]] const auto &[d1, d2, d3, d4] = Sender();
    QCOMPARE(listed<Sender>(), 4);
}

void TestRecording::defaultsStayDefaults()
{
    Topology topology;
    Cluster cluster;
    cluster.nodes.resize(1);
    cluster.links.resize(1);
    cluster.senders.resize(1);
    cluster.slots_.resize(1);
    cluster.findings.resize(1);
    cluster.cleared.resize(1);
    cluster.nodes[0].vitals.emplace();
    cluster.nodes[0].lsn = Lsn(); // known to be the beginning: not the same as unknown
    cluster.links[0].lagBytes = 0;
    topology.clusters = {cluster};
    const auto back = unpackTopology(packTopology(topology));
    QVERIFY(back && *back == topology);
    QVERIFY(back->clusters[0].nodes[0].lsn.has_value());
    QCOMPARE(back->clusters[0].links[0].lagBytes, std::optional<qint64>(0));
}

void TestRecording::everyValueOfAStateComesBack()
{
    Cluster cluster;
    for (int i = 0; i <= int(NodeState::Planned); ++i) {
        Node node;
        node.state = NodeState(i);
        node.answer = Answer(std::min(i, int(Answer::Failed)));
        node.role = Role(i % 3);
        cluster.nodes << node;
    }
    for (int i = 0; i <= int(LagState::Unknown); ++i) {
        Link link;
        link.lag = LagState(i);
        link.state = LinkState(i % 4);
        link.sync = SyncState(i % 5);
        link.matchedBy = MatchedBy(i % 3);
        link.confidence = Confidence(i % 3);
        cluster.links << link;
    }
    for (int i = 0; i < 4; ++i) {
        Sender sender;
        sender.kind = Sender::Kind(i);
        cluster.senders << sender;
    }
    const Topology topology{1, {cluster}};
    const auto back = unpackTopology(packTopology(topology));
    QVERIFY(back && *back == topology);
}

void TestRecording::damageIsAnError()
{
    const QByteArray good = packTopology(full());
    QVERIFY(!unpackTopology({}));
    QVERIFY(!unpackTopology("abcd"));
    QVERIFY(!unpackTopology(qCompress("not CBOR")));
    QVERIFY(!unpackTopology(good.left(good.size() / 2)));
    // Claims to become four gigabytes.
    QByteArray huge = good;
    huge.replace(0, 4, "\xff\xff\xff\xff");
    QVERIFY(!unpackTopology(huge));
    // Fields of the wrong kind are left as they are.
    QCborMap odd{{QStringLiteral("at"), QStringLiteral("yesterday")}, {QStringLiteral("clusters"), 3}};
    const auto read = unpackTopology(qCompress(QCborValue(odd).toCbor()));
    QVERIFY(read);
    QCOMPARE(read->takenAtUs, qint64(0));
    QVERIFY(read->clusters.isEmpty());
}

void TestRecording::aFileIsReadBack()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("night.understudy-recording"));
    Recording recording;
    recording.title = QStringLiteral("orders, Berlin \u2192 Lyon");
    Topology second = full();
    second.takenAtUs = 2000;
    recording.looks = {packed(small(1000)), packed(second)};
    recording.events = {
        {1500, QStringLiteral("Write load paused"), {}, Severity::Notice, true},
        {1800, QStringLiteral("db2 is down"), QStringLiteral("db2:5432"), Severity::Critical, false}};
    QVERIFY(writeRecording(recording, path));
    QVERIFY(isRecordingName(path));
    const auto back = readRecording(path);
    QVERIFY2(back, back ? "" : qPrintable(back.error().text()));
    QCOMPARE(back->title, recording.title);
    QVERIFY(back->looks == recording.looks);
    QCOMPARE(back->events.size(), 2);
    QCOMPARE(back->events[1].text, recording.events[1].text);
    QCOMPARE(back->events[1].node, recording.events[1].node);
    QCOMPARE(back->events[1].severity, Severity::Critical);
    QCOMPARE(back->events[1].neutral, false);
    QCOMPARE(back->events[0].atUs, qint64(1500));
    QCOMPARE(back->events[0].neutral, true);
    const auto replay = replayOf(*back);
    QVERIFY(replay);
    QVERIFY(replay->last == second);
    QCOMPARE(replay->past->moments(), (QList<qint64>{1000, 2000}));
    QVERIFY(*replay->past->at(1999) == small(1000));
}

void TestRecording::eventsAreToldOnce()
{
    Topology first = small(1000000), second = small(2000000);
    first.clusters[0].nodes[0].role = Role::Standby;
    first.clusters[0].nodes[0].state = NodeState::Up;
    second = first;
    second.takenAtUs = 2000000;
    second.clusters[0].nodes[0].state = NodeState::Down;
    LagHistory live;
    live.add(first);
    live.addEvent({1500000, QStringLiteral("Write load paused"), {}, Severity::Notice, true});
    live.add(second);
    QCOMPARE(live.events().size(), 2);
    const auto replay = replayOf({QStringLiteral("a"), {packed(first), packed(second)}, live.events()});
    QVERIFY(replay);
    QCOMPARE(replay->history.events().size(), 2);
    QCOMPARE(replay->history.events().at(0).text, QStringLiteral("Write load paused"));
    QCOMPARE(replay->history.events().at(1).text, live.events().at(1).text);
}

void TestRecording::othersFilesAreRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("says");
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("whole"));
    QVERIFY(writeRecording({QStringLiteral("a"), {packed(small(1)), packed(small(2))}, {}}, path));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray whole = file.readAll();
    const QByteArray magic = whole.left(whole.indexOf('\n') + 1);
    const QString other = QStringLiteral("is not a recording"), damaged = QStringLiteral("is damaged");
    QTest::newRow("empty") << QByteArray() << other;
    QTest::newRow("something else") << QByteArray("%PDF-1.7 and so on, long enough") << other;
    QTest::newRow("only the first line") << magic << damaged;
    QTest::newRow("cut in a look") << whole.chopped(3) << damaged;
    QTest::newRow("cut in a length") << whole + QByteArray("\0\0", 2) << damaged;
    QTest::newRow("a part of four gigabytes") << magic + QByteArray("\xff\xff\xff\xff") << damaged;
    QByteArray flipped = whole;
    flipped[flipped.size() - 8] = char(flipped.at(flipped.size() - 8) ^ 0x55);
    QTest::newRow("one byte changed") << flipped << QStringLiteral("A look");
}

void TestRecording::othersFilesAreRefused()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, says);
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("x.understudy-recording")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(bytes);
    file.close();
    const auto read = readRecording(file.fileName());
    if (says == QLatin1String("A look")) {
        // Seen only when the look is read.
        QVERIFY(read);
        const auto replay = replayOf(*read);
        QVERIFY(!replay);
        QVERIFY2(replay.error().what.contains(says), qPrintable(replay.error().what));
        return;
    }
    QVERIFY(!read);
    QVERIFY2(read.error().what.contains(says), qPrintable(read.error().what));
    QVERIFY(read.error().what.contains(file.fileName()));
}

void TestRecording::whatCannotBeWrittenIsSaid()
{
    const QTemporaryDir folder;
    const auto written =
        writeRecording({{}, {packed(small(1))}, {}}, folder.filePath(QStringLiteral("none/x")));
    QVERIFY(!written);
    QVERIFY(written.error().what.contains(QStringLiteral("could not be written")));
    QVERIFY(!writeRecording({}, folder.filePath(QStringLiteral("empty"))));
    QVERIFY(!QFile::exists(folder.filePath(QStringLiteral("empty"))));
    QVERIFY(!readRecording(folder.filePath(QStringLiteral("empty"))));
}

QTEST_GUILESS_MAIN(TestRecording)
#include "tst_recording.moc"
