// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/PlanHosts.h"

#include "hosts/compose/EngineHost.h"

namespace understudy {

QMap<QString, std::shared_ptr<Host>> hostsOf(const Plan &plan)
{
    QMap<QString, std::shared_ptr<Host>> out;
    for (const QString &key : plan.hosts) {
        if (key == localHostKey)
            out.insert(key, localHost());
        else if (key == engineHostKey)
            out.insert(key, engineHost());
    }
    return out;
}

} // namespace understudy
