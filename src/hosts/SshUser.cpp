// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/SshUser.h"

#include "hosts/SshAsk.h"
#include "hosts/SshScript.h"
#include "hosts/SshWords.h"
#include "model/Quote.h"

namespace understudy {

namespace {

constexpr int mostAttempts = 3;
// Whoever says no is not asked once more for every user that one look tries.
constexpr std::chrono::seconds asksAgainAfter{10};

const QString findScript = QStringLiteral(
    "u=$(id -u -- \"$1\" 2>/dev/null) || exit 9\n"
    "printf '%s\\n%s\\n' \"$u\" \"$(id -g -- \"$1\")\"\n"
    "{ getent passwd \"$1\" 2>/dev/null || grep \"^$1:\" /etc/passwd; } | head -n 1 | cut -d: -f6\n");

/// The shell behind sudo, which only shows that it gets that far.
Result<SshReply> trySudo(SshConnection &connection, const QStringList &sudo, const QByteArray &secret,
                         std::stop_token stop)
{
    SshCall call;
    call.token = newSshToken();
    call.line = ssh_script::greets(call.token, sudo);
    call.secret = secret;
    call.timeoutMs = 20000;
    return connection.call(call, std::move(stop), {});
}

QStringList sudoWords(const QString &user, bool withPassword)
{
    // Whatever sudo remembers of earlier calls must not decide whether it reads a password.
    QStringList words{QStringLiteral("sudo"), QStringLiteral("-k")};
    if (withPassword)
        words << QStringLiteral("-S") << QStringLiteral("-p") << QString();
    else
        words << QStringLiteral("-n");
    return words << QStringLiteral("-u") << user << QStringLiteral("--");
}

bool wantsPassword(const QString &said)
{
    return said.contains(QLatin1String("password is required")) ||
           said.contains(QLatin1String("no password was provided"));
}

bool isWrongPassword(const QString &said)
{
    return said.contains(QLatin1String("incorrect password")) ||
           said.contains(QLatin1String("no password was provided")) ||
           said.contains(QLatin1String("try again"));
}

} // namespace

Result<SshUser> SshUsers::find(const QString &name, std::stop_token stop)
{
    const auto facts = m_connection.facts(stop);
    if (!facts)
        return tl::unexpected(facts.error());
    const QString wanted = name.isEmpty() ? facts->user : name;
    {
        const std::lock_guard lock(m_mutex);
        if (const auto it = m_users.constFind(wanted); it != m_users.constEnd())
            return *it;
    }
    SshCall call;
    call.token = newSshToken();
    call.script = ssh_script::plain(
        call.token, {QStringLiteral("sh"), QStringLiteral("-c"), findScript, QStringLiteral("sh"), wanted});
    const auto reply = m_connection.call(call, std::move(stop), {});
    if (!reply)
        return tl::unexpected(reply.error());
    if (reply->cancelled)
        return sshCancelled(m_connection.destination());
    if (reply->exitCode() == 9)
        return fail(QStringLiteral("There is no operating-system user \"%1\" on %2.")
                        .arg(quote::visible(wanted), m_connection.destination()));
    const QStringList lines = QString::fromUtf8(reply->output).split(u'\n');
    SshUser user{wanted, lines.value(0).toInt(), lines.value(1).toInt(), lines.value(2)};
    if (!reply->ok() || lines.size() < 3)
        return fail(QStringLiteral("%1 does not say who \"%2\" is there: %3")
                        .arg(m_connection.destination(), quote::visible(wanted),
                             quote::visible(QString::fromUtf8(reply->errorText))));
    if (user.home.isEmpty())
        user.home = wanted == facts->user ? facts->home : QStringLiteral("/");
    const std::lock_guard lock(m_mutex);
    m_users.insert(wanted, user);
    return user;
}

Result<SshUsers::Way> SshUsers::way(const SshUser &user, std::stop_token stop)
{
    const auto facts = m_connection.facts(stop);
    if (!facts)
        return tl::unexpected(facts.error());
    if (user.uid == facts->uid)
        return Way{};
    if (facts->uid == 0) {
        if (facts->has(QStringLiteral("setpriv")))
            return Way{{},
                       {},
                       {QStringLiteral("setpriv"), QStringLiteral("--reuid=%1").arg(user.uid),
                        QStringLiteral("--regid=%1").arg(user.gid), QStringLiteral("--init-groups"),
                        QStringLiteral("--")}};
        if (facts->has(QStringLiteral("runuser")))
            return Way{
                {}, {}, {QStringLiteral("runuser"), QStringLiteral("-u"), user.name, QStringLiteral("--")}};
        return fail(
            QStringLiteral("Commands cannot be run as %1 on %2: neither setpriv nor runuser is there.")
                .arg(user.name, m_connection.destination()),
            QStringLiteral("Install the package util-linux there."));
    }
    if (!facts->has(QStringLiteral("sudo")))
        return tl::unexpected(noSudo(user.name, facts->user));
    const std::lock_guard lock(m_sudoMutex);
    const auto free = sudoIsFree(user.name, stop);
    if (!free)
        return tl::unexpected(free.error());
    if (*free)
        return Way{sudoWords(user.name, false), {}, {}};
    if (m_sudoPassword.isNull()) {
        if (auto asked = askForSudo(user.name, stop); !asked)
            return tl::unexpected(asked.error());
    }
    return Way{sudoWords(user.name, true), m_sudoPassword + '\n', {}};
}

Result<bool> SshUsers::asksBefore(const SshUser &user, std::stop_token stop)
{
    const auto facts = m_connection.facts(stop);
    if (!facts)
        return tl::unexpected(facts.error());
    if (user.uid == facts->uid || facts->uid == 0)
        return false;
    if (!facts->has(QStringLiteral("sudo")))
        return tl::unexpected(noSudo(user.name, facts->user));
    const std::lock_guard lock(m_sudoMutex);
    const auto free = sudoIsFree(user.name, std::move(stop));
    return free ? Result<bool>(!*free && m_sudoPassword.isNull()) : free;
}

Result<bool> SshUsers::sudoIsFree(const QString &user, std::stop_token stop)
{
    if (const auto it = m_sudoFree.constFind(user); it != m_sudoFree.constEnd())
        return *it;
    const auto reply = trySudo(m_connection, sudoWords(user, false), {}, std::move(stop));
    if (reply && reply->ok())
        return m_sudoFree.insert(user, true).value();
    if (!reply && reply.error().field != sshNotStarted)
        return tl::unexpected(reply.error());
    const QString said = reply ? QString() : reply.error().what;
    if (wantsPassword(said))
        return m_sudoFree.insert(user, false).value();
    return tl::unexpected(refusal(user, said));
}

Error SshUsers::noSudo(const QString &user, const QString &us) const
{
    return {QStringLiteral("Commands cannot be run as %1 on %2: we are %3 there, and sudo is not installed.")
                .arg(user, m_connection.destination(), us),
            QStringLiteral("Install sudo there, or log in as %1 or root.").arg(user),
            {}};
}

Error SshUsers::refusal(const QString &user, const QString &said) const
{
    QString words = quote::visible(said).left(300);
    while (words.endsWith(u'.'))
        words.chop(1);
    return {QStringLiteral("Commands cannot be run as %1 on %2: %3.")
                .arg(user, m_connection.destination(),
                     words.isEmpty() ? QStringLiteral("sudo did not answer") : words),
            QStringLiteral("Allow it in sudoers there, or log in as %1.").arg(user),
            {}};
}

Error SshUsers::refused(const QString &user, const QString &said)
{
    const std::lock_guard lock(m_sudoMutex);
    if (isWrongPassword(said) || wantsPassword(said)) {
        m_sudoPassword.clear();
        m_sudoFree.clear();
    }
    return refusal(user, said);
}

Result<void> SshUsers::askForSudo(const QString &user, std::stop_token stop)
{
    const QString &destination = m_connection.destination();
    const auto ask = sshAsk();
    if (!ask)
        return fail(
            QStringLiteral("sudo on %1 wants a password, and nobody can be asked here.").arg(destination),
            QStringLiteral("Allow it without one in sudoers there (NOPASSWD), or log in as %1.").arg(user),
            QStringLiteral("ssh"));
    const auto declined = [&] {
        return fail(QStringLiteral("sudo on %1 wants a password, and none was given.").arg(destination),
                    QStringLiteral("Give it, or log in as %1.").arg(user), QStringLiteral("ssh"));
    };
    if (m_declined && std::chrono::steady_clock::now() - *m_declined < asksAgainAfter)
        return declined();
    SshQuestion question;
    question.kind = SshQuestion::Kind::SudoPassword;
    question.destination = destination;
    question.host = destination;
    question.user = user;
    question.text =
        QStringLiteral("sudo on %1 wants a password before commands run as %2.").arg(destination, user);
    for (; question.attempt <= mostAttempts; ++question.attempt) {
        const std::optional<QString> answer = ask->ask(question, stop);
        if (!answer) {
            if (!stop.stop_requested())
                m_declined = std::chrono::steady_clock::now();
            return declined();
        }
        const QByteArray password = answer->toUtf8();
        if (password.isEmpty() || password.contains('\n'))
            continue;
        // Were it wrong, sudo would read on: behind it there must be nothing but the end.
        const auto reply = trySudo(m_connection, sudoWords(user, true), password + '\n', stop);
        if (reply && reply->ok()) {
            m_sudoPassword = password;
            return {};
        }
        if (!reply && reply.error().field != sshNotStarted)
            return tl::unexpected(reply.error());
        if (!reply && !isWrongPassword(reply.error().what)) {
            // sudo asks first and judges then: the password was right.
            m_sudoPassword = password;
            return tl::unexpected(refusal(user, reply.error().what));
        }
        if (reply)
            return fail(QStringLiteral("sudo on %1 did not answer.").arg(destination));
    }
    return fail(QStringLiteral("sudo on %1 did not accept the password.").arg(destination), {},
                QStringLiteral("ssh"));
}

void SshUsers::forget()
{
    const std::lock_guard lock(m_sudoMutex);
    m_sudoPassword.clear();
    m_sudoFree.clear();
    m_declined.reset();
}

} // namespace understudy
