// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace understudy {

/// A row that lies in a card from edge to edge: its fill, its lines, and the card's corners where it meets
/// them. Table heads, group heads, rows and footers of the wizard are made of it.
class Strip : public QWidget
{
    Q_OBJECT
public:
    enum Edge { Plain = 0, TopLine = 1, BottomLine = 2, RoundTop = 4, RoundBottom = 8 };
    /// The last two have no fill: their lines close an opened warning or failure.
    enum class Fill { None, Sunken, Accent, Warn, Crit, WarnLine, CritLine };

    explicit Strip(int edges = Plain, Fill fill = Fill::None, QWidget *parent = nullptr);
    void setFill(Fill fill);
    void setEdges(int edges);

protected:
    void paintEvent(QPaintEvent *) override;

private:
    int m_edges;
    Fill m_fill;
};

} // namespace understudy
