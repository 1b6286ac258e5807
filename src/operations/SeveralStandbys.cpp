// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/SeveralStandbys.h"

#include <QRegularExpression>

namespace understudy {

namespace {

/// Values that one standby's steps store for its own later ones.
class OwnValues
{
public:
    explicit OwnValues(int number) : m_ending(QStringLiteral("_%1").arg(number)) {}

    QString text(QString text) const
    {
        // A secret has a colon in its name and is the same for all.
        static const QRegularExpression form(QStringLiteral("\\$\\{([A-Za-z0-9_]+)\\}"));
        return text.replace(form, QStringLiteral("${\\1") + m_ending + u'}');
    }
    QString name(const QString &name) const { return name.isEmpty() ? name : name + m_ending; }

    Action operator()(Action action) const
    {
        std::visit([this](auto &a) { own(a); }, action);
        return action;
    }
    void own(CommandAction &a) const
    {
        for (QString &word : a.command.argv)
            word = text(word);
        a.shown = text(a.shown);
        a.storeAs = name(a.storeAs);
    }
    void own(WaitAction &a) const
    {
        a.sql = text(a.sql);
        a.until = text(a.until);
        a.storeAs = name(a.storeAs);
    }

private:
    void own(SqlAction &a) const
    {
        a.sql = text(a.sql);
        a.storeAs = name(a.storeAs);
    }
    void own(FileAction &a) const
    {
        a.path = text(a.path);
        a.content = text(a.content);
    }
    void own(EditAction &) const {} // has no values

    QString m_ending;
};

Result<void> belongsToOne(const AddStandbyRequest &request)
{
    const auto refuse = [](const char *field, const QString &what) {
        return fail(what, QStringLiteral("Leave it out, or add one standby after the other."),
                    QString::fromLatin1(field));
    };
    if (!request.on.isEmpty() && request.on != QLatin1String("local"))
        return refuse("count", QStringLiteral("Several standbys in one plan are only made on this machine."));
    if (request.synchronous)
        return refuse("synchronous", QStringLiteral("Several standbys in one plan are asynchronous."));
    if (!request.slot.isEmpty())
        return refuse("slot", QStringLiteral("A slot serves one standby."));
    if (!request.dataDirectory.isEmpty())
        return refuse("dataDirectory", QStringLiteral("A data directory belongs to one standby."));
    if (!request.choices.walDirectory.isEmpty())
        return refuse("walDirectory", QStringLiteral("A WAL directory belongs to one standby."));
    if (!request.choices.tablespaces.isEmpty())
        return refuse("tablespaces", QStringLiteral("A tablespace's directory belongs to one standby."));
    return {};
}

bool isKnown(const QString &name, const AddStandbyFacts &facts)
{
    for (const Cluster &cluster : facts.topology.clusters)
        for (const Node &node : cluster.nodes)
            if (node.name == name)
                return true;
    return false;
}

} // namespace

Plan joinedPlan(const QList<Plan> &plans)
{
    Plan all = plans.first();
    QStringList names;
    all.steps.clear();
    int number = 0;
    for (const Plan &plan : plans) {
        const OwnValues own(++number);
        names << plan.subject;
        QString ending = plan.subject; // a script makes names of variables from step ids
        for (QChar &c : ending)
            if (!(c.isDigit() || (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z')))
                c = u'_';
        all.endpoints.insert(plan.endpoints);
        for (Step step : plan.steps) {
            step.id += u'_' + ending;
            step.title = QStringLiteral("%1: %2").arg(plan.subject, step.title);
            step.fact = own.text(step.fact);
            for (Action &action : step.actions)
                action = own(action);
            for (Action &action : step.undo)
                action = own(action);
            if (step.alreadyDone)
                own.own(*step.alreadyDone);
            if (step.evidence)
                own.own(*step.evidence);
            all.steps << step;
        }
        for (auto it = plan.facts.begin(); it != plan.facts.end(); ++it) {
            QString &fact = all.facts[it.key()];
            if (number > 1 && fact != it.value())
                fact += QStringLiteral(", ") + it.value();
        }
    }
    all.subject = names.join(QStringLiteral(", "));
    all.id =
        all.id.section(QStringLiteral("-add-"), 0, 0) + QStringLiteral("-add-") + names.join(u'-').left(120);
    all.title = QStringLiteral("Add %1 to %2").arg(all.subject, all.cluster);
    return all;
}

Result<SeveralStandbys> planSeveral(const AddStandbyRequest &asked, int count, const AddStandbyFacts &facts)
{
    if (auto one = belongsToOne(asked); !one)
        return tl::unexpected(one.error());
    SeveralStandbys several;
    AddStandbyFacts now = facts;
    for (int i = 0; i < count; ++i) {
        AddStandbyRequest request = asked;
        request.choices.copies = count;
        if (i > 0) {
            request.port = 0;
            for (int number = 2; !asked.name.isEmpty() && isKnown(request.name, now); ++number)
                request.name = numberedName(asked.name, number);
        }
        request = suggest(request, now);
        if (request.on != QLatin1String("local"))
            return fail(QStringLiteral("Several standbys in one plan are only made on this machine."),
                        QStringLiteral("Add one after the other, or give --on local."),
                        QStringLiteral("count"));
        auto plan = planAddStandby(request, now);
        if (!plan)
            return tl::unexpected(plan.error());
        // The next one finds this one's name, port and slot taken.
        now.topology = topologyAfter(request, now);
        for (Cluster &cluster : now.topology.clusters) {
            if (!cluster.node(request.upstream) || !request.choices.slot)
                continue;
            Slot slot;
            slot.node = request.upstream;
            slot.name = request.slot;
            cluster.slots_ << slot;
        }
        several.requests << request;
        several.each << *plan;
    }
    several.plan = joinedPlan(several.each);
    several.after = now.topology;
    return several;
}

} // namespace understudy
