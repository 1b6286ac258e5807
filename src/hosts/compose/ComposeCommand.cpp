// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/compose/ComposeCommand.h"

#include "hosts/compose/YamlSize.h"

#include <QFileInfo>
#include <QProcessEnvironment>
#include <QRegularExpression>

namespace understudy {

namespace {

constexpr int versionTimeoutMs = 10000; // Python on a busy machine
constexpr int configTimeoutMs = 30000;

/// Compose reads the override only when no file is named, and it is named here: what counts is the person's
/// file.
QStringList filesOf(Host &host, const QString &file)
{
    QStringList out{file};
    const QFileInfo info(file);
    static const QRegularExpression usual(QStringLiteral("^(docker-)?compose\\.ya?ml$"));
    if (!usual.match(info.fileName()).hasMatch())
        return out;
    for (const char *suffix : {"yml", "yaml"}) {
        const QString beside = QStringLiteral("%1/%2.override.%3")
                                   .arg(info.path(), info.completeBaseName(), QString::fromLatin1(suffix));
        if (host.exists(beside).value_or(false)) {
            out << beside;
            break;
        }
    }
    return out;
}

/// What a person must read of an error's many lines. Compose cites what it cannot take, passwords too.
QString errorWords(const QString &text)
{
    QString out = text.simplified();
    static const QRegularExpression colour(QStringLiteral("\\x1b\\[[0-9;]*m"));
    static const QRegularExpression secret(
        QStringLiteral("(\\w*(?:PASS|SECRET|TOKEN)\\w*[\"']?\\s*[:=]\\s*)(?:\"[^\"]*\"|'[^']*'|[^\\s,}]+)"),
        QRegularExpression::CaseInsensitiveOption);
    out.remove(colour);
    out.replace(secret, QStringLiteral("\\1..."));
    return out.size() > 400 ? out.left(400) + QStringLiteral("...") : out;
}

} // namespace

QMap<QString, QString> dockerEnvironment()
{
    QMap<QString, QString> out;
    const QProcessEnvironment own = QProcessEnvironment::systemEnvironment();
    for (const QString &key : own.keys()) {
        if (!key.startsWith(QLatin1String("LC_")) && key != QLatin1String("LANG"))
            out.insert(key, own.value(key));
    }
    return out;
}

Result<ComposeCommand> ComposeCommand::find(Host &host, std::stop_token stop)
{
    static const QRegularExpression number(QStringLiteral("([0-9]+\\.[0-9]+\\.[0-9]+)"));
    for (const QStringList &words : {QStringList{QStringLiteral("docker"), QStringLiteral("compose")},
                                     QStringList{QStringLiteral("docker-compose")}}) {
        Command ask;
        ask.argv = words + QStringList{QStringLiteral("version"), QStringLiteral("--short")};
        ask.environment = dockerEnvironment();
        ask.timeoutMs = versionTimeoutMs;
        const auto answer = host.run(ask, stop);
        if (!answer || !answer->ok())
            continue;
        ComposeCommand found;
        found.m_words = words;
        found.m_version = number.match(answer->output).captured(1);
        if (!found.m_version.isEmpty())
            return found;
    }
    return fail(
        QStringLiteral("Compose is not installed on %1: there is neither \"docker compose\" nor "
                       "\"docker-compose\".")
            .arg(host.name()),
        QStringLiteral("Install it (Debian: docker-compose), or give the published addresses instead: "
                       "postgresql://USER@127.0.0.1:5432,127.0.0.1:5433/DATABASE"),
        QStringLiteral("cluster"));
}

QStringList ComposeCommand::baseWords(Host &host, const QString &file) const
{
    QStringList words = m_words;
    for (const QString &each : filesOf(host, file))
        words << QStringLiteral("-f") << each;
    return words << QStringLiteral("--project-directory") << QFileInfo(file).path();
}

Result<ComposeProject> ComposeCommand::config(Host &host, const QString &file, std::stop_token stop) const
{
    const QStringList files = filesOf(host, file);
    Command command;
    for (const QString &each : files) {
        if (host.isLocal() && QFileInfo(each).size() > largestYaml)
            return fail(QStringLiteral("%1 is larger than %2 MB.").arg(each).arg(largestYaml >> 20));
        const auto content = host.readFile(each);
        if (!content)
            return tl::unexpected(content.error());
        // Before Compose is let loose on it: v1 would fill the memory with a file of a few hundred bytes.
        if (auto size = checkYamlSize(*content, each); !size)
            return tl::unexpected(size.error());
    }
    // v2 leaves out the services of profiles that are not asked for, v1 never does.
    command.argv = baseWords(host, file) +
                   QStringList{QStringLiteral("--profile"), QStringLiteral("*"), QStringLiteral("config")};
    command.environment = dockerEnvironment();
    command.workingDirectory = QFileInfo(file).path(); // Where `.env` is.
    command.timeoutMs = configTimeoutMs;
    const auto answer = host.run(command, stop);
    if (!answer)
        return tl::unexpected(answer.error());
    if (answer->cancelled)
        return fail(QStringLiteral("Cancelled."));
    if (answer->timedOut)
        return fail(QStringLiteral("%1 did not end within %2 s.").arg(text()).arg(configTimeoutMs / 1000));
    if (!answer->ok())
        return fail(QStringLiteral("Compose cannot read %1: %2").arg(file, errorWords(answer->errorOutput)),
                    QStringLiteral("See: %1 -f %2 config").arg(text(), file), QStringLiteral("cluster"));
    return parseComposeConfig(answer->output.toUtf8());
}

} // namespace understudy
