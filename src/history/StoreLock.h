// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "history/StoreProblem.h"

#include <memory>

namespace understudy {

/// That a file has one writer: held as long as this lives, and let go by the system when the process dies,
/// however it dies. A file of its own beside the store (`.writer`), which stays. Any thread.
class StoreLock
{
public:
    static Stored<std::unique_ptr<StoreLock>> take(const QString &storePath);
    ~StoreLock();
    StoreLock(const StoreLock &) = delete;
    StoreLock &operator=(const StoreLock &) = delete;

private:
    explicit StoreLock(int descriptor) : m_descriptor(descriptor) {}
    int m_descriptor;
};

/// Moves a store that cannot be used, and what the database keeps beside it, out of the way: nothing is
/// deleted. Gives the new name.
Stored<QString> setStoreAside(const QString &storePath, qint64 nowUs);

} // namespace understudy
