// SPDX-License-Identifier: GPL-3.0-or-later
#include "FakeServer.h"

#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace understudy::test {

namespace {

constexpr qint64 loginBytes = 7; // In the middle of the server's request for a password.
constexpr int trickleMs = 1000;

sockaddr_in loopback(int port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(uint16_t(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int connectTo(int port)
{
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const sockaddr_in address = loopback(port);
    ::connect(fd, reinterpret_cast<const sockaddr *>(&address), sizeof address);
    return fd;
}

qint64 nowMs()
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

} // namespace

FakeServer::FakeServer(Manner manner, int targetPort) : m_targetPort(targetPort), m_manner(manner)
{
    m_wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (::bind(m_listener, reinterpret_cast<sockaddr *>(&address), size) == 0 &&
        ::getsockname(m_listener, reinterpret_cast<sockaddr *>(&address), &size) == 0)
        m_port = ntohs(address.sin_port);
    ::listen(m_listener, 1024);
    m_thread = std::thread([this] { run(); });
}

FakeServer::~FakeServer()
{
    m_quit = true;
    ::eventfd_write(m_wake, 1);
    m_thread.join();
    for (const Connection &connection : m_connections) {
        ::close(connection.client);
        if (connection.server >= 0)
            ::close(connection.server);
    }
    drain();
    ::close(m_listener);
    ::close(m_wake);
}

void FakeServer::become(Manner manner)
{
    m_manner = manner;
    ::eventfd_write(m_wake, 1);
}

void FakeServer::rewrite(const QByteArray &from, const QByteArray &to)
{
    m_from = from;
    m_to = to;
}

// The queue of a listener that nobody accepts from holds one more than its backlog.
void FakeServer::fill()
{
    ::listen(m_listener, 0);
    for (int i = 0; i < 4; ++i)
        m_fillers.push_back(connectTo(m_port));
}

void FakeServer::drain()
{
    for (const int fd : m_fillers)
        ::close(fd);
    m_fillers.clear();
    ::listen(m_listener, 1024);
}

void FakeServer::accept()
{
    for (;;) {
        const int fd = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0)
            return;
        ++m_accepted;
        m_connections.emplace_back().client = fd;
    }
}

void FakeServer::settle(Connection &c)
{
    const Manner manner = m_manner;
    if (manner == Manner::Hangup || manner == Manner::Full) {
        c.dead = true;
    } else if (manner == Manner::Garbage) {
        static const QByteArray rubbish("HTTP/1.1 400 Bad Request\r\n\xff\xfe\x01 \r\n\r\n");
        if (c.lastByteMs == 0)
            ::send(c.client, rubbish.constData(), size_t(rubbish.size()), MSG_NOSIGNAL);
        c.lastByteMs = nowMs();
    } else if (manner == Manner::Trickle) {
        // A request for authentication that takes its time.
        static const QByteArray request("N" + QByteArray("R\0\0\0\x17\0\0\0\x0aSCRAM-SHA-256\0\0", 24));
        if (nowMs() - c.lastByteMs >= trickleMs && c.down.passed < request.size()) {
            ::send(c.client, request.constData() + c.down.passed++, 1, MSG_NOSIGNAL);
            c.lastByteMs = nowMs();
        }
    } else if (c.lastByteMs != 0) {
        c.dead = true; // It was told nonsense: nothing good can follow.
    } else if ((manner == Manner::PassThrough || manner == Manner::StallInLogin) && c.server < 0) {
        c.server = connectTo(m_targetPort);
        c.up = {c.client, c.server, {}, 0};
        c.down = {c.server, c.client, {}, 0};
    }
}

bool FakeServer::mayRead(const Direction &direction) const
{
    const Manner manner = m_manner;
    if (!direction.pending.isEmpty() || direction.from < 0)
        return false;
    return manner == Manner::PassThrough || manner == Manner::StallInLogin;
}

void FakeServer::read(Connection &c, Direction &direction)
{
    qint64 most = 65536;
    const bool down = &direction == &c.down;
    if (down && m_manner == Manner::StallInLogin)
        most = std::max<qint64>(0, loginBytes - direction.passed);
    if (most == 0)
        return;
    QByteArray bytes(most, Qt::Uninitialized);
    const ssize_t n = ::recv(direction.from, bytes.data(), size_t(most), 0);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != ENOTCONN)) {
        c.dead = true;
        return;
    }
    if (n < 0)
        return;
    bytes.truncate(n);
    if (down && !m_from.isEmpty())
        bytes.replace(m_from, m_to);
    direction.passed += n;
    direction.pending = bytes;
}

void FakeServer::write(Connection &c, Direction &direction)
{
    if (direction.pending.isEmpty())
        return;
    const ssize_t n =
        ::send(direction.to, direction.pending.constData(), size_t(direction.pending.size()), MSG_NOSIGNAL);
    if (n > 0)
        direction.pending.remove(0, n);
    else if (errno != EAGAIN && errno != ENOTCONN)
        c.dead = true;
}

void FakeServer::run()
{
    while (!m_quit) {
        const Manner manner = m_manner;
        if ((manner == Manner::Full) != (m_was == Manner::Full))
            manner == Manner::Full ? fill() : drain();
        m_was = manner;
        std::vector<pollfd> fds{{m_wake, POLLIN, 0}};
        if (manner != Manner::Full)
            fds.push_back({m_listener, POLLIN, 0});
        const bool passes = manner == Manner::PassThrough || manner == Manner::StallInLogin;
        for (const Connection &c : m_connections) {
            for (const Direction *d : {&c.up, &c.down}) {
                const bool stalled =
                    manner == Manner::StallInLogin && d == &c.down && d->passed >= loginBytes;
                if (mayRead(*d) && !stalled)
                    fds.push_back({d->from, POLLIN, 0});
                if (passes && !d->pending.isEmpty())
                    fds.push_back({d->to, POLLOUT, 0});
            }
        }
        ::poll(fds.data(), fds.size(), manner == Manner::Trickle ? 100 : 1000);
        eventfd_t ignored = 0;
        ::eventfd_read(m_wake, &ignored);
        if (m_manner != Manner::Full)
            accept();
        for (Connection &c : m_connections) {
            settle(c);
            for (Direction *d : {&c.up, &c.down}) {
                if (!c.dead && mayRead(*d))
                    read(c, *d);
                if (!c.dead && passes)
                    write(c, *d);
            }
        }
        m_connections.remove_if([](const Connection &c) {
            if (!c.dead)
                return false;
            ::close(c.client);
            if (c.server >= 0)
                ::close(c.server);
            return true;
        });
    }
}

} // namespace understudy::test
