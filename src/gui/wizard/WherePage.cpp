// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/WherePage.h"

#include "gui/wizard/KeeperChoice.h"
#include "gui/wizard/PlaceFacts.h"
#include "gui/wizard/ScriptPlace.h"
#include "gui/wizard/SshPlace.h"
#include "gui/wizard/UpstreamRows.h"
#include "operations/PlanHosts.h"
#include "operations/UnseenMachine.h"
#include "operations/UpstreamAddress.h"

#include <QVBoxLayout>

namespace understudy {

namespace {

const QString compose = QStringLiteral("compose"), local = QStringLiteral("local"),
              ssh = QStringLiteral("ssh"), script = QStringLiteral("script");

} // namespace

WherePage::WherePage(WizardState &state, QWidget *parent)
    : WizardPage(state, tr("Where and from whom"), parent), m_upstreams(new UpstreamRows),
      m_places(new PlaceRows), m_ssh(new SshPlace(this)), m_script(new ScriptPlace(this)),
      m_keeper(new KeeperChoice(this)),
      m_message(new TextLabel(TextRole::Body, {}, nullptr, TextLabel::Tone::Text2)),
      m_again(makeButton(tr("Look again"), {}, QStringLiteral("view-refresh")))
{
    setObjectName(QStringLiteral("wherePage"));
    build();
    m_again->setObjectName(QStringLiteral("lookAgainButton"));
    addTool(m_again);
    connect(m_again, &QPushButton::clicked, this, &WherePage::gather);
    const auto busyChanged = [this] {
        m_again->setEnabled(!busy());
        Q_EMIT changed();
    };
    connect(&m_worker, &WizardWorker::busyChanged, this, busyChanged);
    connect(m_ssh, &SshPlace::busyChanged, this, busyChanged);
    connect(m_ssh, &SshPlace::edited, this, [this] { choosePlace(m_place); });
    connect(m_ssh, &SshPlace::found, this, &WherePage::takeFacts);
    connect(m_script, &ScriptPlace::edited, this, [this] { choosePlace(m_place); });
    connect(m_upstreams, &UpstreamRows::chosen, this, &WherePage::choose);
    connect(m_places, &PlaceRows::chosen, this, [this](const QString &place) {
        m_placeChosen = true;
        choosePlace(place);
        if (place == ssh && !isThere())
            m_ssh->setFocus();
        else if (place == script)
            m_script->setFocus();
    });
    connect(m_keeper, &KeeperChoice::chosen, this, [this](const QString &keeper) {
        m_state.request.keeper = keeper;
        m_state.edited.insert(QStringLiteral("keeper"));
        Q_EMIT changed();
    });
    setSentence(tr("Looking at the cluster and at this machine."));
}

void WherePage::build()
{
    m_message->setWordWrap(true);
    m_message->setObjectName(QStringLiteral("whereMessage"));
    m_message->hide();
    m_ssh->hide();
    m_script->hide();
    QVBoxLayout *column = scrolling();
    column->addWidget(m_upstreams);
    column->addWidget(m_places);
    column->addWidget(m_message);
    column->addStretch(1);
}

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
        const Result<AddStandbyFacts> here = gatherPlace(facts, local, stop);
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
    m_upstreams->setState(m_state);
    showPlaces();
    choose(m_upstreams->possible(m_state.request.upstream));
}

void WherePage::showPlaces()
{
    const AddStandbyFacts &facts = *m_state.facts;
    const bool isProject = !facts.spec.composeFile.isEmpty();
    m_ssh->setFacts(facts);
    const bool unseen = isScriptPlace(facts.target.place);
    if (facts.target.isLocal())
        m_here = localPlace(facts);
    else if (!unseen)
        m_ssh->showFound(facts);
    QList<PlaceRow> rows{m_here.value_or(localPlace(facts)), sshPlace(facts, isThere())};
    // What was opened leads.
    rows.insert(isProject ? 0 : rows.size(), composePlace(facts));
    rows << scriptPlace();
    m_places->setRows(rows);
    m_places->putBelow(ssh, m_ssh);
    m_places->putBelow(script, m_script);
    m_ssh->comeAfter(m_places->row(ssh));
    m_script->comeAfter(m_places->row(script));
    if (!facts.target.isLocal()) {
        m_placeChosen = true;
        m_place = unseen ? script : ssh;
    }
    showCompose();
}

void WherePage::showCompose()
{
    const AddStandbyFacts &facts = *m_state.facts;
    const bool isProject = !facts.spec.composeFile.isEmpty();
    const bool problem = isProject && facts.composeProblem.has_value();
    m_message->setVisible(problem);
    if (problem) {
        m_message->setText(facts.composeProblem->text());
        m_message->setTone(TextLabel::Tone::Crit);
    }
    if (m_placeChosen && m_place == compose && problem)
        m_placeChosen = false;
    // Nobody who opened a project should get a server outside of it without having said so.
    choosePlace(m_placeChosen ? m_place : !isProject ? local : problem ? QString() : compose);
}

void WherePage::choosePlace(const QString &place)
{
    const QString before = m_state.request.on;
    m_place = place;
    if (place == script)
        takeScript();
    else
        m_state.request.upstreamAddress.clear();
    m_state.request.on = place == script ? m_script->place()
                         : place != ssh  ? place
                         : isThere()     ? m_state.facts->target.place
                                         : QString();
    forgetOtherPlaces(before);
    m_places->setContent(ssh, sshPlace(*m_state.facts, isThere()).content);
    m_places->choose(place);
    if (m_ssh->isVisibleTo(this) != (place == ssh)) {
        m_ssh->setVisible(place == ssh);
        if (place != ssh)
            m_ssh->cancel();
    }
    m_script->setVisible(place == script);
    settleKeeper();
    say();
    if (place != ssh && place != script && !place.isEmpty() && !m_state.facts->target.isLocal())
        lookHere();
}

void WherePage::takeScript()
{
    m_state.facts = unseenPlace(*std::move(m_state.facts), m_script->place());
    m_state.request.upstreamAddress = m_script->address();
    // One script, one server.
    m_state.others.clear();
    m_state.othersEdited.clear();
}

QString WherePage::scriptProblem() const
{
    if (!m_state.facts || m_place != script)
        return {};
    const QList<Error> errors = upstreamAddressErrors(m_state.request, *m_state.facts);
    return errors.isEmpty() ? QString() : errors.constFirst().text();
}

void WherePage::forgetOtherPlaces(const QString &before)
{
    // What belongs to the other place must not be in the plan of this one.
    const auto forget = [this](const QString &field) {
        for (int i = 0; i < m_state.count(); ++i) {
            textField(m_state.own(i), field).clear();
            m_state.ownEdited(i).remove(field);
        }
    };
    if (!m_state.inCompose()) {
        forget(QStringLiteral("service"));
        forget(QStringLiteral("volume"));
    }
    if (before == m_state.request.on)
        return;
    // A directory of one place means nothing in another, and neither does who keeps a server there.
    forget(QStringLiteral("dataDirectory"));
    for (int i = 0; i < m_state.count(); ++i)
        m_state.own(i).useEmptyDirectory = false;
    m_state.request.keeper.clear();
    m_state.edited.remove(QStringLiteral("keeper"));
}

void WherePage::settleKeeper()
{
    const bool asked = m_state.facts->target.place == m_state.request.on && !m_state.inCompose() &&
                       !m_state.facts->target.keepers.isEmpty();
    AddStandbyRequest &request = m_state.request;
    if (!asked || !m_state.facts->target.canKeep(request.keeper))
        m_state.edited.remove(QStringLiteral("keeper"));
    if (!asked)
        request.keeper.clear();
    else if (!m_state.edited.contains(QStringLiteral("keeper")))
        request.keeper = keeperFor(request, *m_state.facts);
    if (!asked)
        return m_keeper->hide();
    m_keeper->setPlace(request, *m_state.facts);
    m_places->putBelow(m_place, m_keeper);
    m_keeper->show();
    m_keeper->comeAfter(m_place == ssh      ? m_ssh->lastStop()
                        : m_place == script ? m_script->lastStop()
                                            : m_places->row(m_place));
}

void WherePage::choose(const NodeId &id)
{
    m_state.request.upstream = id;
    m_upstreams->choose(id);
    // What keeps the upstream is what is suggested on its machine.
    settleKeeper();
    say();
}

void WherePage::say()
{
    const NodeId &id = m_state.request.upstream;
    const QString &on = m_state.request.on;
    m_script->setUpstream(id.isEmpty() ? QString() : m_state.nodeName(id));
    m_script->setProblem(scriptProblem());
    if (id.isEmpty())
        setSentence(tr("No server of this cluster can be copied right now; each row says why."));
    else if (on.isEmpty() && m_place == ssh)
        setSentence(tr("Name the machine and connect to it; looking changes nothing there."));
    else if (m_place == script)
        setSentence(tr("A script will be made for %1: run there, the new standby copies %2 and follows it.")
                        .arg(scriptMachine(on), m_state.nodeName(id)));
    else if (on.isEmpty())
        setSentence(
            tr("No service can be added to %1; the reason stands below.").arg(composeFileName(m_state)));
    else if (m_state.inCompose())
        setSentence(tr("The new standby will copy %1 and follow it, as a service of %2.")
                        .arg(m_state.nodeName(id), composeFileName(m_state)));
    else if (on.startsWith(sshPrefix))
        setSentence(tr("The new standby will copy %1 and follow it, on %2.")
                        .arg(m_state.nodeName(id), m_ssh->destination()));
    else
        setSentence(
            tr("The new standby will copy %1 and follow it, on this machine.").arg(m_state.nodeName(id)));
    Q_EMIT changed();
}

bool WherePage::canGoNext() const
{
    return !busy() && m_state.facts && !m_state.request.upstream.isEmpty() && !m_state.request.on.isEmpty() &&
           scriptProblem().isEmpty();
}

QString WherePage::blockedBy() const
{
    if (busy() || canGoNext())
        return {};
    if (!m_error.isEmpty())
        return tr("Look again once the cluster answers.");
    if (m_state.request.upstream.isEmpty())
        return tr("Choose an upstream that is up.");
    if (const QString problem = scriptProblem(); !problem.isEmpty())
        return problem;
    return m_place == ssh ? tr("Connect to the machine first.") : tr("Choose where the new standby runs.");
}

ChangeNote WherePage::changeNote() const
{
    return noteBeforePlan(tr("Understudy has only looked."));
}

} // namespace understudy
