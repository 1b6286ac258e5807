// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/SshTunnel.h"

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

} // namespace understudy
