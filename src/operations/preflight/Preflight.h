// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/AddStandby.h"

#include <functional>

namespace understudy {

enum class CheckStatus { Waiting, Running, Pass, Warning, Fail, Waived, Skipped };
enum class CheckGroup { Upstream, Target, Names, Effect };

/// A fix that we can apply: a small journalled plan of its own, kept unless undone.
struct CheckFix
{
    QString button;  ///< "Apply 16 GB and check again"
    QString command; ///< Exactly what runs, copyable.
    bool restartsPrimary = false;
    bool canApply = false;
    std::optional<Plan> plan;
    QString setField; ///< Instead of a plan: a field of the request and its new value ("port" -> "5436")
    QString setValue;
};

/// One row of the pre-flight table.
struct CheckResult
{
    QString id; ///< Stable: "slot_retention"
    CheckGroup group = CheckGroup::Upstream;
    QString groupHead; ///< Head of its group where it is not the usual one; read it through groupWords().
    QString title;     ///< "Slot retention limit"
    CheckStatus status = CheckStatus::Waiting;
    QString evidence; ///< The value it was made from.
    QString why;      ///< Why it matters, at most two sentences, with a number where there is one.
    std::optional<CheckFix> fix;
    QString manual; ///< Page of the PostgreSQL manual: a URL
    QString field;  ///< The field of the request at fault: name, slot, port, dataDirectory, upstream,
                    ///< replicationUser
    bool waivable = false;
    QString waivedReason;
    double tookMs = 0;
    QString groupWords() const;
};

struct PreflightResult
{
    QList<CheckResult> checks; ///< In a fixed order.
    qint64 startedUs = 0, finishedUs = 0;
    QString
    sentence() const; ///< "12 checks, 10 passed. One warning can be fixed here; it does not block you."
    int count(CheckStatus) const;
    bool blocked() const { return count(CheckStatus::Fail) > 0; }
    /// The state before, for the page's side column and the report: Taken, LSN, Standbys, Lag, WAL rate.
    QList<std::pair<QString, QString>> baseline;
};

using CheckSink = std::function<void(const CheckResult &)>;

/// The list of checks in their order, all waiting: what the table shows first. Pure.
QList<CheckResult> preflightChecks(const AddStandbyRequest &request, const AddStandbyFacts &facts);

/// Runs every check in parallel, in seconds; nothing is changed anywhere. @p sink is called from worker
/// threads as each begins and ends. @p only: the ids to run again (empty: all); the result then holds just
/// those, see merged(). Blocking.
PreflightResult runPreflight(const AddStandbyRequest &request, const AddStandbyFacts &facts,
                             const std::shared_ptr<const SecretSource> &secrets,
                             const QMap<QString, QString> &secretValues, std::stop_token stop = {},
                             const CheckSink &sink = {}, const QStringList &only = {});

/// @p before with the checks of @p again in their places: what a page shows after some were run again.
PreflightResult merged(PreflightResult before, const PreflightResult &again);

QJsonObject toJson(const PreflightResult &);
QString stableName(CheckStatus);
QString stableName(CheckGroup);
QString words(CheckStatus);

} // namespace understudy

Q_DECLARE_METATYPE(understudy::CheckResult)
Q_DECLARE_METATYPE(understudy::PreflightResult)
