// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/VerifyTable.h"

#include "gui/Style.h"
#include "gui/wizard/Strip.h"
#include "model/Format.h"
#include "paint/Numbers.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

namespace understudy {

namespace {

TextLabel *head(const QString &text)
{
    return new TextLabel(TextRole::LabelStrong, text, nullptr, TextLabel::Tone::Text3);
}

/// A number whose digits stand under those of its neighbours.
class BigNumber final : public QWidget
{
public:
    BigNumber(const QString &text, bool known) : m_text(text), m_known(known)
    {
        setAccessibleName(text);
        setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    }
    QSize sizeHint() const override
    {
        const QFont font = textFont(TextRole::Title, QApplication::font());
        return {int(tabularWidth(font, m_text)) + 2, QFontMetrics(font).height()};
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        const Theme &theme = Style::instance().theme();
        QPainter painter(this);
        painter.setFont(textFont(m_known ? TextRole::Title : TextRole::Body, QApplication::font()));
        painter.setPen(m_known ? theme.text : theme.text3);
        drawTabular(painter, rect(), Qt::AlignRight | Qt::AlignVCenter, m_text);
    }

private:
    QString m_text;
    bool m_known;
};

void clear(QLayout *layout)
{
    while (QLayoutItem *item = layout->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
}

/// Primary or its series mark, as everywhere else.
QWidget *signOf(const NodeId &id, const WizardState &state)
{
    const int slot = state.extras().value(id).seriesSlot;
    const Node *node = state.node(id);
    QWidget *sign = nullptr;
    if (slot >= 0 || (node && node->role == Role::Standby)) {
        sign = new SeriesMark(slot);
    } else {
        auto *glyph = new GlyphLabel(14);
        glyph->setGlyph(Glyph::CylinderFilled);
        sign = glyph;
    }
    sign->setMinimumWidth(16); // The names stand under each other, whatever the sign.
    return sign;
}

} // namespace

VerifyTable::VerifyTable(QWidget *parent) : Card(parent)
{
    setObjectName(QStringLiteral("verifyTable"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto *top = new Strip(Strip::RoundTop | Strip::BottomLine, Strip::Fill::Sunken);
    top->setFixedHeight(32);
    auto *row = new QHBoxLayout(top);
    row->setContentsMargins(40, 0, 16, 0);
    row->setSpacing(8);
    row->addWidget(head(tr("Verified")), 100);
    row->addWidget(head(tr("Expected")), 110);
    row->addWidget(head(tr("Actual")), 140);
    layout->addWidget(top);
    m_rows = new QVBoxLayout;
    m_rows->setSpacing(0);
    layout->addLayout(m_rows);
    layout->addStretch(1);
}

void VerifyTable::setResult(const VerifyResult &result)
{
    clear(m_rows);
    for (int i = 0; i < result.rows.size(); ++i) {
        const VerifyRow &fact = result.rows.at(i);
        auto *strip = new Strip(i > 0 ? Strip::TopLine : Strip::Plain);
        strip->setMinimumHeight(m_rowHeight);
        auto *row = new QHBoxLayout(strip);
        row->setContentsMargins(16, 2, 16, 2);
        row->setSpacing(8);
        auto *glyph = new GlyphLabel(16);
        glyph->setGlyph(fact.pass ? Glyph::CheckPass : fact.unknown ? Glyph::Unknown : Glyph::CheckFail);
        row->addWidget(glyph);
        const auto cell = [row](TextRole role, const QString &text, TextLabel::Tone tone, int stretch) {
            auto *label = new TextLabel(role, text, nullptr, tone);
            label->setWordWrap(true);
            label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
            label->setTextInteractionFlags(Qt::TextSelectableByMouse);
            row->addWidget(label, stretch);
        };
        cell(TextRole::BodyMedium, fact.what, TextLabel::Tone::Text, 100);
        cell(TextRole::Body, fact.expected, TextLabel::Tone::Text2, 110);
        cell(TextRole::Body, fact.actual,
             fact.pass || fact.unknown ? TextLabel::Tone::Text : TextLabel::Tone::Crit, 140);
        strip->setAccessibleName(tr("%1: expected %2, actual %3, %4")
                                     .arg(fact.what, fact.expected, fact.actual,
                                          fact.pass      ? tr("passed")
                                          : fact.unknown ? tr("could not be told")
                                                         : tr("failed")));
        m_rows->addWidget(strip);
    }
}

RowCountCard::RowCountCard(QWidget *parent)
    : Card(parent), m_head(head({})),
      m_words(new TextLabel(TextRole::Small, {}, nullptr, TextLabel::Tone::Text2))
{
    setObjectName(QStringLiteral("rowCounts"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto *top = new Strip(Strip::RoundTop | Strip::BottomLine, Strip::Fill::Sunken);
    top->setMinimumHeight(32);
    auto *row = new QHBoxLayout(top);
    row->setContentsMargins(16, 0, 16, 0);
    m_head->setText(tr("Row count"));
    m_head->setWordWrap(true);
    row->addWidget(m_head, 1);
    row->addWidget(head(tr("Rows")));
    layout->addWidget(top);
    m_rows = new QVBoxLayout;
    m_rows->setSpacing(0);
    layout->addLayout(m_rows);
    layout->addStretch(1);
    auto *foot = new Strip(Strip::RoundBottom | Strip::TopLine, Strip::Fill::Sunken);
    auto *footRow = new QHBoxLayout(foot);
    footRow->setContentsMargins(16, 10, 16, 10);
    m_words->setWordWrap(true);
    m_words->setObjectName(QStringLiteral("countWords"));
    footRow->addWidget(m_words);
    layout->addWidget(foot);
}

void RowCountCard::setCounts(const QList<RowCount> &counts, const WizardState &state)
{
    clear(m_rows);
    if (counts.isEmpty()) {
        m_words->setText(tr("No table was counted."));
        return;
    }
    const RowCount &count = counts.constFirst();
    m_head->setText(tr("Row count, %1").arg(count.table));
    m_head->setToolTip(count.table);
    for (int i = 0; i < count.nodes.size(); ++i) {
        const RowCount::OnNode &on = count.nodes.at(i);
        auto *strip = new Strip(i > 0 ? Strip::TopLine : Strip::Plain);
        strip->setMinimumHeight(m_rowHeight);
        auto *row = new QHBoxLayout(strip);
        row->setContentsMargins(16, 2, 16, 2);
        row->setSpacing(10);
        row->addWidget(signOf(on.node, state));
        auto *names = new QVBoxLayout;
        names->setSpacing(0);
        names->addStretch(1);
        // A long name wraps where it may, and is whole in the tip.
        auto *name = new TextLabel(TextRole::BodyMedium, on.name);
        name->setWordWrap(true);
        name->setToolTip(on.name);
        names->addWidget(name);
        names->addWidget(new TextLabel(TextRole::Label, on.note.isEmpty() ? on.address : on.note, nullptr,
                                       TextLabel::Tone::Text3));
        names->addStretch(1);
        row->addLayout(names, 1);
        row->addWidget(new BigNumber(on.rows ? format::count(*on.rows) : tr("unknown"), on.rows.has_value()));
        auto *glyph = new GlyphLabel(16);
        glyph->setGlyph(!on.rows ? Glyph::Unknown : count.pass ? Glyph::CheckPass : Glyph::CheckFail);
        row->addWidget(glyph);
        m_rows->addWidget(strip);
    }
    QStringList words;
    if (!count.words.isEmpty())
        words << count.words;
    else if (!count.countedAt.isEmpty())
        words << tr("Counted at %1, on each standby once it had replayed past that point.")
                     .arg(count.countedAt);
    if (counts.size() > 1) {
        const auto good =
            std::count_if(counts.begin(), counts.end(), [](const RowCount &c) { return c.pass; });
        words << tr("%1 of %2 tables agree.").arg(good).arg(counts.size());
    }
    m_words->setText(words.join(u' '));
}

} // namespace understudy
