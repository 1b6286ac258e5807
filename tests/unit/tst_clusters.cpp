// SPDX-License-Identifier: GPL-3.0-or-later
#include "clusters/ClusterSpec.h"
#include "clusters/LocalAddresses.h"
#include "clusters/ServiceFile.h"
#include "hosts/OsUser.h"
#include "monitor/LibpqDefaults.h"

#include <QtTest>

using namespace understudy;

namespace {

void write(const QString &path, const QByteArray &content)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
}

QByteArray readBack(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestClusters : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    QString path(const QString &name) const { return m_folder.filePath(name); }

private Q_SLOTS:
    void initTestCase()
    {
        for (const QString &key : QProcessEnvironment::systemEnvironment().keys()) {
            if (key.startsWith(QLatin1String("PG")))
                qunsetenv(key.toLocal8Bit().constData());
        }
        qputenv("XDG_STATE_HOME", QFile::encodeName(m_folder.path()));
        qputenv("PGSERVICEFILE", QFile::encodeName(path(QStringLiteral("services"))));
        qputenv("PGSYSCONFDIR", QFile::encodeName(m_folder.path()));
        write(path(QStringLiteral("services")),
              "# ours\n[orders]\nhost=db1,db2\nport=5433\nuser=app\ndbname=orders\n"
              "password=hunter2\n\n[other]\nhost=elsewhere\n");
        write(path(QStringLiteral("pg_service.conf")), "[wide]\nhost=/run/postgresql\n");
    }

    void aSavedClusterComesBack()
    {
        ClusterSpec spec;
        spec.title = QStringLiteral("orders \"main\"");
        spec.replicationUser = QStringLiteral("replicator");
        spec.replicationPassfile = QStringLiteral("/etc/pass file");
        Endpoint endpoint;
        endpoint.host = QStringLiteral("::1");
        endpoint.port = 5433;
        endpoint.user = QStringLiteral("o'neil \\ x");
        endpoint.options.insert(QStringLiteral("passfile"), QStringLiteral("/a b"));
        spec.nodes << WatchedNode{endpoint.address(), QStringLiteral("één"), endpoint};
        endpoint.host = QStringLiteral("/run/postgresql");
        spec.nodes << WatchedNode{endpoint.address(), QString(), endpoint};
        const QString file = path(QStringLiteral("saved.json"));
        QVERIFY(saveCluster(spec, file));

        const auto loaded = loadCluster(file);
        QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().text()));
        QCOMPARE(loaded->title, spec.title);
        QCOMPARE(loaded->replicationUser, spec.replicationUser);
        QCOMPARE(loaded->replicationPassfile, spec.replicationPassfile);
        QCOMPARE(loaded->savedFile, file);
        QVERIFY(!loaded->isDemo);
        QCOMPARE(loaded->nodes.size(), 2);
        for (int i = 0; i < 2; ++i) {
            QCOMPARE(loaded->nodes.at(i).id, spec.nodes.at(i).id);
            QCOMPARE(loaded->nodes.at(i).name, spec.nodes.at(i).name);
            QCOMPARE(loaded->nodes.at(i).endpoint, spec.nodes.at(i).endpoint);
        }
        const auto resolved = resolveCluster(file);
        QVERIFY(resolved);
        QCOMPARE(resolved->nodes.size(), 2);
    }

    void aSavedFileNeverHoldsAPassword()
    {
        ClusterSpec spec;
        Endpoint endpoint;
        endpoint.options.insert(QStringLiteral("password"), QStringLiteral("hunter2"));
        spec.nodes << WatchedNode{endpoint.address(), QStringLiteral("a"), endpoint};
        QVERIFY(saveCluster(spec, path(QStringLiteral("p.json"))));
        QVERIFY(!readBack(path(QStringLiteral("p.json"))).contains("hunter2"));
        const auto unwritable = saveCluster(spec, path(QStringLiteral("no/such/p.json")));
        QVERIFY(!unwritable);
    }

    void badFilesAreToldApart_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("word");
        QTest::newRow("not json") << QByteArray("nodes: 1") << QStringLiteral("not a cluster file");
        QTest::newRow("no format") << QByteArray("{}") << QStringLiteral("format");
        QTest::newRow("an array") << QByteArray("[1]") << QStringLiteral("format");
        QTest::newRow("newer") << QByteArray(R"({"format":2})") << QStringLiteral("format is 2");
        QTest::newRow("empty") << QByteArray(R"({"format":1,"nodes":[]})") << QStringLiteral("no nodes");
        QTest::newRow("nodes is a word")
            << QByteArray(R"({"format":1,"nodes":"x"})") << QStringLiteral("no nodes");
        QTest::newRow("node is a word")
            << QByteArray(R"({"format":1,"nodes":["x"]})") << QStringLiteral("node");
        QTest::newRow("two hosts") << QByteArray(
                                          R"({"format":1,"nodes":[{"name":"n","conninfo":"host=a,b"}]})")
                                   << QStringLiteral("\"n\"");
        QTest::newRow("twice") << QByteArray(
                                      R"({"format":1,"nodes":[{"conninfo":"host=a"},{"conninfo":"host=a"}]})")
                               << QStringLiteral("a:5432");
        QTest::newRow("a password") << QByteArray(
                                           R"({"format":1,"nodes":[{"conninfo":"host=a password=hunter2"}]})")
                                    << QStringLiteral("password");
        QTest::newRow("deep") << QByteArray(5000, '[') << QStringLiteral("not a cluster file");
        QTest::newRow("huge") << QByteArray(2 << 20, ' ') << QStringLiteral("1 MB");
    }

    void badFilesAreToldApart()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, word);
        write(path(QStringLiteral("bad.json")), content);
        const auto loaded = loadCluster(path(QStringLiteral("bad.json")));
        QVERIFY(!loaded);
        QVERIFY2(loaded.error().text().contains(word), qPrintable(loaded.error().text()));
        QVERIFY(!loaded.error().text().contains(QStringLiteral("hunter2")));
    }

    void connectionStrings()
    {
        auto spec = resolveCluster(
            QStringLiteral("postgresql://app@db1:5432,db2:5433,db1:5432/orders?sslmode=require"));
        QVERIFY(spec);
        QCOMPARE(spec->title, QStringLiteral("orders"));
        QCOMPARE(spec->nodes.size(), 2);
        QCOMPARE(spec->nodes.at(1).id, QStringLiteral("db2:5433"));
        QCOMPARE(spec->nodes.at(1).endpoint.options.value(QStringLiteral("sslmode")),
                 QStringLiteral("require"));
        spec = resolveCluster(QStringLiteral("  host=/run/postgresql port=5433 "));
        QVERIFY(spec);
        QCOMPARE(spec->title, QStringLiteral("/run/postgresql:5433"));
        const auto secret = resolveCluster(QStringLiteral("postgresql://app:hunter2@db1/orders"));
        QVERIFY(!secret);
        QVERIFY(!secret.error().text().contains(QStringLiteral("hunter2")));
        QVERIFY(!resolveCluster(QStringLiteral("service=orders password=hunter2")));
    }

    void services()
    {
        for (const QString &text : {QStringLiteral("service=orders"), QStringLiteral("orders")}) {
            const auto spec = resolveCluster(text);
            QVERIFY2(spec, spec ? "" : qPrintable(spec.error().text()));
            QCOMPARE(spec->title, QStringLiteral("orders"));
            QCOMPARE(spec->source, text);
            QCOMPARE(spec->nodes.size(), 2);
            QCOMPARE(spec->nodes.at(0).id, QStringLiteral("db1:5433"));
            QCOMPARE(spec->nodes.at(1).id, QStringLiteral("db2:5433"));
            QCOMPARE(spec->nodes.at(0).endpoint.user, QStringLiteral("app"));
            QCOMPARE(spec->nodes.at(0).endpoint.database, QStringLiteral("orders"));
            // libpq finds the password there by itself.
            QCOMPARE(spec->nodes.at(0).endpoint.options.value(QStringLiteral("service")),
                     QStringLiteral("orders"));
            QVERIFY(!spec->nodes.at(0).endpoint.conninfo().contains(QStringLiteral("hunter2")));
        }
        const auto own = resolveCluster(QStringLiteral("service=orders port=6000"));
        QVERIFY(own);
        QCOMPARE(own->nodes.at(0).id, QStringLiteral("db1:6000"));
        const auto wide = resolveCluster(QStringLiteral("wide"));
        QVERIFY(wide);
        QCOMPARE(wide->nodes.at(0).id, QStringLiteral("/run/postgresql:5432"));
        const auto none = resolveCluster(QStringLiteral("service=nowhere"));
        QVERIFY(!none);
        QVERIFY(none.error().text().contains(QStringLiteral("[nowhere]")));
    }

    void whatIsNotSaidComesFromWherePsqlTakesIt_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("user");
        QTest::addColumn<QString>("database");
        const QString me = OsUser::current().name;
        const QString socket = libpqDefaults().socketDirectory;
        QVERIFY(socket.startsWith(QLatin1Char('/')));
        const auto row = [](const char *name, const char *text, const QString &id, const QString &user,
                            const char *database) {
            QTest::newRow(name) << QString::fromLatin1(text) << id << user << QString::fromLatin1(database);
        };
        row("uri without a host", "postgresql:///app", socket + QStringLiteral(":5432"), me, "app");
        row("conninfo without a host", "dbname=app", socket + QStringLiteral(":5432"), me, "app");
        row("a port alone", "port=5433", socket + QStringLiteral(":5433"), me, "postgres");
        row("an empty service", "service=", socket + QStringLiteral(":5432"), me, "postgres");
        row("a host", "host=db1", QStringLiteral("db1:5432"), me, "postgres");
        row("an address", "hostaddr=192.0.2.1", QStringLiteral("192.0.2.1:5432"), me, "postgres");
        row("PGHOST", "PGHOST=db9 dbname=app", QStringLiteral("db9:5432"), me, "app");
        row("PGHOST loses", "PGHOST=db9 host=db1", QStringLiteral("db1:5432"), me, "postgres");
        row("PGPORT, PGUSER, PGDATABASE", "PGPORT=6000 PGUSER=mon PGDATABASE=own host=db1",
            QStringLiteral("db1:6000"), QStringLiteral("mon"), "own");
        row("PGHOSTADDR", "PGHOSTADDR=192.0.2.7 user=a", QStringLiteral("192.0.2.7:5432"),
            QStringLiteral("a"), "postgres");
        row("an empty PGHOST", "PGHOST= user=a", socket + QStringLiteral(":5432"), QStringLiteral("a"),
            "postgres");
        row("PGSERVICE", "PGSERVICE=orders dbname=else", QStringLiteral("db1:5433"), QStringLiteral("app"),
            "else");
        row("the service before the environment", "PGPORT=6000 PGUSER=mon service=orders",
            QStringLiteral("db1:5433"), QStringLiteral("app"), "orders");
        row("the environment fills a service", "PGPORT=6000 service=wide",
            QStringLiteral("/run/postgresql:6000"), me, "postgres");
    }

    void whatIsNotSaidComesFromWherePsqlTakesIt()
    {
        QFETCH(QString, text);
        QFETCH(QString, id);
        QFETCH(QString, user);
        QFETCH(QString, database);
        // Words in capitals are the environment.
        QStringList words;
        QStringList variables;
        for (const QString &word : text.split(QLatin1Char(' '))) {
            if (!word.startsWith(QLatin1String("PG"))) {
                words << word;
                continue;
            }
            variables << word.section(QLatin1Char('='), 0, 0);
            qputenv(variables.constLast().toLatin1().constData(),
                    word.section(QLatin1Char('='), 1).toLatin1());
        }
        const auto spec = resolveCluster(words.join(QLatin1Char(' ')));
        for (const QString &variable : variables)
            qunsetenv(variable.toLatin1().constData());
        QVERIFY2(spec, spec ? "" : qPrintable(spec.error().text()));
        QCOMPARE(spec->nodes.constFirst().id, id);
        QCOMPARE(spec->nodes.constFirst().endpoint.user, user);
        QCOMPARE(spec->nodes.constFirst().endpoint.database, database);
    }

    void tlsOptionsOfTheEnvironmentTravelWithTheNode()
    {
        qputenv("PGSSLMODE", "verify-full");
        qputenv("PGSSLROOTCERT", "/etc/ca.pem");
        qputenv("PGPASSWORD", "hunter2");
        const auto spec = resolveCluster(QStringLiteral("host=db1"));
        const auto own = resolveCluster(QStringLiteral("host=db1 sslmode=disable"));
        qputenv("PGHOSTADDR", "192.0.2.1");
        const auto uneven = resolveCluster(QStringLiteral("host=db1,db2"));
        for (const char *name : {"PGSSLMODE", "PGSSLROOTCERT", "PGPASSWORD", "PGHOSTADDR"})
            qunsetenv(name);
        QVERIFY(spec && own);
        const auto options = spec->nodes.constFirst().endpoint.options;
        QCOMPARE(options.value(QStringLiteral("sslmode")), QStringLiteral("verify-full"));
        QCOMPARE(options.value(QStringLiteral("sslrootcert")), QStringLiteral("/etc/ca.pem"));
        QVERIFY(!options.contains(QStringLiteral("password")));
        QCOMPARE(own->nodes.constFirst().endpoint.options.value(QStringLiteral("sslmode")),
                 QStringLiteral("disable"));
        QVERIFY(!uneven);
        QVERIFY2(uneven.error().what.contains(QStringLiteral("PGHOSTADDR of the environment")),
                 qPrintable(uneven.error().what));
    }

    void aTunnelIsOneWord()
    {
        const auto spec = resolveCluster(QStringLiteral("host=db1 ssh=admin@gateway user=me"));
        QVERIFY(spec);
        const Endpoint &endpoint = spec->nodes.constFirst().endpoint;
        QCOMPARE(endpoint.ssh, QStringLiteral("admin@gateway"));
        QCOMPARE(spec->nodes.constFirst().id, QStringLiteral("db1:5432"));
        QVERIFY(!endpoint.conninfo().contains(QStringLiteral("ssh=")));
        QVERIFY(saveCluster(*spec, path(QStringLiteral("far.json"))));
        const auto again = loadCluster(path(QStringLiteral("far.json")));
        QVERIFY(again);
        QCOMPARE(again->nodes.constFirst().endpoint, endpoint);
        const auto hostile = resolveCluster(QStringLiteral("host=db1 ssh=-oProxyCommand=evil"));
        QVERIFY(!hostile);
        QCOMPARE(hostile.error().field, QStringLiteral("ssh"));
    }

    void whatCannotBeIsSaidInOneSentence_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("word");
        QTest::newRow("nothing") << QStringLiteral("  ") << QStringLiteral("No cluster");
        QTest::newRow("demo") << QStringLiteral("demo") << QStringLiteral("understudy demo start");
        QTest::newRow("a word") << QStringLiteral("nothing-like-it") << QStringLiteral("neither a file");
        QTest::newRow("no file") << QStringLiteral("/no/such/file") << QStringLiteral("There is no file");
        QTest::newRow("no json") << QStringLiteral("orders.json") << QStringLiteral("There is no file");
        QTest::newRow("compose") << QStringLiteral("/no/docker-compose.yml")
                                 << QStringLiteral("There is no file");
        QTest::newRow("a folder") << QDir::tempPath() << QStringLiteral("is a folder");
        QTest::newRow("bad port") << QStringLiteral("host=a port=99999") << QStringLiteral("port");
    }

    void whatCannotBeIsSaidInOneSentence()
    {
        QFETCH(QString, text);
        QFETCH(QString, word);
        const auto spec = resolveCluster(text);
        QVERIFY(!spec);
        QVERIFY2(spec.error().text().contains(word), qPrintable(spec.error().text()));
        QVERIFY(!spec.error().what.isEmpty());
    }

    void addressesOfThisMachine()
    {
        QVERIFY(isLocalAddress(QStringLiteral("127.0.0.1")));
        QVERIFY(isLocalAddress(QStringLiteral("127.8.9.1")));
        QVERIFY(isLocalAddress(QStringLiteral("/run/postgresql")));
        QVERIFY(!isLocalAddress(QStringLiteral("192.0.2.1")));
        QVERIFY(!isLocalAddress(QStringLiteral("2001:db8::1")));
        QVERIFY(!isLocalAddress(QStringLiteral("127.evil.example")));
        QVERIFY(!isLocalAddress(QString()));
    }

    void bindsNothingWithoutProof()
    {
        NodeSnapshot snapshot;
        snapshot.id = QStringLiteral("127.0.0.1:1");
        QVERIFY(bindLocalNodes({snapshot}).isEmpty());
        snapshot.answer = Answer::Answered;
        snapshot.listenPort = 1;
        snapshot.startTimeUs = 1;
        QVERIFY(bindLocalNodes({snapshot}).isEmpty());
        HostBinding binding;
        binding.dataDirectory = QStringLiteral("/");
        QCOMPARE(hostFacts({binding}).size(), 1);
    }
};

QTEST_GUILESS_MAIN(TestClusters)
#include "tst_clusters.moc"
