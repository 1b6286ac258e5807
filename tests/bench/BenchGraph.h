// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "BenchResult.h"

namespace understudy::bench {

struct GraphBench
{
    int nodes = 1000;
    int rounds = 40; ///< Frames of each kind
    double scale = 1;
};

/// A graph of many nodes in a window of 1600 x 900: a tick that changes every node, panning and zooming,
/// against a stock QGraphicsView with an item for each text. Interleaved, on the GUI thread.
QList<Result> measureGraph(const GraphBench &bench);
/// Laying it out, alone.
QList<Result> measureLayout(const GraphBench &bench);

} // namespace understudy::bench
