// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/AtomicFile.h"
#include "hosts/ChildProcess.h"
#include "hosts/Host.h"
#include "hosts/OsUser.h"
#include "hosts/ServerPrograms.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace understudy {

namespace {

const QString searchPath = QStringLiteral("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");

QString systemWords(int code)
{
    return QString::fromLocal8Bit(std::strerror(code));
}

QString findProgram(const QString &name, const QString &path)
{
    if (name.contains(QLatin1Char('/')))
        return QFileInfo(name).isExecutable() && !QFileInfo(name).isDir() ? name : QString();
    for (const QString &directory : path.split(QLatin1Char(':'), Qt::SkipEmptyParts)) {
        const QFileInfo candidate(directory + QLatin1Char('/') + name);
        if (candidate.isExecutable() && !candidate.isDir())
            return candidate.filePath();
    }
    return {};
}

/// 0, or why a server could not bind the port. As servers do it, with SO_REUSEADDR: connections of a server
/// that has just gone linger for a minute and hinder nobody, while a socket that listens always does. It
/// never listens itself: two looks at the same moment do not see each other, and a server that starts in that
/// moment is not in its way.
int tryBind(int port, in_addr_t address)
{
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    const int one = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    sockaddr_in name;
    std::memset(&name, 0, sizeof name);
    name.sin_family = AF_INET;
    name.sin_port = htons(quint16(port));
    name.sin_addr.s_addr = htonl(address);
    const int code = ::bind(fd, reinterpret_cast<const sockaddr *>(&name), sizeof name) == 0 ? 0 : errno;
    ::close(fd);
    return code;
}

class LocalHost final : public Host
{
public:
    QString name() const override { return QStringLiteral("this machine"); }
    bool isLocal() const override { return true; }

    Result<CommandResult> run(const Command &command, std::stop_token stop, const LineSink &sink) override
    {
        auto request = prepare(command);
        if (!request)
            return tl::unexpected(request.error());
        auto outcome = runChild(*request, stop, sink);
        if (!outcome)
            return tl::unexpected(outcome.error());
        return CommandResult{outcome->exitCode,
                             outcome->timedOut,
                             outcome->cancelled,
                             QString::fromUtf8(outcome->output),
                             QString::fromUtf8(outcome->errorOutput),
                             outcome->seconds};
    }

    Result<QByteArray> readFile(const QString &path, const QString &runAs) override
    {
        if (!isOther(runAs)) {
            QFile file(path);
            if (!file.open(QIODevice::ReadOnly))
                return fail(QStringLiteral("%1 could not be read: %2.").arg(path, file.errorString()));
            return file.readAll();
        }
        auto request = prepare({{QStringLiteral("cat"), QStringLiteral("--"), path}, {}, runAs, {}, 10000});
        if (!request)
            return tl::unexpected(request.error());
        auto outcome = runChild(*request, {}, {});
        if (!outcome)
            return tl::unexpected(outcome.error());
        if (outcome->exitCode != 0)
            return fail(QStringLiteral("%1 could not be read as %2: %3")
                            .arg(path, runAs, QString::fromUtf8(outcome->errorOutput).trimmed()));
        return outcome->output;
    }

    Result<void> writeFile(const QString &path, const QByteArray &content, int mode,
                           const QString &owner) override
    {
        if (!isOther(owner))
            return writeAtomically(path, content, mode, {});
        if (::geteuid() == 0) {
            const auto user = OsUser::byName(owner);
            if (!user)
                return noSuchUser(owner);
            return writeAtomically(path, content, mode, user);
        }
        auto request = prepare({{QStringLiteral("sh"), QStringLiteral("-c"), atomicWriteScript(),
                                 QStringLiteral("sh"), path, QString::number(mode, 8)},
                                {},
                                owner,
                                {},
                                30000});
        if (!request)
            return tl::unexpected(request.error());
        request->input = content;
        auto outcome = runChild(*request, {}, {});
        if (!outcome)
            return tl::unexpected(outcome.error());
        if (outcome->exitCode != 0)
            return fail(QStringLiteral("%1 could not be written as %2: %3")
                            .arg(path, owner, QString::fromUtf8(outcome->errorOutput).trimmed()));
        return {};
    }

    Result<void> writeFileAside(const QString &path, const QByteArray &content, int mode,
                                const QString &owner, const QString &aside, bool mustBeNew) override
    {
        std::optional<OsUser> user;
        if (isOther(owner)) {
            user = OsUser::byName(owner);
            if (!user)
                return noSuchUser(owner);
            if (::geteuid() != 0)
                return fail(QStringLiteral("%1 could not be written: it belongs to %2.").arg(path, owner));
        }
        return writeAtomically(path, content, mode, user, aside, mustBeNew);
    }

    Result<bool> exists(const QString &path) override
    {
        struct stat status;
        if (::lstat(QFile::encodeName(path).constData(), &status) == 0)
            return true;
        if (errno == ENOENT || errno == ENOTDIR)
            return false;
        return cannotRead(path, errno);
    }

    Result<QStringList> list(const QString &directory) override
    {
        DIR *handle = ::opendir(QFile::encodeName(directory).constData());
        if (!handle)
            return cannotRead(directory, errno);
        QStringList names;
        while (const dirent *entry = ::readdir(handle)) {
            const QString name = QFile::decodeName(entry->d_name);
            if (name != QLatin1String(".") && name != QLatin1String(".."))
                names << name;
        }
        ::closedir(handle);
        names.sort();
        return names;
    }

    Result<Ownership> ownership(const QString &path) override
    {
        struct stat status;
        if (::stat(QFile::encodeName(path).constData(), &status) != 0)
            return cannotRead(path, errno);
        const auto user = OsUser::byId(status.st_uid);
        return Ownership{user ? user->name : QString::number(status.st_uid), int(status.st_mode & 07777),
                         S_ISDIR(status.st_mode)};
    }

    Result<Space> space(const QString &path) override
    {
        QString at = QDir::cleanPath(path);
        if (!at.startsWith(QLatin1Char('/')))
            return fail(QStringLiteral("%1 is not an absolute path.").arg(path));
        for (;;) {
            struct statvfs status;
            if (::statvfs(QFile::encodeName(at).constData(), &status) == 0)
                return Space{qint64(status.f_bavail) * qint64(status.f_frsize),
                             qint64(status.f_blocks) * qint64(status.f_frsize)};
            if ((errno != ENOENT && errno != ENOTDIR && errno != EACCES) || at == QLatin1String("/"))
                return cannotRead(at, errno);
            at = QFileInfo(at).path();
        }
    }

    Result<bool> portFree(int port) override
    {
        if (port < 1 || port > 65535)
            return fail(QStringLiteral("%1 is not a port.").arg(port),
                        QStringLiteral("A port is a number from 1 to 65535."), QStringLiteral("port"));
        for (const in_addr_t address : {INADDR_LOOPBACK, INADDR_ANY}) {
            const int code = tryBind(port, address);
            if (code == EADDRINUSE)
                return false;
            if (code != 0)
                return fail(QStringLiteral("Port %1 cannot be used: %2.").arg(port).arg(systemWords(code)),
                            {}, QStringLiteral("port"));
        }
        return true;
    }

    Result<QString> binDirectory(int major) override
    {
        QStringList path = qEnvironmentVariable("PATH").split(QLatin1Char(':'), Qt::SkipEmptyParts);
        if (auto config =
                run({{QStringLiteral("pg_config"), QStringLiteral("--bindir")}, {}, {}, {}, 5000}, {}, {});
            config && config->ok())
            path.prepend(config->output.trimmed());
        const auto versionLine = [this](const QString &program) {
            auto answer = run({{program, QStringLiteral("--version")}, {}, {}, {}, 5000}, {}, {});
            return answer ? answer->output : QString();
        };
        return pickPrograms(serverPrograms(path, versionLine), major);
    }

    bool canRunAs(const QString &user) override
    {
        if (!isOther(user))
            return true;
        if (!OsUser::byName(user))
            return false;
        auto answer = run({{QStringLiteral("true")}, {}, user, {}, 5000}, {}, {});
        return answer && answer->ok();
    }

private:
    static bool isOther(const QString &user) { return !user.isEmpty() && user != OsUser::current().name; }

    static tl::unexpected<Error> noSuchUser(const QString &user)
    {
        return fail(QStringLiteral("There is no operating-system user \"%1\" on this machine.").arg(user));
    }

    static tl::unexpected<Error> cannotRead(const QString &path, int code)
    {
        return fail(QStringLiteral("%1 could not be read: %2.").arg(path, systemWords(code)));
    }

    /// The words that reach the command as its user, from a clean environment.
    static Result<ChildRequest> prepare(const Command &command)
    {
        if (command.argv.isEmpty())
            return fail(QStringLiteral("There is no command to run."));
        const OsUser me = OsUser::current();
        const auto user = isOther(command.runAs) ? OsUser::byName(command.runAs) : me;
        if (!user)
            return noSuchUser(command.runAs);

        QMap<QString, QString> environment{{QStringLiteral("PATH"), searchPath},
                                           {QStringLiteral("HOME"), user->home},
                                           {QStringLiteral("USER"), user->name},
                                           {QStringLiteral("LOGNAME"), user->name},
                                           {QStringLiteral("LC_ALL"), QStringLiteral("C")}};
        environment.insert(command.environment);
        QStringList words = command.argv;
        const QString program = findProgram(words.first(), environment.value(QStringLiteral("PATH")));
        // Another user may see what we cannot.
        if (!program.isEmpty())
            words.first() = program;
        else if (user->uid == me.uid || !words.first().startsWith(QLatin1Char('/')))
            return fail(QStringLiteral("The program %1 was not found.").arg(words.first()),
                        QStringLiteral("Install it, or give its whole path."));

        QStringList pairs;
        for (auto it = environment.cbegin(); it != environment.cend(); ++it)
            pairs << it.key() + QLatin1Char('=') + it.value();
        if (user->uid != me.uid && me.uid == 0) {
            words =
                QStringList{QStringLiteral("/usr/bin/setpriv"), QStringLiteral("--reuid=%1").arg(user->uid),
                            QStringLiteral("--regid=%1").arg(user->gid), QStringLiteral("--init-groups"),
                            QStringLiteral("--")} +
                words;
        } else if (user->uid != me.uid) {
            // sudo cleans the environment, so it is given again behind it.
            words = QStringList{QStringLiteral("/usr/bin/sudo"),
                                QStringLiteral("-n"),
                                QStringLiteral("-u"),
                                user->name,
                                QStringLiteral("--"),
                                QStringLiteral("/usr/bin/env")} +
                    pairs + words;
        }
        if (!QFileInfo(words.first()).isExecutable() && user->uid != me.uid)
            return fail(QStringLiteral("Commands cannot be run as %1: %2 is not installed.")
                            .arg(user->name, words.first()));

        ChildRequest request;
        for (const QString &word : words)
            request.argv << QFile::encodeName(word);
        for (const QString &pair : pairs)
            request.environment << QFile::encodeName(pair);
        if (!command.workingDirectory.isEmpty())
            request.workingDirectory = QFile::encodeName(command.workingDirectory);
        request.timeoutMs = command.timeoutMs;
        request.input = command.input;
        if (user->uid != me.uid && me.uid != 0) {
            const QString name = user->name;
            request.signalElsewhere = [name](int signal, qint64 group) {
                Command kill;
                kill.argv = {QStringLiteral("kill"), QStringLiteral("-%1").arg(signal), QStringLiteral("--"),
                             QStringLiteral("-%1").arg(group)};
                kill.runAs = name;
                kill.timeoutMs = 2000;
                if (auto prepared = prepare(kill)) {
                    prepared->signalElsewhere = {}; // One try: no ladder of sudo upon sudo.
                    (void)runChild(*prepared, {}, {});
                }
            };
        }
        return request;
    }
};

} // namespace

std::shared_ptr<Host> localHost()
{
    static const auto host = std::make_shared<LocalHost>();
    return host;
}

} // namespace understudy
