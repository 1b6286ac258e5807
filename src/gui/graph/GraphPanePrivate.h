// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/graph/GraphControls.h"
#include "gui/graph/GraphMiniMap.h"
#include "gui/graph/GraphView.h"
#include "gui/graph/NodeTable.h"
#include "gui/parts/Parts.h"

#include <QComboBox>
#include <QLineEdit>
#include <QStackedWidget>

namespace understudy {

/// What the pane is made of; its menu and the keeping of places are in GraphPaneMenu.cpp.
struct GraphPane::Private
{
    GraphView *view = nullptr;
    NodeTable *table = nullptr;
    QStackedWidget *stack = nullptr;
    Segment *kind = nullptr;
    QLineEdit *filter = nullptr;
    QHBoxLayout *head = nullptr;
    QComboBox *direction = nullptr;
    GraphLegend *legend = nullptr;
    ZoomControl *zoom = nullptr;
    GraphMiniMap *map = nullptr;
    TextLabel *found = nullptr;
    QToolButton *more = nullptr;
    QHash<NodeId, QString> systems; ///< Whose cluster a node is
    QSet<QString> asked, loaded;    ///< Clusters whose places were asked for, and have come
    Topology topology;              ///< What the table shows once it is shown
    QHash<NodeId, CardExtras> extras;
    bool tableIsOld = false, saving = false, saveAgain = false;
};

} // namespace understudy
