// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QMap>
#include <QStringList>

namespace understudy {

/// What the script of a plan checks by itself, on a machine that this program cannot reach. A value.
struct UnseenTarget
{
    QString machine; ///< What people call it: "db5"
    int major = 0;   ///< Of the programs that are needed there.
    QString systemIdentifier;
    QString name, dataDirectory, passfile, keeper;
    int port = 0;
    QString upstream;     ///< What people call it, with its address.
    QString upstreamHost; ///< As that machine reaches it, for passfiles.
    int upstreamPort = 0;
    QString login; ///< Conninfo of the login that makes the slot and watches the standby.
    QString loginUser, loginDatabase;
    QString replicationLogin; ///< Conninfo of one replication command, as the standby will log in.
    QString role;             ///< That replicates.
    QString streamingSql;     ///< Its first value is true when the standby streams already.
    qint64 bytes = 0;         ///< Of the cluster when the script was made, if it may not be asked.
    qint64 copyRate = 0;      ///< Bytes a second that a copy is expected to bring, at most.
    bool verifies = false;    ///< pg_verifybackup is needed.
    bool makesParent = false; ///< The folder above the data directory is made.
    QStringList files;        ///< Outside of the data, and read by a server with the upstream's settings.
    QStringList libraries;    ///< That it loads when it starts.
    QString restoreProgram;   ///< First word of restore_command
    QString walDirectory;     ///< Empty: with the data.
    QMap<QString, QString> tablespaces; ///< Where each is on the upstream -> where the copy's goes.

    bool operator==(const UnseenTarget &) const = default;
};

QJsonObject toJson(const UnseenTarget &);
UnseenTarget unseenFromJson(const QJsonObject &);

} // namespace understudy
