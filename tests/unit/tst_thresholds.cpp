// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/ThresholdFields.h"

#include <QSet>
#include <QTest>

using namespace understudy;

/// The limits as a file keeps them.
class TestThresholds : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void defaultsNeedNoFile()
    {
        QVERIFY(thresholdsJson(Thresholds()).isEmpty());
        QCOMPARE(thresholdsOf({}).value(), Thresholds());
        QCOMPARE(Thresholds().idleAfterSeconds, 60.0); // Idle is said after a minute that was watched.
    }

    void everyFieldComesBack()
    {
        QSet<QString> keys;
        for (const ThresholdField &field : thresholdFields()) {
            QVERIFY2(!keys.contains(field.key), qPrintable(field.key));
            keys.insert(field.key);
            const double standard = field.stored(Thresholds());
            QVERIFY2(standard >= field.least * field.scale && standard <= field.most * field.scale,
                     qPrintable(field.key));
            Thresholds changed;
            field.show(changed, field.least + field.most / 4);
            QVERIFY(changed != Thresholds());
            const QJsonObject json = thresholdsJson(changed);
            QCOMPARE(json.keys(), QStringList{field.key});
            const auto back = thresholdsOf(json);
            QVERIFY2(back, back ? "" : qPrintable(back.error().text()));
            QCOMPARE(*back, changed);
        }
    }

    void badOnesAreNamed_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QJsonValue>("value");
        QTest::newRow("unknown") << "lag_parsecs" << QJsonValue(1);
        QTest::newRow("text") << "lag_bytes" << QJsonValue(QStringLiteral("16MB"));
        QTest::newRow("negative") << "lag_seconds" << QJsonValue(-1);
        QTest::newRow("zero") << "stall_after_seconds" << QJsonValue(0);
        QTest::newRow("huge") << "xmin_age" << QJsonValue(1e300);
        QTest::newRow("null") << "runway_seconds" << QJsonValue();
    }

    void badOnesAreNamed()
    {
        QFETCH(QString, key);
        QFETCH(QJsonValue, value);
        const auto limits = thresholdsOf({{key, value}});
        QVERIFY(!limits);
        QCOMPARE(limits.error().field, key);
        QVERIFY2(limits.error().what.contains(key), qPrintable(limits.error().what));
    }
};

QTEST_GUILESS_MAIN(TestThresholds)
#include "tst_thresholds.moc"
