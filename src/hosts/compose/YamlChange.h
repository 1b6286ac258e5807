// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/compose/YamlSource.h"

#include <functional>

namespace understudy {

/// A key of a map, or the place in a list.
struct YamlStep
{
    YamlStep(const char *name) : key(name) {}
    YamlStep(QByteArray name) : key(std::move(name)) {}
    YamlStep(qsizetype place) : index(place) {}
    QByteArray key;
    qsizetype index = -1;
    bool operator==(const YamlStep &) const = default;
};
using YamlPath = QList<YamlStep>;

/// One difference between an entry and its copy, said about what the entry means and not about its text.
struct YamlChange
{
    enum class Kind {
        Replace,    ///< The scalar at `path` becomes `text`.
        Rewrite,    ///< The scalar at `path` becomes `rewrite` of it, whatever its quotes and lines are.
        Remove,     ///< What is at `path` goes.
        Append,     ///< The list at `path` gets one more item, `text`.
        Insert,     ///< The map at `path` without its last key gets that key, with `text`.
        InsertList, ///< Likewise with a list of the one item `text`.
        InsertMap,  ///< Likewise with the map `entries`.
    };
    using Rewriter = std::function<QByteArray(const QByteArray &)>;

    Kind kind;
    YamlPath path;
    QByteArray text = {};
    Rewriter rewrite = {};
    QMap<QByteArray, QByteArray> entries = {};
};

/// The node at @p path among what is written there itself: not through aliases or merge keys. May be null.
const YamlSource *sourceAt(const YamlSource &from, const YamlPath &path);

/// What @p value means after the changes; what went from a list is nothing in its place. Pure.
YamlValue changedValue(YamlValue value, const QList<YamlChange> &changes);
/// For comparing what is meant: empty maps and lists count as nothing, at every depth, and lists have no
/// holes.
YamlValue withoutEmpty(YamlValue value);

/// A text of YAML, as it is quoted by hand: plain where @p plain and that reads back as this text, else in
/// double quotes. @p like is what stood there before, whose quotes are kept; may be empty.
QByteArray yamlScalar(const QByteArray &text, const QByteArray &like);

/// The text of a copy of an entry of a block or flow map: the bytes of the entry with another key, without
/// the anchors that it defines, and with @p changes. For an entry of a block map it is whole lines (with the
/// file's line ending behind the last one, even where the file has none); of a flow map "key: value". Comment
/// lines go through @p comments. An error's text is a phrase that follows a line's number: "is inside { }".
/// Pure.
struct YamlCopy
{
    const QByteArray &bytes;
    const YamlSource &map;
    qsizetype entry;
    QByteArray newKey;
    QList<YamlChange> changes;
    YamlChange::Rewriter comments;

    struct Problem
    {
        int line;
        QString why;
    };
    tl::expected<QByteArray, Problem> text() const;
    /// The bytes of the entry itself; whole lines in a block map.
    qsizetype begin() const;
    qsizetype end() const;
};

} // namespace understudy
