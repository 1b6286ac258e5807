// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "paint/StateGlyph.h"

#include <QAbstractButton>

namespace understudy {

/// One of several things to choose from, as a row with a radio mark, a sign, two lines of words and a state
/// on the right. A row that cannot be chosen says why.
class ChoiceRow final : public QAbstractButton
{
    Q_OBJECT
public:
    struct Content
    {
        QString title, detail; ///< detail: one line of facts
        QString state;         ///< Right, with its glyph; empty: none
        Glyph stateGlyph = Glyph::Unknown;
        Glyph sign = Glyph::Cylinder;
        int seriesSlot = -1; ///< >= 0: the series mark instead of the sign
        QString reason;      ///< Why it cannot be chosen; empty: it can
    };
    explicit ChoiceRow(const Content &content, QWidget *parent = nullptr);
    void setContent(const Content &content);
    const Content &content() const { return m_content; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *) override;

private:
    Content m_content;
};

} // namespace understudy
