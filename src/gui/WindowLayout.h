// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/Style.h"

#include <QByteArray>

namespace understudy {

/// What the window remembers from one start to the next: a small file in the user's configuration.
struct WindowLayout
{
    QByteArray geometry, docks;
    Style::Choice theme = Style::Choice::System;

    static WindowLayout load();
    void save() const;
};

} // namespace understudy
