// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "history/StoreDialect.h"

#include <functional>

namespace understudy {

/// One step of the schema: from the version before to `version`, in one transaction.
struct StoreStep
{
    int version = 0;
    std::function<Stored<void>(StoreConnection &)> apply;
};

/// Every step, the oldest first; the last one's version is what this program writes.
const QList<StoreStep> &storeSteps();

/// Brings a store to the version of the last of @p steps; one transaction a step, so that it is at one
/// version or at the next, whatever happens. A newer store is left alone: StoreProblem::Kind::Newer.
Stored<void> migrateStore(StoreConnection &connection, const QList<StoreStep> &steps = storeSteps());
/// Whether it can be read as it is.
Stored<void> checkStoreVersion(StoreConnection &connection, const QList<StoreStep> &steps = storeSteps());

} // namespace understudy
