// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/DemoGuard.h"

#include "demo/DemoFolder.h"
#include "demo/WriteLoad.h"

#include <QDeadlineTimer>
#include <QFile>
#include <QThread>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

extern char **environ;

namespace understudy {

namespace {

const QString guardVerb = QStringLiteral("demo-guard");
constexpr int inheritedLock = 3;

std::atomic<bool> told = false;

void onTerm(int)
{
    told = true;
}

void listenToTermOnly()
{
    struct sigaction action;
    std::memset(&action, 0, sizeof action);
    action.sa_handler = onTerm;
    ::sigaction(SIGTERM, &action, nullptr);
    for (const int number : {SIGINT, SIGHUP, SIGQUIT, SIGPIPE})
        ::signal(number, SIG_IGN);
}

bool isGuardOf(qint64 pid, const QString &folder)
{
    QFile file(QStringLiteral("/proc/%1/cmdline").arg(pid));
    if (pid <= 0 || !file.open(QIODevice::ReadOnly))
        return false;
    const QList<QByteArray> words = file.read(65536).split('\0');
    return words.contains(guardVerb.toLocal8Bit()) && words.contains(QFile::encodeName(folder));
}

} // namespace

int runDemoGuard(const QStringList &arguments)
{
    const QString folder = arguments.value(0);
    listenToTermOnly();
    if (!isDemoFolder(folder))
        return 2;
    std::unique_ptr<WriteLoad> load;
    bool keep = false, ownerHere = true;
    QByteArray heard;
    while (!told && (ownerHere || keep) && isDemoFolder(folder)) {
        pollfd input{ownerHere ? STDIN_FILENO : -1, POLLIN, 0};
        if (::poll(&input, 1, 250) <= 0)
            continue;
        std::array<char, 256> buffer;
        const ssize_t n = ::read(STDIN_FILENO, buffer.data(), buffer.size());
        if (n <= 0)
            ownerHere = n < 0 && errno == EINTR;
        else
            heard.append(buffer.data(), qsizetype(n));
        keep = keep || heard.contains("keep\n");
        if (!load && heard.contains("load\n"))
            load = std::make_unique<WriteLoad>(folder);
    }
    load.reset();
    const bool cleared = clearDemoFolder(folder).has_value();
    if (cleared)
        removeDemoRecord(folder);
    return cleared ? 0 : 1;
}

GuardProcess::GuardProcess(GuardProcess &&other) noexcept
    : m_pid(std::exchange(other.m_pid, 0)), m_pipe(std::exchange(other.m_pipe, -1))
{
}

GuardProcess &GuardProcess::operator=(GuardProcess &&other) noexcept
{
    std::swap(m_pid, other.m_pid);
    std::swap(m_pipe, other.m_pipe);
    return *this;
}

GuardProcess::~GuardProcess()
{
    if (m_pipe >= 0)
        ::close(m_pipe);
}

Result<GuardProcess> GuardProcess::start(const QString &program, const QString &folder, int lockFd)
{
    std::array<int, 2> ends;
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return fail(
            QStringLiteral("No pipe could be made: %1.").arg(QString::fromLocal8Bit(std::strerror(errno))));
    // Another child of ours must not keep the pipe open: its writing end closes on exec everywhere.
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addchdir_np(&files, "/");
    posix_spawn_file_actions_adddup2(&files, ends[0], STDIN_FILENO);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&files, lockFd, inheritedLock);
    posix_spawn_file_actions_addclosefrom_np(&files, inheritedLock + 1);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, short(POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK));

    QByteArray path = QFile::encodeName(program), verb = guardVerb.toLocal8Bit(),
               where = QFile::encodeName(folder);
    std::array<char *, 4> words{path.data(), verb.data(), where.data(), nullptr};
    pid_t pid = 0;
    const int code = ::posix_spawn(&pid, path.constData(), &files, &attributes, words.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    ::close(ends[0]);
    if (code != 0) {
        ::close(ends[1]);
        return fail(QStringLiteral("%1 could not be started: %2.")
                        .arg(program, QString::fromLocal8Bit(std::strerror(code))));
    }
    GuardProcess guard;
    guard.m_pid = pid;
    guard.m_pipe = ends[1];
    return guard;
}

bool GuardProcess::sendLine(const QByteArray &line)
{
    // A guard that was killed is no reason to die of SIGPIPE.
    struct sigaction ignore, before;
    std::memset(&ignore, 0, sizeof ignore);
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGPIPE, &ignore, &before);
    const QByteArray text = line + '\n';
    const bool sent = ::write(m_pipe, text.constData(), size_t(text.size())) == text.size();
    ::sigaction(SIGPIPE, &before, nullptr);
    return sent;
}

bool GuardProcess::finish(int waitMs)
{
    if (m_pipe >= 0)
        ::close(m_pipe);
    m_pipe = -1;
    const QDeadlineTimer deadline(waitMs);
    while (m_pid > 0) {
        if (::waitpid(pid_t(m_pid), nullptr, WNOHANG) != 0) {
            m_pid = 0;
            return true;
        }
        if (deadline.hasExpired())
            return false;
        QThread::msleep(10);
    }
    return true;
}

void stopGuard(qint64 pid, const QString &folder, int waitMs)
{
    if (!isGuardOf(pid, folder))
        return;
    ::kill(pid_t(pid), SIGTERM);
    const QDeadlineTimer deadline(waitMs);
    while (isGuardOf(pid, folder) && !deadline.hasExpired())
        QThread::msleep(20);
}

} // namespace understudy
