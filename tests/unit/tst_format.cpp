// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Format.h"
#include "model/SlotName.h"

#include <QTest>
#include <limits>

using namespace understudy;

/// Numbers in words, and the rules for names.
class TestFormat : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void words_data();
    void words();
    void slotNames();
    void nodeNames();
};

void TestFormat::words_data()
{
    QTest::addColumn<QString>("got");
    QTest::addColumn<QString>("wanted");
    const auto row = [](const QString &got, const char *wanted) { QTest::newRow(wanted) << got << wanted; };
    const qint64 kB = 1024;
    const qint64 MB = 1024 * kB;
    const qint64 GB = 1024 * MB;
    row(format::bytes(qint64(0)), "0 B");
    row(format::bytes(qint64(1023)), "1023 B");
    row(format::bytes(46 * kB + 100), "46 kB");
    row(format::bytes(qint64(8.4 * double(MB))), "8.4 MB");
    row(format::bytes(16 * MB), "16 MB");
    row(format::bytes(MB - 1), "1.0 MB");
    row(format::bytes(GB), "1 GB");
    row(format::bytes(qint64(1.95 * double(GB))), "1.95 GB");
    row(format::bytes(qint64(51.23 * double(GB))), "51.2 GB");
    row(format::bytes(std::numeric_limits<qint64>::max()), "8 EB");
    row(format::bytes(std::optional<qint64>()), "unknown");
    row(format::bytesOf(qint64(1.95 * double(GB)), qint64(3.2 * double(GB))), "1.95 of 3.20 GB");
    row(format::rate(18.0 * 1024), "18 kB/s");
    row(format::rate(0.0), "0 B/s");
    row(format::seconds(0.0), "0.0 s");
    row(format::seconds(171.0), "2 min 51 s");
    row(format::seconds(12000.0), "3 h 20 min");
    row(format::seconds(59.96), "1 min 0 s");
    row(format::age(400000), "0.4 s");
    row(format::age(qint64(8 * 60 + 20) * 1000000), "8 min");
    row(format::age(qint64(2 * 3600 + 14 * 60) * 1000000), "2 h 14 min");
    row(format::age(qint64(3 * 86400 + 5) * 1000000), "3 days");
    row(format::milliseconds(0.14), "0.14 ms");
    row(format::milliseconds(41), "41 ms");
    row(format::milliseconds(1200), "1.2 s");
    row(format::count(50004), "50,004");
    row(format::percent(0.61), "61 %");
    row(format::percent(0.999), "99 %");
    row(format::percent(1), "100 %");
    row(format::percent(0.001), "<1 %");
    row(format::version(150018), "15.18");
    row(format::version(90624), "9.6.24");
    const qint64 moment = Q_INT64_C(1763386807123456);
    row(format::utcTime(moment), "13:40:07 UTC");
    row(format::utcDateTime(moment), "17 November 2025, 13:40 UTC");
    row(format::isoUtc(moment), "2025-11-17T13:40:07.123Z");
    row(format::plural(1, QStringLiteral("standby"), QStringLiteral("standbys")), "1 standby");
    row(format::plural(2, QStringLiteral("slot")), "2 slots");
}

void TestFormat::words()
{
    QFETCH(QString, got);
    QTEST(got, "wanted");
}

void TestFormat::slotNames()
{
    QVERIFY(checkSlotName(QStringLiteral("standby2_slot")));
    QVERIFY(checkSlotName(QString(63, u'a')));
    for (const QString &bad : {QString(), QString(64, u'a'), QStringLiteral("Slot"), QStringLiteral("a-b"),
                               QStringLiteral("a b"), QStringLiteral("é"), QStringLiteral("a\n")}) {
        const auto checked = checkSlotName(bad);
        QVERIFY2(!checked, qPrintable(bad));
        QCOMPARE(checked.error().field, QStringLiteral("slot"));
        QVERIFY(!checked.error().action.isEmpty());
    }
}

void TestFormat::nodeNames()
{
    for (const char *good : {"standby2", "pg-lon-1", "A.b_c", "7"})
        QVERIFY(checkNodeName(QString::fromLatin1(good)));
    for (const QString &bad : {QString(), QString(64, u'a'), QStringLiteral("-a"), QStringLiteral(".a"),
                               QStringLiteral("a/b"), QStringLiteral("a;b"), QStringLiteral("a b")})
        QVERIFY2(!checkNodeName(bad), qPrintable(bad));
}

QTEST_APPLESS_MAIN(TestFormat)
#include "tst_format.moc"
