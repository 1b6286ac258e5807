// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QTest>

#include <array>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace understudy::test {

/// A terminal with somebody in front of it, who reads and types.
class Terminal
{
public:
    Terminal() : m_good(::openpty(&m_person, &m_program, m_name.data(), nullptr, nullptr) == 0) {}
    ~Terminal()
    {
        ::close(m_person);
        ::close(m_program);
    }
    Terminal(const Terminal &) = delete;
    Terminal &operator=(const Terminal &) = delete;

    bool good() const { return m_good; }
    QByteArray name() const { return m_name.data(); }
    /// In a child before it becomes a program: what it starts is in front of this terminal.
    void take() const
    {
        ::setsid();
        ::ioctl(m_program, TIOCSCTTY, 0);
    }
    bool echoes() const
    {
        termios now{};
        return ::tcgetattr(m_program, &now) == 0 && (now.c_lflag & ECHO) && (now.c_lflag & ICANON);
    }
    /// Everything shown so far, once @p words are among it.
    QByteArray seenUntil(const QByteArray &words, int timeoutMs = 5000)
    {
        QElapsedTimer patience;
        patience.start();
        while (!m_seen.contains(words) && patience.elapsed() < timeoutMs)
            look(200);
        return m_seen;
    }
    QByteArray seen()
    {
        while (look(0)) {
        }
        return m_seen;
    }
    void type(const QByteArray &keys)
    {
        QCOMPARE(::write(m_person, keys.constData(), size_t(keys.size())), keys.size());
    }

private:
    bool look(int ms)
    {
        pollfd fd{m_person, POLLIN, 0};
        std::array<char, 4096> buffer{};
        if (::poll(&fd, 1, ms) <= 0)
            return false;
        const ssize_t n = ::read(m_person, buffer.data(), buffer.size());
        m_seen.append(buffer.data(), qMax<qsizetype>(0, n));
        return n > 0;
    }

    int m_person = -1, m_program = -1;
    std::array<char, 256> m_name{};
    bool m_good;
    QByteArray m_seen;
};

} // namespace understudy::test
