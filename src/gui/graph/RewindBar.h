// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/graph/TimeTrack.h"
#include "gui/parts/Parts.h"

namespace understudy {

/// Below the graph while a person looks back: which moment is shown, the time to move along, the way back to
/// now. Says plainly that what stands above it is the past. GUI thread.
class RewindBar final : public QWidget
{
    Q_OBJECT
public:
    explicit RewindBar(QWidget *parent = nullptr);
    /// @p liveWords: how the cluster is now; a person who looks back must not miss it.
    void set(const QList<qint64> &moments, const QList<HistoryEvent> &events, Glyph live,
             const QString &liveWords);
    void setMoment(std::optional<qint64> atUs);
    /// A recording has no now: its end is only the newest look.
    void setRecording(bool recording);
    TimeTrack *track() const { return m_track; }

Q_SIGNALS:
    void chosen(qint64 atUs);
    void nowWanted();
    void closed();

protected:
    void paintEvent(QPaintEvent *) override;
    void keyPressEvent(QKeyEvent *) override;

private:
    void refresh();

    TimeTrack *m_track;
    TextLabel *m_title, *m_detail;
    GlyphLabel *m_live;
    QPushButton *m_before, *m_after, *m_now, *m_close;
    QString m_liveWords;
    bool m_recording = false;
};

} // namespace understudy
