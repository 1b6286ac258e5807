// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/parts/Parts.h"

class QMenu;

namespace understudy {

/// The cluster's name (bold) and where it came from, with a menu.
class ClusterButton final : public QPushButton
{
    Q_OBJECT
public:
    explicit ClusterButton(QWidget *parent = nullptr);
    void set(const QString &name, const QString &source);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *) override;

private:
    QString m_name, m_source;
};

/// A dot and how often we look: "Live, every 1 s", "Paused".
class LiveLabel final : public QWidget
{
    Q_OBJECT
public:
    explicit LiveLabel(QWidget *parent = nullptr);
    void set(bool paused, int intervalMs);
    void setRecording(); ///< Nothing is watched.
    QString words() const { return m_words; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *) override;

private:
    void say(bool still, const QString &words);
    bool m_paused = false;
    QString m_words;
};

/// The toolbar's content: which cluster, how it is, whether we look; pictures, and the one filled button.
class ClusterBar final : public QWidget
{
    Q_OBJECT
public:
    explicit ClusterBar(QWidget *parent = nullptr);
    void setClusterOpen(bool open);

    ClusterButton *cluster;
    Pill *health;
    LiveLabel *live;
    QPushButton *pause, *snapshot, *addStandby;
};

} // namespace understudy
