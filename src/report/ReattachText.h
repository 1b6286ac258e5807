// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/ReattachAdvice.h"
#include "operations/Plan.h"

/// A re-attach on paper: what a person takes away from its review. Pure; any thread.
namespace understudy {

struct ReattachPaper
{
    QString title; ///< "Re-attach standby2 to standby1"
    qint64 asOfUs = 0;
    QList<ReattachReason> reasons;
    std::optional<Plan> plan; ///< Nothing: no steps could be written.
    QString problem;          ///< Why not.

    /// What a step runs, each run of statements under the node it is for: "-- on primary".
    static QString commands(const Step &step);
    QString asText() const;
    QString asMarkdown() const;
    QString asSql() const; ///< For psql, by hand: every line that is not a statement is a comment.
};

QString words(DropVerdict verdict); ///< "Safe", "Risky", "Impossible"

} // namespace understudy
