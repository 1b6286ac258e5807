// SPDX-License-Identifier: GPL-3.0-or-later
#include "FoldScene.h"

#include <QJsonArray>
#include <QTest>

using namespace understudy;
using test::FoldScene;

/// The contract of `topology --json`: keys, and null where nothing is known.
class TestTopologyJson : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keys();
    void values();
    void unknownIsNull();
};

static QStringList keysOf(const QJsonValue &value)
{
    return value.toObject().keys(); // sorted
}

static QStringList sorted(const char *words)
{
    QStringList out = QString::fromLatin1(words).split(u' ');
    out.sort();
    return out;
}

void TestTopologyJson::keys()
{
    FoldScene s(2);
    SenderRow backup = s.sender(1);
    backup.pid = 500;
    backup.state = QStringLiteral("backup");
    s.primary().senders << backup;
    s.fold();
    const QJsonObject root = toJson(s.topology);
    QCOMPARE(root.keys(), sorted("clusters format taken_at"));
    QCOMPARE(root[QStringLiteral("format")].toInt(), 1);
    const QJsonObject c = root[QStringLiteral("clusters")].toArray().first().toObject();
    QCOMPARE(c.keys(), sorted("findings links nodes senders slots system_identifier"));
    const auto first = [&c](const char *list) { return c[QLatin1String(list)].toArray().first(); };
    QCOMPARE(keysOf(first("nodes")),
             sorted("id name host port role state reason version_num timeline lsn replay_paused"));
    QCOMPARE(
        keysOf(first("links")),
        sorted(
            "upstream downstream slot pid application_name state sync_state lag_state lag_bytes lag_seconds "
            "stages matched_by confidence"));
    QCOMPARE(keysOf(first("links").toObject()[QStringLiteral("stages")]),
             sorted("sent written flushed replayed"));
    QCOMPARE(keysOf(first("senders")), sorted("node pid application_name kind"));
    QCOMPARE(
        keysOf(first("slots")),
        sorted("node name active wal_status retained_bytes runway_seconds invalidation_reason xmin_age"));
    for (const QString &key : sorted("name severity node slot downstream evidence meaning action"))
        QVERIFY2(keysOf(first("findings")).contains(key), qPrintable(key));
}

void TestTopologyJson::values()
{
    FoldScene s(1);
    s.fold();
    const QJsonObject c = toJson(s.topology)[QStringLiteral("clusters")].toArray().first().toObject();
    const QJsonObject node = c[QStringLiteral("nodes")].toArray().first().toObject();
    QCOMPARE(node[QStringLiteral("lsn")], QJsonValue(QStringLiteral("0/3000000")));
    QCOMPARE(node[QStringLiteral("role")], QJsonValue(QStringLiteral("primary")));
    QCOMPARE(node[QStringLiteral("state")], QJsonValue(QStringLiteral("up")));
    QVERIFY(node[QStringLiteral("version_num")].isDouble());
    const QJsonObject link = c[QStringLiteral("links")].toArray().first().toObject();
    QCOMPARE(link[QStringLiteral("lag_state")], QJsonValue(QStringLiteral("caught_up")));
    QCOMPARE(link[QStringLiteral("lag_bytes")], QJsonValue(0));
    QCOMPARE(link[QStringLiteral("matched_by")], QJsonValue(QStringLiteral("slot")));
    QCOMPARE(link[QStringLiteral("confidence")], QJsonValue(QStringLiteral("certain")));
    QCOMPARE(link[QStringLiteral("pid")], QJsonValue(101));
}

void TestTopologyJson::unknownIsNull()
{
    FoldScene s(0);
    s.refuse(0);
    s.fold();
    const QJsonObject c = toJson(s.topology)[QStringLiteral("clusters")].toArray().first().toObject();
    QVERIFY(c[QStringLiteral("system_identifier")].isNull());
    const QJsonObject node = c[QStringLiteral("nodes")].toArray().first().toObject();
    for (const char *key : {"version_num", "timeline", "lsn"})
        QVERIFY2(node[QLatin1String(key)].isNull(), key);
    QCOMPARE(node[QStringLiteral("state")], QJsonValue(QStringLiteral("down")));
    QCOMPARE(node[QStringLiteral("role")], QJsonValue(QStringLiteral("unknown")));
}

QTEST_APPLESS_MAIN(TestTopologyJson)
#include "tst_topology_json.moc"
