// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/Style.h"
#include "gui/parts/Parts.h"

#include <QButtonGroup>
#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QStyle>

namespace understudy {

namespace {

constexpr int widestLargeLabel = 160; ///< Unless one word alone is wider

} // namespace

CodeBox::CodeBox(const QString &text, QWidget *parent) : QFrame(parent)
{
    setProperty("kind", QStringLiteral("sunken"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 6, 6, 6);
    layout->setSpacing(8);
    auto *label = new TextLabel(TextRole::Mono, text, this);
    m_label = label;
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_copy = new QToolButton(this);
    m_copy->setIcon(Style::instance().icon(QStringLiteral("edit-copy")));
    m_copy->setToolTip(tr("Copy"));
    m_copy->setAccessibleName(tr("Copy"));
    layout->addWidget(m_label, 1);
    layout->addWidget(m_copy, 0, Qt::AlignTop);
    connect(m_copy, &QToolButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_label->text()); });
}

void CodeBox::setText(const QString &text)
{
    if (text != m_label->text())
        m_label->setText(text);
}

QString CodeBox::text() const
{
    return m_label->text();
}

Segment::Segment(const QStringList &labels, QWidget *parent) : QFrame(parent)
{
    setProperty("kind", QStringLiteral("segment"));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->setSpacing(0);
    auto *group = new QButtonGroup(this);
    for (int i = 0; i < labels.size(); ++i) {
        auto *button = new QToolButton(this);
        button->setText(labels.at(i));
        button->setCheckable(true);
        button->setIconSize({16, 16});
        button->setProperty("place", labels.size() == 1       ? QStringLiteral("only")
                                     : i == 0                 ? QStringLiteral("first")
                                     : i == labels.size() - 1 ? QStringLiteral("last")
                                                              : QStringLiteral("middle"));
        group->addButton(button, i);
        layout->addWidget(button);
        m_buttons << button;
    }
    if (!m_buttons.isEmpty())
        m_buttons.constFirst()->setChecked(true);
    connect(group, &QButtonGroup::idClicked, this, &Segment::changed);
}

void Segment::setIcon(int index, const QString &breezeName)
{
    QToolButton *button = m_buttons.value(index);
    if (!button)
        return;
    button->setIcon(Style::instance().icon(breezeName));
    button->setIconSize(button->text().isEmpty() ? QSize(16, 16) : QSize(18, 16));
    button->setToolButtonStyle(button->text().isEmpty() ? Qt::ToolButtonIconOnly
                                                        : Qt::ToolButtonTextBesideIcon);
}

int Segment::current() const
{
    for (int i = 0; i < m_buttons.size(); ++i) {
        if (m_buttons.at(i)->isChecked())
            return i;
    }
    return -1;
}

void Segment::setCurrent(int index)
{
    if (QToolButton *button = m_buttons.value(index)) {
        button->setChecked(true);
        return;
    }
    for (QToolButton *button : std::as_const(m_buttons)) {
        QButtonGroup *group = button->group();
        group->setExclusive(false);
        button->setChecked(false);
        group->setExclusive(true);
    }
}

void Segment::setSegmentVisible(int index, bool visible)
{
    if (QToolButton *button = m_buttons.value(index))
        button->setVisible(visible);
    QList<QToolButton *> shown;
    for (QToolButton *button : std::as_const(m_buttons)) {
        if (!button->isHidden())
            shown << button;
    }
    for (int i = 0; i < shown.size(); ++i) {
        shown.at(i)->setProperty("place", shown.size() == 1       ? QStringLiteral("only")
                                          : i == 0                ? QStringLiteral("first")
                                          : i == shown.size() - 1 ? QStringLiteral("last")
                                                                  : QStringLiteral("middle"));
        style()->unpolish(shown.at(i)); // The sheet looks at a property only when it polishes.
        style()->polish(shown.at(i));
    }
}

FactsGrid::FactsGrid(QWidget *parent, int labelWidth) : QWidget(parent), m_labelWidth(labelWidth)
{
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(0);
    grid->setColumnStretch(1, 1);
}

void FactsGrid::setFacts(const QList<Fact> &facts)
{
    auto *grid = static_cast<QGridLayout *>(layout());
    const double scale = qMax(1.0, QFontMetricsF(QGuiApplication::font()).height() / 16.0);
    // At twice the text a panel is no wider: long labels wrap then.
    const bool large = scale > 1.3;
    const int usual = qRound((m_labelWidth - 8) * scale);
    grid->setColumnMinimumWidth(0, large ? qMin(usual, widestLargeLabel) : usual);
    for (int i = 0; i < facts.size(); ++i) {
        const Fact &fact = facts.at(i);
        if (i < m_rows.size() && m_rows.at(i).second->property("mono").toBool() != fact.mono) {
            // A row whose font changes is rare: it is made anew.
            delete m_rows[i].second;
            m_rows[i].second = nullptr;
        }
        if (i >= m_rows.size())
            m_rows.append({nullptr, nullptr});
        auto &[label, value] = m_rows[i];
        if (!label) {
            label = new TextLabel(TextRole::Small, {}, this, TextLabel::Tone::Text3);
            grid->addWidget(label, i, 0, Qt::AlignTop);
        }
        if (!value) {
            value = new TextLabel(fact.mono ? TextRole::Mono : TextRole::Small, {}, this);
            value->setProperty("mono", fact.mono);
            value->setWordWrap(true);
            value->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
            value->setFocusPolicy(Qt::ClickFocus);
            grid->addWidget(value, i, 1, Qt::AlignTop);
        }
        const int height = qRound(23 * scale);
        label->setMinimumHeight(height);
        value->setMinimumHeight(height);
        label->setWordWrap(large);
        // A value of two lines begins level with its label, as a value of one line does.
        const int above = qMax(0, (height - value->fontMetrics().height()) / 2);
        value->setContentsMargins(0, above, 0, above);
        if (label->text() != fact.label)
            label->setText(fact.label);
        if (value->text() != fact.value)
            value->setText(fact.value);
        for (TextLabel *one : {label, value}) {
            if (one->toolTip() != fact.tip)
                one->setToolTip(fact.tip);
        }
        value->setAccessibleName(fact.label + QStringLiteral(": ") + fact.value);
        label->show();
        value->show();
    }
    for (qsizetype i = facts.size(); i < m_rows.size(); ++i) {
        m_rows.at(i).first->hide();
        m_rows.at(i).second->hide();
    }
}

QString FactsGrid::asText() const
{
    QStringList lines;
    for (const auto &[label, value] : m_rows) {
        if (!label->isHidden())
            lines << label->text() + QLatin1Char('\t') + value->text();
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace understudy
