// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QFile>
#include <QImage>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

/// Plays the guided tour with the built program, as a person would, and looks at what it leaves.
class TestTour : public QObject
{
    Q_OBJECT

private:
    static QStringList postgresBelow(const QString &folder)
    {
        QStringList found;
        for (const QString &entry : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
            QFile file(QStringLiteral("/proc/%1/cmdline").arg(entry));
            if (entry.toInt() > 0 && file.open(QIODevice::ReadOnly)) {
                const QString words = QString::fromLocal8Bit(file.readAll().replace('\0', ' '));
                if (words.contains(folder))
                    found << words;
            }
        }
        return found;
    }

    /// How many different colours stand on a coarse grid: a blank picture has one or two.
    static int colours(const QImage &image)
    {
        QSet<QRgb> seen;
        for (int y = 0; y < image.height(); y += 7) {
            for (int x = 0; x < image.width(); x += 7)
                seen.insert(image.pixel(x, y));
        }
        return int(seen.size());
    }

    QTemporaryDir m_folder;
    QByteArray m_output;

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        QProcess tour;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.remove(QStringLiteral("QT_SCALE_FACTOR"));
        environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
        environment.insert(QStringLiteral("XDG_STATE_HOME"), m_folder.filePath(QStringLiteral("state")));
        tour.setProcessEnvironment(environment);
        tour.setProcessChannelMode(QProcess::MergedChannels);
        tour.start(QStringLiteral(UNDERSTUDY_BINARY),
                   {QStringLiteral("--tour"), m_folder.filePath(QStringLiteral("out"))});
        QVERIFY2(tour.waitForFinished(240000), "the tour did not end");
        m_output = tour.readAll();
        QVERIFY2(tour.exitStatus() == QProcess::NormalExit && tour.exitCode() == 0, m_output.constData());
    }

    void picturesAreThere_data()
    {
        QTest::addColumn<QString>("name");
        for (const char *name :
             {"01-main", "02-where", "03-names", "04-preflight", "05-review", "06-run", "07-run-done",
              "08-verify", "09-read-load", "10-done", "11-main-after", "12-main-after-dark", "13-done-dark"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }
    void picturesAreThere()
    {
        QFETCH(QString, name);
        const QImage image(m_folder.filePath(QStringLiteral("out/%1.png").arg(name)));
        QVERIFY(!image.isNull());
        QCOMPARE(image.size(), QSize(2880, 1800));
        QVERIFY2(colours(image) > 20, qPrintable(QString::number(colours(image))));
    }

    void picturesOfTheTwoThemesDiffer()
    {
        const QImage light(m_folder.filePath(QStringLiteral("out/11-main-after.png")));
        const QImage dark(m_folder.filePath(QStringLiteral("out/12-main-after-dark.png")));
        QVERIFY(qGray(light.pixel(20, 20)) > 180);
        QVERIFY(qGray(dark.pixel(20, 20)) < 80);
    }

    void theRunbookIsWhole()
    {
        QFile file(m_folder.filePath(QStringLiteral("out/add-standby2.md")));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString text = QString::fromUtf8(file.readAll());
        for (const char *what : {"standby2", "standby2_slot", "50,004", "pg_basebackup",
                                 "pg_create_physical_replication_slot", "standby1", "primary"})
            QVERIFY2(text.contains(QLatin1String(what)), what);
        QVERIFY(text.count(QRegularExpression(QStringLiteral("^## "), QRegularExpression::MultilineOption)) >=
                6);
        QVERIFY(QFile::exists(m_folder.filePath(QStringLiteral("out/add-standby2.html"))));
    }

    void noPasswordIsInAnyFile()
    {
        // The demo's passwords are gone with it; what a leak would look like is known all the same.
        const QRegularExpression leak(
            QStringLiteral("password\\s*=\\s*'?[^\\s'(]|PGPASSWORD=|postgres(ql)?://[^/@\\s]+:[^/@\\s]+@"));
        for (const char *name : {"out/add-standby2.md", "out/add-standby2.html"}) {
            QFile file(m_folder.filePath(QString::fromLatin1(name)));
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QString text = QString::fromUtf8(file.readAll());
            const QRegularExpressionMatch match = leak.match(text);
            QVERIFY2(!match.hasMatch(), qPrintable(match.captured()));
        }
        QVERIFY(!leak.match(QString::fromUtf8(m_output)).hasMatch());
    }

    void nothingIsLeft()
    {
        // The runbook names the data directory; the demo's folder is the one around it.
        QFile file(m_folder.filePath(QStringLiteral("out/add-standby2.md")));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QRegularExpressionMatch match = QRegularExpression(QStringLiteral("(/[^\\s`'\"]+)/standby2\\b"))
                                                  .match(QString::fromUtf8(file.readAll()));
        QVERIFY(match.hasMatch());
        const QString demoFolder = match.captured(1);
        QVERIFY2(demoFolder.contains(QLatin1String("understudy-demo")), qPrintable(demoFolder));
        QVERIFY2(!QFile::exists(demoFolder), qPrintable(demoFolder));
        QCOMPARE(postgresBelow(demoFolder), QStringList());

        QProcess status;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("XDG_STATE_HOME"), m_folder.filePath(QStringLiteral("state")));
        status.setProcessEnvironment(environment);
        status.start(QStringLiteral(UNDERSTUDY_BINARY),
                     {QStringLiteral("demo"), QStringLiteral("status"), QStringLiteral("--json")});
        QVERIFY(status.waitForFinished(20000));
        const QJsonObject said = QJsonDocument::fromJson(status.readAllStandardOutput()).object();
        QCOMPARE(said.value(QStringLiteral("running")).toBool(true), false);
    }
};

QTEST_MAIN(TestTour)
#include "tst_tour.moc"
