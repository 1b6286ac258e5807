// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/preflight/CheckContext.h"

/// One function a check. Each reads, judges and says why; none changes anything. Registered in Preflight.cpp.
namespace understudy::checks {

// The upstream and its settings
void upstreamAnswers(CheckRun &);
void currentReplication(CheckRun &);
void replicationLogin(CheckRun &);
void rights(CheckRun &);
void walSendersAndSlots(CheckRun &);
void walLevel(CheckRun &);
void slotRetention(CheckRun &);
void dataChecksums(CheckRun &);
void archiving(CheckRun &);
void backupRunning(CheckRun &);
void tls(CheckRun &);

// The target
void programs(CheckRun &);
void sameMajorVersion(CheckRun &);
void osUser(CheckRun &);
void port(CheckRun &);
void dataDirectory(CheckRun &);
void diskSpace(CheckRun &);
void tablespaces(CheckRun &);
void settingsParity(CheckRun &);
void clock(CheckRun &);
void collation(CheckRun &);

// Names and effect
void newNames(CheckRun &);
void effectOnCommits(CheckRun &);
void walSentTwice(CheckRun &);

} // namespace understudy::checks
