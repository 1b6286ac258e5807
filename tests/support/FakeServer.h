// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <atomic>
#include <list>
#include <thread>

namespace understudy::test {

/// A listener on a free port of 127.0.0.1 that misbehaves, or hands everything through to a real server
/// there. It runs on a thread of its own and may change its manner at any time.
class FakeServer
{
public:
    enum class Manner {
        PassThrough,
        Silent,       ///< Accepts and says nothing; what it is told waits for it.
        Frozen,       ///< What was handed through so far waits in both directions, new connections too.
        StallInLogin, ///< Hands through until the middle of the server's first message.
        Garbage,      ///< Answers with what is no PostgreSQL.
        Trickle,      ///< Answers one byte a second.
        Hangup,       ///< Accepts and closes.
        Full,         ///< Never accepts, and its queue is full: the kernel drops who wants to connect.
    };

    /// @p targetPort: the real server behind it, for PassThrough and what leads there.
    explicit FakeServer(Manner manner, int targetPort = 0);
    ~FakeServer();
    FakeServer(const FakeServer &) = delete;
    FakeServer &operator=(const FakeServer &) = delete;

    int port() const { return m_port; }
    void become(Manner manner);
    int accepted() const { return m_accepted; } ///< Connections so far.
    /// From now on @p from is replaced by @p to (of the same length) in what the real server says.
    void rewrite(const QByteArray &from, const QByteArray &to);

private:
    struct Direction
    {
        int from = -1, to = -1;
        QByteArray pending;
        qint64 passed = 0;
    };
    struct Connection
    {
        int client = -1, server = -1;
        Direction up, down; ///< Client to server, server to client.
        qint64 lastByteMs = 0;
        bool dead = false;
    };

    void run();
    void accept();
    void settle(Connection &connection); ///< Does what the manner of the moment asks for.
    bool mayRead(const Direction &direction) const;
    void read(Connection &connection, Direction &direction);
    void write(Connection &connection, Direction &direction);
    void fill();
    void drain();

    const int m_targetPort;
    int m_listener = -1, m_wake = -1;
    int m_port = 0;
    std::atomic<Manner> m_manner;
    std::atomic<int> m_accepted{0};
    std::atomic<bool> m_quit{false};
    std::list<Connection> m_connections;
    std::list<int> m_fillers;
    Manner m_was = Manner::Silent;
    QByteArray m_from, m_to; ///< Set before the thread can see a connection that needs them.
    std::thread m_thread;
};

} // namespace understudy::test
