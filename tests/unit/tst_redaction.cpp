// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Redaction.h"
#include "model/RedactionForms.h"

#include <QElapsedTimer>
#include <QTest>

using namespace understudy;

namespace {

Node node(const QString &name, const QString &host, int port, Role role)
{
    Node node;
    node.id = QStringLiteral("%1:%2").arg(host.contains(u':') ? u'[' + host + u']' : host).arg(port);
    node.name = name;
    node.host = host;
    node.port = port;
    node.role = role;
    node.state = NodeState::Up;
    return node;
}

/// A primary and a standby, everything named after them, and a text that a finding says.
Topology scene(const QString &host, const QString &name, const QString &slot, const QString &app,
               const QString &text)
{
    Cluster cluster;
    cluster.nodes = {node(QStringLiteral("primary"), QStringLiteral("192.0.2.10"), 5432, Role::Primary),
                     node(name, host, 5433, Role::Standby)};
    cluster.nodes[1].reason = text;
    cluster.nodes[1].settings.insert(QStringLiteral("cluster_name"), name);
    cluster.nodes[1].dataDirectory = QStringLiteral("/srv/") + host;
    Link link;
    link.upstream = cluster.nodes[0].id;
    link.downstream = cluster.nodes[1].id;
    link.slot = slot;
    link.applicationName = app;
    cluster.links = {link};
    Slot row;
    row.node = cluster.nodes[0].id;
    row.name = slot;
    cluster.slots_ = {row};
    cluster.senders = {{cluster.nodes[0].id, 7, app, Sender::Kind::Other}};
    Finding finding;
    finding.node = cluster.nodes[1].id;
    finding.slot = slot;
    finding.title = name + QStringLiteral(" is down");
    finding.evidence = text;
    finding.meaning = QStringLiteral("The WAL that slot %1 keeps grows on primary.").arg(slot);
    finding.action = QStringLiteral("Read the log of %1 (%2), called %3.").arg(name, host, app);
    finding.sql = QStringLiteral("SELECT pg_drop_replication_slot('%1')").arg(slot);
    cluster.findings = {finding};
    cluster.cleared = {{finding, 1}};
    return {1, {cluster}};
}

/// Everything of a look that can be read, but for the keys.
QString allTexts(const Topology &topology)
{
    QStringList all;
    for (const Cluster &cluster : topology.clusters) {
        QList<Finding> findings = cluster.findings;
        for (const Cleared &cleared : cluster.cleared)
            findings << cleared.finding;
        for (const Finding &f : findings)
            all << f.title << f.evidence << f.meaning << f.action << f.sql << f.slot;
        for (const Node &n : cluster.nodes)
            all << n.name << n.host << n.reason << n.dataDirectory << n.settings.values();
        for (const Link &l : cluster.links)
            all << l.slot << l.applicationName;
        for (const Slot &s : cluster.slots_)
            all << s.name;
        for (const Sender &s : cluster.senders)
            all << s.applicationName;
    }
    return all.join(u'\n');
}

} // namespace

class TestRedaction : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nothingOfTheOriginalIsLeft_data();
    void nothingOfTheOriginalIsLeft();
    void theSameIsCalledTheSame();
    void whatTellsNothingStays();
    void addressesInWordsGo_data();
    void addressesInWordsGo();
    void ourOwnWordsStay();
    void hostileTextCostsLittle();
};

void TestRedaction::nothingOfTheOriginalIsLeft_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("slot");
    QTest::addColumn<QString>("app");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("secrets");
    const auto row = [](const char *what, const QString &host, const QString &name, const QString &slot,
                        const QString &app, const QString &text, const QStringList &more = {}) {
        QTest::newRow(what) << host << name << slot << app << text
                            << (QStringList{host, name, slot, app} + more);
    };
    row("a name in full", QStringLiteral("db7.corp.example"), QStringLiteral("db7"),
        QStringLiteral("db7_slot"), QStringLiteral("db7-wal"),
        QStringLiteral("Nothing listens on db7.corp.example:5433, says DB7."), {QStringLiteral("corp")});
    row("an address and a name", QStringLiteral("10.20.30.40"), QStringLiteral("pg-lon-1"),
        QStringLiteral("pg_lon_1_slot"), QStringLiteral("pg-lon-1"),
        QStringLiteral("connection to server at \"pg-lon-1\" (10.20.30.40), port 5433 failed"),
        {QStringLiteral("pg_lon"), QStringLiteral("pg-lon")});
    row("version 6", QStringLiteral("fe80::dead:beef"), QStringLiteral("six"), QStringLiteral("six_slot"),
        QStringLiteral("six"), QStringLiteral("Nothing listens on [fe80::dead:beef]:5433."));
    row("in capitals", QStringLiteral("ACME-DB"), QStringLiteral("Acme-Db"), QStringLiteral("acme_db"),
        QStringLiteral("ACME_DB"), QStringLiteral("acme-db is away; so is xacme-dbx."),
        {QStringLiteral("acme")});
    row("one begins as another", QStringLiteral("pg1"), QStringLiteral("pg10"), QStringLiteral("pg100"),
        QStringLiteral("pg1000"), QStringLiteral("pg1000 pg100 pg10 pg1"));
    row("markup and patterns", QStringLiteral("<b>.*</b>"), QStringLiteral("a[b(c|d"),
        QStringLiteral("x\\1$&"), QStringLiteral("%1%2"), QStringLiteral("<b>.*</b> a[b(c|d x\\1$& %1%2"));
    row("letters beyond ASCII", QStringLiteral("böse.münchen.example"), QStringLiteral("BÖSE"),
        QStringLiteral("boese"), QStringLiteral("İstanbul"),
        QStringLiteral("böse.München.example, Böse, İstanbul"), {QStringLiteral("münchen")});
    row("directions and lines", QStringLiteral("evil\u202eba"), QStringLiteral("two\nlines"),
        QStringLiteral("tab\tbed"), QStringLiteral("zero\u200bwidth"),
        QStringLiteral("evil\u202eba two\nlines tab\tbed zero\u200bwidth"));
    row("long", QString(300, u'q'), QString(200, u'w'), QString(63, u'y'), QString(64, u'z'),
        QString(300, u'q') + QString(200, u'w'));
    row("words of ours", QStringLiteral("grows"), QStringLiteral("down"), QStringLiteral("keeps"),
        QStringLiteral("called"), QStringLiteral("Down it went."));
    row("a socket", QStringLiteral("/run/acme-pg"), QStringLiteral("/run/acme-pg:5433"),
        QStringLiteral("acmeslot"), QStringLiteral("acme"), QStringLiteral("No socket in /run/acme-pg."),
        {QStringLiteral("acme")});
    row("inside of words", QStringLiteral("bigbank"), QStringLiteral("mybigbankdb"),
        QStringLiteral("slotbigbank1"), QStringLiteral("bigbank2"),
        QStringLiteral("database \"thebigbank\" is away"));
}

void TestRedaction::nothingOfTheOriginalIsLeft()
{
    QFETCH(QString, host);
    QFETCH(QString, name);
    QFETCH(QString, slot);
    QFETCH(QString, app);
    QFETCH(QString, text);
    QFETCH(QStringList, secrets);
    const Topology before = scene(host, name, slot, app, text);
    const QString open = allTexts(before), after = allTexts(redacted(before));
    for (const QString &secret : secrets) {
        QVERIFY2(open.contains(secret, Qt::CaseInsensitive), qPrintable(secret)); // the test can see it
        QVERIFY2(!after.contains(secret, Qt::CaseInsensitive), qPrintable(secret + u'\n' + after));
    }
    QVERIFY(!after.contains(QStringLiteral("192.0.2.10")));
    // The keys are as they were: what was laid out and chosen by them still fits.
    const Topology all = redacted(before);
    QCOMPARE(all.clusters[0].nodes[1].id, before.clusters[0].nodes[1].id);
    QCOMPARE(all.clusters[0].nodes[1].port, 5433);
    QVERIFY(!all.clusters[0].nodes[1].name.isEmpty());
    // A pure function.
    QCOMPARE(all, redacted(before));
}

void TestRedaction::theSameIsCalledTheSame()
{
    Topology topology = scene(QStringLiteral("db7.corp.example"), QStringLiteral("db7"),
                              QStringLiteral("orders"), QStringLiteral("orders"), {});
    Cluster &cluster = topology.clusters[0];
    cluster.nodes << node(QStringLiteral("other"), QStringLiteral("DB7.corp.example"), 5434, Role::Standby);
    Redaction redaction(topology);
    const Topology all = redaction.topology(topology);
    const QList<Node> &nodes = all.clusters[0].nodes;
    QCOMPARE(nodes[0].host, QStringLiteral("host-1"));
    QCOMPARE(nodes[1].host, QStringLiteral("host-2"));
    QCOMPARE(nodes[2].host, QStringLiteral("host-2"));
    QCOMPARE(nodes[1].name, QStringLiteral("host-2")); // called after its host
    QCOMPARE(nodes[2].name, QStringLiteral("node-1"));
    QCOMPARE(all.clusters[0].links[0].slot, QStringLiteral("slot-1"));
    QCOMPARE(all.clusters[0].slots_[0].name, QStringLiteral("slot-1"));
    QCOMPARE(all.clusters[0].findings[0].slot, QStringLiteral("slot-1"));
    QCOMPARE(all.clusters[0].findings[0].title, QStringLiteral("host-2 is down"));
    QCOMPARE(redaction.text(QStringLiteral("Orders on db7, db7.corp.example:5433 and 10.0.0.1")),
             QStringLiteral("slot-1 on host-2, host-2:5433 and host-3"));
    QCOMPARE(redaction.text(QStringLiteral("10.0.0.1 again, 10.0.0.2 not")),
             QStringLiteral("host-3 again, host-4 not"));
}

void TestRedaction::whatTellsNothingStays()
{
    const Topology all = redacted(scene(QStringLiteral("standby1"), QStringLiteral("standby1"),
                                        QStringLiteral("standby1_slot"), QStringLiteral("walreceiver"),
                                        QStringLiteral("Nothing listens on 192.0.2.10:5432.")));
    const Cluster &cluster = all.clusters[0];
    QCOMPARE(cluster.nodes[0].name, QStringLiteral("primary"));
    QCOMPARE(cluster.nodes[1].name, QStringLiteral("standby1"));
    QCOMPARE(cluster.nodes[1].host, QStringLiteral("host-2"));
    QCOMPARE(cluster.links[0].slot, QStringLiteral("standby1_slot"));
    QCOMPARE(cluster.links[0].applicationName, QStringLiteral("walreceiver"));
    QCOMPARE(cluster.nodes[1].reason, QStringLiteral("Nothing listens on host-1:5432."));
    for (const char *plain :
         {"primary", "Standby12", "replica_3", "standby1_slot", "primary-standby2", "15/main"})
        QVERIFY2(redaction::isPlain(QString::fromLatin1(plain)), plain);
    for (const char *telling :
         {"primary-ams", "standby1.corp", "10", "", "slotA", "primary\n", "acme_standby"})
        QVERIFY2(!redaction::isPlain(QString::fromLatin1(telling)), telling);
}

void TestRedaction::addressesInWordsGo_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *text, const char *expected) {
        QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(expected);
    };
    row("from 172.18.0.4.", "from host-1.");
    row("no pg_hba.conf entry for host \"10.1.2.3\", user \"app\"",
        "no pg_hba.conf entry for host \"host-1\", user \"app\"");
    row("could not translate host name \"db9\" to address",
        "could not translate host name \"host-1\" to address");
    row("host=db9 port=5432 user=app", "host=host-1 port=5432 user=app");
    row("ssh to admin@gateway failed", "ssh to admin@host-1 failed");
    row("see db9.corp.example, then DB9.corp.example.", "see host-1, then host-1.");
    row("on [2001:db8::7]:5432", "on [host-1]:5432");
    row("1:2:3:4:5:6:7:8 is one", "host-1 is one");
    row("::1 is us", "host-1 is us");
}

void TestRedaction::addressesInWordsGo()
{
    QFETCH(QString, text);
    QFETCH(QString, expected);
    QCOMPARE(Redaction({}).text(text), expected);
}

void TestRedaction::ourOwnWordsStay()
{
    for (const char *text :
         {"No walsender since 13:40:07 UTC; at 8.4 MB/s it is lost in about 2 h 14 min.",
          "pg_stat_replication.replay_lsn is 0/F0BA410, max_slot_wal_keep_size = -1",
          "Edit postgresql.conf, postgresql.auto.conf or pg_hba.conf; remove standby.signal.",
          "PostgreSQL 15.18 on timeline 3, 61 % of 1.95 GB. 17 November 2025, 13:40 UTC",
          "synchronous_standby_names = 'ANY 2 (*)'"})
        QCOMPARE(Redaction({}).text(QString::fromLatin1(text)), QString::fromLatin1(text));
}

void TestRedaction::hostileTextCostsLittle()
{
    QElapsedTimer clock;
    clock.start();
    const QString digits = QStringLiteral("standby") + QString(55, u'1') + u'x';
    QVERIFY(!redaction::isPlain(digits));
    Cluster cluster;
    for (int i = 0; i < 2000; ++i)
        cluster.nodes << node(QStringLiteral("n%1-%2").arg(i).arg(QString(i % 50, u'x')),
                              QStringLiteral("h%1.example").arg(i), 5432, Role::Standby);
    Redaction redaction({1, {cluster}});
    for (const QString &part : {QStringLiteral("a"), QStringLiteral("a."), QStringLiteral("1:"),
                                QStringLiteral("::"), QStringLiteral("host=\""), QStringLiteral("n1-")})
        QVERIFY(!redaction.text(part.repeated(20000)).isEmpty());
    // Seconds even where everything is slow; a pattern that tries everything twice takes hours.
    QVERIFY2(clock.elapsed() < 120000, qPrintable(QString::number(clock.elapsed())));
}

QTEST_GUILESS_MAIN(TestRedaction)
#include "tst_redaction.moc"
