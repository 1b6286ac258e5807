// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

/// The only place that quotes. Everything from outside goes through one of these before it becomes part of a
/// statement or a command.
namespace understudy::quote {

/// "na""me": an SQL identifier.
QString sqlIdentifier(const QString &name);
/// 'it''s' or E'...' where a backslash is inside: an SQL string.
QString sqlLiteral(const QString &text);
/// A word that a POSIX shell reads back as exactly @p word. Plain words stay bare.
QString shellWord(const QString &word);
/// Words joined by single blanks.
QString shellCommand(const QStringList &argv);
/// A value of a libpq conninfo string.
QString conninfoValue(const QString &value);
/// A value of postgresql.conf, with its quotes.
QString confValue(const QString &value);
/// A word of a command in a systemd unit (ExecStart=), always in quotes; systemd.service(5), systemd.unit(5).
QString unitWord(const QString &word);
/// A field of a .pgpass file: ':' and '\' escaped.
QString passfileField(const QString &value);

/// Text from outside, to be shown: control characters and marks that turn the direction of writing stand in
/// it as visible escapes (\n, \x1b, \u202e), so that they act on nothing.
QString visible(const QString &text);

} // namespace understudy::quote
