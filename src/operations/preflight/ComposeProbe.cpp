// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/preflight/ComposeProbe.h"

#include "model/Quote.h"
#include "operations/ComposeScripts.h"
#include "operations/ComposeSteps.h"
#include "operations/FailureWords.h"
#include "operations/preflight/CheckContext.h"

#include <QRegularExpression>
#include <QUuid>

namespace understudy {

namespace {

constexpr int engineTimeoutMs = 10000;
constexpr int containerTimeoutMs = 30000;

// $1: where the data is, $2: conninfo of the upstream, $3: whether a line for a passfile comes over stdin.
// Everything that the plan's copy will need is tried as the copy does it, and nothing is written.
const QString inside =
    QStringLiteral("if [ -n \"$3\" ]; then\n") + composeScripts::takePassfile + QStringLiteral("fi\n") +
    QStringLiteral("echo \"server=$(postgres --version 2>/dev/null)\"\n"
                   "echo \"copier=$(pg_basebackup --version 2>/dev/null)\"\n"
                   "echo \"verifier=$(command -v pg_verifybackup 2>/dev/null)\"\n"
                   "echo \"uid=$(id -u postgres 2>/dev/null)\"\n"
                   "echo \"free=$(stat -f -c '%a %S' \"$1\" 2>/dev/null)\"\n"
                   "if [ \"$(as_postgres id -un 2>/dev/null)\" = postgres ]; then echo switch=yes; fi\n"
                   "login=$(as_postgres psql -X -A -t -w -d \"$2\" -c IDENTIFY_SYSTEM 2>&1)\n"
                   "echo \"exit=$?\"\n"
                   "printf 'login=%s\\n' \"$login\"");

QString engineWords(const CommandResult &result)
{
    const QString said = result.errorOutput.trimmed();
    return said.isEmpty() ? QStringLiteral("it says nothing") : tellingLine(said).left(300);
}

} // namespace

QString withoutSecrets(QString text, const QStringList &secrets)
{
    for (const QString &secret : secrets) {
        if (secret.size() > 2)
            text.replace(secret, QStringLiteral("(hidden)"));
    }
    return text;
}

ContainerAnswer parseContainerAnswer(const QString &output)
{
    static const QRegularExpression version(QStringLiteral("\\(PostgreSQL\\) ([0-9][0-9a-z.]*)"));
    static const QRegularExpression space(QStringLiteral("^([0-9]{1,15}) ([0-9]{1,9})$"));
    ContainerAnswer answer;
    const QStringList lines = output.split(u'\n');
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const QString key = lines[i].section(u'=', 0, 0), value = lines[i].section(u'=', 1).trimmed();
        if (key == u"login") {
            answer.login = (QStringList{value} + lines.mid(i + 1)).join(u'\n').trimmed();
            break;
        }
        if (key == u"server")
            answer.server = version.match(value).captured(1);
        else if (key == u"copier")
            answer.copier = version.match(value).captured(1);
        else if (key == u"uid")
            answer.uid = value.left(20);
        else if (key == u"verifier")
            answer.verifier = !value.isEmpty();
        else if (key == u"switch")
            answer.canSwitch = value == u"yes";
        else if (key == u"exit")
            answer.loginExit = value.toInt();
        if (const auto match = space.match(value); key == u"free" && match.hasMatch())
            answer.freeBytes = match.captured(1).toLongLong() * match.captured(2).toLongLong();
    }
    return answer;
}

Result<EngineAnswer> ComposeProbe::engine()
{
    const std::lock_guard lock(m_engineMutex);
    if (!m_engine)
        m_engine = askEngine();
    return *m_engine;
}

Result<ContainerAnswer> ComposeProbe::container()
{
    const std::lock_guard lock(m_containerMutex);
    if (!m_container)
        m_container = askContainer();
    return *m_container;
}

Result<EngineAnswer> ComposeProbe::askEngine() const
{
    Command ask;
    ask.argv = {QStringLiteral("docker"), QStringLiteral("info"), QStringLiteral("--format"),
                QStringLiteral("{{.ServerVersion}}\t{{.DockerRootDir}}")};
    ask.timeoutMs = engineTimeoutMs;
    const auto answer = m_cx.host->run(ask, m_cx.stop);
    if (!answer)
        return tl::unexpected(answer.error());
    if (answer->timedOut)
        return fail(QStringLiteral("it did not answer within %1 s").arg(engineTimeoutMs / 1000));
    EngineAnswer engine;
    engine.version = answer->output.section(u'\t', 0, 0).trimmed();
    engine.root = answer->output.section(u'\t', 1).trimmed();
    // Some versions end well without an engine and print an empty one.
    if (!answer->ok() || engine.version.isEmpty())
        return fail(engineWords(*answer));
    return engine;
}

Result<ContainerAnswer> ComposeProbe::askContainer() const
{
    if (!m_cx.facts.compose)
        return fail(QStringLiteral("the Compose project could not be read"));
    const ComposeTarget &target = *m_cx.facts.compose;
    const QString name =
        QStringLiteral("understudy-check-") + QUuid::createUuid().toString(QUuid::WithoutBraces);
    Endpoint upstream = composeUpstream(target, m_cx.upstream.id, m_cx.upstream.name, m_cx.replicationUser());
    // The model's own passfile would be found in this container, but not in the new one's.
    if (target.givesPassfile())
        upstream.options.remove(QStringLiteral("passfile"));
    const QString conninfo =
        (composeConninfo(upstream) + QStringList{QStringLiteral("dbname=replication"),
                                                 QStringLiteral("replication=true"),
                                                 QStringLiteral("connect_timeout=5"),
                                                 QStringLiteral("application_name=understudy_preflight")})
            .join(u' ');
    Command ask;
    ask.argv = target.base + QStringList{QStringLiteral("run"),
                                         QStringLiteral("--rm"),
                                         QStringLiteral("--no-deps"),
                                         QStringLiteral("-T"),
                                         QStringLiteral("--name"),
                                         name,
                                         QStringLiteral("--user"),
                                         QStringLiteral("root"),
                                         QStringLiteral("--entrypoint"),
                                         QStringLiteral("sh"),
                                         target.model,
                                         QStringLiteral("-c"),
                                         composeScripts::asPostgres + inside,
                                         QStringLiteral("sh"),
                                         target.mountPath,
                                         conninfo};
    const QString password = m_cx.secretValues.value(QStringLiteral("replication"));
    if (target.givesPassfile() && !password.isEmpty()) {
        ask.argv << QStringLiteral("passfile");
        ask.input = QStringLiteral("*:*:*:%1:%2\n")
                        .arg(quote::passfileField(m_cx.replicationUser()), quote::passfileField(password))
                        .toUtf8();
    } else {
        ask.argv << QString();
    }
    ask.workingDirectory = target.folder();
    ask.timeoutMs = containerTimeoutMs;
    const auto answer = m_cx.host->run(ask, m_cx.stop);
    if (answer && answer->ok())
        return parseContainerAnswer(answer->output);
    // Compose was ended, or failed half-way: its container may be there still.
    Command remove;
    remove.argv = {QStringLiteral("docker"), QStringLiteral("rm"), QStringLiteral("-f"), QStringLiteral("-v"),
                   name};
    remove.timeoutMs = engineTimeoutMs;
    (void)m_cx.host->run(remove);
    if (!answer)
        return tl::unexpected(answer.error());
    if (answer->timedOut)
        return fail(QStringLiteral("a container of %1 had not ended after %2 s")
                        .arg(target.model)
                        .arg(containerTimeoutMs / 1000));
    return fail(QStringLiteral("a container of %1 could not be run: %2")
                    .arg(target.model, withoutSecrets(engineWords(*answer), target.secrets())));
}

} // namespace understudy
