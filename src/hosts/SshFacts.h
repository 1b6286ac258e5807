// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/Host.h"

#include <QSet>

namespace understudy {

/// What a machine said about itself when it was connected to.
struct SshFacts
{
    QString destination;  ///< What was typed after ssh.
    QString resolvedHost; ///< What ssh makes of it (`ssh -G`): a name or an address.
    QString user;         ///< Who we are there.
    int uid = -1;
    QString home;
    QString hostname;      ///< `hostname` there.
    QString clientAddress; ///< Ours as it sees it; of the last jump host, where there is one. May be empty.
    QString osId;          ///< ID of /etc/os-release ("debian"); empty: it says none.
    QString path;          ///< PATH of the login.
    bool systemdRuns = false;
    QSet<QString> programs; ///< Of those that Understudy uses: "pg_ctlcluster", "systemctl", "sudo"...

    bool has(const QString &program) const { return programs.contains(program); }
};

/// Connects if need be.
Result<SshFacts> sshFacts(const QString &destination, std::stop_token stop = {});

/// The words that find them, and what their output says. Pure.
QStringList sshFactsCommand();
Result<SshFacts> sshFactsFrom(const QString &destination, const QByteArray &output);

} // namespace understudy
