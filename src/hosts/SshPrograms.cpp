// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/ServerPrograms.h"
#include "hosts/SshFiles.h"
#include "hosts/SshMachine.h"
#include "hosts/SshWords.h"
#include "model/Quote.h"

#include <QRegularExpression>

namespace understudy::ssh_files {

Result<bool> portFree(SshMachine &machine, int port)
{
    if (port < 1 || port > 65535)
        return fail(QStringLiteral("%1 is not a port.").arg(port),
                    QStringLiteral("A port is a number from 1 to 65535."), QStringLiteral("port"));
    // Really bound, with SO_REUSEADDR as servers do; it never listens. Else the kernel's table of listeners.
    static const QString script = QStringLiteral(
        "if command -v perl >/dev/null && perl -MSocket -e1 2>/dev/null; then\n"
        "  exec perl -MSocket -MErrno -e '\n"
        "    for my $a (INADDR_LOOPBACK, INADDR_ANY) {\n"
        "      socket(my $s, AF_INET, SOCK_STREAM, 0) or die \"$!\\n\";\n"
        "      setsockopt($s, SOL_SOCKET, SO_REUSEADDR, pack(\"i\", 1));\n"
        "      next if bind($s, pack_sockaddr_in($ARGV[0], $a));\n"
        "      if ($!{EADDRINUSE}) { print \"taken\\n\"; exit 0 }\n"
        "      die \"$!\\n\";\n"
        "    }\n"
        "    print \"free\\n\"' \"$1\"\n"
        "fi\n"
        "if command -v python3 >/dev/null && python3 -c 'import socket' 2>/dev/null; then\n"
        "  exec python3 -c '\n"
        "import errno, socket, sys\n"
        "for a in (\"127.0.0.1\", \"0.0.0.0\"):\n"
        "    s = socket.socket()\n"
        "    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)\n"
        "    try:\n"
        "        s.bind((a, int(sys.argv[1])))\n"
        "    except OSError as e:\n"
        "        if e.errno != errno.EADDRINUSE:\n"
        "            sys.exit(e.strerror)\n"
        "        print(\"taken\")\n"
        "        sys.exit(0)\n"
        "print(\"free\")' \"$1\"\n"
        "fi\n"
        "test -r /proc/net/tcp || { echo 'neither perl, python3 nor /proc/net/tcp is there to look with' >&2;"
        " exit 1; }\n"
        "h=$(printf %04X \"$1\")\n"
        "if cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -q \":$h 0*:0000 0A \"; then echo taken\n"
        "else echo free; fi\n");
    const auto reply = machine.run({script, {QString::number(port)}, {}, {}});
    if (!reply)
        return tl::unexpected(reply.error());
    if (reply->output == "free\n")
        return true;
    if (reply->output == "taken\n")
        return false;
    return fail(QStringLiteral("Port %1 cannot be used on %2: %3.")
                    .arg(port)
                    .arg(machine.name(), quote::visible(sshReason(reply->errorText))),
                {}, QStringLiteral("port"));
}

Result<QString> binDirectory(SshMachine &machine, int major)
{
    // "FOLDER<tab>VERSION LINE"; distributions' own folders come first.
    static const QString script =
        QStringLiteral("complete() { for p in initdb pg_ctl postgres pg_basebackup; do\n"
                       "  test -x \"$1/$p\" && ! test -d \"$1/$p\" || return 1; done; }\n"
                       "for d in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin; do\n"
                       "  if complete \"$d\"; then printf '%s\\t%s\\n' \"$d\" ''; fi\n"
                       "done\n"
                       "path=$1; b=$(PATH=$1 pg_config --bindir 2>/dev/null) && path=$b:$1\n"
                       "IFS=:; set -f; for d in $path; do\n"
                       "  if complete \"$d\"; then printf '%s\\t%s\\n' \"$d\" \"$(\"$d/postgres\" --version "
                       "2>/dev/null)\"; fi\n"
                       "done\n");
    const auto facts = machine.facts({});
    if (!facts)
        return tl::unexpected(facts.error());
    const auto reply = machine.run({script, {facts->path}, {}, {}});
    if (!reply)
        return tl::unexpected(reply.error());
    static const QRegularExpression byName(
        QStringLiteral("^/usr/(?:lib/postgresql/|pgsql-)(\\d+)(?:\\.\\d+)?/bin$"));
    QList<ServerPrograms> found;
    for (const QString &line : QString::fromUtf8(reply->output).split(u'\n', Qt::SkipEmptyParts)) {
        const QString directory = line.section(u'\t', 0, 0);
        const auto match = byName.match(directory);
        const int version = match.hasMatch() ? match.captured(1).toInt() : majorOf(line.section(u'\t', 1));
        if (version > 0)
            found << ServerPrograms{version, directory};
    }
    return pickPrograms(found, major, machine.name());
}

} // namespace understudy::ssh_files
