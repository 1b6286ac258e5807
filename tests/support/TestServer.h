// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>
#include <memory>

namespace understudy::test {

/// A folder for the servers of one test: private, owned by the user the servers run as, gone at the end.
class ServerFolder
{
public:
    ServerFolder();
    bool isValid() const { return m_dir.isValid(); }
    QString path() const { return m_dir.path(); }
    QString filePath(const QString &name) const { return m_dir.filePath(name); }
    /// A libpq passfile (0600) that knows every role of every server below: host, port and database are '*'.
    QString passfile() const { return filePath(QStringLiteral("passfile")); }
    static QString password(const QString &role);

private:
    QTemporaryDir m_dir;
};

/// A real PostgreSQL server for tests: made with initdb or pg_basebackup in a ServerFolder, listening on
/// 127.0.0.1 (SCRAM) and on a socket in that folder (trust), run as `postgres` when the test runs as root.
/// Dies with the test, however that ends. Every call blocks, with a deadline. Roles: `postgres` (superuser),
/// `understudy` (pg_monitor), `plain` (nothing), `replicator` (REPLICATION).
class TestServer
{
public:
    /// A running primary of a cluster of its own; null (and a qWarning) if that failed. @p settings are lines
    /// of postgresql.conf. @p programs: the folder of initdb and postgres; binDir() if empty.
    static std::unique_ptr<TestServer> primary(ServerFolder &folder, const QString &name,
                                               const QStringList &settings = {},
                                               const QString &programs = {});
    /// A running standby of this server. With @p slot: the slot is made here first. Without an
    /// @p applicationName it is called `walreceiver`, as after pg_basebackup -R.
    std::unique_ptr<TestServer> standby(const QString &name, const QString &slot = {},
                                        const QStringList &settings = {},
                                        const QString &applicationName = {});
    /// The same without pg_basebackup, which the servers of other versions lack: this server is stopped, its
    /// data directory copied, and both are started.
    std::unique_ptr<TestServer> copiedStandby(const QString &name, const QString &slot = {},
                                              const QStringList &settings = {},
                                              const QString &applicationName = {});
    ~TestServer();
    TestServer(const TestServer &) = delete;
    TestServer &operator=(const TestServer &) = delete;

    QString name() const { return m_name; }
    QString host() const { return QStringLiteral("127.0.0.1"); }
    int port() const { return m_port; }
    QString dataDir() const { return m_folder.filePath(m_name); }
    QString socketDir() const { return m_folder.path(); }
    QString passfile() const { return m_folder.passfile(); }
    QString log() const; ///< The server's whole log so far.
    qint64 pid() const { return m_process.processId(); }
    bool isRunning() const { return m_process.state() == QProcess::Running; }

    /// From the next start() on it lives in this network namespace (root only).
    void moveTo(const QString &networkNamespace) { m_namespace = networkNamespace; }
    bool start();  ///< Returns when it accepts connections.
    bool stop();   ///< Fast shutdown.
    void kill9();  ///< SIGKILL to the postmaster only, as the kernel's OOM killer would.
    void freeze(); ///< SIGSTOP to the postmaster and all its processes: a hung node.
    void thaw();
    void
    freezeProcess(const QString &title); ///< SIGSTOP to children whose title contains it ("walreceiver").
    /// Adds lines to postgresql.auto.conf; call start() or reload() after.
    bool configure(const QStringList &settings);
    bool reload();
    /// Lets a standby stream from another port of this machine, as a proxy in between would have it; reloads.
    bool followPort(int port);

    /// Runs @p sql as superuser through psql; unaligned rows, '|' between columns. A null string on error.
    QString psql(const QString &sql, const QString &database = QStringLiteral("postgres")) const;
    /// Asks @p sql again until it gives @p expected.
    bool waitFor(const QString &sql, const QString &expected, int timeoutMs = 15000) const;

    /// The programs of another version, as tests/support/old-servers.sh got them, where the server user can
    /// read them; empty if they are not there. @p folder: they are copied into it if need be.
    static QString programsOf(int major, ServerFolder &folder);
    static QString binDir(); ///< Of the newest installed PostgreSQL, or $UNDERSTUDY_TEST_PG_BIN.
    /// Free, and not given again to any test of this machine while this process lives; 0: none is left.
    static int freePort();
    /// Runs a command as the user that servers run as; returns its exit code, -1 if it never ended.
    static int runAsServerUser(const QStringList &argv, QString *output = nullptr, int timeoutMs = 60000);

private:
    TestServer(ServerFolder &folder, const QString &name, const QString &programs);
    QString program(const char *name) const { return m_programs + u'/' + QLatin1String(name); }
    QString conninfo(const QString &applicationName) const; ///< For a standby of this server.
    bool writeConfiguration(const QStringList &settings);
    QList<qint64> processes() const; ///< Postmaster and children.

    ServerFolder &m_folder;
    QString m_name;
    QString m_programs;
    QString m_namespace;
    int m_port = 0;
    QProcess m_process;
};

} // namespace understudy::test
