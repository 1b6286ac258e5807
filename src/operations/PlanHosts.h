// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/Plan.h"

namespace understudy {

const inline QString localHostKey = QStringLiteral("local");   ///< This machine.
const inline QString engineHostKey = QStringLiteral("engine"); ///< This machine's Docker engine and Compose.

const inline QString sshPrefix = QStringLiteral("ssh:"); ///< Then where ssh connects to.

/// The host of a key; null if there is none of that name. Does not connect yet.
std::shared_ptr<Host> hostOf(const QString &key);
/// The key of the host on which a standby is made, see AddStandbyRequest::on.
QString hostKeyOf(const QString &on);

/// A place as people call it: "this machine", "db2".
QString placeWords(const QString &on);

/// The hosts that a plan's commands run on, by the keys of Plan::hosts. An unknown key is left out; the
/// runner says so.
QMap<QString, std::shared_ptr<Host>> hostsOf(const Plan &plan);

} // namespace understudy
