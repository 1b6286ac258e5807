// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Quote.h"

#include <QProcess>
#include <QRandomGenerator>
#include <QTest>

using namespace understudy;

class TestQuote : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void exact_data();
    void exact();
    void shellReadsItBack();
    void plainWordsStayBare();
    void whatActsIsShown();
};

void TestQuote::exact_data()
{
    QTest::addColumn<QString>("got");
    QTest::addColumn<QString>("wanted");
    QTest::newRow("identifier") << quote::sqlIdentifier(QStringLiteral("na\"me")) << "\"na\"\"me\"";
    QTest::newRow("literal") << quote::sqlLiteral(QStringLiteral("it's")) << "'it''s'";
    QTest::newRow("literal, backslash") << quote::sqlLiteral(QStringLiteral("a\\'b")) << "E'a\\\\''b'";
    QTest::newRow("shell, empty") << quote::shellWord({}) << "''";
    QTest::newRow("shell, quote") << quote::shellWord(QStringLiteral("it's")) << "'it'\\''s'";
    QTest::newRow("shell, assignment") << quote::shellWord(QStringLiteral("A=b")) << "'A=b'";
    QTest::newRow("shell, tilde") << quote::shellWord(QStringLiteral("~root")) << "'~root'";
    QTest::newRow("command") << quote::shellCommand(
                                    {QStringLiteral("pg_ctl"), QStringLiteral("-D"), QStringLiteral("a b")})
                             << "pg_ctl -D 'a b'";
    QTest::newRow("conninfo, plain") << quote::conninfoValue(QStringLiteral("/a/b")) << "/a/b";
    QTest::newRow("conninfo, empty") << quote::conninfoValue({}) << "''";
    QTest::newRow("conninfo") << quote::conninfoValue(QStringLiteral("a '\\")) << "'a \\'\\\\'";
    QTest::newRow("conf") << quote::confValue(QStringLiteral("a'b\\c\nd")) << "'a''b\\\\c\\nd'";
    QTest::newRow("unit") << quote::unitWord(QStringLiteral("/a b/\"%n\\$HOME\n"))
                          << "\"/a b/\\\"%%n\\\\$$HOME\\x0a\"";
    QTest::newRow("passfile") << quote::passfileField(QStringLiteral("a:b\\c")) << "a\\:b\\\\c";
}

void TestQuote::exact()
{
    QFETCH(QString, got);
    QTEST(got, "wanted");
}

void TestQuote::shellReadsItBack()
{
    // Every ASCII character alone and in the middle, then words made of the worst of them. Fixed seed.
    QStringList words;
    for (char16_t c = 1; c < 128; ++c)
        words << QString(QChar(c)) << QStringLiteral("a%1b").arg(QChar(c));
    words << QString() << QStringLiteral("-n") << QStringLiteral("ü€😀") << QStringLiteral("$(rm -rf x)");
    QRandomGenerator random(20251117);
    const QString worst = QStringLiteral("'\"\\$`!*?[]{}()<>|&;#~= \t\nab%^");
    for (int i = 0; i < 500; ++i) {
        QString word;
        for (int n = random.bounded(1, 12); n > 0; --n)
            word += worst[random.bounded(int(worst.size()))];
        words << word;
    }
    QProcess shell;
    QString script;
    for (const QString &word : words)
        script += QStringLiteral("printf '%s\\036' ") + quote::shellWord(word) + u'\n';
    shell.start(QStringLiteral("/bin/sh"), {});
    shell.write(script.toUtf8());
    shell.closeWriteChannel();
    QVERIFY(shell.waitForFinished(20000));
    QCOMPARE(shell.readAllStandardError(), QByteArray());
    QString expected;
    for (const QString &word : words)
        expected += word + QChar(036);
    QCOMPARE(QString::fromUtf8(shell.readAllStandardOutput()), expected);
}

void TestQuote::whatActsIsShown()
{
    using quote::visible;
    QCOMPARE(visible(QStringLiteral("plain <b>text</b> \u05d0 \u00e9\u00ad")),
             QStringLiteral("plain <b>text</b> \u05d0 \u00e9\u00ad"));
    QCOMPARE(visible(QStringLiteral("a\nb\tc\x1b[31m\x7f")), QStringLiteral("a\\nb\\tc\\x1b[31m\\x7f"));
    QCOMPARE(visible(QStringLiteral("\u202egnp.exe\u2066\u200f\ufeff\u2028")),
             QStringLiteral("\\u202egnp.exe\\u2066\\u200f\\ufeff\\u2028"));
    QCOMPARE(visible(QString(QChar(u'\0'))), QStringLiteral("\\x00"));
    // Joiners are part of how some languages are spelled.
    QCOMPARE(visible(QStringLiteral("\u0645\u06cc\u200c\u062e")), QStringLiteral("\u0645\u06cc\u200c\u062e"));
}

void TestQuote::plainWordsStayBare()
{
    for (const char *word : {"pg_basebackup", "-D", "/var/lib/x.y", "--slot=s", "user@host:5432", "a,b+c%"})
        QCOMPARE(quote::shellWord(QString::fromLatin1(word)), QString::fromLatin1(word));
}

QTEST_GUILESS_MAIN(TestQuote)
#include "tst_quote.moc"
