// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/AddStandbySteps.h"

#include "model/Quote.h"
#include "operations/ChoiceSteps.h"
#include "operations/DirectoryScripts.h"
#include "operations/Passfile.h"

#include <QFileInfo>
#include <QRegularExpression>

namespace understudy {

namespace {

// Ends a pg_basebackup into this directory that outlived its app (a stopped one is woken to hear it, and one
// that does not listen is killed), then empties $3, $4... and the directory, $2 being the device and inode of
// the one that was made. Somebody may have moved it meanwhile: another directory of its name is not touched,
// and where it is now is told if it is found near by.
const QString emptyDirectory = QStringLiteral(R"sh(
n=0
while [ $n -lt 50 ]; do
    found=
    for p in /proc/[0-9]*; do
        case "$(readlink "$p/exe" 2>/dev/null)" in */pg_basebackup) ;; *) continue ;; esac
        tr "\\0" "\\n" <"$p/cmdline" | grep -qxF -e "$1" || continue
        found=1
        if [ $n -lt 20 ]; then kill "${p#/proc/}"; else kill -KILL "${p#/proc/}"; fi
        kill -CONT "${p#/proc/}"
    done 2>/dev/null
    [ -n "$found" ] || break
    n=$((n+1)); sleep 0.1
done
data=$1; id=$2; shift 2
for d; do [ ! -d "$d" ] || find "$d" -xdev -mindepth 1 -delete || exit 1; done
if [ "$(stat -c %d:%i -- "$data" 2>/dev/null)" = "$id" ]; then
    find "$data" -xdev -mindepth 1 -delete
    exit
fi
up=${data%/*}; up=${up%/*}
while [ -n "$up" ] && [ ! -d "$up" ]; do up=${up%/*}; done
now=$(find "${up:-/}" -xdev -maxdepth 4 -type d -inum "${id#*:}" -print -quit 2>/dev/null)
if [ -n "$now" ]; then echo "Somebody moved it: it cannot be emptied at $now." >&2; exit 1; fi
if [ -e "$data" ]; then echo "Another directory is at $data now; it cannot be emptied." >&2; exit 1; fi
echo "$data is not there any more: somebody removed it, or moved it far away."
)sh");

// A new file or nothing: it fails when the file is there already.
const QString newFile = QStringLiteral("umask 077; set -C; : >\"$1\"");

QString onUpstream(const AddStandbyDraft &d)
{
    return QStringLiteral(" on ") + d.upstream;
}

QString currentLsn(const AddStandbyDraft &d)
{
    return d.upstreamIsStandby ? QStringLiteral("pg_last_wal_replay_lsn()")
                               : QStringLiteral("pg_current_wal_lsn()");
}

} // namespace

bool makesParent(const QString &dataDirectory)
{
    static const QRegularExpression debian(QStringLiteral("^/var/lib/postgresql/[0-9]+$"));
    const QString parent = QFileInfo(dataDirectory).path();
    return dataDirectory.contains(QStringLiteral("/understudy/standbys/")) ||
           parent.endsWith(QStringLiteral("/standbys")) || debian.match(parent).hasMatch();
}

CommandAction AddStandbyDraft::command(const QStringList &argv, bool asWeAre) const
{
    CommandAction action;
    action.host = host;
    action.command.argv = argv;
    action.command.runAs = asWeAre && asRoot ? QString() : runAs;
    return action;
}

CommandAction AddStandbyDraft::script(const QString &line, const QStringList &arguments, bool asWeAre) const
{
    return command(QStringList{QStringLiteral("sh"), QStringLiteral("-c"), line, QStringLiteral("sh")} +
                       arguments,
                   asWeAre);
}

CommandAction AddStandbyDraft::keeper(const KeeperCommand &command) const
{
    CommandAction action;
    action.host = host;
    action.command = command.command;
    action.shown = command.shown;
    return action;
}

QString AddStandbyDraft::slotLiteral() const
{
    return quote::sqlLiteral(request.slot);
}

QString AddStandbyDraft::slotFact() const
{
    return request.choices.slot ? request.slot : QStringLiteral("no slot");
}

QString AddStandbyDraft::sender() const
{
    if (!request.choices.slot)
        return QStringLiteral("FROM pg_stat_replication r WHERE r.application_name = %1")
            .arg(quote::sqlLiteral(request.name));
    return QStringLiteral("FROM pg_replication_slots s JOIN pg_stat_replication r ON r.pid = s.active_pid "
                          "WHERE s.slot_name = %1")
        .arg(slotLiteral());
}

Step baselineStep(const AddStandbyDraft &d)
{
    Step s;
    s.id = QStringLiteral("baseline");
    s.title = QStringLiteral("Record the baseline");
    s.why = QStringLiteral("What the new standby must have replayed before it counts as caught up.");
    s.readsOnly = true;
    s.fact = QStringLiteral("${baseline_lsn}");
    s.aboutSeconds = 0.1;
    s.actions << WaitAction{d.upstream,
                            d.upstreamIsStandby ? QStringLiteral("SELECT pg_is_in_recovery()")
                                                : QStringLiteral("SELECT NOT pg_is_in_recovery()"),
                            QStringLiteral("%1 is a %2, as when the plan was made")
                                .arg(d.upstream, d.upstreamIsStandby ? QStringLiteral("standby")
                                                                     : QStringLiteral("primary")),
                            0,
                            {}}
              << SqlAction{d.upstream, QStringLiteral("SELECT ") + currentLsn(d),
                           QStringLiteral("baseline_lsn")}
              << SqlAction{
                     d.upstream,
                     QStringLiteral("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"),
                     QStringLiteral("baseline_standbys")};
    if (!d.request.choices.slot)
        s.actions << WaitAction{
            d.upstream,
            QStringLiteral("SELECT NOT EXISTS (SELECT %1)").arg(d.sender()),
            QStringLiteral("nobody replicates as %1 yet, the name that the new standby is known by")
                .arg(d.request.name),
            0,
            {}};
    return s;
}

Step directoryStep(const AddStandbyDraft &d)
{
    const QString &path = d.request.dataDirectory;
    const QString owner = d.runAs + u':';
    Step s;
    s.id = QStringLiteral("directory");
    s.aboutSeconds = 0.1;
    s.fact = path;
    if (d.unseen) {
        s.title = QStringLiteral("Make the data directory");
        s.why = QStringLiteral(
            "One that is there is used if it is empty, and is given back as it was by an undo.");
        addUnseenDirectory(s, d, path, QStringLiteral("data"));
    } else if (d.request.useEmptyDirectory) {
        // It was there before us: it gets back what it had.
        s.title = QStringLiteral("Prepare the data directory");
        s.why = QStringLiteral("PostgreSQL wants a directory that only its own user can read.");
        CommandAction hadMode =
            d.command({QStringLiteral("stat"), QStringLiteral("-c"), QStringLiteral("%a"), path}, true);
        hadMode.storeAs = QStringLiteral("old_mode");
        hadMode.atomic = true;
        CommandAction hadOwner =
            d.command({QStringLiteral("stat"), QStringLiteral("-c"), QStringLiteral("%u:%g"), path}, true);
        hadOwner.storeAs = QStringLiteral("old_owner");
        hadOwner.atomic = true;
        CommandAction stillEmpty = d.script(directory_scripts::stillEmpty, {path}, true);
        stillEmpty.atomic = true;
        s.actions << hadMode << hadOwner << stillEmpty;
        s.undoWords = QStringLiteral("give the directory back as it was");
        s.leftover = QStringLiteral("the owner and mode of the directory %1").arg(path);
        s.undo << d.command({QStringLiteral("chmod"), QStringLiteral("${old_mode}"), path}, true)
               << d.command({QStringLiteral("chown"), QStringLiteral("${old_owner}"), path}, true);
    } else {
        s.title = QStringLiteral("Make the data directory");
        s.why = QStringLiteral(
            "It fails if the directory is there already, so nothing of anybody else's is used.");
        // Only below a folder of our own are parents made; they stay, empty.
        if (makesParent(path)) {
            CommandAction parents = d.command({QStringLiteral("mkdir"), QStringLiteral("-p"),
                                               QStringLiteral("--"), QFileInfo(path).path()});
            parents.atomic = true;
            s.actions << parents;
        }
        CommandAction make = d.command({QStringLiteral("mkdir"), QStringLiteral("-m"), QStringLiteral("0700"),
                                        QStringLiteral("--"), path},
                                       true);
        make.atomic = true;
        s.actions << make;
        s.changes = QStringLiteral("1 directory");
        s.undoWords = QStringLiteral("remove the directory");
        s.leftover = QStringLiteral("the directory %1").arg(path);
        CommandAction remove = d.script(directory_scripts::removeEmpty, {path}, true);
        remove.shown = QStringLiteral("rmdir -- ") + quote::shellWord(path);
        s.undo << remove;
    }
    if (d.asRoot && !d.unseen)
        s.actions << d.command({QStringLiteral("chown"), QStringLiteral("--"), owner, path}, true);
    // By these two it is known again, whatever is done to its name.
    CommandAction identity = d.command(
        {QStringLiteral("stat"), QStringLiteral("-c"), QStringLiteral("%d:%i"), QStringLiteral("--"), path},
        true);
    identity.storeAs = QStringLiteral("directory_id");
    identity.atomic = true;
    s.actions << identity;
    if (d.request.useEmptyDirectory)
        s.actions << d.command({QStringLiteral("chmod"), QStringLiteral("0700"), QStringLiteral("--"), path},
                               true);
    return s;
}

Step passfileStep(const AddStandbyDraft &d)
{
    Step s;
    s.id = QStringLiteral("passfile");
    s.title = QStringLiteral("Store the replication password");
    s.why = QStringLiteral("In a file that only the server's user can read, so that it stands in no setting "
                           "and no command.");
    s.changes = QStringLiteral("1 file");
    s.undoWords = QStringLiteral("remove the file");
    s.leftover = QStringLiteral("the passfile %1").arg(d.passfile);
    s.fact = d.passfile;
    s.aboutSeconds = 0.1;
    CommandAction make = d.script(newFile, {d.passfile}, true);
    make.atomic = true;
    make.shown = QStringLiteral("umask 077; set -C; : > ") + quote::shellWord(d.passfile);
    FileAction file;
    file.host = d.host;
    file.path = d.passfile;
    file.mode = 0600;
    file.owner = d.runAs;
    file.content = passfileLine(d.upstreamSeen, d.role);
    s.actions << make << file;
    s.undo << d.command({QStringLiteral("rm"), QStringLiteral("-f"), QStringLiteral("--"), d.passfile}, true);
    return s;
}

Step slotStep(const AddStandbyDraft &d)
{
    const QString slot = d.slotLiteral();
    const QString gone =
        QStringLiteral("SELECT NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = %1)").arg(slot);
    const WaitAction idle{d.upstream,
                          QStringLiteral("SELECT NOT EXISTS (SELECT FROM pg_replication_slots "
                                         "WHERE slot_name = %1 AND active)")
                              .arg(slot),
                          QStringLiteral("nobody reads %1 any more").arg(d.request.slot),
                          8000,
                          {}};
    Step s;
    s.id = QStringLiteral("slot");
    s.title = QStringLiteral("Create the slot");
    s.why = QStringLiteral("It keeps the WAL that the copy and the standby need. It is made just before the "
                           "copy, since a slot that nobody reads keeps WAL for ever.");
    s.changes = QStringLiteral("1 slot");
    s.undoWords = QStringLiteral("drop the slot");
    s.leftover = QStringLiteral("the slot %1").arg(d.request.slot) + onUpstream(d) +
                 QStringLiteral(" (it keeps WAL until it is dropped)");
    s.fact = d.request.slot + QStringLiteral(", reserved");
    s.aboutSeconds = 0.1;
    s.actions << WaitAction{d.upstream,
                            gone,
                            QStringLiteral(
                                "no slot is called %1 yet; if one already exists, it is not touched")
                                .arg(d.request.slot),
                            0,
                            {}}
              << SqlAction{d.upstream,
                           QStringLiteral("SELECT pg_create_physical_replication_slot(%1, true)").arg(slot),
                           QStringLiteral("slot")};
    s.alreadyDone = WaitAction{
        d.upstream,
        QStringLiteral("SELECT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = %1)").arg(slot),
        QStringLiteral("%1 is there").arg(d.request.slot),
        0,
        {}};
    // The walsender of a copy that was killed lingers for some seconds.
    s.undo << idle
           << SqlAction{d.upstream,
                        QStringLiteral("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots "
                                       "WHERE slot_name = %1 AND active")
                            .arg(slot),
                        {}}
           << idle
           << SqlAction{d.upstream,
                        QStringLiteral("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots "
                                       "WHERE slot_name = %1 AND NOT active")
                            .arg(slot),
                        {}}
           << WaitAction{
                  d.upstream, gone, QStringLiteral("the slot %1 is gone").arg(d.request.slot), 5000, {}};
    return s;
}

Step copyStep(const AddStandbyDraft &d)
{
    Endpoint from = d.upstreamSeen;
    from.user = d.role;
    from.database.clear();
    QMap<QString, QString> kept;
    for (auto it = from.options.begin(); it != from.options.end(); ++it)
        if (it.key().startsWith(QStringLiteral("ssl")) || it.key().startsWith(QStringLiteral("gss")) ||
            it.key() == QStringLiteral("channel_binding"))
            kept.insert(it.key(), it.value());
    if (!d.passfile.isEmpty())
        kept.insert(QStringLiteral("passfile"), d.passfile);
    QStringList conninfo{QStringLiteral("host=") + quote::conninfoValue(from.host),
                         QStringLiteral("port=%1").arg(from.port),
                         QStringLiteral("user=") + quote::conninfoValue(from.user)};
    for (auto it = kept.begin(); it != kept.end(); ++it)
        conninfo << it.key() + u'=' + quote::conninfoValue(it.value());

    Step s;
    s.id = QStringLiteral("copy");
    s.title = QStringLiteral("Copy ") + (d.upstreamIsStandby ? d.upstream : QStringLiteral("the primary"));
    s.why =
        (d.request.choices.slot
             ? QStringLiteral("A base backup that streams its WAL through the slot and leaves the settings "
                              "of a standby. Readers and writers are not interrupted.")
             : QStringLiteral("A base backup that streams its WAL through a slot which lasts only as long "
                              "as the copy, and leaves the settings of a standby. Readers and writers are "
                              "not interrupted.")) +
        copyWords(d);
    s.aboutSeconds = 2 + d.databaseMb / 100;
    s.undoWords = placesOf(d).isEmpty() ? QStringLiteral("empty the directory")
                                        : QStringLiteral("empty the directories");
    s.leftover = QStringLiteral("files in %1")
                     .arg((QStringList{d.request.dataDirectory} + placesOf(d)).join(QStringLiteral(", ")));
    s.fact = QStringLiteral("copied ${copied_size}");
    CommandAction copy = d.command(QStringList{d.program("pg_basebackup")} +
                                   baseBackupWords(d.request, d.request.dataDirectory));
    // It would empty whatever has the directory's name when it fails; our undo looks first whose it is.
    copy.command.argv << QStringLiteral("--no-clean") << QStringLiteral("--label")
                      << QStringLiteral("understudy ") + d.request.name << QStringLiteral("--no-password")
                      << QStringLiteral("-d") << conninfo.join(u' ');
    copy.command.timeoutMs = 0;
    copy.progress = ProgressKind::BaseBackup;
    copy.silenceMs = copySilenceMs;
    copy.storeAs = QStringLiteral("copied_size");
    s.actions << copy;
    const QStringList places = placesOf(d);
    CommandAction empty = d.script(
        emptyDirectory, QStringList{d.request.dataDirectory, QStringLiteral("${directory_id}")} + places);
    empty.shown = QStringLiteral("find %1 -xdev -mindepth 1 -delete")
                      .arg(quote::shellCommand(QStringList{d.request.dataDirectory} + places));
    s.undo << empty;
    return s;
}

} // namespace understudy
