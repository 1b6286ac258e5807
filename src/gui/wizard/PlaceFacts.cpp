// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/PlaceFacts.h"

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
    if (!state.inCompose())
        return {{brief ? tr("Directory") : tr("Data directory"), request.dataDirectory, true}};
    // As the engine calls it: that is what a person finds with `docker volume ls`.
    const QString volume = !brief && state.facts && state.facts->compose
                               ? state.facts->compose->volumeName(request.volume)
                               : request.volume;
    return {{tr("Service"), request.service, true},
            {tr("Volume"), volume, true},
            {tr("File"), composeFileName(state), true}};
}

} // namespace understudy
