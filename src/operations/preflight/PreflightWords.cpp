// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Format.h"
#include "operations/preflight/Preflight.h"

#include <QJsonArray>

namespace understudy {

namespace {

QString joined(const QStringList &names)
{
    if (names.size() < 2)
        return names.join(QString());
    return names.mid(0, names.size() - 1).join(QStringLiteral(", ")) + QStringLiteral(" and ") + names.last();
}

bool fixable(const CheckResult &check)
{
    return check.fix && check.fix->canApply;
}

QString warningWords(int warnings, int fixableHere)
{
    const bool one = warnings == 1;
    const QString many = one ? QStringLiteral("One warning") : QStringLiteral("%1 warnings").arg(warnings);
    const QString block =
        one ? QStringLiteral("it does not block you") : QStringLiteral("they do not block you");
    if (fixableHere == 0)
        return QStringLiteral("%1; %2.").arg(many, block);
    if (fixableHere == warnings)
        return QStringLiteral("%1 can be fixed here; %2.").arg(many, block);
    return QStringLiteral("%1, %2 can be fixed here; %3.")
        .arg(many, fixableHere == 1 ? QStringLiteral("one") : QString::number(fixableHere), block);
}

} // namespace

QString CheckResult::groupWords() const
{
    if (!groupHead.isEmpty())
        return groupHead;
    switch (group) {
    case CheckGroup::Upstream:
        return QStringLiteral("Primary and its settings");
    case CheckGroup::Target:
        return QStringLiteral("Target: this machine");
    case CheckGroup::Names:
        return QStringLiteral("Names");
    case CheckGroup::Effect:
        return QStringLiteral("Effect");
    }
    return {};
}

int PreflightResult::count(CheckStatus status) const
{
    int n = 0;
    for (const CheckResult &check : checks)
        n += check.status == status ? 1 : 0;
    return n;
}

QString PreflightResult::sentence() const
{
    const QString all = format::plural(checks.size(), QStringLiteral("check"));
    if (count(CheckStatus::Waiting) + count(CheckStatus::Running) > 0)
        return QStringLiteral("Running %1.").arg(all);
    QStringList failed;
    int fixableWarnings = 0;
    for (const CheckResult &check : checks) {
        if (check.status == CheckStatus::Fail)
            failed.append(check.title);
        if (check.status == CheckStatus::Warning && fixable(check))
            ++fixableWarnings;
    }
    const int passed = count(CheckStatus::Pass), skipped = count(CheckStatus::Skipped);
    const int warnings = count(CheckStatus::Warning), waived = count(CheckStatus::Waived);
    QString text = passed == checks.size() ? QStringLiteral("%1, all passed.").arg(all)
                                           : QStringLiteral("%1, %2 passed.").arg(all).arg(passed);
    if (!failed.isEmpty()) {
        text += failed.size() == 1 ? QStringLiteral(" %1 failed and blocks the plan.").arg(failed.first())
                                   : QStringLiteral(" %1 failed and block the plan.").arg(joined(failed));
    }
    if (skipped > 0)
        text += QStringLiteral(" %1 skipped.").arg(skipped);
    if (warnings > 0)
        text += u' ' + warningWords(warnings, fixableWarnings);
    if (waived > 0 && warnings == 0 && failed.isEmpty())
        text += QStringLiteral(" %1 waived.")
                    .arg(waived == 1 ? QStringLiteral("One is") : QStringLiteral("%1 are").arg(waived));
    return text;
}

PreflightResult merged(PreflightResult before, const PreflightResult &again)
{
    for (CheckResult &check : before.checks) {
        for (const CheckResult &fresh : again.checks) {
            if (fresh.id == check.id)
                check = fresh;
        }
    }
    before.startedUs = again.startedUs;
    before.finishedUs = again.finishedUs;
    if (!again.baseline.isEmpty())
        before.baseline = again.baseline;
    return before;
}

QString stableName(CheckStatus status)
{
    switch (status) {
    case CheckStatus::Waiting:
        return QStringLiteral("waiting");
    case CheckStatus::Running:
        return QStringLiteral("running");
    case CheckStatus::Pass:
        return QStringLiteral("pass");
    case CheckStatus::Warning:
        return QStringLiteral("warning");
    case CheckStatus::Fail:
        return QStringLiteral("fail");
    case CheckStatus::Waived:
        return QStringLiteral("waived");
    case CheckStatus::Skipped:
        return QStringLiteral("skipped");
    }
    return {};
}

QString stableName(CheckGroup group)
{
    switch (group) {
    case CheckGroup::Upstream:
        return QStringLiteral("upstream");
    case CheckGroup::Target:
        return QStringLiteral("target");
    case CheckGroup::Names:
        return QStringLiteral("names");
    case CheckGroup::Effect:
        return QStringLiteral("effect");
    }
    return {};
}

QString words(CheckStatus status)
{
    switch (status) {
    case CheckStatus::Waiting:
        return QStringLiteral("Waiting");
    case CheckStatus::Running:
        return QStringLiteral("Running");
    case CheckStatus::Pass:
        return QStringLiteral("Passed");
    case CheckStatus::Warning:
        return QStringLiteral("Warning");
    case CheckStatus::Fail:
        return QStringLiteral("Failed");
    case CheckStatus::Waived:
        return QStringLiteral("Waived");
    case CheckStatus::Skipped:
        return QStringLiteral("Skipped");
    }
    return {};
}

QJsonObject toJson(const PreflightResult &result)
{
    QJsonArray checks;
    for (const CheckResult &check : result.checks) {
        QJsonObject out{{"id", check.id},
                        {"group", stableName(check.group)},
                        {"title", check.title},
                        {"status", stableName(check.status)},
                        {"evidence", check.evidence},
                        {"why", check.why},
                        {"manual", check.manual},
                        {"field", check.field.isEmpty() ? QJsonValue() : QJsonValue(check.field)},
                        {"waivable", check.waivable},
                        {"took_ms", check.tookMs}};
        if (!check.waivedReason.isEmpty())
            out.insert("waived", check.waivedReason);
        if (check.fix) {
            QJsonObject fix{{"command", check.fix->command},
                            {"restarts_primary", check.fix->restartsPrimary},
                            {"can_apply", check.fix->canApply}};
            if (!check.fix->setField.isEmpty()) {
                fix.insert("set_field", check.fix->setField);
                fix.insert("set_value", check.fix->setValue);
            }
            out.insert("fix", fix);
        }
        checks.append(out);
    }
    QJsonObject baseline;
    for (const auto &[name, value] : result.baseline)
        baseline.insert(name, value);
    return {{"format", 1},
            {"started_at", format::isoUtc(result.startedUs)},
            {"finished_at", format::isoUtc(result.finishedUs)},
            {"sentence", result.sentence()},
            {"blocked", result.blocked()},
            {"checks", checks},
            {"baseline", baseline}};
}

} // namespace understudy
