// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/compose/ComposePostgres.h"
#include "hosts/compose/EngineContainers.h"
#include "hosts/compose/ShellWords.h"
#include "hosts/compose/YamlSize.h"

#include <QRandomGenerator>
#include <QtTest>

using namespace understudy;
using Guess = PostgresService::Guess;

namespace {

QByteArray fixture(const char *name)
{
    QFile file(QStringLiteral(COMPOSE_FIXTURES "/") + QString::fromLatin1(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Result<QByteArray> noFile(const QString &)
{
    return fail(QStringLiteral("no"));
}

/// One service called "db" with these lines.
Result<ComposeProject> projectWith(const QByteArray &lines, const QByteArray &name = "db")
{
    QByteArray yaml = "services:\n  " + name + ":\n";
    for (const QByteArray &line : lines.split('\n'))
        yaml += "    " + line + "\n";
    return parseComposeConfig(yaml);
}

/// "a & a & a..." nine levels deep: a thousand million values.
QByteArray laughs()
{
    QByteArray yaml = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n";
    for (int i = 1; i < 9; ++i) {
        const QByteArray before = "*a" + QByteArray::number(i - 1);
        const QByteArray level = QByteArray::number(i);
        yaml += "a" + level + ": &a" + level + " [" + before;
        for (int n = 0; n < 9; ++n)
            yaml += ", " + before;
        yaml += "]\n";
    }
    return yaml + "services: {db: {image: postgres, command: *a8}}\n";
}

} // namespace

class TestComposeProject : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void shapesOfBothVersions_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::newRow("1.29.2") << QByteArray("config-v1-shapes.yml");
        QTest::newRow("2.26.1") << QByteArray("config-v2-shapes.yml");
    }

    void shapesOfBothVersions()
    {
        QFETCH(QByteArray, file);
        const auto project = parseComposeConfig(fixture(file.constData()));
        QVERIFY2(project, project ? "" : qPrintable(project.error().text()));
        QCOMPARE(project->services.size(), 2);
        const ComposeService *db = project->service(QStringLiteral("db"));
        QVERIFY(db);
        QCOMPARE(db->image, QStringLiteral("postgres:16"));
        QCOMPARE(db->environment.value(QStringLiteral("POSTGRES_PASSWORD")), QStringLiteral("a$b"));
        QCOMPARE(db->environment.value(QStringLiteral("N")), QStringLiteral("5"));
        QVERIFY(!db->environment.contains(QStringLiteral("EMPTY")));
        QCOMPARE(db->environment.value(QStringLiteral("B")), QStringLiteral("true"));
        QCOMPARE(db->networks, QStringList({QStringLiteral("a"), QStringLiteral("b")}));
        QCOMPARE(db->profiles, QStringList{QStringLiteral("p")});
        QVERIFY(db->healthcheck && db->healthcheck->disabled);
        QCOMPARE(db->secrets.value(QStringLiteral("/run/secrets/pw")), QStringLiteral("pw"));
        QCOMPARE(project->secretFile.value(QStringLiteral("pw")), QStringLiteral("/srv/shop/pw.txt"));
        const QList<ComposePort> ports{
            {{}, 0, 0, 5432, QStringLiteral("tcp")},
            {QStringLiteral("127.0.0.1"), 5433, 5433, 5432, QStringLiteral("tcp")},
            {{}, 6000, 6000, 7000, QStringLiteral("tcp")},
            {{}, 6001, 6001, 7001, QStringLiteral("tcp")},
            {{}, 6002, 6002, 7002, QStringLiteral("tcp")},
            {{}, 5440, 5450, 5432, QStringLiteral("tcp")},
            {{}, 5460, 5460, 5432, QStringLiteral("tcp")},
            {QStringLiteral("::1"), 5470, 5470, 5432, QStringLiteral("tcp")},
            {{}, 53, 53, 53, QStringLiteral("udp")},
        };
        QCOMPARE(db->ports, ports);

        const ComposeService *replica = project->service(QStringLiteral("rep"));
        QVERIFY(replica);
        QCOMPARE(replica->buildContext, QStringLiteral("/srv/shop"));
        QCOMPARE(replica->command, QStringList({QStringLiteral("postgres"), QStringLiteral("-c"),
                                                QStringLiteral("port=5499")}));
        QCOMPARE(replica->networkMode, QStringLiteral("host"));
        QCOMPARE(replica->environment.value(QStringLiteral("E")), QStringLiteral("1"));
        const QList<ComposeVolume> volumes{
            {QStringLiteral("bind"), QStringLiteral("/srv/shop/x"), QStringLiteral("/y"), false},
            {QStringLiteral("volume"), QStringLiteral("data"), QStringLiteral("/var/lib/postgresql/data"),
             true}};
        QCOMPARE(replica->volumes, volumes);
        const auto found = postgresServices(*project);
        QCOMPARE(found.size(), 2);
        QCOMPARE(found.at(1).published, 5499);
        QCOMPARE(found.at(1).host, QStringLiteral("127.0.0.1"));
    }

    void theScenarioInBothVersions_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::newRow("1.29.2") << QByteArray("config-v1-scenario.yml");
        QTest::newRow("2.26.1") << QByteArray("config-v2-scenario.yml");
    }

    void theScenarioInBothVersions()
    {
        QFETCH(QByteArray, file);
        const auto project = parseComposeConfig(fixture(file.constData()));
        QVERIFY2(project, project ? "" : qPrintable(project.error().text()));
        const auto found = postgresServices(*project);
        QCOMPARE(found.size(), 2);
        QCOMPARE(found.at(0).name, QStringLiteral("postgres-primary"));
        QCOMPARE(found.at(0).role, Guess::Primary);
        QCOMPARE(found.at(0).roleEvidence, QStringLiteral("its name"));
        QCOMPARE(found.at(0).host, QStringLiteral("127.0.0.1"));
        QCOMPARE(found.at(0).published, 5432);
        QCOMPARE(found.at(0).database, QStringLiteral("appdb"));
        QCOMPARE(found.at(1).role, Guess::Standby);
        QCOMPARE(found.at(1).roleEvidence, QStringLiteral("its command runs pg_basebackup"));
        QCOMPARE(found.at(1).database, QStringLiteral("appdb"));
        QCOMPARE(servicePassword(*project, found.at(0), noFile), QStringLiteral("primary-$ecret"));
        // Its own PGPASSWORD is another role's.
        QCOMPARE(servicePassword(*project, found.at(1), noFile), QStringLiteral("primary-$ecret"));
        QVERIFY(project->service(QStringLiteral("postgres-standby"))
                    ->command.at(2)
                    .contains(QStringLiteral("\"$PGDATA")));
        QCOMPARE(project->service(QStringLiteral("postgres-primary"))->healthcheck->retries, 30);
    }

    void whoIsAServer_data()
    {
        QTest::addColumn<QByteArray>("service");
        QTest::addColumn<bool>("server");
        const auto row = [](const char *name, const char *service, bool server) {
            QTest::newRow(name) << QByteArray(service) << server;
        };
        row("official", "image: postgres", true);
        row("registry", "image: registry.example:5000/library/postgres:16@sha256:abc", true);
        row("postgis", "image: postgis/postgis:16-3.4", true);
        row("timescale", "image: timescale/timescaledb-ha:pg16", true);
        row("bitnami", "image: bitnami/postgresql:15", true);
        row("pgvector", "image: pgvector/pgvector:pg16", true);
        row("built, command", "build: .\ncommand: postgres -c wal_level=replica", true);
        row("built, PGDATA", "build: .\nenvironment: {PGDATA: /data}", true);
        row("built, data",
            "build: .\nenvironment: {POSTGRES_PASSWORD: x}\nvolumes: ['d:/var/lib/postgresql/data']", true);
        row("exporter", "image: quay.io/prometheuscommunity/postgres-exporter", false);
        row("backup", "image: prodrigestivill/postgres-backup-local", false);
        row("pooler", "image: bitnami/pgbouncer\nenvironment: {POSTGRESQL_PASSWORD: x}", false);
        row("console", "image: dpage/pgadmin4", false);
        row("rest", "image: postgrest/postgrest", false);
        row("application", "image: shop\nenvironment: {POSTGRES_HOST: db, POSTGRES_PASSWORD: x}", false);
        row("application, same env_file", "image: shop\nenvironment: {POSTGRES_PASSWORD: x}", false);
        row("another database", "image: mysql:8", false);
        row("a job", "image: postgres\ncommand: psql -h db -c 'CREATE ROLE x'", false);
        row("dumps",
            "image: postgres\nentrypoint: [sh, -c, 'while :; do pg_dump -h db > /b/x; sleep 60; done']",
            false);
        row("base backups", "image: postgres\ncommand: pg_basebackup -h db -D /backups/new", false);
        row("clones itself",
            "image: postgres\ncommand: [bash, -c, 'pg_basebackup -D $$PGDATA; exec postgres']", true);
        row("arguments", "image: postgres\ncommand: -c max_connections=200", true);
        row("waits with psql",
            "image: postgres\ncommand: [sh, -c, 'until psql -h a; do :; done; exec postgres']", true);
        row("own script", "image: postgres\nentrypoint: /start.sh", true);
        row("metadata", "image: supabase/postgres-meta", false);
        row("postgresql.conf in a path", "image: shop\ncommand: cat /etc/postgresql.conf", false);
    }

    void whoIsAServer()
    {
        QFETCH(QByteArray, service);
        QFETCH(bool, server);
        const auto project = projectWith(service);
        QVERIFY2(project, project ? "" : qPrintable(project.error().text()));
        const auto found = postgresServices(*project);
        QCOMPARE(!found.isEmpty(), server);
        if (server)
            QVERIFY(!found.at(0).evidence.isEmpty());
    }

    void whereItIsReached_data()
    {
        QTest::addColumn<QByteArray>("service");
        QTest::addColumn<QString>("address");
        const auto row = [](const char *name, const char *service, const char *address) {
            QTest::newRow(name) << QByteArray("image: postgres\n") + service << QString::fromLatin1(address);
        };
        row("bound", "ports: ['127.0.0.1:5433:5432']", "127.0.0.1:5433");
        row("everywhere", "ports: ['5433:5432']", "127.0.0.1:5433");
        row("any address", "ports: ['0.0.0.0:5433:5432/tcp']", "127.0.0.1:5433");
        row("another address", "ports: ['192.0.2.7:5433:5432']", "192.0.2.7:5433");
        row("IPv6", "ports: ['[::1]:5433:5432']", "::1:5433");
        row("IPv6, any", "ports: ['[::]:5433:5432']", "127.0.0.1:5433");
        row("numbers", "ports: [{target: 5432, published: 5433}]", "127.0.0.1:5433");
        row("text", "ports: [{target: 5432, published: '5433', host_ip: 127.0.0.2}]", "127.0.0.2:5433");
        row("not udp", "ports: ['5433:5432/udp', '5434:5432']", "127.0.0.1:5434");
        row("among others", "ports: ['80:80', '5433:5432']", "127.0.0.1:5433");
        row("PGPORT", "environment: {PGPORT: 5444}\nports: ['5433:5444']", "127.0.0.1:5433");
        row("-p", "command: postgres -p 5444\nports: ['5433:5444']", "127.0.0.1:5433");
        row("-c port=", "command: [postgres, -c, port=5444]\nports: ['5433:5444']", "127.0.0.1:5433");
        row("arguments only", "command: -c port=5444\nports: ['5433:5444']", "127.0.0.1:5433");
        row("somebody else's -p",
            "command: [sh, -c, 'pg_isready -p 99; exec postgres -c a=b']\nports: ['5433:5432']",
            "127.0.0.1:5433");
        row("host", "network_mode: host", "127.0.0.1:5432");
        row("host and port", "network_mode: host\ncommand: postgres --port=5444", "127.0.0.1:5444");
        row("none", "image2: x", "publishes no port");
        row("another port", "ports: ['80:80']", "does not publish");
        row("the engine's choice", "ports: ['5432']", "the engine chooses");
        row("a range", "ports: ['5440-5450:5432']", "the engine chooses");
    }

    void whereItIsReached()
    {
        QFETCH(QByteArray, service);
        QFETCH(QString, address);
        const auto project = projectWith(service);
        QVERIFY2(project, project ? "" : qPrintable(project.error().text()));
        const auto found = postgresServices(*project);
        QCOMPARE(found.size(), 1);
        if (found.at(0).published > 0)
            QCOMPARE(QStringLiteral("%1:%2").arg(found.at(0).host).arg(found.at(0).published), address);
        else
            QVERIFY2(found.at(0).unreachable.contains(address), qPrintable(found.at(0).unreachable));
    }

    void whoIsPrimary_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<QString>("primary");
        QTest::newRow("by name")
            << QByteArray("services:\n  pg-replica: {image: postgres}\n  pg-main: {image: postgres}")
            << QStringLiteral("pg-main");
        QTest::newRow("alone") << QByteArray("services:\n  db: {image: postgres}") << QStringLiteral("db");
        QTest::newRow("bitnami")
            << QByteArray(
                   "services:\n"
                   "  a: {image: bitnami/postgresql, environment: {POSTGRESQL_MASTER_HOST: b}}\n"
                   "  b: {image: bitnami/postgresql, environment: {POSTGRESQL_REPLICATION_MODE: primary}}")
            << QStringLiteral("b");
        QTest::newRow("awaited")
            << QByteArray("services:\n  a: {image: postgres}\n  other: {image: postgres}\n"
                          "  c: {image: postgres, depends_on: [a], command: 'pg_basebackup; exec postgres'}")
            << QStringLiteral("a");
        QTest::newRow("nobody can say")
            << QByteArray("services:\n  a: {image: postgres}\n  b: {image: postgres}") << QString();
    }

    void whoIsPrimary()
    {
        QFETCH(QByteArray, yaml);
        QFETCH(QString, primary);
        const auto project = parseComposeConfig(yaml);
        QVERIFY2(project, project ? "" : qPrintable(project.error().text()));
        QString found;
        for (const PostgresService &service : postgresServices(*project)) {
            if (service.role == Guess::Primary)
                found = service.name;
            QVERIFY(service.role == Guess::Unknown || !service.roleEvidence.isEmpty());
        }
        QCOMPARE(found, primary);
    }

    void passwordsInFiles()
    {
        const auto project = parseComposeConfig(
            "services:\n"
            "  db:\n    image: postgres\n    secrets: [pw]\n    environment: {POSTGRES_PASSWORD_FILE: "
            "/run/secrets/pw}\n"
            "  db2:\n    image: postgres\n    volumes: ['/srv/keys:/keys:ro']\n"
            "    environment: {POSTGRES_PASSWORD_FILE: /keys/a/pw}\n"
            "  db3:\n    image: postgres\n    environment: {POSTGRES_PASSWORD_FILE: /etc/shadow}\n"
            "secrets: {pw: {file: /srv/pw.txt}}\n");
        QVERIFY2(project, project ? "" : qPrintable(project.error().text()));
        QStringList read;
        const auto reader = [&read](const QString &path) -> Result<QByteArray> {
            read << path;
            return QByteArray("of ") + path.toUtf8() + "\n";
        };
        const auto found = postgresServices(*project);
        QCOMPARE(servicePassword(*project, found.at(0), reader), QStringLiteral("of /srv/pw.txt"));
        QCOMPARE(servicePassword(*project, found.at(1), reader), QStringLiteral("of /srv/keys/a/pw"));
        // The container's file is not this machine's file of that name.
        QCOMPARE(servicePassword(*project, found.at(2), reader), std::nullopt);
        QCOMPARE(read.size(), 2);
    }

    void hostileInput_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<QString>("word");
        const auto row = [](const char *name, const QByteArray &yaml, const char *word) {
            QTest::newRow(name) << yaml << QString::fromLatin1(word);
        };
        row("empty", "", "not a mapping");
        row("a word", "hello", "not a mapping");
        row("a list", "[1, 2]", "not a mapping");
        row("not yaml", "services: [", "YAML");
        row("a tab", "services:\n\tdb: {}", "YAML");
        row("bytes", QByteArray("\xff\xfe\x00\x01services", 12), "mapping");
        row("services is a list", "services: [a]", "services is not a mapping");
        row("service is a word", "services: {db: postgres}", "Service db is not a mapping");
        row("image is a map", "services: {db: {image: {a: b}}}", "image of service db is not plain text");
        row("ports is a number", "services: {db: {ports: 5}}", "ports of service db is not a list");
        row("port is a list", "services: {db: {ports: [[1]]}}", "ports of service db");
        row("port is a word", "services: {db: {ports: [x]}}", "\"x\" is not a port");
        row("port is too high", "services: {db: {ports: ['70000:5432']}}", "is not a port");
        row("port range without end", "services: {db: {ports: ['1-65535:1-65535']}}", "is not a port");
        row("port range backwards", "services: {db: {ports: ['9-5:5432']}}", "is not a port");
        row("environment is a word", "services: {db: {environment: x}}", "environment of service db");
        row("value is a map", "services: {db: {environment: {A: {b: c}}}}", "environment of service db");
        row("a billion laughs", laughs(), "multiply");
        row("inside itself", "services: &s {db: *s}", "multiply");
        row("deep", QByteArray(100000, '['), "multiply");
        row("deep maps", QByteArray("a: {").repeated(100000), "multiply");
        row("many", "services: {" + QByteArray("a: b, ").repeated(200000) + "}", "multiply");
        row("10 MB", "services: {db: {image: '" + QByteArray(10 << 20, 'x') + "'}}", "larger than 4 MB");
    }

    void hostileInput()
    {
        QFETCH(QByteArray, yaml);
        QFETCH(QString, word);
        QElapsedTimer timer;
        timer.start();
        const auto project = parseComposeConfig(yaml);
        QVERIFY(!project);
        QVERIFY2(project.error().what.contains(word), qPrintable(project.error().what));
        QVERIFY(project.error().what.size() < 400);
        QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
    }

    void damagedInputNeverEscapes_data() { theScenarioInBothVersions_data(); }

    /// A byte here and a piece there, the same ones every time: a project or a sentence, nothing else.
    void damagedInputNeverEscapes()
    {
        QFETCH(QByteArray, file);
        const QByteArray good = fixture(file.constData());
        const QByteArray bytes("\0\t\n :-[]{}&*!|>'\"%@`#,?\xff\xc3<9a", 27);
        QRandomGenerator random(20);
        int projects = 0;
        for (int round = 0; round < 1500; ++round) {
            QByteArray damaged = good;
            for (int hit = 0; hit <= round % 4; ++hit) {
                const int at = int(random.bounded(quint32(damaged.size())));
                switch (random.bounded(4)) {
                case 0:
                    damaged[at] = bytes.at(int(random.bounded(quint32(bytes.size()))));
                    break;
                case 1:
                    damaged.insert(at, bytes.mid(int(random.bounded(quint32(bytes.size()))), 3));
                    break;
                case 2:
                    damaged.remove(at, int(random.bounded(40U)));
                    break;
                default:
                    damaged.insert(at, good.mid(int(random.bounded(quint32(good.size()))), 60));
                }
            }
            const auto project = parseComposeConfig(damaged);
            if (!project) {
                QVERIFY(!project.error().what.isEmpty() && project.error().what.size() < 500);
                continue;
            }
            ++projects;
            for (const PostgresService &service : postgresServices(*project))
                QVERIFY(service.published >= 0 && service.published <= 65535);
        }
        QVERIFY(projects > 100 && projects < 1500);
    }

    void whatIsOddButRight()
    {
        const auto null = parseComposeConfig("services:\n");
        QVERIFY(null && null->services.isEmpty() && postgresServices(*null).isEmpty());
        const auto windows =
            parseComposeConfig("services:\r\n  db:\r\n    image: postgres # a\tcomment\r\n    ports:\r\n"
                               "      - \"5433:5432\"");
        QVERIFY2(windows, windows ? "" : qPrintable(windows.error().text()));
        QCOMPARE(postgresServices(*windows).at(0).published, 5433);
        const auto merged = parseComposeConfig("x: &x {image: postgres}\nservices: {db: *x, db2: *x}");
        QVERIFY(merged);
        QCOMPARE(merged->services.size(), 2);
        QCOMPARE(merged->services.at(1).image, QStringLiteral("postgres"));
        const auto names = parseComposeConfig("services: {'<b>\"\\': {image: \"post\\ngres\\u202e\"}}");
        QVERIFY2(names, names ? "" : qPrintable(names.error().text()));
        QCOMPARE(names->services.at(0).name, QStringLiteral("<b>\"\\"));
    }

    void wordsOfALine()
    {
        QCOMPARE(shellWords(QStringLiteral(" postgres  -c 'a b' \"c \\\" d\" e\\ f '' \n")),
                 QStringList({QStringLiteral("postgres"), QStringLiteral("-c"), QStringLiteral("a b"),
                              QStringLiteral("c \" d"), QStringLiteral("e f"), QString()}));
        QCOMPARE(shellWords(QStringLiteral("a 'open")),
                 QStringList({QStringLiteral("a"), QStringLiteral("open")}));
        QVERIFY(shellWords(QString()).isEmpty());
    }

    void containersOfTheEngine()
    {
        const auto containers = parseInspect(R"([
          {"Name": "/shop_db_1",
           "Config": {"Labels": {"com.docker.compose.service": "db", "com.docker.compose.project.working_dir": "/srv/shop"}},
           "NetworkSettings": {"Ports": {"5432/tcp": [{"HostIp": "0.0.0.0", "HostPort": "5433"},
                                                      {"HostIp": "::", "HostPort": "5433"}], "80/tcp": null},
                               "Networks": {"shop_back": {"IPAddress": "172.18.0.4", "Aliases": ["db", "0123"]},
                                            "shop_front": {"IPAddress": "172.19.0.2", "GlobalIPv6Address": "fd00::2",
                                                           "Aliases": null}}}},
          {"Name": 5, "Config": [], "NetworkSettings": "x"}, "y", null])");
        QCOMPARE(containers.size(), 2);
        const EngineContainer &db = containers.at(0);
        QCOMPARE(db.name, QStringLiteral("shop_db_1"));
        QCOMPARE(db.shownName(), QStringLiteral("service db"));
        QCOMPARE(db.addresses, QStringList({QStringLiteral("172.18.0.4"), QStringLiteral("172.19.0.2"),
                                            QStringLiteral("fd00::2")}));
        QVERIFY(db.aliases.contains(QStringLiteral("db")) &&
                db.aliases.contains(QStringLiteral("shop_db_1")));
        QVERIFY(db.published(5432) == std::pair(QStringLiteral("127.0.0.1"), 5433));
        QVERIFY(!db.published(80));
        QVERIFY(!db.sharesNetworkWith(containers.at(1)));
        QVERIFY(parseInspect("").isEmpty());
        QVERIFY(parseInspect(QByteArray(100000, '[')).isEmpty());
    }

    void sizeIsJudgedBeforeComposeSeesTheFile()
    {
        QVERIFY(!checkYamlSize(laughs(), QStringLiteral("x.yml")));
        QVERIFY(checkYamlSize("services: {db: [", QStringLiteral("x.yml"))); // Compose says it better.
        QVERIFY(checkYamlSize(fixture("config-v1-shapes.yml"), QStringLiteral("x.yml")));
    }
};

QTEST_GUILESS_MAIN(TestComposeProject)
#include "tst_compose_project.moc"
