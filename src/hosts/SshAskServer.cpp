// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/SshAskServer.h"

#include "hosts/SshAskSocket.h"

#include <QElapsedTimer>
#include <QFile>
#include <QRandomGenerator>

#include <array>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace understudy {

namespace {

QByteArray randomHex(int words)
{
    QByteArray out;
    for (int i = 0; i < words; ++i)
        out += QByteArray::number(QRandomGenerator::system()->generate64(), 16).rightJustified(16, '0');
    return out;
}

bool isOurs(int client)
{
    ucred peer{};
    socklen_t size = sizeof peer;
    return ::getsockopt(client, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == ::geteuid();
}

} // namespace

SshAskServer::SshAskServer(const QString &folder, const QString &destination, std::shared_ptr<SshAsk> ask,
                           std::stop_source giveUp, int patienceMs)
    : m_path(folder + QStringLiteral("/a") + QString::fromLatin1(randomHex(1).left(8))),
      m_destination(destination), m_ask(std::move(ask)), m_token(randomHex(2)), m_giveUp(std::move(giveUp)),
      m_patienceMs(patienceMs), m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    sockaddr_un name;
    const QByteArray raw = QFile::encodeName(m_path);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    // The folder is closed to others already; the mode is for whoever looks at the socket.
    if (fd < 0 || m_wake < 0 || !socketName(raw, name) ||
        ::bind(fd, reinterpret_cast<const sockaddr *>(&name), sizeof name) != 0 ||
        ::chmod(raw.constData(), S_IRUSR | S_IWUSR) != 0 || ::listen(fd, 4) != 0) {
        ::close(fd);
        return;
    }
    m_listener = fd;
    m_thread = std::jthread([this](const std::stop_token &stop) { serve(stop); });
}

SshAskServer::~SshAskServer()
{
    m_thread.request_stop();
    const quint64 one = 1;
    [[maybe_unused]] const ssize_t n = ::write(m_wake, &one, sizeof one);
    if (m_thread.joinable())
        m_thread.join();
    if (m_listener >= 0)
        ::close(m_listener);
    ::close(m_wake);
    ::unlink(QFile::encodeName(m_path).constData());
}

QByteArrayList SshAskServer::environment() const
{
    return {"SSH_ASKPASS=" + QFile::symLinkTarget(QStringLiteral("/proc/self/exe")).toLocal8Bit(),
            "SSH_ASKPASS_REQUIRE=force",
            QByteArray(askVariable) + '=' + m_token + ':' + QFile::encodeName(m_path)};
}

std::optional<SshQuestion> SshAskServer::declined() const
{
    const std::lock_guard lock(m_mutex);
    return m_declined;
}

bool SshAskServer::outOfPatience() const
{
    const std::lock_guard lock(m_mutex);
    return m_outOfPatience;
}

void SshAskServer::serve(const std::stop_token &stop)
{
    QElapsedTimer silent;
    silent.start();
    while (!stop.stop_requested()) {
        std::array<pollfd, 2> fds{pollfd{m_listener, POLLIN, 0}, pollfd{m_wake, POLLIN, 0}};
        ::poll(fds.data(), fds.size(), 500);
        if (stop.stop_requested())
            return;
        if (fds[0].revents & POLLIN) {
            const int client = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
            if (client >= 0) {
                answer(client, stop);
                ::close(client);
            }
            silent.restart();
        } else if (silent.elapsed() > m_patienceMs) {
            const std::lock_guard lock(m_mutex);
            m_outOfPatience = true;
            m_giveUp.request_stop();
            return;
        }
    }
}

void SshAskServer::answer(int client, const std::stop_token &stop)
{
    if (!isOurs(client))
        return;
    // Whoever connects and says nothing holds nobody up.
    const timeval patience{5, 0};
    ::setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    const QByteArray said = readToEnd(client);
    if (!said.startsWith(m_token + '\n') || declined())
        return;
    SshQuestion question = sshQuestion(m_destination, QString::fromUtf8(said.mid(m_token.size() + 1)));
    m_asked << question.text;
    question.attempt = int(m_asked.count(question.text));
    const std::optional<QString> words = m_ask->ask(question, stop);
    if (words) {
        sendAll(client, '+' + words->toUtf8());
        return;
    }
    // Without an answer ssh would try an empty one, and then ask again.
    const std::lock_guard lock(m_mutex);
    m_declined = question;
    m_giveUp.request_stop();
}

} // namespace understudy
