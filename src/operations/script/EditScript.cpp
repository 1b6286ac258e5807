// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/script/EditScript.h"

#include "model/Quote.h"

namespace understudy::script {

// The file as it was is copied aside first: its own bytes are part of what is added.
QString editLines(const EditAction &a)
{
    const QString path = quote::shellWord(a.path);
    if (a.creates() && a.takeOut)
        return QStringLiteral("remove_created %1 %2\n").arg(path, a.after);
    if (a.takeOut) {
        QString cut;
        qint64 from = 0, grown = 0;
        for (const EditAction::Insertion &insertion : a.insertions) {
            cut += QStringLiteral("    tail -c +%1 \"$old\" | head -c %2\n")
                       .arg(from + 1)
                       .arg(insertion.at + grown - from);
            grown += insertion.length;
            from = insertion.at + grown;
        }
        cut += QStringLiteral("    tail -c +%1 \"$old\"\n").arg(from + 1);
        return QStringLiteral("edit_file %1 %2 %3 <<'END_OF_EDIT'\n").arg(path, a.after, a.before) + cut +
               QStringLiteral("END_OF_EDIT\n");
    }
    QString parts;
    qint64 from = 0;
    for (const EditAction::Insertion &insertion : a.insertions) {
        parts +=
            QStringLiteral("    tail -c +%1 \"$old\" | head -c %2\n").arg(from + 1).arg(insertion.at - from);
        for (const EditAction::Piece &piece : insertion.pieces) {
            parts += piece.from < 0
                         ? QStringLiteral("    printf '%s' ") + quote::shellWord(piece.text) + u'\n'
                         : QStringLiteral("    tail -c +%1 \"$old\" | head -c %2\n")
                               .arg(piece.from + 1)
                               .arg(piece.length);
        }
        from = insertion.at;
    }
    if (a.creates()) {
        // The first line of the parts is the file before the insertion, of which the new one has nothing.
        return QStringLiteral("create_file %1 %2 %3 %4 <<'END_OF_EDIT'\n")
                   .arg(path, a.before, a.after, quote::shellWord(a.source)) +
               parts.mid(parts.indexOf(u'\n') + 1) + QStringLiteral("END_OF_EDIT\n");
    }
    parts += QStringLiteral("    tail -c +%1 \"$old\"\n").arg(from + 1);
    return QStringLiteral("edit_file %1 %2 %3 <<'END_OF_EDIT'\n").arg(path, a.before, a.after) + parts +
           QStringLiteral("END_OF_EDIT\n");
}

} // namespace understudy::script
