// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/OsUser.h"
#include "model/Result.h"

#include <QByteArray>

namespace understudy {

/// Writes a file whole or not at all: beside it first, synced, then renamed over it. With @p owner it is
/// given to that user, which only root may do. Never follows a link at @p path. @p aside: the name of the
/// file that is written first; what a killed process left under it is written anew. Empty: a random one. @p
/// mustBeNew: fails if there is anything at @p path, and replaces nothing.
Result<void> writeAtomically(const QString &path, const QByteArray &content, int mode,
                             const std::optional<OsUser> &owner, const QString &aside = {},
                             bool mustBeNew = false);

/// The same as a shell script for a user we can only become for a command: content on stdin, then
/// `sh -c SCRIPT sh PATH MODE`.
QString atomicWriteScript();

} // namespace understudy
