// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Cli.h"
#include "cli/Output.h"
#include "cli/StandbyOptions.h"
#include "report/PictureSource.h"

#include <QtTest>

using namespace understudy;

class tst_cli_options final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void onlyAFirstWordIsAVerb()
    {
        for (const char *verb : {"topology", "preflight", "add-standby", "snapshot", "demo", "operations",
                                 "demo-guard", "--help", "--version"})
            QVERIFY2(isVerb({QString::fromLatin1(verb)}), verb);
        QVERIFY(!isVerb({}));
        QVERIFY(!isVerb({QStringLiteral("--demo")}));
        QVERIFY(!isVerb({QStringLiteral("service=orders"), QStringLiteral("topology")}));
        QVERIFY(!isVerb({QStringLiteral("Topology")}));
    }

    void usageErrorsNeverLookAtACluster_data()
    {
        QTest::addColumn<QStringList>("words");
        const auto row = [](const char *words) {
            QTest::newRow(words) << QString::fromLatin1(words).split(u' ');
        };
        row("topology");
        row("topology a b");
        row("topology demo --timeout soon");
        row("topology demo --timeout 0");
        row("topology demo --what");
        row("preflight demo --port 70000");
        row("preflight demo --port x");
        row("preflight demo --on moon");
        row("preflight demo --on compose --data-dir /x");
        row("preflight demo --on ssh:");
        row("preflight demo --on ssh:-oProxyCommand=x");
        row("preflight demo --on local --keeper cron");
        row("preflight demo --on script --volume v");
        row("preflight demo --on scripts");
        row("preflight demo --on ssh:db2 --upstream-address db1:x");
        row("preflight demo --on ssh:db2 --upstream-address /tmp");
        row("preflight demo --on compose --upstream-address db1");
        row("add-standby demo --on script");
        row("add-standby demo --on script:db5 --yes");
        row("add-standby demo --on script:db5 --script - --report x");
        row("add-standby demo --on script:db5 --script - --count 2");
        row("add-standby demo --on script:db5 --script - --checksums");
        row("preflight demo --on compose --keeper pg_ctl");
        row("preflight demo --on local --volume v");
        row("preflight demo --slot Bad-Slot");
        row("preflight demo --name -x");
        row("preflight demo --data-dir relative");
        row("preflight demo --max-rate fast");
        row("preflight demo --checkpoint slow");
        row("preflight demo --wal-dir wal");
        row("preflight demo --tablespace /a");
        row("preflight demo --tablespace /a=/b --tablespace /a=/c");
        row("preflight demo --slot s --no-slot");
        row("preflight demo --verify-backup --no-verify-backup");
        row("preflight demo --apply-delay soon");
        row("preflight demo --apply-delay 25d");
        row("preflight demo --waive checksums");
        row("preflight demo --waive =why");
        row("add-standby demo --yes --dry-run");
        row("add-standby demo --password secret");
        row("add-standby demo --read-load -1");
        row("add-standby demo --read-load no-such-file.sql");
        row("add-standby demo --tables a,,b");
        row("add-standby demo --count 0");
        row("add-standby demo --count 2.5");
        row("add-standby demo --count 17");
        row("add-standby demo --count 2 --report x");
        row("snapshot demo");
        row("snapshot demo -o x.gif");
        row("snapshot demo -o x.png --size 10x10");
        row("snapshot demo -o x.png --scale 9");
        row("snapshot demo -o x.png --theme blue");
        row("snapshot demo -o x.svg --what lag");
        row("snapshot demo -o x.png --title a --no-title");
        row("demo");
        row("demo sleep");
        row("operations undo");
        row("operations redo x");
        row("operations undo no-such-operation");
    }
    void usageErrorsNeverLookAtACluster()
    {
        QFETCH(QStringList, words);
        QCOMPARE(runVerb(words, {}), int(ExitUsage));
    }

    void everyVerbHasHelp()
    {
        for (const char *verb : {"topology", "preflight", "add-standby", "snapshot", "demo", "operations"})
            QCOMPARE(runVerb({QString::fromLatin1(verb), QStringLiteral("--help")}, {}), int(ExitDone));
    }

    void anErrorNamesTheOption_data()
    {
        QTest::addColumn<QString>("option");
        QTest::addColumn<QString>("value");
        QTest::newRow("port") << QStringLiteral("port") << QStringLiteral("0");
        QTest::newRow("slot") << QStringLiteral("slot") << QStringLiteral("a b");
        QTest::newRow("data-dir") << QStringLiteral("data-dir") << QStringLiteral("x");
        QTest::newRow("max-rate") << QStringLiteral("max-rate") << QStringLiteral("9G");
        QTest::newRow("checkpoint") << QStringLiteral("checkpoint") << QStringLiteral("now");
        QTest::newRow("wal-dir") << QStringLiteral("wal-dir") << QStringLiteral("pg_wal");
        QTest::newRow("tablespace") << QStringLiteral("tablespace") << QStringLiteral("/a=b");
        QTest::newRow("apply-delay") << QStringLiteral("apply-delay") << QStringLiteral("later");
        QTest::newRow("on") << QStringLiteral("on") << QStringLiteral("moon");
    }
    void anErrorNamesTheOption()
    {
        QFETCH(QString, option);
        QFETCH(QString, value);
        cli::Words words(QStringLiteral("preflight"), {}, {});
        cli::addStandbyOptions(words);
        QVERIFY(!words.read({QStringLiteral("demo"), QStringLiteral("--") + option, value}, 1, 1));
        const auto request = cli::readStandbyOptions(words);
        QVERIFY(!request);
        QVERIFY2(request.error().text().startsWith(QStringLiteral("--%1: ").arg(option)),
                 qPrintable(request.error().text()));
    }

    void optionsBecomeARequest()
    {
        cli::Words words(QStringLiteral("preflight"), {}, {});
        cli::addStandbyOptions(words);
        QVERIFY(
            !words.read({QStringLiteral("demo"), QStringLiteral("--name"), QStringLiteral("reports"),
                         QStringLiteral("--slot=reports_slot"), QStringLiteral("--port"),
                         QStringLiteral("5440"), QStringLiteral("--sync"), QStringLiteral("--max-rate"),
                         QStringLiteral("20M"), QStringLiteral("--waive"), QStringLiteral("checksums=a = b"),
                         QStringLiteral("--waive"), QStringLiteral("retention=small")},
                        1, 1));
        const auto request = cli::readStandbyOptions(words);
        QVERIFY(request);
        QCOMPARE(request->name, QStringLiteral("reports"));
        QCOMPARE(request->slot, QStringLiteral("reports_slot"));
        QCOMPARE(request->port, 5440);
        QVERIFY(request->synchronous);
        QCOMPARE(request->maxRate, QStringLiteral("20M"));
        QCOMPARE(request->waived.value(QStringLiteral("checksums")), QStringLiteral("a = b"));
        QCOMPARE(request->waived.value(QStringLiteral("retention")), QStringLiteral("small"));
    }

    void choicesBecomeARequest()
    {
        cli::Words words(QStringLiteral("preflight"), {}, {});
        cli::addStandbyOptions(words);
        QVERIFY(!words.read({QStringLiteral("demo"), QStringLiteral("--checkpoint=spread"),
                             QStringLiteral("--compress=server-zstd:3"), QStringLiteral("--verify-backup"),
                             QStringLiteral("--wal-dir=/wal/s2"), QStringLiteral("--tablespace=/a=/b"),
                             QStringLiteral("--tablespace"), QStringLiteral("/c\\=d=/e"),
                             QStringLiteral("--no-slot"), QStringLiteral("--apply-delay=30min"),
                             QStringLiteral("--restore-command=cp /archive/%f %p")},
                            1, 1));
        const auto request = cli::readStandbyOptions(words);
        QVERIFY2(request, request ? "" : qPrintable(request.error().text()));
        const StandbyChoices &choices = request->choices;
        QVERIFY(!request->fastCheckpoint);
        QCOMPARE(choices.compress, QStringLiteral("server-zstd:3"));
        QCOMPARE(choices.verifyBackup.value_or(false), true);
        QCOMPARE(choices.walDirectory, QStringLiteral("/wal/s2"));
        QCOMPARE(choices.tablespaces,
                 (QMap<QString, QString>{{QStringLiteral("/a"), QStringLiteral("/b")},
                                         {QStringLiteral("/c=d"), QStringLiteral("/e")}}));
        QVERIFY(!choices.slot);
        QCOMPARE(choices.applyDelay, QStringLiteral("30min"));
        QCOMPARE(choices.restoreCommand, QStringLiteral("cp /archive/%f %p"));
    }

    void whatIsNotSaidIsLeftToTheSuggestion()
    {
        cli::Words words(QStringLiteral("preflight"), {}, {});
        cli::addStandbyOptions(words);
        QVERIFY(!words.read({QStringLiteral("demo")}, 1, 1));
        const auto request = cli::readStandbyOptions(words);
        QVERIFY(request);
        QVERIFY(request->fastCheckpoint && request->choices.slot);
        QVERIFY(!request->choices.verifyBackup);
        QVERIFY(request->choices.restoreCommand.isNull());
        // An empty one is a choice: none.
        cli::Words none(QStringLiteral("preflight"), {}, {});
        cli::addStandbyOptions(none);
        QVERIFY(!none.read({QStringLiteral("demo"), QStringLiteral("--no-verify-backup"),
                            QStringLiteral("--restore-command"), QString()},
                           1, 1));
        const auto without = cli::readStandbyOptions(none);
        QVERIFY(without);
        QCOMPARE(without->choices.verifyBackup.value_or(true), false);
        QVERIFY(!without->choices.restoreCommand.isNull());
    }

    void columnsLineUp()
    {
        const QString text =
            cli::table({QStringLiteral("A"), QStringLiteral("B")},
                       {{QStringLiteral("long name"), QStringLiteral("1")}, {QStringLiteral("x\ny"), {}}});
        QCOMPARE(text, QStringLiteral("A          B\nlong name  1\nx y"));
    }
};

QTEST_GUILESS_MAIN(tst_cli_options)
#include "tst_cli_options.moc"
