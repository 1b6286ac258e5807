// SPDX-License-Identifier: GPL-3.0-or-later
#include "clusters/ClusterSecrets.h"
#include "gui/MainWindow.h"
#include "gui/Style.h"
#include "gui/Tour.h"
#include "gui/graph/GraphView.h"
#include "gui/graph/RewindBar.h"
#include "gui/panels/ReattachReview.h"
#include "gui/parts/Parts.h"
#include "gui/pictures/AnnotationCanvas.h"
#include "gui/pictures/PictureDialog.h"
#include "gui/pictures/PicturePreview.h"
#include "history/Recording.h"
#include "model/ReattachAdvice.h"

#include <QAction>
#include <QCheckBox>
#include <QCoreApplication>
#include <QMouseEvent>
#include <QToolButton>
#include <algorithm>

// What the tour shows of a cluster that is given: its past if it is a recording, else how a standby is
// re-attached.
namespace understudy {

namespace {

constexpr qsizetype looksBefore = 45; ///< Of a live cluster: the chart shows its last minute
constexpr qint64 afterTheEventUs = 12000000;

/// What the cards would say while a standby is dragged.
struct Verdicts
{
    QSet<DropVerdict> said;
    NodeId safe; ///< That one of the safe standbys which feeds most
    bool all() const { return said.size() == 3 && !safe.isEmpty(); }
};

qsizetype fedBy(const Cluster &cluster, const NodeId &node)
{
    return std::count_if(cluster.links.begin(), cluster.links.end(),
                         [&node](const Link &link) { return link.upstream == node; });
}

Verdicts verdictsFor(const ReattachScene &scene, const NodeId &standby)
{
    Verdicts verdicts;
    qsizetype most = -1;
    for (const Cluster &cluster : scene.topology.clusters) {
        for (const Node &target : cluster.nodes) {
            if (target.id == standby)
                continue;
            const DropVerdict verdict = reattachAdvice(scene, standby, target.id).verdict;
            verdicts.said << verdict;
            if (verdict != DropVerdict::Safe || target.role != Role::Standby ||
                fedBy(cluster, target.id) <= most)
                continue;
            most = fedBy(cluster, target.id);
            verdicts.safe = target.id;
        }
    }
    return verdicts;
}

/// The last standby whose drag shows all three verdicts, and where to.
std::pair<NodeId, NodeId> dragWorthSeeing(const LiveCluster &live)
{
    std::pair<NodeId, NodeId> found;
    const ReattachScene scene = ReattachScene::of(live.topology(), live.snapshots(), live.bindings());
    for (const Cluster &cluster : scene.topology.clusters) {
        for (const Node &node : cluster.nodes) {
            if (node.role != Role::Standby || node.state != NodeState::Up)
                continue;
            const Verdicts verdicts = verdictsFor(scene, node.id);
            if (verdicts.all())
                found = {node.id, verdicts.safe};
        }
    }
    return found;
}

/// What a person would point at: what is down, and why the one behind it is not the one to promote.
QList<Annotation> marksFor(const Topology &topology, const GraphLayout &layout)
{
    QList<Annotation> marks;
    for (const Cluster &cluster : topology.clusters) {
        for (const Node &node : cluster.nodes) {
            const QRectF card = layout.cards.value(node.id);
            if (node.state != NodeState::Down || card.isEmpty())
                continue;
            const QRectF box = card.adjusted(-8, -8, 8, 8);
            marks << Annotation{Annotation::Kind::Box, box.topLeft(), box.bottomRight(), {}, 0, 0}
                  << Annotation{Annotation::Kind::Callout,
                                box.bottomRight(),
                                {},
                                Tour::tr("Start %1 first").arg(node.name),
                                0,
                                0};
        }
    }
    annotation::renumber(marks);
    return marks;
}

void sendMouse(GraphView *graph, QEvent::Type type, const QPointF &at, Qt::MouseButtons held)
{
    QMouseEvent event(type, at, graph->mapToGlobal(at),
                      type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton, held, {});
    QCoreApplication::sendEvent(graph, &event);
}

} // namespace

void Tour::beginCluster()
{
    m_window = std::make_unique<MainWindow>();
    m_window->resize(1440, 900);
    m_window->show();
    m_window->openCluster(m_cluster);
    stage(
        tr("the cluster to be seen"),
        [this] {
            if (const QString said = m_window->bannerSentence(); !m_window->cluster() && !said.isEmpty()) {
                stop(said); // The window is gone.
                return false;
            }
            return m_window->cluster() && (m_window->cluster()->isRecording() ||
                                           m_window->cluster()->past().moments().size() >= looksBefore);
        },
        [] {}, 120000);
    if (isRecordingName(m_cluster))
        planRecording();
    else
        planReattach();
    m_stageClock.start();
    m_poll.start();
}

void Tour::planRecording()
{
    const auto always = [] { return true; };
    const auto inBoth = [this, always](const QString &name, const QString &words) {
        for (const auto &[theme, ending] : {std::pair{Style::Choice::Light, QString()},
                                            std::pair{Style::Choice::Dark, QStringLiteral("-dark")}}) {
            stage(words, always, [theme = theme] { Style::instance().apply(theme); });
            stage(words, always, [this, name = name + ending, words] { shoot(m_window.get(), name, words); });
        }
    };
    inBoth(QStringLiteral("recording"), tr("a recording, opened at its end"));
    stage(tr("a moment of its past"), always, [this] {
        const QList<HistoryEvent> &events = m_window->cluster()->history().events();
        qint64 atUs = m_window->cluster()->past().oldestUs();
        for (const HistoryEvent &event : events) {
            if (event.severity != Severity::Critical)
                continue;
            atUs = event.atUs + afterTheEventUs;
            m_window->selectNode(event.node);
        }
        Q_EMIT m_window->findChild<RewindBar *>()->chosen(atUs);
    });
    inBoth(QStringLiteral("rewind"), tr("the same, shortly after the last thing that broke"));
    planPicture();
    stage(tr("the end"), always, [this] { end(0); });
}

void Tour::planPicture()
{
    const auto dialog = [this] { return m_window->findChild<PictureDialog *>(); };
    const auto shown = [dialog] {
        return dialog() && dialog()->isVisible() &&
               dialog()->findChild<AnnotationCanvas *>()->isPictureShown();
    };
    stage(
        tr("the window of a picture"), [] { return true; },
        [this] {
            Style::instance().apply(Style::Choice::Light);
            m_window->findChild<QAction *>(QStringLiteral("actionSaveGraph"))->trigger();
        });
    stage(tr("the picture"), shown, [dialog] {
        dialog()->resize(1240, 760);
        dialog()->findChild<QCheckBox *>(QStringLiteral("findings"))->setChecked(true);
    });
    stage(tr("the picture with its findings"), shown, [this, dialog] {
        const auto *preview = dialog()->findChild<PicturePreview *>();
        preview->canvas()->setMarks(marksFor(preview->picture().topology(), preview->picture().layout()));
    });
    stage(tr("the picture with its marks"), shown, [this, dialog] {
        shoot(dialog(), QStringLiteral("picture"), tr("the picture, with what a person put on it"));
        dialog()->close();
    });
}

void Tour::planReattach()
{
    const auto graph = [this] { return m_window->findChild<GraphView *>(); };
    const auto review = [this] { return m_window->findChild<ReattachReview *>(); };
    if (auto *span = m_window->findChild<Segment *>(QStringLiteral("lagSpan")))
        span->findChildren<QToolButton *>().constFirst()->click();
    stage(
        tr("a standby that one node can feed, one at a price, and one cannot"),
        [this, graph] {
            return !m_window->cluster()->bindings().isEmpty() && !graph()->isGliding() &&
                   !dragWorthSeeing(*m_window->cluster()).first.isEmpty();
        },
        [this, graph] {
            const auto [standby, target] = dragWorthSeeing(*m_window->cluster());
            const QPointF from = graph()->cardRect(standby).center(), to = graph()->cardRect(target).center();
            // Half-way: what stands on the cards stays in sight.
            sendMouse(graph(), QEvent::MouseButtonPress, from, Qt::LeftButton);
            for (int i = 1; i <= 8; ++i)
                sendMouse(graph(), QEvent::MouseMove, from + (to - from) * i / 16, Qt::LeftButton);
            shoot(m_window.get(), QStringLiteral("reattach-drag"), tr("a standby, dragged to another node"));
            sendMouse(graph(), QEvent::MouseMove, to, Qt::LeftButton);
            sendMouse(graph(), QEvent::MouseButtonRelease, to, Qt::NoButton);
        },
        60000);
    stage(
        tr("the review"), [review] { return review() && review()->isVisible(); },
        [review] { review()->resize(1080, 860); });
    stage(
        tr("the review"), [] { return true; },
        [this, review] {
            shoot(review(), QStringLiteral("reattach-review"), tr("what it would mean, before it is done"));
            end(0);
        });
}

} // namespace understudy
