// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/FileEdit.h"

#include <QCryptographicHash>
#include <QHash>

namespace understudy {

namespace {

tl::unexpected<Error> changedMeanwhile(const EditAction &edit)
{
    return fail(QStringLiteral("%1 was changed by somebody else after the plan was made.").arg(edit.path),
                QStringLiteral(
                    "Nothing was written. Make the plan again, so that its review shows the file as it is."));
}

// Where a line that begins at @p at ends, its line ending included.
qsizetype lineEnd(const QByteArray &text, qsizetype at)
{
    const qsizetype newline = text.indexOf('\n', at);
    return newline < 0 ? text.size() : newline + 1;
}

bool holdsSecret(const QByteArray &line, const QStringList &secrets)
{
    for (const QString &secret : secrets) {
        // One or two characters stand everywhere and protect nothing.
        if (secret.size() > 2 && line.contains(secret.toUtf8()))
            return true;
    }
    return false;
}

// The lines of a file by their text: the first place each stands at.
QHash<QByteArray, qint64> placesOf(const QByteArray &file)
{
    QHash<QByteArray, qint64> places;
    for (qsizetype at = 0; at < file.size(); at = lineEnd(file, at)) {
        const QByteArray line = file.mid(at, lineEnd(file, at) - at);
        if (!places.contains(line))
            places.insert(line, at);
    }
    return places;
}

void addPiece(EditAction::Insertion &insertion, const QByteArray &line, std::optional<qint64> place)
{
    auto *last = insertion.pieces.isEmpty() ? nullptr : &insertion.pieces.last();
    if (!place) {
        if (last && last->from < 0)
            last->text += QString::fromUtf8(line);
        else
            insertion.pieces << EditAction::Piece{-1, 0, QString::fromUtf8(line)};
        return;
    }
    if (last && last->from >= 0 && last->from + last->length == *place)
        last->length += line.size();
    else
        insertion.pieces << EditAction::Piece{*place, line.size(), {}};
}

Result<QByteArray> textOf(const EditAction::Insertion &insertion, const QByteArray &file)
{
    QByteArray text;
    for (const EditAction::Piece &piece : insertion.pieces) {
        if (piece.from >= 0 &&
            (piece.from > file.size() || piece.length < 0 || piece.length > file.size() - piece.from))
            return fail(QStringLiteral("The plan copies what is not in the file."));
        text += piece.from < 0 ? piece.text.toUtf8() : file.mid(piece.from, piece.length);
    }
    if (text.size() != insertion.length || sha256(text) != insertion.sha256)
        return fail(QStringLiteral("The plan adds something else than was reviewed."));
    return text;
}

} // namespace

namespace {

// The secrets of a line that does not stand in the source, each as a copy of where it stands there.
Result<void> addAround(EditAction::Insertion &insertion, QByteArray line, const QByteArray &source,
                       const QStringList &secrets)
{
    const auto text = [&insertion](const QByteArray &part) {
        if (!part.isEmpty())
            addPiece(insertion, part, std::nullopt);
    };
    while (holdsSecret(line, secrets)) {
        qsizetype at = -1, length = 0;
        for (const QString &secret : secrets) {
            const QByteArray bytes = secret.toUtf8();
            const qsizetype found = secret.size() > 2 ? line.indexOf(bytes) : -1;
            // The longest at the first place: one may be the beginning of another.
            if (found >= 0 && (at < 0 || found < at || (found == at && bytes.size() > length))) {
                at = found;
                length = bytes.size();
            }
        }
        const qint64 place = source.indexOf(line.mid(at, length));
        if (place < 0)
            return fail(
                QStringLiteral("A password of the new service does not stand in the file of its "
                               "model, so the plan would have to keep it."),
                QStringLiteral("Write it into the service of the model, or take it from a variable."));
        text(line.left(at));
        insertion.pieces << EditAction::Piece{place, length, {}};
        line.remove(0, at + length);
    }
    text(line);
    return {};
}

} // namespace

Result<EditAction> creationOf(const QByteArray &source, const QByteArray &text, const QString &shown,
                              const QStringList &secrets)
{
    EditAction edit;
    edit.before = sha256(source);
    edit.after = sha256(text);
    EditAction::Insertion insertion;
    insertion.length = text.size();
    insertion.sha256 = edit.after;
    insertion.line = 1;
    insertion.shown = shown;
    for (qsizetype at = 0; at < text.size(); at = lineEnd(text, at)) {
        const QByteArray line = text.mid(at, lineEnd(text, at) - at);
        if (auto added = addAround(insertion, line, source, secrets); !added)
            return tl::unexpected(added.error());
    }
    edit.insertions = {insertion};
    return edit;
}

Result<QByteArray> createdText(const QByteArray &source, const EditAction &creation)
{
    if (sha256(source) != creation.before)
        return fail(
            QStringLiteral("%1 was changed by somebody else after the plan was made.").arg(creation.source),
            QStringLiteral("Nothing was written. Make the plan again, so that its review shows what "
                           "comes of it."));
    if (creation.insertions.size() != 1)
        return fail(QStringLiteral("The plan makes a file of nothing."));
    return textOf(creation.insertions.constFirst(), source);
}

QString sha256(const QByteArray &bytes)
{
    return QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
}

Result<QByteArray> withInsertions(const QByteArray &file, const EditAction &edit)
{
    if (sha256(file) != edit.before)
        return changedMeanwhile(edit);
    QByteArray out;
    qint64 from = 0;
    for (const EditAction::Insertion &insertion : edit.insertions) {
        if (insertion.at < from || insertion.at > file.size())
            return fail(QStringLiteral("The plan adds something outside of the file."));
        const auto text = textOf(insertion, file);
        if (!text)
            return tl::unexpected(text.error());
        out += file.mid(from, insertion.at - from) + *text;
        from = insertion.at;
    }
    out += file.mid(from);
    if (sha256(out) != edit.after)
        return fail(QStringLiteral("The edited file would not be the one that was reviewed."));
    return out;
}

Result<QByteArray> withoutInsertions(const QByteArray &file, const EditAction &edit)
{
    const QString now = sha256(file);
    if (now == edit.before)
        return file;
    QByteArray out = file;
    if (now == edit.after) {
        // Last first, so that the places of the others stay.
        qint64 added = 0;
        for (const EditAction::Insertion &insertion : edit.insertions)
            added += insertion.length;
        for (auto it = edit.insertions.rbegin(); it != edit.insertions.rend(); ++it) {
            added -= it->length;
            out.remove(it->at + added, it->length);
        }
        return out;
    }
    for (const EditAction::Insertion &insertion : edit.insertions) {
        qsizetype found = -1;
        for (qsizetype at = 0; at + insertion.length <= out.size(); at = lineEnd(out, at)) {
            if (sha256(out.mid(at, insertion.length)) == insertion.sha256) {
                found = at;
                break;
            }
            if (lineEnd(out, at) >= out.size())
                break;
        }
        if (found < 0)
            return fail(
                QStringLiteral("%1 was changed by somebody else, and what the plan had added does not stand "
                               "in it any more as it was.")
                    .arg(edit.path),
                QStringLiteral("Look through it by hand."));
        out.remove(found, insertion.length);
    }
    return out;
}

Result<EditAction> editOf(const QByteArray &file, const QList<TextInsertion> &inserted,
                          const QStringList &secrets)
{
    EditAction edit;
    edit.before = sha256(file);
    const QHash<QByteArray, qint64> places = placesOf(file);
    QByteArray after = file;
    qint64 grown = 0;
    for (const TextInsertion &each : inserted) {
        EditAction::Insertion insertion;
        insertion.at = each.at;
        insertion.length = each.text.size();
        insertion.sha256 = sha256(each.text);
        insertion.line = each.line;
        insertion.shown = each.shown;
        for (qsizetype at = 0; at < each.text.size(); at = lineEnd(each.text, at)) {
            const QByteArray line = each.text.mid(at, lineEnd(each.text, at) - at);
            const auto place = places.constFind(line);
            const bool stands = place != places.constEnd();
            if (!stands && holdsSecret(line, secrets))
                return fail(
                    QStringLiteral("A line of the new service holds a password and must be changed, so the "
                                   "plan would have to keep the password."),
                    QStringLiteral("Move the password out of that line, into a variable of its own."));
            addPiece(insertion, line, stands ? std::optional(*place) : std::nullopt);
        }
        after.insert(each.at + grown, each.text);
        grown += each.text.size();
        edit.insertions << insertion;
    }
    edit.after = sha256(after);
    return edit;
}

} // namespace understudy
