// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Topology.h"

class QAccessibleEvent;

namespace understudy {

class GraphView;

/// The graph for a screen reader: every node and then every link that is drawn is a child of the view, with a
/// name, a sentence, a place, states and something to press. GUI thread.
namespace graphaccess {

/// Where events go: to Qt, unless a test listens where the platform has nobody who would.
using Teller = void (*)(QAccessibleEvent *event);
void setTeller(Teller teller);

void install(); ///< Once for all views; more often does no harm.
void structureChanged(GraphView *view);
void selectionChanged(GraphView *view, const NodeId &node);
void focusChanged(GraphView *view, const NodeId &node);
void linkSelected(GraphView *view, const NodeId &downstream);
void linkFocused(GraphView *view, const NodeId &downstream);
/// After a look: tells of the nodes and links whose state is another one.
void looked(GraphView *view);

} // namespace graphaccess
} // namespace understudy
