// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Result.h"

#include <QByteArray>
#include <QList>
#include <QMap>
#include <deque>
#include <memory>

namespace understudy {

/// A piece of YAML where it stands: what a reader sees, and the place in the bytes that it was read from.
struct YamlSource
{
    enum class Kind { Null, Scalar, Sequence, Map, Alias };
    Kind kind = Kind::Null;
    QByteArray text;   ///< A scalar's value.
    QByteArray tag;    ///< "?" plain, "!" quoted, else as written.
    bool flow = false; ///< [..] or {..}
    bool anchored = false;
    int line = 0;       ///< From 1.
    qsizetype at = 0;   ///< Offset in the bytes: of its anchor or tag if it has one, else of itself.
    qsizetype end = 0;  ///< Behind its last byte; of nothing (a key without value) the same as `at`.
    qsizetype body = 0; ///< Offset behind anchor and tag.
    QList<const YamlSource *> keys; ///< Of a map, with `items` as the values.
    QList<const YamlSource *> items;
    const YamlSource *target = nullptr; ///< What an alias stands for.

    /// The map's own entry, not what it merges in; -1 if there is none.
    qsizetype indexOf(const QByteArray &key) const;
    const YamlSource *own(const QByteArray &key) const;
    bool isMap() const { return kind == Kind::Map; }
    bool isSequence() const { return kind == Kind::Sequence; }
    bool isScalar() const { return kind == Kind::Scalar; }
};

/// What YAML means once its aliases and merge keys are worked in.
struct YamlValue
{
    enum class Kind { Null, Scalar, Sequence, Map };
    Kind kind = Kind::Null;
    QByteArray text;
    bool plain = true; ///< Not quoted: 5432 is a number, "5432" is text.
    QList<YamlValue> items;
    QMap<QByteArray, YamlValue> entries;

    YamlValue at(const QByteArray &key) const { return entries.value(key); }
    bool has(const QByteArray &key) const { return entries.contains(key); }
    bool operator==(const YamlValue &) const = default;
};

/// One document, read. Its nodes live as long as it does.
class YamlFile
{
public:
    /// Reads @p bytes: UTF-8, with or without a byte order mark, lines that end in LF or CRLF. One sentence
    /// that names @p fileName and the line for anything else, and for YAML whose aliases multiply. Pure.
    static Result<YamlFile> read(const QByteArray &bytes, const QString &fileName);

    const YamlSource &root() const { return *m_root; }
    YamlValue value() const;
    static YamlValue valueOf(const YamlSource &node);

private:
    std::shared_ptr<std::deque<YamlSource>> m_nodes;
    const YamlSource *m_root = nullptr;
};

} // namespace understudy
