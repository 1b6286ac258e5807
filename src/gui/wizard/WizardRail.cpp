// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/WizardRail.h"

#include "gui/Style.h"
#include "gui/wizard/ContentScroll.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QPainter>
#include <QPainterPath>
#include <QVBoxLayout>

namespace understudy {

class WizardRail::Step final : public QWidget
{
public:
    enum class State { Done, Current, Later };
    Step(int number, const QString &name, QWidget *parent) : QWidget(parent), m_number(number), m_name(name)
    {
        setFixedHeight(40);
        setState(State::Later);
    }

    void setState(State state)
    {
        m_state = state;
        const QString word = state == State::Done      ? WizardRail::tr("done")
                             : state == State::Current ? WizardRail::tr("current step")
                                                       : WizardRail::tr("to come");
        setAccessibleName(WizardRail::tr("Step %1, %2, %3").arg(m_number).arg(m_name, word));
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        const Theme &theme = Style::instance().theme();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const bool current = m_state == State::Current;
        if (current) {
            QPainterPath row;
            row.addRoundedRect(rect(), 6, 6);
            painter.fillPath(row, theme.accentTint);
        }
        const QRectF disc(12, (height() - 20) / 2.0, 20, 20);
        if (m_state == State::Done) {
            paintGlyph(painter, disc, Glyph::CheckPass, theme);
        } else {
            if (current) {
                painter.setPen(Qt::NoPen);
                painter.setBrush(theme.fill);
                painter.drawEllipse(disc);
            } else {
                painter.setPen(QPen(theme.ctl, 1));
                painter.setBrush(Qt::NoBrush);
                painter.drawEllipse(disc.adjusted(0.5, 0.5, -0.5, -0.5));
            }
            painter.setFont(textFont(TextRole::LabelStrong, QApplication::font()));
            painter.setPen(current ? theme.onFill : theme.text3);
            painter.drawText(disc, Qt::AlignCenter, QString::number(m_number));
        }
        painter.setFont(textFont(current ? TextRole::BodyStrong : TextRole::Body, QApplication::font()));
        painter.setPen(current ? theme.accent : m_state == State::Done ? theme.text2 : theme.text3);
        painter.drawText(rect().adjusted(44, 0, -8, 0), Qt::AlignVCenter | Qt::AlignLeft, m_name);
    }

private:
    int m_number;
    QString m_name;
    State m_state = State::Later;
};

namespace {

constexpr int headWidth = 248 - 33 - 24; // the rail without its margins

} // namespace

WizardRail::WizardRail(const QStringList &steps, QWidget *parent)
    : QWidget(parent), m_title(new TextLabel(TextRole::Title)),
      m_cluster(new TextLabel(TextRole::Small, {}, nullptr, TextLabel::Tone::Text3)),
      m_source(new TextLabel(TextRole::Small, {}, nullptr, TextLabel::Tone::Text3)),
      m_noteHead(new TextLabel(TextRole::SmallStrong)),
      m_noteText(new TextLabel(TextRole::Small, {}, nullptr, TextLabel::Tone::Text2)),
      m_noteGlyph(new GlyphLabel(16))
{
    setObjectName(QStringLiteral("rail"));
    setFixedWidth(248);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 24, 17, 16);
    layout->setSpacing(0);
    auto *head = new QVBoxLayout;
    head->setContentsMargins(12, 0, 12, 20);
    head->setSpacing(0);
    head->addWidget(m_title);
    head->addSpacing(2);
    head->addWidget(m_cluster);
    head->addWidget(m_source);
    layout->addLayout(head);
    for (int i = 0; i < steps.size(); ++i) {
        m_steps << new Step(i + 1, steps.at(i), this);
        layout->addWidget(m_steps.last());
    }
    layout->addStretch(1);

    auto *box = new Card;
    box->setObjectName(QStringLiteral("changeBox"));
    auto *inside = new QWidget;
    auto *row = new QHBoxLayout(inside);
    row->setContentsMargins(12, 10, 12, 10);
    row->setSpacing(8);
    row->addWidget(m_noteGlyph, 0, Qt::AlignTop);
    auto *words = new QVBoxLayout;
    words->setSpacing(0);
    m_title->setWordWrap(true);
    m_noteHead->setWordWrap(true);
    m_noteText->setWordWrap(true);
    m_noteHead->setObjectName(QStringLiteral("changeHead"));
    m_noteText->setObjectName(QStringLiteral("changeText"));
    words->addWidget(m_noteHead);
    words->addWidget(m_noteText);
    row->addLayout(words, 1);
    // At large text a long note has no room in a low window.
    auto *boxLayout = new QVBoxLayout(box);
    boxLayout->setContentsMargins(0, 0, 0, 0);
    boxLayout->addWidget(new ContentScroll(inside));
    box->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    layout->addWidget(box);
    setCurrent(0);
}

void WizardRail::setHead(const QString &title, const QString &cluster, const QString &source)
{
    m_title->setText(title);
    m_cluster->setText(cluster);
    m_source->setText(QFontMetrics(m_source->font()).elidedText(source, Qt::ElideMiddle, headWidth));
    m_source->setToolTip(source);
    m_source->setVisible(!source.isEmpty() && source != cluster);
}

void WizardRail::setCurrent(int step)
{
    m_current = step;
    for (int i = 0; i < m_steps.size(); ++i)
        m_steps.at(i)->setState(i < step    ? Step::State::Done
                                : i == step ? Step::State::Current
                                            : Step::State::Later);
}

void WizardRail::setNote(const ChangeNote &note)
{
    m_noteGlyph->setGlyph(note.glyph);
    m_noteHead->setText(note.head);
    m_noteText->setText(note.text);
    m_noteText->setVisible(!note.text.isEmpty());
}

QString WizardRail::noteHead() const
{
    return m_noteHead->text();
}

QString WizardRail::noteText() const
{
    return m_noteText->text();
}

void WizardRail::paintEvent(QPaintEvent *)
{
    const Theme &theme = Style::instance().theme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.sunken);
    const double pixel = 1 / devicePixelRatioF();
    painter.fillRect(QRectF(width() - pixel, 0, pixel, height()), theme.border);
}

} // namespace understudy
