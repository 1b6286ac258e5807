// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStandardPaths>
#include <QTemporaryDir>

namespace understudy::fixture {

/// Settings and files of this run alone: what another test, or a run that was cut off, has left changes
/// nothing. Before anything asks where they are.
inline void useOwnPlaces()
{
    static const QTemporaryDir home;
    qputenv("HOME", home.path().toLocal8Bit());
    for (const char *name : {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"})
        qunsetenv(name);
    QStandardPaths::setTestModeEnabled(true);
}

} // namespace understudy::fixture
