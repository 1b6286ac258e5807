// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRegularExpression>
#include <QString>

/// Text of a plan as text of a shell script.
namespace understudy::script {

/// `${name}` and `${secret:name}`: the first capture is "secret:" or empty, the second the name.
const QRegularExpression &placeholder();
/// A comment of one line, whatever the text holds.
QString comment(QString text);
/// A shell word in which placeholders became variables.
QString word(const QString &text);

} // namespace understudy::script
