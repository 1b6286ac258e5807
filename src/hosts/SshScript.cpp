// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/SshScript.h"

#include "model/Quote.h"

namespace understudy::ssh_script {

namespace {

QByteArray word(const QString &text)
{
    return quote::shellWord(text).toUtf8();
}

/// Tells on both streams that the command's own words begin, and where they ended.
QByteArray frame(const QByteArray &token)
{
    // In braces: a script of which the end is missing is not run at all.
    return "{ t=" + token +
           "\n"
           "end() { printf '%s:%s\\n' $t \"$1\"; printf '%s:%s\\n' $t \"$1\" >&2; exit 0; }\n"
           "printf '%s+\\n' $t; printf '%s+\\n' $t >&2\n";
}

/// What a login without a terminal leaves out.
QByteArray systemPath()
{
    return "PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n";
}

} // namespace

QByteArray watched(const QByteArray &token, const Watched &command)
{
    const QByteArray program = word(command.program);
    const QByteArray silence = QByteArray::number(qlonglong(command.goneAfter.count()));
    return frame(token) + systemPath() + "cd " + word(command.directory) +
           " 2>/dev/null || end nodir\n"
           "( PATH=" +
           word(command.path) + "; case " + program + " in */*) test -x " + program + " && ! test -d " +
           program + ";; *) command -v " + program +
           " >/dev/null 2>&1;; esac ) || end missing\n"
           "exec 3<&0 </dev/null\n"
           "( trap - INT QUIT; exec setsid " +
           quote::shellCommand(command.words).toUtf8() +
           " 3<&- ) &\n"
           "c=$!\n"
           "( exec <&3 3<&- >/dev/null 2>&1\n"
           // POSIX's read has no timeout of its own.
           "  if command -v timeout; then while timeout " +
           silence +
           " sh -c 'read -r x'; do :; done\n"
           "  else while read -r x; do :; done; fi\n"
           "  trap '' TERM\n"
           "  kill -s TERM -- -$c || kill -s TERM $c; kill -s CONT -- -$c\n"
           // Five seconds, in few steps: on a machine that is overloaded every sleep is dear.
           "  for s in 0.05 0.05 0.1 0.1 0.2 0.5 0.5 0.5 1 1 1; do kill -s 0 $c || break; sleep $s; done\n"
           "  kill -s KILL -- -$c ) &\n"
           "w=$!\n"
           "exec 3<&-\n"
           "{ wait $c; r=$?; kill $w; wait $w; } 2>/dev/null\n"
           "end $r; }\n";
}

QByteArray plain(const QByteArray &token, const QStringList &words)
{
    return frame(token) + systemPath() + quote::shellCommand(words).toUtf8() + "\nend $?; }\n";
}

QByteArray greets(const QByteArray &token, const QStringList &before)
{
    const QString t = QString::fromLatin1(token);
    const QString script = QStringLiteral("for n in + :0; do echo %1$n; echo %1$n >&2; done").arg(t);
    return "exec " +
           quote::shellCommand(before + QStringList{QStringLiteral("/bin/sh"), QStringLiteral("-c"), script})
               .toUtf8();
}

QByteArray reads(const QStringList &before, const QByteArray &script)
{
    QByteArray line = "exec ";
    if (!before.isEmpty())
        line += quote::shellCommand(before).toUtf8() + ' ';
    return line + "/bin/sh -c 'eval \"$(dd bs=1 count=" + QByteArray::number(script.size()) +
           " 2>/dev/null)\"'";
}

} // namespace understudy::ssh_script
