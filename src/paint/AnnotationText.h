// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QSizeF>
#include <QString>
#include <QTextLayout>

#include <memory>

namespace understudy {

/// The text of a mark in lines, wrapped between words where it can be, at most twelve of them.
struct AnnotationText
{
    std::unique_ptr<QTextLayout> layout; ///< Null: there is no text
    QSizeF size;                         ///< Of what is drawn
    double lineHeight = 0;
};
AnnotationText laidOutText(const QString &text, const QFont &font, double widest);

} // namespace understudy
