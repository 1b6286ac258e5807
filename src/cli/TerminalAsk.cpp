// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/TerminalAsk.h"

#include <array>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <unistd.h>

namespace understudy::cli {

namespace {

void put(int fd, const QByteArray &text)
{
    [[maybe_unused]] const ssize_t n = ::write(fd, text.constData(), size_t(text.size()));
}

/// Takes the keys one by one, so that nothing is echoed and Ctrl-C comes to us: a process that it killed
/// would leave a terminal that shows nothing any more.
class RawTerminal
{
public:
    explicit RawTerminal(int fd) : m_fd(fd), m_good(::tcgetattr(fd, &m_before) == 0)
    {
        termios raw = m_before;
        raw.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG);
        raw.c_cc[VMIN] = 1;
        raw.c_cc[VTIME] = 0;
        m_good = m_good && ::tcsetattr(fd, TCSAFLUSH, &raw) == 0;
    }
    ~RawTerminal()
    {
        if (m_good)
            ::tcsetattr(m_fd, TCSAFLUSH, &m_before);
        put(m_fd, "\n");
    }
    RawTerminal(const RawTerminal &) = delete;
    RawTerminal &operator=(const RawTerminal &) = delete;
    bool good() const { return m_good; }

private:
    const int m_fd;
    termios m_before{};
    bool m_good;
};

/// One line; nothing when it was given up.
std::optional<QByteArray> readLine(int fd, int wake, bool shown)
{
    QByteArray line;
    for (;;) {
        std::array<pollfd, 2> fds{pollfd{fd, POLLIN, 0}, pollfd{wake, POLLIN, 0}};
        char key = 0;
        if (::poll(fds.data(), fds.size(), -1) < 0)
            continue;
        if (fds[1].revents || ::read(fd, &key, 1) != 1)
            return std::nullopt;
        if (key == '\n' || key == '\r')
            return line;
        if (key == 3 || (key == 4 && line.isEmpty()))
            return std::nullopt;
        if (key == 21) { // Ctrl-U
            line.clear();
        } else if (key == 8 || key == 127) {
            // One character of UTF-8 is one key to take back.
            while (!line.isEmpty() && (uchar(line.back()) & 0xC0) == 0x80)
                line.chop(1);
            if (!line.isEmpty() && shown)
                put(fd, "\b \b");
            line.chop(1);
        } else {
            line += key;
            if (shown)
                put(fd, QByteArray(1, key));
        }
    }
}

} // namespace

QString terminalWords(const SshQuestion &question)
{
    const QString again = question.attempt > 1 ? QStringLiteral("That was not right. ") : QString();
    switch (question.kind) {
    case SshQuestion::Kind::HostKey:
        return QStringLiteral(
                   "The host key of %1 is not known on this machine. Its fingerprint (%2):\n\n    %3\n\n"
                   "On that machine, 'ssh-keygen -lf /etc/ssh/ssh_host_%4_key.pub' prints the same.\n"
                   "Accept it? Type yes or no: ")
            .arg(question.hostInWords(), question.keyType, question.fingerprint, question.keyType.toLower());
    case SshQuestion::Kind::Passphrase:
        return again + QStringLiteral("Passphrase of the key %1: ").arg(question.keyFile);
    case SshQuestion::Kind::SudoPassword:
        return again + QStringLiteral("sudo on %1 wants your password there, to run commands as %2: ")
                           .arg(question.host, question.user);
    default:
        return again + question.text + QLatin1Char(' ');
    }
}

std::optional<QString> TerminalAsk::ask(const SshQuestion &question, std::stop_token stop)
{
    const std::lock_guard lock(m_mutex);
    const int fd = ::open(m_terminal.constData(), O_RDWR | O_CLOEXEC | O_NOCTTY);
    const int wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    std::optional<QByteArray> line;
    if (fd >= 0 && wake >= 0) {
        const std::stop_callback wakeUp(stop, [wake] {
            const quint64 one = 1;
            [[maybe_unused]] const ssize_t n = ::write(wake, &one, sizeof one);
        });
        const RawTerminal raw(fd);
        put(fd, terminalWords(question).toLocal8Bit());
        if (raw.good())
            line = readLine(fd, wake, !question.isSecret());
    }
    ::close(fd);
    ::close(wake);
    if (!line)
        return std::nullopt;
    if (question.kind != SshQuestion::Kind::HostKey)
        return QString::fromLocal8Bit(*line);
    return line->trimmed().toLower() == "yes" ? std::optional(QStringLiteral("yes")) : std::nullopt;
}

std::shared_ptr<SshAsk> terminalAsk()
{
    const QByteArray terminal = "/dev/tty";
    const int fd = ::open(terminal.constData(), O_RDWR | O_CLOEXEC | O_NOCTTY);
    const bool ours = fd >= 0 && ::tcgetpgrp(fd) == ::getpgrp();
    ::close(fd);
    return ours ? std::make_shared<TerminalAsk>(terminal) : nullptr;
}

} // namespace understudy::cli
