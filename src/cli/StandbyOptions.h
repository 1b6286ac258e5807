// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/Words.h"
#include "operations/preflight/Preflight.h"

namespace understudy::cli {

/// The options that preflight and add-standby share.
void addStandbyOptions(Words &words);
/// Reads them as far as they can be judged without looking at anything; the error names the option and the
/// fix. The upstream is still as it was typed.
Result<AddStandbyRequest> readStandbyOptions(const Words &words);
/// A node by name or host:port; an error names those there are.
Result<NodeId> nodeNamed(const Topology &topology, const QString &text);

/// Everything that a verb knows before it checks or acts.
struct Prepared
{
    std::shared_ptr<const SecretSource> secrets; ///< With what the cluster's own description holds
    AddStandbyRequest request;                   ///< Every field filled
    AddStandbyFacts facts;
    QMap<QString, QString> secretValues;
};
struct Refusal
{
    Error error;
    int code;
};
/// Resolves the cluster, gathers facts, fills the request and judges it. Blocking.
tl::expected<Prepared, Refusal> prepare(const QString &cluster, AddStandbyRequest request,
                                        const std::shared_ptr<const SecretSource> &secrets, bool judge);

/// The table of checks, with the reason and the fix of those that did not pass.
QString checkTable(const PreflightResult &result);

} // namespace understudy::cli
