// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Result.h"

#include <functional>
#include <optional>

namespace understudy {

/// What is written down about the one demo of this user, beside its cluster file, so that whoever comes
/// later can stop and clear away what a killed process left.
struct DemoRecord
{
    QString folder;
    QString serverUser; ///< Operating-system user of the servers; empty: as we are.
    qint64 ownerPid = 0;
    qint64 guardPid = 0;
    bool keep = false;
};

std::optional<DemoRecord> readDemoRecord();
Result<void> writeDemoRecord(const DemoRecord &record);
/// Removes the record and the cluster file, if they still speak of @p folder.
void removeDemoRecord(const QString &folder);

/// Holds while a demo runs or is being started; goes with the last process that has it open, however that
/// ends. One a user.
class DemoLock
{
public:
    DemoLock() = default;
    DemoLock(DemoLock &&other) noexcept;
    DemoLock &operator=(DemoLock &&other) noexcept;
    ~DemoLock();

    /// Waits up to @p waitMs for another process to let go.
    static Result<DemoLock> take(int waitMs);
    int fd() const { return m_fd; }

private:
    int m_fd = -1;
};

/// Who runs PostgreSQL: it refuses root, which therefore lends it the user "postgres". Empty: as we are.
Result<QString> demoServerUser();

/// A new private folder (0700) with our marker in it, owned and reachable by @p serverUser. @p record is
/// called with its path before it exists: what is not written down is never made.
Result<QString> createDemoFolder(const QString &serverUser,
                                 const std::function<Result<void>(const QString &)> &record);

/// A folder that createDemoFolder made, by name and marker. Nothing else is ever removed.
bool isDemoFolder(const QString &folder);

/// Stops every server below the folder and removes it. Fine when it is gone; refuses one without our marker.
Result<void> clearDemoFolder(const QString &folder);

QString demoPauseFile(const QString &folder); ///< While it exists the write load rests.

} // namespace understudy
