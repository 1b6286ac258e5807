// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/StateGlyph.h"

#include "paint/GlyphShapes.h"

#include <QPainterPath>
#include <QPixmapCache>

#include <cmath>

namespace understudy {

Glyph glyphFor(const Node &node, const Link *link)
{
    switch (node.state) {
    case NodeState::NotResponding:
        return Glyph::NotResponding;
    case NodeState::Down:
        return Glyph::Down;
    case NodeState::NoPermission:
        return Glyph::NoPermission;
    case NodeState::Ghost:
        return Glyph::Ghost;
    case NodeState::Planned:
        return Glyph::Planned;
    case NodeState::Unknown:
        return Glyph::Unknown;
    case NodeState::Up:
        break;
    }
    if (node.role == Role::Primary)
        return Glyph::Up;
    if (!link)
        return Glyph::Unknown;
    switch (link->lag) {
    case LagState::CaughtUp:
        return Glyph::CaughtUp;
    case LagState::Replaying:
        return link->lagging ? Glyph::Lagging : Glyph::Replaying;
    case LagState::Idle:
        return Glyph::Idle;
    case LagState::ReplayPaused:
        return Glyph::ReplayPaused;
    case LagState::LinkStalled:
        return Glyph::LinkStalled;
    case LagState::NoReceiver:
        return Glyph::NoReceiver;
    case LagState::Disconnected:
        return Glyph::Disconnected;
    case LagState::Unknown:
        break;
    }
    return Glyph::Unknown;
}

Glyph glyphFor(Severity severity)
{
    switch (severity) {
    case Severity::Critical:
        return Glyph::FindingCritical;
    case Severity::Warning:
        return Glyph::FindingWarning;
    case Severity::Notice:
        break;
    }
    return Glyph::FindingNotice;
}

QString glyphWord(Glyph glyph)
{
    switch (glyph) {
    case Glyph::Up:
        return QStringLiteral("Up");
    case Glyph::CaughtUp:
        return QStringLiteral("Caught up");
    case Glyph::Replaying:
        return QStringLiteral("Replaying");
    case Glyph::Lagging:
        return QStringLiteral("Lagging");
    case Glyph::Idle:
        return QStringLiteral("Idle");
    case Glyph::ReplayPaused:
        return QStringLiteral("Replay paused");
    case Glyph::LinkStalled:
        return QStringLiteral("Link stalled");
    case Glyph::Disconnected:
        return QStringLiteral("Disconnected");
    case Glyph::NoReceiver:
        return QStringLiteral("No receiver");
    case Glyph::NotResponding:
        return QStringLiteral("Not responding");
    case Glyph::Down:
        return QStringLiteral("Down");
    case Glyph::Ghost:
        return QStringLiteral("Not reachable");
    case Glyph::Planned:
        return QStringLiteral("Planned");
    case Glyph::NoPermission:
        return QStringLiteral("No permission");
    case Glyph::Unknown:
        return QStringLiteral("Unknown");
    case Glyph::CheckPass:
        return QStringLiteral("Pass");
    case Glyph::CheckWarning:
        return QStringLiteral("Warning");
    case Glyph::CheckFail:
        return QStringLiteral("Fail");
    case Glyph::CheckWaived:
        return QStringLiteral("Waived");
    case Glyph::CheckRunning:
        return QStringLiteral("Running");
    case Glyph::CheckWaiting:
        return QStringLiteral("Waiting");
    case Glyph::FindingCritical:
        return QStringLiteral("Critical");
    case Glyph::FindingWarning:
        return QStringLiteral("Warning");
    case Glyph::FindingNotice:
        return QStringLiteral("Notice");
    case Glyph::Cylinder:
        return QStringLiteral("Standby");
    case Glyph::CylinderFilled:
        return QStringLiteral("Primary");
    }
    return {};
}

namespace {

enum class Tone { Ok, Info, Warn, Crit, Held, Neutral, Accent, Ctl };

Tone toneOf(Glyph glyph)
{
    switch (glyph) {
    case Glyph::Up:
    case Glyph::CaughtUp:
    case Glyph::CheckPass:
        return Tone::Ok;
    case Glyph::Replaying:
    case Glyph::FindingNotice:
        return Tone::Info;
    case Glyph::Lagging:
    case Glyph::CheckWarning:
    case Glyph::FindingWarning:
        return Tone::Warn;
    case Glyph::ReplayPaused:
    case Glyph::CheckWaived:
        return Tone::Held;
    case Glyph::LinkStalled:
    case Glyph::Disconnected:
    case Glyph::NoReceiver:
    case Glyph::NotResponding:
    case Glyph::Down:
    case Glyph::CheckFail:
    case Glyph::FindingCritical:
        return Tone::Crit;
    case Glyph::Planned:
    case Glyph::CheckRunning:
    case Glyph::CylinderFilled:
        return Tone::Accent;
    case Glyph::CheckWaiting:
        return Tone::Ctl;
    case Glyph::Idle:
    case Glyph::Ghost:
    case Glyph::NoPermission:
    case Glyph::Unknown:
    case Glyph::Cylinder:
        break;
    }
    return Tone::Neutral;
}

} // namespace

QColor glyphColor(Glyph glyph, const Theme &theme)
{
    switch (toneOf(glyph)) {
    case Tone::Ok:
        return theme.ok;
    case Tone::Info:
        return theme.info;
    case Tone::Warn:
        return theme.warnG;
    case Tone::Crit:
        return theme.crit;
    case Tone::Held:
        return theme.held;
    case Tone::Accent:
        return theme.accent;
    case Tone::Ctl:
        return theme.ctl;
    case Tone::Neutral:
        break;
    }
    return theme.neutral;
}

QColor glyphTextColor(Glyph glyph, const Theme &theme)
{
    switch (toneOf(glyph)) {
    case Tone::Warn:
        return theme.warn;
    case Tone::Ctl:
        return theme.text3;
    default:
        return glyphColor(glyph, theme);
    }
}

QColor glyphTint(Glyph glyph, const Theme &theme)
{
    switch (toneOf(glyph)) {
    case Tone::Ok:
        return theme.okTint;
    case Tone::Info:
        return theme.infoTint;
    case Tone::Warn:
        return theme.warnTint;
    case Tone::Crit:
        return theme.critTint;
    case Tone::Held:
        return theme.heldTint;
    case Tone::Accent:
        return theme.accentTint;
    case Tone::Ctl:
    case Tone::Neutral:
        break;
    }
    return theme.neutralTint;
}

bool isAbnormal(Glyph glyph)
{
    const Tone tone = toneOf(glyph);
    return tone == Tone::Warn || tone == Tone::Crit || tone == Tone::Held;
}

void paintGlyph(QPainter &painter, const QRectF &rect, Glyph glyph, const Theme &theme, double turn)
{
    QColor mark = theme.mark;
    if (glyph == Glyph::CheckRunning)
        mark = theme.line2;
    else if (glyph == Glyph::CylinderFilled)
        mark = theme.panel;
    if (glyph != Glyph::CheckRunning || turn == 0) {
        paintGlyph(painter, rect, glyph, glyphColor(glyph, theme), mark);
        return;
    }
    painter.save();
    painter.translate(rect.center());
    painter.rotate(turn * 360);
    const QSizeF size = rect.size();
    paintGlyph(painter, QRectF(-size.width() / 2, -size.height() / 2, size.width(), size.height()), glyph,
               glyphColor(glyph, theme), mark);
    painter.restore();
}

void paintGlyph(QPainter &painter, const QRectF &rect, Glyph glyph, const QColor &color, const QColor &mark)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(rect.topLeft());
    painter.scale(rect.width() / 16, rect.height() / 16);
    for (const GlyphLayer &layer : glyphLayers(glyph))
        painter.fillPath(layer.path, layer.mark ? mark : color);
    painter.restore();
}

QPixmap glyphPixmap(Glyph glyph, int size, const Theme &theme, double devicePixelRatio)
{
    const QString key = QStringLiteral("understudy-glyph-%1-%2-%3-%4")
                            .arg(int(glyph))
                            .arg(size)
                            .arg(int(theme.kind))
                            .arg(devicePixelRatio);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    const int pixels = qMax(1, int(std::ceil(size * devicePixelRatio)));
    pixmap = QPixmap(pixels, pixels);
    pixmap.setDevicePixelRatio(devicePixelRatio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paintGlyph(painter, QRectF(0, 0, size, size), glyph, theme);
    painter.end();
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

void paintSeriesMark(QPainter &painter, const QRectF &rect, int slot, const Theme &theme)
{
    if (slot < 0) {
        paintGlyph(painter, rect.adjusted(-2, -2, 2, 2), Glyph::CylinderFilled, theme);
        return;
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QPainterPath path;
    const double radius = rect.width() * 2 / 9;
    path.addRoundedRect(rect, radius, radius);
    if (Theme::hollowMark(slot)) {
        const double ring = rect.width() * 2 / 9;
        path.addRoundedRect(rect.adjusted(ring, ring, -ring, -ring), radius / 2, radius / 2);
    }
    painter.fillPath(path, theme.series(slot));
    painter.restore();
}

} // namespace understudy
