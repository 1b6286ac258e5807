// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/preflight/CheckContext.h"

#include <vector>

namespace understudy {

/// A row of the table: what it is called, what it asks, where the manual speaks of it.
struct CheckDefinition
{
    QString id;
    CheckGroup group;
    QString title;
    QString manual;
    bool needsServer; ///< It is asked only when the upstream answers, with a session there.
    void (*run)(CheckRun &);
};

/// The rows for a request, in their order; the first says whether the upstream answers. Which there are
/// depends on where the new standby is to live. Pure.
std::vector<CheckDefinition> checkDefinitions(const CheckContext &cx);

} // namespace understudy
