// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/WizardState.h"

#include <QCoreApplication>

namespace understudy {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("WizardState", text);
}

constexpr int mostNames = 2; // in a sentence

} // namespace

QList<AddStandbyRequest> WizardState::requests() const
{
    QList<AddStandbyRequest> all{request};
    for (const AddStandbyRequest &own : others) {
        AddStandbyRequest next = request;
        for (const QString &field :
             {QStringLiteral("name"), QStringLiteral("slot"), QStringLiteral("service"),
              QStringLiteral("volume"), QStringLiteral("dataDirectory")})
            textField(next, field) = textField(own, field);
        next.port = own.port;
        next.useEmptyDirectory = own.useEmptyDirectory;
        next.choices.walDirectory = own.choices.walDirectory;
        next.choices.tablespaces = own.choices.tablespaces;
        next.choices.emptyDirectories = own.choices.emptyDirectories;
        // Without a slot is a choice for all of them.
        if (!next.choices.slot)
            next.slot.clear();
        next.waived = own.waived;
        all << next;
    }
    for (AddStandbyRequest &each : all)
        each.choices.copies = count();
    return all;
}

QString WizardState::subject() const
{
    if (!isSeveral())
        return request.name;
    if (count() > mostNames)
        return tr("%1 standbys").arg(count());
    return tr("%1 and %2").arg(request.name, others.constFirst().name);
}

QString WizardState::streamingWords() const
{
    return isSeveral() ? tr("%1 are streaming").arg(subject()) : tr("%1 is streaming").arg(subject());
}

QString WizardState::fileName() const
{
    QStringList names;
    for (const AddStandbyRequest &each : requests())
        names << each.name;
    return QStringLiteral("add-") + names.join(u'-').left(120);
}

Result<void> WizardState::makePlan()
{
    plan.reset();
    several.reset();
    if (!isSeveral()) {
        Result<Plan> made = planAddStandby(request, *facts);
        if (!made)
            return tl::unexpected(made.error());
        plan = *std::move(made);
        return {};
    }
    Result<SeveralStandbys> made = planSeveral(requests(), *facts);
    if (!made)
        return tl::unexpected(made.error());
    several = *std::move(made);
    plan = several->plan;
    return {};
}

int WizardState::standbyOfStep(int step) const
{
    int index = 0;
    for (const Plan &each : several ? several->each : QList<Plan>()) {
        if (step < each.steps.size())
            return index;
        step -= int(each.steps.size());
        ++index;
    }
    return 0;
}

QList<WatchedNode> WizardState::newNodes() const
{
    if (several)
        return several->nodes();
    if (!book.run)
        return {};
    const Plan &ran = book.run->plan;
    const Endpoint endpoint = ran.endpoints.value(ran.subject);
    return {WatchedNode{endpoint.address(), ran.subject, endpoint}};
}

QString &textField(AddStandbyRequest &request, const QString &field)
{
    if (field == QLatin1String("slot"))
        return request.slot;
    if (field == QLatin1String("dataDirectory"))
        return request.dataDirectory;
    if (field == QLatin1String("service"))
        return request.service;
    if (field == QLatin1String("volume"))
        return request.volume;
    if (field == QLatin1String("replicationUser"))
        return request.replicationUser;
    return request.name;
}

QString textField(const AddStandbyRequest &request, const QString &field)
{
    AddStandbyRequest copy = request;
    return textField(copy, field);
}

Topology WizardState::topologyNow() const
{
    if (cluster && !cluster->topology().clusters.isEmpty())
        return cluster->topology();
    return facts ? facts->topology : Topology();
}

const Node *WizardState::node(const NodeId &id) const
{
    if (cluster) {
        if (const Node *node = cluster->topology().node(id))
            return node;
    }
    return facts ? facts->topology.node(id) : nullptr;
}

QString WizardState::nodeName(const NodeId &id) const
{
    for (const WatchedNode &watched : spec.nodes) {
        if (watched.id == id && !watched.name.isEmpty())
            return watched.name;
    }
    const Node *known = node(id);
    return known && !known->name.isEmpty() ? known->name : id;
}

QHash<NodeId, CardExtras> WizardState::extras() const
{
    if (cluster)
        return cluster->extras();
    QHash<NodeId, CardExtras> found;
    int slot = 0;
    for (const Cluster &seen : topologyNow().clusters) {
        for (const Node *standby : seen.standbys())
            found[standby->id].seriesSlot = slot++;
    }
    return found;
}

QMap<QString, QString> WizardState::secretValues(const ClusterSpec &spec, const AddStandbyRequest &request,
                                                 const QString &typed)
{
    const QString name = QStringLiteral("replication");
    if (!typed.isEmpty())
        return {{name, typed}};
    const std::optional<QString> found = replicationPassword(spec, request);
    return found ? QMap<QString, QString>{{name, *found}} : QMap<QString, QString>{};
}

} // namespace understudy
