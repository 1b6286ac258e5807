// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/NodeSnapshot.h"

#include <QSqlQuery>

namespace understudy {

/// Reads the one row of look_*.sql, on which @p query stands, into @p snapshot. Everything in it is taken for
/// hostile: what cannot be read stays unknown. Gives the time the server loaded its configuration.
qint64 readLookRow(const QSqlQuery &query, NodeSnapshot &snapshot);

/// Reads the one row of vitals_*.sql, on which @p query stands; @p nowUs is our wall clock.
Vitals readVitalsRow(const QSqlQuery &query, qint64 nowUs);

/// Puts the rows of settings.sql into @p snapshot. primary_conninfo loses its password and leaves the map.
void takeSettings(QMap<QString, QString> settings, NodeSnapshot &snapshot);
/// Copies what takeSettings() found into another look. A conninfo that the receiver told stays.
void tellSettings(const NodeSnapshot &from, NodeSnapshot &snapshot);

} // namespace understudy
