// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/compose/YamlExtent.h"

#include <cstring>

namespace understudy {

namespace {

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

bool isSpace(char c)
{
    return isBlank(c) || c == '\r' || c == '\n';
}

/// Over blanks, line endings and comments.
qsizetype skipSpace(const QByteArray &bytes, qsizetype at)
{
    while (at < bytes.size()) {
        if (isSpace(bytes.at(at)))
            ++at;
        else if (bytes.at(at) == '#' && at > 0 && isSpace(bytes.at(at - 1)))
            at = nextLine(bytes, at);
        else
            break;
    }
    return at;
}

/// Behind "&name", "*name" or "!tag".
qsizetype endOfName(const QByteArray &bytes, qsizetype at)
{
    while (at < bytes.size() && !isSpace(bytes.at(at)) && !strchr(",]}", bytes.at(at)))
        ++at;
    return at;
}

/// Over "&name" and "!tag", in whatever order.
qsizetype skipProperties(const QByteArray &bytes, qsizetype at)
{
    qsizetype behind = at;
    while (at < bytes.size() && (bytes.at(at) == '&' || bytes.at(at) == '!')) {
        at = behind = endOfName(bytes, at);
        at = skipSpace(bytes, at);
    }
    return at < bytes.size() ? at : behind;
}

/// Behind the closing quote; -1 if there is none.
qsizetype endOfQuoted(const QByteArray &bytes, qsizetype at)
{
    const char quote = bytes.at(at);
    for (++at; at < bytes.size(); ++at) {
        if (quote == '"' && bytes.at(at) == '\\') {
            ++at;
        } else if (bytes.at(at) == quote) {
            if (quote == '\'' && at + 1 < bytes.size() && bytes.at(at + 1) == '\'')
                ++at;
            else
                return at + 1;
        }
    }
    return -1;
}

/// Behind the last line of a "|" or ">" that is not blank; -1 where the indentation is said in a number.
qsizetype endOfBlockText(const QByteArray &bytes, qsizetype at, bool empty)
{
    qsizetype end = at + 1;
    for (; end < bytes.size() && !isSpace(bytes.at(end)); ++end) {
        if (bytes.at(end) >= '0' && bytes.at(end) <= '9')
            return -1;
    }
    if (empty)
        return end; // What follows is not its text.
    qsizetype indent = -1;
    for (qsizetype line = nextLine(bytes, at); line < bytes.size(); line = nextLine(bytes, line)) {
        qsizetype text = line;
        while (text < bytes.size() && bytes.at(text) == ' ')
            ++text;
        const bool blank = text == bytes.size() || bytes.at(text) == '\n' || bytes.at(text) == '\r';
        if (blank)
            continue;
        if (indent < 0)
            indent = text - line;
        if (text - line < indent || indent == 0)
            break;
        end = nextLine(bytes, line);
        while (end > line && (bytes.at(end - 1) == '\n' || bytes.at(end - 1) == '\r'))
            --end;
    }
    return end;
}

/// Behind plain text: the same words, over several lines perhaps.
qsizetype endOfPlain(const QByteArray &bytes, qsizetype at, const QByteArray &value)
{
    if (bytes.mid(at, value.size()) == value)
        return at + value.size();
    for (qsizetype i = 0; i < value.size(); ++i) {
        if (isSpace(value.at(i)))
            continue;
        while (at < bytes.size() && isSpace(bytes.at(at)))
            ++at;
        if (at >= bytes.size() || bytes.at(at) != value.at(i))
            return -1;
        ++at;
    }
    return at;
}

qsizetype endOfScalar(const YamlSource &node, const QByteArray &bytes)
{
    if (node.body >= bytes.size())
        return node.text.isEmpty() ? node.body : -1;
    const char first = bytes.at(node.body);
    if (node.tag == "?" || node.tag.isEmpty())
        return endOfPlain(bytes, node.body, node.text);
    if (first == '"' || first == '\'')
        return endOfQuoted(bytes, node.body);
    if (first == '|' || first == '>')
        return endOfBlockText(bytes, node.body, node.text.trimmed().isEmpty());
    return endOfPlain(bytes, node.body, node.text);
}

qsizetype endOfCollection(const YamlSource &node, const QByteArray &bytes)
{
    qsizetype end = node.body;
    for (const YamlSource *key : node.keys)
        end = qMax(end, key->end);
    for (const YamlSource *item : node.items)
        end = qMax(end, item->end);
    if (!node.flow)
        return end;
    // Behind what is inside come only blanks, comments, and a comma at the end.
    if (end == node.body)
        ++end;
    end = skipSpace(bytes, end);
    while (end < bytes.size() && (bytes.at(end) == ',' || bytes.at(end) == ':'))
        end = skipSpace(bytes, end + 1);
    const char wanted = node.isMap() ? '}' : ']';
    return end < bytes.size() && bytes.at(end) == wanted ? end + 1 : -1;
}

} // namespace

qsizetype lineStart(const QByteArray &bytes, qsizetype at)
{
    return at <= 0 ? 0 : bytes.lastIndexOf('\n', at - 1) + 1;
}

qsizetype nextLine(const QByteArray &bytes, qsizetype at)
{
    const qsizetype newline = bytes.indexOf('\n', at);
    return newline < 0 ? bytes.size() : newline + 1;
}

QByteArray lineEnding(const QByteArray &bytes, qsizetype at)
{
    qsizetype next = nextLine(bytes, at);
    if (next == 0 || bytes.at(next - 1) != '\n') {
        next = lineStart(bytes, at); // The last line has none: as the one before it.
        if (next == 0)
            return "\n";
    }
    return next > 1 && bytes.at(next - 2) == '\r' ? "\r\n" : "\n";
}

bool findExtent(YamlSource &node, const QByteArray &bytes)
{
    node.at = qBound<qsizetype>(0, node.at, bytes.size());
    node.body = node.end = node.at;
    switch (node.kind) {
    case YamlSource::Kind::Null:
        // A value that is not there is placed at its key or at what comes next: it ends nowhere.
        node.end = 0;
        if (bytes.mid(node.at, 1) == "&")
            node.end = endOfName(bytes, node.at);
        else if (bytes.mid(node.at, 4).toLower() == "null")
            node.end = node.at + 4;
        else if (bytes.mid(node.at, 1) == "~")
            node.end = node.at + 1;
        return true;
    case YamlSource::Kind::Alias:
        if (bytes.mid(node.at, 1) != "*")
            return false;
        node.end = endOfName(bytes, node.at);
        return true;
    case YamlSource::Kind::Scalar:
        node.body = skipProperties(bytes, node.at);
        node.end = endOfScalar(node, bytes);
        return node.end >= 0;
    case YamlSource::Kind::Sequence:
    case YamlSource::Kind::Map:
        node.body = skipProperties(bytes, node.at);
        if (node.flow && bytes.mid(node.body, 1) != (node.isMap() ? "{" : "["))
            node.flow = false; // [a: b] is a map without braces.
        node.end = endOfCollection(node, bytes);
        return node.end >= 0;
    }
    return false;
}

} // namespace understudy
