// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/preflight/Preflight.h"

namespace understudy {

/// Pre-flight of several standbys of one plan. What is the same for all is checked once, with the first;
/// what belongs to one (its names, port, directory) for each. Ids of the others are told apart by their
/// names: "standby3/port".
QList<CheckResult> severalChecks(const QList<AddStandbyRequest> &requests, const AddStandbyFacts &facts);

/// As runPreflight(). Blocking.
PreflightResult runPreflight(const QList<AddStandbyRequest> &requests, const AddStandbyFacts &facts,
                             const std::shared_ptr<const SecretSource> &secrets,
                             const QMap<QString, QString> &secretValues, std::stop_token stop = {},
                             const CheckSink &sink = {}, const QStringList &only = {});

/// Which of the requests a check is of, and its id there.
std::pair<int, QString> requestOf(const QString &id, const QList<AddStandbyRequest> &requests);

} // namespace understudy
