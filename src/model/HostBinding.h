// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/NodeSnapshot.h"

namespace understudy {

/// A node that was proved to run on a host we can act on.
struct HostBinding
{
    NodeId id;
    QString host = QStringLiteral("local"); ///< "local", or how to reach it
    QString dataDirectory;
    QString owner; ///< Operating-system user the server runs as.
    qint64 pid = 0;
    QString proof; ///< In words, for the person: "postmaster.pid: port 5432, started 13:31:04"
};

} // namespace understudy

Q_DECLARE_METATYPE(understudy::HostBinding)
