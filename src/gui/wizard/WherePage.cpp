// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/WherePage.h"

#include "gui/wizard/PlaceFacts.h"
#include "gui/wizard/SshPlace.h"
#include "model/Format.h"
#include "operations/PlanHosts.h"
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
      m_ssh(new SshPlace(this)),
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
    const auto busyChanged = [this] {
        m_again->setEnabled(!busy());
        Q_EMIT changed();
    };
    connect(&m_worker, &WizardWorker::busyChanged, this, busyChanged);
    connect(m_ssh, &SshPlace::busyChanged, this, busyChanged);
    connect(m_ssh, &SshPlace::edited, this, [this] { chooseMethod(m_method); });
    connect(m_ssh, &SshPlace::found, this, &WherePage::takeFacts);
    m_ssh->hide();
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

bool WherePage::busy() const
{
    return m_worker.busy() || m_ssh->busy();
}

bool WherePage::isThere() const
{
    return m_state.facts && !m_ssh->destination().isEmpty() &&
           m_state.facts->target.place == sshPrefix + m_ssh->destination();
}

void WherePage::takeFacts(const AddStandbyFacts &facts)
{
    m_state.facts = facts;
    m_state.facts->haveReplicationSecret |= !m_state.typedPassword.isEmpty();
    showFacts();
}

void WherePage::lookHere()
{
    setSentence(tr("Looking at this machine."));
    m_worker.start([facts = *m_state.facts, this](std::stop_token stop, const WizardWorker::Post &post) {
        const Result<AddStandbyFacts> here = gatherPlace(facts, QStringLiteral("local"), stop);
        post([this, here] {
            if (here)
                takeFacts(*here);
            else
                showProblem(here.error());
        });
    });
}

void WherePage::showProblem(const Error &error)
{
    m_error = error.text();
    setSentence(tr("The cluster could not be read, so there is nothing to choose from yet."));
    m_message->setText(m_error);
    m_message->setTone(TextLabel::Tone::Crit);
    m_message->show();
    Q_EMIT changed();
}

void WherePage::gather()
{
    m_error.clear();
    m_message->hide();
    setSentence(tr("Looking at the cluster and at this machine."));
    m_worker.start([spec = m_state.spec, secrets = m_state.secrets, on = m_state.request.on,
                    this](std::stop_token stop, const WizardWorker::Post &post) {
        const Result<AddStandbyFacts> facts = gatherFacts(spec, secrets, stop);
        Result<AddStandbyFacts> there = facts;
        if (facts && on.startsWith(sshPrefix))
            there = gatherPlace(*facts, on, stop);
        post([this, facts, there] {
            if (!facts) {
                showProblem(facts.error());
                return;
            }
            takeFacts(there.value_or(*facts));
            if (!there)
                m_ssh->showError(there.error().text());
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
    showMethods();
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

ChoiceRow::Content WherePage::composeContent() const
{
    const AddStandbyFacts &facts = *m_state.facts;
    ChoiceRow::Content content;
    content.title = tr("Compose project");
    if (facts.composeProblem) {
        content.reason = facts.composeProblem->what;
        content.stateGlyph = Glyph::CheckFail;
        content.state = tr("Not possible");
    } else if (facts.compose) {
        content.detail = tr("%1, modelled on service %2").arg(facts.compose->file, facts.compose->model);
        content.stateGlyph = Glyph::CheckPass;
        content.state = tr("Ready");
    } else {
        content.reason = tr("Open the project's docker-compose.yml instead to add a service to it.");
    }
    return content;
}

ChoiceRow::Content WherePage::sshContent() const
{
    ChoiceRow::Content content;
    content.title = tr("Another machine, over SSH");
    content.detail = isThere() ? m_state.facts->target.name
                               : tr("with the system's ssh, its configuration, keys and agent");
    content.stateGlyph = !isThere()                              ? Glyph::CheckWaiting
                         : m_state.facts->binDirectory.isEmpty() ? Glyph::CheckFail
                                                                 : Glyph::CheckPass;
    content.state = !isThere()                              ? tr("Not connected")
                    : m_state.facts->binDirectory.isEmpty() ? tr("Programs missing")
                                                            : tr("Ready");
    return content;
}

ChoiceRow::Content WherePage::localContent() const
{
    const AddStandbyFacts &facts = *m_state.facts;
    ChoiceRow::Content content;
    content.title = tr("This machine");
    if (!facts.target.isLocal()) {
        content.detail = QSysInfo::machineHostName();
        content.stateGlyph = Glyph::CheckWaiting;
        content.state = tr("Not looked at");
        return m_here.value_or(content);
    }
    QStringList detail{QSysInfo::machineHostName()};
    if (!facts.runAs.isEmpty() || !facts.currentUser.isEmpty())
        detail << tr("runs as %1").arg(facts.runAs.isEmpty() ? facts.currentUser : facts.runAs);
    detail << (facts.binDirectory.isEmpty() ? tr("no matching PostgreSQL programs found")
                                            : tr("programs in %1").arg(facts.binDirectory));
    content.detail = detail.join(QStringLiteral(", "));
    content.stateGlyph = facts.binDirectory.isEmpty() ? Glyph::CheckFail : Glyph::CheckPass;
    content.state = facts.binDirectory.isEmpty() ? tr("Programs missing") : tr("Ready");
    return content;
}

void WherePage::showMethod(const QString &on, ChoiceRow::Content content, const QString &note)
{
    auto *row = new ChoiceRow(content);
    row->setObjectName(QStringLiteral("method") + on.left(1).toUpper() + on.mid(1));
    connect(row, &ChoiceRow::clicked, this, [this, on] {
        m_methodChosen = true;
        chooseMethod(on);
        if (on == QLatin1String("ssh") && !isThere())
            m_ssh->setFocus();
    });
    auto *words = new TextLabel(TextRole::Small, note, nullptr, TextLabel::Tone::Text3);
    words->setWordWrap(true);
    m_ui->methodArea->addWidget(row);
    m_ui->methodArea->addWidget(words);
    m_methods.append(std::pair(on, row));
    m_methodNotes << words;
}

void WherePage::showMethods()
{
    QString focused;
    for (const auto &[method, row] : std::as_const(m_methods)) {
        if (row->hasFocus())
            focused = method;
        delete row;
    }
    qDeleteAll(m_methodNotes);
    m_methods.clear();
    m_methodNotes.clear();
    const AddStandbyFacts &facts = *m_state.facts;
    const bool isProject = !facts.spec.composeFile.isEmpty();
    const auto compose = [&] {
        showMethod(
            QStringLiteral("compose"), composeContent(),
            tr("The file gets one more service with a volume and a port of its own; every line that is "
               "there stays as it is. The other services are not stopped or restarted."));
    };
    if (isProject)
        compose();
    const ChoiceRow::Content here = localContent();
    if (facts.target.isLocal())
        m_here = here;
    showMethod(QStringLiteral("local"), here,
               tr("The new server gets a data directory and a port of its own here, and is kept as the "
                  "upstream is. Other servers are not stopped or restarted."));
    m_ssh->setFacts(facts);
    if (!facts.target.isLocal())
        m_ssh->showFound(facts);
    showMethod(
        QStringLiteral("ssh"), sshContent(),
        tr("The same on that machine: everything that belongs to the new server is done there. It must "
           "reach the upstream by itself."));
    m_ui->methodArea->removeWidget(m_ssh);
    m_ui->methodArea->addWidget(m_ssh);
    m_ssh->comeAfter(m_methods.constLast().second);
    if (!isProject)
        compose();
    for (const auto &[method, row] : std::as_const(m_methods)) {
        if (method == focused)
            row->setFocus();
    }
    const bool problem = isProject && facts.composeProblem.has_value();
    m_message->setVisible(problem);
    if (problem) {
        m_message->setText(facts.composeProblem->text());
        m_message->setTone(TextLabel::Tone::Crit);
    }
    if (m_methodChosen && m_method == QLatin1String("compose") && problem)
        m_methodChosen = false;
    if (!facts.target.isLocal()) {
        m_methodChosen = true;
        m_method = QStringLiteral("ssh");
    }
    // Nobody who opened a project should get a server outside of it without having said so.
    chooseMethod(m_methodChosen ? m_method
                 : !isProject   ? QStringLiteral("local")
                 : problem      ? QString()
                                : QStringLiteral("compose"));
}

void WherePage::chooseMethod(const QString &method)
{
    const bool ssh = method == QLatin1String("ssh");
    const QString before = m_state.request.on;
    m_method = method;
    m_state.request.on = !ssh ? method : isThere() ? m_state.facts->target.place : QString();
    // What belongs to the other place must not be in the plan of this one.
    const auto forget = [this](const char *field, QString &value) {
        value.clear();
        m_state.edited.remove(QString::fromLatin1(field));
    };
    if (m_state.inCompose()) {
        forget("dataDirectory", m_state.request.dataDirectory);
        m_state.request.useEmptyDirectory = false;
    } else {
        forget("service", m_state.request.service);
        forget("volume", m_state.request.volume);
    }
    if (before != m_state.request.on && !m_state.inCompose()) {
        // A directory of one machine means nothing on another.
        forget("dataDirectory", m_state.request.dataDirectory);
        forget("keeper", m_state.request.keeper);
        m_state.request.useEmptyDirectory = false;
    }
    for (const auto &[each, row] : std::as_const(m_methods)) {
        if (each == QLatin1String("ssh"))
            row->setContent(sshContent());
        row->setChecked(each == method);
    }
    if (m_ssh->isVisibleTo(this) != ssh) {
        m_ssh->setVisible(ssh);
        if (!ssh)
            m_ssh->cancel();
    }
    say();
    if (!ssh && !method.isEmpty() && !m_state.facts->target.isLocal())
        lookHere();
}

void WherePage::choose(const NodeId &id)
{
    m_state.request.upstream = id;
    for (const auto &[node, row] : m_rows)
        row->setChecked(node == id);
    say();
}

void WherePage::say()
{
    const NodeId &id = m_state.request.upstream;
    if (id.isEmpty())
        setSentence(tr("No server of this cluster can be copied right now; each row says why."));
    else if (m_state.request.on.isEmpty() && m_method == QLatin1String("ssh"))
        setSentence(tr("Name the machine and connect to it; looking changes nothing there."));
    else if (m_state.request.on.isEmpty())
        setSentence(
            tr("No service can be added to %1; the reason stands below.").arg(composeFileName(m_state)));
    else if (m_state.inCompose())
        setSentence(tr("The new standby will copy %1 and follow it, as a service of %2.")
                        .arg(m_state.nodeName(id), composeFileName(m_state)));
    else if (m_state.request.on.startsWith(sshPrefix))
        setSentence(tr("The new standby will copy %1 and follow it, on %2.")
                        .arg(m_state.nodeName(id), m_ssh->destination()));
    else
        setSentence(
            tr("The new standby will copy %1 and follow it, on this machine.").arg(m_state.nodeName(id)));
    Q_EMIT changed();
}

bool WherePage::canGoNext() const
{
    return !busy() && m_state.facts && !m_state.request.upstream.isEmpty() && !m_state.request.on.isEmpty();
}

QString WherePage::blockedBy() const
{
    if (busy() || canGoNext())
        return {};
    if (!m_error.isEmpty())
        return tr("Look again once the cluster answers.");
    if (m_state.request.upstream.isEmpty())
        return tr("Choose an upstream that is up.");
    return m_method == QLatin1String("ssh") ? tr("Connect to the machine first.")
                                            : tr("Choose where the new standby runs.");
}

ChangeNote WherePage::changeNote() const
{
    return noteBeforePlan(tr("Understudy has only looked."));
}

} // namespace understudy
