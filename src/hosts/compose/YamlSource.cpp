// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/compose/YamlSource.h"

#include "hosts/compose/YamlExtent.h"
#include "hosts/compose/YamlSize.h"

#include <map>
#include <sstream>
#include <vector>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace understudy {

namespace {

/// Builds the tree of one document from the parser's events.
class Builder final : public YAML::EventHandler
{
public:
    Builder(std::deque<YamlSource> &nodes, qsizetype shift) : m_nodes(nodes), m_shift(shift) {}

    int documents = 0;
    const YamlSource *root = nullptr;

    void OnDocumentStart(const YAML::Mark &) override { ++documents; }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark &mark, YAML::anchor_t anchor) override
    {
        add(YamlSource::Kind::Null, mark, anchor);
    }
    void OnAlias(const YAML::Mark &mark, YAML::anchor_t anchor) override
    {
        add(YamlSource::Kind::Alias, mark, YAML::NullAnchor).target = m_anchors[anchor];
    }
    void OnScalar(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                  const std::string &value) override
    {
        YamlSource &node = add(YamlSource::Kind::Scalar, mark, anchor);
        node.text = QByteArray::fromStdString(value);
        node.tag = QByteArray::fromStdString(tag);
    }
    void OnSequenceStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value style) override
    {
        open(YamlSource::Kind::Sequence, mark, tag, anchor, style);
    }
    void OnSequenceEnd() override { m_open.pop_back(); }
    void OnMapStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value style) override
    {
        open(YamlSource::Kind::Map, mark, tag, anchor, style);
    }
    void OnMapEnd() override { m_open.pop_back(); }

private:
    YamlSource &add(YamlSource::Kind kind, const YAML::Mark &mark, YAML::anchor_t anchor)
    {
        YamlSource &node = m_nodes.emplace_back();
        node.kind = kind;
        node.line = mark.line + 1;
        node.at = mark.pos + m_shift;
        node.anchored = anchor != YAML::NullAnchor;
        if (node.anchored)
            m_anchors[anchor] = &node;
        if (m_open.empty()) {
            root = &node;
        } else {
            YamlSource &parent = *m_open.back();
            const bool key = parent.isMap() && parent.keys.size() == parent.items.size();
            (key ? parent.keys : parent.items) << &node;
        }
        return node;
    }
    void open(YamlSource::Kind kind, const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
              YAML::EmitterStyle::value style)
    {
        YamlSource &node = add(kind, mark, anchor);
        node.tag = QByteArray::fromStdString(tag);
        node.flow = style == YAML::EmitterStyle::Flow;
        m_open.push_back(&node);
    }

    std::deque<YamlSource> &m_nodes;
    qsizetype m_shift;
    std::map<YAML::anchor_t, const YamlSource *> m_anchors;
    std::vector<YamlSource *> m_open;
};

/// What a byte-wise editor does not touch: other encodings and line endings, control characters.
Result<void> checkBytes(const QByteArray &bytes, const QString &fileName)
{
    if (!bytes.isValidUtf8() || bytes.contains('\0'))
        return fail(QStringLiteral("%1 is not text in UTF-8.").arg(fileName));
    int line = 1;
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        const char c = bytes.at(i);
        line += c == '\n';
        const bool loneReturn = c == '\r' && (i + 1 == bytes.size() || bytes.at(i + 1) != '\n');
        if (loneReturn || (uchar(c) < 0x20 && c != '\t' && c != '\n' && c != '\r'))
            return fail(QStringLiteral("Line %1 of %2 holds a control character.").arg(line).arg(fileName));
    }
    return {};
}

void mergeInto(QMap<QByteArray, YamlValue> &out, const YamlValue &from)
{
    for (auto it = from.entries.cbegin(); it != from.entries.cend(); ++it) {
        if (!out.contains(it.key()))
            out.insert(it.key(), it.value());
    }
}

} // namespace

qsizetype YamlSource::indexOf(const QByteArray &key) const
{
    // Of a key that is there twice the last one holds.
    for (qsizetype i = keys.size() - 1; i >= 0; --i) {
        if (keys.at(i)->isScalar() && keys.at(i)->text == key)
            return i;
    }
    return -1;
}

const YamlSource *YamlSource::own(const QByteArray &key) const
{
    const qsizetype index = kind == Kind::Map ? indexOf(key) : -1;
    return index < 0 ? nullptr : items.at(index);
}

Result<YamlFile> YamlFile::read(const QByteArray &bytes, const QString &fileName)
{
    if (auto size = checkYamlSize(bytes, fileName); !size)
        return tl::unexpected(size.error());
    if (auto plain = checkBytes(bytes, fileName); !plain)
        return tl::unexpected(plain.error());
    YamlFile file;
    file.m_nodes = std::make_shared<std::deque<YamlSource>>();
    // The parser does not count the byte order mark.
    Builder builder(*file.m_nodes, bytes.startsWith("\xef\xbb\xbf") ? 3 : 0);
    try {
        std::istringstream stream(bytes.toStdString());
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const YAML::Exception &error) {
        return fail(QStringLiteral("Line %1 of %2 cannot be read as YAML.")
                        .arg(qMax(error.mark.line, 0) + 1)
                        .arg(fileName));
    } catch (const std::exception &) {
        return fail(QStringLiteral("%1 cannot be read as YAML.").arg(fileName));
    }
    if (builder.documents > 1) {
        return fail(QStringLiteral("%1 holds several YAML documents: Compose reads only one.").arg(fileName));
    }
    if (!builder.root)
        return fail(QStringLiteral("%1 is empty.").arg(fileName));
    file.m_root = builder.root;
    for (YamlSource &node : *file.m_nodes) {
        for (const YamlSource *key : node.keys) {
            if (!key->isScalar())
                return fail(QStringLiteral("Line %1 of %2 has a key that is not plain text.")
                                .arg(key->line)
                                .arg(fileName));
        }
    }
    // Children come after their parents: from the back, a parent's end is known from its children's.
    for (auto node = file.m_nodes->rbegin(); node != file.m_nodes->rend(); ++node) {
        if (!findExtent(*node, bytes))
            return fail(QStringLiteral("Line %1 of %2 is written in a way that cannot be edited safely.")
                            .arg(node->line)
                            .arg(fileName));
    }
    return file;
}

YamlValue YamlFile::valueOf(const YamlSource &node)
{
    if (node.kind == YamlSource::Kind::Alias)
        return node.target ? valueOf(*node.target) : YamlValue();
    YamlValue value;
    if (node.isScalar()) {
        value.kind = YamlValue::Kind::Scalar;
        value.text = node.text;
        value.plain = node.tag == "?" || node.tag.isEmpty();
    } else if (node.isSequence()) {
        value.kind = YamlValue::Kind::Sequence;
        for (const YamlSource *item : node.items)
            value.items << valueOf(*item);
    } else if (node.isMap()) {
        value.kind = YamlValue::Kind::Map;
        QList<YamlValue> merged;
        for (qsizetype i = 0; i < node.keys.size(); ++i) {
            if (node.keys.at(i)->text == "<<" && node.keys.at(i)->tag != "!") {
                const YamlValue from = valueOf(*node.items.at(i));
                merged << (from.kind == YamlValue::Kind::Sequence ? from.items : QList<YamlValue>{from});
            } else {
                value.entries.insert(node.keys.at(i)->text, valueOf(*node.items.at(i)));
            }
        }
        for (const YamlValue &from : merged)
            mergeInto(value.entries, from);
    }
    return value;
}

YamlValue YamlFile::value() const
{
    return valueOf(*m_root);
}

} // namespace understudy
