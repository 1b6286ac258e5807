// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitor/Connection.h"

#include <QTest>

using namespace understudy;

/// libpq's and the servers' own words, as they were seen, and what is made of them.
class TestConnectionWords : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void oneSentence_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<Answer>("answer");
        QTest::addColumn<QString>("said");
        const QString at = QStringLiteral("connection to server at \"127.0.0.1\", port 5432 failed: ");
        const QString v6 = QStringLiteral("connection to server at \"localhost\" (::1), port 5432 failed: ");
        const auto row = [](const char *name, const QString &text, Answer answer, const char *said) {
            QTest::newRow(name) << text << answer << QString::fromUtf8(said);
        };
        row("twice refused",
            v6 + QStringLiteral(
                     "Connection refused\n\tIs the server running on that host and accepting TCP/IP "
                     "connections?\n"),
            Answer::Refused, "Connection refused");
        row("first refused, then a reason",
            v6 + QStringLiteral("Connection refused\n") + at +
                QStringLiteral("FATAL:  role \"x\" does not exist\n"),
            Answer::LoginFailed, "role \"x\" does not exist. Name one that does");
        row("prefer tries both",
            at +
                QStringLiteral(
                    "FATAL:  no pg_hba.conf entry for host \"10.0.0.9\", user \"u\", database \"d\", "
                    "SSL encryption\n") +
                at +
                QStringLiteral(
                    "FATAL:  no pg_hba.conf entry for host \"10.0.0.9\", user \"u\", database \"d\", "
                    "no encryption\n"),
            Answer::LoginFailed, "host \"d\" \"u\" 10.0.0.9/32 scram-sha-256");
        row("IPv6",
            at + QStringLiteral(
                     "FATAL:  no pg_hba.conf entry for host \"fe80::1\", user \"u\", database \"d\", "
                     "SSL encryption\n"),
            Answer::LoginFailed, "hostssl \"d\" \"u\" fe80::1/128 scram-sha-256.");
        row("TLS is off", at + QStringLiteral("server does not support SSL, but SSL was required\n"),
            Answer::Failed, "sslmode=require asks for TLS and this server has it off");
        row("full", at + QStringLiteral("FATAL:  sorry, too many clients already\n"), Answer::Failed,
            "all its connections are taken");
        row("PgBouncer 1.18", at + QStringLiteral("FATAL:  unsupported startup parameter: options\n"),
            Answer::NotPostgres, "a connection pooler such as PgBouncer answers at 127.0.0.1:5432");
        row("PgBouncer 1.24",
            at + QStringLiteral("FATAL:  unsupported startup parameter in options: lock_timeout\n"),
            Answer::NotPostgres, "It said: unsupported startup parameter in options: lock_timeout");
        row("PgBouncer, no such user", at + QStringLiteral("FATAL:  no such user: x\n"), Answer::NotPostgres,
            "Give the server's own address.");
        row("something new", at + QStringLiteral("FATAL:  the moon is full\n"), Answer::Failed,
            "the moon is full");
    }

    void oneSentence()
    {
        QFETCH(QString, text);
        QFETCH(Answer, answer);
        QFETCH(QString, said);
        Endpoint endpoint;
        endpoint.options.insert(QStringLiteral("sslmode"), QStringLiteral("require"));
        const ConnectionError error = explained(classify(QString(), text), endpoint);
        QCOMPARE(error.answer, answer);
        QVERIFY2(error.text.contains(said), qPrintable(error.text));
        QVERIFY2(!error.text.contains(QStringLiteral("failed: ")), qPrintable(error.text));
    }

    void oldServers()
    {
        for (const int version : {90624, 100023, 110022}) {
            const auto error = versionError(version);
            QVERIFY(error);
            QCOMPARE(error->answer, Answer::NotPostgres);
            QVERIFY(error->text.contains(QStringLiteral("the oldest version that can be watched is 12")));
        }
        QVERIFY(versionError(90624)->text.contains(QStringLiteral("PostgreSQL 9.6.24,")));
        QVERIFY(!versionError(120000));
        QVERIFY(!versionError(990001));
    }
};

QTEST_GUILESS_MAIN(TestConnectionWords)
#include "tst_connection_words.moc"
