// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/compose/ComposeMeant.h"

namespace understudy {

namespace {

using Kind = YamlChange::Kind;

/// A port as it is written, in pieces.
struct WrittenPort
{
    QByteArray address, published, target, protocol;
};

WrittenPort shortPort(const QByteArray &text)
{
    WrittenPort port;
    QList<QByteArray> parts = splitAtColons(text);
    port.target = parts.takeLast();
    if (const qsizetype slash = port.target.indexOf('/'); slash >= 0) {
        port.protocol = port.target.mid(slash);
        port.target.truncate(slash);
    }
    if (!parts.isEmpty())
        port.published = parts.takeLast();
    port.address = parts.join(':');
    return port;
}

WrittenPort writtenPort(const YamlValue &item)
{
    if (item.kind == YamlValue::Kind::Map)
        return {item.at("host_ip").text, item.at("published").text, item.at("target").text, {}};
    return shortPort(item.text);
}

/// Whether it is the server's port; where a variable hides that, the only port is it.
bool isServerPort(const ComposeModel &model, const WrittenPort &port, qsizetype count, int line)
{
    if (port.protocol == "/udp")
        return false;
    const QByteArray target = withoutVariables(port.target);
    if (!target.isEmpty() && !target.contains('-'))
        return target.toInt() == model.wanted.serverPort;
    if (count == 1)
        return true;
    throw ComposeRefusal{line, QStringLiteral("it does not tell which of its ports is the server's")};
}

QByteArray bracketed(const QString &address)
{
    const QByteArray text = address.toUtf8();
    return text.contains(':') && !text.startsWith('[') ? '[' + text + ']' : text;
}

void replacePublished(const ComposeModel &model, ComposeMeant &meant, const YamlSource &item, qsizetype place)
{
    const QByteArray published = QByteArray::number(model.wanted.publishedPort);
    if (item.isMap()) {
        const YamlPath path{"ports", place, "published"};
        meant.service << YamlChange{item.own("published") ? Kind::Replace : Kind::Insert, path, published};
        return;
    }
    const WrittenPort port = shortPort(item.text);
    QByteArray address = port.address;
    if (port.published.isEmpty() && address.isEmpty())
        address = bracketed(model.wanted.hostAddress);
    meant.service << YamlChange{Kind::Replace,
                                {"ports", place},
                                (address.isEmpty() ? QByteArray() : address + ':') + published + ':' +
                                    port.target + port.protocol};
}

void addPort(const ComposeModel &model, ComposeMeant &meant, Kind kind)
{
    const QByteArray address = bracketed(model.wanted.hostAddress);
    const QByteArray text = (address.isEmpty() ? QByteArray() : address + ':') +
                            QByteArray::number(model.wanted.publishedPort) + ':' +
                            QByteArray::number(model.wanted.serverPort);
    meant.service << YamlChange{kind, {"ports"}, text};
}

} // namespace

void decidePorts(const ComposeModel &model, ComposeMeant &meant)
{
    if (model.resolved.networkMode == QLatin1String("host"))
        return; // The server listens on the machine itself: its own port is a matter of words.
    const YamlSource *own = model.own("ports");
    const YamlValue ports = model.value.at("ports");
    if (model.inherits("ports") || (own && own->kind == YamlSource::Kind::Alias)) {
        throw ComposeRefusal{own ? own->line : model.key.line,
                             QStringLiteral("its ports come from elsewhere in the file")};
    }
    if (ports.items.isEmpty() && !model.resolved.ports.isEmpty())
        throw ComposeRefusal{model.key.line, QStringLiteral("its ports come from another file")};
    if (own && ports.items.isEmpty())
        throw ComposeRefusal{own->line, QStringLiteral("its list of ports is empty")};
    QList<qsizetype> gone;
    bool found = false;
    for (qsizetype i = 0; i < ports.items.size(); ++i) {
        const YamlSource &item = *own->items.at(i);
        if (!item.isScalar() && !item.isMap())
            throw ComposeRefusal{item.line, QStringLiteral("its ports come from elsewhere in the file")};
        const WrittenPort port = writtenPort(ports.items.at(i));
        if (isServerPort(model, port, ports.items.size(), item.line)) {
            found = true;
            if (model.wanted.publishedPort > 0)
                replacePublished(model, meant, item, i);
            else
                gone << i;
        } else if (!port.published.isEmpty()) {
            gone << i;
            meant.notes << QStringLiteral(
                               "The model's published port %1 was not taken over: only one service "
                               "can have it.")
                               .arg(QString::fromUtf8(port.published + ':' + port.target));
        }
    }
    const bool add = !found && model.wanted.publishedPort > 0;
    if (!gone.isEmpty() && gone.size() == ports.items.size()) {
        if (add)
            throw ComposeRefusal{own->line, QStringLiteral("it publishes other ports than the server's")};
        meant.service << YamlChange{Kind::Remove, {"ports"}};
        return;
    }
    for (const qsizetype place : gone)
        meant.service << YamlChange{Kind::Remove, {"ports", place}};
    if (add)
        addPort(model, meant, ports.items.isEmpty() ? Kind::InsertList : Kind::Append);
}

} // namespace understudy
