// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/SshFacts.h"

namespace understudy {

QStringList sshFactsCommand()
{
    static const QString script =
        QStringLiteral("printf 'user=%s\\n' \"$(id -un)\"\n"
                       "printf 'uid=%s\\n' \"$(id -u)\"\n"
                       "printf 'home=%s\\n' \"$HOME\"\n"
                       "printf 'hostname=%s\\n' \"$(hostname 2>/dev/null || uname -n)\"\n"
                       "printf 'client=%s\\n' \"${SSH_CONNECTION%% *}\"\n"
                       "printf 'path=%s\\n' \"$PATH\"\n"
                       "( . /etc/os-release && printf 'os=%s\\n' \"$ID\" ) 2>/dev/null\n"
                       "if test -d /run/systemd/system; then echo systemd=yes; fi\n"
                       "for p in setsid setpriv runuser sudo getent perl python3 pg_createcluster "
                       "pg_ctlcluster systemctl; do\n"
                       "  if command -v $p >/dev/null 2>&1; then echo has=$p; fi\n"
                       "done\n"
                       "if env --default-signal=INT true 2>/dev/null; then echo has=default-signal; fi\n");
    return {QStringLiteral("sh"), QStringLiteral("-c"), script};
}

Result<SshFacts> sshFactsFrom(const QString &destination, const QByteArray &output)
{
    SshFacts facts;
    facts.destination = destination;
    for (const QString &line : QString::fromUtf8(output).split(u'\n')) {
        const QString key = line.section(u'=', 0, 0);
        const QString value = line.section(u'=', 1);
        if (key == QLatin1String("user"))
            facts.user = value;
        else if (key == QLatin1String("uid"))
            facts.uid = value.isEmpty() ? -1 : value.toInt();
        else if (key == QLatin1String("home"))
            facts.home = value;
        else if (key == QLatin1String("hostname"))
            facts.hostname = value;
        else if (key == QLatin1String("client"))
            facts.clientAddress = value;
        else if (key == QLatin1String("path"))
            facts.path = value;
        else if (key == QLatin1String("os"))
            facts.osId = value;
        else if (key == QLatin1String("systemd"))
            facts.systemdRuns = true;
        else if (key == QLatin1String("has"))
            facts.programs << value;
    }
    if (facts.user.isEmpty() || facts.uid < 0)
        return fail(QStringLiteral("%1 does not say who is logged in there: it has no usual shell or no "
                                   "coreutils.")
                        .arg(destination),
                    QStringLiteral("Try 'ssh %1 id'.").arg(destination), QStringLiteral("ssh"));
    return facts;
}

} // namespace understudy
