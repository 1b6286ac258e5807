// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/Cli.h"

/// One function a verb; @p arguments are the words after it. Each gives its exit code.
namespace understudy::cli {

using PictureFactory = std::function<std::unique_ptr<PictureSource>()>;

int topologyVerb(const QStringList &arguments);
int preflightVerb(const QStringList &arguments);
int addStandbyVerb(const QStringList &arguments, const PictureFactory &pictures);
int snapshotVerb(const QStringList &arguments, const PictureFactory &pictures);
int recordVerb(const QStringList &arguments);
int demoVerb(const QStringList &arguments);
int operationsVerb(const QStringList &arguments);
int monitoringRoleVerb(const QStringList &arguments);

} // namespace understudy::cli
