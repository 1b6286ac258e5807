// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/ReattachAdvice.h"

// Private to reattachReasons: the rules, by what they look at. Each appends what it finds.
namespace understudy::reattach {

/// One standby over one target; both are known, and both were answered by at some time.
struct Case
{
    const ReattachScene &scene;
    const Cluster &cluster; ///< The standby's.
    const Node &standby;
    const Node &target;
    const NodeSnapshot *standbyFacts; ///< Null: it never answered.
    const NodeSnapshot *targetFacts;
    const Link *link; ///< To its present upstream; may be null.
    QList<ReattachReason> &out;

    QString standbyName() const { return reattachName(standby); }
    QString targetName() const { return reattachName(target); }
    /// The upstreams of @p node, the nearest first; ends where a loop would close.
    QList<NodeId> above(const NodeId &node) const;
    std::optional<qint64> targetSetting(const char *name) const;

    void impossible(const char *id, const QString &brief, const QString &text) const;
    void risky(const char *id, const QString &brief, const QString &text) const;
    void note(const char *id, const QString &text) const;
};

void timelineRule(const Case &);
void positionRule(const Case &);
void walKeptRule(const Case &);
void roomRules(const Case &); ///< Walsenders, slots and wal_level of the target.
void cascadeRules(const Case &);
void synchronousRules(const Case &);
void settingRules(const Case &); ///< What changing the standby's own settings costs.
void worthKnowing(const Case &);

} // namespace understudy::reattach
