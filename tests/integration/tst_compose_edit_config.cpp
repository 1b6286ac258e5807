// SPDX-License-Identifier: GPL-3.0-or-later
#include "../unit/ComposeEditScene.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

using namespace understudy;
using namespace understudy::test;

/// What the editor writes, judged by the real Compose (no engine is needed).
class TestComposeEditConfig : public QObject
{
    Q_OBJECT

private:
    QStringList m_compose;

    Result<ComposeProject> config(const QString &folder, const QStringList &files) const
    {
        QStringList words = m_compose.mid(1);
        for (const QString &file : files)
            words << QStringLiteral("-f") << file;
        QProcess process;
        process.setWorkingDirectory(folder);
        // Profiles would hide services from v2.
        process.start(m_compose.first(), words << QStringLiteral("config"));
        if (!process.waitForFinished(60000) || process.exitCode() != 0)
            return fail(QString::fromUtf8(process.readAllStandardError()));
        return parseComposeConfig(process.readAllStandardOutput());
    }

    static bool put(const QString &path, const QByteArray &bytes)
    {
        QFile file(path);
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
    }

    /// Compose merges files in an order of its own.
    static ComposeService sorted(ComposeService service)
    {
        std::sort(service.ports.begin(), service.ports.end(), [](const ComposePort &a, const ComposePort &b) {
            return std::tie(a.target, a.hostAddress) < std::tie(b.target, b.hostAddress);
        });
        std::sort(service.volumes.begin(), service.volumes.end(),
                  [](const ComposeVolume &a, const ComposeVolume &b) { return a.target < b.target; });
        return service;
    }

    static const ComposePort *portOf(const ComposeService &service, int target)
    {
        for (const ComposePort &port : service.ports) {
            if (port.target == target)
                return &port;
        }
        return nullptr;
    }

    static void checkService(const ComposeService &made, const ComposeService &model, const EditCase &one,
                             const ComposeEdit &edit)
    {
        const NewComposeService &wanted = one.wanted;
        QCOMPARE(made.image, model.image);
        QCOMPARE(made.buildContext, model.buildContext);
        QCOMPARE(made.networks, model.networks);
        QCOMPARE(made.networkMode, model.networkMode);
        QCOMPARE(made.profiles, model.profiles);
        QCOMPARE(made.dependsOn, model.dependsOn);
        QCOMPARE(made.restart, model.restart);
        QCOMPARE(made.secrets, model.secrets);
        QCOMPARE(made.containerName.isEmpty(), model.containerName.isEmpty());
        QVERIFY(made.containerName.isEmpty() || made.containerName != model.containerName);
        if (made.networkMode == QLatin1String("host")) {
            QVERIFY(made.command.contains(QString::number(wanted.publishedPort)));
            QCOMPARE(made.environment.value(QStringLiteral("PGPORT")), QString::number(wanted.publishedPort));
        } else {
            QCOMPARE(made.healthcheck, model.healthcheck);
            const ComposePort *port = portOf(made, wanted.serverPort);
            const ComposePort *like = portOf(model, wanted.serverPort);
            QVERIFY(port && like);
            QCOMPARE(port->published, wanted.publishedPort);
            QCOMPARE(port->hostAddress, like->hostAddress);
        }
        // Its data is its own, all other mounts are the model's.
        QList<ComposeVolume> mine = made.volumes, its = model.volumes;
        const auto isData = [&edit](const ComposeVolume &v) { return v.target == edit.dataTarget; };
        const auto data = std::find_if(mine.cbegin(), mine.cend(), isData);
        QVERIFY(data != mine.cend());
        QVERIFY(data->source.endsWith(edit.dataSource.mid(edit.dataSource.startsWith(u'.') ? 1 : 0)));
        mine.removeIf(isData);
        its.removeIf(isData);
        QCOMPARE(mine, its);

        const QRegularExpression slot(QStringLiteral("(slot(_name)?=|-S )%1(\\s|$)").arg(wanted.modelSlot));
        if (!wanted.modelSlot.isEmpty()) {
            QVERIFY(!slot.match(made.command.join(u' ')).hasMatch());
            QVERIFY(!made.environment.values().contains(wanted.modelSlot));
        }
        QCOMPARE(made.command.size(), model.command.size());
        for (auto it = model.environment.cbegin(); it != model.environment.cend(); ++it) {
            const QString value = made.environment.value(it.key());
            QVERIFY2(value == *it || value == wanted.slot || value == wanted.name ||
                         value == QString::number(wanted.publishedPort),
                     qPrintable(it.key()));
        }
        for (auto it = wanted.environment.cbegin(); it != wanted.environment.cend(); ++it)
            QCOMPARE(made.environment.value(it.key()), *it);
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!QStandardPaths::findExecutable(QStringLiteral("docker-compose")).isEmpty())
            m_compose = QStringList{QStringLiteral("docker-compose")};
        else if (QProcess::execute(QStringLiteral("docker"),
                                   {QStringLiteral("compose"), QStringLiteral("version")}) == 0)
            m_compose = QStringList{QStringLiteral("docker"), QStringLiteral("compose")};
        else
            QSKIP("Neither docker-compose nor docker compose is here: what Compose makes of the edited files "
                  "was not checked.");
    }

    void agrees_data()
    {
        QTest::addColumn<int>("index");
        const QList<EditCase> cases = acceptedCases();
        for (int i = 0; i < cases.size(); ++i)
            QTest::newRow(cases.at(i).file) << i;
    }

    void agrees()
    {
        QFETCH(int, index);
        const EditCase one = acceptedCases().at(index);
        QTemporaryDir folder;
        if (qstrcmp(one.file, "nullvolumes") == 0 && m_compose.first() == QLatin1String("docker-compose"))
            QSKIP("Only v2 of Compose takes a section that holds nothing.");
        const auto path = [&folder](const char *name) { return folder.filePath(QString::fromUtf8(name)); };
        const QByteArray before = editFixture(QString::fromUtf8(one.file) + QStringLiteral(".yml"));
        QVERIFY(!before.isEmpty());
        QVERIFY(put(path("before.yml"), before));
        QVERIFY(put(path("standby.env"), editFixture(QStringLiteral("standby.env"))));
        QVERIFY(put(path("pw.txt"), "x"));
        const auto old = config(folder.path(), {path("before.yml")});
        QVERIFY2(old, old ? "" : qPrintable(old.error().text()));
        const auto edit = addService(before, QStringLiteral("before.yml"), *old, one.wanted);
        QVERIFY2(edit, edit ? "" : qPrintable(edit.error().text()));
        QVERIFY(put(path("after.yml"), edit->after));
        const auto now = config(folder.path(), {path("after.yml")});
        QVERIFY2(now, now ? "" : qPrintable(now.error().text()));

        QCOMPARE(now->services.size(), old->services.size() + 1);
        for (const ComposeService &service : old->services) {
            QVERIFY(now->service(service.name));
            QVERIFY2(*now->service(service.name) == service, qPrintable(service.name));
        }
        QStringList volumes = now->volumes;
        if (!edit->volume.isEmpty())
            QCOMPARE(volumes.removeAll(edit->volume), 1);
        QCOMPARE(volumes, old->volumes);
        QCOMPARE(now->networks, old->networks);
        const ComposeService *made = now->service(one.wanted.name);
        QVERIFY(made);
        checkService(*made, *old->service(one.wanted.model), one, *edit);
        if (QTest::currentTestFailed())
            return;

        // The same service beside the file instead of in it.
        const auto beside = overrideFile(before, QStringLiteral("before.yml"), *old, one.wanted);
        QVERIFY2(beside, beside ? "" : qPrintable(beside.error().text()));
        QVERIFY(put(path("override.yml"), beside->text));
        const auto both = config(folder.path(), {path("before.yml"), path("override.yml")});
        QVERIFY2(both, both ? "" : qPrintable(both.error().text()));
        QCOMPARE(both->services.size(), now->services.size());
        for (const ComposeService &service : now->services) {
            QVERIFY(both->service(service.name));
            QVERIFY2(sorted(*both->service(service.name)) == sorted(service), qPrintable(service.name));
        }
        QStringList these = both->volumes, those = now->volumes;
        these.sort();
        those.sort();
        QCOMPARE(these, those);
    }
};

QTEST_GUILESS_MAIN(TestComposeEditConfig)
#include "tst_compose_edit_config.moc"
