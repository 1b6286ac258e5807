// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/LiveCluster.h"
#include "operations/ReadLoad.h"
#include "operations/RunRecord.h"
#include "operations/Verify.h"
#include "operations/preflight/Preflight.h"
#include "report/Runbook.h"

#include <QWidget>

namespace understudy {

/// The wizard that adds a standby: a window of its own, not modal, 1440 x 900, at least 1040 x 700. One
/// object a page. Object names: page widgets "wherePage", "namesPage", "preflightPage", "reviewPage",
/// "runPage", "verifyPage", "readLoadPage", "donePage"; buttons "nextButton", "backButton", "cancelButton";
/// the stack "pages".
class AddStandbyWizard final : public QWidget
{
    Q_OBJECT
public:
    enum Page { Where, Names, Preflight, Review, Run, Verify, ReadLoad, Done, PageCount };

    /// @p cluster outlives the wizard. @p pictures may be null. @p upstream is chosen to begin with, if it
    /// can be.
    AddStandbyWizard(LiveCluster *cluster, PictureSource *pictures, const NodeId &upstream = {},
                     QWidget *parent = nullptr);
    ~AddStandbyWizard() override;

    Page currentPage() const;
    bool busy() const; ///< Something is running on this page (facts, checks, plan, counts, load)
    bool canGoNext() const;
    bool planRunning() const; ///< A plan is changing the cluster right now
    AddStandbyRequest request() const;
    const RunbookInput &runbook() const; ///< What is known so far

public Q_SLOTS:
    void goNext();
    void goBack();

Q_SIGNALS:
    void pageChanged(int page);
    void stateChanged(); ///< busy() or canGoNext() may have changed
    void standbyAdded(const understudy::WatchedNode &node);

protected:
    void closeEvent(QCloseEvent *) override;
    void resizeEvent(QResizeEvent *) override;
    void keyPressEvent(QKeyEvent *) override; ///< Enter: next; Esc: cancel

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace understudy
