// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Look.h"
#include "cli/Output.h"
#include "cli/Verbs.h"
#include "cli/Words.h"
#include "clusters/Keyring.h"
#include "model/Format.h"
#include "model/MonitoringRole.h"

#include <QRegularExpression>
#include <algorithm>

namespace understudy::cli {

namespace {

/// "15", "17.2", "9.6" or a server_version_num.
Result<int> versionOf(const QString &text)
{
    static const QRegularExpression dotted(QStringLiteral("^(\\d{1,3})(?:\\.(\\d{1,3}))?(?:\\.\\d{1,3})?$"));
    bool ok = false;
    const int number = text.toInt(&ok);
    if (ok && number >= 10000)
        return number;
    const auto match = dotted.match(text);
    const int major = match.captured(1).toInt();
    if (!match.hasMatch() || major < 1)
        return fail(
            QStringLiteral("--version takes a version of PostgreSQL such as 15, not \"%1\".").arg(text), {},
            QStringLiteral("version"));
    return major >= 10 ? major * 10000 + match.captured(2).toInt()
                       : major * 10000 + match.captured(2).toInt() * 100;
}

/// "watch", "add", "counts", several of them with commas.
Result<void> readPurpose(const QString &text, MonitoringRole &role)
{
    for (const QString &word : text.split(u',')) {
        if (word == QLatin1String("add"))
            role.addsStandbys = true;
        else if (word == QLatin1String("counts"))
            role.comparesCounts = true;
        else if (word != QLatin1String("watch"))
            return fail(
                QStringLiteral("--for takes watch, add or counts, or several with commas, not \"%1\".")
                    .arg(word),
                {}, QStringLiteral("for"));
    }
    return {};
}

/// The oldest node decides: the script must run on all of them after a promotion.
Result<int> oldestVersionOf(const QString &cluster)
{
    constexpr double timeout = 10;
    const Deadline deadline(timeout,
                            QStringLiteral("The look was not done after %1.").arg(format::seconds(timeout)));
    const auto look = takeLook(cluster, systemSecrets(), timeout, 1);
    if (!look)
        return tl::unexpected(look.error());
    int version = 0;
    for (const NodeSnapshot &snapshot : look->snapshots) {
        if (snapshot.answered() && (version == 0 || snapshot.versionNum < version))
            version = snapshot.versionNum;
    }
    if (version == 0)
        return fail(look->whyNot(),
                    QStringLiteral("Before the role exists, name the version instead: --version 15."));
    return version;
}

} // namespace

int monitoringRoleVerb(const QStringList &arguments)
{
    Words words(
        QStringLiteral("monitoring-role"),
        QStringLiteral("monitoring-role [CLUSTER | --version N] [--name ROLE] [--for watch|add|counts]"),
        QStringLiteral(
            "Prints the script that makes the role Understudy logs in with: its grants and nothing "
            "more, each with\nwhat it is for, and the lines of pg_hba.conf. Run it with psql as a "
            "superuser on the primary. It changes\nnothing by itself."));
    words.value(QStringLiteral("version"), QStringLiteral("N"),
                QStringLiteral("The server's version; else asked from CLUSTER, else fit for all."));
    words.value(QStringLiteral("name"), QStringLiteral("ROLE"), QStringLiteral("understudy if not given."),
                QStringLiteral("understudy"));
    words.value(QStringLiteral("for"), QStringLiteral("PURPOSE"),
                QStringLiteral("watch; add (standbys too); counts (compare row counts too); or add,counts."),
                QStringLiteral("watch"));
    words.value(QStringLiteral("from"), QStringLiteral("ADDRESS"),
                QStringLiteral("Where Understudy runs, for pg_hba.conf: 10.0.0.9/32."));
    if (const auto ended = words.read(arguments, 0, 1))
        return *ended;
    MonitoringRole role;
    role.name = words.text(QStringLiteral("name"));
    role.clientAddress = words.text(QStringLiteral("from")).simplified();
    static const QRegularExpression address(QStringLiteral("^[0-9A-Za-z.:_-]+(/\\d{1,3})?$"));
    if (!role.clientAddress.isEmpty() && !address.match(role.clientAddress).hasMatch())
        return words.usage(QStringLiteral("--from takes an address such as 10.0.0.9/32."));
    if (const auto ok = readPurpose(words.text(QStringLiteral("for")), role); !ok)
        return words.usage(ok.error());
    const QString cluster = words.positional(0);
    if (words.isSet(QStringLiteral("version"))) {
        if (!cluster.isEmpty())
            return words.usage(QStringLiteral("Give either a cluster or --version, not both."));
        const auto version = versionOf(words.text(QStringLiteral("version")));
        if (!version)
            return words.usage(version.error());
        role.versionNum = *version;
    } else if (!cluster.isEmpty()) {
        const auto version = oldestVersionOf(cluster);
        if (!version)
            return complain(version.error(), ExitFailed);
        role.versionNum = *version;
    }
    const auto script = monitoringRoleScript(role);
    if (!script)
        return words.usage(script.error());
    print(script->chopped(1)); // print() ends the line
    return ExitDone;
}

} // namespace understudy::cli
