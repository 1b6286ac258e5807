// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Result.h"

#include <QByteArray>
#include <QMap>
#include <QStringList>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

namespace understudy {

/// A command to run on a host: words, never a shell line. No word and no variable ever holds a password.
struct Command
{
    QStringList argv;
    QMap<QString, QString> environment; ///< Added to a clean LC_ALL=C environment.
    QString runAs;                      ///< Operating-system user; empty: as we are.
    QString workingDirectory;
    int timeoutMs = 60000; ///< 0: no limit (a base backup); the stop token still ends it.
    QByteArray input = {}; ///< What it reads on stdin; may be a password. Empty: nothing.
};

struct CommandResult
{
    int exitCode = -1;
    bool timedOut = false;
    bool cancelled = false;
    QString output;      ///< stdout, whole
    QString errorOutput; ///< stderr, whole (progress lines folded to the last)
    double seconds = 0;
    bool ok() const { return exitCode == 0 && !timedOut && !cancelled; }
};

enum class Stream { Output, Error };
using LineSink = std::function<void(Stream, const QString &line)>;

/// A machine, or something that acts like one, on which commands run and files live: this machine, one
/// reached over ssh, a container. Calls block their (worker) thread. Errors are sentences.
class Host
{
public:
    virtual ~Host() = default;
    virtual QString name() const = 0; ///< "this machine", "db2.example"

    /// Runs a command; @p sink sees each line as it comes. Stopping sends TERM to the whole process group,
    /// then KILL.
    virtual Result<CommandResult> run(const Command &, std::stop_token stop = {},
                                      const LineSink &sink = {}) = 0;

    virtual Result<QByteArray> readFile(const QString &path, const QString &runAs = {}) = 0;
    /// Writes a file whole or not at all (write aside, fsync, rename), with @p mode and owned by @p owner.
    virtual Result<void> writeFile(const QString &path, const QByteArray &content, int mode,
                                   const QString &owner) = 0;
    /// The same with a known name for the file that is written first, in the same folder: what a killed
    /// process left there can be found and removed. @p mustBeNew: fails if there is anything at @p path.
    virtual Result<void> writeFileAside(const QString &path, const QByteArray &content, int mode,
                                        const QString &owner, const QString &aside, bool mustBeNew)
    {
        (void)aside;
        if (mustBeNew)
            return fail(name() + QStringLiteral(" has no way to make a file that must be new."));
        return writeFile(path, content, mode, owner);
    }
    virtual Result<bool> exists(const QString &path) = 0;
    virtual Result<QStringList>
    list(const QString &directory) = 0; ///< Names in a directory; error if it is none.
    struct Ownership
    {
        QString user;
        int mode = 0;
        bool isDirectory = false;
    };
    virtual Result<Ownership> ownership(const QString &path) = 0;
    struct Space
    {
        qint64 freeBytes = 0;
        qint64 totalBytes = 0;
    };
    /// Space on the file system of @p path or of its nearest existing parent.
    virtual Result<Space> space(const QString &path) = 0;
    /// Nothing listens on this TCP port (proved by binding it on 127.0.0.1 and on any address).
    virtual Result<bool> portFree(int port) = 0;
    /// The file of the newest PostgreSQL server programs of @p major (0: any), e.g.
    /// /usr/lib/postgresql/15/bin.
    virtual Result<QString> binDirectory(int major) = 0;
    virtual bool isLocal() const = 0;
    /// False: the last try to connect to the machine failed, and the next call would wait as long again.
    virtual bool wasReached() const { return true; }
    /// May we run commands as this operating-system user? Somebody may be asked for sudo's password.
    virtual bool canRunAs(const QString &user) = 0;
    enum class RunAs {
        No,
        WithPassword, ///< sudo wants one first, and says only then whether it allows it.
        Yes
    };
    /// The same without asking anybody anything.
    virtual RunAs mayRunAs(const QString &user) { return canRunAs(user) ? RunAs::Yes : RunAs::No; }
};

/// This machine. As root, other users are reached with setpriv; else with `sudo -n -u`.
std::shared_ptr<Host> localHost();

} // namespace understudy
