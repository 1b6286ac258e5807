// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/ChildProcess.h"

#include "hosts/LineSplitter.h"

#include <QElapsedTimer>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace understudy {

namespace {

constexpr qsizetype maxOutput = qsizetype(64) << 20;
constexpr int againMs = 200; // From one TERM to the next for a child that has said all it had to say.

class Fd
{
public:
    explicit Fd(int fd = -1) : m_fd(fd) {}
    Fd(const Fd &) = delete;
    Fd &operator=(const Fd &) = delete;
    ~Fd() { reset(); }
    int get() const { return m_fd; }
    void reset(int fd = -1)
    {
        if (m_fd >= 0)
            ::close(m_fd);
        m_fd = fd;
    }

private:
    int m_fd;
};

QString systemWords(int code)
{
    return QString::fromLocal8Bit(std::strerror(code));
}

std::vector<char *> pointers(const QByteArrayList &words)
{
    std::vector<char *> out;
    for (const QByteArray &word : words)
        out.push_back(const_cast<char *>(word.constData()));
    out.push_back(nullptr);
    return out;
}

/// A file in memory: a child may read it slowly, late or not at all, and nobody waits for it.
bool openInput(const QByteArray &input, Fd &fd)
{
    if (input.isEmpty()) {
        fd.reset(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        return fd.get() >= 0;
    }
    fd.reset(::memfd_create("input", MFD_CLOEXEC));
    qsizetype written = 0;
    while (fd.get() >= 0 && written < input.size()) {
        const ssize_t n = ::write(fd.get(), input.constData() + written, size_t(input.size() - written));
        if (n < 0 && errno != EINTR)
            return false;
        written += n > 0 ? n : 0;
    }
    return fd.get() >= 0 && ::lseek(fd.get(), 0, SEEK_SET) == 0;
}

int spawn(const ChildRequest &request, int in, int out, int err, pid_t &pid)
{
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addchdir_np(&files, request.workingDirectory.constData());
    posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, err, STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&files, 3);

    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes,
                             short(POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
    const int failed = ::posix_spawn(&pid, request.argv.first().constData(), &files, &attributes,
                                     pointers(request.argv).data(), pointers(request.environment).data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return failed;
}

using Taker = std::function<void(const QByteArray &bytes)>;

/// Reads what is there without waiting. False at the end of the file.
bool drain(int fd, const Taker &take)
{
    std::array<char, 65536> buffer;
    for (;;) {
        const ssize_t n = ::read(fd, buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
        take(QByteArray(buffer.data(), qsizetype(n)));
    }
}

/// The leader of the group stays a zombie until it is reaped, so its number cannot become somebody else's.
bool hasEnded(pid_t pid)
{
    siginfo_t info;
    std::memset(&info, 0, sizeof info);
    return ::waitid(P_PID, id_t(pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == pid;
}

} // namespace

Result<ChildOutcome> runChild(const ChildRequest &request, std::stop_token stop, const LineSink &sink)
{
    const QString program = QString::fromLocal8Bit(request.argv.value(0));
    const auto cannot = [&](int code) {
        return fail(QStringLiteral("%1 could not be started: %2.").arg(program, systemWords(code)));
    };
    std::array<int, 2> outPipe, errPipe;
    if (::pipe2(outPipe.data(), O_CLOEXEC) != 0)
        return cannot(errno);
    Fd out(outPipe[0]), outEnd(outPipe[1]);
    if (::pipe2(errPipe.data(), O_CLOEXEC) != 0)
        return cannot(errno);
    Fd err(errPipe[0]), errEnd(errPipe[1]);
    Fd in, wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (wake.get() < 0 || (request.inputHandle < 0 && !openInput(request.input, in)))
        return cannot(errno);
    ::fcntl(out.get(), F_SETFL, O_NONBLOCK);
    ::fcntl(err.get(), F_SETFL, O_NONBLOCK);

    QElapsedTimer clock;
    clock.start();
    pid_t pid = 0;
    if (const int code = spawn(request, request.inputHandle < 0 ? in.get() : request.inputHandle,
                               outEnd.get(), errEnd.get(), pid);
        code != 0)
        return cannot(code);
    outEnd.reset();
    errEnd.reset();
    in.reset();
    const std::stop_callback wakeUp(stop, [&wake] {
        const quint64 one = 1;
        [[maybe_unused]] const ssize_t n = ::write(wake.get(), &one, sizeof one);
    });
    // Without pidfd_open (an old kernel, a strict sandbox) the end is found by looking often.
    const Fd ended(int(::syscall(SYS_pidfd_open, pid, 0)));

    ChildOutcome outcome;
    LineSplitter outLines(Stream::Output, sink), errLines(Stream::Error, sink);
    bool enough = false;
    const Taker takeOutput = [&](const QByteArray &bytes) {
        if (request.onBytes) {
            enough |= !request.onBytes(Stream::Output, bytes);
            return;
        }
        if (outcome.output.size() < maxOutput)
            outcome.output += bytes;
        outLines.feed(bytes);
    };
    const Taker takeError = [&](const QByteArray &bytes) {
        if (request.onBytes)
            enough |= !request.onBytes(Stream::Error, bytes);
        else
            errLines.feed(bytes);
    };
    const auto signalGroup = [&](int number) {
        if (::kill(-pid, number) != 0 && errno == EPERM && request.signalElsewhere)
            request.signalElsewhere(number, pid);
    };
    bool outOpen = true, errOpen = true, killed = false, asked = false;
    qint64 termAt = -1, againAt = 0;
    while (!hasEnded(pid)) {
        const qint64 now = clock.elapsed();
        if (termAt < 0) {
            outcome.cancelled = stop.stop_requested();
            outcome.timedOut = !outcome.cancelled && request.timeoutMs > 0 && now >= request.timeoutMs;
            if (outcome.cancelled || outcome.timedOut || enough) {
                termAt = now;
                againAt = now + againMs;
                asked = !enough && request.askToEnd && request.askToEnd();
                if (!asked) {
                    signalGroup(SIGTERM);
                    signalGroup(SIGCONT); // A stopped process cannot hear TERM.
                }
            }
        } else if (asked && (enough || now - termAt >= request.graceMs)) {
            asked = false;
            termAt = now;
            signalGroup(SIGTERM);
        } else if (!killed && now - termAt >= request.graceMs) {
            killed = true;
            signalGroup(SIGKILL);
        } else if (enough && !killed && now >= againAt) {
            // A TERM that comes between ssh's look at its flag and its read of the socket is lost on it.
            againAt = now + againMs;
            signalGroup(SIGTERM);
        }
        qint64 wait = 1000;
        if (termAt >= 0)
            wait = killed ? 100 : qMax<qint64>(1, request.graceMs - (now - termAt));
        else if (request.timeoutMs > 0)
            wait = std::clamp<qint64>(request.timeoutMs - now, 1, 1000);
        if (termAt >= 0 && enough)
            wait = qMin<qint64>(wait, againMs);
        if (ended.get() < 0)
            wait = qMin<qint64>(wait, 10);
        std::array<pollfd, 4> fds{pollfd{outOpen ? out.get() : -1, POLLIN, 0},
                                  pollfd{errOpen ? err.get() : -1, POLLIN, 0}, pollfd{ended.get(), POLLIN, 0},
                                  pollfd{termAt < 0 ? wake.get() : -1, POLLIN, 0}};
        ::poll(fds.data(), fds.size(), int(wait));
        if (fds[0].revents)
            outOpen = drain(out.get(), takeOutput);
        if (fds[1].revents)
            errOpen = drain(err.get(), takeError);
    }
    // Whoever of the group is left had the same TERM as its leader.
    if (termAt >= 0)
        signalGroup(SIGKILL);
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (outOpen)
        drain(out.get(), takeOutput);
    if (errOpen)
        drain(err.get(), takeError);
    outLines.finish();
    errLines.finish();
    outcome.errorOutput = errLines.text();
    outcome.exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    outcome.seconds = double(clock.nsecsElapsed()) / 1e9;
    return outcome;
}

} // namespace understudy
