// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/Host.h"
#include "model/Endpoint.h"
#include "operations/UnseenTarget.h"

#include <QJsonObject>
#include <QList>
#include <QMetaType>
#include <variant>

/// A change to a cluster is data. The review page, the dry run, the shell script, the runbook and the
/// execution all read the same Plan: what is shown is what runs. Text in actions may hold `${name}`: a value
/// known only at run time (stored by an earlier action) or a secret (`${secret:name}`), resolved by the
/// runner just before the effect: in SQL a value becomes a quoted literal, in a word of a command it is put
/// in as it is, and in a file a secret is written as a field of a passfile. A secret is shown as "(hidden)"
/// everywhere and is never journalled; commands and SQL must not name one.
namespace understudy {

/// A statement on a node. Atomic: when it fails it had no effect.
struct SqlAction
{
    QString node; ///< Key into Plan::endpoints
    QString sql;
    QString storeAs; ///< Keeps the first column of the first row under this name.
};

/// How the output of a command is understood while it runs.
enum class ProgressKind { None, BaseBackup };

struct CommandAction
{
    QString host; ///< Key into Plan::hosts: "local"
    Command command;
    ProgressKind progress = ProgressKind::None;
    QString storeAs;     ///< Keeps the trimmed stdout under this name.
    QString shown;       ///< Wrapped for people; empty: made from argv.
    bool atomic = false; ///< When it fails it had no effect (mkdir): then there is nothing to undo.
    /// Of a base backup: it is ended when it brings nothing and the upstream answers nothing for so long.
    /// 0: never.
    int silenceMs = 0;
    QString input = {}; ///< What it reads on stdin, as a file would be written: may name a secret.
};

/// A copy whose upstream is frozen or cut off would otherwise wait for ever.
constexpr int copySilenceMs = 60000;

/// Writes a file whole.
struct FileAction
{
    QString host;
    QString path;
    QString content;
    int mode = 0600;
    QString owner;
    bool append = false; ///< Adds to the end of an existing file.
};

/// Adds text to a file of the person's, or takes it out again, and leaves every other byte alone. What is
/// added is literal text and copies of the file's own bytes: a secret that stands in the file is copied
/// without ever standing in the plan. Or makes a new file in the same way, with copies from another one. See
/// FileEdit.h.
struct EditAction
{
    struct Piece
    {
        qint64 from = -1; ///< A copy of @p length bytes of the file as it was from here; below 0: `text`.
        qint64 length = 0;
        QString text;
        bool operator==(const Piece &) const = default;
    };
    struct Insertion
    {
        qint64 at = 0; ///< Offset in the file as it was, bytes; ascending.
        qint64 length = 0;
        QString sha256; ///< Of what is added here.
        int line = 0;   ///< Its first line's number in the file as it will be.
        QString shown;  ///< The added lines for people, passwords hidden.
        QList<Piece> pieces;
        bool operator==(const Insertion &) const = default;
    };
    QString host;
    QString path;
    QString before, after; ///< SHA-256 of the whole file, in hexadecimal
    /// The file is made, and must be new: its text is the one insertion, copied from the bytes of this file
    /// (whose sum is `before`). Its undo removes the file if it is still the one that was made.
    QString source;
    /// The name beside it under which it is written first. One that a killed process left goes with the undo.
    QString aside;
    bool creates() const { return !source.isEmpty(); }
    QList<Insertion> insertions;
    bool takeOut = false; ///< Undoes the edit of the same values.
    int lines() const;    ///< How many are added.
};

/// Waits until a query's first value is true, with a deadline and a progress check: a second column, where
/// there is one, is progress, and each change of it starts the deadline anew. A deadline of 0 asks once.
struct WaitAction
{
    QString node; ///< Key into Plan::endpoints
    QString sql;
    QString until; ///< In words: "standby2 streams through standby2_slot"
    int deadlineMs = 60000;
    QString storeAs; ///< Keeps the second column under this name, or the first if there is only one.
};

using Action = std::variant<SqlAction, CommandAction, FileAction, WaitAction, EditAction>;

struct Step
{
    QString id;    ///< "slot"
    QString title; ///< "Create the slot"
    QString why;
    QList<Action> actions;
    /// In the order they are run, each tried even if one before it failed. The last one decides: it is the
    /// removal itself or the check that nothing is left. Each must be harmless when there is nothing to undo.
    QList<Action> undo;
    QString undoWords; ///< "drop the slot"; empty: reads only
    bool readsOnly = false;
    bool pointOfNoReturn = false;
    std::optional<WaitAction> alreadyDone; ///< True at once: the step is skipped when a plan is continued.
    double aboutSeconds = 1;
    QString changes;  ///< What exists once it ran, for the change box: "1 slot", "1 directory", "1 server"
    QString leftover; ///< What stays if the undo fails, exactly: "the slot standby2_slot on primary"
    QString fact;     ///< The one fact worth showing once it is done, e.g. "${baseline_lsn}"
    std::optional<CommandAction> evidence; ///< Reads what explains a failure of this step: the server's log.
    /// The exact commands, secrets hidden, one string a command, wrapped at options with a backslash.
    QStringList shownCommands() const;
};

struct Plan
{
    QString id;    ///< Unique, sortable: "20251117-134401-add-standby2"
    QString kind;  ///< "add-standby"
    QString title; ///< "Add standby2 to demo"
    QString cluster;
    QString subject;                   ///< "standby2"
    QMap<QString, Endpoint> endpoints; ///< By node name
    /// By node: as the machine of `hosts` reaches it, where that differs. The script runs there.
    QMap<QString, Endpoint> seen;
    QStringList hosts;
    QString lockNode; ///< Key into endpoints: where the cluster's advisory lock is taken, its primary.
    QList<Step> steps;
    QMap<QString, QString> facts;       ///< For the report: slot, port, data_directory...
    std::optional<UnseenTarget> unseen; ///< The plan is only for its script: its machine cannot be reached.

    double aboutSeconds() const;
    /// The same thing for a shell: commented, `set -euo pipefail`, shellcheck-clean, secrets asked for.
    QString toScript() const;
};

QJsonObject toJson(const Plan &);
Result<Plan> planFromJson(const QJsonObject &);
/// One command as people read it, e.g. with psql around a statement's text left out.
QString shownCommand(const Action &);

} // namespace understudy

Q_DECLARE_METATYPE(understudy::Plan)
