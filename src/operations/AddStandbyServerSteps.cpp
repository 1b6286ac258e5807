// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/AddStandbySteps.h"

#include "model/Quote.h"
#include "operations/ChoiceSteps.h"
#include "operations/PlanHosts.h"

#include <QRegularExpression>
#include <limits>

namespace understudy {

namespace {

constexpr qint64 streamMs = 30000;

// Set by us for the new server, or belonging to the upstream alone.
const QStringList ownSettings{QStringLiteral("data_directory"),
                              QStringLiteral("config_file"),
                              QStringLiteral("hba_file"),
                              QStringLiteral("ident_file"),
                              QStringLiteral("external_pid_file"),
                              QStringLiteral("stats_temp_directory"),
                              QStringLiteral("port"),
                              QStringLiteral("cluster_name"),
                              QStringLiteral("listen_addresses"),
                              QStringLiteral("unix_socket_directories"),
                              QStringLiteral("primary_conninfo"),
                              QStringLiteral("primary_slot_name"),
                              QStringLiteral("synchronous_standby_names"),
                              QStringLiteral("logging_collector"),
                              QStringLiteral("log_destination"),
                              QStringLiteral("recovery_min_apply_delay"),
                              QStringLiteral("hot_standby")};

// A standby where one of these is lower than on the primary does not start.
const QStringList notLower{QStringLiteral("max_connections"), QStringLiteral("max_worker_processes"),
                           QStringLiteral("max_wal_senders"), QStringLiteral("max_prepared_transactions"),
                           QStringLiteral("max_locks_per_transaction")};

QString setting(const QString &name, const QString &value)
{
    return name + QStringLiteral(" = ") + quote::confValue(value) + u'\n';
}

// What every new standby needs of its own; postgresql.auto.conf wins over every copied file.
QString ownLines(const AddStandbyDraft &d)
{
    const auto of = [&d](const char *name, const QString &otherwise) {
        const auto it = d.settings.find(QLatin1String(name));
        return it == d.settings.end() ? otherwise : it->value;
    };
    QString text = setting(QStringLiteral("port"), QString::number(d.request.port)) +
                   setting(QStringLiteral("cluster_name"), d.request.name);
    // As the upstream has it now, also when it was given on its command line. A socket's name holds the port.
    text += setting(QStringLiteral("listen_addresses"),
                    d.sharesMachine       ? of("listen_addresses", QStringLiteral("localhost"))
                    : d.listensToOthers() ? QStringLiteral("*")
                                          : QStringLiteral("localhost"));
    if (d.unseen)
        text += setting(QStringLiteral("unix_socket_directories"), QStringLiteral("${socket_directory}"));
    else if (d.sharesMachine)
        text += setting(QStringLiteral("unix_socket_directories"), of("unix_socket_directories", QString()));
    else
        // A folder that is there on the upstream's machine need not be on this one. Debian's own always is.
        text += setting(QStringLiteral("unix_socket_directories"),
                        d.deployment->settingsFolder().isEmpty() ? QString()
                                                                 : QStringLiteral("/var/run/postgresql"));
    // Its log goes to the file that pg_ctl is given, so that it is found when something fails.
    text += setting(QStringLiteral("logging_collector"), QStringLiteral("off")) +
            setting(QStringLiteral("log_destination"), QStringLiteral("stderr")) +
            setting(QStringLiteral("hot_standby"), QStringLiteral("on"));
    for (const QString &name : notLower) {
        const auto it = d.settings.find(name);
        if (it != d.settings.end() && it->source == QStringLiteral("command line"))
            text += setting(name, it->value);
    }
    return text + choiceLines(d);
}

// Debian keeps postgresql.conf outside the data directory: the new standby gets one with the same settings.
QString wholeConfiguration(const AddStandbyDraft &d)
{
    QString text = QStringLiteral("# Made for %1 from the settings of %2.\n").arg(d.request.name, d.upstream);
    for (auto it = d.settings.begin(); it != d.settings.end(); ++it) {
        const bool wanted = it->source == QStringLiteral("configuration file") || notLower.contains(it.key());
        if (wanted && !ownSettings.contains(it.key()) &&
            !it->file.endsWith(QStringLiteral("postgresql.auto.conf")))
            text += setting(it.key(), it->value);
    }
    return text;
}

} // namespace

bool AddStandbyDraft::listensToOthers() const
{
    const QString theirs = settings.value(QStringLiteral("listen_addresses")).value;
    return (unseen || host.startsWith(sshPrefix)) && !theirs.isEmpty() &&
           theirs != QLatin1String("localhost") && theirs != QLatin1String("127.0.0.1") &&
           theirs != QLatin1String("::1");
}

Step configureStep(const AddStandbyDraft &d)
{
    const QString &directory = d.request.dataDirectory;
    const auto file = [&](const QString &name, const QString &content, bool append) {
        FileAction action;
        action.host = d.host;
        action.path = directory + u'/' + name;
        action.content = content;
        action.mode = 0600;
        action.owner = d.runAs;
        action.append = append;
        return action;
    };
    Step s;
    s.id = QStringLiteral("configure");
    s.title = QStringLiteral("Name it and give it its port");
    s.why = QStringLiteral("Without a cluster_name every standby is called walreceiver.");
    s.undoWords = QStringLiteral("goes with the directory");
    s.fact = QStringLiteral("port %1").arg(d.request.port);
    s.aboutSeconds = 0.1;
    // Where nothing else says where the log goes, a folder of its own. Without -p: no directory above it is
    // made that somebody removed.
    if (d.deployment->logFile().startsWith(directory)) {
        const QString folder = directory + QStringLiteral("/log");
        CommandAction log = d.script(QStringLiteral("[ -d \"$1\" ] || mkdir -m 0700 -- \"$1\""), {folder});
        log.shown = QStringLiteral("mkdir -m 0700 -- ") + quote::shellWord(folder);
        s.actions << log;
    }
    if (d.ownConfiguration) {
        s.actions << file(QStringLiteral("postgresql.conf"), wholeConfiguration(d), false);
        for (const auto &[name, own, text] :
             {std::tuple{"hba_file", "pg_hba.conf", d.loginRules.hba},
              std::tuple{"ident_file", "pg_ident.conf", d.loginRules.ident}}) {
            if (d.sharesMachine)
                s.actions << d.command({QStringLiteral("cp"), QStringLiteral("--"),
                                        d.settings.value(QLatin1String(name)).value,
                                        directory + u'/' + QLatin1String(own)});
            else
                s.actions << file(QLatin1String(own), text, false);
        }
    }
    s.actions << file(QStringLiteral("postgresql.auto.conf"), ownLines(d), true);
    return s;
}

Step registerStep(const AddStandbyDraft &d)
{
    const Deployment::Registration r = *d.deployment->registration();
    Step s;
    s.id = QStringLiteral("register");
    s.title = QStringLiteral("Hand it to %1").arg(d.deployment->keeper());
    s.why = QStringLiteral("So that it is started with the machine and is found where its like are.");
    s.changes = r.files.isEmpty() ? QStringLiteral("1 entry") : QStringLiteral("1 unit");
    s.undoWords = QStringLiteral("take %1 away").arg(r.what);
    s.leftover = r.what;
    s.fact = r.what;
    s.aboutSeconds = 0.3;
    CommandAction absent = d.keeper(r.absent);
    absent.atomic = true;
    s.actions << absent;
    for (const auto &entry : r.files) {
        FileAction file;
        file.host = d.host;
        file.path = entry.path;
        file.content = entry.content;
        file.mode = entry.mode;
        file.owner = entry.owner;
        s.actions << file;
    }
    for (const KeeperCommand &command : r.commands)
        s.actions << d.keeper(command);
    for (const KeeperCommand &command : r.undo)
        s.undo << d.keeper(command);
    return s;
}

Step startStep(const AddStandbyDraft &d)
{
    const QString &directory = d.request.dataDirectory;
    Step s;
    s.id = QStringLiteral("start");
    s.title = QStringLiteral("Start ") + d.request.name;
    s.why = QStringLiteral("It replays what the copy brought, then follows %1.").arg(d.upstream);
    s.changes = QStringLiteral("1 server");
    s.undoWords = QStringLiteral("stop the server");
    s.leftover = QStringLiteral("the server %1 on port %2, in %3")
                     .arg(d.request.name)
                     .arg(d.request.port)
                     .arg(directory);
    s.fact = QStringLiteral("port %1").arg(d.request.port);
    s.actions << d.keeper(d.deployment->start());
    s.evidence = d.keeper(d.deployment->log());
    s.alreadyDone = attached(d);
    s.undo << d.keeper(d.deployment->stop());
    return s;
}

Step streamStep(const AddStandbyDraft &d)
{
    Step s;
    s.id = QStringLiteral("stream");
    s.title = QStringLiteral("Wait until it streams");
    s.why =
        d.request.choices.slot
            ? QStringLiteral("The walsender behind the slot says streaming once the standby has caught up.")
            : QStringLiteral(
                  "The walsender that has its name says streaming once the standby has caught up.");
    const qint64 delay = applyDelayMs(d.request.choices.applyDelay).value_or(0);
    QString until = d.request.choices.slot
                        ? QStringLiteral("%1 streams through %2").arg(d.request.name, d.request.slot)
                        : QStringLiteral("%1 streams").arg(d.request.name);
    if (delay > 0) {
        // What lies in its own pg_wal is replayed before anything is asked for, each commit that late.
        s.why +=
            QStringLiteral(" Commits that the copy brought along are held back first: where there are any, "
                           "it connects only when the youngest of them is %1 old.")
                .arg(d.request.choices.applyDelay);
        until += QStringLiteral(", after it has replayed what the copy brought along, up to %1 late")
                     .arg(d.request.choices.applyDelay);
    }
    s.readsOnly = true;
    s.fact = QStringLiteral("streaming at ${streaming_lsn}");
    s.actions << WaitAction{d.upstream,
                            QStringLiteral("SELECT r.state = 'streaming', r.sent_lsn ") + d.sender(), until,
                            int(qMin<qint64>(streamMs + delay, std::numeric_limits<int>::max())),
                            QStringLiteral("streaming_lsn")};
    if (d.deployment)
        s.evidence = d.keeper(d.deployment->log());
    return s;
}

QString withSynchronous(const QString &old, const QString &name)
{
    const QString quoted = quote::sqlIdentifier(name);
    const QString list = old.simplified();
    if (list.isEmpty())
        return QStringLiteral("FIRST 1 (%1)").arg(quoted);
    // "ANY 1 (a, b)", "FIRST 2 (a, b)", "2 (a, b)", or the bare list of old times, which means FIRST 1.
    static const QRegularExpression form(QStringLiteral("^(?:(ANY|FIRST)\\s+)?(\\d+)\\s*\\((.*)\\)$"),
                                         QRegularExpression::CaseInsensitiveOption);
    const auto match = form.match(list);
    if (match.hasMatch() && match.captured(1).compare(QStringLiteral("ANY"), Qt::CaseInsensitive) == 0)
        return QStringLiteral("ANY %1 (%2, %3)").arg(match.captured(2), match.captured(3), quoted);
    // In a FIRST list the places in front count: it goes there, and one more is waited for, so that nobody
    // who was synchronous stops being so.
    const int count = match.hasMatch() ? match.captured(2).toInt() : 1;
    return QStringLiteral("FIRST %1 (%2, %3)")
        .arg(count + 1)
        .arg(quoted, match.hasMatch() ? match.captured(3) : list);
}

Step syncStep(const AddStandbyDraft &d)
{
    const ServerSetting old = d.settings.value(QStringLiteral("synchronous_standby_names"));
    const QString now = quote::sqlLiteral(withSynchronous(old.value, d.request.name));
    const QString reload = QStringLiteral("SELECT pg_reload_conf()");
    const QString isOld = QStringLiteral("SELECT current_setting('synchronous_standby_names') = %1")
                              .arg(quote::sqlLiteral(old.value));
    // A value that ALTER SYSTEM had set is set again; any other comes back when ours goes.
    const bool wasSet = old.file.endsWith(QStringLiteral("postgresql.auto.conf"));
    Step s;
    s.id = QStringLiteral("sync");
    s.title = QStringLiteral("Make it synchronous");
    s.why =
        QStringLiteral("Commits on %1 wait until %2 has them on disk; while it is away, they wait for it.")
            .arg(d.upstream, d.request.name);
    s.changes = QStringLiteral("1 setting");
    s.undoWords = QStringLiteral("set the old value");
    s.leftover = QStringLiteral("the value of synchronous_standby_names on ") + d.upstream;
    s.fact = QStringLiteral("synchronous");
    s.actions << WaitAction{d.upstream,
                            isOld,
                            QStringLiteral("synchronous_standby_names is as it was when the plan was made"),
                            0,
                            {}}
              << SqlAction{d.upstream,
                           QStringLiteral("ALTER SYSTEM SET synchronous_standby_names = ") + now,
                           {}}
              << SqlAction{d.upstream, reload, {}}
              << WaitAction{d.upstream,
                            QStringLiteral("SELECT r.sync_state IN ('sync', 'quorum') ") + d.sender(),
                            QStringLiteral("%1 is synchronous").arg(d.request.name),
                            15000,
                            {}};
    s.undo << SqlAction{d.upstream,
                        wasSet ? QStringLiteral("ALTER SYSTEM SET synchronous_standby_names = ") +
                                     quote::sqlLiteral(old.value)
                               : QStringLiteral("ALTER SYSTEM RESET synchronous_standby_names"),
                        {}}
           << SqlAction{d.upstream, reload, {}}
           << WaitAction{
                  d.upstream, isOld, QStringLiteral("synchronous_standby_names has its old value"), 5000, {}};
    return s;
}

Step verifyStep(const AddStandbyDraft &d)
{
    // Asked anew each time: the upstream may be promoted or demoted while this waits.
    const QString head = QStringLiteral(
        "CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END");
    const bool slot = d.request.choices.slot, delayed = !d.request.choices.applyDelay.isEmpty();
    // A delayed standby replays late on purpose; what it has on disk shows that nothing is missing.
    const QString lsn = delayed ? QStringLiteral("r.flush_lsn") : QStringLiteral("r.replay_lsn");
    const QString did = delayed ? QStringLiteral("received") : QStringLiteral("replayed");
    Step s;
    s.id = QStringLiteral("verify");
    s.title = slot ? QStringLiteral("Verify slots and lag") : QStringLiteral("Verify the lag");
    s.why = (slot ? QStringLiteral("The slot is read, and everything up to the baseline was %1.")
                  : QStringLiteral("Everything up to the baseline was %1."))
                .arg(did);
    if (delayed)
        s.why += QStringLiteral(" It is not waited for replay, which comes %1 later on purpose.")
                     .arg(d.request.choices.applyDelay);
    s.readsOnly = true;
    s.fact = did + QStringLiteral(" ${replayed_lsn}");
    if (slot)
        s.actions << WaitAction{d.upstream,
                                QStringLiteral("SELECT active FROM pg_replication_slots WHERE slot_name = %1")
                                    .arg(d.slotLiteral()),
                                QStringLiteral("%1 is active").arg(d.request.slot),
                                10000,
                                {}};
    s.actions
        << WaitAction{d.upstream,
                      QStringLiteral("SELECT %1 >= ${baseline_lsn}::pg_lsn, %1 ").arg(lsn) + d.sender(),
                      QStringLiteral("%1 has %2 everything up to ${baseline_lsn}").arg(d.request.name, did),
                      60000, QStringLiteral("replayed_lsn")}
        << WaitAction{d.upstream,
                      QStringLiteral("SELECT pg_wal_lsn_diff(%1, %2) < 16777216, %2 ").arg(head, lsn) +
                          d.sender(),
                      QStringLiteral("%1 is less than 16 MB behind").arg(d.request.name), 60000,
                      QStringLiteral("replayed_lsn")};
    if (d.deployment)
        s.evidence = d.keeper(d.deployment->log());
    return s;
}

} // namespace understudy
