// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/PlaceFacts.h"

#include "operations/PlanHosts.h"
#include "operations/UnseenMachine.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace understudy {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("PlaceFacts", text);
}

} // namespace

QString composeFileName(const WizardState &state)
{
    const QString file = state.facts && state.facts->compose ? state.facts->compose->file : QString();
    return QFileInfo(file.isEmpty() ? state.spec.composeFile : file).fileName();
}

QList<FactsGrid::Fact> placeFacts(const WizardState &state, bool brief)
{
    const AddStandbyRequest &request = state.request;
    if (!state.inCompose()) {
        QList<FactsGrid::Fact> facts;
        const bool elsewhere = request.on.startsWith(sshPrefix) || isScriptPlace(request.on);
        if (elsewhere)
            facts.append({tr("Machine"), placeWords(request.on), true});
        facts.append({brief ? tr("Directory") : tr("Data directory"), request.dataDirectory, true});
        if (!request.keeper.isEmpty() && (elsewhere || request.keeper != QLatin1String("pg_ctl")))
            facts.append({tr("Kept by"), request.keeper, true});
        return facts;
    }
    // As the engine calls it: that is what a person finds with `docker volume ls`.
    const QString volume = !brief && state.facts && state.facts->compose
                               ? state.facts->compose->volumeName(request.volume)
                               : request.volume;
    return {{tr("Service"), request.service, true},
            {tr("Volume"), volume, true},
            {tr("File"), composeFileName(state), true}};
}

QString addressOfNew(const WizardState &state)
{
    return addressOfNew(state, state.request);
}

QString addressOfNew(const WizardState &state, const AddStandbyRequest &request)
{
    const bool elsewhere = request.on.startsWith(sshPrefix) && state.facts;
    if (isScriptPlace(request.on))
        return tr("port %1 of %2").arg(QString::number(request.port), scriptMachine(request.on));
    return QStringLiteral("%1:%2")
        .arg(elsewhere ? state.facts->target.address : QStringLiteral("127.0.0.1"))
        .arg(request.port);
}

QString standbyLine(const WizardState &state, const AddStandbyRequest &request)
{
    QStringList parts{addressOfNew(state, request), request.choices.slot ? request.slot : tr("no slot")};
    parts << (state.inCompose() ? request.volume : request.dataDirectory);
    return parts.join(QStringLiteral(", "));
}

} // namespace understudy
