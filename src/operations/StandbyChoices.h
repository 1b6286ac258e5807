// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Result.h"

#include <QList>
#include <QMap>
#include <QStringList>
#include <optional>

namespace understudy {

struct AddStandbyRequest;
struct AddStandbyFacts;
struct Node;
class Host;

/// How the copy is made and how the standby replays: what a DBA may want to be different. A value.
struct StandbyChoices
{
    /// The copy is checked against its manifest (pg_verifybackup, PostgreSQL 13 and newer) before it starts.
    /// Unset: as suggest() thinks best.
    std::optional<bool> verifyBackup;
    QString compress;     ///< pg_basebackup's --compress, "server-zstd:3"; empty: the copy travels as it is.
    QString walDirectory; ///< Of pg_wal; empty: inside the data directory.
    QMap<QString, QString> tablespaces; ///< Where each tablespace is on the upstream -> where the copy's is.
    QStringList emptyDirectories; ///< Of the above: there and empty. They are used, and given back by an
                                  ///< undo. Set by suggest().
    bool slot = true;             ///< The standby has a slot of its own on the upstream.
    int copies = 1;               ///< Standbys that are made in one plan, this one among them.
    QString applyDelay;           ///< recovery_min_apply_delay as PostgreSQL reads it, "30min"; empty: none.
    QString restoreCommand;       ///< restore_command; empty: none of its own; null: as suggest() thinks.
    bool operator==(const StandbyChoices &) const = default;
};

/// A tablespace beyond the default ones, as its server tells it.
struct Tablespace
{
    QString name, location;
    bool operator==(const Tablespace &) const = default;
};

/// What can be wrong with the choices, as validate() tells it. Fields: compress, walDirectory, tablespaces,
/// slot, applyDelay, restoreCommand, verifyBackup. Pure.
QList<Error> validateChoices(const AddStandbyRequest &request, const AddStandbyFacts &facts);

/// Fills what is unset: verification, a place beside each tablespace of an upstream on the same machine, the
/// restore_command that an existing standby has. Looks at directories; blocking, milliseconds.
StandbyChoices suggestChoices(const AddStandbyRequest &request, const AddStandbyFacts &facts, Host &host);

/// The restore_command of a standby, or of the upstream itself, which may have been one; "" if there is none.
QString restoreCommandThere(const AddStandbyFacts &facts, const Node &upstream);

/// The words of pg_basebackup from its directory to its rate limit, for a plain copy into @p directory. Pure.
QStringList baseBackupWords(const AddStandbyRequest &request, const QString &directory);

/// Settings of the new standby that follow from the choices, by name, in order. What the copied files would
/// hand on of the upstream's own, its @p delay (recovery_min_apply_delay) and its @p restore
/// (restore_command), is taken back where it was not asked for. Pure.
QList<std::pair<QString, QString>> choiceSettings(const StandbyChoices &choices, const QString &delay,
                                                  const QString &restore);

/// Milliseconds of a recovery_min_apply_delay, "30min", "1500"; nothing where PostgreSQL would refuse it.
/// Pure.
std::optional<qint64> applyDelayMs(const QString &text);

/// "server-gzip" of "server-gzip:5". Pure.
QString compressMethod(const QString &compress);

/// OLD=NEW as pg_basebackup's -T takes it: an '=' in a path is written "\=". Pure.
Result<std::pair<QString, QString>> parseTablespaceMapping(const QString &text);
QString tablespaceMapping(const QString &from, const QString &to);

} // namespace understudy
