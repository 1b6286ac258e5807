// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/AddStandby.h"

namespace understudy {

/// A setting with which the new standby would not start.
struct LowerSetting
{
    QString name;
    qint64 standby = 0, primary = 0;
    bool operator==(const LowerSetting &) const = default;
};

/// The settings of @p names that would be lower on the new standby than on the primary. It has its model's
/// command, the files of its @p upstream, and else the built-in value (@p builtIn). What is not known is not
/// judged. Pure.
QList<LowerSetting> lowerSettings(const QMap<QString, ServerSetting> &primary,
                                  const QMap<QString, ServerSetting> &upstream,
                                  const QMap<QString, ServerSetting> &model,
                                  const QMap<QString, qint64> &builtIn, const QStringList &names);

} // namespace understudy
