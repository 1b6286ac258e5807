// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/Tour.h"

#include "demo/DemoCluster.h"
#include "gui/MainWindow.h"
#include "gui/Style.h"
#include "gui/parts/Parts.h"
#include "gui/wizard/DonePage.h"
#include "gui/wizard/RunPage.h"
#include "model/Format.h"

#include <QDir>
#include <QLineEdit>
#include <QStackedWidget>

// What the tour does, in its order.
namespace understudy {

namespace {

constexpr int samplesForTheChart = 40;
/// The demo's copy would be over before anybody saw it: the tour takes a few seconds for it.
const QString copyRate = QStringLiteral("12M");

} // namespace

template <typename Widget>
Widget *Tour::pageAs(const char *name) const
{
    return m_wizard ? m_wizard->findChild<Widget *>(QString::fromLatin1(name)) : nullptr;
}

bool Tour::clusterHealthy(int standbys) const
{
    const LiveCluster *live = m_window ? m_window->cluster() : nullptr;
    if (!live)
        return false;
    for (const Cluster &cluster : live->topology().clusters) {
        int streaming = 0;
        for (const Link &link : cluster.links)
            streaming += link.state == LinkState::Streaming && link.lagBytes.has_value();
        if (cluster.primary() && cluster.primary()->state == NodeState::Up && streaming >= standbys)
            return true;
    }
    return false;
}

bool Tour::pageReady(AddStandbyWizard::Page page) const
{
    return m_wizard && m_wizard->currentPage() == page && !m_wizard->busy() && m_wizard->canGoNext();
}

QString Tour::problem() const
{
    if (!m_window || !m_cluster.isEmpty())
        return {};
    if (!m_wizard)
        return m_added.isEmpty() && m_at > 2 ? tr("The wizard was closed.") : QString();
    if (m_wizard->busy())
        return {};
    const auto *current = qobject_cast<WizardPage *>(
        m_wizard->findChild<QStackedWidget *>(QStringLiteral("pages"))->currentWidget());
    if (!current)
        return {};
    if (const QString blocked = current->blockedBy(); !blocked.isEmpty())
        return QStringLiteral("%1 %2").arg(current->sentence(), blocked);
    const RunbookInput &book = m_wizard->runbook();
    if (book.run && book.run->outcome != RunRecord::Outcome::Done)
        return tr("standby2 could not be added: %1").arg(book.run->error);
    if (book.verify && !book.verify->pass() && m_wizard->currentPage() == AddStandbyWizard::Verify)
        return tr("standby2 was added, but not everything agrees: %1").arg(current->sentence());
    return {};
}

void Tour::page(AddStandbyWizard::Page page, const QString &picture, const QString &words)
{
    stage(
        tr("the page \"%1\"").arg(words), [this, page] { return pageReady(page); }, [] {}, 60000);
    // One more turn of the loop: what the answer changed has been laid out by then.
    stage(
        words, [this, page] { return pageReady(page); },
        [this, picture, words] { shoot(m_wizard, picture, words); });
    stage(
        words, [this, page] { return pageReady(page); }, [this] { m_wizard->goNext(); });
}

void Tour::planStart()
{
    stage(
        tr("the demo cluster to be seen streaming"), [this] { return clusterHealthy(1); },
        [this] {
            say(tr("The cluster is seen: a primary, one standby streaming. Collecting some history."));
            // The chart of a minute is full when its picture is taken; that of five would be mostly empty.
            if (auto *span = m_window->findChild<Segment *>(QStringLiteral("lagSpan")))
                span->findChildren<QToolButton *>().constFirst()->click();
        },
        60000);
    stage(
        tr("some history of the lag"),
        [this] {
            const LagHistory &history = m_window->cluster()->history();
            return clusterHealthy(1) && !history.standbys().isEmpty() &&
                   history.samples(history.standbys().constFirst()).size() >= samplesForTheChart;
        },
        [this] { shoot(m_window.get(), QStringLiteral("main"), tr("the cluster now: graph, facts, lag")); },
        90000);
}

void Tour::planWizard()
{
    stage(
        tr("the main window"), [] { return true; },
        [this] {
            m_wizard = m_window->openAddStandby();
            if (!m_wizard)
                stop(tr("The wizard did not open."));
        });
    page(AddStandbyWizard::Where, QStringLiteral("where"), tr("where and from whom"));
    stage(
        tr("the suggested names"), [this] { return pageReady(AddStandbyWizard::Names); },
        [this] {
            auto *rate = pageAs<QLineEdit>("maxRateEdit");
            rate->setText(copyRate);
            Q_EMIT rate->textEdited(copyRate);
        });
    page(AddStandbyWizard::Names, QStringLiteral("names"), tr("names, all suggested"));
    page(AddStandbyWizard::Preflight, QStringLiteral("preflight"),
         tr("pre-flight, every check with its evidence"));
    page(AddStandbyWizard::Review, QStringLiteral("review"), tr("review, exactly what will run"));
}

void Tour::planRun()
{
    const auto runPage = [this] { return pageAs<RunPage>("runPage"); };
    stage(
        tr("the copy to begin"), [runPage] { return runPage() && runPage()->copyFraction() > 0.3; },
        [this] { shoot(m_wizard, QStringLiteral("run"), tr("run, in the middle of the copy")); }, 60000);
    stage(
        tr("standby2 to be added"), [this] { return pageReady(AddStandbyWizard::Run); },
        [this] {
            m_added = m_wizard->runbook()
                          .run->plan.endpoints.value(m_wizard->runbook().run->plan.subject)
                          .address();
            say(tr("%1").arg(pageAs<RunPage>("runPage")->sentence()));
        },
        120000);
    page(AddStandbyWizard::Run, QStringLiteral("run-done"), tr("run, done"));
}

void Tour::planProof()
{
    page(AddStandbyWizard::Verify, QStringLiteral("verify"), tr("verify, expected against actual"));
    page(AddStandbyWizard::ReadLoad, QStringLiteral("read-load"),
         tr("read load on each standby and on both"));
    stage(
        tr("the last page"), [this] { return pageReady(AddStandbyWizard::Done); },
        [this] { pageAs<DonePage>("donePage")->saveRunbook(m_folder); });
    stage(
        tr("the runbook"),
        [this] {
            const auto *done = pageAs<DonePage>("donePage");
            return done && !done->busy() && (done->files() || !done->error().isEmpty());
        },
        [this] {
            const auto *done = pageAs<DonePage>("donePage");
            if (!done->files())
                stop(done->error());
            else
                say(tr("add-standby2.md, add-standby2.html and %1: the runbook")
                        .arg(format::plural(done->files()->pictures.size(), QStringLiteral("picture"))));
        },
        60000);
    stage(
        tr("the last page"), [this] { return pageReady(AddStandbyWizard::Done); },
        [this] {
            shoot(m_wizard, QStringLiteral("done"), tr("done, with the runbook and strings for readers"));
        });
}

void Tour::planEnd()
{
    stage(
        tr("both standbys to be seen streaming"),
        [this] { return clusterHealthy(2) && m_window->cluster()->history().samples(m_added).size() >= 8; },
        [this] {
            m_window->selectNode(m_added);
            say(tr("Both standbys are seen streaming."));
        },
        60000);
    stage(
        tr("the window"), [] { return true; },
        [this] { shoot(m_window.get(), QStringLiteral("main-after"), tr("the cluster after")); });
    stage(
        tr("the window"), [] { return true; }, [] { Style::instance().apply(Style::Choice::Dark); });
    stage(
        tr("the dark theme"), [] { return true; },
        [this] {
            shoot(m_window.get(), QStringLiteral("main-after-dark"), tr("the same in the dark theme"));
            shoot(m_wizard, QStringLiteral("done-dark"), tr("the wizard in the dark theme"));
        });
    stage(
        tr("standby2 to stream with equal counts"),
        [this] {
            const RunbookInput &book = m_wizard->runbook();
            return clusterHealthy(2) && book.run && book.run->outcome == RunRecord::Outcome::Done &&
                   book.verify && book.verify->pass() && !book.verify->counts.isEmpty();
        },
        [this] { end(0); });
}

} // namespace understudy
