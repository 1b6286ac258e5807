// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/parts/Parts.h"
#include "paint/GraphPainter.h"
#include "report/ReattachText.h"

#include <QVBoxLayout>

namespace understudy {

class GraphPreview;

/// What hanging a standby below another node would mean, and how it is done by hand: a window of its own, not
/// modal, that changes nothing. The steps stay as they were when it opened, so that they can be followed to
/// the end; the verdict follows the cluster. Object names: "reattachVerdict", "copyTextButton",
/// "copyMarkdownButton", "copySqlButton", "closeButton".
class ReattachReview final : public QWidget
{
    Q_OBJECT
public:
    ReattachReview(const ReattachScene &scene, const QHash<NodeId, CardExtras> &extras, const NodeId &standby,
                   const NodeId &target, const QString &cluster, QWidget *parent = nullptr);

    /// A newer look: what speaks against it is judged again.
    void follow(const ReattachScene &scene, const QHash<NodeId, CardExtras> &extras);
    const ReattachPaper &paper() const { return m_paper; }
    NodeId standby() const { return m_standby; }
    NodeId target() const { return m_target; }

protected:
    void keyPressEvent(QKeyEvent *) override; ///< Esc closes
    void resizeEvent(QResizeEvent *) override;

private:
    QWidget *buildSteps();
    QWidget *buildReasons();
    QWidget *buildFoot();
    void showReasons();
    void copied(const QString &text, const QString &sentence);

    NodeId m_standby, m_target;
    QString m_slot;
    bool m_wasThere = false; ///< It streamed from the target already when the window opened.
    ReattachPaper m_paper;
    TextLabel *m_sentence, *m_nowWords, *m_afterWords, *m_said;
    GlyphLabel *m_verdict;
    GraphPreview *m_now, *m_after;
    QVBoxLayout *m_reasons = nullptr;
    QBoxLayout *m_cards = nullptr; ///< Steps and reasons: beside each other where there is room
    QList<ReattachReason> m_shown;
    QList<QPushButton *> m_copies;
};

} // namespace understudy
