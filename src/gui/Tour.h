// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/LiveCluster.h"
#include "gui/wizard/AddStandbyWizard.h"

#include <QElapsedTimer>
#include <QPointer>
#include <QTimer>
#include <functional>

namespace understudy {

class DemoCluster;
class MainWindow;

/// The guided tour: the window and the wizard as a person would drive them, on the real demo cluster, page by
/// page; or the window on a cluster or recording that is named. A small machine of stages: each waits for a
/// condition until its deadline and then acts. Emits finished() once, after the demo is stopped. GUI thread.
class Tour final : public QObject
{
    Q_OBJECT
public:
    /// @p cluster: as openCluster() takes it; empty: the demo, and adding a standby to it.
    explicit Tour(const QString &folder, const QString &cluster = {}, QObject *parent = nullptr);
    ~Tour() override;

    void start();
    void stop(const QString &why); ///< Ends it early; nothing is left running

Q_SIGNALS:
    void finished(int exitCode);

private:
    struct Stage
    {
        QString waitsFor;            ///< "standby2 to stream"
        std::function<bool()> ready; ///< Looked at until true
        std::function<void()> act;
        int deadlineMs = 30000;
    };

    void begin();
    void beginCluster();
    void check();
    void end(int code);
    void stopDemo();
    void shoot(QWidget *widget, const QString &name, const QString &words);
    void say(const QString &words) const;
    void print(const QString &line) const;

    void planStart();
    void planWizard();
    void planRun();
    void planProof();
    void planEnd();
    void planRecording();
    void planPicture();
    void planReattach();
    void stage(const QString &waitsFor, std::function<bool()> ready, std::function<void()> act,
               int deadlineMs = 30000);
    void page(AddStandbyWizard::Page page, const QString &picture, const QString &words);

    bool clusterHealthy(int standbys) const;
    bool pageReady(AddStandbyWizard::Page page) const;
    QString problem() const; ///< Why the tour cannot succeed any more; empty: it still can
    template <typename Widget>
    Widget *pageAs(const char *name) const;

    QString m_folder, m_cluster;
    std::shared_ptr<DemoCluster> m_demo;
    std::unique_ptr<MainWindow> m_window;
    QPointer<AddStandbyWizard> m_wizard;
    QList<Stage> m_stages;
    qsizetype m_at = 0;
    QTimer m_poll;
    QElapsedTimer m_stageClock, m_clock;
    int m_pictures = 0;
    bool m_started = false, m_ending = false;
    QString m_failure;
    NodeId m_added;
};

} // namespace understudy
