// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/graph/TimeTrack.h"

#include "gui/Style.h"
#include "model/Format.h"
#include "paint/StateGlyph.h"

#include <QApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QSignalBlocker>
#include <QToolTip>
#include <algorithm>
#include <cmath>

namespace understudy {

namespace {

constexpr double handle = 14, lane = 4, above = 24, side = 10, catches = 7;
constexpr qint64 gapUs = 5000000; ///< Longer than any poll but the slowest takes: nobody looked.

QFont roleFont(TextRole role)
{
    return textFont(role, QApplication::font());
}

double labelHeight()
{
    return QFontMetricsF(roleFont(TextRole::Label)).height();
}

} // namespace

TimeTrack::TimeTrack(QWidget *parent) : QAbstractSlider(parent)
{
    setObjectName(QStringLiteral("timeTrack"));
    setOrientation(Qt::Horizontal);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Time shown"));
    connect(&Style::instance(), &Style::changed, this, [this] { updateGeometry(), update(); });
    // A screen reader sets the value itself.
    connect(this, &QAbstractSlider::valueChanged, this,
            [this](int seconds) { choose(fromUs() + qint64(seconds) * 1000000); });
}

void TimeTrack::setHistory(const QList<qint64> &moments, const QList<HistoryEvent> &events)
{
    m_moments = moments;
    m_events.clear();
    for (const HistoryEvent &event : events)
        if (event.atUs >= fromUs() && event.atUs <= toUs())
            m_events << event;
    m_watched.clear();
    // Thinned out looks are no gap: what lies between was seen.
    qint64 usual = gapUs;
    QList<qint64> gaps;
    for (qsizetype i = 1; i < moments.size(); ++i)
        gaps << moments.at(i) - moments.at(i - 1);
    if (!gaps.isEmpty()) {
        std::nth_element(gaps.begin(), gaps.begin() + gaps.size() * 9 / 10, gaps.end());
        usual = std::max(gapUs, gaps.at(gaps.size() * 9 / 10) * 3);
    }
    for (const qint64 at : moments) {
        if (m_watched.isEmpty() || at - m_watched.constLast().to > usual)
            m_watched << Span{at, at};
        m_watched.last().to = at;
    }
    describe();
    update();
}

void TimeTrack::setMoment(std::optional<qint64> atUs)
{
    m_moment = atUs;
    describe();
    update();
}

void TimeTrack::setRecording(bool recording)
{
    m_recording = recording;
    describe();
    update();
}

/// What a screen reader says; the slider's own value is in seconds since the beginning.
void TimeTrack::describe()
{
    const QSignalBlocker quiet(this);
    setRange(0, int(std::min<qint64>((toUs() - fromUs()) / 1000000, 100000000)));
    setSingleStep(1);
    setPageStep(std::max(1, maximum() / 10));
    setValue(m_moment ? int((*m_moment - fromUs()) / 1000000) : maximum());
    QString said = m_moment ? format::utcTime(*m_moment) : (m_recording ? tr("The end") : tr("Now"));
    for (const HistoryEvent &event : std::as_const(m_events))
        if (m_moment && std::abs(event.atUs - *m_moment) < 1000000)
            said += QStringLiteral(", ") + event.text;
    if (said != accessibleDescription())
        setAccessibleDescription(said);
}

QSize TimeTrack::sizeHint() const
{
    return {480, int(above + handle / 2 + 6 + labelHeight() + 2)};
}

QSize TimeTrack::minimumSizeHint() const
{
    return {120, sizeHint().height()};
}

QRectF TimeTrack::track() const
{
    return {side, above - lane / 2, std::max(1.0, width() - 2 * side), lane};
}

double TimeTrack::xOf(qint64 atUs) const
{
    const QRectF line = track();
    const double part = double(atUs - fromUs()) / double(std::max<qint64>(1, toUs() - fromUs()));
    return line.left() + line.width() * std::clamp(part, 0.0, 1.0);
}

void TimeTrack::choose(qint64 atUs)
{
    if (m_moments.isEmpty())
        return;
    if (atUs >= toUs())
        Q_EMIT nowWanted();
    else
        Q_EMIT chosen(std::max(atUs, fromUs()));
}

void TimeTrack::chooseAt(double x)
{
    const QRectF line = track();
    choose(fromUs() +
           qint64(double(toUs() - fromUs()) * std::clamp((x - line.left()) / line.width(), 0.0, 1.0)));
}

void TimeTrack::stepLooks(qsizetype by)
{
    if (m_moments.isEmpty())
        return;
    const qint64 now = m_moment.value_or(toUs());
    const auto at = std::upper_bound(m_moments.begin(), m_moments.end(), now);
    const qsizetype index = std::clamp<qsizetype>(at - m_moments.begin() - 1 + by, 0, m_moments.size() - 1);
    choose(m_moments.at(index));
}

const HistoryEvent *TimeTrack::eventBefore() const
{
    const qint64 now = m_moment.value_or(toUs() + 1);
    for (auto it = m_events.crbegin(); it != m_events.crend(); ++it)
        if (it->atUs < now)
            return &*it;
    return nullptr;
}

const HistoryEvent *TimeTrack::eventAfter() const
{
    for (const HistoryEvent &event : m_events)
        if (m_moment && event.atUs > *m_moment)
            return &event;
    return nullptr;
}

const HistoryEvent *TimeTrack::eventAt(const QPointF &position) const
{
    const HistoryEvent *found = nullptr;
    for (const HistoryEvent &event : m_events) {
        const double off = std::abs(xOf(event.atUs) - position.x());
        if (off <= catches && (!found || off <= std::abs(xOf(found->atUs) - position.x())))
            found = &event;
    }
    return found;
}

bool TimeTrack::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        if (const HistoryEvent *at = eventAt(help->pos()))
            QToolTip::showText(help->globalPos(), at->text + u'\n' + format::utcTime(at->atUs), this);
        else
            QToolTip::hideText();
        return true;
    }
    return QAbstractSlider::event(event);
}

void TimeTrack::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return event->ignore();
    m_dragging = true;
    // A click on a mark means its moment, not the pixel beside it.
    const HistoryEvent *at =
        event->position().y() < above - handle / 2 ? eventAt(event->position()) : nullptr;
    if (at)
        choose(at->atUs);
    else
        chooseAt(event->position().x());
}

void TimeTrack::mouseMoveEvent(QMouseEvent *event)
{
    if (m_dragging)
        chooseAt(event->position().x());
}

void TimeTrack::mouseReleaseEvent(QMouseEvent *)
{
    m_dragging = false;
}

void TimeTrack::keyPressEvent(QKeyEvent *event)
{
    const bool byEvent = event->modifiers() & Qt::ControlModifier;
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right: {
        const bool back = (event->key() == Qt::Key_Left) == (layoutDirection() == Qt::LeftToRight);
        if (!byEvent)
            return stepLooks(back ? -1 : 1);
        if (const HistoryEvent *to = back ? eventBefore() : eventAfter())
            choose(to->atUs);
        return;
    }
    case Qt::Key_PageUp:
    case Qt::Key_PageDown: {
        const qint64 tenth = (toUs() - fromUs()) / 10;
        return choose(m_moment.value_or(toUs()) + (event->key() == Qt::Key_PageUp ? -tenth : tenth));
    }
    case Qt::Key_Home:
        return choose(fromUs());
    case Qt::Key_End:
        return choose(toUs());
    default:
        event->ignore(); // Escape closes the bar
    }
}

void TimeTrack::wheelEvent(QWheelEvent *event)
{
    event->ignore();
}

void TimeTrack::paintEvent(QPaintEvent *)
{
    const Theme &theme = Style::instance().theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF line = track();
    painter.setPen(Qt::NoPen);
    // Dots where nobody looked: not known is not the same as nothing.
    painter.setBrush(theme.line2);
    for (double x = line.left(); x < line.right(); x += 6)
        painter.drawEllipse(QRectF(x, line.center().y() - 1, 2, 2));
    for (const Span &span : m_watched) {
        QRectF seen = line;
        seen.setLeft(xOf(span.from));
        seen.setRight(std::max(seen.left() + 2, xOf(span.to)));
        painter.setBrush(Style::instance().theme().panel);
        painter.drawRect(seen.adjusted(-1, 0, 1, 0));
        painter.setBrush(theme.ctl);
        painter.drawRoundedRect(seen, lane / 2, lane / 2);
    }
    double taken = -100;
    for (const HistoryEvent &event : m_events) {
        const double size = event.neutral ? 8 : 12, x = std::round(xOf(event.atUs));
        const bool crowded = x - size / 2 < taken + 1;
        painter.fillRect(QRectF(x, above - handle / 2 - (crowded ? 4 : 2), 1, crowded ? 4 : 2), theme.axis);
        if (crowded)
            continue;
        const QRectF mark(x - size / 2, above - handle / 2 - 9 - size / 2, size, size);
        if (event.neutral) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(theme.neutral);
            painter.drawRoundedRect(mark, 2, 2);
        } else {
            paintGlyph(painter, mark, glyphFor(event.severity), theme);
        }
        taken = mark.right();
    }
    painter.setFont(roleFont(TextRole::Label));
    painter.setPen(theme.text3);
    const QRectF words(line.left() - handle / 2, above + handle / 2 + 4, line.width() + handle,
                       labelHeight());
    if (!m_moments.isEmpty()) {
        painter.drawText(words, Qt::AlignLeft | Qt::AlignTop, format::utcTime(fromUs()));
        painter.drawText(words, Qt::AlignRight | Qt::AlignTop,
                         m_recording ? format::utcTime(toUs()) : tr("Now"));
    }
    const QPointF middle(xOf(m_moment.value_or(toUs())), line.center().y());
    painter.setPen(Qt::NoPen);
    if (hasFocus()) {
        painter.setBrush(theme.accent);
        painter.drawEllipse(middle, handle / 2 + 3, handle / 2 + 3);
    }
    painter.setBrush(theme.panel);
    painter.drawEllipse(middle, handle / 2 + 1, handle / 2 + 1);
    painter.setBrush(m_moment ? theme.info : theme.ok);
    painter.drawEllipse(middle, handle / 2 - 1, handle / 2 - 1);
}

} // namespace understudy
