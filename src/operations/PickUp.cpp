// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/PickUp.h"

#include "clusters/ClusterSecrets.h"
#include "operations/AddStandby.h"
#include "operations/PlanHosts.h"

#include <algorithm>

namespace understudy {

namespace {

const QString replication = QStringLiteral("replication");

bool stores(const Step &step, const QString &secret)
{
    const QString mention = QStringLiteral("${secret:%1}").arg(secret);
    return std::any_of(step.actions.begin(), step.actions.end(), [&](const Action &action) {
        const auto *file = std::get_if<FileAction>(&action);
        const auto *command = std::get_if<CommandAction>(&action);
        return (file && file->content.contains(mention)) || (command && command->input.contains(mention));
    });
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

bool takesReplicationPassword(const JournalEntry &entry)
{
    return std::any_of(entry.record.plan.steps.begin(), entry.record.plan.steps.end(), [&](const Step &step) {
        const StepRecord *record = entry.record.step(step.id);
        const bool done = record && (record->state == StepState::Done || record->state == StepState::Skipped);
        return !done && stores(step, replication);
    });
}

Endpoint replicationLogin(const Plan &plan)
{
    Endpoint login = plan.endpoints.value(plan.facts.value(QStringLiteral("upstream")));
    login.user = plan.facts.value(QStringLiteral("replication_user"));
    login.database = replication;
    return login;
}

std::optional<QString> storedReplicationPassword(const Plan &plan, const SecretSource &typed)
{
    // In the passfile of the cluster, if it can still be found by what the plan knows of it.
    for (const QString &cluster : {plan.facts.value(QStringLiteral("source")),
                                   plan.facts.value(QStringLiteral("compose_file")), plan.cluster}) {
        const auto spec = cluster.isEmpty() ? Result<ClusterSpec>(fail({})) : resolveCluster(cluster);
        if (!spec)
            continue;
        AddStandbyRequest request;
        request.replicationUser = plan.facts.value(QStringLiteral("replication_user"));
        if (const auto password = replicationPassword(*spec, request))
            return password;
    }
    return typed.password(replicationLogin(plan));
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
    if (!typed)
        typed = std::make_shared<LibpqSecrets>();
    if (const auto password = storedReplicationPassword(plan, *typed))
        context.secretValues.insert(replication, *password);
    context.secrets = nodeSecrets(plan, std::move(typed));
    return context;
}

} // namespace understudy
