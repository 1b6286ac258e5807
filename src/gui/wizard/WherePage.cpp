// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/WherePage.h"

#include "model/Format.h"
#include "ui_WherePage.h"

#include <QSysInfo>
#include <QVBoxLayout>

namespace understudy {

namespace {

QString roleWords(const Node &node)
{
    switch (node.role) {
    case Role::Primary:
        return WherePage::tr("Primary");
    case Role::Standby:
        return WherePage::tr("Standby");
    case Role::Unknown:
        break;
    }
    return WherePage::tr("Role unknown");
}

} // namespace

WherePage::WherePage(WizardState &state, QWidget *parent)
    : WizardPage(state, tr("Where and from whom"), parent), m_ui(std::make_unique<Ui::WherePage>()),
      m_message(new TextLabel(TextRole::Body, {}, nullptr, TextLabel::Tone::Text2)),
      m_again(makeButton(tr("Look again"), {}, QStringLiteral("view-refresh")))
{
    setObjectName(QStringLiteral("wherePage"));
    auto *form = new QWidget;
    m_ui->setupUi(form);
    body()->addWidget(form, 1);
    m_ui->upstreamArea->addWidget(
        new TextLabel(TextRole::BodyStrong, tr("Upstream: the server to copy and follow")));
    m_ui->methodArea->addWidget(new TextLabel(TextRole::BodyStrong, tr("Where the new standby runs")));
    m_message->setWordWrap(true);
    m_message->setObjectName(QStringLiteral("whereMessage"));
    m_message->hide();
    m_ui->messageArea->addWidget(m_message);
    m_again->setObjectName(QStringLiteral("lookAgainButton"));
    addTool(m_again);
    connect(m_again, &QPushButton::clicked, this, &WherePage::gather);
    connect(&m_worker, &WizardWorker::busyChanged, this, [this] {
        m_again->setEnabled(!m_worker.busy());
        Q_EMIT changed();
    });
    setSentence(tr("Looking at the cluster and at this machine."));
}

WherePage::~WherePage() = default;

void WherePage::enter()
{
    if (m_state.facts)
        showFacts();
    else
        gather();
}

void WherePage::gather()
{
    m_error.clear();
    m_message->hide();
    setSentence(tr("Looking at the cluster and at this machine."));
    m_worker.start([spec = m_state.spec, secrets = m_state.secrets, this](std::stop_token stop,
                                                                          const WizardWorker::Post &post) {
        const Result<AddStandbyFacts> facts = gatherFacts(spec, secrets, stop);
        post([this, facts] {
            if (facts) {
                m_state.facts = *facts;
                m_state.facts->haveReplicationSecret |= !m_state.typedPassword.isEmpty();
                showFacts();
            } else {
                m_error = facts.error().text();
                setSentence(tr("The cluster could not be read, so there is nothing to choose from yet."));
                m_message->setText(m_error);
                m_message->setTone(TextLabel::Tone::Crit);
                m_message->show();
                Q_EMIT changed();
            }
        });
    });
}

void WherePage::showFacts()
{
    for (const auto &row : m_rows)
        delete row.second;
    m_rows.clear();
    QList<const Node *> nodes;
    for (const Cluster &cluster : m_state.facts->topology.clusters) {
        for (const Node &node : cluster.nodes) {
            // The primary leads: copying from it needs no other server to stay up.
            if (node.role == Role::Primary)
                nodes.prepend(&node);
            else
                nodes.append(&node);
        }
    }
    NodeId first;
    for (const Node *node : nodes) {
        auto *row = new ChoiceRow(contentOf(*node));
        row->setObjectName(QStringLiteral("upstream_%1").arg(node->id));
        m_ui->upstreamArea->addWidget(row);
        m_rows.append(std::pair(node->id, row));
        connect(row, &ChoiceRow::clicked, this, [this, id = node->id] { choose(id); });
        if (first.isEmpty() && row->isEnabled())
            first = node->id;
    }
    showMethod();
    bool kept = false;
    for (const auto &[id, row] : m_rows)
        kept |= id == m_state.request.upstream && row->isEnabled();
    choose(kept ? m_state.request.upstream : first);
}

ChoiceRow::Content WherePage::contentOf(const Node &node) const
{
    ChoiceRow::Content content;
    content.title = node.name.isEmpty() ? node.id : node.name;
    QStringList detail{roleWords(node), node.id};
    if (node.versionNum > 0)
        detail << QStringLiteral("PostgreSQL ") + format::version(node.versionNum);
    if (node.databaseBytes)
        detail << tr("%1 to copy").arg(format::bytes(node.databaseBytes));
    const Cluster *cluster = m_state.facts->topology.clusterOf(node.id);
    const Link *link = cluster ? cluster->linkTo(node.id) : nullptr;
    if (link && link->lagBytes)
        detail << tr("%1 behind").arg(format::bytes(link->lagBytes));
    if (node.role == Role::Primary && node.walRate)
        detail << tr("writes %1 of WAL").arg(format::rate(node.walRate));
    content.detail = detail.join(QStringLiteral(", "));
    content.stateGlyph = glyphFor(node, link);
    content.state = glyphWord(content.stateGlyph);
    content.sign = node.role == Role::Primary ? Glyph::CylinderFilled : Glyph::Cylinder;
    if (node.role == Role::Standby)
        content.seriesSlot = m_state.extras().value(node.id).seriesSlot;

    if (node.state != NodeState::Up) {
        content.reason = node.reason.isEmpty() ? words(node.state) : node.reason;
        return content;
    }
    AddStandbyRequest asked = m_state.request;
    asked.upstream = node.id;
    for (const Error &error : validate(asked, *m_state.facts)) {
        if (error.field == QLatin1String("upstream"))
            content.reason = error.text();
    }
    return content;
}

void WherePage::showMethod()
{
    qDeleteAll(m_method);
    m_method.clear();
    const AddStandbyFacts &facts = *m_state.facts;
    ChoiceRow::Content content;
    content.title = tr("This machine");
    QStringList detail{QSysInfo::machineHostName()};
    if (!facts.runAs.isEmpty() || !facts.currentUser.isEmpty())
        detail << tr("runs as %1").arg(facts.runAs.isEmpty() ? facts.currentUser : facts.runAs);
    detail << (facts.binDirectory.isEmpty() ? tr("no matching PostgreSQL programs found")
                                            : tr("programs in %1").arg(facts.binDirectory));
    content.detail = detail.join(QStringLiteral(", "));
    content.stateGlyph = facts.binDirectory.isEmpty() ? Glyph::CheckFail : Glyph::CheckPass;
    content.state = facts.binDirectory.isEmpty() ? tr("Programs missing") : tr("Ready");
    auto *row = new ChoiceRow(content);
    row->setObjectName(QStringLiteral("methodLocal"));
    row->setChecked(true);
    connect(row, &ChoiceRow::clicked, row, [row] { row->setChecked(true); });
    auto *note =
        new TextLabel(TextRole::Small,
                      tr("The new server gets a data directory and a port of its own here and is run with "
                         "pg_ctl. Other servers are not stopped or restarted."),
                      nullptr, TextLabel::Tone::Text3);
    note->setWordWrap(true);
    m_ui->methodArea->addWidget(row);
    m_ui->methodArea->addWidget(note);
    m_method << row << note;
}

void WherePage::choose(const NodeId &id)
{
    m_state.request.upstream = id;
    m_state.request.on = QStringLiteral("local");
    for (const auto &[node, row] : m_rows)
        row->setChecked(node == id);
    if (id.isEmpty())
        setSentence(tr("No server of this cluster can be copied right now; each row says why."));
    else
        setSentence(
            tr("The new standby will copy %1 and follow it, on this machine.").arg(m_state.nodeName(id)));
    Q_EMIT changed();
}

bool WherePage::canGoNext() const
{
    return !busy() && m_state.facts && !m_state.request.upstream.isEmpty();
}

QString WherePage::blockedBy() const
{
    if (busy() || canGoNext())
        return {};
    return m_error.isEmpty() ? tr("Choose an upstream that is up.")
                             : tr("Look again once the cluster answers.");
}

ChangeNote WherePage::changeNote() const
{
    return noteBeforePlan(tr("Understudy has only looked."));
}

} // namespace understudy
