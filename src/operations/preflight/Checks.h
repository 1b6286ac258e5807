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
void keeper(CheckRun &);
void loginRules(CheckRun &);
void foreignFiles(CheckRun &);
void dataDirectory(CheckRun &);
void diskSpace(CheckRun &);
void tablespaces(CheckRun &);
void settingsParity(CheckRun &);
void clock(CheckRun &);
void collation(CheckRun &);

// The target cannot be reached: these say what its script does instead. See UnseenMachine.h.
void leftToScript(CheckRun &);
void toldByScript(CheckRun &); ///< It warns and goes on.
void loginByScript(CheckRun &);

// The target is a Compose project: its engine and its file
void composeEngine(CheckRun &);
void composeFile(CheckRun &);
void composeNames(CheckRun &);
void composePort(CheckRun &);
// The new service, as its model shows it
void composeLogin(CheckRun &);
void composeNetwork(CheckRun &);
void composeImage(CheckRun &);
void composeVolume(CheckRun &);
void composeDisk(CheckRun &);
void composeTablespaces(CheckRun &);
void composeSettings(CheckRun &);
void composeClock(CheckRun &);

// What the choices of a person ask for
void compression(CheckRun &);
void walDirectory(CheckRun &);
void keptWal(CheckRun &); ///< Without a slot, in the place of slotRetention.
void applyDelay(CheckRun &);
void restoreCommand(CheckRun &);

// Names and effect
void newNames(CheckRun &);
void effectOnCommits(CheckRun &);
void walSentTwice(CheckRun &);

/// Judges @p freeBytes against the upstream's size and the WAL of the copy. @p look: a command that shows the
/// space; @p otherPlace: what to do, a sentence.
void judgeSpace(CheckRun &run, qint64 freeBytes, const QString &look, const QString &otherPlace,
                const QString &field);

/// The space of every file system that the copy goes to, where it goes to several directories.
void diskSpaceByPlace(CheckRun &run);

/// `test` with these words succeeds as the user of the new server.
bool testAsServer(const CheckContext &cx, const QStringList &words);

} // namespace understudy::checks
