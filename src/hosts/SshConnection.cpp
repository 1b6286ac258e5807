// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/SshConnection.h"

#include "hosts/ChildProcess.h"
#include "hosts/SshAskServer.h"
#include "hosts/SshAskSocket.h"
#include "hosts/SshFolder.h"
#include "hosts/SshInput.h"
#include "hosts/SshReader.h"
#include "hosts/SshScript.h"
#include "hosts/SshWords.h"

#include <QFile>
#include <QProcessEnvironment>
#include <QRandomGenerator>
#include <QStandardPaths>

#include <atomic>
#include <unistd.h>

namespace understudy {

namespace {

constexpr int connectsForMs = 40000; // ssh's own ConnectTimeout is below
constexpr int graceMs = 15000;       // The other end takes five seconds from TERM to KILL.

QByteArray sshProgram()
{
    return QFile::encodeName(QStandardPaths::findExecutable(QStringLiteral("ssh")));
}

QByteArrayList ourEnvironment()
{
    QByteArrayList out;
    for (const QString &pair : QProcessEnvironment::systemEnvironment().toStringList()) {
        if (!pair.startsWith(QLatin1String("LC_")) && !pair.startsWith(QLatin1String("SSH_ASKPASS")) &&
            !pair.startsWith(QLatin1String("LANGUAGE=")))
            out << pair.toLocal8Bit();
    }
    return out << "LC_ALL=C";
}

} // namespace

int SshReply::exitCode() const
{
    bool isNumber = false;
    const int code = verdict.toInt(&isNumber);
    return isNumber ? code : -1;
}

QByteArray newSshToken()
{
    QByteArray out;
    for (int i = 0; i < 2; ++i)
        out += QByteArray::number(QRandomGenerator::system()->generate64(), 16).rightJustified(16, '0');
    return out;
}

void SshConnection::close()
{
    const std::lock_guard lock(m_mutex);
    m_facts.reset();
    if (!isOpen()) {
        m_controlPath.clear();
        return;
    }
    ChildRequest request;
    request.argv = {
        sshProgram(),          "-o", "ControlPath=" + QFile::encodeName(m_controlPath), "-O", "exit", "--",
        m_destination.toUtf8()};
    request.environment = ourEnvironment();
    request.timeoutMs = 3000;
    (void)runChild(request, {}, {});
    m_controlPath.clear();
}

bool SshConnection::isOpen() const
{
    sockaddr_un name;
    if (m_controlPath.isEmpty() || !socketName(QFile::encodeName(m_controlPath), name))
        return false;
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool open = fd >= 0 && ::connect(fd, reinterpret_cast<const sockaddr *>(&name), sizeof name) == 0;
    ::close(fd);
    return open;
}

Result<SshFacts> SshConnection::facts(std::stop_token stop)
{
    if (auto connected = connect(std::move(stop)); !connected)
        return tl::unexpected(connected.error());
    const std::lock_guard lock(m_mutex);
    return m_facts ? Result<SshFacts>(*m_facts) : sshCancelled(m_destination); // Closed meanwhile.
}

Result<QString> SshConnection::connect(std::stop_token stop)
{
    const std::lock_guard lock(m_mutex);
    if (m_facts && isOpen()) {
        m_reached = true;
        return m_controlPath;
    }
    if (auto good = checkSshDestination(m_destination); !good)
        return tl::unexpected(good.error());
    if (sshProgram().isEmpty())
        return fail(QStringLiteral("There is no ssh on this machine."),
                    QStringLiteral("Install it (package openssh-client)."), QStringLiteral("ssh"));
    const auto folder = sshFolder();
    if (!folder)
        return tl::unexpected(folder.error());
    static std::atomic<int> number = 0;
    if (m_controlPath.isEmpty())
        m_controlPath = QStringLiteral("%1/c%2").arg(*folder).arg(++number);
    auto facts = connectOnce(stop);
    if (!stop.stop_requested())
        m_reached = facts.has_value();
    if (!facts)
        return tl::unexpected(facts.error());
    m_facts = std::move(*facts);
    return m_controlPath;
}

Result<SshFacts> SshConnection::connectOnce(std::stop_token stop)
{
    SshCall call;
    call.token = newSshToken();
    call.script = ssh_script::plain(call.token, sshFactsCommand());
    call.timeoutMs = connectsForMs;
    QByteArrayList options{"-o", "ControlMaster=auto", "-o", "ControlPersist=60"};
    QByteArrayList environment = ourEnvironment();

    std::stop_source giveUp;
    const std::stop_callback passOn(stop, [&giveUp] { giveUp.request_stop(); });
    std::unique_ptr<SshAskServer> server;
    if (auto ask = sshAsk()) {
        const auto folder = sshFolder();
        server = std::make_unique<SshAskServer>(folder.value_or(QString()), m_destination, std::move(ask),
                                                giveUp, connectsForMs);
        if (!server->listens())
            return fail(QStringLiteral("No socket could be made for what ssh asks."), {},
                        QStringLiteral("ssh"));
        environment << server->environment();
        call.timeoutMs = 0; // A person may take their time.
    } else {
        options << "-o"
                << "BatchMode=yes";
    }
    auto reply = speak(call, Way::Opens, m_controlPath, options, environment, giveUp.get_token(), {});
    if (server) {
        if (stop.stop_requested())
            return sshCancelled(m_destination);
        if (server->outOfPatience())
            return tl::unexpected(sshError(m_destination, QStringLiteral("it timed out while connecting")));
        if (const auto question = server->declined(); question && (!reply || reply->cancelled))
            return tl::unexpected(sshDeclined(*question));
    }
    if (!reply)
        return tl::unexpected(reply.error());
    if (reply->cancelled)
        return sshCancelled(m_destination);
    if (reply->timedOut)
        return tl::unexpected(sshError(m_destination, QStringLiteral("it timed out while connecting")));
    auto facts = sshFactsFrom(m_destination, reply->output);
    if (!facts)
        return facts;
    ChildRequest resolve;
    resolve.argv = {sshProgram(), "-G", "--", m_destination.toUtf8()};
    resolve.environment = ourEnvironment();
    resolve.timeoutMs = 10000;
    if (const auto said = runChild(resolve, {}, {}); said && said->exitCode == 0)
        facts->resolvedHost = sshResolvedHost(said->output);
    return facts;
}

Result<SshReply> SshConnection::call(const SshCall &call, std::stop_token stop, const LineSink &sink)
{
    const auto socket = connect(stop);
    if (!socket)
        return tl::unexpected(socket.error());
    while (!m_slots.try_acquire_for(std::chrono::milliseconds(50))) {
        if (stop.stop_requested()) {
            SshReply reply;
            reply.cancelled = true;
            return reply;
        }
    }
    // Whoever gets past a connection that was lost this very moment asks nobody.
    auto reply = speak(call, Way::Shares, *socket, {"-o", "ControlMaster=no", "-o", "BatchMode=yes"},
                       ourEnvironment(), std::move(stop), sink);
    m_slots.release();
    return reply;
}

Result<SshReply> SshConnection::speak(const SshCall &call, Way way, const QString &controlPath,
                                      const QByteArrayList &options, const QByteArrayList &environment,
                                      std::stop_token stop, const LineSink &sink)
{
    ChildRequest request;
    request.argv = QByteArrayList{sshProgram(), "-T", "-x", "-a"} + options;
    request.argv << "-o"
                 << "ControlPath=" + QFile::encodeName(controlPath);
    for (const char *option :
         {"ServerAliveInterval=10", "ServerAliveCountMax=3", "ConnectTimeout=15", "PermitLocalCommand=no",
          "RemoteCommand=none", "ClearAllForwardings=yes", "LogLevel=INFO"})
        request.argv << "-o" << option;
    request.argv << "--" << m_destination.toUtf8()
                 << (call.line.isEmpty() ? ssh_script::reads(call.before, call.script) : call.line);
    request.environment = environment;
    request.timeoutMs = call.timeoutMs;
    request.graceMs = graceMs;

    SshInput input(call.secret + call.script + call.content, call.line.isEmpty());
    if (!input.isValid())
        return fail(QStringLiteral("ssh could not be started: too many files are open."));
    request.inputHandle = input.handle();
    SshReader reader(call.token, sink);
    request.onBytes = [&reader](Stream stream, const QByteArray &bytes) {
        return reader.feed(stream, bytes);
    };
    request.askToEnd = [&input, way] {
        // While it connects there is nobody to hear it.
        if (way == Way::Shares)
            input.close();
        return way == Way::Shares;
    };
    const auto outcome = runChild(request, stop, {});
    if (!outcome)
        return tl::unexpected(outcome.error());

    SshReply reply;
    reply.verdict = reader.verdict();
    reply.output = reader.output();
    reply.errorText = reader.errorText();
    reply.timedOut = outcome->timedOut;
    reply.cancelled = outcome->cancelled;
    reply.seconds = outcome->seconds;
    if (reader.ended())
        return reply;
    reply.verdict.clear();
    if (reader.started())
        return tl::unexpected(sshLost(m_destination, reply.timedOut || reply.cancelled));
    if (reply.timedOut || reply.cancelled)
        return reply;
    if (outcome->exitCode == 255) {
        m_reached = false;
        return tl::unexpected(sshError(m_destination, sshReason(reader.before())));
    }
    return fail(sshReason(reader.before()), {}, sshNotStarted);
}

} // namespace understudy
