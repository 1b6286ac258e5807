// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "history/LagHistory.h"

#include <QAbstractSlider>
#include <optional>

namespace understudy {

/// The time that was watched, as a slider: what was seen, what was not, what happened, and the moment that is
/// shown. Arrows go look by look, Ctrl and arrows from event to event, End to now. GUI thread.
class TimeTrack final : public QAbstractSlider
{
    Q_OBJECT
public:
    explicit TimeTrack(QWidget *parent = nullptr);

    /// @p moments of all looks that are kept, oldest first. The moment shown stays where it is.
    void setHistory(const QList<qint64> &moments, const QList<HistoryEvent> &events);
    void setMoment(std::optional<qint64> atUs); ///< None: now.
    void setRecording(bool recording);          ///< Its end is a time, not now.
    std::optional<qint64> moment() const { return m_moment; }
    /// The event nearest before or after the moment shown; null when there is none.
    const HistoryEvent *eventBefore() const;
    const HistoryEvent *eventAfter() const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void chosen(qint64 atUs); ///< By a person; to be answered by setMoment().
    void nowWanted();

protected:
    bool event(QEvent *) override;
    void paintEvent(QPaintEvent *) override;
    void mousePressEvent(QMouseEvent *) override;
    void mouseMoveEvent(QMouseEvent *) override;
    void mouseReleaseEvent(QMouseEvent *) override;
    void keyPressEvent(QKeyEvent *) override;
    void wheelEvent(QWheelEvent *) override;

private:
    struct Span
    {
        qint64 from = 0, to = 0;
    };
    qint64 fromUs() const { return m_moments.isEmpty() ? 0 : m_moments.constFirst(); }
    qint64 toUs() const { return m_moments.isEmpty() ? 0 : m_moments.constLast(); }
    QRectF track() const;
    double xOf(qint64 atUs) const;
    void choose(qint64 atUs);
    void chooseAt(double x);
    void stepLooks(qsizetype by);
    const HistoryEvent *eventAt(const QPointF &position) const;
    void describe();

    QList<qint64> m_moments;
    QList<Span> m_watched;
    QList<HistoryEvent> m_events;
    std::optional<qint64> m_moment;
    bool m_dragging = false, m_recording = false;
};

} // namespace understudy
