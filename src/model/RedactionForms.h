// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/NodeSnapshot.h"

#include <QStringList>

/// How names and addresses look, as far as it can be told from a text alone.
namespace understudy::redaction {

/// Lower case, character by character, so that positions stay.
QString folded(const QString &text);
/// Names that tell nothing: a role and a number, programs of PostgreSQL, Debian's cluster names.
bool isPlain(const QString &name);
/// A part of a domain that everybody's has.
bool isEverywhere(const QString &label);
/// An address in numbers, not a name.
bool isAddress(const QString &host);
/// "ghost:[::1]:5432:slot" -> "::1"; empty where there is none.
QString hostOfId(const NodeId &id);
/// Everything in @p text that looks like a host or an address.
QStringList addressesIn(const QString &text);

} // namespace understudy::redaction
