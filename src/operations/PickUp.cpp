// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/PickUp.h"

#include "clusters/ClusterSecrets.h"
#include "operations/AddStandby.h"
#include "operations/PlanHosts.h"

namespace understudy {

namespace {

// For replication: in the passfile of the cluster, if it can still be found by what the plan knows of it.
QMap<QString, QString> replicationSecret(const Plan &plan)
{
    for (const QString &cluster : {plan.facts.value(QStringLiteral("source")),
                                   plan.facts.value(QStringLiteral("compose_file")), plan.cluster}) {
        const auto spec = cluster.isEmpty() ? Result<ClusterSpec>(fail({})) : resolveCluster(cluster);
        if (!spec)
            continue;
        AddStandbyRequest request;
        request.replicationUser = plan.facts.value(QStringLiteral("replication_user"));
        if (const auto password = replicationPassword(*spec, request))
            return {{QStringLiteral("replication"), *password}};
    }
    return {};
}

// For the nodes: a Compose file may hold them.
std::shared_ptr<const SecretSource> nodeSecrets(const Plan &plan, std::shared_ptr<const SecretSource> typed)
{
    const QString file = plan.facts.value(QStringLiteral("compose_file"));
    const auto spec = file.isEmpty() ? Result<ClusterSpec>(fail({})) : resolveCluster(file);
    return spec ? secretsOf(*spec, std::move(typed)) : typed;
}

} // namespace

bool isUnfinished(const JournalEntry &entry)
{
    return !entry.runningNow && (entry.open || entry.record.outcome == RunRecord::Outcome::LeftBehind ||
                                 entry.record.outcome == RunRecord::Outcome::Interrupted);
}

Result<RunContext> pickUpContext(const JournalEntry &entry, std::shared_ptr<const SecretSource> typed)
{
    auto journal = Journal::reopen(entry.path);
    if (!journal)
        return tl::unexpected(journal.error());
    const Plan &plan = entry.record.plan;
    RunContext context;
    context.journal = *journal;
    context.hosts = hostsOf(plan);
    context.secrets = nodeSecrets(plan, std::move(typed));
    context.secretValues = replicationSecret(plan);
    return context;
}

} // namespace understudy
