// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

/// Shell scripts of a plan for a Compose project. None holds a dollar and a brace: to a plan that is a
/// placeholder.
namespace understudy::composeScripts {

/// Fails if there is a volume $3 (may be empty) or a container of service $2 of project $1.
extern const QString nothingThere;
/// Ends a Compose that outlived its app (which was killed) and would still make what is being removed. $1:
/// all of its words, one a line; $2: one of them, by which candidates are found.
extern const QString endCompose;
/// Removes the containers of service $4 of project $3, also one that was only being made, and then volume $5
/// (may be empty).
extern const QString removeService;
/// Stops the containers of service $2 of project $1. Asks the engine and not Compose: when an undo is tried
/// again the service may stand in no file any more.
extern const QString stopService;
/// Ends the container $2 of a copy, whatever became of it.
extern const QString removeOneOff;
/// A shell function for a container of the service, where it is run as root: as_postgres COMMAND...
extern const QString asPostgres;
/// Takes a line for a passfile from stdin and has libpq of user postgres use it while the container lives.
extern const QString takePassfile;
/// Runs in the new service's container, as root, behind `asPostgres`: the place of its data is handed to the
/// image's postgres, then everything is done as that user. $1: data directory, $2: lines of settings, $3:
/// where the passfile that comes over stdin is kept (empty: none); the rest is the copying command.
extern const QString copyInside;
/// Runs in a container of the service, as root: empties the directory $1, and gives it the owner $2 and the
/// mode $3 (may be empty).
extern const QString emptyInside;

} // namespace understudy::composeScripts
