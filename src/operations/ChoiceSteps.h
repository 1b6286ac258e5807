// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/AddStandbySteps.h"

namespace understudy {

/// Makes the directory of pg_wal, where it is to be elsewhere. Pure, like every step.
Step walDirectoryStep(const AddStandbyDraft &);
/// Each makes the directory of one tablespace that is mapped.
QList<Step> tablespaceSteps(const AddStandbyDraft &);
/// Checks the copy against its manifest, before anything in it is changed.
Step verifyBackupStep(const AddStandbyDraft &);

/// A step on a machine that was not looked at: a directory that is absent is made, an empty one is used, and
/// the undo does what belongs to it. @p key tells the directories of one plan apart.
void addUnseenDirectory(Step &step, const AddStandbyDraft &d, const QString &path, const QString &key);

/// Directories beside the data directory that the copy fills.
QStringList placesOf(const AddStandbyDraft &);
/// Why the copy is made as it is, beyond what every copy has: sentences with a blank in front, or nothing.
QString copyWords(const AddStandbyDraft &);
/// The lines of postgresql.auto.conf that follow from the choices.
QString choiceLines(const AddStandbyDraft &);
/// True once the standby is connected: it reads its slot, or replicates by its name where it has none.
WaitAction attached(const AddStandbyDraft &);

} // namespace understudy
