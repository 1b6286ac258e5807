// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Lsn.h"

#include <QTest>
#include <limits>

using understudy::Lsn;

class TestLsn : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void parses_data();
    void parses();
    void refuses_data();
    void refuses();
    void distance();
};

void TestLsn::parses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<quint64>("bytes");
    QTest::addColumn<QString>("shown");
    QTest::newRow("zero") << "0/0" << quint64(0) << "0/0";
    QTest::newRow("documentation") << "16/B374D848" << Q_UINT64_C(0x16B374D848) << "16/B374D848";
    QTest::newRow("lower case") << "16/b374d848" << Q_UINT64_C(0x16B374D848) << "16/B374D848";
    QTest::newRow("small low half") << "1/1" << Q_UINT64_C(0x100000001) << "1/1";
    QTest::newRow("leading zeros") << "0000000A/00000010" << Q_UINT64_C(0xA00000010) << "A/10";
    QTest::newRow("largest") << "FFFFFFFF/FFFFFFFF" << std::numeric_limits<quint64>::max()
                             << "FFFFFFFF/FFFFFFFF";
}

void TestLsn::parses()
{
    QFETCH(QString, text);
    QFETCH(quint64, bytes);
    const auto lsn = Lsn::parse(text);
    QVERIFY(lsn);
    QCOMPARE(lsn->bytes(), bytes);
    QTEST(lsn->toString(), "shown");
}

void TestLsn::refuses_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text : {"", "/", "0", "0/", "/0", " 0/0", "0/0 ", "+1/0", "-1/0", "0x1/0", "1/2/3",
                             "G/0", "123456789/0", "0/123456789", "1 /0", "1/\u0661"})
        QTest::newRow(text) << QString::fromUtf8(text);
}

void TestLsn::refuses()
{
    QFETCH(QString, text);
    QVERIFY(!Lsn::parse(text));
}

void TestLsn::distance()
{
    QCOMPARE(Lsn(100).bytesTo(Lsn(150)), 50);
    QCOMPARE(Lsn(150).bytesTo(Lsn(100)), 0); // Two nodes are never read at the same moment.
    QCOMPARE(Lsn(7).bytesTo(Lsn(7)), 0);
    QCOMPARE(Lsn(0).bytesTo(Lsn(std::numeric_limits<quint64>::max())), std::numeric_limits<qint64>::max());
    QVERIFY(Lsn(1) < Lsn(2));
}

QTEST_APPLESS_MAIN(TestLsn)
#include "tst_lsn.moc"
