// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/preflight/AuthMethod.h"

#include <QByteArray>
#include <QtEndian>

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace understudy {

namespace {

class Socket
{
public:
    explicit Socket(int fd) : m_fd(fd) {}
    ~Socket()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    Socket(const Socket &) = delete;
    Socket &operator=(const Socket &) = delete;
    int fd() const { return m_fd; }

private:
    int m_fd;
};

int connectTcp(const Endpoint &endpoint)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo *found = nullptr;
    const QByteArray port = QByteArray::number(endpoint.port);
    if (::getaddrinfo(endpoint.host.toUtf8().constData(), port.constData(), &hints, &found) != 0)
        return -1;
    int fd = -1;
    for (const addrinfo *a = found; a && fd < 0; a = a->ai_next) {
        fd = ::socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
        if (fd >= 0 && ::connect(fd, a->ai_addr, a->ai_addrlen) != 0) {
            ::close(fd);
            fd = -1;
        }
    }
    ::freeaddrinfo(found);
    return fd;
}

int connectLocal(const Endpoint &endpoint)
{
    const QByteArray path = (endpoint.host + QStringLiteral("/.s.PGSQL.%1").arg(endpoint.port)).toUtf8();
    sockaddr_un address{};
    if (path.size() >= qsizetype(sizeof address.sun_path))
        return -1;
    address.sun_family = AF_UNIX;
    std::copy(path.begin(), path.end(), address.sun_path);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && ::connect(fd, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0) {
        ::close(fd);
        return -1;
    }
    return fd;
}

bool readExactly(int fd, char *to, qsizetype size, int timeoutMs)
{
    while (size > 0) {
        pollfd wait{fd, POLLIN, 0};
        if (::poll(&wait, 1, timeoutMs) != 1)
            return false;
        const ssize_t got = ::read(fd, to, std::size_t(size));
        if (got <= 0)
            return false;
        to += got;
        size -= got;
    }
    return true;
}

QByteArray startupMessage(const QString &user)
{
    QByteArray body(8, '\0');
    qToBigEndian<quint32>(196608, body.data() + 4); // protocol 3.0
    const auto put = [&body](const QByteArray &text) { body.append(text).append('\0'); };
    put("user");
    put(user.toUtf8());
    put("replication");
    put("true");
    put("application_name");
    put("understudy_preflight");
    body.append('\0');
    qToBigEndian<quint32>(quint32(body.size()), body.data());
    return body;
}

QString methodWord(quint32 request, const QByteArray &rest)
{
    switch (request) {
    case 0:
        return QStringLiteral("trust");
    case 3:
        return QStringLiteral("password");
    case 5:
        return QStringLiteral("md5");
    case 7:
        return QStringLiteral("gss");
    case 10:
        return rest.contains("SCRAM-SHA-256") ? QStringLiteral("scram-sha-256") : QStringLiteral("sasl");
    default:
        return {};
    }
}

} // namespace

QString authMethod(const Endpoint &endpoint, const QString &user, int timeoutMs)
{
    const QString tls = endpoint.options.value(QStringLiteral("sslmode"));
    if (tls == u"require" || tls.startsWith(u"verify"))
        return {}; // Asking in clear could meet another line of pg_hba.conf.
    const Socket socket(endpoint.host.startsWith(u'/') ? connectLocal(endpoint) : connectTcp(endpoint));
    if (socket.fd() < 0)
        return {};
    const QByteArray startup = startupMessage(user);
    if (::send(socket.fd(), startup.constData(), std::size_t(startup.size()), MSG_NOSIGNAL) != startup.size())
        return {};
    char head[5];
    if (!readExactly(socket.fd(), head, sizeof head, timeoutMs) || head[0] != 'R')
        return {};
    const quint32 length = qFromBigEndian<quint32>(head + 1);
    if (length < 8 || length > 4096)
        return {};
    QByteArray body(qsizetype(length) - 4, '\0');
    if (!readExactly(socket.fd(), body.data(), body.size(), timeoutMs))
        return {};
    return methodWord(qFromBigEndian<quint32>(body.constData()), body.mid(4));
}

} // namespace understudy
