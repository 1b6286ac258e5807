// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/compose/ComposeCommand.h"

#include "hosts/compose/YamlSize.h"

#include <QDir>
#include <QFileInfo>
#include <QProcessEnvironment>
#include <QRegularExpression>

namespace understudy {

namespace {

constexpr int versionTimeoutMs = 10000; // Python on a busy machine
constexpr int configTimeoutMs = 30000;

/// The value of a variable in a `.env` file; empty if it does not stand there.
QString valueInEnvFile(const QByteArray &content, const QString &name)
{
    QString value;
    for (const QByteArray &each : content.split('\n')) {
        const QString line = QString::fromUtf8(each).trimmed();
        if (line.section(u'=', 0, 0).trimmed() != name || !line.contains(u'='))
            continue;
        value = line.section(u'=', 1).trimmed();
        const bool quoted = value.size() > 1 && (value.startsWith(u'"') || value.startsWith(u'\'')) &&
                            value.endsWith(value.at(0));
        if (quoted)
            value = value.mid(1, value.size() - 2);
    }
    return value;
}

/// The files that COMPOSE_FILE lists, in the environment or in `.env`, if @p file is one of them: else the
/// person has opened something else.
QStringList listedFiles(Host &host, const QString &file)
{
    const QFileInfo info(file);
    const auto content = host.readFile(info.path() + QStringLiteral("/.env"));
    const auto value = [&](const QString &name) {
        const QString own = qEnvironmentVariable(name.toLatin1().constData());
        return own.isEmpty() && content ? valueInEnvFile(*content, name) : own;
    };
    QString separator = value(QStringLiteral("COMPOSE_PATH_SEPARATOR"));
    if (separator.isEmpty())
        separator = QStringLiteral(":");
    QStringList out;
    bool listed = false;
    for (const QString &each : value(QStringLiteral("COMPOSE_FILE")).split(separator, Qt::SkipEmptyParts)) {
        const QFileInfo one(QDir(info.path()), each);
        const bool same = one.canonicalFilePath() == info.canonicalFilePath() && one.exists();
        listed = listed || same;
        out << (same ? file : QDir::cleanPath(one.absoluteFilePath()));
    }
    return listed ? out : QStringList();
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

bool ComposeCommand::isUsualName(const QString &file)
{
    static const QRegularExpression usual(QStringLiteral("^(docker-)?compose\\.ya?ml$"));
    return usual.match(QFileInfo(file).fileName()).hasMatch();
}

ComposeCommand::Files ComposeCommand::filesOf(Host &host, const QString &file)
{
    const QFileInfo info(file);
    if (const QStringList listed = listedFiles(host, file); !listed.isEmpty())
        return {listed, true};
    Files out{{file}, false};
    if (!isUsualName(file))
        return out;
    // Compose itself looks for any of them; here the one that is named like the file goes first.
    QStringList names{info.completeBaseName()};
    for (const char *other : {"docker-compose", "compose"}) {
        if (!names.contains(QString::fromLatin1(other)))
            names << QString::fromLatin1(other);
    }
    for (const QString &name : std::as_const(names)) {
        for (const char *suffix : {"yml", "yaml"}) {
            const QString beside =
                QStringLiteral("%1/%2.override.%3").arg(info.path(), name, QString::fromLatin1(suffix));
            if (out.paths.size() == 1 && host.exists(beside).value_or(false))
                out.paths << beside;
        }
    }
    return out;
}

QStringList ComposeCommand::baseWords(Host &host, const QString &file) const
{
    QStringList words = m_words;
    for (const QString &each : filesOf(host, file).paths)
        words << QStringLiteral("-f") << each;
    return words << QStringLiteral("--project-directory") << QFileInfo(file).path();
}

Result<ComposeProject> ComposeCommand::config(Host &host, const QString &file, std::stop_token stop) const
{
    const QStringList files = filesOf(host, file).paths;
    // Compose takes the folder of the first for the project's: there its paths begin, and there is its
    // `.env`.
    const QString folder = QFileInfo(files.constFirst()).canonicalPath();
    if (folder != QFileInfo(file).canonicalPath())
        return fail(
            QStringLiteral("COMPOSE_FILE lists %1 first, so the project's folder is %2, and not the one "
                           "that %3 is in.")
                .arg(QFileInfo(files.constFirst()).fileName(), folder, QFileInfo(file).fileName()),
            QStringLiteral("Open %1 instead: it stands for all that are listed.").arg(files.constFirst()),
            QStringLiteral("cluster"));
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
