// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <functional>
#include <memory>

namespace understudy {

class PictureSource;

/// Exit codes of every verb.
enum ExitCode { ExitDone = 0, ExitFailed = 1, ExitUsage = 2, ExitLeftBehind = 3 };

/// True when the first word is a verb (or --help, --version): no window is needed.
bool isVerb(const QStringList &arguments);
/// Runs a verb. @p pictures makes chart pictures when a report asks for them (starts the GUI parts lazily).
int runVerb(const QStringList &arguments, const std::function<std::unique_ptr<PictureSource>()> &pictures);

} // namespace understudy
