// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/compose/ComposeMeant.h"

#include <QRegularExpression>

namespace understudy {

namespace {

using Kind = YamlChange::Kind;

struct Rule
{
    QRegularExpression find;
    QString with;
};

QString plainPattern(const QString &text)
{
    return QRegularExpression::escape(text);
}

/// The new slot in the place of the model's: as a word, or, where that word names a service as well, only
/// where a slot is meant.
QList<Rule> slotRules(const ComposeModel &model)
{
    const NewComposeService &wanted = model.wanted;
    if (wanted.modelSlot.isEmpty() || wanted.slot.isEmpty() || wanted.modelSlot == wanted.slot)
        return {};
    const QString slot = plainPattern(wanted.modelSlot);
    const QString variable = QStringLiteral("\\$\\{[A-Za-z0-9_]+:?-%1\\}").arg(slot);
    const QString end = QStringLiteral("(?![A-Za-z0-9_])");
    QList<Rule> rules{
        {QRegularExpression(QStringLiteral("((?:-S|slot=|slot_name=|slot_name = )[ '\"\\\\]*)"
                                           "(?:%1|%2%3)")
                                .arg(variable, slot, end)),
         QStringLiteral("\\1") + wanted.slot},
        {QRegularExpression(QStringLiteral("(--slot\"?,? *[ '\"\\\\]*)(?:%1|%2%3)").arg(variable, slot, end)),
         QStringLiteral("\\1") + wanted.slot}};
    bool named = false;
    for (const ComposeService &service : model.project.services)
        named = named || service.name == wanted.modelSlot || service.containerName == wanted.modelSlot ||
                service.environment.value(QStringLiteral("POSTGRES_USER")) == wanted.modelSlot;
    if (!named) {
        rules << Rule{QRegularExpression(variable), wanted.slot};
        rules << Rule{QRegularExpression(QStringLiteral("(?<![A-Za-z0-9_./-])%1(?![A-Za-z0-9_-])").arg(slot)),
                      wanted.slot};
    }
    return rules;
}

/// How the standby calls itself to its upstream.
QList<Rule> nameRules(const ComposeModel &model)
{
    const QString name = model.wanted.name;
    QList<Rule> rules{{QRegularExpression(QStringLiteral("(application_name ?= ?['\"\\\\]*)[A-Za-z0-9_.-]+")),
                       QStringLiteral("\\1") + name}};
    for (const QString &own : {model.wanted.model, model.resolved.containerName}) {
        if (!own.isEmpty())
            rules << Rule{
                QRegularExpression(QStringLiteral("(cluster_name ?= ?['\"\\\\]*)%1(?![A-Za-z0-9_.-])")
                                       .arg(plainPattern(own))),
                QStringLiteral("\\1") + name};
    }
    return rules;
}

/// In the machine's own network the server listens at another port.
QList<Rule> portRules(const ComposeModel &model)
{
    const QString old = QString::number(model.wanted.serverPort);
    const QString other = QString::number(model.wanted.publishedPort);
    return {{QRegularExpression(
                 QStringLiteral(
                     "((?:^|[\\s'\"=])(?:-p\\s*|--port[= ]|(?:-c\\s*|--)?port\\s*=\\s*)['\"]?)%1(?![0-9])")
                     .arg(old)),
             QStringLiteral("\\1") + other}};
}

YamlChange::Rewriter rewriterOf(const QList<Rule> &rules)
{
    return [rules](const QByteArray &bytes) {
        QString text = QString::fromUtf8(bytes);
        for (const Rule &rule : rules)
            text.replace(rule.find, rule.with);
        return text.toUtf8();
    };
}

/// Rewrites all texts below a key of the service; a text that comes from elsewhere cannot be.
class Rewriting
{
public:
    Rewriting(const ComposeModel &model, ComposeMeant &meant, YamlChange::Rewriter rewrite)
        : m_model(model), m_meant(meant), m_rewrite(std::move(rewrite))
    {
    }
    /// Returns whether anything is rewritten.
    bool below(const char *key)
    {
        m_line = m_model.own(key) ? m_model.own(key)->line : m_model.key.line;
        return visit({key}, m_model.value.at(key));
    }

private:
    bool visit(const YamlPath &path, const YamlValue &value)
    {
        bool any = false;
        for (qsizetype i = 0; i < value.items.size(); ++i) {
            any = visit(path + YamlPath{i}, value.items.at(i)) || any;
        }
        for (auto it = value.entries.cbegin(); it != value.entries.cend(); ++it)
            any = visit(path + YamlPath{it.key()}, *it) || any;
        if (value.kind != YamlValue::Kind::Scalar || m_rewrite(value.text) == value.text)
            return any;
        for (const YamlChange &change : std::as_const(m_meant.service)) {
            if (change.path == path)
                return any; // It gets another value altogether.
        }
        const YamlSource *node = sourceAt(m_model.source, path);
        if (!node || !node->isScalar())
            throw ComposeRefusal{m_line,
                                 QStringLiteral("its %1 names the model's slot, name or port and comes from "
                                                "elsewhere in the file")
                                     .arg(QString::fromUtf8(path.first().key))};
        m_meant.service << YamlChange{Kind::Rewrite, path, {}, m_rewrite};
        return true;
    }

    const ComposeModel &m_model;
    ComposeMeant &m_meant;
    YamlChange::Rewriter m_rewrite;
    int m_line = 0;
};

/// What follows an option in a list of words: "-p", "5433". Returns whether it is there.
bool replaceWordAfter(const ComposeModel &model, ComposeMeant &meant, const YamlPath &path,
                      const QList<QByteArray> &options, const QList<QByteArray> &old, const QByteArray &other)
{
    YamlValue list = model.value;
    for (const YamlStep &step : path)
        list = list.at(step.key);
    for (qsizetype i = 1; i < list.items.size(); ++i) {
        if (!options.contains(list.items.at(i - 1).text) || !old.contains(list.items.at(i).text))
            continue;
        const YamlSource *node = sourceAt(model.source, path + YamlPath{i});
        if (!node || !node->isScalar())
            throw ComposeRefusal{model.key.line, QStringLiteral("its %1 comes from elsewhere in the file")
                                                     .arg(QString::fromUtf8(path.first().key))};
        meant.service << YamlChange{Kind::Replace, path + YamlPath{i}, other};
        return true;
    }
    return false;
}

bool replacePortWord(const ComposeModel &model, ComposeMeant &meant, const YamlPath &path)
{
    return replaceWordAfter(model, meant, path, {"-p", "--port"},
                            {QByteArray::number(model.wanted.serverPort)},
                            QByteArray::number(model.wanted.publishedPort));
}

/// A health check that asks the server by its name asks its own.
QList<Rule> healthRules(const ComposeModel &model, ComposeMeant &meant)
{
    QList<QByteArray> names{model.wanted.model.toUtf8(), model.resolved.containerName.toUtf8(),
                            model.value.at("hostname").text};
    names.removeAll(QByteArray());
    replaceWordAfter(model, meant, {"healthcheck", "test"}, {"-h", "--host"}, names,
                     model.wanted.name.toUtf8());
    QStringList patterns;
    for (const QByteArray &name : std::as_const(names))
        patterns << plainPattern(QString::fromUtf8(name));
    return {{QRegularExpression(QStringLiteral("((?:-h ?|--host[= ]|host=)['\"]?)(?:%1)(?![A-Za-z0-9_.-])")
                                    .arg(patterns.join(u'|'))),
             QStringLiteral("\\1") + model.wanted.name}};
}

/// A slot that the command takes from a variable of the file would be the model's.
void refuseHiddenSlot(const ComposeModel &model, const YamlChange::Rewriter &rewrite)
{
    const auto hidden = [&](const QStringList &resolved, const char *key) {
        const QByteArray said = resolved.join(u' ').toUtf8();
        if (rewrite(said) == said)
            return;
        const YamlValue written = model.value.at(key);
        QByteArray words = written.text;
        for (const YamlValue &item : written.items)
            words += ' ' + item.text;
        if (rewrite(words) == words) {
            const YamlSource *node = model.own(key);
            throw ComposeRefusal{node ? node->line : model.key.line,
                                 QStringLiteral("its %1 takes the slot or name of the model from a variable")
                                     .arg(QString::fromLatin1(key))};
        }
    };
    hidden(model.resolved.command, "command");
    hidden(model.resolved.entrypoint, "entrypoint");
}

} // namespace

void decideWords(const ComposeModel &model, ComposeMeant &meant)
{
    QList<Rule> rules = slotRules(model) + nameRules(model);
    const bool host = model.resolved.networkMode == QLatin1String("host");
    const YamlSource *mode = model.own("network_mode");
    const int line = mode ? mode->line : model.key.line;
    if (host && model.wanted.publishedPort <= 0)
        throw ComposeRefusal{line,
                             QStringLiteral("its server listens on the machine itself and needs a port")};
    refuseHiddenSlot(model, rewriterOf(rules));
    const QList<Rule> ports = host ? portRules(model) : QList<Rule>();
    const YamlChange::Rewriter rewrite = rewriterOf(rules + ports);
    bool portSaid = decideVariables(model, meant, rewrite).contains("PGPORT");
    if (host) {
        const auto said = [&](const YamlValue &value) {
            const YamlChange::Rewriter only = rewriterOf(ports);
            bool any = only(value.text) != value.text;
            for (const YamlValue &item : value.items)
                any = any || only(item.text) != item.text;
            return any;
        };
        for (const char *key : {"command", "entrypoint"})
            portSaid = replacePortWord(model, meant, {key}) || said(model.value.at(key)) || portSaid;
        if (!portSaid)
            throw ComposeRefusal{line,
                                 QStringLiteral("its server listens on the machine itself, and its command "
                                                "does not say at which port")};
        replacePortWord(model, meant, {"healthcheck", "test"});
    }
    Rewriting rewriting(model, meant, rewrite);
    for (const char *key : {"command", "entrypoint", "environment"})
        rewriting.below(key);
    Rewriting(model, meant, rewriterOf(ports + healthRules(model, meant))).below("healthcheck");

    const QString oldName = model.wanted.model, name = model.wanted.name;
    const auto word = [](const QString &text) {
        return QRegularExpression(
            QStringLiteral("(?<![A-Za-z0-9_-])%1(?![A-Za-z0-9_-])").arg(plainPattern(text)));
    };
    QList<Rule> comments = slotRules(model);
    comments << Rule{word(oldName), name};
    if (!meant.modelVolume.isEmpty())
        comments << Rule{word(QString::fromUtf8(meant.modelVolume)), model.wanted.volume};
    for (const ComposePort &port : model.resolved.ports) {
        if (port.target == model.wanted.serverPort && port.published > 0 && model.wanted.publishedPort > 0 &&
            port.published != port.target)
            comments << Rule{word(QString::number(port.published)),
                             QString::number(model.wanted.publishedPort)};
    }
    meant.comments = rewriterOf(comments);
}

} // namespace understudy
