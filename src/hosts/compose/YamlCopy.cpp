// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/compose/YamlChange.h"
#include "hosts/compose/YamlExtent.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace understudy {

namespace {

using Problem = YamlCopy::Problem;

bool isEol(char c)
{
    return c == '\n' || c == '\r';
}

/// Collects replacements of the bytes of one entry, and makes the copy.
class Copier
{
public:
    explicit Copier(const YamlCopy &copy)
        : m_copy(copy), m_bytes(copy.bytes), m_key(*copy.map.keys.at(copy.entry)),
          m_value(*copy.map.items.at(copy.entry))
    {
    }

    QByteArray make()
    {
        replace(m_key.body, m_key.end,
                yamlScalar(m_copy.newKey, m_bytes.mid(m_key.body, m_key.end - m_key.body)));
        dropAnchors(m_value);
        for (const YamlChange &change : m_copy.changes)
            apply(change);
        if (!m_copy.map.flow)
            rewriteComments();
        return assembled();
    }

private:
    struct Piece
    {
        qsizetype from, to;
        QByteArray text;
    };

    void replace(qsizetype from, qsizetype to, const QByteArray &text) { m_pieces << Piece{from, to, text}; }
    QByteArray raw(const YamlSource &node) const { return m_bytes.mid(node.body, node.end - node.body); }
    QByteArray quoteLike(const YamlSource &node) const { return node.isScalar() ? raw(node) : QByteArray(); }
    QByteArray prefixOf(qsizetype at) const
    {
        const qsizetype start = lineStart(m_bytes, at);
        return m_bytes.mid(start, at - start);
    }
    qsizetype behindLine(qsizetype at) const { return nextLine(m_bytes, qMax<qsizetype>(at - 1, 0)); }

    void dropAnchors(const YamlSource &node)
    {
        if (node.anchored) {
            qsizetype from = m_bytes.indexOf('&', node.at);
            qsizetype to = from;
            while (to < m_bytes.size() && !strchr(" \t\r\n,]}", m_bytes.at(to)))
                ++to;
            const bool lineEnds = to == m_bytes.size() || isEol(m_bytes.at(to));
            if (lineEnds && from > 0 && m_bytes.at(from - 1) == ' ')
                --from;
            else if (!lineEnds && m_bytes.at(to) == ' ')
                ++to;
            replace(from, to, {});
        }
        if (node.kind == YamlSource::Kind::Alias)
            return;
        for (const YamlSource *item : node.items)
            dropAnchors(*item);
        for (const YamlSource *key : node.keys) {
            if (key->anchored)
                throw Problem{key->line, QStringLiteral("names a key with an anchor")};
        }
    }

    const YamlSource &target(const YamlPath &path) const
    {
        const YamlSource *node = sourceAt(m_value, path);
        if (!node)
            throw Problem{m_key.line, QStringLiteral("takes from elsewhere what would have to differ")};
        return *node;
    }

    void apply(const YamlChange &change)
    {
        using Kind = YamlChange::Kind;
        switch (change.kind) {
        case Kind::Replace: {
            const YamlSource &node = target(change.path);
            if (!node.isScalar())
                throw Problem{node.line, QStringLiteral("takes from elsewhere what would have to differ")};
            replace(node.body, node.end, yamlScalar(change.text, quoteLike(node)));
            break;
        }
        case Kind::Rewrite: {
            const YamlSource &node = target(change.path);
            replace(node.body, node.end, change.rewrite(raw(node)));
            break;
        }
        case Kind::Remove:
            remove(change.path);
            break;
        case Kind::Append:
            append(change);
            break;
        case Kind::Insert:
        case Kind::InsertList:
        case Kind::InsertMap:
            insert(change);
            break;
        }
    }

    void remove(const YamlPath &path)
    {
        const YamlSource &parent = target(path.mid(0, path.size() - 1));
        const YamlStep &step = path.last();
        const qsizetype place = step.index >= 0 ? step.index : parent.indexOf(step.key);
        const YamlSource &node = *parent.items.at(place);
        const YamlSource &first = parent.isMap() ? *parent.keys.at(place) : node;
        const qsizetype end = qMax(node.end, first.end);
        if (!parent.flow) {
            const QByteArray before = prefixOf(first.at).trimmed();
            if (!before.isEmpty() && before != "-")
                throw Problem{first.line, QStringLiteral("shares its line with what would have to go")};
            if (before == "-" && parent.isMap())
                throw Problem{first.line, QStringLiteral("begins with what would have to go")};
            replace(lineStart(m_bytes, first.at), behindLine(end), {});
            return;
        }
        const auto startOf = [&parent](qsizetype i) {
            return parent.isMap() ? parent.keys.at(i)->at : parent.items.at(i)->at;
        };
        if (place + 1 < parent.items.size())
            replace(first.at, startOf(place + 1), {});
        else if (place > 0)
            replace(qMax(parent.items.at(place - 1)->end, startOf(place - 1)), end, {});
        else
            replace(first.at, end, {});
    }

    void append(const YamlChange &change)
    {
        const YamlSource &list = target(change.path);
        if (!list.isSequence() || list.items.isEmpty())
            throw Problem{list.line, QStringLiteral("has no list in which a line could be added")};
        const YamlSource &last = *list.items.last();
        const QByteArray text = yamlScalar(change.text, quoteLike(last));
        if (list.flow) {
            replace(last.end, last.end, ", " + text);
            return;
        }
        const QByteArray prefix = prefixOf(last.at);
        if (prefix.trimmed() != "-")
            throw Problem{last.line, QStringLiteral("is not a list item on a line of its own")};
        const qsizetype at = behindLine(last.end);
        const QByteArray eol = lineEnding(m_bytes, last.at);
        addLines(at, prefix + text + eol, eol);
    }

    /// The first one added behind a last line without an ending gives it one.
    void addLines(qsizetype at, const QByteArray &lines, const QByteArray &eol)
    {
        const bool open = at == m_bytes.size() && !m_bytes.endsWith('\n') && !std::exchange(m_closed, true);
        replace(at, at, (open ? eol : QByteArray()) + lines);
    }

    void insert(const YamlChange &change)
    {
        const YamlSource &map = target(change.path.mid(0, change.path.size() - 1));
        if (!map.isMap() || map.keys.isEmpty())
            throw Problem{map.line, QStringLiteral("has no lines among which one could be added")};
        const YamlSource &first = *map.keys.first();
        const QByteArray key = yamlScalar(change.path.last().key, {}) + ':';
        if (map.flow) {
            QByteArray text = yamlScalar(change.text, "\"");
            if (change.kind == YamlChange::Kind::InsertList)
                text = '[' + text + ']';
            else if (change.kind == YamlChange::Kind::InsertMap)
                text = '{' + entriesText(change.entries, {}, ", ") + '}';
            replace(first.at, first.at, key + ' ' + text + ", ");
            return;
        }
        const QByteArray indent = prefixOf(first.at);
        if (!indent.trimmed().isEmpty())
            throw Problem{first.line, QStringLiteral("shares its line with another key")};
        const qsizetype last = qMax(map.keys.last()->end, map.end);
        const QByteArray eol = lineEnding(m_bytes, map.keys.last()->at);
        const qsizetype step = indent.size() - prefixOf(m_key.at).size();
        const QByteArray deeper = indent + QByteArray(step > 0 ? step : 2, ' ');
        QByteArray text = ' ' + yamlScalar(change.text, {}) + eol;
        if (change.kind == YamlChange::Kind::InsertList)
            text = eol + deeper + "- " + yamlScalar(change.text, "\"") + eol;
        else if (change.kind == YamlChange::Kind::InsertMap)
            text = eol + entriesText(change.entries, deeper, eol);
        addLines(behindLine(last), indent + key + text, eol);
    }

    static QByteArray entriesText(const QMap<QByteArray, QByteArray> &entries, const QByteArray &indent,
                                  const QByteArray &behind)
    {
        QByteArray text;
        for (auto it = entries.cbegin(); it != entries.cend(); ++it)
            text += indent + yamlScalar(it.key(), {}) + ": " + yamlScalar(it.value(), {}) + behind;
        if (behind.startsWith(','))
            text.chop(behind.size());
        return text;
    }

    /// Comments that stand on lines of their own, and so in no text.
    void rewriteComments()
    {
        if (!m_copy.comments)
            return;
        QList<std::pair<qsizetype, qsizetype>> texts;
        collectTexts(m_value, texts);
        for (qsizetype line = m_copy.begin(); line < m_copy.end(); line = nextLine(m_bytes, line)) {
            qsizetype at = line;
            while (at < m_bytes.size() && m_bytes.at(at) == ' ')
                ++at;
            const bool inText = std::any_of(texts.cbegin(), texts.cend(),
                                            [at](const auto &t) { return at >= t.first && at < t.second; });
            qsizetype to = nextLine(m_bytes, at);
            while (to > at && isEol(m_bytes.at(to - 1)))
                --to;
            const bool gone = std::any_of(m_pieces.cbegin(), m_pieces.cend(),
                                          [at](const Piece &p) { return at >= p.from && at < p.to; });
            if (at < to && m_bytes.at(at) == '#' && !inText && !gone)
                replace(at, to, m_copy.comments(m_bytes.mid(at, to - at)));
        }
    }

    static void collectTexts(const YamlSource &node, QList<std::pair<qsizetype, qsizetype>> &out)
    {
        if (node.isScalar())
            out << std::pair(node.body, node.end);
        for (const YamlSource *item : node.items)
            collectTexts(*item, out);
    }

    QByteArray assembled()
    {
        std::stable_sort(m_pieces.begin(), m_pieces.end(),
                         [](const Piece &a, const Piece &b) { return a.from < b.from; });
        QByteArray out;
        qsizetype at = m_copy.begin();
        for (const Piece &piece : std::as_const(m_pieces)) {
            if (piece.from < at) {
                if (piece.to <= at && piece.text.isEmpty())
                    continue; // Inside what goes anyway.
                throw Problem{m_key.line, QStringLiteral("would have to change in one place in two ways")};
            }
            out += m_bytes.mid(at, piece.from - at) + piece.text;
            at = piece.to;
        }
        out += m_bytes.mid(at, qMax<qsizetype>(0, m_copy.end() - at));
        if (!m_copy.map.flow && !out.endsWith('\n'))
            out += lineEnding(m_bytes, m_key.at);
        return out;
    }

    const YamlCopy &m_copy;
    const QByteArray &m_bytes;
    const YamlSource &m_key, &m_value;
    QList<Piece> m_pieces;
    bool m_closed = false;
};

} // namespace

qsizetype YamlCopy::begin() const
{
    const qsizetype at = map.keys.at(entry)->at;
    return map.flow ? at : lineStart(bytes, at);
}

qsizetype YamlCopy::end() const
{
    const YamlSource &key = *map.keys.at(entry);
    const qsizetype last = qMax(key.end, map.items.at(entry)->end);
    if (map.flow) {
        // "key: , other: x": the colon belongs to the key.
        qsizetype colon = last;
        while (last == key.end && colon < bytes.size() && bytes.at(colon) == ' ')
            ++colon;
        return last == key.end && colon < bytes.size() && bytes.at(colon) == ':' ? colon + 1 : last;
    }
    // Comments behind the last value belong to the entry as far as they are indented deeper than its key.
    qsizetype end = nextLine(bytes, qMax<qsizetype>(last - 1, 0));
    const qsizetype column = key.at - lineStart(bytes, key.at);
    for (qsizetype line = end; line < bytes.size(); line = nextLine(bytes, line)) {
        qsizetype at = line;
        while (at < bytes.size() && bytes.at(at) == ' ')
            ++at;
        if (at < bytes.size() && bytes.at(at) == '#' && at - line > column)
            end = nextLine(bytes, line);
        else if (at < bytes.size() && !isEol(bytes.at(at)))
            break;
    }
    return end;
}

tl::expected<QByteArray, YamlCopy::Problem> YamlCopy::text() const
{
    try {
        return Copier(*this).make();
    } catch (const Problem &problem) {
        return tl::unexpected(problem);
    }
}

} // namespace understudy
