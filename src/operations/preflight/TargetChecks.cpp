// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/PostmasterPid.h"
#include "model/Format.h"
#include "operations/preflight/Checks.h"

#include <QRegularExpression>

namespace understudy::checks {

namespace {

int upstreamMajor(const CheckContext &cx)
{
    const Node *node = cx.facts.topology.node(cx.upstream.id);
    return node && node->versionNum > 0 ? node->versionNum / 10000 : 0;
}

QString majorWord(int major)
{
    return major > 0 ? QStringLiteral("PostgreSQL %1").arg(major) : QStringLiteral("PostgreSQL");
}

void missingPrograms(CheckRun &run, const QString &evidence)
{
    const int major = upstreamMajor(run.cx);
    run.fix(major > 0 ? QStringLiteral("apt-get install postgresql-%1").arg(major)
                      : QStringLiteral("apt-get install postgresql"));
    run.failed(evidence,
               QStringLiteral(
                   "The copy and the new server need pg_basebackup, pg_ctl and postgres of the upstream's "
                   "major version on %1.")
                   .arg(run.cx.targetWord()),
               QStringLiteral("on"));
}

/// "pg_basebackup (PostgreSQL) 15.20 (Debian ...)" -> "15.20"
QString versionOf(CheckRun &run, const QString &program)
{
    Command command;
    command.argv = {run.cx.facts.binDirectory + u'/' + program, QStringLiteral("--version")};
    command.runAs = run.cx.facts.runAs;
    command.workingDirectory = QStringLiteral("/");
    command.timeoutMs = 10000;
    const auto result = run.cx.host->run(command, run.cx.stop);
    if (!result || !result->ok())
        return {};
    static const QRegularExpression form(QStringLiteral("\\(PostgreSQL\\) ([0-9][0-9a-z.]*)"));
    return form.match(result->output).captured(1);
}

/// Who listens on @p port here, as far as it can be known.
QString listener(const CheckContext &cx, int port)
{
    if (!cx.facts.target.isLocal())
        return QStringLiteral("something");
    for (const WatchedNode &node : cx.facts.spec.nodes) {
        const bool here = node.endpoint.host == u"localhost" || node.endpoint.host.startsWith(u"127.") ||
                          node.endpoint.host == u"::1" || node.endpoint.host.startsWith(u'/');
        if (here && node.endpoint.ssh.isEmpty() && node.endpoint.port == port)
            return QStringLiteral("%1 of this cluster").arg(node.name.isEmpty() ? node.id : node.name);
    }
    for (const LocalServer &server : localServers()) {
        if (server.pid.port == port)
            return QStringLiteral("the PostgreSQL server in %1").arg(server.pid.dataDirectory);
    }
    return QStringLiteral("something");
}

int nextFreePort(const CheckContext &cx, int after)
{
    for (int candidate = after + 1; candidate < 65536 && candidate < after + 200; ++candidate) {
        bool taken = false;
        for (const WatchedNode &node : cx.facts.spec.nodes)
            taken = taken || node.endpoint.port == candidate;
        if (taken)
            continue;
        const auto free = cx.host->portFree(candidate);
        if (free && *free)
            return candidate;
    }
    return 0;
}

} // namespace

void programs(CheckRun &run)
{
    const QString directory = run.cx.facts.binDirectory;
    const int major = upstreamMajor(run.cx);
    if (directory.isEmpty())
        return missingPrograms(
            run, QStringLiteral("no server programs of %1 on %2").arg(majorWord(major), run.cx.targetWord()));
    QStringList missing;
    for (const char *name : {"pg_basebackup", "pg_ctl", "postgres", "psql"}) {
        const auto there = run.cx.host->exists(directory + u'/' + QLatin1String(name));
        if (!there || !*there)
            missing.append(QLatin1String(name));
    }
    if (!missing.isEmpty())
        return missingPrograms(
            run, QStringLiteral("%1 missing in %2").arg(missing.join(QStringLiteral(", ")), directory));
    if (run.cx.request.choices.verifyBackup.value_or(false) &&
        !run.cx.host->exists(directory + QStringLiteral("/pg_verifybackup")).value_or(false)) {
        run.failed(QStringLiteral("pg_verifybackup missing in %1").arg(directory),
                   QStringLiteral("The copy cannot be verified without it. Leave the verification out, or "
                                  "install the program."),
                   QStringLiteral("verifyBackup"));
        return run.fixField(QStringLiteral("verifyBackup"), QStringLiteral("no"));
    }
    const QString version = versionOf(run, QStringLiteral("pg_basebackup"));
    if (version.isEmpty())
        return missingPrograms(
            run,
            QStringLiteral("pg_basebackup in %1 does not run as %2").arg(directory, run.cx.serverUser()));
    run.pass(QStringLiteral("pg_basebackup %1, pg_ctl and postgres in %2").arg(version, directory));
}

void sameMajorVersion(CheckRun &run)
{
    if (run.cx.facts.binDirectory.isEmpty()) {
        run.result.status = CheckStatus::Skipped;
        run.result.evidence = QStringLiteral("not asked: no PostgreSQL programs here");
        return;
    }
    const QString here = versionOf(run, QStringLiteral("postgres"));
    const QString there = format::version(run.cx.server.versionNum);
    if (here.isEmpty())
        return missingPrograms(run,
                               QStringLiteral("postgres in %1 does not run").arg(run.cx.facts.binDirectory));
    const QString evidence =
        QStringLiteral("%1 %2, %3 runs %4")
            .arg(here,
                 run.cx.facts.target.isLocal() ? QStringLiteral("here")
                                               : QStringLiteral("on ") + run.cx.targetWord(),
                 run.cx.upstreamWord(), there);
    static const QRegularExpression lead(QStringLiteral("^[0-9]+"));
    if (lead.match(here).captured(0).toInt() == run.cx.server.versionNum / 10000)
        return run.pass(evidence);
    run.fix(QStringLiteral("apt-get install postgresql-%1").arg(run.cx.server.versionNum / 10000));
    run.failed(evidence,
               QStringLiteral(
                   "Streaming replication works only within one major version: these programs cannot read "
                   "the copied files."),
               QStringLiteral("on"));
}

void osUser(CheckRun &run)
{
    const QString user = run.cx.serverUser();
    const QString us = run.cx.facts.currentUser;
    if (user.isEmpty() || user == u"root")
        return run.failed(
            QStringLiteral("the server would run as %1")
                .arg(user.isEmpty() ? QStringLiteral("nobody we know") : user),
            QStringLiteral("PostgreSQL refuses to run as root. Start as another user, or have a user "
                           "postgres on %1.")
                .arg(run.cx.targetWord()),
            QStringLiteral("on"));
    if (!run.cx.facts.runAs.isEmpty() && run.cx.facts.runAs != us && !run.cx.host->canRunAs(user))
        return run.failed(
            QStringLiteral("we are %1 and may not run programs as %2").arg(us, user),
            QStringLiteral("The new server belongs to %1. Start as %1, or let sudo allow it without a "
                           "password.")
                .arg(user),
            QStringLiteral("on"));
    run.pass(us == user || us.isEmpty() ? user : QStringLiteral("%1, run from %2").arg(user, us));
}

void port(CheckRun &run)
{
    const int wanted = run.cx.request.port;
    const QString field = QStringLiteral("port");
    if (wanted < 1024 || wanted > 65535)
        return run.failed(QStringLiteral("port %1 is outside 1024 to 65535").arg(wanted),
                          QStringLiteral("Lower ports need root, and PostgreSQL never runs as root."), field);
    const auto free = run.cx.host->portFree(wanted);
    if (!free)
        return run.unknown(free.error());
    // A node of ours that is down does not listen now, but it will want its port back.
    QString owner;
    for (const WatchedNode &node : run.cx.facts.spec.nodes) {
        if (run.cx.facts.target.isLocal() && node.endpoint.port == wanted && *free &&
            node.endpoint.host == QStringLiteral("127.0.0.1"))
            owner = node.name.isEmpty() ? node.id : node.name;
    }
    if (*free && owner.isEmpty())
        return run.pass(QStringLiteral("nothing listens on port %1").arg(wanted));
    if (const int other = nextFreePort(run.cx, wanted); other > 0)
        run.fixField(field, QString::number(other));
    if (!owner.isEmpty())
        return run.failed(QStringLiteral("port %1 belongs to %2, which is down").arg(wanted).arg(owner),
                          QStringLiteral("It could not start again while the new standby has its port."),
                          field);
    run.failed(QStringLiteral("port %1 is taken: %2 listens there").arg(wanted).arg(listener(run.cx, wanted)),
               QStringLiteral("Two servers cannot listen on one port; the new one would not start."), field);
}

} // namespace understudy::checks
