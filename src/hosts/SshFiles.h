// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/Host.h"

namespace understudy {

class SshMachine;

/// What Host says about files, ports and programs, for another machine: short scripts there.
namespace ssh_files {

Result<QByteArray> read(SshMachine &machine, const QString &path, const QString &runAs);
Result<void> write(SshMachine &machine, const QString &path, const QByteArray &content, int mode,
                   const QString &owner);
Result<bool> exists(SshMachine &machine, const QString &path);
Result<QStringList> list(SshMachine &machine, const QString &directory);
Result<Host::Ownership> ownership(SshMachine &machine, const QString &path);
Result<Host::Space> space(SshMachine &machine, const QString &path);
Result<bool> portFree(SshMachine &machine, int port);
Result<QString> binDirectory(SshMachine &machine, int major);

} // namespace ssh_files

} // namespace understudy
