// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/SshAsk.h"
#include "model/Result.h"

#include <QByteArray>

namespace understudy {

/// What ssh's own words mean and what to do, one sentence. Pure, as everything here.
Error sshError(const QString &sshHost, const QString &words);
/// The line among what ssh said that tells why: it says it last. What comes before is a banner or a warning.
QString sshReason(const QByteArray &said);
/// The connection went while something ran; @p stopping: we had asked it to end.
Error sshLost(const QString &destination, bool stopping);
tl::unexpected<Error> sshCancelled(const QString &destination);
/// The person gave no answer.
Error sshDeclined(const SshQuestion &question);
/// "hostname" of what `ssh -G` prints.
QString sshResolvedHost(const QByteArray &configuration);
/// What a program of coreutils complained about, without its name and the file's: "No such file or
/// directory".
QString sshComplaint(const QByteArray &said);

} // namespace understudy
