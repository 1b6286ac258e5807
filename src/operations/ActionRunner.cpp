// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/ActionRunner.h"

#include "model/Clock.h"
#include "model/Format.h"
#include "operations/BackupWatch.h"
#include "operations/FileEdit.h"

#include <QFileInfo>
#include <QRegularExpression>
#include <condition_variable>
#include <mutex>

namespace understudy {

namespace {

/// The slot that a pg_basebackup reads its WAL through; a plan may have several copies. Empty: none.
QString slotOfCopy(const Command &command)
{
    const qsizetype at = command.argv.indexOf(QStringLiteral("-S"));
    return at < 0 ? QString() : command.argv.value(at + 1);
}

using Ended = JournalAction::Ended;
using Kind = LogLine::Kind;

constexpr int sqlTimeoutMs = 15000;
constexpr int pollMs = 100;
constexpr int longWaitMs = 60000;     // a person is told how long it may take...
constexpr int patienceMs = 3000;      // ...once it has taken this
constexpr int longestWaitFactor = 20; // progress may prolong a wait, but not for ever

ActionEnd failed(const QString &said)
{
    return {Ended::Failed, {}, said};
}

ActionEnd done(const QString &value = {})
{
    return {Ended::Ok, value, {}};
}

// "f" or "t" as psql shows them; a record or a number as its text.
QString shownValue(const QVariant &value)
{
    if (value.typeId() == QMetaType::Bool)
        return value.toBool() ? QStringLiteral("t") : QStringLiteral("f");
    return value.toString();
}

bool isTrue(const QVariant &value)
{
    return value.typeId() == QMetaType::Bool ? value.toBool() : value.toString() == QStringLiteral("t");
}

Result<void> removeFile(Host &host, const QString &path)
{
    Command command;
    command.argv = {QStringLiteral("rm"), QStringLiteral("-f"), QStringLiteral("--"), path};
    command.timeoutMs = 10000;
    const auto end = host.run(command);
    if (!end)
        return tl::unexpected(end.error());
    if (!end->ok())
        return fail(end->errorOutput.trimmed());
    return {};
}

Kind kindOf(Stream stream, const QString &line)
{
    static const QRegularExpression bad(QStringLiteral("\\b(PANIC|FATAL|ERROR|error):"));
    return stream == Stream::Error && bad.match(line).hasMatch() ? Kind::Error : Kind::Output;
}

} // namespace

void pauseFor(int ms, std::stop_token stop)
{
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any never;
    never.wait_for(lock, stop, std::chrono::milliseconds(ms), [] { return false; });
}

Result<SqlSession *> ActionRunner::session(const QString &node, std::stop_token stop)
{
    auto &session = m_sessions[node];
    if (session)
        return session.get();
    const auto &endpoints = m_teller.record.plan.endpoints;
    if (!endpoints.contains(node))
        return fail(QStringLiteral("The plan knows no node called \"%1\".").arg(node));
    SqlSession::Options options;
    options.applicationName = QStringLiteral("understudy plan");
    auto opened = SqlSession::open(endpoints.value(node), *m_context.secrets, options, stop);
    if (!opened)
        return tl::unexpected(opened.error());
    session = std::move(*opened);
    return session.get();
}

ActionEnd ActionRunner::failedOn(const QString &key, const Error &error)
{
    const auto host = m_context.hosts.value(key);
    if (host && !host->wasReached())
        m_notReached.insert(key, error.text());
    return failed(error.text());
}

Result<std::shared_ptr<Host>> ActionRunner::host(const QString &key) const
{
    // In the same words: they tell each step's reader why.
    if (const auto known = m_notReached.constFind(key); known != m_notReached.constEnd())
        return fail(*known);
    if (auto host = m_context.hosts.value(key))
        return host;
    return fail(QStringLiteral("The plan needs the machine \"%1\", which is not there.").arg(key));
}

ActionEnd ActionRunner::perform(const Action &action, int index, std::stop_token stop)
{
    return std::visit([&](const auto &a) { return run(a, index, stop); }, action);
}

ActionEnd ActionRunner::run(const SqlAction &action, int index, std::stop_token stop)
{
    const auto sql = m_teller.placeholders.inSql(action.sql);
    if (!sql)
        return failed(sql.error().text());
    m_teller.log(index, Kind::Command, *sql + u';');
    auto open = session(action.node, stop);
    if (!open)
        return failed(open.error().text());
    const auto rows = (*open)->query(*sql, {}, sqlTimeoutMs);
    if (rows) {
        const QString value = shownValue(rows->first());
        if (!value.isEmpty())
            m_teller.log(index, Kind::Output, value);
        return done(value);
    }
    // A server that still answers has refused the statement: no effect. A lost one may have carried it out.
    const bool known = (*open)->query(QStringLiteral("SELECT 1"), {}, 5000).has_value();
    if (!known)
        m_sessions.erase(action.node);
    return {known ? Ended::Failed : Ended::Unknown, {}, rows.error().text()};
}

ActionEnd ActionRunner::run(const WaitAction &action, int index, std::stop_token stop)
{
    const auto sql = m_teller.placeholders.inSql(action.sql);
    if (!sql)
        return failed(sql.error().text());
    m_teller.log(index, Kind::Command, *sql + u';');
    const Clock &clock = SystemClock::instance();
    const qint64 begun = clock.monotonicUs();
    qint64 since = begun;
    QString progress, said;
    bool told = action.deadlineMs <= longWaitMs;
    for (;;) {
        auto open = session(action.node, stop);
        if (open) {
            const auto rows = (*open)->query(*sql, {}, 5000, stop);
            if (rows) {
                const QVariantList row = rows->rows.value(0);
                const QString second = row.size() > 1 ? shownValue(row[1]) : shownValue(rows->first());
                if (isTrue(rows->first())) {
                    m_teller.log(index, Kind::Output, m_teller.placeholders.forPeople(action.until));
                    return done(second);
                }
                said.clear();
                if (row.size() > 1 && second != progress)
                    since = clock.monotonicUs();
                progress = second;
            } else {
                said = rows.error().text();
                m_sessions.erase(action.node);
            }
        } else {
            said = open.error().text();
        }
        const qint64 now = clock.monotonicUs();
        const qint64 limit = qint64(action.deadlineMs) * 1000;
        if (!told && now - begun >= qint64(patienceMs) * 1000) {
            told = true;
            m_teller.log(index, Kind::Note,
                         QStringLiteral("Not so yet, and it may take %1: %2.")
                             .arg(format::seconds(double(action.deadlineMs) / 1000),
                                  m_teller.placeholders.forPeople(action.until)));
        }
        if (stop.stop_requested() || now - since >= limit || now - begun >= limit * longestWaitFactor)
            break;
        pauseFor(pollMs, stop);
    }
    if (stop.stop_requested())
        return failed(QStringLiteral("Cancelled."));
    const QString until = m_teller.placeholders.forPeople(action.until);
    QString text = action.deadlineMs <= 0
                       ? QStringLiteral("This is not so: %1.").arg(until)
                       : QStringLiteral("Not within %1 s: %2.").arg(action.deadlineMs / 1000).arg(until);
    if (!progress.isEmpty() && progress != QStringLiteral("f"))
        text += QStringLiteral(" It was last seen at %1.").arg(progress);
    return failed(said.isEmpty() ? text : text + u'\n' + said);
}

Result<Command> ActionRunner::resolved(const Command &command) const
{
    Command out = command;
    for (QString &word : out.argv) {
        auto value = m_teller.placeholders.inWord(word);
        if (!value)
            return tl::unexpected(value.error());
        word = *value;
    }
    return out;
}

ActionEnd ActionRunner::run(const CommandAction &action, int index, std::stop_token stop)
{
    auto target = host(action.host);
    auto command = resolved(action.command);
    if (!target || !command)
        return failed(!target ? target.error().text() : command.error().text());
    if (!action.input.isEmpty()) {
        const auto input = m_teller.placeholders.inFile(action.input);
        if (!input)
            return failed(input.error().text());
        command->input = input->toUtf8();
    }
    m_teller.log(index, Kind::Command, shownCommand(action));
    Result<CommandResult> end;
    QString copied;
    if (action.progress == ProgressKind::BaseBackup) {
        // What the upstream says of the copy comes over a session of its own, beside the program's words.
        const auto &plan = m_teller.record.plan;
        const QString upstream = plan.facts.value(QStringLiteral("upstream"));
        auto beside = session(upstream, stop);
        const auto again = [&]() -> SqlSession * {
            m_sessions.erase(upstream);
            auto opened = session(upstream, stop);
            return opened ? *opened : nullptr;
        };
        BackupWatch watch(beside ? *beside : nullptr, slotOfCopy(action.command), again, action.silenceMs);
        end = watch.run(
            **target, *command, stop,
            [&](Stream stream, const QString &line) { m_teller.log(index, kindOf(stream, line), line); },
            [&](const CopyProgress &progress) {
                m_teller.fact(index, BackupProgress::fact(progress));
                m_teller.copying(index, progress);
                copied = format::bytes(progress.doneBytes);
            });
        if (!watch.upstreamAnswers())
            m_sessions.erase(upstream);
    } else {
        end = (*target)->run(*command, stop, [&](Stream stream, const QString &line) {
            m_teller.log(index, kindOf(stream, line), line);
        });
    }
    // A stop cuts off what was just being asked, and its session with it: the undo needs one that answers.
    if (stop.stop_requested())
        m_sessions.clear();
    if (!end)
        return failedOn(action.host, end.error());
    if (end->cancelled)
        return failed(QStringLiteral("Cancelled."));
    if (end->timedOut)
        return failed(end->errorOutput +
                      QStringLiteral("\nIt had not ended after %1 s.").arg(command->timeoutMs / 1000));
    if (end->exitCode > 128)
        return failed(end->output + u'\n' + end->errorOutput +
                      QStringLiteral("\n%1 was ended by signal %2.")
                          .arg(QFileInfo(command->argv.value(0)).fileName())
                          .arg(end->exitCode - 128));
    if (!end->ok())
        return failed(end->output + u'\n' + end->errorOutput);
    return done(copied.isEmpty() ? end->output.trimmed() : copied);
}

ActionEnd ActionRunner::run(const FileAction &action, int index, std::stop_token)
{
    auto target = host(action.host);
    if (!target)
        return failed(target.error().text());
    const auto content = m_teller.placeholders.inFile(action.content);
    const auto path = m_teller.placeholders.inWord(action.path);
    if (!content || !path)
        return failed(!content ? content.error().text() : path.error().text());
    m_teller.log(index, Kind::Command, shownCommand(action));
    QByteArray bytes = content->toUtf8();
    if (action.append) {
        auto before = (*target)->readFile(*path, action.owner);
        if (!before)
            return failedOn(action.host, before.error());
        if (!before->isEmpty() && !before->endsWith('\n'))
            before->append('\n');
        bytes.prepend(*before);
    }
    const auto written = (*target)->writeFile(*path, bytes, action.mode, action.owner);
    bytes.fill('\0'); // it may hold a password
    if (!written)
        return failedOn(action.host, written.error());
    return done();
}

ActionEnd ActionRunner::run(const EditAction &action, int index, std::stop_token)
{
    auto target = host(action.host);
    if (!target)
        return failed(target.error().text());
    m_teller.log(index, Kind::Command, shownCommand(action));
    if (action.takeOut && !action.aside.isEmpty()) {
        // A process that was killed while it wrote left it.
        const auto gone = removeFile(**target, QFileInfo(action.path).path() + u'/' + action.aside);
        if (!gone)
            return failed(gone.error().text());
    }
    if (action.creates())
        return action.takeOut ? removeCreated(action, **target) : create(action, **target);
    const auto now = (*target)->readFile(action.path);
    const auto owner = (*target)->ownership(action.path);
    if (!now || !owner)
        return failed(!now ? now.error().text() : owner.error().text());
    const auto edited = action.takeOut ? withoutInsertions(*now, action) : withInsertions(*now, action);
    if (!edited)
        return failed(edited.error().text());
    if (*edited == *now)
        return done();
    // For root, and for whoever may write the folder, nothing stands in the way of a new file in the place of
    // the old one: its mode says what its owner wants.
    if ((owner->mode & 0200) == 0)
        return failed(QStringLiteral("%1 is read-only (mode %2). Nothing was written.")
                          .arg(action.path, QString::number(owner->mode & 07777, 8).rightJustified(4, u'0')));
    const auto written =
        (*target)->writeFileAside(action.path, *edited, owner->mode, owner->user, action.aside, false);
    if (!written)
        return failed(written.error().text());
    return done();
}

ActionEnd ActionRunner::create(const EditAction &action, Host &host)
{
    const auto source = host.readFile(action.source);
    // It holds what the other one holds: nobody more may read it.
    const auto owner = host.ownership(action.source);
    if (!source || !owner)
        return failed(!source ? source.error().text() : owner.error().text());
    const auto text = createdText(*source, action);
    if (!text)
        return failed(text.error().text());
    const auto written =
        host.writeFileAside(action.path, *text, owner->mode, owner->user, action.aside, true);
    return written ? done() : failed(written.error().text());
}

ActionEnd ActionRunner::removeCreated(const EditAction &action, Host &host)
{
    const auto there = host.exists(action.path);
    if (!there)
        return failed(there.error().text());
    if (!*there)
        return done();
    const auto now = host.readFile(action.path);
    if (!now)
        return failed(now.error().text());
    if (sha256(*now) != action.after)
        return failed(
            QStringLiteral("%1 was changed by somebody else, so it was not removed.").arg(action.path));
    const auto gone = removeFile(host, action.path);
    return gone ? done() : failed(gone.error().text());
}

} // namespace understudy
