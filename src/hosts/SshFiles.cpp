// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/SshFiles.h"

#include "hosts/SshMachine.h"
#include "hosts/SshWords.h"
#include "model/Quote.h"

#include <QDir>

namespace understudy::ssh_files {

namespace {

// Of a slow line; a script that hangs is given up after this.
int timeoutFor(qint64 bytes)
{
    return 30000 + int(qMin<qint64>(bytes / 50, 3600000));
}

tl::unexpected<Error> cannotRead(SshMachine &machine, const QString &path, const SshReply &reply)
{
    return fail(QStringLiteral("%1 could not be read on %2: %3.")
                    .arg(quote::visible(path), machine.name(), sshComplaint(reply.errorText)));
}

bool isMissing(const SshReply &reply)
{
    const QString said = sshComplaint(reply.errorText);
    return said == QLatin1String("No such file or directory") || said == QLatin1String("Not a directory");
}

} // namespace

Result<QByteArray> read(SshMachine &machine, const QString &path, const QString &runAs)
{
    const auto reply = machine.run({QStringLiteral("exec cat -- \"$1\""), {path}, runAs, {}, 10 * 60000});
    if (!reply)
        return tl::unexpected(reply.error());
    if (!reply->ok())
        return fail(QStringLiteral("%1 could not be read%2 on %3: %4.")
                        .arg(quote::visible(path),
                             runAs.isEmpty() ? QString() : QStringLiteral(" as %1").arg(runAs),
                             machine.name(), sshComplaint(reply->errorText)));
    return reply->output;
}

Result<void> write(SshMachine &machine, const QString &path, const QByteArray &content, int mode,
                   const QString &owner)
{
    // As root, it is written with root's rights and given away, as here; else as its owner. Over a link and
    // not through it. `sync FILE` is of coreutils 8.24.
    static const QString script =
        // It tidies up even when nobody is there to hear its complaint.
        QStringLiteral("umask 077\n"
                       "trap '' PIPE\n"
                       "case $1 in */*) d=${1%/*}; f=${1##*/};; *) d=.; f=$1;; esac\n"
                       "t=$(mktemp -- \"$d/.$f.XXXXXX\") || exit 1\n"
                       "trap 'rm -f -- \"$t\"' EXIT\n"
                       "trap 'exit 1' HUP INT TERM\n"
                       "head -c \"$3\" > \"$t\" || exit 1\n"
                       "n=$(wc -c < \"$t\") || exit 1\n"
                       "if test \"$n\" -ne \"$3\"; then echo 'x: only a part of it arrived' >&2; exit 1; fi\n"
                       "if test -n \"$4\"; then chown -- \"$4:\" \"$t\" || exit 1; fi\n"
                       "chmod -- \"$2\" \"$t\" && { sync -- \"$t\" 2>/dev/null || sync; } && mv -fT -- "
                       "\"$t\" \"$1\" || exit 1\n"
                       "trap - EXIT\n"
                       "sync -- \"$d/\" 2>/dev/null || :\n");
    const auto facts = machine.facts({});
    if (!facts)
        return tl::unexpected(facts.error());
    const bool gives = facts->uid == 0 && !owner.isEmpty() && owner != facts->user;
    if (gives) {
        if (auto user = machine.user(owner, {}); !user)
            return tl::unexpected(user.error());
    }
    SshMachine::Script call;
    call.text = script;
    call.arguments = {path, QString::number(mode, 8), QString::number(content.size()),
                      gives ? owner : QString()};
    call.runAs = gives ? QString() : owner;
    call.content = content;
    call.timeoutMs = timeoutFor(content.size());
    const auto reply = machine.run(call);
    if (!reply)
        return tl::unexpected(reply.error());
    if (!reply->ok())
        return fail(QStringLiteral("%1 could not be written on %2: %3.")
                        .arg(quote::visible(path), machine.name(), sshComplaint(reply->errorText)));
    return {};
}

Result<bool> exists(SshMachine &machine, const QString &path)
{
    const auto reply = machine.run({QStringLiteral("stat -c %F -- \"$1\""), {path}, {}, {}});
    if (!reply)
        return tl::unexpected(reply.error());
    if (reply->ok())
        return true;
    if (isMissing(*reply))
        return false;
    return cannotRead(machine, path, *reply);
}

Result<QStringList> list(SshMachine &machine, const QString &directory)
{
    // ls says why when it cannot; the names come from the shell, which keeps them apart.
    static const QString script =
        QStringLiteral("test -d \"$1\" || { stat -- \"$1/.\" >/dev/null; exit 1; }\n"
                       "ls -- \"$1/\" >/dev/null || exit 1\n"
                       "cd -- \"$1\" || exit 1\n"
                       "for f in * .[!.]* ..?*; do\n"
                       "  if test -e \"$f\" || test -h \"$f\"; then printf '%s\\0' \"$f\"; fi\n"
                       "done\n");
    const auto reply = machine.run({script, {directory}, {}, {}});
    if (!reply)
        return tl::unexpected(reply.error());
    if (!reply->ok())
        return cannotRead(machine, directory, *reply);
    QStringList names;
    for (const QByteArray &name : reply->output.split('\0')) {
        if (!name.isEmpty())
            names << QString::fromUtf8(name);
    }
    names.sort();
    return names;
}

Result<Host::Ownership> ownership(SshMachine &machine, const QString &path)
{
    const auto reply = machine.run({QStringLiteral("stat -L -c '%a:%u:%f:%U' -- \"$1\""), {path}, {}, {}});
    if (!reply)
        return tl::unexpected(reply.error());
    const QStringList parts = QString::fromUtf8(reply->output).trimmed().split(u':');
    if (!reply->ok() || parts.size() != 4)
        return cannotRead(machine, path, *reply);
    const QString user = parts.at(3) == QLatin1String("UNKNOWN") ? parts.at(1) : parts.at(3);
    // The kind of a file is in the upper bits of its raw mode: S_IFDIR.
    return Host::Ownership{user, parts.at(0).toInt(nullptr, 8),
                           (parts.at(2).toInt(nullptr, 16) & 0170000) == 0040000};
}

Result<Host::Space> space(SshMachine &machine, const QString &path)
{
    const QString clean = QDir::cleanPath(path);
    if (!clean.startsWith(u'/'))
        return fail(QStringLiteral("%1 is not an absolute path.").arg(quote::visible(path)));
    static const QString script =
        QStringLiteral("p=$1\n"
                       "until test -e \"$p\" || test \"$p\" = /; do p=$(dirname -- \"$p\"); done\n"
                       "exec stat -f -c '%a %b %S' -- \"$p\"\n");
    const auto reply = machine.run({script, {clean}, {}, {}});
    if (!reply)
        return tl::unexpected(reply.error());
    const QStringList parts = QString::fromUtf8(reply->output).simplified().split(u' ');
    if (!reply->ok() || parts.size() != 3)
        return cannotRead(machine, clean, *reply);
    const qint64 block = parts.at(2).toLongLong();
    return Host::Space{parts.at(0).toLongLong() * block, parts.at(1).toLongLong() * block};
}

} // namespace understudy::ssh_files
