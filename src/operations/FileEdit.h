// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/Plan.h"

namespace understudy {

/// The bytes of @p file with what @p edit adds. An error if the file is not the one that the edit was made
/// for: somebody changed it meanwhile. Pure.
Result<QByteArray> withInsertions(const QByteArray &file, const EditAction &edit);

/// The bytes of @p file without what @p edit had added; the file as it is if nothing of it is there. Where
/// the file was changed elsewhere meanwhile, the insertions are looked for as a whole, at the beginnings of
/// lines; one that was changed itself is an error. Pure.
Result<QByteArray> withoutInsertions(const QByteArray &file, const EditAction &edit);

/// An edit that adds @p inserted (at byte offsets of @p file, in order, each whole lines) to @p file. Lines
/// that stand in the file already are copied by their place and not written down. An error if one of @p
/// secrets would have to be. Pure.
struct TextInsertion
{
    qint64 at = 0;
    QByteArray text;
    int line = 0;  ///< The number of its first line in the file as it will be.
    QString shown; ///< Its lines for people, passwords hidden.
};
Result<EditAction> editOf(const QByteArray &file, const QList<TextInsertion> &inserted,
                          const QStringList &secrets);

/// A new file with @p text, of which @p shown is for people, and whose lines with one of @p secrets are
/// copied from @p source: the whole line where it stands there, else the secret alone. An error if it does
/// not stand there. Pure.
Result<EditAction> creationOf(const QByteArray &source, const QByteArray &text, const QString &shown,
                              const QStringList &secrets);

/// The bytes of the new file. An error if @p source is not the file that it was made from. Pure.
Result<QByteArray> createdText(const QByteArray &source, const EditAction &creation);

/// SHA-256 in hexadecimal, as sha256sum prints it.
QString sha256(const QByteArray &bytes);

} // namespace understudy
