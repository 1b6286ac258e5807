// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/Cli.h"
#include "model/Result.h"

#include <QJsonObject>
#include <QStringList>

/// What a verb says. Names and messages of servers are printed as plain text: what a terminal would obey is
/// shown as a visible escape.
namespace understudy::cli {

void print(const QString &text);    ///< To stdout, a line (several when @p text has line breaks)
void progress(const QString &text); ///< To stderr, a line: what happens while it happens
void printJson(const QJsonObject &object);
/// One sentence to stderr, "understudy: ..."; gives @p code back.
int complain(const Error &error, int code);
int complain(const QString &sentence, int code);
void flush();

/// Columns padded with blanks, two between; the last column is as long as it is.
QString table(const QStringList &head, const QList<QStringList> &rows);

} // namespace understudy::cli
