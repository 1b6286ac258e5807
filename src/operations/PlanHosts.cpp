// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/PlanHosts.h"

#include "hosts/SshHost.h"
#include "hosts/compose/EngineHost.h"
#include "operations/UnseenMachine.h"

namespace understudy {

std::shared_ptr<Host> hostOf(const QString &key)
{
    if (key == localHostKey)
        return localHost();
    if (key == engineHostKey)
        return engineHost();
    if (key.startsWith(sshPrefix))
        return sshHost(key.mid(sshPrefix.size()));
    return nullptr;
}

QString hostKeyOf(const QString &on)
{
    return on == QLatin1String("compose") ? engineHostKey : on;
}

QString placeWords(const QString &on)
{
    if (isScriptPlace(on))
        return scriptMachine(on);
    return on.startsWith(sshPrefix) ? on.mid(sshPrefix.size()) : QStringLiteral("this machine");
}

QMap<QString, std::shared_ptr<Host>> hostsOf(const Plan &plan)
{
    QMap<QString, std::shared_ptr<Host>> out;
    for (const QString &key : plan.hosts) {
        if (auto host = hostOf(key))
            out.insert(key, host);
    }
    return out;
}

} // namespace understudy
