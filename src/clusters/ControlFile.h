// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace understudy {

/// The system identifier of a data directory on this machine, in decimal as the server says it; empty when
/// it may not be read. It is the first field of global/pg_control in every version.
QString systemIdentifierOf(const QString &dataDirectory);

} // namespace understudy
