// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/PlanSide.h"

#include "gui/wizard/PlaceFacts.h"
#include "model/Format.h"

#include <QVBoxLayout>

namespace understudy {

namespace {

QVBoxLayout *section(QVBoxLayout *card)
{
    if (card->count() > 0)
        card->addWidget(new Line);
    auto *layout = new QVBoxLayout;
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(6);
    card->addLayout(layout);
    return layout;
}

} // namespace

PlanSide::PlanSide(bool baseline, QWidget *parent) : QWidget(parent)
{
    setFixedWidth(280);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    auto *card = new Card;
    auto *layout = new QVBoxLayout(card);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);

    QVBoxLayout *plan = section(layout);
    plan->addWidget(new TextLabel(TextRole::SmallStrong, tr("This plan")));
    m_plan = new FactsGrid(nullptr, 84);
    plan->addWidget(m_plan);
    if (baseline) {
        QVBoxLayout *before = section(layout);
        before->addWidget(new TextLabel(TextRole::SmallStrong, tr("Baseline")));
        m_baseline = new FactsGrid(nullptr, 84);
        before->addWidget(m_baseline);
    }
    QVBoxLayout *cost = section(layout);
    m_costHead = new TextLabel(TextRole::SmallStrong, tr("Cost of another standby"));
    m_cost = new TextLabel(TextRole::Small, {}, nullptr, TextLabel::Tone::Text2);
    m_cost->setWordWrap(true);
    cost->addWidget(m_costHead);
    cost->addWidget(m_cost);
    column->addWidget(card);
    column->addStretch(1);
}

void PlanSide::setState(const WizardState &state)
{
    const AddStandbyRequest &request = state.request;
    const Node *upstream = state.node(request.upstream);
    QString from = state.nodeName(request.upstream);
    if (upstream)
        from += QStringLiteral(", :%1").arg(upstream->port);
    QList<FactsGrid::Fact> plan;
    if (state.isSeveral()) {
        plan.append({tr("Upstream"), from, true});
        for (const AddStandbyRequest &each : state.requests())
            plan.append({each.name, addressOfNew(state, each), true});
    } else {
        plan = {{tr("New node"), request.name, true},
                {tr("Upstream"), from, true},
                {tr("Address"), addressOfNew(state), true},
                {tr("Slot"), request.choices.slot ? request.slot : tr("none"), request.choices.slot}};
        plan << placeFacts(state, true);
    }
    plan.append({tr("Mode"), request.synchronous ? tr("synchronous") : tr("asynchronous")});
    m_plan->setFacts(plan);
    if (m_baseline) {
        QList<FactsGrid::Fact> facts;
        if (state.book.preflight) {
            for (const auto &[label, value] : state.book.preflight->baseline)
                facts.append({label, value, label == QLatin1String("LSN")});
        }
        if (facts.isEmpty())
            facts.append({tr("Taken"), tr("when the checks end")});
        m_baseline->setFacts(facts);
    }

    const Topology topology = state.topologyNow();
    const Cluster *cluster = topology.clusterOf(request.upstream);
    const qsizetype direct = cluster ? cluster->linksFrom(request.upstream).size() : 0;
    m_costHead->setText(state.isSeveral() ? tr("Cost of %1 standbys").arg(state.count())
                        : direct == 1     ? tr("Cost of a second standby")
                                          : tr("Cost of another standby"));
    QString words = tr("%1 sends its WAL once to each standby").arg(state.nodeName(request.upstream));
    if (upstream && upstream->walRate)
        words += tr(": %1 now, %2 after")
                     .arg(format::rate(*upstream->walRate * double(direct)),
                          format::rate(*upstream->walRate * double(direct + state.count())));
    words += request.choices.slot ? tr(". Each standby has its own slot, so each may lag on its own.")
                                  : tr(". Without a slot it may lag only as far as wal_keep_size reaches.");
    m_cost->setText(words);
}

} // namespace understudy
