// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "paint/StateGlyph.h"

#include <QAbstractButton>
#include <optional>

namespace understudy {

/// A chip that filters a list: a glyph, a word and a count.
class FilterChip final : public QAbstractButton
{
    Q_OBJECT
public:
    FilterChip(const QString &word, std::optional<Glyph> glyph, QWidget *parent = nullptr);
    void setCount(int count);
    int count() const { return m_count; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *) override;

private:
    QString words() const;
    QString m_word;
    std::optional<Glyph> m_glyph;
    int m_count = 0;
};

} // namespace understudy
