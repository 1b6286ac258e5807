// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "clusters/ClusterSpec.h"
#include "hosts/compose/ComposeProject.h"

namespace understudy {

/// The Compose project that a new standby goes into, and the service that it is modelled on. Holds what the
/// file holds, passwords too: in memory only, shown nowhere.
struct ComposeTarget
{
    QStringList base; ///< The words before a subcommand: docker-compose -f FILE -p PROJECT...
    QString opened;   ///< The file by which the project was opened; absolute and free of links.
    QString file;     ///< What is edited: `opened`, or another of `files` where the model stands only there.
    QByteArray content; ///< Of `file`, as it was read.
    struct File
    {
        QString path;
        QByteArray content;
    };
    QList<File> files;        ///< All that Compose reads, in its order; `opened` and `file` among them.
    bool filesListed = false; ///< COMPOSE_FILE lists them.
    QString composeText;      ///< "docker-compose"
    QString projectName;      ///< Containers and volumes begin with it.
    ComposeProject project;

    QString model; ///< The service of an existing standby; where there is none, of the primary.
    bool modelIsPrimary = false;
    NodeId modelNode;
    int modelPort = 5432; ///< Its server listens here in its container.
    QString modelSlot;    ///< Empty: it has none.
    QString modelVolume;  ///< The named volume of its data, as the file calls it; empty: a directory.
    QString modelFolder;  ///< The directory of this machine with its data; empty: a volume.
    QString dataPath;     ///< PGDATA in the container.
    QString mountPath;    ///< Where the volume is in the container: `dataPath` or above it.
    Endpoint upstream;    ///< How the model reaches its upstream: a name of the project's network.
    NodeId modelUpstream; ///< Which node that is.
    /// What an earlier standby of the same plan put into the file: the next one stands behind it.
    QString afterService, afterVolume;

    QString folder() const; ///< The project's: where relative paths begin.
    /// Those of `files` that say something of the model; `file` is the first if it does.
    QList<const File *> describing() const;
    /// The new standby gets a passfile of its own: like its model's, in the data directory, or because the
    /// model is the primary and has none.
    bool givesPassfile() const;
    /// The engine's name for a volume of the project.
    QString volumeName(const QString &volume) const { return projectName + u'_' + volume; }
    /// The separate file that the new service would be written into.
    struct Override
    {
        QString path;
        bool readByItself = false; ///< Compose reads it where no file is named.
    };
    /// An error: there is an override file already, which is the person's. Pure.
    Result<Override> overrideFor(const QString &service) const;
    /// What a person types from then on: "docker-compose -f a.yml -f b.yml", or the new COMPOSE_FILE.
    QString callWith(const QString &file) const;
    /// `base` with one more file at the end of its list.
    QStringList baseWith(const QString &file) const;
    /// Values that must not be shown or kept: of variables whose name says so, in every service.
    QStringList secrets() const;
};

/// Reads the project of `spec.composeFile` and picks the model: a standby that is up, one of @p upstream's if
/// there is one, else the primary. Errors say what is missing. Blocking, about a second.
Result<ComposeTarget> composeTarget(const ClusterSpec &spec, const Topology &topology,
                                    const QList<NodeSnapshot> &snapshots, const NodeId &upstream,
                                    std::stop_token stop = {});

/// The next name after those of a kind: "standby_slot" and 2 give "standby2_slot", "postgres-standby1" and 2
/// give "postgres-standby2", "data" and 2 give "data2". Pure.
QString numberedName(const QString &model, int number);
/// What the first standby is called beside a primary: "postgres-primary" gives "postgres-standby", "db" gives
/// "db-standby". Pure.
QString standbyNameOf(const QString &primary);

} // namespace understudy
