// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/ComposeSteps.h"
#include "operations/preflight/Checks.h"
#include "operations/preflight/ComposeHbaFix.h"
#include "operations/preflight/LoginCheck.h"

#include <QRegularExpression>

namespace understudy::checks {

namespace {

const QString upstreamField = QStringLiteral("upstream");

QString addressInside(const CheckContext &cx)
{
    const Endpoint upstream =
        composeUpstream(*cx.facts.compose, cx.upstream.id, cx.upstream.name, cx.replicationUser());
    return QStringLiteral("%1:%2").arg(upstream.host).arg(upstream.port);
}

/// What a container of the model found, or null: then the check says why it asks nothing.
std::optional<ContainerAnswer> answerOf(CheckRun &run)
{
    if (!run.cx.facts.compose) {
        run.skip(QStringLiteral("not asked: the Compose project could not be read"));
        return std::nullopt;
    }
    if (!run.cx.composeProbe.engine()) {
        run.skip(QStringLiteral("not asked: the Docker engine does not answer"));
        return std::nullopt;
    }
    const auto answer = run.cx.composeProbe.container();
    if (answer)
        return *answer;
    run.failed(answer.error().what,
               QStringLiteral("A container like the new one is made for a moment, to see what it can reach."),
               QStringLiteral("on"));
    return std::nullopt;
}

/// The credential is the service's own business, and a container's address is another one tomorrow.
LoginRefusal inCompose(LoginRefusal refusal, const ComposeTarget &target, const QString &user)
{
    using Kind = LoginRefusal::Kind;
    static const QRegularExpression address(QStringLiteral("\\S+/(?:32|128)\\b"));
    switch (refusal.kind) {
    case Kind::WrongPassword:
        if (target.givesPassfile())
            break;
        refusal.meaning = QStringLiteral("The new service logs in with what the environment of %1 holds. "
                                         "Correct PGPASSWORD there, or set the role's password anew.")
                              .arg(target.model);
        break;
    case Kind::NoPassword:
        if (target.givesPassfile()) {
            refusal.meaning =
                QStringLiteral(
                    "The server asks for one. Type it on the first page, or keep it in ~/.pgpass (mode "
                    "0600) in a line for the database replication: ADDRESS:PORT:replication:%1:PASSWORD. "
                    "The new standby gets it in a passfile of its own.")
                    .arg(user);
            break;
        }
        refusal.sentence = QStringLiteral("%1 holds no password for %2").arg(target.model, user);
        refusal.meaning = QStringLiteral("The server asks for one, and the new service logs in with what the "
                                         "environment of %1 holds: set PGPASSWORD there.")
                              .arg(target.model);
        break;
    case Kind::NoHbaLine:
    case Kind::HbaRejects:
        refusal.fix.replace(address, QStringLiteral("samenet"));
        break;
    default:
        break;
    }
    return refusal;
}

QStringList sharedNetworks(const CheckContext &cx)
{
    const ComposeProject &project = cx.facts.compose->project;
    const ComposeService *model = project.service(cx.facts.compose->model);
    const ComposeService *upstream = project.service(cx.upstream.name);
    QStringList shared;
    if (!model || !upstream)
        return shared;
    for (const QString &network : model->networks) {
        if (upstream->networks.contains(network))
            shared << network;
    }
    return shared;
}

} // namespace

void composeLogin(CheckRun &run)
{
    const QString user = run.cx.replicationUser();
    if (user.isEmpty())
        return noReplicationUser(run);
    const auto answer = answerOf(run);
    if (!answer)
        return;
    const ComposeTarget &target = *run.cx.facts.compose;
    QString message = roleFault(run, user);
    if (message.isEmpty() && answer->loginExit != 0)
        message = answer->login.isEmpty() ? QStringLiteral("error: psql said nothing") : answer->login;
    if (!message.isEmpty()) {
        LoginAttempt attempt = loginAttempt(run, user);
        attempt.address = addressInside(run.cx);
        attempt.from.clear();
        const LoginRefusal refusal = inCompose(classifyLoginRefusal(message, attempt), target, user);
        if (!refusal.fix.isEmpty())
            run.fix(refusal.fix, {}, refusal.restartsPrimary);
        if (refusal.kind == LoginRefusal::Kind::NoHbaLine)
            composeHbaFix(run, refusal.fix.section(u'\n', 0, 0), attempt.hbaFile);
        return run.failed(refusal.sentence, refusal.meaning, refusal.field);
    }
    if (!reachesOurCluster(run, answer->login))
        return;
    const bool typed = !run.cx.secretValues.value(QStringLiteral("replication")).isEmpty();
    run.pass(QStringLiteral("%1 at %2, from a container of %3 %4")
                 .arg(user, addressInside(run.cx), target.model,
                      !target.givesPassfile() ? QStringLiteral("with its own credential")
                      : typed                 ? QStringLiteral("with the password that it will have")
                                              : QStringLiteral("without a password")));
}

void composeNetwork(CheckRun &run)
{
    const auto answer = answerOf(run);
    if (!answer)
        return;
    const ComposeTarget &target = *run.cx.facts.compose;
    const QStringList shared = sharedNetworks(run.cx);
    const QString networks =
        shared.isEmpty() ? QStringLiteral("no network in common")
                         : QStringLiteral("both in network %1").arg(shared.join(QStringLiteral(" and ")));
    // A refusal is an answer too: the login's own row says what it means.
    if (answer->loginExit == 0 || answer->login.contains(QLatin1String("FATAL:")) ||
        answer->login.contains(QLatin1String("no password supplied")))
        return run.pass(QStringLiteral("%1 answered a container of %2, %3")
                            .arg(addressInside(run.cx), target.model, networks));
    LoginAttempt attempt;
    attempt.address = addressInside(run.cx);
    const LoginRefusal refusal = classifyLoginRefusal(answer->login, attempt);
    run.failed(
        QStringLiteral("%1; %2").arg(refusal.sentence, networks),
        QStringLiteral("The new service has the networks of %1 and reaches its upstream by name there.")
            .arg(target.model),
        upstreamField);
}

} // namespace understudy::checks
