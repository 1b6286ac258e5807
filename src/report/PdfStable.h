// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace understudy {

/// A PDF of Qt's writer without its clock and its random document id, so that the same picture has the same
/// bytes. Everything keeps its length: the cross-reference table stays right.
QByteArray stablePdf(QByteArray pdf);

} // namespace understudy
