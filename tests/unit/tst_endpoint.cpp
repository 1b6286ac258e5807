// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/ConninfoText.h"
#include "model/Endpoint.h"

#include <QTest>

using namespace understudy;

class TestEndpoint : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void parses_data();
    void parses();
    void refuses_data();
    void refuses();
    void roundTrips_data();
    void roundTrips();
    void keepsOptions();
    void passwordIsTakenOut();
};

void TestEndpoint::parses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("addresses");
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("database");
    const QString none;
    const QString postgres = QStringLiteral("postgres");
    QTest::newRow("conninfo") << "host=pg1 port=5433 user=me dbname=app" << QStringList{"pg1:5433"} << "me"
                              << "app";
    QTest::newRow("blanks around =") << "host = pg1  port= 5433" << QStringList{"pg1:5433"} << none
                                     << postgres;
    QTest::newRow("quoted") << "host='pg1' user='it\\'s me' dbname='a b'" << QStringList{"pg1:5432"}
                            << "it's me"
                            << "a b";
    QTest::newRow("backslash unquoted") << "user=a\\ b host=h" << QStringList{"h:5432"} << "a b" << postgres;
    QTest::newRow("empty quoted") << "host=h user=''" << QStringList{"h:5432"} << none << postgres;
    QTest::newRow("several hosts") << "host=a,b,c port=1,2,3" << QStringList{"a:1", "b:2", "c:3"} << none
                                   << postgres;
    QTest::newRow("one port for all") << "host=a,b port=7" << QStringList{"a:7", "b:7"} << none << postgres;
    QTest::newRow("socket") << "host=/run/postgresql" << QStringList{"/run/postgresql:5432"} << none
                            << postgres;
    QTest::newRow("hostaddr") << "hostaddr=10.0.0.1" << QStringList{"10.0.0.1:5432"} << none << postgres;
    QTest::newRow("service") << "service=prod" << QStringList{"127.0.0.1:5432"} << none << postgres;
    QTest::newRow("uri") << "postgresql://me@pg1:5433/app" << QStringList{"pg1:5433"} << "me"
                         << "app";
    QTest::newRow("short scheme") << "postgres://pg1" << QStringList{"pg1:5432"} << none << postgres;
    QTest::newRow("uri, several") << "postgresql://me@a:1,b,[::1]:3/app?sslmode=require"
                                  << QStringList{"a:1", "b:5432", "[::1]:3"} << "me"
                                  << "app";
    QTest::newRow("uri, IPv6") << "postgresql://[2001:db8::1]/x" << QStringList{"[2001:db8::1]:5432"} << none
                               << "x";
    QTest::newRow("uri, percent") << "postgresql://us%40er@%2Frun%2Fpg:5433/d%20b"
                                  << QStringList{"/run/pg:5433"} << "us@er"
                                  << "d b";
    QTest::newRow("uri, parameters only")
        << "postgresql:///app?host=h&port=9" << QStringList{"h:9"} << none << "app";
}

void TestEndpoint::parses()
{
    QFETCH(QString, text);
    const auto endpoints = Endpoint::parse(text);
    QVERIFY2(endpoints, endpoints ? "" : qPrintable(endpoints.error().text()));
    QStringList addresses;
    for (const Endpoint &e : *endpoints)
        addresses << e.address();
    QTEST(addresses, "addresses");
    QTEST(endpoints->first().user, "user");
    QTEST(endpoints->first().database, "database");
}

void TestEndpoint::refuses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("field");
    QTest::newRow("empty") << "  "
                           << "cluster";
    QTest::newRow("no =") << "host"
                          << "cluster";
    QTest::newRow("open quote") << "user='hunter2"
                                << "cluster";
    QTest::newRow("unknown keyword") << "hostname=x"
                                     << "cluster";
    QTest::newRow("port text") << "host=a port=hunter2"
                               << "port";
    QTest::newRow("port 0") << "host=a port=0"
                            << "port";
    QTest::newRow("port large") << "host=a port=65536"
                                << "port";
    QTest::newRow("ports") << "host=a,b,c port=1,2"
                           << "port";
    QTest::newRow("password") << "host=a password=hunter2"
                              << "password";
    QTest::newRow("sslpassword") << "host=a sslpassword=hunter2"
                                 << "password";
    QTest::newRow("uri password") << "postgresql://me:hunter2@a/b"
                                  << "password";
    QTest::newRow("uri password, ?") << "postgresql://me:hunter2?x@a/b"
                                     << "password";
    QTest::newRow("uri password, /") << "postgresql://me:hunter2/x@a/b"
                                     << "port";
    QTest::newRow("uri password parameter") << "postgresql://a/b?password=hunter2"
                                            << "password";
    QTest::newRow("percent") << "postgresql://hunter2%4/b"
                             << "cluster";
    QTest::newRow("zero byte") << "postgresql://hunter2%00/b"
                               << "cluster";
    QTest::newRow("bracket") << "postgresql://[::1/b"
                             << "cluster";
}

void TestEndpoint::refuses()
{
    QFETCH(QString, text);
    const auto endpoints = Endpoint::parse(text);
    QVERIFY(!endpoints);
    QTEST(endpoints.error().field, "field");
    // What is refused may hold a password: it is never repeated.
    QVERIFY2(!endpoints.error().text().contains(QStringLiteral("hunter2")),
             qPrintable(endpoints.error().text()));
}

void TestEndpoint::roundTrips_data()
{
    QTest::addColumn<Endpoint>("endpoint");
    Endpoint plain;
    QTest::newRow("plain") << plain;
    Endpoint odd;
    odd.host = QStringLiteral("/tmp/a b'c\\d");
    odd.port = 65535;
    odd.user = QStringLiteral("ünï'c\\öde @:/?&=");
    odd.database = QStringLiteral(" d=b ' ");
    odd.options = {{QStringLiteral("passfile"), QStringLiteral("/x y/'p\\'")},
                   {QStringLiteral("options"), QStringLiteral("-c a=b")}};
    QTest::newRow("odd") << odd;
    Endpoint v6;
    v6.host = QStringLiteral("fe80::1");
    QTest::newRow("IPv6") << v6;
}

void TestEndpoint::roundTrips()
{
    QFETCH(Endpoint, endpoint);
    const auto fromConninfo = Endpoint::parse(endpoint.conninfo());
    QVERIFY2(fromConninfo, qPrintable(endpoint.conninfo()));
    QCOMPARE(*fromConninfo, QList<Endpoint>{endpoint});
    const auto fromUri = Endpoint::parse(endpoint.uri());
    QVERIFY2(fromUri, qPrintable(endpoint.uri()));
    QCOMPARE(*fromUri, QList<Endpoint>{endpoint});
}

void TestEndpoint::keepsOptions()
{
    const auto e =
        Endpoint::parse(QStringLiteral("host=a sslmode=verify-full passfile=/p target_session_attrs=any"));
    QVERIFY(e);
    QCOMPARE(e->first().options,
             (QMap<QString, QString>{{QStringLiteral("sslmode"), QStringLiteral("verify-full")},
                                     {QStringLiteral("passfile"), QStringLiteral("/p")}}));
    Endpoint secret = e->first();
    secret.options.insert(QStringLiteral("password"), QStringLiteral("hunter2"));
    QVERIFY(!secret.conninfo().contains(QStringLiteral("hunter2")));
    QVERIFY(!secret.uri().contains(QStringLiteral("hunter2")));
    QVERIFY(!secret.conninfo({{QStringLiteral("password"), QStringLiteral("hunter2")}})
                 .contains(QStringLiteral("hunter2")));
    QVERIFY(e->first()
                .conninfo({{QStringLiteral("user"), QStringLiteral("x")}})
                .contains(QStringLiteral("user=x")));
}

void TestEndpoint::passwordIsTakenOut()
{
    QCOMPARE(withoutPassword(QStringLiteral("user=r password='hunter 2' host=p")),
             QStringLiteral("host=p user=r"));
    QCOMPARE(withoutPassword(QStringLiteral("garbage hunter2")), QString());
}

QTEST_APPLESS_MAIN(TestEndpoint)
#include "tst_endpoint.moc"
