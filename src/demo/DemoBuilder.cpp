// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/DemoBuilder.h"

#include "demo/DemoSql.h"
#include "hosts/Host.h"
#include "model/Quote.h"
#include "monitor/SqlSession.h"

#include <QFile>
#include <QRandomGenerator>
#include <QRegularExpression>

namespace understudy {

namespace {

const QString superuser = QStringLiteral("postgres");
const QString address = QStringLiteral("127.0.0.1");
const QString slotName = QStringLiteral("standby_slot");
constexpr int firstPort = 5432;

QString randomPassword()
{
    static const QString letters =
        QStringLiteral("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789");
    QString out;
    for (int i = 0; i < 28; ++i)
        out += letters.at(QRandomGenerator::system()->bounded(int(letters.size())));
    return out;
}

constexpr int standbyDelayMs = 150;

class Builder
{
public:
    Builder(const QString &folder, const QString &serverUser, const std::function<void(const QString &)> &say)
        : m_folder(folder), m_serverUser(serverUser), m_say(say)
    {
        for (const QString &role : {superuser, demoUser(), demoReplicationUser(), demoLoadRole()})
            m_passwords.insert(role, randomPassword());
    }

    Result<BuiltDemo> build()
    {
        auto bin = localHost()->binDirectory(0);
        if (!bin)
            return tl::unexpected(bin.error());
        m_bin = *bin;
        BuiltDemo built;
        const auto steps = {&Builder::writePassfile, &Builder::makePrimary, &Builder::fill,
                            &Builder::makeStandby};
        for (const auto step : steps) {
            if (auto done = (this->*step)(built); !done)
                return tl::unexpected(done.error());
        }
        return built;
    }

private:
    QString inFolder(const QString &name) const { return m_folder + QLatin1Char('/') + name; }

    Result<void> writePassfile(BuiltDemo &)
    {
        QString text;
        for (auto it = m_passwords.cbegin(); it != m_passwords.cend(); ++it)
            text += QStringLiteral("%1:*:*:%2:%3\n")
                        .arg(quote::passfileField(address), quote::passfileField(it.key()),
                             quote::passfileField(it.value()));
        return localHost()->writeFile(demoPassfile(m_folder), text.toUtf8(), 0600, m_serverUser);
    }

    Result<void> makePrimary(BuiltDemo &built)
    {
        say(QStringLiteral("Making the primary"));
        const QString directory = inFolder(QStringLiteral("primary"));
        const QString pwfile = inFolder(QStringLiteral("initdb.password"));
        if (auto written = localHost()->writeFile(pwfile, m_passwords.value(superuser).toUtf8() + '\n', 0600,
                                                  m_serverUser);
            !written)
            return written;
        // Checksums: a demo server can be rewound after a failover.
        auto made =
            program(QStringLiteral("initdb"),
                    {QStringLiteral("-D"), directory, QStringLiteral("-U"), superuser,
                     QStringLiteral("--auth=scram-sha-256"), QStringLiteral("--pwfile=%1").arg(pwfile),
                     QStringLiteral("--encoding=UTF8"), QStringLiteral("--locale=C.UTF-8"),
                     QStringLiteral("--data-checksums"), QStringLiteral("--no-sync")});
        QFile::remove(pwfile);
        if (!made)
            return made;
        const QString conf = directory + QLatin1String("/postgresql.conf");
        auto content = localHost()->readFile(conf, m_serverUser);
        if (!content)
            return tl::unexpected(content.error());
        return startOnFreePort(QStringLiteral("primary"), firstPort, built.primaryPort,
                               [&](int port) { return *content + settings(port); });
    }

    QByteArray settings(int port) const
    {
        return QStringLiteral("\n# Understudy's demo cluster\n"
                              "port = %1\n"
                              "listen_addresses = %2\n"
                              "unix_socket_directories = %3\n"
                              "unix_socket_permissions = 0700\n"
                              "wal_level = replica\n"
                              "max_wal_senders = 10\n"
                              "max_replication_slots = 10\n"
                              "hot_standby = on\n"
                              "password_encryption = scram-sha-256\n"
                              "shared_buffers = 32MB\n"
                              "# A demo is thrown away after a power cut; starting it takes half the time.\n"
                              "fsync = off\n"
                              "min_wal_size = 32MB\n"
                              "max_wal_size = 256MB\n"
                              "timezone = 'UTC'\n"
                              "log_timezone = 'UTC'\n")
            .arg(port)
            .arg(quote::confValue(address), quote::confValue(m_folder))
            .toUtf8();
    }

    Result<void> fill(BuiltDemo &built)
    {
        say(QStringLiteral("Making roles and 50,004 rows"));
        Endpoint endpoint = demoEndpoint(m_folder, built.primaryPort, superuser);
        endpoint.database = QStringLiteral("postgres");
        auto session = SqlSession::open(endpoint, LibpqSecrets(), {});
        if (!session)
            return tl::unexpected(session.error());
        auto version = (*session)->query(QStringLiteral("SHOW server_version_num"));
        if (!version)
            return tl::unexpected(version.error());
        const int versionNum = version->first().toInt();
        if (auto done = runAll(**session, demoServerStatements(versionNum, m_passwords) +
                                              demoDatabaseStatements(versionNum));
            !done)
            return done;
        endpoint.database = demoDatabase();
        session = SqlSession::open(endpoint, LibpqSecrets(), {});
        if (!session)
            return tl::unexpected(session.error());
        return runAll(**session, demoDatabaseStatements(versionNum) + demoContentStatements());
    }

    static Result<void> runAll(SqlSession &session, const QStringList &statements)
    {
        for (const QString &statement : statements) {
            if (auto done = session.query(statement, {}, 60000); !done)
                return tl::unexpected(done.error());
        }
        return {};
    }

    Result<void> makeStandby(BuiltDemo &built)
    {
        say(QStringLiteral("Copying the primary to standby1"));
        const QString directory = inFolder(QStringLiteral("standby1"));
        // The passfile goes into primary_conninfo by name; a password given any other way would be written
        // out. No application name either: real standbys made this way are all called walreceiver.
        const Endpoint source = demoEndpoint(m_folder, built.primaryPort, demoReplicationUser());
        if (auto copied = program(QStringLiteral("pg_basebackup"),
                                  {QStringLiteral("-d"), source.conninfo(), QStringLiteral("-D"), directory,
                                   QStringLiteral("-c"), QStringLiteral("fast"), QStringLiteral("-X"),
                                   QStringLiteral("stream"), QStringLiteral("-R"), QStringLiteral("-C"),
                                   QStringLiteral("-S"), slotName, QStringLiteral("--no-sync")});
            !copied)
            return copied;
        // In its own file, so that a plain `pg_ctl start` brings it back on the same port.
        const QString conf = directory + QLatin1String("/postgresql.conf");
        auto content = localHost()->readFile(conf, m_serverUser);
        if (!content)
            return tl::unexpected(content.error());
        QString text = QString::fromUtf8(*content);
        // On one machine a standby is behind for a millisecond, which no look would ever meet.
        text += QStringLiteral("# As far away as another town: what a look finds under way is real.\n"
                               "recovery_min_apply_delay = %1ms\n")
                    .arg(standbyDelayMs);
        const auto onPort = [&](int port) {
            QString moved = text;
            moved.replace(QStringLiteral("\nport = %1\n").arg(built.primaryPort),
                          QStringLiteral("\nport = %1\n").arg(port));
            return moved.toUtf8();
        };
        return startOnFreePort(QStringLiteral("standby1"), built.primaryPort + 1, built.standbyPort, onPort);
    }

    /// A port can be taken between looking and starting, by another demo say: then the next free one.
    Result<void> startOnFreePort(const QString &name, int from, int &port,
                                 const std::function<QByteArray(int)> &configuration)
    {
        const QString conf = inFolder(name) + QLatin1String("/postgresql.conf");
        for (int left = 4;; --left) {
            auto free = freePort(from);
            if (!free)
                return tl::unexpected(free.error());
            port = *free;
            if (auto written = localHost()->writeFile(conf, configuration(port), 0600, m_serverUser);
                !written)
                return written;
            auto started = startServer(name);
            const auto isFree = localHost()->portFree(port);
            if (started || left == 0 || !isFree || *isFree)
                return started;
            from = port + 1;
        }
    }

    Result<void> startServer(const QString &name)
    {
        say(QStringLiteral("Starting %1").arg(name));
        const QString log = inFolder(name + QLatin1String(".log"));
        auto started =
            program(QStringLiteral("pg_ctl"),
                    {QStringLiteral("start"), QStringLiteral("-D"), inFolder(name), QStringLiteral("-l"), log,
                     QStringLiteral("-w"), QStringLiteral("-t"), QStringLiteral("60"), QStringLiteral("-s")});
        if (started)
            return started;
        const auto content = localHost()->readFile(log, m_serverUser);
        const QStringList lines =
            content ? QString::fromUtf8(*content).split(QLatin1Char('\n')) : QStringList();
        const QStringList why = lines.filter(QRegularExpression(QStringLiteral("(FATAL|PANIC|ERROR):")));
        return fail(
            QStringLiteral("The demo's %1 did not start: %2").arg(name, why.value(0, started.error().what)));
    }

    Result<int> freePort(int from) const
    {
        for (int port = from; port < from + 1000; ++port) {
            if (const auto free = localHost()->portFree(port); free && *free)
                return port;
        }
        return fail(QStringLiteral("No free port was found from %1 to %2.").arg(from).arg(from + 999));
    }

    Result<void> program(const QString &name, const QStringList &words) const
    {
        Command command;
        command.argv = QStringList{m_bin + QLatin1Char('/') + name} + words;
        command.runAs = m_serverUser;
        command.timeoutMs = 120000;
        auto result = localHost()->run(command);
        if (!result)
            return tl::unexpected(result.error());
        if (result->ok())
            return {};
        const QString said = result->errorOutput.trimmed();
        return fail(
            QStringLiteral("%1 failed: %2").arg(name, said.isEmpty() ? result->output.trimmed() : said));
    }

    void say(const QString &what) const
    {
        if (m_say)
            m_say(what);
    }

    QString m_folder;
    QString m_serverUser;
    std::function<void(const QString &)> m_say;
    QMap<QString, QString> m_passwords;
    QString m_bin;
};

} // namespace

Result<BuiltDemo> buildDemo(const QString &folder, const QString &serverUser,
                            const std::function<void(const QString &)> &say)
{
    return Builder(folder, serverUser, say).build();
}

QString demoPassfile(const QString &folder)
{
    return folder + QLatin1String("/passfile");
}

QString demoDatabase()
{
    return QStringLiteral("appdb");
}

QString demoUser()
{
    return QStringLiteral("understudy");
}

QString demoReplicationUser()
{
    return QStringLiteral("replicator");
}

QString demoLoadRole()
{
    return QStringLiteral("demo_load");
}

Endpoint demoEndpoint(const QString &folder, int port, const QString &role)
{
    Endpoint endpoint;
    endpoint.host = address;
    endpoint.port = port;
    endpoint.user = role;
    endpoint.database = demoDatabase();
    endpoint.options.insert(QStringLiteral("passfile"), demoPassfile(folder));
    return endpoint;
}

} // namespace understudy
