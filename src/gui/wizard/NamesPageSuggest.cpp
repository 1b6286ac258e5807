// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/ChoiceFields.h"
#include "gui/wizard/NamesPage.h"
#include "gui/wizard/OtherStandbys.h"

namespace understudy {

void NamesPage::setCount(int count)
{
    while (m_state.count() > count) {
        m_state.others.removeLast();
        m_state.othersEdited.removeLast();
    }
    while (m_state.count() < count) {
        m_state.others << AddStandbyRequest();
        m_state.othersEdited << QSet<QString>();
    }
    m_others->showRequests();
    suggestAgain();
    Q_EMIT changed();
}

void NamesPage::suggestAgain()
{
    if (!m_state.facts)
        return;
    AddStandbyRequest asked = m_state.request;
    if (!m_state.edited.contains(QStringLiteral("name")))
        asked.name.clear();
    if (!m_state.edited.contains(QStringLiteral("slot")))
        asked.slot.clear();
    if (!m_state.edited.contains(QStringLiteral("port")))
        asked.port = 0;
    if (!m_state.edited.contains(QStringLiteral("dataDirectory")))
        asked.dataDirectory.clear();
    if (!m_state.edited.contains(QStringLiteral("service")))
        asked.service.clear();
    if (!m_state.edited.contains(QStringLiteral("volume")))
        asked.volume.clear();
    if (!m_state.edited.contains(QStringLiteral("replicationUser")))
        asked.replicationUser.clear();
    asked.choices = m_choices->asked();
    QList<AddStandbyRequest> others;
    for (int i = 1; i < m_state.count(); ++i) {
        AddStandbyRequest own;
        for (const QString &field : std::as_const(m_state.ownEdited(i))) {
            if (field == QLatin1String("port"))
                own.port = m_state.own(i).port;
            else
                textField(own, field) = textField(m_state.own(i), field);
        }
        others << own;
    }
    m_worker.start([this, asked, others, facts = *m_state.facts](std::stop_token,
                                                                 const WizardWorker::Post &post) {
        const QList<AddStandbyRequest> full = suggestSeveral(asked, others, int(others.size()) + 1, facts);
        post([this, full] { takeSuggestions(full); });
    });
}

void NamesPage::takeSuggestions(const QList<AddStandbyRequest> &full)
{
    m_suggestedFor = placeNow();
    for (int i = 0; i < qMin(m_state.count(), int(full.size())); ++i) {
        AddStandbyRequest &request = m_state.own(i);
        const QSet<QString> &edited = m_state.ownEdited(i);
        for (const QString &field :
             {QStringLiteral("name"), QStringLiteral("slot"), QStringLiteral("dataDirectory"),
              QStringLiteral("service"), QStringLiteral("volume"), QStringLiteral("replicationUser")}) {
            if (!edited.contains(field))
                textField(request, field) = textField(full.at(i), field);
        }
        if (!edited.contains(QStringLiteral("port")))
            request.port = full.at(i).port;
        request.useEmptyDirectory = full.at(i).useEmptyDirectory;
        if (i > 0)
            request.choices = full.at(i).choices;
    }
    m_choices->suggested(full.constFirst().choices);
    showRequest();
}

} // namespace understudy
