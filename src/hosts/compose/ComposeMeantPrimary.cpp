// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/compose/ComposeMeant.h"

#include <QRegularExpression>

namespace understudy {

namespace {

using Kind = YamlChange::Kind;

/// Variables of the image that count only while the data directory is empty.
bool initializes(const QByteArray &name)
{
    static const QRegularExpression form(
        QStringLiteral("^POSTGRES_(PASSWORD|USER|DB|INITDB_ARGS|INITDB_WALDIR|HOST_AUTH_METHOD)(_FILE)?$"));
    return form.match(QString::fromUtf8(name)).hasMatch();
}

QByteArray allText(const YamlValue &value)
{
    QByteArray text = value.text;
    for (const YamlValue &item : value.items)
        text += ' ' + allText(item);
    for (const YamlValue &entry : value.entries)
        text += ' ' + allText(entry);
    return text;
}

/// A health check may say `-U $$POSTGRES_USER`: that one stays.
bool isReferredTo(const ComposeModel &model, const QByteArray &name)
{
    static const QRegularExpression word(QStringLiteral("\\$\\{?([A-Za-z_][A-Za-z0-9_]*)"));
    const QString text =
        QString::fromUtf8(allText(model.value.at("healthcheck")) + ' ' + allText(model.value.at("command")));
    for (auto it = word.globalMatch(text); it.hasNext();) {
        if (it.next().captured(1).toUtf8() == name)
            return true;
    }
    return false;
}

void dropVariables(const ComposeModel &model, ComposeMeant &meant)
{
    const YamlSource *own = model.own("environment");
    if (!own || (!own->isMap() && !own->isSequence()))
        return; // What comes from elsewhere stays: with data that is there it does nothing.
    QList<YamlPath> gone;
    for (qsizetype i = 0; i < own->items.size(); ++i) {
        const QByteArray text = own->isMap() ? own->keys.at(i)->text : own->items.at(i)->text;
        const QByteArray name = text.left(text.indexOf('='));
        if (!initializes(own->isMap() ? text : name) || isReferredTo(model, own->isMap() ? text : name))
            continue;
        gone << (own->isMap() ? YamlPath{"environment", text} : YamlPath{"environment", i});
    }
    if (gone.size() == own->items.size() && !gone.isEmpty())
        gone = {YamlPath{"environment"}};
    for (const YamlPath &path : std::as_const(gone))
        meant.service << YamlChange{Kind::Remove, path};
}

void dropFirstStart(const ComposeModel &model, ComposeMeant &meant)
{
    const YamlSource *own = model.own("volumes");
    const YamlValue volumes = model.value.at("volumes");
    for (qsizetype i = 0; own && own->isSequence() && i < volumes.items.size(); ++i) {
        const YamlValue &item = volumes.items.at(i);
        const QList<QByteArray> parts = splitAtColons(item.text);
        const QByteArray target =
            item.kind == YamlValue::Kind::Map ? item.at("target").text : parts.value(1, parts.value(0));
        if (isForFirstStart(QString::fromUtf8(target)))
            meant.service << YamlChange{Kind::Remove, {"volumes", i}};
    }
}

/// `postgres -c this=that`: the same settings, without which a standby stops with "insufficient parameter
/// settings".
bool isPlainServer(const QStringList &command)
{
    if (command.isEmpty())
        return true;
    static const QRegularExpression shell(QStringLiteral("[;&|<>`]|\\$\\("));
    const QString first = command.constFirst();
    return (first == QLatin1String("postgres") || first.startsWith(u'-')) &&
           !shell.match(command.join(u' ')).hasMatch();
}

void dropWords(const ComposeModel &model, ComposeMeant &meant, const char *key)
{
    const YamlSource *own = model.own(key);
    if (!model.value.has(key) && !own)
        return;
    if (!own)
        throw ComposeRefusal{model.key.line,
                             QStringLiteral("its %1 comes from elsewhere, and a standby needs "
                                            "another")
                                 .arg(QString::fromLatin1(key))};
    meant.service << YamlChange{Kind::Remove, {key}};
    meant.notes << QStringLiteral(
                       "The primary's %1 was not taken over: the standby runs what the image runs.")
                       .arg(QString::fromLatin1(key));
}

} // namespace

bool isForFirstStart(const QString &target)
{
    return target == QLatin1String("/docker-entrypoint-initdb.d") ||
           target.startsWith(QLatin1String("/docker-entrypoint-initdb.d/"));
}

void decidePlainStandby(const ComposeModel &model, ComposeMeant &meant)
{
    for (auto it = model.resolved.environment.cbegin(); it != model.resolved.environment.cend(); ++it) {
        if (it.key().contains(QLatin1String("REPLICATION_MODE")) ||
            it.key().startsWith(QLatin1String("REPMGR_")))
            throw ComposeRefusal{
                model.key.line, QStringLiteral("its image sets up replication by itself (%1)").arg(it.key())};
    }
    dropVariables(model, meant);
    dropFirstStart(model, meant);
    if (!isPlainServer(model.resolved.command))
        dropWords(model, meant, "command");
    if (!model.resolved.entrypoint.isEmpty())
        dropWords(model, meant, "entrypoint");
}

} // namespace understudy
