// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/compose/ComposeCommand.h"
#include "hosts/compose/EngineContainers.h"

#include <QtTest>

using namespace understudy;

/// Which word for Compose is there, what it is given, and what becomes of its errors: with small programs in
/// the place of docker and docker-compose that write down how they were called.
class TestComposeCommand : public QObject
{
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;
    QByteArray m_path;

    QString path(const QString &name) const { return m_folder->filePath(name); }
    void write(const QString &name, const QByteArray &content) const
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }
    void program(const QString &name, const QByteArray &body) const
    {
        write(name, "#!/bin/sh\nprintf '%s\\n' \"$@\" >> '" + path(QStringLiteral("calls")).toUtf8() + "'\n" +
                        body);
        QVERIFY(QFile::setPermissions(path(name), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    }
    QStringList calls() const
    {
        QFile file(path(QStringLiteral("calls")));
        return file.open(QIODevice::ReadOnly)
                   ? QString::fromUtf8(file.readAll()).split(u'\n', Qt::SkipEmptyParts)
                   : QStringList();
    }
    Result<ComposeProject> config(const QString &file) const
    {
        const auto compose = ComposeCommand::find(*localHost());
        if (!compose)
            return tl::unexpected(compose.error());
        return compose->config(*localHost(), path(file));
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = qgetenv("PATH");
        qputenv("PATH", QFile::encodeName(m_folder->path()) + ":/usr/bin:/bin");
        // Whatever is installed on this machine: "docker" is ours.
        program(QStringLiteral("docker"),
                "echo \"docker: 'compose' is not a docker command.\" >&2\nexit 1\n");
        program(QStringLiteral("docker-compose"),
                "case $1 in version) echo 1.29.2;; *) echo 'services: {}';; esac\n");
        write(QStringLiteral("compose.yaml"), "services: {}\n");
    }

    void cleanup() { qputenv("PATH", m_path); }

    void thePluginGoesFirst()
    {
        program(QStringLiteral("docker"),
                "case $2 in version) echo 2.26.1-4;; *) echo 'services: {}';; esac\n");
        const auto compose = ComposeCommand::find(*localHost());
        QVERIFY(compose);
        QCOMPARE(compose->text(), QStringLiteral("docker compose"));
        QCOMPARE(compose->version(), QStringLiteral("2.26.1"));
    }

    void theOldWordElse()
    {
        const auto compose = ComposeCommand::find(*localHost());
        QVERIFY(compose);
        QCOMPARE(compose->words(), QStringList{QStringLiteral("docker-compose")});
        QCOMPARE(compose->version(), QStringLiteral("1.29.2"));
    }

    void neither()
    {
        program(QStringLiteral("docker-compose"), "exit 1\n");
        const auto compose = ComposeCommand::find(*localHost());
        QVERIFY(!compose);
        QVERIFY2(compose.error().what.contains(QStringLiteral("neither")),
                 qPrintable(compose.error().text()));
    }

    void theOverrideThatComposeWouldTake()
    {
        QVERIFY(config(QStringLiteral("compose.yaml")));
        QVERIFY(!calls().contains(path(QStringLiteral("compose.override.yml"))));
        write(QStringLiteral("compose.override.yml"), "services: {}\n");
        QVERIFY(config(QStringLiteral("compose.yaml")));
        const QStringList words = calls();
        const qsizetype override = words.indexOf(path(QStringLiteral("compose.override.yml")));
        QVERIFY(override > words.indexOf(path(QStringLiteral("compose.yaml"))));
        QCOMPARE(words.at(words.size() - 1), QStringLiteral("config"));
        // A file of another name has none.
        write(QStringLiteral("other.yml"), "services: {}\n");
        QVERIFY(QFile::remove(path(QStringLiteral("calls"))));
        QVERIFY(config(QStringLiteral("other.yml")));
        QVERIFY(!calls().contains(path(QStringLiteral("compose.override.yml"))));
    }

    void theFilesThatAreListed()
    {
        write(QStringLiteral("base.yml"), "services: {}\n");
        write(QStringLiteral("prod.yml"), "services: {}\n");
        write(QStringLiteral(".env"), "COMPOSE_FILE=base.yml:prod.yml\n");
        const auto files = [&](const char *name) {
            return ComposeCommand::filesOf(*localHost(), path(QString::fromLatin1(name)));
        };
        QVERIFY(files("prod.yml").listed);
        QCOMPARE(files("prod.yml").paths,
                 QStringList({path(QStringLiteral("base.yml")), path(QStringLiteral("prod.yml"))}));
        // Another file is not in that list: it is what the person opened, and alone.
        QVERIFY(!files("other.yml").listed);
        QVERIFY(QFile::remove(path(QStringLiteral(".env"))));
    }

    void anErrorIsComposesOwnWithoutPasswords()
    {
        program(
            QStringLiteral("docker-compose"),
            "[ \"$1\" = version ] && { echo 1.29.2; exit 0; }\n"
            "echo 'services.db.environment contains {\"POSTGRES_PASSWORD\": \"hunter2\"}, APP_SECRET=hunter3 "
            "which is an invalid type' >&2\nexit 1\n");
        const auto project = config(QStringLiteral("compose.yaml"));
        QVERIFY(!project);
        QVERIFY2(project.error().what.contains(QStringLiteral("invalid type")),
                 qPrintable(project.error().what));
        QVERIFY2(!project.error().what.contains(QStringLiteral("hunter")), qPrintable(project.error().what));
    }

    void aBombNeverReachesCompose()
    {
        QByteArray bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
        for (int i = 1; i < 9; ++i) {
            const QByteArray alias = "*a" + QByteArray::number(i - 1) + ", ";
            bomb += "a" + QByteArray::number(i) + ": &a" + QByteArray::number(i) + " [" + alias.repeated(10) +
                    "]\n";
        }
        write(QStringLiteral("bomb.yml"), bomb + "services: {}\n");
        const auto project = config(QStringLiteral("bomb.yml"));
        QVERIFY(!project);
        QVERIFY2(project.error().what.contains(QStringLiteral("multiply")), qPrintable(project.error().what));
        QVERIFY(!calls().contains(QStringLiteral("config")));
    }

    void garbageFromCompose()
    {
        program(QStringLiteral("docker-compose"),
                "[ \"$1\" = version ] && { echo 1.29.2; exit 0; }\nprintf '\\377\\0['\n");
        QVERIFY(!config(QStringLiteral("compose.yaml")));
    }

    void anEngineThatDoesNotAnswer()
    {
        program(QStringLiteral("docker"), "echo 'Cannot connect to the Docker daemon' >&2\nexit 1\n");
        auto containers = engineContainers(*localHost());
        QVERIFY(!containers);
        QVERIFY(containers.error().what.startsWith(QStringLiteral("The Docker engine does not answer")));

        program(QStringLiteral("docker"), "exec sleep 60\n");
        QElapsedTimer timer;
        timer.start();
        containers = engineContainers(*localHost(), 300);
        QVERIFY(!containers);
        QVERIFY2(timer.elapsed() < 3000, qPrintable(QString::number(timer.elapsed())));

        // One that went between the two questions is no failure.
        program(QStringLiteral("docker"),
                "[ \"$1\" = ps ] && { echo 0123456789ab; echo --evil; exit 0; }\n"
                "echo '[]'; echo 'Error: No such container: 0123456789ab' >&2; exit 1\n");
        containers = engineContainers(*localHost());
        QVERIFY(containers && containers->isEmpty());
        QVERIFY(!calls().contains(QStringLiteral("--evil")));
    }
};

QTEST_GUILESS_MAIN(TestComposeCommand)
#include "tst_compose_command.moc"
