// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/wizard/WizardWorker.h"

#include <QByteArray>
#include <QString>

class QWidget;

namespace understudy {

/// Asks where to save (without blocking), makes the content and writes it on @p worker. Says how it ended in
/// a line that the wizard shows in its footer.
void saveTextFile(QWidget *parent, WizardWorker *worker, const QString &title, const QString &suggestedName,
                  std::function<QByteArray()> content, bool executable = false);

/// A line for the footer of the wizard that @p page stands in: "Saved as /home/dba/add-standby2.sh".
void sayInFooter(QWidget *page, const QString &words);

} // namespace understudy
