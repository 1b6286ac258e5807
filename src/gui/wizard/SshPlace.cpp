// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/SshPlace.h"

#include "gui/Background.h"
#include "gui/parts/Parts.h"
#include "gui/wizard/FieldError.h"
#include "gui/wizard/SshHostNames.h"
#include "operations/PlanHosts.h"
#include "ui_SshPlace.h"

#include <QAbstractItemView>
#include <QCompleter>

namespace understudy {

SshPlace::SshPlace(QWidget *parent) : QWidget(parent), m_ui(std::make_unique<Ui::SshPlace>())
{
    m_ui->setupUi(this);
    setObjectName(QStringLiteral("sshPlace"));
    setFocusProxy(m_ui->destination);
    auto *state = new GlyphLabel;
    state->setObjectName(QStringLiteral("sshState"));
    auto *error = new FieldError;
    error->setObjectName(QStringLiteral("sshError"));
    auto *facts = new FactsGrid(nullptr, 144);
    facts->setObjectName(QStringLiteral("sshFacts"));
    m_ui->words->addWidget(state);
    m_ui->words->addWidget(error);
    m_ui->words->addWidget(facts);
    connect(m_ui->destination, &QLineEdit::textEdited, this, [this] {
        // What is said below is about another machine now.
        m_worker.cancel();
        showError({});
        m_looked.clear();
        refresh();
        Q_EMIT edited();
    });
    connect(m_ui->destination, &QLineEdit::returnPressed, this, &SshPlace::look);
    connect(m_ui->look, &QPushButton::clicked, this, &SshPlace::look);
    connect(m_ui->stop, &QPushButton::clicked, this, &SshPlace::cancel);
    connect(&m_worker, &WizardWorker::busyChanged, this, [this] {
        refresh();
        Q_EMIT busyChanged();
    });
    inBackground(
        this, [] { return ssh_host_names::known(); },
        [this](const QStringList &names) { suggestNames(names); });
    refresh();
}

SshPlace::~SshPlace() = default;

void SshPlace::suggestNames(const QStringList &names)
{
    auto *completer = new QCompleter(names, m_ui->destination);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    completer->setFilterMode(Qt::MatchContains);
    completer->popup()->setAccessibleName(tr("Machines"));
    m_ui->destination->setCompleter(completer);
    connect(completer, qOverload<const QString &>(&QCompleter::activated), this, [this] {
        m_looked.clear();
        refresh();
        Q_EMIT edited();
    });
}

QString SshPlace::destination() const
{
    return m_ui->destination->text().trimmed();
}

void SshPlace::comeAfter(QWidget *widget)
{
    setTabOrder(widget, m_ui->destination);
    setTabOrder(m_ui->destination, m_ui->look);
    setTabOrder(m_ui->look, m_ui->stop);
}

QWidget *SshPlace::lastStop() const
{
    return m_ui->stop;
}

void SshPlace::setFacts(const AddStandbyFacts &facts)
{
    m_facts = facts;
    if (facts.target.place != sshPrefix + m_looked)
        m_looked.clear();
    refresh();
}

void SshPlace::look()
{
    if (!m_facts || destination().isEmpty() || m_worker.busy())
        return;
    showError({});
    m_looked.clear();
    m_worker.start([this, facts = *m_facts, where = destination()](std::stop_token stop,
                                                                   const WizardWorker::Post &post) {
        const Result<AddStandbyFacts> there = gatherPlace(facts, sshPrefix + where, stop);
        if (there)
            ssh_host_names::remember(where);
        post([this, there] {
            if (there) {
                showFound(*there);
                Q_EMIT found(*there);
            } else {
                showError(there.error().text());
            }
        });
    });
    refresh();
}

void SshPlace::cancel()
{
    m_worker.cancel();
    refresh();
}

void SshPlace::showFound(const AddStandbyFacts &facts)
{
    m_facts = facts;
    const QString where = facts.target.place.mid(sshPrefix.size());
    if (destination() != where)
        m_ui->destination->setText(where);
    m_looked = where;
    QString programs = facts.binDirectory;
    const Node *upstream = facts.upstreamOf({});
    if (programs.isEmpty())
        programs = upstream ? tr("none of PostgreSQL %1").arg(upstream->versionNum / 10000) : tr("none");
    findChild<FactsGrid *>(QStringLiteral("sshFacts"))
        ->setFacts({{tr("Calls itself"), facts.target.name},
                    {tr("You are"), facts.currentUser},
                    {tr("Server runs as"), facts.serverUser()},
                    {tr("Programs"), programs, true}});
    showError({});
    refresh();
}

void SshPlace::showError(const QString &words)
{
    findChild<FieldError *>(QStringLiteral("sshError"))->setMessage(words);
}

void SshPlace::refresh()
{
    const bool busy = m_worker.busy();
    const bool shown = !m_looked.isEmpty() && m_looked == destination() && !busy;
    m_ui->look->setEnabled(m_facts && !busy && !destination().isEmpty());
    m_ui->look->setVisible(!busy);
    m_ui->stop->setVisible(busy);
    auto *state = findChild<GlyphLabel *>(QStringLiteral("sshState"));
    state->setVisible(busy || shown);
    if (busy)
        state->setGlyph(Glyph::CheckRunning, tr("Connecting to %1").arg(destination()));
    else if (shown && m_facts->binDirectory.isEmpty())
        state->setGlyph(Glyph::CheckFail, tr("Connected; PostgreSQL's programs are missing there"));
    else if (shown)
        state->setGlyph(Glyph::CheckPass, tr("Connected"));
    findChild<FactsGrid *>(QStringLiteral("sshFacts"))->setVisible(shown);
}

} // namespace understudy
