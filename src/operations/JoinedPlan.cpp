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

} // namespace understudy
