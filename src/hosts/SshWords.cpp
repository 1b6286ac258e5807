// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/SshWords.h"

#include "hosts/SshConnection.h"
#include "model/Quote.h"

namespace understudy {

namespace {

struct Rule
{
    const char *sign;
    const char *advice; ///< %1: the host
};

const Rule rules[] = {
    {"REMOTE HOST IDENTIFICATION HAS CHANGED",
     "Its host key is not the one that was known: find out why before you accept the new one "
     "(ssh-keygen -R %1, then ssh %1)."},
    {"Host key verification failed",
     "Its host key is not known here: run 'ssh %1' once, compare the fingerprint and accept it."},
    {"Permission denied", "Nobody is asked for a password here: give ssh a key that %1 accepts (ssh-copy-id "
                          "%1), or load it into the "
                          "agent (ssh-add)."},
    {"Too many authentication failures",
     "Name the right key for it in ~/.ssh/config (IdentityFile, IdentitiesOnly)."},
    {"Could not resolve hostname", "Check how the host is spelled, and ~/.ssh/config."},
    {"Connection refused", "No SSH server listens there: check the host, its port and ~/.ssh/config."},
    {"timed out", "The host does not answer: check the network and the firewall."},
    {"No route to host", "The host cannot be reached: check the network."},
    {"Network is unreachable", "The host cannot be reached: check the network."},
    {"administratively prohibited",
     "%1 does not let anybody forward: set AllowTcpForwarding yes in its sshd_config."},
    {"local forwarding",
     "A LocalForward for it in ~/.ssh/config is in the way: give this use a Host of its own "
     "there."},
    {"Bad configuration option", "Check ~/.ssh/config."},
    {"Connection closed by", "The SSH server closed the connection: read its log."},
};

} // namespace

Error sshError(const QString &sshHost, const QString &words)
{
    QString said = quote::visible(words.simplified()).left(300);
    while (said.endsWith(QLatin1Char('.')))
        said.chop(1);
    if (said.isEmpty())
        said = QStringLiteral("it ended without a word");
    Error error{QStringLiteral("ssh to %1 failed: %2.").arg(sshHost, said), {}, QStringLiteral("ssh")};
    for (const Rule &rule : rules) {
        if (words.contains(QLatin1String(rule.sign))) {
            error.action = QString::fromLatin1(rule.advice).replace(QLatin1String("%1"), sshHost);
            break;
        }
    }
    return error;
}

QString sshReason(const QByteArray &said)
{
    if (said.contains("REMOTE HOST IDENTIFICATION HAS CHANGED"))
        return QStringLiteral("REMOTE HOST IDENTIFICATION HAS CHANGED");
    const QStringList lines = QString::fromUtf8(said).split(u'\n', Qt::SkipEmptyParts);
    for (auto it = lines.crbegin(); it != lines.crend(); ++it) {
        if (!it->trimmed().isEmpty())
            return it->trimmed();
    }
    return {};
}

Error sshLost(const QString &destination, bool stopping)
{
    if (stopping)
        return {QStringLiteral("%1 did not say that what ran there has ended.").arg(destination),
                QStringLiteral("It is told to end when the connection closes; look there whether it did."),
                QStringLiteral("ssh")};
    return {QStringLiteral("The connection to %1 was lost while a command ran there.").arg(destination),
            QStringLiteral("What ran there is ended when its end of the connection closes. Check the network "
                           "and the machine, then try again."),
            QStringLiteral("ssh")};
}

tl::unexpected<Error> sshCancelled(const QString &destination)
{
    return fail(QStringLiteral("Connecting to %1 was cancelled.").arg(destination), {},
                QStringLiteral("ssh"));
}

Error sshDeclined(const SshQuestion &question)
{
    QString what = QStringLiteral("ssh to %1 needs an answer that was not given.");
    QString action;
    switch (question.kind) {
    case SshQuestion::Kind::HostKey:
        what = QStringLiteral("The host key of %1 was not accepted, so nothing was done there.");
        action = QStringLiteral("Compare its fingerprint with what 'ssh-keygen -lf "
                                "/etc/ssh/ssh_host_%2_key.pub' says on that machine.")
                     .arg(question.keyType.toLower());
        break;
    case SshQuestion::Kind::Passphrase:
        what = QStringLiteral("The key for %1 stays locked without its passphrase.");
        action = QStringLiteral("Give the passphrase, or load the key into the agent (ssh-add).");
        break;
    case SshQuestion::Kind::Password:
        what = QStringLiteral("%1 wants a password, and none was given.");
        action = QStringLiteral("Give it, or let the machine accept a key (ssh-copy-id).");
        break;
    default:
        break;
    }
    return {what.arg(question.host), action, QStringLiteral("ssh")};
}

QString sshResolvedHost(const QByteArray &configuration)
{
    for (const QByteArray &line : configuration.split('\n')) {
        if (line.startsWith("hostname "))
            return QString::fromUtf8(line.mid(9)).trimmed();
    }
    return {};
}

QString sshComplaint(const QByteArray &said)
{
    const QString line = sshReason(said);
    const qsizetype colon = line.lastIndexOf(QLatin1String(": "));
    return quote::visible(colon < 0 ? line : line.mid(colon + 2));
}

Result<void> checkSshDestination(const QString &destination)
{
    const QString field = QStringLiteral("ssh");
    if (destination.isEmpty())
        return fail(QStringLiteral("There is no machine to connect to."),
                    QStringLiteral("Give what you would type after ssh: db2, or user@db2."), field);
    const auto refuse = [&](const QString &why) {
        return fail(
            QStringLiteral("\"%1\" is no machine that ssh can connect to: %2.")
                .arg(quote::visible(destination).left(80), why),
            QStringLiteral("Give what you would type after ssh: db2, or user@db2; a port and the rest "
                           "go into ~/.ssh/config."),
            field);
    };
    if (destination.startsWith(u'-') || destination.contains(QLatin1String("@-")))
        return refuse(QStringLiteral("it begins with a dash"));
    if (destination.size() > 255)
        return refuse(QStringLiteral("it is too long"));
    // Some of these mean something to the shell that a ProxyCommand of ~/.ssh/config runs in.
    static const QString others = QStringLiteral("._-@:[]%+/=,~\\");
    for (const QChar c : destination) {
        if (!c.isLetterOrNumber() && !others.contains(c))
            return refuse(c.isSpace() || !c.isPrint()
                              ? QStringLiteral("there are blanks or control characters in it")
                              : QStringLiteral("a %1 is in it").arg(c));
    }
    return {};
}

} // namespace understudy
