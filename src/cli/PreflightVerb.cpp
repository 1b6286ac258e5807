// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Output.h"
#include "cli/StandbyOptions.h"
#include "cli/Verbs.h"
#include "clusters/Keyring.h"

namespace understudy::cli {

int preflightVerb(const QStringList &arguments)
{
    Words words(
        QStringLiteral("preflight"), QStringLiteral("preflight CLUSTER [OPTIONS]"),
        QStringLiteral("Checks whether a standby can be added, and changes nothing. Exit code 0: every check "
                       "passed, warned or\nwas waived; 1: a check failed."));
    addStandbyOptions(words);
    words.flag(QStringLiteral("json"), QStringLiteral("Prints JSON."));
    if (const auto ended = words.read(arguments, 1, 1))
        return *ended;
    const auto request = readStandbyOptions(words);
    if (!request)
        return words.usage(request.error());

    const auto secrets = systemSecrets();
    // What is wrong with a name or a port is a row of the table here, beside everything else.
    const auto prepared = prepare(words.positional(0), *request, secrets, false);
    if (!prepared)
        return complain(prepared.error().error, prepared.error().code);
    const PreflightResult result =
        runPreflight(prepared->request, prepared->facts, prepared->secrets, prepared->secretValues);
    if (words.isSet(QStringLiteral("json")))
        printJson(toJson(result));
    else
        print(checkTable(result));
    return result.blocked() ? ExitFailed : ExitDone;
}

} // namespace understudy::cli
