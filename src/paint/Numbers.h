// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QPainter>

namespace understudy {

/// Draws text whose digits stand in cells of the widest digit, so that live numbers do not dance (Inter's
/// digits are proportional and Qt before 6.7 cannot ask for tabular ones).
void drawTabular(QPainter &, const QRectF &rect, int alignment, const QString &text);
/// The same in a font that need not be the painter's.
void drawTabular(QPainter &, const QFont &, const QRectF &rect, int alignment, const QString &text);
double tabularWidth(const QFont &, const QString &text);

} // namespace understudy
