// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/parts/Parts.h"

#include "gui/Style.h"

#include <QEvent>
#include <QFontInfo>
#include <QGuiApplication>
#include <QPainter>
#include <QScreen>

#include <cmath>

namespace understudy {

TextLabel::TextLabel(TextRole role, const QString &text, QWidget *parent, Tone tone)
    : QLabel(parent), m_role(role), m_tone(tone)
{
    setTextFormat(Qt::PlainText);
    setText(text);
    refresh();
    connect(&Style::instance(), &Style::changed, this, &TextLabel::refresh);
}

void TextLabel::setTone(Tone tone)
{
    if (tone == m_tone)
        return;
    m_tone = tone;
    refresh();
}

void TextLabel::changeEvent(QEvent *event)
{
    // A new style sheet would take the margins away: QFrame measures its frame anew.
    const QMargins margins = contentsMargins();
    QLabel::changeEvent(event);
    if (event->type() == QEvent::StyleChange)
        setContentsMargins(margins);
    if (event->type() == QEvent::ApplicationFontChange)
        refresh();
}

void TextLabel::refresh()
{
    if (m_refreshing)
        return;
    m_refreshing = true;
    const Theme &theme = Style::instance().theme();
    const auto color = [&] {
        switch (m_tone) {
        case Tone::Text:
            return theme.text;
        case Tone::Text2:
            return theme.text2;
        case Tone::Text3:
            return theme.text3;
        case Tone::Accent:
            return theme.accent;
        case Tone::Ok:
            return theme.ok;
        case Tone::Warn:
            return theme.warn;
        case Tone::Crit:
            return theme.crit;
        case Tone::Held:
            return theme.held;
        case Tone::Info:
            return theme.info;
        case Tone::Neutral:
            return theme.neutral;
        }
        return theme.text;
    }();
    QPalette p = palette();
    p.setColor(QPalette::WindowText, color);
    setPalette(p);
    setFont(textFont(m_role, QGuiApplication::font()));
    m_refreshing = false;
}

Card::Card(QWidget *parent) : QFrame(parent)
{
    setProperty("kind", QStringLiteral("card"));
}

Line::Line(QWidget *parent) : QFrame(parent)
{
    setProperty("kind", QStringLiteral("line"));
    setFixedHeight(1);
}

SeriesMark::SeriesMark(int slot, QWidget *parent) : QWidget(parent), m_slot(slot)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAttribute(Qt::WA_TransparentForMouseEvents);
    connect(&Style::instance(), &Style::changed, this, [this] { update(); });
}

void SeriesMark::setSlot(int slot)
{
    if (slot == m_slot)
        return;
    m_slot = slot;
    update();
}

void SeriesMark::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    QRectF mark(0, 0, 9, 9);
    mark.moveCenter(QRectF(rect()).center());
    mark.moveTopLeft(QPointF(std::floor(mark.left()), std::floor(mark.top())));
    paintSeriesMark(painter, mark, m_slot, Style::instance().theme());
}

QPushButton *makeButton(const QString &text, const QString &kind, const QString &icon, QWidget *parent)
{
    auto *button = new QPushButton(text, parent);
    button->setProperty("kind", kind.isEmpty() ? QStringLiteral("default") : kind);
    button->setCursor(kind == QLatin1String("link") ? Qt::PointingHandCursor : Qt::ArrowCursor);
    if (kind == QLatin1String("icon")) {
        button->setText({});
        button->setToolTip(text);
        button->setAccessibleName(text);
    }
    if (!icon.isEmpty()) {
        QColor Theme::*token = &Theme::text;
        if (kind == QLatin1String("primary"))
            token = &Theme::onFill;
        else if (kind == QLatin1String("danger"))
            token = &Theme::crit;
        else if (kind == QLatin1String("link"))
            token = &Theme::accent;
        else if (kind.contains(QLatin1String("lat")) || kind == QLatin1String("icon"))
            token = &Theme::text2;
        button->setIcon(Style::instance().icon(icon, token));
        // Style sheets give a button's icon and text 4 px between them; the design has 8.
        const bool alone = button->text().isEmpty();
        const int side = qRound(16 * qMax(1.0, QFontInfo(QGuiApplication::font()).pixelSize() / 13.0));
        button->setIconSize(QSize(alone ? side : side + 4, side));
    }
    return button;
}

QSize sizeForText(const QSize &usual)
{
    const double scale = qMax(1.0, QGuiApplication::font().pixelSize() / 13.0);
    const QScreen *screen = QGuiApplication::primaryScreen();
    const QSize room = screen ? screen->availableSize() : usual;
    return usual.expandedTo((QSizeF(usual) * scale).toSize().boundedTo(room));
}

} // namespace understudy
