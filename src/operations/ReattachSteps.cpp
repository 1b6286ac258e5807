// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/ReattachSteps.h"

#include "model/Quote.h"
#include "operations/AddStandbySteps.h"
#include "operations/Passfile.h"
#include "operations/PlanHosts.h"

namespace understudy {

namespace {

const QString reload = QStringLiteral("SELECT pg_reload_conf()");

// The steps of a new standby that are the same here: its slot, and the walsender behind it.
AddStandbyDraft asNew(const ReattachDraft &d)
{
    AddStandbyDraft draft;
    draft.request.name = d.standby;
    draft.request.slot = d.slot;
    draft.upstream = d.target;
    return draft;
}

QString hostKey(const ReattachDraft &d)
{
    return d.host.isEmpty() ? localHostKey : d.host;
}

// How far it is with receiving, replayed or not.
const QString received = QStringLiteral("greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())");

// How far the target can feed others: a cascade passes on what it has received.
QString head(const ReattachDraft &d)
{
    return d.targetIsStandby ? received : QStringLiteral("pg_current_wal_lsn()");
}

QString alter(const char *setting, const QString &value)
{
    return QStringLiteral("ALTER SYSTEM SET %1 = %2").arg(QLatin1String(setting), quote::sqlLiteral(value));
}

WaitAction reads(const ReattachDraft &d, int deadlineMs)
{
    return WaitAction{d.standby,
                      QStringLiteral("SELECT current_setting('primary_conninfo') = %1 AND "
                                     "current_setting('primary_slot_name') = %2")
                          .arg(quote::sqlLiteral(d.conninfo), quote::sqlLiteral(d.slot)),
                      QStringLiteral("%1 has read its new settings").arg(d.standby),
                      deadlineMs,
                      {}};
}

} // namespace

Step reattachCheckStep(const ReattachDraft &d)
{
    Step s;
    s.id = QStringLiteral("check");
    s.title = QStringLiteral("See that both are what they were");
    s.why =
        QStringLiteral("Between the review and the first change a node may have been promoted, or the WAL "
                       "that %1 needs may have gone from %2.")
            .arg(d.standby, d.target);
    s.readsOnly = true;
    s.aboutSeconds = 0.1;
    s.actions << WaitAction{d.standby,
                            QStringLiteral("SELECT pg_is_in_recovery()"),
                            QStringLiteral("%1 is a standby").arg(d.standby),
                            0,
                            {}}
              << WaitAction{d.target,
                            QStringLiteral("SELECT system_identifier::text = %1 FROM pg_control_system()")
                                .arg(quote::sqlLiteral(d.systemIdentifier)),
                            QStringLiteral("%1 is of the same cluster").arg(d.target),
                            0,
                            {}};
    s.actions << WaitAction{d.target,
                            d.targetIsStandby ? QStringLiteral("SELECT pg_is_in_recovery()")
                                              : QStringLiteral("SELECT NOT pg_is_in_recovery()"),
                            d.targetIsStandby ? QStringLiteral("%1 is a standby too").arg(d.target)
                                              : QStringLiteral("%1 is the primary").arg(d.target),
                            0,
                            {}};
    if (!d.oldestWal.isEmpty())
        s.actions << WaitAction{
            d.target,
            QStringLiteral("SELECT EXISTS (SELECT FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$' AND "
                           "substr(name, 9) <= %1)")
                .arg(quote::sqlLiteral(d.oldestWal)),
            QStringLiteral("%1 still has the WAL from %2 on").arg(d.target, d.position),
            0,
            {}};
    s.actions << SqlAction{d.standby, QStringLiteral("SELECT ") + received, QStringLiteral("standby_lsn")}
              << WaitAction{d.target,
                            QStringLiteral("SELECT %1 >= ${standby_lsn}::pg_lsn").arg(head(d)),
                            QStringLiteral("%1 has everything that %2 has").arg(d.target, d.standby),
                            60000,
                            {}};
    return s;
}

Step reattachLoginStep(const ReattachDraft &d)
{
    Step s;
    s.id = QStringLiteral("login");
    s.title = d.newPassfile ? QStringLiteral("Put its password into a passfile")
                            : QStringLiteral("See that its passfile knows %1").arg(d.target);
    s.why =
        d.newPassfile
            ? QStringLiteral("It stands in primary_conninfo now, which the next steps replace. The file is "
                             "on the machine of %1 and only its server's user may read it.")
                  .arg(d.standby)
            : QStringLiteral("%1 logs in at %2 as %3. This line must be in the file on its machine, unless "
                             "one with * covers it already.")
                  .arg(d.standby, d.target, d.user);
    s.aboutSeconds = 0.1;
    FileAction file;
    file.host = hostKey(d);
    file.path = d.passfile;
    file.mode = 0600;
    file.owner = d.runAs;
    file.append = !d.newPassfile;
    file.content = passfileLine(d.seen, d.user);
    s.actions << file;
    s.undoWords = d.newPassfile ? QStringLiteral("remove the file") : QStringLiteral("the line may stay");
    if (d.newPassfile) {
        s.changes = QStringLiteral("1 file");
        s.leftover = QStringLiteral("the passfile %1").arg(d.passfile);
        CommandAction remove;
        remove.host = file.host;
        remove.command.argv = {QStringLiteral("rm"), QStringLiteral("-f"), QStringLiteral("--"), d.passfile};
        remove.command.runAs = d.runAs;
        s.undo << remove;
    }
    return s;
}

Step reattachSlotStep(const ReattachDraft &d)
{
    Step s = slotStep(asNew(d));
    s.title = QStringLiteral("Create the slot on %1").arg(d.target);
    s.why = QStringLiteral("From here on %1 keeps what %2 has not received.").arg(d.target, d.standby);
    return s;
}

Step reattachPointStep(const ReattachDraft &d)
{
    const bool live = d.standbyVersion >= 130000;
    Step s;
    s.id = QStringLiteral("point");
    s.title = QStringLiteral("Point %1 to %2").arg(d.standby, d.target);
    s.why = live ? QStringLiteral("A reload is enough since PostgreSQL 13: readers are not interrupted.")
                 : QStringLiteral("PostgreSQL 12 reads them at start: see the next step.");
    s.changes = QStringLiteral("2 settings");
    s.undoWords = QStringLiteral("set the old values");
    s.leftover = QStringLiteral("primary_conninfo and primary_slot_name of %1").arg(d.standby);
    s.fact = QStringLiteral("slot %1").arg(d.slot);
    s.aboutSeconds = 1;
    s.actions << SqlAction{d.standby, alter("primary_conninfo", d.conninfo), {}}
              << SqlAction{d.standby, alter("primary_slot_name", d.slot), {}};
    s.undo << SqlAction{d.standby, alter("primary_conninfo", d.oldConninfo), {}}
           << SqlAction{d.standby, alter("primary_slot_name", d.oldSlotSetting), {}}
           << SqlAction{d.standby, reload, {}};
    if (d.hadPassword)
        s.undoWords = QStringLiteral("set the old values, the password by hand");
    s.alreadyDone = reads(d, 0);
    if (live)
        s.actions << SqlAction{d.standby, reload, {}} << reads(d, 10000);
    else
        s.alreadyDone.reset();
    return s;
}

Step reattachRestartStep(const ReattachDraft &d)
{
    Step s;
    s.id = QStringLiteral("restart");
    s.title = QStringLiteral("Restart %1").arg(d.standby);
    s.why =
        QStringLiteral("PostgreSQL 12 reads primary_conninfo at start only. This ends its sessions. Where "
                       "systemd, pg_ctlcluster or Compose keeps it, restart it with that.");
    s.undoWords = QStringLiteral("restart it with the old values");
    s.aboutSeconds = 5;
    CommandAction restart;
    restart.host = hostKey(d);
    restart.command.argv = {QStringLiteral("pg_ctl"),
                            QStringLiteral("restart"),
                            QStringLiteral("-D"),
                            d.dataDirectory.isEmpty() ? QStringLiteral("DATA_DIRECTORY") : d.dataDirectory,
                            QStringLiteral("-m"),
                            QStringLiteral("fast"),
                            QStringLiteral("-w")};
    restart.command.runAs = d.runAs;
    restart.shown = quote::shellCommand(restart.command.argv);
    s.actions << restart << reads(d, 60000);
    s.alreadyDone = reads(d, 0);
    s.undo << restart;
    return s;
}

Step reattachStreamStep(const ReattachDraft &d)
{
    Step s = streamStep(asNew(d));
    s.title = QStringLiteral("Wait until it streams from %1").arg(d.target);
    s.why = QStringLiteral("Both ends say so, and on the right timeline. If not, its log says why; undo the "
                           "step before, and the old link comes back.");
    QString receives =
        QStringLiteral("status = 'streaming' AND slot_name = %1").arg(quote::sqlLiteral(d.slot));
    if (d.timeline)
        receives += QStringLiteral(" AND received_tli >= %1").arg(*d.timeline);
    s.actions << WaitAction{
        d.standby,
        QStringLiteral("SELECT %1 FROM pg_stat_wal_receiver").arg(receives),
        d.timeline ? QStringLiteral("%1 receives timeline %2").arg(d.standby, QString::number(*d.timeline))
                   : QStringLiteral("%1 receives").arg(d.standby),
        30000,
        {}};
    return s;
}

Step reattachArrivedStep(const ReattachDraft &d)
{
    const AddStandbyDraft draft = asNew(d);
    Step s;
    s.id = QStringLiteral("arrived");
    s.title = QStringLiteral("Wait until everything has arrived");
    s.why = QStringLiteral("What %1 has now must be on the disk of %2 before the old slot goes.")
                .arg(d.target, d.standby);
    s.readsOnly = true;
    s.fact = QStringLiteral("received ${arrived_lsn}");
    s.actions << SqlAction{d.target, QStringLiteral("SELECT ") + head(d), QStringLiteral("target_lsn")}
              << WaitAction{d.target,
                            QStringLiteral("SELECT r.flush_lsn >= ${target_lsn}::pg_lsn, r.flush_lsn ") +
                                draft.sender(),
                            QStringLiteral("%1 has received everything up to ${target_lsn}").arg(d.standby),
                            60000, QStringLiteral("arrived_lsn")};
    return s;
}

Step reattachDropStep(const ReattachDraft &d)
{
    const QString slot = quote::sqlLiteral(d.oldSlot);
    const QString gone =
        QStringLiteral("SELECT NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = %1)").arg(slot);
    const WaitAction isGone{
        d.upstream, gone, QStringLiteral("the slot %1 on %2 is gone").arg(d.oldSlot, d.upstream), 5000, {}};
    Step s;
    s.id = QStringLiteral("drop");
    s.title = QStringLiteral("Drop the old slot on %1").arg(d.upstream);
    s.why =
        QStringLiteral("Nobody reads it any more, and it would keep WAL until the disk is full. From here "
                       "on the way back is another re-attach.");
    s.pointOfNoReturn = true;
    s.fact = QStringLiteral("%1 is gone").arg(d.oldSlot);
    s.aboutSeconds = 1;
    // Only where nobody reads it: it may have found another reader meanwhile.
    s.actions << WaitAction{d.upstream,
                            QStringLiteral("SELECT NOT EXISTS (SELECT FROM pg_replication_slots "
                                           "WHERE slot_name = %1 AND active)")
                                .arg(slot),
                            QStringLiteral("nobody reads %1 on %2 any more").arg(d.oldSlot, d.upstream),
                            60000,
                            {}}
              << SqlAction{d.upstream,
                           QStringLiteral("SELECT pg_drop_replication_slot(slot_name) FROM "
                                          "pg_replication_slots WHERE slot_name = %1 AND NOT active")
                               .arg(slot),
                           {}}
              << isGone;
    s.alreadyDone = isGone;
    s.alreadyDone->deadlineMs = 0;
    return s;
}

} // namespace understudy
