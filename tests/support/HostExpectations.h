// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/Host.h"

#include <QtTest>

#include <csignal>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace understudy::test {

inline Command shell(const QString &script, int timeoutMs = 10000)
{
    Command command;
    command.argv = {QStringLiteral("sh"), QStringLiteral("-c"), script};
    command.timeoutMs = timeoutMs;
    return command;
}

inline bool gone(qint64 pid)
{
    QFile file(QStringLiteral("/proc/%1/stat").arg(pid));
    return !file.open(QIODevice::ReadOnly) || file.readAll().contains(") Z ");
}

inline QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// What every Host does alike. The one under test works on this very machine, whatever the way to it.
class HostExpectations : public QObject
{
    Q_OBJECT
protected:
    std::shared_ptr<Host> host; // NOLINT(*-non-private-member-*): of the test that derives from this
    /// Looks at one port at a time are dear where each goes over a connection.
    int looksAtAPort = 500; // NOLINT(*-non-private-member-*)

private Q_SLOTS:
    void keepsTheStreamsApart()
    {
        const auto result = host->run(shell(QStringLiteral("echo one; echo two >&2; exit 3")));
        QVERIFY(result);
        QCOMPARE(result->exitCode, 3);
        QCOMPARE(result->output, QStringLiteral("one\n"));
        QCOMPARE(result->errorOutput, QStringLiteral("two\n"));
        QVERIFY(!result->ok());
    }

    void tellsEachLineAndFoldsProgress()
    {
        QStringList lines;
        const auto sink = [&](Stream stream, const QString &line) {
            lines << (stream == Stream::Error ? QStringLiteral("E ") : QStringLiteral("O ")) + line;
        };
        const auto result = host->run(shell(QStringLiteral("printf ' 10/100 kB (10%%), 0/1 tablespace\\n"
                                                           " 50/100 kB (50%%), 0/1 tablespace\\n"
                                                           "a\\rb\\rc\\ndone' >&2")),
                                      {}, sink);
        QVERIFY(result);
        QCOMPARE(lines,
                 (QStringList{QStringLiteral("E  10/100 kB (10%), 0/1 tablespace"),
                              QStringLiteral("E  50/100 kB (50%), 0/1 tablespace"), QStringLiteral("E a"),
                              QStringLiteral("E b"), QStringLiteral("E c"), QStringLiteral("E done")}));
        QCOMPARE(result->errorOutput, QStringLiteral(" 50/100 kB (50%), 0/1 tablespace\nc\ndone"));
    }

    void linesComeWhileItRuns()
    {
        // The child waits for the file that only the sink makes.
        QTemporaryDir directory;
        const QString file = directory.filePath(QStringLiteral("seen"));
        const auto sink = [&](Stream, const QString &line) {
            if (line == QLatin1String("hello"))
                QFile(file).open(QIODevice::WriteOnly);
        };
        const auto result = host->run(
            shell(QStringLiteral("echo hello; while [ ! -e '%1' ]; do sleep 0.02; done; echo bye").arg(file)),
            {}, sink);
        QVERIFY(result && result->ok());
    }

    void environmentIsClean()
    {
        qputenv("PGPASSWORD", "outside");
        qputenv("LC_MESSAGES", "xx");
        Command command = shell(QStringLiteral("env; pwd; cat"));
        command.environment.insert(QStringLiteral("PGPASSFILE"), QStringLiteral("/x y"));
        const auto result = host->run(command);
        qunsetenv("PGPASSWORD");
        qunsetenv("LC_MESSAGES");
        QVERIFY(result && result->ok());
        const QStringList lines = result->output.split(QLatin1Char('\n'));
        QVERIFY(lines.contains(QStringLiteral("LC_ALL=C")));
        QVERIFY(lines.contains(QStringLiteral("PGPASSFILE=/x y")));
        QVERIFY(lines.contains(QStringLiteral("/")));
        QVERIFY(!result->output.contains(QStringLiteral("PGPASSWORD")));
        QVERIFY(!result->output.contains(QStringLiteral("LC_MESSAGES")));
    }

    void wordsAreNotAShellLine()
    {
        Command command;
        command.argv = {QStringLiteral("echo"), QStringLiteral("$(id) `id` ; * 'x\"")};
        const auto result = host->run(command);
        QVERIFY(result);
        QCOMPARE(result->output, QStringLiteral("$(id) `id` ; * 'x\"\n"));
    }

    void stoppingEndsTheWholeGroup()
    {
        // The child has a grandchild that ignores TERM.
        std::stop_source source;
        QList<qint64> pids;
        const auto sink = [&](Stream, const QString &line) {
            pids << line.toLongLong();
            if (pids.size() == 2)
                source.request_stop();
        };
        QElapsedTimer clock;
        clock.start();
        const auto result = host->run(
            shell(QStringLiteral(
                      "echo $$; sh -c 'trap \"\" TERM; echo $$; while :; do sleep 0.1; done' & wait"),
                  0),
            source.get_token(), sink);
        QVERIFY(result);
        QVERIFY(result->cancelled);
        QVERIFY(!result->timedOut);
        QVERIFY(clock.elapsed() < 4000);
        QCOMPARE(pids.size(), 2);
        QTRY_VERIFY(gone(pids.at(0)) && gone(pids.at(1)));
    }

    void aDeafLeaderIsKilled()
    {
        // Once it says that it is deaf.
        std::stop_source source;
        const auto result =
            host->run(shell(QStringLiteral("trap '' TERM; echo deaf; while :; do sleep 0.1; done"), 60000),
                      source.get_token(), [&](Stream, const QString &) { source.request_stop(); });
        QVERIFY(result);
        QVERIFY(result->cancelled);
        QVERIFY2(result->seconds > 1 && result->seconds < 15, qPrintable(QString::number(result->seconds)));
        QCOMPARE(result->exitCode, 128 + SIGKILL);
    }

    void timesOut()
    {
        const auto result = host->run(shell(QStringLiteral("exec sleep 60"), 150));
        QVERIFY(result);
        QVERIFY(result->timedOut);
        QVERIFY(result->seconds < 15);
    }

    void doesNotWaitForADaemonThatHoldsThePipes()
    {
        const auto result = host->run(shell(
            QStringLiteral("setsid sh -c 'echo $$; exec sleep 30' & while ! [ -e /proc/$! ]; do :; done; "
                           "sleep 0.2; echo started")));
        QVERIFY(result && result->ok());
        QVERIFY2(result->seconds < 5, qPrintable(QString::number(result->seconds)));
        const qint64 daemon = result->output.section(QLatin1Char('\n'), 0, 0).toLongLong();
        QVERIFY(daemon > 1);
        QVERIFY(!gone(daemon));
        ::kill(pid_t(daemon), SIGKILL);
    }

    void aLotOfOutputIsWhole()
    {
        const auto result = host->run(shell(QStringLiteral("seq 1 200000")));
        QVERIFY(result && result->ok());
        QCOMPARE(result->output.count(QLatin1Char('\n')), 200000);
        QVERIFY(result->output.endsWith(QStringLiteral("\n200000\n")));
    }

    void saysWhatIsMissing()
    {
        Command command;
        command.argv = {QStringLiteral("no-such-program-here")};
        const auto result = host->run(command);
        QVERIFY(!result);
        QVERIFY(result.error().what.contains(QStringLiteral("no-such-program-here")));
        command.argv = {QStringLiteral("true")};
        command.runAs = QStringLiteral("no-such-user-here");
        QVERIFY(!host->run(command));
        QVERIFY(!host->canRunAs(QStringLiteral("no-such-user-here")));
    }

    void writesWholeOrNotAtAll()
    {
        QTemporaryDir directory;
        const QString path = directory.filePath(QStringLiteral("a b"));
        QVERIFY(host->writeFile(path, "one", 0600, {}));
        QVERIFY(host->writeFile(path, "two\0three" + QByteArray(1, '\0'), 0640, {}));
        QCOMPARE(contentOf(path), "two\0three" + QByteArray(1, '\0'));
        const auto owner = host->ownership(path);
        QVERIFY(owner);
        QCOMPARE(owner->mode, 0640);
        QVERIFY(!owner->isDirectory);
        // Over a directory it cannot go, and nothing is left beside it.
        QVERIFY(QDir(directory.path()).mkdir(QStringLiteral("sub")));
        QVERIFY(!host->writeFile(directory.filePath(QStringLiteral("sub")), "x", 0600, {}));
        QCOMPARE(host->list(directory.path()).value_or(QStringList()),
                 (QStringList{QStringLiteral("a b"), QStringLiteral("sub")}));
        const auto missing = host->writeFile(directory.filePath(QStringLiteral("no/file")), "x", 0600, {});
        QVERIFY(!missing);
        QVERIFY(missing.error().what.contains(QStringLiteral("No such file")));
    }

    void writesOverALinkNotThroughIt()
    {
        QTemporaryDir directory;
        const QString real = directory.filePath(QStringLiteral("real"));
        const QString link = directory.filePath(QStringLiteral("link"));
        QVERIFY(host->writeFile(real, "keep", 0600, {}));
        QVERIFY(QFile::link(real, link));
        QVERIFY(host->writeFile(link, "new", 0600, {}));
        QCOMPARE(contentOf(real), QByteArray("keep"));
        QVERIFY(!QFileInfo(link).isSymLink());
    }

    void worksAsAnotherUserWhenRoot()
    {
        if (::geteuid() != 0)
            QSKIP("needs root");
        const QString user = QStringLiteral("postgres");
        QVERIFY(host->canRunAs(user));
        Command command = shell(QStringLiteral("id -un; id -gn; echo $HOME"));
        command.runAs = user;
        const auto result = host->run(command);
        QVERIFY(result && result->ok());
        QVERIFY2(result->output.startsWith(QStringLiteral("postgres\npostgres\n/var/lib/postgresql")),
                 qPrintable(result->output));

        QTemporaryDir directory;
        const QString path = directory.filePath(QStringLiteral("passfile"));
        QVERIFY(host->writeFile(path, "secret", 0600, user));
        const auto owner = host->ownership(path);
        QVERIFY(owner);
        QCOMPARE(owner->user, user);
        QCOMPARE(owner->mode, 0600);
        // The folder is root's own: its user cannot read in it, and is not helped by our being root.
        QVERIFY(!host->readFile(path, user));
        QFile::setPermissions(directory.path(), QFile::Permissions(0x7755));
        const auto content = host->readFile(path, user);
        QVERIFY(content);
        QCOMPARE(*content, QByteArray("secret"));
    }

    void tellsFilesAndFolders()
    {
        QTemporaryDir directory;
        QCOMPARE(host->exists(directory.path()).value_or(false), true);
        QCOMPARE(host->exists(directory.filePath(QStringLiteral("no"))).value_or(true), false);
        QVERIFY(!host->list(directory.filePath(QStringLiteral("no"))));
        const auto space = host->space(directory.filePath(QStringLiteral("not/yet/there")));
        QVERIFY(space);
        QVERIFY(space->freeBytes > 0 && space->totalBytes >= space->freeBytes);
        QVERIFY(!host->space(QStringLiteral("relative")));
    }

    void tellsFreePorts()
    {
        // The names page, the pre-flight and the search for the next free port look at one port at the same
        // time.
        const auto looksThatDoNotSeeEachOther = [this](int port) {
            std::atomic<int> taken = 0;
            {
                std::vector<std::jthread> lookers;
                for (int looker = 0; looker < 4; ++looker)
                    lookers.emplace_back([&] {
                        for (int look = 0; look < looksAtAPort; ++look)
                            taken += host->portFree(port).value_or(false) ? 0 : 1;
                    });
            }
            QCOMPARE(taken.load(), 0);
        };
        for (const in_addr_t address : {INADDR_LOOPBACK, INADDR_ANY}) {
            const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
            const int one = 1;
            ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one); // As PostgreSQL does.
            sockaddr_in name{};
            name.sin_family = AF_INET;
            name.sin_addr.s_addr = htonl(address);
            socklen_t size = sizeof name;
            QCOMPARE(::bind(fd, reinterpret_cast<sockaddr *>(&name), size), 0);
            QCOMPARE(::listen(fd, 1), 0);
            QCOMPARE(::getsockname(fd, reinterpret_cast<sockaddr *>(&name), &size), 0);
            const int port = ntohs(name.sin_port);
            QCOMPARE(host->portFree(port).value_or(true), false);
            // A connection of the one that listened lingers: PostgreSQL would start all the same.
            const int client = ::socket(AF_INET, SOCK_STREAM, 0);
            name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            QCOMPARE(::connect(client, reinterpret_cast<sockaddr *>(&name), size), 0);
            const int served = ::accept(fd, nullptr, nullptr);
            ::close(served);
            ::close(client);
            ::close(fd);
            QCOMPARE(host->portFree(port).value_or(false), true);
            looksThatDoNotSeeEachOther(port);
        }
        QVERIFY(!host->portFree(0));
        QVERIFY(!host->portFree(70000));
    }

    void findsServerPrograms()
    {
        const auto newest = host->binDirectory(0);
        QVERIFY2(newest, newest ? "" : qPrintable(newest.error().text()));
        QVERIFY(QFileInfo(*newest + QStringLiteral("/initdb")).isExecutable());
        const auto none = host->binDirectory(99);
        QVERIFY(!none);
        QVERIFY(none.error().text().contains(QStringLiteral("postgresql-99")));
    }
};

} // namespace understudy::test
