// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "StoreScene.h"
#include "history/StoreWriter.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QProcess>
#include <QTimer>

#include <csignal>
#include <cstdio>
#include <sys/resource.h>
#include <unistd.h>

/// The other process of the tests of the store: this very program, told what to be by its arguments.
namespace understudy::storechild {

inline void say(const QString &line)
{
    std::printf("%s\n", qPrintable(line));
    std::fflush(stdout);
}

/// Feeds a store, ten seconds of history every few milliseconds, from where it ended before, and says what is
/// in the file and what is the matter.
inline int write(const QString &path, qint64 fromUs)
{
    StoreWriter::Options options;
    options.path = path;
    options.settings.rawHours = 1;
    options.settings.keyframeSeconds = 60;
    options.batchMs = 5;
    options.retryMs = 50;
    options.told = [](const StoreState &state) {
        say(state.problem ? QStringLiteral("problem %1").arg(int(state.problem->kind))
                          : QStringLiteral("fine"));
    };
    StoreWriter writer(options);
    qint64 at = fromUs, said = 0;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &timer, [&] {
        at += 10 * storescene::second;
        writer.add(storescene::look(at, 3, at / storescene::second % 100000));
        const qint64 written = writer.state().written;
        if (written != said)
            say(QStringLiteral("written %1").arg(written));
        said = written;
    });
    timer.start(1);
    return QCoreApplication::exec();
}

/// Holds a store locked until its input ends.
inline int lock(const QString &path)
{
    auto connection = StoreConnection::open(path, StoreConnection::For::Writing, StoreDialect::sqlite());
    if (!connection || !(*connection)->run(QStringLiteral("BEGIN EXCLUSIVE")))
        return 1;
    say(QStringLiteral("locked"));
    while (std::getchar() != EOF)
        ;
    return 0;
}

/// The exit code where the arguments make this process a child.
inline std::optional<int> run(int argc, char **argv)
{
    const QString what = argc > 2 ? QString::fromLocal8Bit(argv[1]) : QString();
    if (!what.startsWith(QLatin1String("child-")))
        return {};
    QCoreApplication app(argc, argv);
    const QString path = QString::fromLocal8Bit(argv[2]);
    if (what == QLatin1String("child-lock"))
        return lock(path);
    const qint64 from = argc > 3 ? QByteArray(argv[3]).toLongLong() : storescene::start;
    if (what == QLatin1String("child-limited")) {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{300000, 300000};
        if (::setrlimit(RLIMIT_FSIZE, &limit) != 0)
            return 1;
    }
    // Root may write everywhere.
    if (what == QLatin1String("child-nobody") && ::geteuid() == 0 &&
        (::setgid(65534) != 0 || ::setuid(65534) != 0))
        return 1;
    return write(path, from);
}

/// One of them, seen from the test; killed with it.
class Child
{
public:
    Child(const QString &what, const QString &path, qint64 fromUs = storescene::start)
    {
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(QCoreApplication::applicationFilePath(), {what, path, QString::number(fromUs)});
    }
    ~Child()
    {
        m_process.kill();
        m_process.waitForFinished(60000);
    }
    /// Reads what it says until a line begins so; false when it ended first or the time is over.
    bool says(const QString &beginning, int timeoutMs = 60000)
    {
        QDeadlineTimer deadline(timeoutMs);
        while (true) {
            while (m_process.canReadLine()) {
                m_line = QString::fromUtf8(m_process.readLine()).trimmed();
                if (m_line.startsWith(QLatin1String("written ")))
                    m_written = m_line.mid(8).toLongLong();
                if (m_line.startsWith(beginning))
                    return true;
            }
            if (deadline.hasExpired() || m_process.state() == QProcess::NotRunning ||
                !m_process.waitForReadyRead(int(deadline.remainingTime())))
                return false;
        }
    }
    /// What it said was in the file, all of what it said having been read.
    qint64 killAndCount()
    {
        m_process.kill();
        m_process.waitForFinished(60000);
        while (says(QStringLiteral("never"), 0) || m_process.canReadLine())
            ;
        return m_written;
    }
    bool isAlive() const { return m_process.state() == QProcess::Running; }
    void endInput()
    {
        m_process.closeWriteChannel();
        m_process.waitForFinished(60000);
    }

private:
    QProcess m_process;
    QString m_line;
    qint64 m_written = 0;
};

} // namespace understudy::storechild
