// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/panels/ClearedList.h"
#include "gui/panels/DockHead.h"
#include "gui/panels/FindingCard.h"

#include <QScrollArea>
#include <QVBoxLayout>

namespace understudy {

/// Cards of findings, each kept as long as its finding lives: order, scroll place and what was opened stay.
class FindingsList final : public QWidget
{
    Q_OBJECT
public:
    explicit FindingsList(QWidget *parent = nullptr);
    void set(const QList<Finding> &findings, const Topology &topology);
    QList<FindingCard *> cards() const { return m_cards; } ///< As shown, worst first

private:
    QVBoxLayout *m_layout;
    QList<FindingCard *> m_cards;
};

/// The findings of the whole cluster, worst first, and below them what cleared lately.
class FindingsPanel final : public PanelWidget
{
    Q_OBJECT
public:
    explicit FindingsPanel(QWidget *parent = nullptr);
    void set(const Topology &topology);
    QList<FindingCard *> cards() const { return m_list->cards(); }
    QScrollArea *area() const { return m_area; }

private:
    QScrollArea *m_area;
    FindingsList *m_list;
    ClearedList *m_cleared;
    QWidget *m_none;
    TextLabel *m_noneTitle, *m_noneWords;
};

/// A scroll area that shows the panel below it.
QScrollArea *makePanelArea(QWidget *content, QWidget *parent);

} // namespace understudy
