// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/preflight/CheckContext.h"

/// What a copy costs, estimated from what was measured.
namespace understudy::estimates {

/// Bytes of all tablespaces of the upstream; nothing when it may not be read or takes too long.
Result<qint64> clusterBytes(CheckRun &run);

/// Seconds that a copy of @p bytes takes: at @p maxRate ("20M", "512k", empty: none), else at a modest 50
/// MB/s.
double copySeconds(qint64 bytes, const QString &maxRate);

/// WAL written meanwhile at the measured rate, doubled, one segment at least.
qint64 walDuringCopy(qint64 bytes, std::optional<double> walRate, const QString &maxRate);

/// Room left over on purpose: a twentieth of the data, at least 64 MB.
qint64 reserve(qint64 bytes);

/// A limit for max_slot_wal_keep_size as PostgreSQL writes it ("16GB"): the largest power of two that is at
/// most a third of the free disk and not below @p least where that fits.
QString suggestedLimit(std::optional<qint64> freeBytes, qint64 least);

/// pg_basebackup's --max-rate in bytes a second; 0: none or not understood.
qint64 parseMaxRate(const QString &text);

} // namespace understudy::estimates
