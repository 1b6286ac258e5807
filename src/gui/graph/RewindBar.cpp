// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/graph/RewindBar.h"

#include "gui/Style.h"
#include "model/Clock.h"
#include "model/Format.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>

namespace understudy {

RewindBar::RewindBar(QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("rewindBar"));
    m_title = new TextLabel(TextRole::BodyStrong, {}, this);
    m_title->setObjectName(QStringLiteral("rewindTitle"));
    m_detail = new TextLabel(TextRole::Small, {}, this, TextLabel::Tone::Text2);
    m_detail->setObjectName(QStringLiteral("rewindDetail"));
    m_live = new GlyphLabel(12, this);
    m_live->setObjectName(QStringLiteral("rewindLive"));
    m_before =
        makeButton(tr("The event before"), QStringLiteral("icon"), QStringLiteral("go-previous"), this);
    m_before->setObjectName(QStringLiteral("rewindBefore"));
    m_after = makeButton(tr("The event after"), QStringLiteral("icon"), QStringLiteral("go-next"), this);
    m_after->setObjectName(QStringLiteral("rewindAfter"));
    m_track = new TimeTrack(this);
    m_now = makeButton(tr("Back to live"), QStringLiteral("small"), {}, this);
    m_now->setObjectName(QStringLiteral("rewindNow"));
    m_close = makeButton(tr("Close"), QStringLiteral("icon"), QStringLiteral("window-close"), this);
    m_close->setObjectName(QStringLiteral("rewindClose"));

    auto *second = new QHBoxLayout;
    second->setSpacing(8);
    second->addWidget(m_detail);
    second->addWidget(m_live);
    second->addStretch(1);
    auto *words = new QVBoxLayout;
    words->setSpacing(2);
    words->addStretch(1);
    words->addWidget(m_title);
    words->addLayout(second);
    words->addStretch(1);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 6, 12, 6);
    row->setSpacing(8);
    row->addLayout(words);
    row->addSpacing(8);
    row->addWidget(m_before);
    row->addWidget(m_after);
    row->addWidget(m_track, 1);
    row->addWidget(m_now);
    row->addWidget(m_close);

    connect(m_track, &TimeTrack::chosen, this, &RewindBar::chosen);
    connect(m_track, &TimeTrack::nowWanted, this, &RewindBar::nowWanted);
    connect(m_now, &QPushButton::clicked, this, &RewindBar::nowWanted);
    connect(m_close, &QPushButton::clicked, this, &RewindBar::closed);
    const auto jump = [this](const HistoryEvent *event) {
        if (event)
            Q_EMIT chosen(event->atUs);
    };
    connect(m_before, &QPushButton::clicked, this, [this, jump] { jump(m_track->eventBefore()); });
    connect(m_after, &QPushButton::clicked, this, [this, jump] { jump(m_track->eventAfter()); });
    connect(&Style::instance(), &Style::changed, this, [this] { update(); });
    setFocusProxy(m_track);
    refresh();
}

void RewindBar::set(const QList<qint64> &moments, const QList<HistoryEvent> &events, Glyph live,
                    const QString &liveWords)
{
    m_track->setHistory(moments, events);
    m_live->setGlyph(live, m_recording ? QString() : tr("Now: %1").arg(liveWords));
    refresh();
}

void RewindBar::setMoment(std::optional<qint64> atUs)
{
    m_track->setMoment(atUs);
    refresh();
}

void RewindBar::setRecording(bool recording)
{
    m_recording = recording;
    m_track->setRecording(recording);
    m_close->setVisible(!recording);
    m_now->setText(recording ? tr("To the end") : tr("Back to live"));
    refresh();
}

void RewindBar::refresh()
{
    const std::optional<qint64> at = m_track->moment();
    const bool past = at.has_value();
    m_title->setText(past          ? tr("The past, as it was at %1").arg(format::utcTime(*at))
                     : m_recording ? tr("The end of this recording")
                                   : tr("Live"));
    m_detail->setText(!past         ? tr("Move along the line to look back.")
                      : m_recording ? format::utcDateTime(*at)
                                    : tr("%1 ago").arg(format::age(
                                          std::max<qint64>(0, SystemClock::instance().nowUs() - *at))));
    m_live->setVisible(past && !m_recording);
    m_now->setEnabled(past);
    m_before->setEnabled(m_track->eventBefore());
    m_after->setEnabled(m_track->eventAfter());
    update();
}

void RewindBar::keyPressEvent(QKeyEvent *event)
{
    if (event->key() != Qt::Key_Escape || m_recording)
        return QWidget::keyPressEvent(event);
    // First out of the past, then out of the way.
    if (m_track->moment())
        Q_EMIT nowWanted();
    else
        Q_EMIT closed();
}

void RewindBar::paintEvent(QPaintEvent *)
{
    const Theme &theme = Style::instance().theme();
    QPainter painter(this);
    painter.fillRect(rect(), m_track->moment() ? theme.infoTint : theme.panel);
    painter.fillRect(QRect(0, 0, width(), 1), theme.border);
}

} // namespace understudy
