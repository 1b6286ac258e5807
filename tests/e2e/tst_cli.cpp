// SPDX-License-Identifier: GPL-3.0-or-later
// The real program, from the outside, on a real demo cluster of its own.
#include "Program.h"

#include <QElapsedTimer>
#include <QImage>
#include <QJsonArray>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>

class tst_cli final : public QObject
{
    Q_OBJECT

    Program m_program;
    QTemporaryDir m_out;
    QString m_folder; ///< Of the demo

    void prepare(QProcess &process) const { m_program.prepare(process); }
    Answer run(const QStringList &words, int seconds = 60) const { return m_program.run(words, seconds); }

    QJsonObject cluster() const { return m_program.cluster(); }
    QStringList slotNames() const { return m_program.slotNames(); }
    QJsonObject demoNode(const QString &name) const { return m_program.demoNode(name); }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_program.isValid() && m_out.isValid());
        const Answer started =
            run({QStringLiteral("demo"), QStringLiteral("start"), QStringLiteral("--json")}, 120);
        QVERIFY2(started.code == 0, started.err.constData());
        const QJsonObject status = started.json();
        QVERIFY(status.value(QStringLiteral("running")).toBool());
        QCOMPARE(status.value(QStringLiteral("nodes")).toArray().size(), 2);
        for (const char *key : {"name", "host", "port", "role", "data_dir"})
            QVERIFY2(
                status.value(QStringLiteral("nodes")).toArray().at(0).toObject().contains(QLatin1String(key)),
                key);
        const QString passfile = status.value(QStringLiteral("passfile")).toString();
        QCOMPARE(QFile::permissions(passfile) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
        m_folder = QFileInfo(demoNode(QStringLiteral("primary")).value(QStringLiteral("data_dir")).toString())
                       .path();
        QVERIFY(m_folder.contains(QStringLiteral("understudy-demo-")));
    }

    void cleanupTestCase() { run({QStringLiteral("demo"), QStringLiteral("stop")}); }

    void aSecondStartIsRefusedOrJoined()
    {
        const Answer again = run({QStringLiteral("demo"), QStringLiteral("start"), QStringLiteral("--json")});
        QVERIFY(again.code == 0 || again.code == 1);
        QVERIFY(demoNode(QStringLiteral("primary"))
                    .value(QStringLiteral("data_dir"))
                    .toString()
                    .startsWith(m_folder));
    }

    void topologyKeepsItsContract()
    {
        const Answer answer =
            run({QStringLiteral("topology"), QStringLiteral("demo"), QStringLiteral("--json")});
        QVERIFY2(answer.code == 0, answer.err.constData());
        const QJsonObject top = answer.json();
        QCOMPARE(top.value(QStringLiteral("format")).toInt(), 1);
        QVERIFY(QDateTime::fromString(top.value(QStringLiteral("taken_at")).toString(), Qt::ISODateWithMs)
                    .isValid());
        QCOMPARE(top.value(QStringLiteral("clusters")).toArray().size(), 1);
        const QJsonObject one = top.value(QStringLiteral("clusters")).toArray().at(0).toObject();
        QVERIFY(!one.value(QStringLiteral("system_identifier")).toString().isEmpty());
        const auto has = [](const QJsonObject &object, const char *keys) {
            for (const QString &key : QString::fromLatin1(keys).split(u' ')) {
                if (!object.contains(key))
                    return QTest::qVerify(false, "key", qPrintable(key), __FILE__, __LINE__);
            }
            return true;
        };
        QCOMPARE(one.value(QStringLiteral("nodes")).toArray().size(), 2);
        const QJsonArray nodes = one.value(QStringLiteral("nodes")).toArray();
        for (const QJsonValue &node : nodes)
            QVERIFY(has(node.toObject(),
                        "id name host port role state reason version_num timeline lsn replay_paused"));
        QCOMPARE(one.value(QStringLiteral("links")).toArray().size(), 1);
        const QJsonObject link = one.value(QStringLiteral("links")).toArray().at(0).toObject();
        QVERIFY(has(link,
                    "upstream downstream slot pid application_name state sync_state lag_state lag_bytes "
                    "lag_seconds stages matched_by confidence"));
        QVERIFY(has(link.value(QStringLiteral("stages")).toObject(), "sent written flushed replayed"));
        QCOMPARE(link.value(QStringLiteral("slot")).toString(), QStringLiteral("standby_slot"));
        QCOMPARE(link.value(QStringLiteral("state")).toString(), QStringLiteral("streaming"));
        QVERIFY(link.value(QStringLiteral("pid")).toInt() > 0);
        QVERIFY(link.value(QStringLiteral("lag_bytes")).isDouble());
        QCOMPARE(link.value(QStringLiteral("upstream")).toString(),
                 QStringLiteral("127.0.0.1:%1")
                     .arg(demoNode(QStringLiteral("primary")).value(QStringLiteral("port")).toInt()));
        QCOMPARE(one.value(QStringLiteral("slots")).toArray().size(), 1);
        QVERIFY(has(one.value(QStringLiteral("slots")).toArray().at(0).toObject(),
                    "node name active wal_status retained_bytes runway_seconds"));
        QVERIFY(one.value(QStringLiteral("senders")).isArray() &&
                one.value(QStringLiteral("findings")).isArray());
    }

    void topologyReadsAsText()
    {
        const Answer answer = run({QStringLiteral("topology"), QStringLiteral("demo")});
        QCOMPARE(answer.code, 0);
        for (const char *word : {"primary", "standby1", "standby_slot", "streaming", "Upstream"})
            QVERIFY2(answer.out.contains(word), answer.out.constData());
    }

    void topologyOfNobodyFails()
    {
        const Answer answer =
            run({QStringLiteral("topology"), QStringLiteral("host=127.0.0.1 port=1 user=nobody")});
        QCOMPARE(answer.code, 1);
        QVERIFY2(answer.err.startsWith("understudy: "), answer.err.constData());
        const Answer password =
            run({QStringLiteral("topology"), QStringLiteral("postgresql://u:secret@127.0.0.1/x")});
        QVERIFY(password.code != 0);
        QVERIFY(!password.err.contains("secret"));
    }

    void manyNodesAtOnceAlwaysEnd()
    {
        // What goes wrong between threads that begin together does so only now and then.
        QStringList hosts, ports;
        for (int port = 2; port < 32; ++port) {
            hosts << QStringLiteral("127.0.0.1");
            ports << QString::number(port);
        }
        const QString cluster =
            QStringLiteral("user=nobody host=%1 port=%2").arg(hosts.join(u','), ports.join(u','));
        for (int i = 0; i < 100; ++i)
            QCOMPARE(run({QStringLiteral("topology"), cluster}, 20).code, 1);
    }

    void preflightPasses()
    {
        const Answer answer = run({QStringLiteral("preflight"), QStringLiteral("demo")});
        QVERIFY2(answer.code == 0, (answer.out + answer.err).constData());
        QVERIFY(answer.out.contains("Evidence"));
    }

    void preflightNamesATakenPort()
    {
        const int taken = demoNode(QStringLiteral("standby1")).value(QStringLiteral("port")).toInt();
        const Answer answer =
            run({QStringLiteral("preflight"), QStringLiteral("demo"), QStringLiteral("--port"),
                 QString::number(taken), QStringLiteral("--json")});
        QCOMPARE(answer.code, 1);
        bool named = false;
        const QJsonArray checks = answer.json().value(QStringLiteral("checks")).toArray();
        for (const QJsonValue &check : checks)
            named = named || (check[QStringLiteral("status")].toString() == QStringLiteral("fail") &&
                              check[QStringLiteral("field")].toString() == QStringLiteral("port"));
        QVERIFY2(named, answer.out.constData());
    }

    void badValuesChangeNothing_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QByteArray>("named");
        QTest::newRow("slot taken") << QStringList{QStringLiteral("--slot"), QStringLiteral("standby_slot")}
                                    << QByteArray("--slot");
        QTest::newRow("slot invalid")
            << QStringList{QStringLiteral("--slot"), QStringLiteral("No Good")} << QByteArray("--slot");
        QTest::newRow("name taken") << QStringList{QStringLiteral("--name"), QStringLiteral("standby1")}
                                    << QByteArray("--name");
        QTest::newRow("upstream") << QStringList{QStringLiteral("--upstream"), QStringLiteral("nobody")}
                                  << QByteArray("--upstream");
        QTest::newRow("compose") << QStringList{QStringLiteral("--on"), QStringLiteral("compose")}
                                 << QByteArray("--on");
        QTest::newRow("directory") << QStringList{QStringLiteral("--data-dir"), m_folder}
                                   << QByteArray("--data-dir");
    }
    void badValuesChangeNothing()
    {
        QFETCH(QStringList, options);
        QFETCH(QByteArray, named);
        const Answer answer =
            run(QStringList{QStringLiteral("add-standby"), QStringLiteral("demo"), QStringLiteral("--yes")} +
                options);
        QVERIFY2(answer.code == 2, (answer.out + answer.err).constData());
        QVERIFY2(answer.err.startsWith("understudy: " + named), answer.err.constData());
        QCOMPARE(slotNames(), QStringList{QStringLiteral("standby_slot")});
    }

    void aDryRunShowsThePlan()
    {
        const Answer dry =
            run({QStringLiteral("add-standby"), QStringLiteral("demo"), QStringLiteral("--dry-run")});
        QVERIFY2(dry.code == 0, dry.err.constData());
        for (const char *word : {"standby2", "standby2_slot", "pg_basebackup", "Undo:"})
            QVERIFY2(dry.out.contains(word), dry.out.constData());
        const Answer bare = run({QStringLiteral("add-standby"), QStringLiteral("demo")});
        QCOMPARE(bare.code, 2);
        QCOMPARE(bare.out, dry.out);
        QVERIFY(bare.err.contains("--yes"));
        QCOMPARE(slotNames(), QStringList{QStringLiteral("standby_slot")});
    }

    void theScriptIsClean()
    {
        const QString path = m_out.filePath(QStringLiteral("add.sh"));
        const Answer written =
            run({QStringLiteral("add-standby"), QStringLiteral("demo"), QStringLiteral("--script"), path});
        QVERIFY2(written.code == 0, written.err.constData());
        QVERIFY(QFileInfo(path).isExecutable());
        const Answer shown = run({QStringLiteral("add-standby"), QStringLiteral("demo"),
                                  QStringLiteral("--script"), QStringLiteral("-")});
        QCOMPARE(shown.code, 0);
        QVERIFY(shown.out.startsWith("#!"));
        const QString shellcheck = QStandardPaths::findExecutable(QStringLiteral("shellcheck"));
        if (shellcheck.isEmpty())
            QSKIP("shellcheck is not installed");
        QProcess process;
        process.start(shellcheck, {path});
        QVERIFY(process.waitForFinished());
        QVERIFY2(process.exitCode() == 0, process.readAllStandardOutput().constData());
    }

    void ctrlCRollsBack()
    {
        const QStringList before = slotNames();
        QProcess process;
        prepare(process);
        process.setArguments({QStringLiteral("add-standby"), QStringLiteral("demo"), QStringLiteral("--name"),
                              QStringLiteral("slow"), QStringLiteral("--max-rate"), QStringLiteral("64k"),
                              QStringLiteral("--yes")});
        process.start();
        QByteArray said;
        // The copy of tens of megabytes at 64 kB/s takes minutes: it is stopped in the middle.
        QTRY_VERIFY_WITH_TIMEOUT((said += process.readAllStandardError()).contains(" at ") ||
                                     process.state() == QProcess::NotRunning,
                                 60000);
        QVERIFY2(process.state() == QProcess::Running, said.constData());
        QCOMPARE(::kill(pid_t(process.processId()), SIGINT), 0);
        QVERIFY(process.waitForFinished(60000));
        said += process.readAllStandardError();
        QVERIFY2(process.exitCode() == 3, said.constData());
        QVERIFY2(said.contains("undone"), said.constData());
        QCOMPARE(slotNames(), before);
        QVERIFY(!QDir(m_folder)
                     .entryList(QDir::AllEntries | QDir::Hidden)
                     .join(u' ')
                     .contains(QStringLiteral("slow")));
        const Answer operations = run({QStringLiteral("operations")});
        QVERIFY2(operations.out.contains("Nothing was interrupted"), operations.out.constData());
    }

    void aStandbyIsAdded()
    {
        const QString folder = m_out.filePath(QStringLiteral("report"));
        const Answer answer =
            run({QStringLiteral("add-standby"), QStringLiteral("demo"), QStringLiteral("--yes"),
                 QStringLiteral("--json"), QStringLiteral("--report"), folder},
                180);
        QVERIFY2(answer.code == 0, (answer.err + answer.out).constData());
        const QJsonObject top = answer.json();
        QCOMPARE(top[QStringLiteral("run")][QStringLiteral("outcome")].toString(), QStringLiteral("done"));
        const QJsonArray steps = top[QStringLiteral("run")][QStringLiteral("steps")].toArray();
        QVERIFY(!steps.isEmpty());
        for (const QJsonValue &step : steps)
            QVERIFY(step[QStringLiteral("outcome")].toString() == QStringLiteral("done") ||
                    step[QStringLiteral("outcome")].toString() == QStringLiteral("skipped"));
        const QByteArray markdown =
            contentOf(top[QStringLiteral("report")][QStringLiteral("markdown")].toString());
        QVERIFY2(markdown.contains("> **Added standby2.**"), markdown.left(800).constData());
        static const QRegularExpression row(QStringLiteral("\\| +50,004 \\|"));
        QCOMPARE(QString::fromUtf8(markdown).count(row), 3);
        const QString passfile =
            run({QStringLiteral("demo"), QStringLiteral("status"), QStringLiteral("--json")})
                .json()
                .value(QStringLiteral("passfile"))
                .toString();
        const QList<QByteArray> lines = contentOf(passfile).split('\n');
        const QByteArray page = contentOf(top[QStringLiteral("report")][QStringLiteral("html")].toString());
        for (const QByteArray &line : lines) {
            const QByteArray secret = line.mid(line.lastIndexOf(':') + 1);
            if (secret.isEmpty())
                continue;
            QVERIFY2(!markdown.contains(secret) && !page.contains(secret) && !answer.out.contains(secret) &&
                         !answer.err.contains(secret),
                     "a password was written");
        }
        const QJsonArray pictures = top[QStringLiteral("report")][QStringLiteral("pictures")].toArray();
        QVERIFY(pictures.size() >= 3);
        for (const QJsonValue &picture : pictures)
            QVERIFY2(!QImage(picture.toString()).isNull(), qPrintable(picture.toString()));
        QCOMPARE(slotNames(), (QStringList{QStringLiteral("standby2_slot"), QStringLiteral("standby_slot")}));
        QTRY_COMPARE_WITH_TIMEOUT(cluster().value(QStringLiteral("links")).toArray().size(), 2, 20000);
        const QJsonArray links = cluster().value(QStringLiteral("links")).toArray();
        for (const QJsonValue &link : links)
            QCOMPARE(link[QStringLiteral("state")].toString(), QStringLiteral("streaming"));
    }

    void theNextOneGetsTheNextName()
    {
        const Answer dry = run({QStringLiteral("add-standby"), QStringLiteral("demo"),
                                QStringLiteral("--dry-run"), QStringLiteral("--json")});
        QCOMPARE(dry.json()[QStringLiteral("plan")][QStringLiteral("subject")].toString(),
                 QStringLiteral("standby3"));
        const Answer answer =
            run({QStringLiteral("add-standby"), QStringLiteral("demo"), QStringLiteral("--name"),
                 QStringLiteral("standby3"), QStringLiteral("--yes")},
                180);
        QVERIFY2(answer.code == 0, (answer.err + answer.out).constData());
        QVERIFY2(answer.out.contains("50,004"), answer.out.constData());
        QVERIFY(slotNames().contains(QStringLiteral("standby3_slot")));
    }

    void snapshotsOfEveryKind()
    {
        for (const QString &ending : {QStringLiteral("png"), QStringLiteral("svg"), QStringLiteral("pdf")}) {
            QList<QByteArray> times;
            for (int i = 0; i < 3; ++i) {
                const QString path = m_out.filePath(QStringLiteral("shot%1.%2").arg(i).arg(ending));
                const Answer answer =
                    run({QStringLiteral("snapshot"), QStringLiteral("demo"), QStringLiteral("-o"), path,
                         QStringLiteral("--stable"), QStringLiteral("--size"), QStringLiteral("800x500")});
                QVERIFY2(answer.code == 0, answer.err.constData());
                times << contentOf(path);
            }
            QVERIFY(times.at(0).size() > 1000);
            QVERIFY2(times.at(0) == times.at(1) && times.at(1) == times.at(2), qPrintable(ending));
        }
        QVERIFY(contentOf(m_out.filePath(QStringLiteral("shot0.svg"))).contains("standby_slot"));
        QVERIFY(contentOf(m_out.filePath(QStringLiteral("shot0.pdf"))).startsWith("%PDF-"));
        const QString big = m_out.filePath(QStringLiteral("big.png"));
        const Answer answer = run({QStringLiteral("snapshot"), QStringLiteral("demo"), QStringLiteral("-o"),
                                   big, QStringLiteral("--scale"), QStringLiteral("2"),
                                   QStringLiteral("--theme"), QStringLiteral("dark")});
        QCOMPARE(answer.code, 0);
        QCOMPARE(QImage(big).size(), QSize(2400, 1400));
        const QString told = m_out.filePath(QStringLiteral("told.svg"));
        const Answer redacted =
            run({QStringLiteral("snapshot"), QStringLiteral("demo"), QStringLiteral("-o"), told,
                 QStringLiteral("--redact"), QStringLiteral("--findings"), QStringLiteral("--title"),
                 QStringLiteral("At 127.0.0.1"), QStringLiteral("--no-legend"), QStringLiteral("--no-time")});
        QVERIFY2(redacted.code == 0, redacted.err.constData());
        const QByteArray drawing = contentOf(told);
        QVERIFY(drawing.contains("At host-1") && drawing.contains("Findings"));
        QVERIFY(!drawing.contains("127.0.0.1") && !drawing.contains("synchronous"));
        const Answer nowhere = run({QStringLiteral("snapshot"), QStringLiteral("demo"), QStringLiteral("-o"),
                                    QStringLiteral("/proc/none/x.png")});
        QCOMPARE(nowhere.code, 1);
    }

    void aLagPictureWatches()
    {
        const QString path = m_out.filePath(QStringLiteral("lag.png"));
        const Answer answer = run({QStringLiteral("snapshot"), QStringLiteral("demo"), QStringLiteral("-o"),
                                   path, QStringLiteral("--what"), QStringLiteral("lag"),
                                   QStringLiteral("--for"), QStringLiteral("3")});
        QVERIFY2(answer.code == 0, answer.err.constData());
        QVERIFY(!QImage(path).isNull());
    }

    void aRecordingStandsInForItsCluster()
    {
        const QString path = m_out.filePath(QStringLiteral("it's a night.understudy-recording"));
        const Answer recorded = run({QStringLiteral("record"), QStringLiteral("demo"), QStringLiteral("-o"),
                                     path, QStringLiteral("--for"), QStringLiteral("3"),
                                     QStringLiteral("--every"), QStringLiteral("0.5")});
        QVERIFY2(recorded.code == 0, recorded.err.constData());
        const auto topology = [&](const QStringList &more) {
            return run(QStringList{QStringLiteral("topology"), path, QStringLiteral("--json")} + more);
        };
        const Answer end = topology({});
        QVERIFY2(end.code == 0, end.err.constData());
        const QJsonObject cluster = end.json()[QStringLiteral("clusters")].toArray().at(0).toObject();
        QCOMPARE(cluster[QStringLiteral("nodes")].toArray().size(), 4);
        for (const QJsonValue &link : cluster[QStringLiteral("links")].toArray())
            QCOMPARE(link[QStringLiteral("state")].toString(), QStringLiteral("streaming"));
        const QString taken = end.json()[QStringLiteral("taken_at")].toString();
        QCOMPARE(topology({QStringLiteral("--at"), taken}).json()[QStringLiteral("taken_at")].toString(),
                 taken);
        const Answer outside = topology({QStringLiteral("--at"), QStringLiteral("2001-01-01T00:00:00Z")});
        QCOMPARE(outside.code, 1);
        QVERIFY2(outside.err.contains("a time of this recording"), outside.err.constData());
        for (const QString &what : {QStringLiteral("topology"), QStringLiteral("lag")}) {
            const QString picture = m_out.filePath(what + QStringLiteral("-recorded.png"));
            const Answer drawn = run({QStringLiteral("snapshot"), path, QStringLiteral("-o"), picture,
                                      QStringLiteral("--what"), what});
            QVERIFY2(drawn.code == 0, drawn.err.constData());
            QVERIFY(!QImage(picture).isNull());
        }
        QCOMPARE(run({QStringLiteral("record"), QStringLiteral("demo"), QStringLiteral("-o"),
                      m_out.filePath(QStringLiteral("x.bin"))})
                     .code,
                 2);
        QCOMPARE(run({QStringLiteral("topology"), QStringLiteral("demo"), QStringLiteral("--at"),
                      QStringLiteral("12:00")})
                     .code,
                 1);
    }

    void aHistoryStandsInForItsCluster()
    {
        const QString path = m_out.filePath(QStringLiteral("a week.sqlite"));
        const QStringList record{
            QStringLiteral("record"),  QStringLiteral("demo"), QStringLiteral("--store"), path,
            QStringLiteral("--every"), QStringLiteral("0.5"),  QStringLiteral("--for")};
        // It is gone on with.
        QString first;
        for (const QString &seconds : {QStringLiteral("3"), QStringLiteral("2")}) {
            const Answer recorded = run(record + QStringList{seconds});
            QVERIFY2(recorded.code == 0, recorded.err.constData());
            const Answer end = run({QStringLiteral("topology"), path, QStringLiteral("--json")});
            QVERIFY2(end.code == 0, end.err.constData());
            const QJsonObject cluster = end.json()[QStringLiteral("clusters")].toArray().at(0).toObject();
            QVERIFY(cluster[QStringLiteral("nodes")].toArray().size() >= 2);
            if (first.isEmpty())
                first = end.json()[QStringLiteral("taken_at")].toString();
        }
        const Answer then =
            run({QStringLiteral("topology"), path, QStringLiteral("--json"), QStringLiteral("--at"), first});
        QCOMPARE(then.json()[QStringLiteral("taken_at")].toString(), first);
        const Answer outside = run({QStringLiteral("topology"), path, QStringLiteral("--at"),
                                    QStringLiteral("2001-01-01T00:00:00Z")});
        QCOMPARE(outside.code, 1);
        QVERIFY2(outside.err.contains("a time of this history"), outside.err.constData());
        for (const QString &what : {QStringLiteral("topology"), QStringLiteral("lag")}) {
            const QString picture = m_out.filePath(what + QStringLiteral("-kept.png"));
            const Answer drawn = run({QStringLiteral("snapshot"), path, QStringLiteral("-o"), picture,
                                      QStringLiteral("--what"), what});
            QVERIFY2(drawn.code == 0, drawn.err.constData());
            QVERIFY(!QImage(picture).isNull());
        }
        // A file of somebody else's is not touched.
        QFile letter(m_out.filePath(QStringLiteral("letter.txt")));
        QVERIFY(letter.open(QIODevice::WriteOnly));
        letter.write("Dear all");
        letter.close();
        const Answer foreign =
            run({QStringLiteral("record"), QStringLiteral("demo"), QStringLiteral("--store"),
                 letter.fileName(), QStringLiteral("--for"), QStringLiteral("60")});
        QCOMPARE(foreign.code, 1);
        QVERIFY2(foreign.err.contains("is not a history of Understudy's"), foreign.err.constData());
        QCOMPARE(letter.size(), qint64(8));
        QCOMPARE(run({QStringLiteral("record"), QStringLiteral("demo")}).code, 2);
    }

    void aHungNodeCostsNoMoreThanTheDeadline()
    {
        const QString directory =
            demoNode(QStringLiteral("standby2")).value(QStringLiteral("data_dir")).toString();
        const auto pid =
            pid_t(contentOf(directory + QStringLiteral("/postmaster.pid")).split('\n').value(0).toInt());
        QVERIFY(pid > 1);
        QCOMPARE(::kill(pid, SIGSTOP), 0);
        QElapsedTimer timer;
        timer.start();
        const Answer answer =
            run({QStringLiteral("topology"), QStringLiteral("demo"), QStringLiteral("--json"),
                 QStringLiteral("--timeout"), QStringLiteral("5")});
        const qint64 took = timer.elapsed();
        ::kill(pid, SIGCONT);
        QVERIFY2(answer.code == 0, answer.err.constData());
        QVERIFY2(took < 6500, qPrintable(QString::number(took)));
        bool said = false;
        const QJsonArray nodes =
            answer.json()[QStringLiteral("clusters")][0][QStringLiteral("nodes")].toArray();
        for (const QJsonValue &node : nodes)
            said = said || node[QStringLiteral("state")].toString() == QStringLiteral("not_responding");
        QVERIFY2(said, answer.out.constData());
    }

    void nothingStays()
    {
        const Answer stopped = run({QStringLiteral("demo"), QStringLiteral("stop")});
        QVERIFY2(stopped.code == 0, stopped.err.constData());
        QVERIFY(!QFileInfo::exists(m_folder));
        QTRY_VERIFY_WITH_TIMEOUT(processesOf(m_folder).isEmpty(), 10000);
        const Answer status =
            run({QStringLiteral("demo"), QStringLiteral("status"), QStringLiteral("--json")});
        QCOMPARE(status.code, 0);
        QVERIFY(!status.json().value(QStringLiteral("running")).toBool(true));
        QCOMPARE(run({QStringLiteral("demo"), QStringLiteral("stop")}).code, 0);
        const Answer gone = run({QStringLiteral("topology"), QStringLiteral("demo")});
        QCOMPARE(gone.code, 1);
        QVERIFY(gone.err.contains("demo start"));
    }
};

QTEST_GUILESS_MAIN(tst_cli)
#include "tst_cli.moc"
