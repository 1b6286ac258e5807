// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Cli.h"

#include "cli/Output.h"
#include "cli/Verbs.h"
#include "report/PictureSource.h"

#include "demo/DemoGuard.h"

#include <QHash>

namespace understudy {

namespace {

using Verb = std::function<int(const QStringList &, const cli::PictureFactory &)>;

int help()
{
    cli::print(QStringLiteral(
        "See, change and document PostgreSQL streaming replication.\n"
        "\n"
        "  understudy [CLUSTER]                     the window\n"
        "  understudy --demo                        the window on the embedded demo cluster\n"
        "  understudy demo start|stop|status        the embedded cluster alone\n"
        "  understudy topology CLUSTER              one look: nodes, links, lag, findings\n"
        "  understudy preflight CLUSTER             the checks before a standby is added\n"
        "  understudy add-standby CLUSTER           review it, write a script, or do it with --yes\n"
        "  understudy snapshot CLUSTER -o FILE      the topology or the lag as a picture\n"
        "  understudy record CLUSTER -o FILE        looks at it for a while, to be shown again anywhere\n"
        "  understudy record CLUSTER --store FILE   keeps its history without a window\n"
        "  understudy operations [continue|undo ID] what was interrupted, and picking it up\n"
        "  understudy monitoring-role [CLUSTER]     the script that makes the role it logs in with\n"
        "\n"
        "CLUSTER is a libpq URI or conninfo, service=NAME, a docker-compose.yml, a saved cluster file, or "
        "demo;\n"
        "topology, snapshot and the window take a recording as well; topology and snapshot a history.\n"
        "'understudy VERB --help' says more about a verb, 'understudy --demo --help' about the window.\n"
        "Exit codes: 0 done, 1 failed, 2 usage, 3 interrupted or something left behind."));
    return ExitDone;
}

const QHash<QString, Verb> &verbs()
{
    static const QHash<QString, Verb> all{
        {QStringLiteral("topology"),
         [](const auto &words, const auto &) { return cli::topologyVerb(words); }},
        {QStringLiteral("preflight"),
         [](const auto &words, const auto &) { return cli::preflightVerb(words); }},
        {QStringLiteral("add-standby"), cli::addStandbyVerb},
        {QStringLiteral("snapshot"), cli::snapshotVerb},
        {QStringLiteral("demo"), [](const auto &words, const auto &) { return cli::demoVerb(words); }},
        {QStringLiteral("record"), [](const auto &words, const auto &) { return cli::recordVerb(words); }},
        {QStringLiteral("operations"),
         [](const auto &words, const auto &) { return cli::operationsVerb(words); }},
        {QStringLiteral("monitoring-role"),
         [](const auto &words, const auto &) { return cli::monitoringRoleVerb(words); }},
        // Not for people: the process that clears the demo away when its owner is killed.
        {QStringLiteral("demo-guard"), [](const auto &words, const auto &) { return runDemoGuard(words); }},
        {QStringLiteral("--help"), [](const auto &, const auto &) { return help(); }},
        {QStringLiteral("-h"), [](const auto &, const auto &) { return help(); }},
        {QStringLiteral("--version"),
         [](const auto &, const auto &) {
             cli::print(QStringLiteral("understudy " UNDERSTUDY_VERSION));
             return int(ExitDone);
         }},
    };
    return all;
}

} // namespace

bool isVerb(const QStringList &arguments)
{
    return !arguments.isEmpty() && verbs().contains(arguments.constFirst());
}

int runVerb(const QStringList &arguments, const std::function<std::unique_ptr<PictureSource>()> &pictures)
{
    const auto verb = arguments.isEmpty() ? verbs().constEnd() : verbs().constFind(arguments.constFirst());
    if (verb == verbs().constEnd())
        return cli::complain(QStringLiteral("There is no such verb. See understudy --help."), ExitUsage);
    const int code = (*verb)(arguments.mid(1), pictures);
    cli::flush();
    return code;
}

} // namespace understudy
