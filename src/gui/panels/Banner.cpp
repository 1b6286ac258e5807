// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/Banner.h"

#include "gui/Style.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QResizeEvent>

namespace understudy {

Banner::Banner(QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("banner"));
    m_glyph = new GlyphLabel(16, this);
    m_sentence = new TextLabel(TextRole::Body, {}, this);
    m_sentence->setObjectName(QStringLiteral("bannerSentence"));
    m_sentence->setWordWrap(true);
    m_button = makeButton({}, QStringLiteral("small"), {}, this);
    m_button->setObjectName(QStringLiteral("bannerButton"));
    m_close = makeButton(tr("Close"), QStringLiteral("icon"), QStringLiteral("window-close"), this);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 6, 12, 7);
    row->setSpacing(8);
    row->addWidget(m_glyph);
    row->addWidget(m_sentence, 1);
    row->addWidget(m_button);
    row->addWidget(m_close);
    setMinimumHeight(40);
    m_button->hide();
    connect(m_button, &QPushButton::clicked, this, [this] {
        if (m_act)
            m_act();
    });
    connect(m_close, &QPushButton::clicked, this, [this] {
        m_closed.insert(m_key + m_sentence->text());
        clear(m_key);
    });
    connect(&Style::instance(), &Style::changed, this, [this] { update(); });
}

void Banner::say(const QString &key, Glyph glyph, const QString &sentence, const QString &button,
                 const std::function<void()> &act)
{
    if (m_closed.contains(key + sentence) && !button.isEmpty())
        return;
    const bool worseIsUp = !m_key.isEmpty() && m_key != key && m_glyph->glyph() == Glyph::FindingCritical &&
                           glyph != Glyph::FindingCritical;
    if (worseIsUp)
        return;
    m_key = key;
    m_glyph->setGlyph(glyph);
    m_sentence->setText(sentence);
    m_button->setText(button);
    m_button->setVisible(!button.isEmpty());
    m_act = act;
    setAccessibleName(sentence);
    update();
    Q_EMIT shown(true);
}

void Banner::clear(const QString &key)
{
    if (m_key != key)
        return;
    m_key.clear();
    m_sentence->clear();
    Q_EMIT shown(false);
}

QString Banner::sentence() const
{
    return m_sentence->text();
}

QSize Banner::sizeHint() const
{
    const int wide = std::max(width(), 240);
    return {wide, std::max(40, layout()->heightForWidth(wide))};
}

void Banner::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    if (event->size().width() != event->oldSize().width())
        updateGeometry();
}

void Banner::paintEvent(QPaintEvent *)
{
    const Theme &theme = Style::instance().theme();
    QPainter painter(this);
    painter.fillRect(rect(), glyphTint(m_glyph->glyph(), theme));
    painter.fillRect(QRect(0, height() - 1, width(), 1), theme.border);
}

} // namespace understudy
