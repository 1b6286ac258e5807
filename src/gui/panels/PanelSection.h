// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/parts/Parts.h"

#include <QVBoxLayout>

namespace understudy {

/// A section of the inspector below a line; add to @p inside. Without a title where what is in it has one.
QWidget *makePanelSection(QWidget *parent, QVBoxLayout *column, const QString &title, QVBoxLayout **inside);
/// The small "Copy" with what it can copy, a menu; object names as given.
QPushButton *makeCopyButton(QWidget *parent, const QString &name, QAction **asText, QAction **asSql);

} // namespace understudy
