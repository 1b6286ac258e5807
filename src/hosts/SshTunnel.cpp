// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/SshTunnel.h"

#include "hosts/SshWords.h"
#include "model/Reach.h"

#include <QFile>
#include <QRandomGenerator>
#include <QStandardPaths>
#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <fcntl.h>
#include <mutex>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace understudy {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr auto lookEvery = milliseconds(25);
constexpr auto connectsFor = milliseconds(20000); // ssh's own ConnectTimeout is below
constexpr auto longLife = milliseconds(10000);    // after which a break is no failure
constexpr qsizetype mostWords = 8192;

int freePort()
{
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    int port = 0;
    if (::bind(fd, reinterpret_cast<sockaddr *>(&address), size) == 0 &&
        ::getsockname(fd, reinterpret_cast<sockaddr *>(&address), &size) == 0)
        port = ntohs(address.sin_port);
    ::close(fd);
    return port;
}

/// Seen from outside: a connection to find out would go all the way to the server and into its log.
bool listensOn(int port)
{
    QFile table(QStringLiteral("/proc/net/tcp"));
    if (!table.open(QIODevice::ReadOnly))
        return false;
    const QByteArray wanted =
        "0100007F:" + QByteArray::number(port, 16).rightJustified(4, '0').toUpper() + " 00000000:0000 0A ";
    return table.readAll().contains(wanted);
}

QByteArrayList commandFor(const QString &sshHost, const QString &target, int port)
{
    QByteArrayList words{QFile::encodeName(QStandardPaths::findExecutable(QStringLiteral("ssh"))), "-N", "-T",
                         "-x", "-a"};
    // A shared connection (ControlMaster) would keep the forwarding beyond our end.
    for (const char *option : {"BatchMode=yes", "ExitOnForwardFailure=yes", "ServerAliveInterval=5",
                               "ServerAliveCountMax=2", "ConnectTimeout=10", "ControlMaster=no",
                               "ControlPath=none", "PermitLocalCommand=no", "LogLevel=INFO"})
        words << "-o" << option;
    words << "-L"
          << "127.0.0.1:" + QByteArray::number(port) + ":" + target.toUtf8() << "--" << sshHost.toUtf8();
    return words;
}

/// Starts @p argv with stderr in a pipe. It is told to end when the thread that called this ends.
pid_t spawn(const QByteArrayList &argv, int &errors)
{
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        return -1;
    std::vector<char *> words;
    for (const QByteArray &word : argv)
        words.push_back(const_cast<char *>(word.constData()));
    words.push_back(nullptr);
    const pid_t parent = ::getpid();
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    const pid_t pid = ::fork();
    if (pid == 0) {
        // Only what may be called between fork and exec with other threads around.
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (::getppid() != parent)
            ::_exit(127);
        sigset_t none;
        sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);
        ::setpgid(0, 0); // Ctrl+C in a terminal is for us; we end it in order.
        ::dup2(null, STDIN_FILENO);
        ::dup2(null, STDOUT_FILENO);
        ::dup2(pipe[1], STDERR_FILENO);
        ::execv(words[0], words.data());
        ::_exit(127);
    }
    ::close(null);
    ::close(pipe[1]);
    if (pid < 0) {
        ::close(pipe[0]);
        return -1;
    }
    errors = pipe[0];
    return pid;
}

void end(pid_t pid)
{
    ::kill(pid, SIGTERM);
    for (int i = 0; i < 40; ++i) {
        if (::waitpid(pid, nullptr, WNOHANG) == pid)
            return;
        std::this_thread::sleep_for(lookEvery);
    }
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
}

} // namespace

struct SshTunnel::State
{
    const QString sshHost, target;
    mutable std::mutex mutex;
    std::condition_variable changed;
    bool quit = false;
    bool wanted = false;
    int port = 0; ///< 0: not open.
    mutable int errors = -1;
    mutable QByteArray said;
    std::optional<Error> failure;
    Clock::time_point nextTry{};

    /// Takes over what ssh wrote; the mutex is held.
    void drain() const
    {
        std::array<char, 4096> buffer{};
        for (ssize_t n = 1; errors >= 0 && n > 0;) {
            n = ::read(errors, buffer.data(), buffer.size());
            if (n > 0)
                said = (said + QByteArray(buffer.data(), qsizetype(n))).right(mostWords);
        }
    }
};

struct SshTunnel::Thread
{
    std::thread thread;
};

SshTunnel::SshTunnel(const QString &sshHost, const QString &target)
    : m_state(new State{sshHost, target, {}, {}, false, false, 0, -1, {}, {}, {}}), m_thread(new Thread)
{
    m_thread->thread = std::thread([state = m_state] { keep(state); });
}

SshTunnel::~SshTunnel()
{
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->quit = true;
        m_state->changed.notify_all();
    }
    m_thread->thread.join();
}

void SshTunnel::keep(const std::shared_ptr<State> &state)
{
    int failures = 0;
    std::unique_lock lock(state->mutex);
    while (!state->quit) {
        state->changed.wait(lock,
                            [&] { return state->quit || (state->wanted && Clock::now() >= state->nextTry); });
        if (state->quit)
            break;
        state->failure.reset();
        state->said.clear();
        const int port = freePort();
        const auto started = Clock::now();
        const pid_t pid = spawn(commandFor(state->sshHost, state->target, port), state->errors);
        bool ended = pid < 0;
        bool late = false;
        while (!state->quit && !ended && !late) {
            state->changed.wait_for(lock, lookEvery * (state->port ? 4 : 1));
            state->drain();
            ended = ::waitpid(pid, nullptr, WNOHANG) == pid;
            if (!ended && !state->port && listensOn(port)) {
                state->port = port;
                state->said.clear();
                state->changed.notify_all();
            }
            late = !state->port && Clock::now() - started > connectsFor;
        }
        state->drain();
        const bool wasOpen = state->port != 0;
        state->port = 0;
        if (pid > 0 && !ended) {
            lock.unlock();
            end(pid);
            lock.lock();
        }
        if (state->errors >= 0)
            ::close(std::exchange(state->errors, -1));
        if (state->quit)
            break;
        const QString reason =
            late ? QStringLiteral("it timed out while connecting") : sshReason(state->said);
        state->failure = sshError(state->sshHost, reason);
        failures = wasOpen && Clock::now() - started > longLife ? 0 : failures + 1;
        // Another program took the port between two looks.
        const bool unlucky = reason.contains(QLatin1String("local forwarding")) ||
                             reason.contains(QLatin1String("Address already in use"));
        // Who is refused a login again and again may be locked out.
        const bool login = reason.contains(QLatin1String("Permission denied")) ||
                           reason.contains(QLatin1String("ost key")) ||
                           reason.contains(QLatin1String("IDENTIFICATION"));
        const int mostMs = login ? 30000 : 1500;
        const int waitMs = std::min(mostMs, 250 << std::min(failures, 8));
        state->nextTry =
            Clock::now() +
            milliseconds(wasOpen && failures < 2 ? 0
                         : unlucky && failures < 5
                             ? 0
                             : int(waitMs * (1 + QRandomGenerator::global()->generateDouble() * 0.3)));
        // Whoever wants it says so again.
        state->wanted = false;
        state->changed.notify_all();
    }
}

Result<int> SshTunnel::port(int timeoutMs)
{
    if (QStandardPaths::findExecutable(QStringLiteral("ssh")).isEmpty())
        return fail(QStringLiteral("There is no ssh on this machine."),
                    QStringLiteral("Install it (package openssh-client)."), QStringLiteral("ssh"));
    const auto until = Clock::now() + milliseconds(timeoutMs);
    std::unique_lock lock(m_state->mutex);
    while (!m_state->port) {
        if (m_state->failure && Clock::now() < m_state->nextTry)
            return tl::unexpected(*m_state->failure);
        m_state->failure.reset();
        m_state->wanted = true;
        m_state->changed.notify_all();
        if (m_state->changed.wait_until(lock, until) == std::cv_status::timeout && !m_state->port) {
            if (m_state->failure)
                return tl::unexpected(*m_state->failure);
            return fail(
                QStringLiteral("The ssh tunnel through %1 is still being opened.").arg(m_state->sshHost), {},
                QStringLiteral("ssh"));
        }
        if (m_state->failure)
            return tl::unexpected(*m_state->failure);
    }
    return m_state->port;
}

QString SshTunnel::words() const
{
    const std::lock_guard lock(m_state->mutex);
    m_state->drain();
    return sshReason(m_state->said);
}

} // namespace understudy
