// SPDX-License-Identifier: GPL-3.0-or-later
// The real program on the recording that comes with it, as README and resources/pictures/make.sh use it.
#include "Program.h"

#include <QImage>
#include <QtTest>

class tst_recorded_pictures final : public QObject
{
    Q_OBJECT

    Program m_program;
    QTemporaryDir m_out;

    static int colours(const QImage &image)
    {
        QSet<QRgb> seen;
        for (int y = 0; y < image.height(); y += 3) {
            for (int x = 0; x < image.width(); x += 3)
                seen.insert(image.pixel(x, y));
        }
        return int(seen.size());
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_program.isValid() && m_out.isValid()); }

    void snapshotDrawsIt()
    {
        for (const char *theme : {"light", "dark"}) {
            const QString path = m_out.filePath(QString::fromLatin1(theme) + QStringLiteral(".png"));
            const Answer drawn = m_program.run({QStringLiteral("snapshot"), QStringLiteral(SHIPPED_RECORDING),
                                                QStringLiteral("-o"), path, QStringLiteral("--theme"),
                                                QString::fromLatin1(theme), QStringLiteral("--size"),
                                                QStringLiteral("1000x500")});
            QVERIFY2(drawn.code == 0, drawn.err.constData());
            const QImage image(path);
            QCOMPARE(image.size(), QSize(1000, 500));
            QVERIFY(colours(image) > 40);
            QCOMPARE(qGray(image.pixel(2, 2)) > 128, QLatin1String(theme) == QLatin1String("light"));
        }
    }

    void theWindowOpensItAndLooksBack()
    {
        QProcess tour;
        m_program.prepare(tour);
        auto environment = tour.processEnvironment();
        environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
        environment.remove(QStringLiteral("QT_SCALE_FACTOR"));
        tour.setProcessEnvironment(environment);
        tour.setArguments({QStringLiteral("--tour"), m_out.path(), QStringLiteral(SHIPPED_RECORDING)});
        tour.setProcessChannelMode(QProcess::MergedChannels);
        tour.start();
        QVERIFY2(tour.waitForFinished(120000), "the tour did not end");
        const QByteArray said = tour.readAll();
        QVERIFY2(tour.exitStatus() == QProcess::NormalExit && tour.exitCode() == 0, said.constData());
        for (const char *name : {"01-recording", "02-recording-dark", "03-rewind", "04-rewind-dark"}) {
            const QImage image(m_out.filePath(QString::fromLatin1(name) + QStringLiteral(".png")));
            QCOMPARE(image.size(), QSize(2880, 1800));
            QVERIFY(colours(image) > 40);
        }
    }

    void aRecordingThatIsNotThereIsSaid()
    {
        const Answer answer = m_program.run({QStringLiteral("--tour"), m_out.path(),
                                             m_out.filePath(QStringLiteral("no.understudy-recording"))});
        QCOMPARE(answer.code, 1);
        QVERIFY2(answer.out.contains("could not be read"), answer.out.constData());
    }
};

QTEST_GUILESS_MAIN(tst_recorded_pictures)
#include "tst_recorded_pictures.moc"
