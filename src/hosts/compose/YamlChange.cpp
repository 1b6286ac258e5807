// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/compose/YamlChange.h"

#include <QRegularExpression>

namespace understudy {

namespace {

YamlValue scalarValue(const QByteArray &text)
{
    YamlValue value;
    value.kind = YamlValue::Kind::Scalar;
    value.text = text;
    value.plain = text.toInt() > 0; // A port; all else is text.
    return value;
}

YamlValue listValue(const QByteArray &text)
{
    YamlValue value;
    value.kind = YamlValue::Kind::Sequence;
    value.items << scalarValue(text);
    return value;
}

YamlValue mapValue(const QMap<QByteArray, QByteArray> &entries)
{
    YamlValue value;
    value.kind = YamlValue::Kind::Map;
    for (auto it = entries.cbegin(); it != entries.cend(); ++it)
        value.entries.insert(it.key(), scalarValue(it.value()));
    return value;
}

void changeAt(YamlValue &value, const YamlPath &path, const YamlChange &change)
{
    using Kind = YamlChange::Kind;
    if (path.isEmpty()) {
        if (change.kind == Kind::Replace)
            value.text = change.text;
        else if (change.kind == Kind::Rewrite)
            value.text = change.rewrite(value.text);
        else if (change.kind == Kind::Append)
            value.items << scalarValue(change.text);
        return;
    }
    const YamlStep &step = path.first();
    if (path.size() == 1 && change.kind == Kind::Insert) {
        value.entries.insert(step.key, scalarValue(change.text));
    } else if (path.size() == 1 && change.kind == Kind::InsertList) {
        value.entries.insert(step.key, listValue(change.text));
    } else if (path.size() == 1 && change.kind == Kind::InsertMap) {
        value.entries.insert(step.key, mapValue(change.entries));
    } else if (path.size() == 1 && change.kind == Kind::Remove) {
        // Places in a list stay what they were until all changes are made.
        if (step.index >= 0)
            value.items[step.index] = YamlValue();
        else
            value.entries.remove(step.key);
    } else if (step.index >= 0 && step.index < value.items.size()) {
        changeAt(value.items[step.index], path.mid(1), change);
    } else if (step.index < 0 && value.entries.contains(step.key)) {
        changeAt(value.entries[step.key], path.mid(1), change);
    }
}

/// Whether plain text reads back as a text that is the same, and not as a number, a truth or nothing.
bool isPlainText(const QByteArray &text)
{
    static const QRegularExpression words(
        QStringLiteral("^([A-Za-z_/$]|\\.{1,2}/)[A-Za-z0-9_./${}@%+=~:-]*$"));
    static const QRegularExpression meaning(
        QStringLiteral("^(y|n|yes|no|on|off|true|false|null|\\.inf|\\.nan|.*:)$"),
        QRegularExpression::CaseInsensitiveOption);
    const QString read = QString::fromUtf8(text);
    return words.match(read).hasMatch() && !meaning.match(read).hasMatch();
}

} // namespace

const YamlSource *sourceAt(const YamlSource &from, const YamlPath &path)
{
    const YamlSource *node = &from;
    for (const YamlStep &step : path) {
        if (step.index >= 0)
            node =
                node->isSequence() && step.index < node->items.size() ? node->items.at(step.index) : nullptr;
        else
            node = node->own(step.key);
        if (!node)
            return nullptr;
    }
    return node;
}

YamlValue withoutEmpty(YamlValue value)
{
    QList<YamlValue> items;
    for (const YamlValue &item : std::as_const(value.items)) {
        if (YamlValue kept = withoutEmpty(item); kept.kind != YamlValue::Kind::Null)
            items << kept;
    }
    value.items = items;
    value.plain = true; // How it is quoted is not what it means to Compose, but for what was not touched.
    for (YamlValue &entry : value.entries)
        entry = withoutEmpty(entry);
    const bool collection = value.kind == YamlValue::Kind::Map || value.kind == YamlValue::Kind::Sequence;
    return collection && value.items.isEmpty() && value.entries.isEmpty() ? YamlValue() : value;
}

YamlValue changedValue(YamlValue value, const QList<YamlChange> &changes)
{
    for (const YamlChange &change : changes)
        changeAt(value, change.path, change);
    return value;
}

QByteArray yamlScalar(const QByteArray &text, const QByteArray &like)
{
    static const QRegularExpression number(QStringLiteral("^[0-9]+$"));
    const auto isNumber = [](const QByteArray &t) { return number.match(QString::fromUtf8(t)).hasMatch(); };
    static const QRegularExpression ports(QStringLiteral("^[0-9.]+:[0-9.:${}A-Z_a-z/-]+$"));
    const char quote = like.isEmpty() ? '\0' : like.at(0);
    if (quote == '\'' && !text.contains('\n'))
        return '\'' + QByteArray(text).replace("'", "''") + '\'';
    if (quote != '"' && quote != '|' && quote != '>') {
        const bool samePort = !like.isEmpty() && ports.match(QString::fromUtf8(like)).hasMatch() &&
                              ports.match(QString::fromUtf8(text)).hasMatch();
        if (isPlainText(text) || samePort || (isNumber(text) && isNumber(like)))
            return text;
    }
    QByteArray out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        if (c == '\n')
            out += "\\n";
        else if (c == '\t')
            out += "\\t";
        else
            out += c;
    }
    return out + '"';
}

} // namespace understudy
