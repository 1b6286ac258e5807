// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/compose/ComposeMeant.h"

#include <QRegularExpression>

namespace understudy {

namespace {

using Kind = YamlChange::Kind;

/// Sets variables of the environment, whether it is a map or a list.
void setVariables(const ComposeModel &model, ComposeMeant &meant,
                  const QMap<QByteArray, QByteArray> &variables)
{
    if (variables.isEmpty())
        return;
    const YamlSource *own = model.own("environment");
    const int line = own ? own->line : model.key.line;
    if (model.inherits("environment") || (own && !own->isMap() && !own->isSequence()) ||
        (own && own->items.isEmpty()))
        throw ComposeRefusal{line, QStringLiteral("its environment comes from elsewhere in the file")};
    if (!own) {
        meant.service << YamlChange{Kind::InsertMap, {"environment"}, {}, {}, variables};
        return;
    }
    for (auto it = variables.cbegin(); it != variables.cend(); ++it) {
        if (own->isMap()) {
            const YamlSource *there = own->own(it.key());
            meant.service << YamlChange{there && there->isScalar() ? Kind::Replace : Kind::Insert,
                                        {"environment", it.key()},
                                        it.value()};
            if (there && !there->isScalar())
                throw ComposeRefusal{there->line, QStringLiteral("a variable has no value of its own there")};
            continue;
        }
        qsizetype place = -1;
        for (qsizetype i = 0; i < own->items.size(); ++i) {
            const QByteArray text = own->items.at(i)->text;
            if (text == it.key() || text.startsWith(it.key() + '='))
                place = i;
        }
        const QByteArray pair = it.key() + '=' + it.value();
        meant.service << (place < 0 ? YamlChange{Kind::Append, {"environment"}, pair}
                                    : YamlChange{Kind::Replace, {"environment", place}, pair});
    }
}

/// A variable by which a server knows itself: by its name, so that no database or role of that name is meant.
bool isOwnName(const ComposeModel &model, const QString &variable, const QString &value)
{
    static const QRegularExpression always(QStringLiteral("^PGAPPNAME$|APPLICATION_NAME$"));
    static const QRegularExpression perhaps(
        QStringLiteral("^(NAME|HOSTNAME|PATRONI_NAME|POD_NAME)$|NODE_(NETWORK_)?NAME$|CLUSTER_NAME$"));
    if (always.match(variable).hasMatch())
        return true;
    const bool own = value == model.wanted.model || value == model.resolved.containerName ||
                     value == QString::fromUtf8(model.value.at("hostname").text);
    return !value.isEmpty() && own && perhaps.match(variable).hasMatch();
}

/// The variables that must have another value: those asked for, those that name the slot through a variable
/// or an env_file, and a slot variable whatever else that word means.
QMap<QByteArray, QByteArray> newVariables(const ComposeModel &model, const YamlChange::Rewriter &rewrite)
{
    const NewComposeService &wanted = model.wanted;
    QMap<QByteArray, QByteArray> out;
    const auto dollars = [](QString text) { return text.replace(u'$', QStringLiteral("$$")).toUtf8(); };
    const YamlValue written = model.value.at("environment");
    const auto writtenValue = [&written](const QByteArray &name) {
        for (const YamlValue &item : written.items) {
            if (item.text.startsWith(name + '='))
                return item.text.mid(name.size() + 1);
        }
        return written.at(name).text;
    };
    const auto &variables = model.resolved.environment;
    for (auto it = variables.cbegin(); it != variables.cend(); ++it) {
        const QByteArray name = it.key().toUtf8();
        const bool slotVariable = it.key().contains(QLatin1String("SLOT"), Qt::CaseInsensitive);
        if (!wanted.modelSlot.isEmpty() && it.value() == wanted.modelSlot && slotVariable &&
            !wanted.slot.isEmpty() && wanted.slot != wanted.modelSlot &&
            rewrite(writtenValue(name)) != wanted.slot.toUtf8())
            out.insert(name, wanted.slot.toUtf8());
        if (isOwnName(model, it.key(), it.value()))
            out.insert(name, wanted.name.toUtf8());
        if (name == "PGPORT" && model.resolved.networkMode == QLatin1String("host"))
            out.insert(name, QByteArray::number(wanted.publishedPort));
    }
    for (auto it = wanted.environment.cbegin(); it != wanted.environment.cend(); ++it)
        out.insert(it.key().toUtf8(), dollars(it.value()));
    return out;
}

} // namespace

QMap<QByteArray, QByteArray> decideVariables(const ComposeModel &model, ComposeMeant &meant,
                                             const YamlChange::Rewriter &rewrite)
{
    QMap<QByteArray, QByteArray> variables = newVariables(model, rewrite);
    setVariables(model, meant, variables);
    return variables;
}

} // namespace understudy
