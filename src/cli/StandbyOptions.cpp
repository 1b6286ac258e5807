// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/StandbyOptions.h"

#include "cli/Look.h"
#include "cli/Output.h"
#include "clusters/ClusterSecrets.h"
#include "hosts/Deployment.h"
#include "model/Quote.h"
#include "model/SlotName.h"
#include "operations/PlanHosts.h"
#include "operations/UnseenMachine.h"
#include "operations/UpstreamAddress.h"

#include <QRegularExpression>

namespace understudy::cli {

namespace {

tl::unexpected<Error> bad(const QString &option, const QString &what, const QString &fix)
{
    return fail(QStringLiteral("--%1: %2").arg(option, what), fix, option);
}

/// The option that sets a field of the request: "--data-dir".
QString optionOf(const QString &field)
{
    static const QMap<QString, QString> options{
        {QStringLiteral("dataDirectory"), QStringLiteral("data-dir")},
        {QStringLiteral("maxRate"), QStringLiteral("max-rate")},
        {QStringLiteral("synchronous"), QStringLiteral("sync")},
        {QStringLiteral("walDirectory"), QStringLiteral("wal-dir")},
        {QStringLiteral("tablespaces"), QStringLiteral("tablespace")},
        {QStringLiteral("applyDelay"), QStringLiteral("apply-delay")},
        {QStringLiteral("restoreCommand"), QStringLiteral("restore-command")},
        {QStringLiteral("verifyBackup"), QStringLiteral("verify-backup")},
        {QStringLiteral("upstreamAddress"), QStringLiteral("upstream-address")},
        {QStringLiteral("replicationUser"), QStringLiteral("replication-user")}};
    return QStringLiteral("--") + options.value(field, field);
}

/// What to type so that a field has this value.
QString optionFor(const QString &field, const QString &value)
{
    if (field == QLatin1String("verifyBackup"))
        return value == QLatin1String("no") ? QStringLiteral("--no-verify-backup")
                                            : QStringLiteral("--verify-backup");
    return optionOf(field) + u' ' + value;
}

/// An error of a field says which option it is.
Error atOption(Error error)
{
    if (!error.field.isEmpty())
        error.what = QStringLiteral("%1: %2").arg(optionOf(error.field), error.what);
    return error;
}

Result<void> readMethod(const Words &words, AddStandbyRequest &request)
{
    request.on = words.text(QStringLiteral("on"));
    const bool compose = request.on == QLatin1String("compose");
    const bool script = isScriptPlace(request.on);
    const bool machine = script || request.on == localHostKey || request.on.startsWith(sshPrefix);
    if (!request.on.isEmpty() && !compose && !machine)
        return bad(QStringLiteral("on"), QStringLiteral("\"%1\" is not a place.").arg(request.on),
                   QStringLiteral("Use --on local, --on compose, --on ssh:HOST or --on script:NAME."));
    if (script && quote::visible(request.on) != request.on)
        return bad(QStringLiteral("on"), QStringLiteral("the machine's name has a control character."),
                   QStringLiteral("Give what you call it: script:db5."));
    static const QRegularExpression destination(QStringLiteral("^ssh:[^-\\s\\p{C}][^\\s\\p{C}]*$"));
    if (request.on.startsWith(sshPrefix) && !destination.match(request.on).hasMatch())
        return bad(QStringLiteral("on"), QStringLiteral("\"%1\" names no machine.").arg(request.on),
                   QStringLiteral("Give what you would type after ssh: ssh:db2 or ssh:user@db2."));
    request.keeper = words.text(QStringLiteral("keeper"));
    if (words.isSet(QStringLiteral("keeper")) && !deploymentBy(request.keeper, {}))
        return bad(QStringLiteral("keeper"), QStringLiteral("\"%1\" keeps no servers.").arg(request.keeper),
                   QStringLiteral("Use pg_ctl, pg_ctlcluster or systemd."));
    if (words.isSet(QStringLiteral("keeper")) && compose)
        return bad(QStringLiteral("keeper"), QStringLiteral("a service is kept by Compose."),
                   QStringLiteral("Leave it out, or use --on local or --on ssh:HOST."));
    for (const char *option : {"volume", "service", "override"}) {
        const QString name = QString::fromLatin1(option);
        if (words.isSet(name) && machine)
            return bad(name, QStringLiteral("it belongs to --on compose."),
                       name == QLatin1String("override") ? QStringLiteral("Leave it out.")
                                                         : QStringLiteral("Use --data-dir."));
    }
    if (words.isSet(QStringLiteral("data-dir")) && compose)
        return bad(QStringLiteral("data-dir"), QStringLiteral("it belongs to --on local and --on ssh:HOST."),
                   QStringLiteral("Use --volume."));
    request.upstreamAddress = words.text(QStringLiteral("upstream-address"));
    if (words.isSet(QStringLiteral("upstream-address"))) {
        if (compose)
            return bad(QStringLiteral("upstream-address"),
                       QStringLiteral("a service reaches its upstream as its model does."),
                       QStringLiteral("Leave it out."));
        if (const auto address = parseUpstreamAddress(request.upstreamAddress, 5432); !address)
            return bad(QStringLiteral("upstream-address"), address.error().what, address.error().action);
    }
    request.service = words.text(QStringLiteral("service"));
    request.volume = words.text(QStringLiteral("volume"));
    request.overrideFile = words.isSet(QStringLiteral("override"));
    return {};
}

Result<void> readNames(const Words &words, AddStandbyRequest &request)
{
    request.name = words.text(QStringLiteral("name"));
    if (words.isSet(QStringLiteral("name"))) {
        if (auto name = checkNodeName(request.name); !name)
            return bad(QStringLiteral("name"), name.error().text(), {});
    }
    request.slot = words.text(QStringLiteral("slot"));
    if (words.isSet(QStringLiteral("slot"))) {
        if (auto slot = checkSlotName(request.slot); !slot)
            return bad(QStringLiteral("slot"), slot.error().text(), {});
    }
    if (words.isSet(QStringLiteral("port"))) {
        bool ok = false;
        request.port = words.text(QStringLiteral("port")).toInt(&ok);
        if (!ok || request.port < 1 || request.port > 65535)
            return bad(QStringLiteral("port"),
                       QStringLiteral("\"%1\" is not a port.").arg(words.text(QStringLiteral("port"))),
                       QStringLiteral("Give a number from 1 to 65535."));
    }
    request.dataDirectory = words.text(QStringLiteral("data-dir"));
    if (words.isSet(QStringLiteral("data-dir")) && !request.dataDirectory.startsWith(u'/'))
        return bad(QStringLiteral("data-dir"),
                   QStringLiteral("\"%1\" is not an absolute path.").arg(request.dataDirectory),
                   QStringLiteral("Give a path that begins with /."));
    return {};
}

Result<void> readCopy(const Words &words, AddStandbyRequest &request)
{
    StandbyChoices &choices = request.choices;
    const QString checkpoint = words.text(QStringLiteral("checkpoint"));
    if (words.isSet(QStringLiteral("checkpoint")) && checkpoint != u"fast" && checkpoint != u"spread")
        return bad(QStringLiteral("checkpoint"),
                   QStringLiteral("\"%1\" is neither fast nor spread.").arg(checkpoint),
                   QStringLiteral("Give fast, or spread to spare the disk and wait some minutes."));
    request.fastCheckpoint = checkpoint != u"spread";
    choices.compress = words.text(QStringLiteral("compress"));
    if (choices.compress == u"none")
        choices.compress.clear();
    const bool verify = words.isSet(QStringLiteral("verify-backup"));
    const bool noVerify = words.isSet(QStringLiteral("no-verify-backup"));
    if (verify && noVerify)
        return bad(QStringLiteral("verify-backup"), QStringLiteral("it excludes --no-verify-backup."),
                   QStringLiteral("Give one of them."));
    if (verify || noVerify)
        choices.verifyBackup = verify;
    choices.walDirectory = words.text(QStringLiteral("wal-dir"));
    if (words.isSet(QStringLiteral("wal-dir")) && !choices.walDirectory.startsWith(u'/'))
        return bad(QStringLiteral("wal-dir"),
                   QStringLiteral("\"%1\" is not an absolute path.").arg(choices.walDirectory),
                   QStringLiteral("Give a path that begins with /."));
    for (const QString &text : words.texts(QStringLiteral("tablespace"))) {
        const auto mapping = parseTablespaceMapping(text);
        if (!mapping)
            return bad(QStringLiteral("tablespace"), mapping.error().what, mapping.error().action);
        if (choices.tablespaces.contains(mapping->first))
            return bad(QStringLiteral("tablespace"),
                       QStringLiteral("%1 is mapped twice.").arg(mapping->first),
                       QStringLiteral("Give each old directory once."));
        choices.tablespaces.insert(mapping->first, mapping->second);
    }
    return {};
}

Result<void> readReplay(const Words &words, AddStandbyRequest &request)
{
    StandbyChoices &choices = request.choices;
    choices.slot = !words.isSet(QStringLiteral("no-slot"));
    if (!choices.slot && words.isSet(QStringLiteral("slot")))
        return bad(QStringLiteral("no-slot"), QStringLiteral("it excludes --slot."),
                   QStringLiteral("Give one of them."));
    choices.applyDelay = words.text(QStringLiteral("apply-delay"));
    if (words.isSet(QStringLiteral("apply-delay")) && applyDelayMs(choices.applyDelay).value_or(0) == 0)
        return bad(
            QStringLiteral("apply-delay"),
            QStringLiteral("\"%1\" is not a delay that PostgreSQL takes.").arg(choices.applyDelay),
            QStringLiteral("Give a number with us, ms, s, min, h or d, up to 24 days, for example 30min."));
    if (words.isSet(QStringLiteral("restore-command"))) {
        choices.restoreCommand = words.text(QStringLiteral("restore-command"));
        if (choices.restoreCommand.isNull())
            choices.restoreCommand = QLatin1String(""); // none, also where another standby has one
    }
    return {};
}

Result<void> readRest(const Words &words, AddStandbyRequest &request)
{
    request.synchronous = words.isSet(QStringLiteral("sync"));
    request.replicationUser = words.text(QStringLiteral("replication-user"));
    request.maxRate = words.text(QStringLiteral("max-rate"));
    // What pg_basebackup takes: kilobytes a second, or with k or M.
    static const QRegularExpression rate(QStringLiteral("^[1-9][0-9]{0,9}[kM]?$"));
    if (words.isSet(QStringLiteral("max-rate")) && !rate.match(request.maxRate).hasMatch())
        return bad(QStringLiteral("max-rate"), QStringLiteral("\"%1\" is not a rate.").arg(request.maxRate),
                   QStringLiteral("Give kilobytes a second, or a number with M, from 32k to 1024M."));
    for (const QString &waive : words.texts(QStringLiteral("waive"))) {
        const qsizetype equals = waive.indexOf(u'=');
        const QString reason = equals < 0 ? QString() : waive.mid(equals + 1).trimmed();
        if (equals < 1 || reason.isEmpty())
            return bad(QStringLiteral("waive"), QStringLiteral("\"%1\" gives no reason.").arg(waive),
                       QStringLiteral("Write --waive CHECK=REASON."));
        request.waived.insert(waive.left(equals), reason);
    }
    return {};
}

/// The replication role's: from a passfile or the project, else from the keyring.
std::optional<QString> passwordFor(const AddStandbyFacts &facts, const AddStandbyRequest &request,
                                   const SecretSource &secrets)
{
    if (auto password = replicationPassword(facts.spec, request))
        return password;
    const Node *upstream = facts.upstreamOf(request);
    const WatchedNode *watched = upstream ? facts.watched(upstream->id) : nullptr;
    if (!facts.compose || !facts.compose->givesPassfile() || !watched || request.replicationUser.isEmpty())
        return std::nullopt;
    Endpoint asRole = watched->endpoint;
    asRole.user = request.replicationUser;
    return secrets.password(asRole);
}

} // namespace

void addStandbyOptions(Words &words)
{
    words.value(
        QStringLiteral("on"), QStringLiteral("PLACE"),
        QStringLiteral("Where: compose (a service of the Compose file), local (this machine), ssh:HOST, or "
                       "script:NAME (a machine that cannot be reached from here: a script for it, see "
                       "--script); as fits the cluster if not given."));
    words.value(
        QStringLiteral("keeper"), QStringLiteral("KEEPER"),
        QStringLiteral("What starts and stops it: pg_ctl, pg_ctlcluster or systemd; as its neighbour is "
                       "kept, elsewhere what starts it on boot."));
    words.value(QStringLiteral("upstream"), QStringLiteral("NODE"),
                QStringLiteral("Whom it follows: a name or host:port; the primary if not given."));
    words.value(QStringLiteral("upstream-address"), QStringLiteral("HOST[:PORT]"),
                QStringLiteral("How the new standby reaches it, where that is not how this machine does."));
    words.value(QStringLiteral("name"), QStringLiteral("NAME"),
                QStringLiteral("Its name; standby2 and so on."));
    words.value(QStringLiteral("slot"), QStringLiteral("SLOT"),
                QStringLiteral("Its replication slot; NAME_slot."));
    words.value(QStringLiteral("port"), QStringLiteral("PORT"),
                QStringLiteral("Its port; the next free one."));
    words.value(QStringLiteral("data-dir"), QStringLiteral("DIRECTORY"),
                QStringLiteral("Its data directory; beside the upstream's."));
    words.value(QStringLiteral("volume"), QStringLiteral("VOLUME"),
                QStringLiteral("Compose: its volume, as the file calls it, or its directory."));
    words.value(QStringLiteral("service"), QStringLiteral("SERVICE"),
                QStringLiteral("Compose: its service; NAME."));
    words.flag(QStringLiteral("override"),
               QStringLiteral("Compose: write the service into a file of its own instead of into yours."));
    words.flag(QStringLiteral("sync"), QStringLiteral("Make it synchronous."));
    words.value(QStringLiteral("max-rate"), QStringLiteral("RATE"),
                QStringLiteral("Limit of the base backup, e.g. 20M; none if not given."));
    words.value(
        QStringLiteral("checkpoint"), QStringLiteral("fast|spread"),
        QStringLiteral("How the copy begins: fast, or spread, which writes gently and says nothing for "
                       "minutes; fast if not given."));
    words.value(QStringLiteral("compress"), QStringLiteral("METHOD[:LEVEL]"),
                QStringLiteral("The copy travels compressed: server-gzip, server-lz4 or server-zstd "
                               "(PostgreSQL 15); costs CPU on both sides; none if not given."));
    words.flag(
        QStringLiteral("verify-backup"),
        QStringLiteral("Checks the copy against its manifest before it starts (PostgreSQL 13): so it is on "
                       "this machine, in Compose only if given."));
    words.flag(QStringLiteral("no-verify-backup"), QStringLiteral("Leaves that out."));
    words.value(QStringLiteral("wal-dir"), QStringLiteral("DIRECTORY"),
                QStringLiteral("Where its WAL is; in the data directory if not given."));
    words.value(
        QStringLiteral("tablespace"), QStringLiteral("OLD=NEW"),
        QStringLiteral("Where a tablespace goes; beside the old one on the same machine. May be given "
                       "again."));
    words.flag(QStringLiteral("no-slot"),
               QStringLiteral("No slot: wal_keep_size and an archive keep its WAL."));
    words.value(QStringLiteral("apply-delay"), QStringLiteral("TIME"),
                QStringLiteral("Replays that much later, e.g. 30min (recovery_min_apply_delay)."));
    words.value(
        QStringLiteral("restore-command"), QStringLiteral("COMMAND"),
        QStringLiteral("Fetches WAL from an archive, with %f and %p; what an existing standby has if not "
                       "given, \"\" for none."));
    words.value(QStringLiteral("replication-user"), QStringLiteral("ROLE"),
                QStringLiteral("Role for replication; the one that existing standbys use."));
    words.value(QStringLiteral("waive"), QStringLiteral("CHECK=REASON"),
                QStringLiteral("Accept a warning of that check; may be given again."));
}

Result<AddStandbyRequest> readStandbyOptions(const Words &words)
{
    AddStandbyRequest request;
    for (const auto &read : {readMethod, readNames, readCopy, readReplay, readRest}) {
        if (auto done = read(words, request); !done)
            return tl::unexpected(done.error());
    }
    request.upstream = words.text(QStringLiteral("upstream"));
    return request;
}

Result<NodeId> nodeNamed(const Topology &topology, const QString &text)
{
    QStringList names;
    for (const Cluster &cluster : topology.clusters) {
        for (const Node &node : cluster.nodes) {
            if (node.name == text || node.id == text ||
                QStringLiteral("%1:%2").arg(node.host).arg(node.port) == text)
                return node.id;
            names << (node.name.isEmpty() ? node.id : node.name);
        }
    }
    return bad(QStringLiteral("upstream"), QStringLiteral("there is no node \"%1\".").arg(text),
               QStringLiteral("Name one of %1.").arg(names.join(QStringLiteral(", "))));
}

tl::expected<Prepared, Refusal> prepare(const QString &cluster, AddStandbyRequest request,
                                        const std::shared_ptr<const SecretSource> &secrets, bool judge)
{
    const auto refuse = [](const Error &error, int code) { return tl::unexpected(Refusal{error, code}); };
    auto spec = resolveCluster(cluster);
    if (!spec)
        return refuse(spec.error(), ExitUsage);
    const auto all = secretsOf(*spec, secrets);
    auto facts = gatherFacts(*spec, all);
    if (!facts)
        return refuse(facts.error(), ExitFailed);
    if (request.on.startsWith(sshPrefix) || isScriptPlace(request.on)) {
        // Who names a machine here means to do something there as its server's user.
        facts = gatherPlace(*std::move(facts), request.on, {}, Asking::Allowed);
        if (!facts)
            return refuse(facts.error(), ExitFailed);
    }
    if (!request.upstream.isEmpty()) {
        auto node = nodeNamed(facts->topology, request.upstream);
        if (!node)
            return refuse(node.error(), ExitUsage);
        request.upstream = *node;
    }
    Prepared prepared;
    prepared.secrets = all;
    prepared.request = suggest(request, *facts);
    if (judge) {
        const QList<Error> errors = validate(prepared.request, *facts);
        if (!errors.isEmpty())
            return refuse(atOption(errors.constFirst()), ExitUsage);
    }
    if (const auto password = passwordFor(*facts, prepared.request, *all)) {
        prepared.secretValues.insert(QStringLiteral("replication"), *password);
        facts->haveReplicationSecret = true;
    }
    prepared.facts = *std::move(facts);
    return prepared;
}

QString checkTable(const PreflightResult &result)
{
    QList<QStringList> rows;
    QString notes;
    for (const CheckResult &check : result.checks) {
        rows << QStringList{words(check.status), check.title, check.evidence};
        if (check.status == CheckStatus::Waived)
            notes += QStringLiteral("\n%1: waived, %2").arg(check.title, check.waivedReason);
        if (check.status != CheckStatus::Fail && check.status != CheckStatus::Warning)
            continue;
        notes += QStringLiteral("\n%1: %2").arg(check.title, check.why);
        if (check.fix && !check.fix->command.isEmpty())
            notes += QStringLiteral("\n  Fix: ") + check.fix->command;
        else if (check.fix && !check.fix->setField.isEmpty())
            notes += QStringLiteral("\n  Fix: ") + optionFor(check.fix->setField, check.fix->setValue);
    }
    return table({QStringLiteral("Result"), QStringLiteral("Check"), QStringLiteral("Evidence")}, rows) +
           (notes.isEmpty() ? QString() : u'\n' + notes) + QStringLiteral("\n\n") + result.sentence();
}

} // namespace understudy::cli
