// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <memory>

class QApplication;

namespace understudy {

class PictureSource;

struct WindowOptions
{
    bool demo = false; ///< --demo: start the embedded cluster and show it
    QString cluster;   ///< What was named on the command line; empty: first-run page
    QString theme;     ///< light, dark or empty: follow the system
};

/// Font, palette, style sheet and icons, once per process.
void prepareApplication(QApplication &, const QString &theme);
/// Runs the window until it is closed; the exit code.
int runWindow(QApplication &, const WindowOptions &);
/// Plays the guided tour into @p folder: the same window, the same wizard, page by page on the real demo
/// cluster. 0 only if standby2 streams and the counts match. With a @p cluster: the window on that, and what
/// a recording or a re-attach looks like; 0 if the pictures were taken.
int runTour(QApplication &, const QString &folder, const QString &cluster = {});
/// Charts for reports.
std::unique_ptr<PictureSource> makePictureSource();

} // namespace understudy
