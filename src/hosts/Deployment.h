// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/Host.h"

namespace understudy {

/// A server of a host, as far as whoever keeps it must know it.
struct KeptServer
{
    QString name; ///< "standby2"
    int major = 0;
    QString bin; ///< Folder of the server programs
    QString dataDirectory;
    int port = 0;
    QString owner; ///< Operating-system user it runs as: a name.
    QString runAs; ///< The same as Command::runAs takes it; empty: as we are.
    QString admin; ///< Who may tell the keeper, as Command::runAs takes it; empty: as we are.
};

/// A command and how people see it; `shown` empty: as it is.
struct KeeperCommand
{
    Command command;
    QString shown;
};

/// What keeps servers on a host: starts and stops them, and has them started when the machine does. It gives
/// the commands and runs none, so that they can stand in a plan. (A service of a Compose project is kept by
/// Compose; its steps are made elsewhere.) Values; any thread.
class Deployment
{
public:
    virtual ~Deployment() = default;

    virtual QString keeper() const = 0;            ///< "pg_ctl", "pg_ctlcluster" or "systemd"
    virtual QString logFile() const { return {}; } ///< Of the server; empty: its log goes to the journal.
    virtual KeeperCommand log() const = 0;         ///< Prints the end of the server's log.
    virtual KeeperCommand start() const = 0;       ///< Waits until the server answers or has failed.
    /// Harmless when it does not run. Also ends one that is only just being started.
    virtual KeeperCommand stop() const = 0;
    virtual bool startsOnBoot() const = 0;
    virtual QString settingsFolder() const { return {}; } ///< Where its settings are, if not with the data.

    /// How a server whose data is there becomes the keeper's own.
    struct Registration
    {
        QString what;         ///< What exists afterwards: "the cluster 15/standby2 of postgresql-common"
        KeeperCommand absent; ///< Fails when the name is somebody's already; has no effect.
        struct File
        {
            QString path, content, owner;
            int mode = 0644;
        };
        QList<File> files;
        QList<KeeperCommand> commands; ///< After the files.
        QList<KeeperCommand> undo;     ///< Each harmless when there is nothing to undo; the last one decides.
    };
    virtual std::optional<Registration> registration() const { return std::nullopt; }
};

/// pg_ctl alone: nothing is registered anywhere, nobody starts it when the machine does.
std::shared_ptr<const Deployment> pgCtlDeployment(const KeptServer &server);
/// Debian's postgresql-common: its settings in /etc/postgresql, started on boot.
/// https://manpages.debian.org/pg_createcluster
std::shared_ptr<const Deployment> pgCtlClusterDeployment(const KeptServer &server);
/// A unit of the machine's systemd, started on boot.
std::shared_ptr<const Deployment> systemdDeployment(const KeptServer &server);
/// By its keeper's word; null for one that is not known.
std::shared_ptr<const Deployment> deploymentBy(const QString &keeper, const KeptServer &server);

} // namespace understudy
