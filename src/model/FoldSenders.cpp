// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/ConninfoText.h"
#include "model/FoldMemory.h"

#include <algorithm>

namespace understudy {

std::optional<Sender::Kind> otherSenderKind(const NodeSnapshot &upstream, const SenderRow &sender)
{
    if (sender.logical)
        return Sender::Kind::Logical;
    const bool backsUp = std::any_of(upstream.backups.begin(), upstream.backups.end(),
                                     [&](const BackupRow &b) { return b.pid == sender.pid; });
    const QString &name = sender.applicationName;
    if (backsUp || sender.state == QLatin1String("backup") || name.startsWith(QLatin1String("pg_basebackup")))
        return Sender::Kind::BaseBackup;
    if (name.contains(QLatin1String("receivewal")) || name.contains(QLatin1String("receive_wal")) ||
        name.contains(QLatin1String("receivexlog")))
        return Sender::Kind::ReceiveWal;
    if (name.startsWith(QLatin1String("pg_rewind")) || name.startsWith(QLatin1String("pg_recvlogical")))
        return Sender::Kind::Other;
    return std::nullopt;
}

QString receiverName(const NodeSnapshot &standby)
{
    if (const auto values = readConninfoText(standby.primaryConninfo)) {
        const QString name = values->value(QStringLiteral("application_name"));
        if (!name.isEmpty())
            return name;
    }
    return standby.clusterName.isEmpty() ? QStringLiteral("walreceiver") : standby.clusterName;
}

} // namespace understudy
