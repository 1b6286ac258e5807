// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/SshMachine.h"

#include "hosts/SshScript.h"
#include "hosts/SshWords.h"
#include "model/Quote.h"

namespace understudy {

namespace {

const QString searchPath = QStringLiteral("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");

/// The words of env that give a command its clean environment.
QStringList cleanEnvironment(const QMap<QString, QString> &environment, bool resetSignals)
{
    QStringList words{QStringLiteral("env")};
    if (resetSignals)
        words << QStringLiteral("--default-signal=INT,QUIT");
    words << QStringLiteral("-i");
    for (auto it = environment.cbegin(); it != environment.cend(); ++it)
        words << it.key() + u'=' + it.value();
    return words;
}

QMap<QString, QString> environmentOf(const SshUser &user)
{
    return {{QStringLiteral("PATH"), searchPath},
            {QStringLiteral("HOME"), user.home},
            {QStringLiteral("USER"), user.name},
            {QStringLiteral("LOGNAME"), user.name},
            {QStringLiteral("LC_ALL"), QStringLiteral("C")}};
}

} // namespace

Result<SshReply> SshMachine::finish(Result<SshReply> reply, const SshUsers::Way &way, const QString &user)
{
    if (reply || reply.error().field != sshNotStarted)
        return reply;
    const QString said = quote::visible(reply.error().what).left(300);
    if (way.before.isEmpty())
        return fail(
            QStringLiteral("%1 runs no commands for us: %2.")
                .arg(name(), said.isEmpty() ? QStringLiteral("the login ended without a word") : said),
            QStringLiteral("Try 'ssh %1 id'.").arg(name()), QStringLiteral("ssh"));
    return tl::unexpected(m_users.refused(user, reply.error().what));
}

Result<CommandResult> SshMachine::run(const Command &command, std::stop_token stop, const LineSink &sink)
{
    if (command.argv.isEmpty())
        return fail(QStringLiteral("There is no command to run."));
    const auto facts = m_connection.facts(stop);
    if (!facts)
        return tl::unexpected(facts.error());
    if (!facts->has(QStringLiteral("setsid")))
        return fail(QStringLiteral("%1 has no setsid, without which nothing that runs there could be ended.")
                        .arg(name()),
                    QStringLiteral("Install the package util-linux there."));
    const auto user = m_users.find(command.runAs, stop);
    if (!user)
        return tl::unexpected(user.error());
    const auto way = m_users.way(*user, stop);
    if (!way)
        return tl::unexpected(way.error());

    QMap<QString, QString> environment = environmentOf(*user);
    environment.insert(command.environment);
    ssh_script::Watched watched;
    watched.words = way->drop + cleanEnvironment(environment, facts->has(QStringLiteral("default-signal"))) +
                    command.argv;
    watched.program = command.argv.first();
    watched.path = environment.value(QStringLiteral("PATH"));
    watched.directory = command.workingDirectory.isEmpty() ? QStringLiteral("/") : command.workingDirectory;
    SshCall call;
    call.token = newSshToken();
    call.script = ssh_script::watched(call.token, watched);
    call.before = way->before;
    call.secret = way->secret;
    call.timeoutMs = command.timeoutMs;
    const auto reply = finish(m_connection.call(call, std::move(stop), sink), *way, user->name);
    if (!reply)
        return tl::unexpected(reply.error());
    if (reply->verdict == "missing")
        return fail(QStringLiteral("The program %1 was not found on %2.")
                        .arg(quote::visible(watched.program), name()),
                    QStringLiteral("Install it there, or give its whole path."));
    if (reply->verdict == "nodir")
        return fail(QStringLiteral("The directory %1 cannot be entered on %2.")
                        .arg(quote::visible(watched.directory), name()));
    return CommandResult{reply->exitCode(),
                         reply->timedOut,
                         reply->cancelled,
                         QString::fromUtf8(reply->output),
                         QString::fromUtf8(reply->errorText),
                         reply->seconds};
}

Result<bool> SshMachine::asksBefore(const QString &user)
{
    const auto found = m_users.find(user, {});
    if (!found)
        return tl::unexpected(found.error());
    return m_users.asksBefore(*found, {});
}

Result<SshReply> SshMachine::run(const Script &script)
{
    const auto user = m_users.find(script.runAs, {});
    if (!user)
        return tl::unexpected(user.error());
    const auto way = m_users.way(*user, {});
    if (!way)
        return tl::unexpected(way.error());
    SshCall call;
    call.token = newSshToken();
    call.script = ssh_script::plain(call.token, way->drop + cleanEnvironment(environmentOf(*user), false) +
                                                    QStringList{QStringLiteral("sh"), QStringLiteral("-c"),
                                                                script.text, QStringLiteral("sh")} +
                                                    script.arguments);
    call.before = way->before;
    call.secret = way->secret;
    call.content = script.content;
    call.timeoutMs = script.timeoutMs;
    auto reply = finish(m_connection.call(call, {}, {}), *way, user->name);
    if (reply && (reply->timedOut || reply->exitCode() < 0))
        return fail(
            QStringLiteral("%1 did not answer within %2 seconds.").arg(name()).arg(script.timeoutMs / 1000),
            QStringLiteral("Look whether the machine is overloaded or a file system of it hangs."),
            QStringLiteral("ssh"));
    return reply;
}

} // namespace understudy
