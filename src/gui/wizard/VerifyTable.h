// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/wizard/WizardState.h"

#include "gui/parts/Parts.h"

class QGridLayout;
class QVBoxLayout;

namespace understudy {

/// Expected beside actual, a shape a row.
class VerifyTable final : public Card
{
    Q_OBJECT
public:
    explicit VerifyTable(QWidget *parent = nullptr);
    void setResult(const VerifyResult &result);
    void setRowHeight(int height) { m_rowHeight = height; } ///< Before setResult()

private:
    int m_rowHeight = 39;
    QVBoxLayout *m_rows;
};

/// Row counts of one table, large, with equal digits under each other.
class RowCountCard final : public Card
{
    Q_OBJECT
public:
    explicit RowCountCard(QWidget *parent = nullptr);
    void setRowHeight(int height) { m_rowHeight = height; } ///< Before setCounts()
    void setCounts(const QList<RowCount> &counts, const WizardState &state);

private:
    int m_rowHeight = 56;
    TextLabel *m_head;
    QVBoxLayout *m_rows;
    TextLabel *m_words;
};

} // namespace understudy
