// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/ClusterBar.h"

#include "gui/Style.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QPainter>
#include <QStyleOptionButton>
#include <QStylePainter>
#include <cmath>

namespace understudy {

namespace {

constexpr int inset = 12, markSize = 16, gap = 8;
constexpr double mostName = 260, mostSource = 260;

QFont roleFont(TextRole role)
{
    return textFont(role, QApplication::font());
}

double advance(TextRole role, const QString &text)
{
    return QFontMetricsF(roleFont(role)).horizontalAdvance(text);
}

} // namespace

ClusterButton::ClusterButton(QWidget *parent) : QPushButton(parent)
{
    setObjectName(QStringLiteral("clusterButton"));
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    set({}, {});
}

void ClusterButton::set(const QString &name, const QString &source)
{
    m_name = name.isEmpty() ? tr("No cluster") : name;
    m_source = source == name ? QString() : source;
    setAccessibleName(m_source.isEmpty() ? m_name : m_name + QStringLiteral(", ") + m_source);
    setToolTip(accessibleName());
    updateGeometry();
    update();
}

QSize ClusterButton::sizeHint() const
{
    double wide =
        2 * inset + markSize + gap + std::min(mostName, advance(TextRole::BodyStrong, m_name)) + gap + 12;
    if (!m_source.isEmpty())
        wide += gap + std::min(mostSource, advance(TextRole::Body, m_source));
    return {int(std::ceil(wide)) + 2,
            std::max(32, QFontMetrics(roleFont(TextRole::BodyStrong)).height() + 14)};
}

QSize ClusterButton::minimumSizeHint() const
{
    return {std::min(160, sizeHint().width()), sizeHint().height()};
}

void ClusterButton::paintEvent(QPaintEvent *)
{
    QStylePainter painter(this);
    QStyleOptionButton option;
    initStyleOption(&option);
    option.text.clear();
    option.icon = {};
    painter.drawControl(QStyle::CE_PushButton, option);
    painter.setRenderHint(QPainter::Antialiasing);
    const Theme &theme = Style::instance().theme();
    const double middle = height() / 2.0;
    double x = inset;
    paintGlyph(painter, QRectF(x, middle - markSize / 2.0, markSize, markSize), Glyph::Cylinder, theme.text,
               theme.text);
    x += markSize + gap;
    const double right = width() - inset - 12 - gap;
    const QFontMetricsF strong(roleFont(TextRole::BodyStrong)), body(roleFont(TextRole::Body));
    const QString name = strong.elidedText(m_name, Qt::ElideMiddle, std::min(mostName, right - x));
    painter.setFont(roleFont(TextRole::BodyStrong));
    painter.setPen(theme.text);
    painter.drawText(QRectF(x, 0, right - x, height()), Qt::AlignLeft | Qt::AlignVCenter, name);
    x += strong.horizontalAdvance(name) + gap;
    if (!m_source.isEmpty() && right - x > 24) {
        painter.setFont(roleFont(TextRole::Body));
        painter.setPen(theme.text3);
        painter.drawText(QRectF(x, 0, right - x + 2, height()), Qt::AlignLeft | Qt::AlignVCenter,
                         body.elidedText(m_source, Qt::ElideMiddle, right - x + 2));
    }
    painter.setPen(QPen(theme.text2, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const double cx = width() - inset - 6;
    painter.drawPolyline(QPolygonF({{cx - 4, middle - 2}, {cx, middle + 2}, {cx + 4, middle - 2}}));
}

LiveLabel::LiveLabel(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    set(false, 1000);
    connect(&Style::instance(), &Style::changed, this, [this] { update(); });
}

void LiveLabel::set(bool paused, int intervalMs)
{
    say(paused, paused ? tr("Paused") : tr("Live, every %1 s").arg(intervalMs / 1000.0, 0, 'g', 3));
}

void LiveLabel::setRecording()
{
    say(true, tr("Recording"));
}

void LiveLabel::say(bool still, const QString &words)
{
    if (words == m_words)
        return;
    m_paused = still;
    m_words = words;
    setAccessibleName(words);
    updateGeometry();
    update();
}

QSize LiveLabel::sizeHint() const
{
    return {16 + int(std::ceil(advance(TextRole::Small, m_words))) + 4,
            QFontMetrics(roleFont(TextRole::Small)).height() + 6};
}

void LiveLabel::paintEvent(QPaintEvent *)
{
    const Theme &theme = Style::instance().theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF dot(2, height() / 2.0 - 4, 8, 8);
    painter.setPen(Qt::NoPen);
    if (m_paused) {
        painter.setBrush(theme.held);
        painter.drawRoundedRect(QRectF(dot.left() + 0.5, dot.top(), 2.5, 8), 1, 1);
        painter.drawRoundedRect(QRectF(dot.left() + 5, dot.top(), 2.5, 8), 1, 1);
    } else {
        painter.setBrush(theme.ok);
        painter.drawEllipse(dot);
    }
    painter.setFont(roleFont(TextRole::Small));
    painter.setPen(m_paused ? theme.held : theme.text2);
    painter.drawText(QRectF(16, 0, width() - 16, height()), Qt::AlignLeft | Qt::AlignVCenter, m_words);
}

ClusterBar::ClusterBar(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    setMinimumHeight(51);
    cluster = new ClusterButton(this);
    health = new Pill(this);
    health->setObjectName(QStringLiteral("healthPill"));
    live = new LiveLabel(this);
    pause =
        makeButton(tr("Pause polling"), QStringLiteral("icon"), QStringLiteral("media-playback-pause"), this);
    pause->setObjectName(QStringLiteral("pauseButton"));
    snapshot = makeButton(tr("Snapshot"), {}, QStringLiteral("camera-photo"), this);
    snapshot->setObjectName(QStringLiteral("snapshotButton"));
    addStandby = makeButton(tr("Add standby"), QStringLiteral("primary"), QStringLiteral("list-add"), this);
    addStandby->setObjectName(QStringLiteral("addStandbyButton"));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 0, 16, 0);
    row->setSpacing(8);
    row->addWidget(cluster);
    row->addWidget(health);
    row->addSpacing(4);
    row->addWidget(live);
    row->addWidget(pause);
    row->addStretch(1);
    row->addWidget(snapshot);
    row->addWidget(addStandby);
    setClusterOpen(false);
}

void ClusterBar::setClusterOpen(bool open)
{
    for (QWidget *widget :
         {static_cast<QWidget *>(health), static_cast<QWidget *>(live), static_cast<QWidget *>(pause),
          static_cast<QWidget *>(snapshot), static_cast<QWidget *>(addStandby)})
        widget->setVisible(open);
}

} // namespace understudy
