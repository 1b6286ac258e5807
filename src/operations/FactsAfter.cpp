// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/FactsAfter.h"

#include "operations/AddStandbySteps.h"
#include "operations/ComposeSteps.h"

namespace understudy {

namespace {

ComposeService serviceAfter(const AddStandbyRequest &request, const ComposeTarget &target,
                            const ComposeEdit &edit)
{
    ComposeService made = *target.project.service(target.model);
    made.name = request.service;
    if (!made.containerName.isEmpty())
        made.containerName = request.service;
    for (ComposePort &port : made.ports) {
        if (port.target == target.modelPort)
            port.published = port.publishedEnd = request.port;
    }
    for (ComposeVolume &volume : made.volumes) {
        if (volume.target == target.mountPath)
            volume.source = edit.dataDirectory.isEmpty() ? edit.dataSource : edit.dataDirectory;
    }
    return made;
}

void addTo(ComposeTarget &target, const AddStandbyRequest &request)
{
    const auto edit = composeEditFor(request, target);
    if (!edit || request.overrideFile)
        return; // validate() says why
    for (ComposeTarget::File &file : target.files) {
        if (file.path == target.file)
            file.content = edit->after;
    }
    target.content = edit->after;
    target.project.services << serviceAfter(request, target, *edit);
    if (!edit->volume.isEmpty()) {
        target.project.volumes << edit->volume;
        target.afterVolume = edit->volume;
    }
    target.afterService = request.service;
}

} // namespace

AddStandbyFacts factsAfter(const AddStandbyRequest &request, AddStandbyFacts facts)
{
    const Node *upstream = facts.upstreamOf(request);
    const NodeId id = upstream ? upstream->id : request.upstream;
    facts.topology = topologyAfter(request, facts);
    for (Cluster &cluster : facts.topology.clusters) {
        if (!cluster.node(id) || !request.choices.slot)
            continue;
        Slot slot;
        slot.node = id;
        slot.name = request.slot;
        cluster.slots_ << slot;
    }
    if (request.synchronous) {
        ServerSetting &names = facts.serverSettings[id][QStringLiteral("synchronous_standby_names")];
        names.value = withSynchronous(names.value, request.name);
        names.file = QStringLiteral("postgresql.auto.conf"); // by ALTER SYSTEM: an undo sets it again
    }
    if (request.on == QLatin1String("compose") && facts.compose)
        addTo(*facts.compose, request);
    return facts;
}

} // namespace understudy
