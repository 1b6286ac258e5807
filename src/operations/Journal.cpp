// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/Journal.h"

#include "model/Clock.h"
#include "operations/JournalWords.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QStandardPaths>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace understudy {

namespace {

using namespace Qt::StringLiterals;

// A file is ours alone while it is locked: that is how others know that a plan is running now. QFile opens
// with O_CLOEXEC, so no child process keeps the lock when we are killed.
bool lock(const QFile &file)
{
    return ::flock(file.handle(), LOCK_EX | LOCK_NB) == 0;
}

Result<void> makeFolder(const QString &folder)
{
    if (!QDir().mkpath(folder))
        return fail(QStringLiteral("The folder for journals, %1, cannot be made.").arg(folder),
                    QStringLiteral("Nothing was changed. Check who may write there."));
    ::chmod(QFile::encodeName(folder).constData(), 0700);
    return {};
}

// A new file is only safe on disk once its folder is.
void syncFolder(const QString &folder)
{
    const int fd = ::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        ::fsync(fd);
        ::close(fd);
    }
}

} // namespace

QString Journal::folder()
{
    QString state = qEnvironmentVariable("XDG_STATE_HOME");
    if (!QDir::isAbsolutePath(state)) // the specification says to ignore a relative one
        state = QDir::homePath() + QStringLiteral("/.local/state");
    return state + QStringLiteral("/understudy/operations");
}

Result<std::shared_ptr<Journal>> Journal::create(const Plan &plan, const QString &folder)
{
    if (auto made = makeFolder(folder); !made)
        return tl::unexpected(made.error());
    std::shared_ptr<Journal> journal(new Journal);
    QString name = plan.id;
    name.replace(u'/', u'_');
    journal->m_file.setFileName(folder + u'/' + name + QStringLiteral(".jsonl"));
    if (!journal->m_file.open(QIODevice::WriteOnly | QIODevice::NewOnly,
                              QFileDevice::ReadOwner | QFileDevice::WriteOwner) ||
        !lock(journal->m_file))
        return fail(QStringLiteral("The journal %1 cannot be written: %2.")
                        .arg(journal->m_file.fileName(), journal->m_file.errorString()),
                    QStringLiteral("Nothing was changed. A plan never runs without its journal."));
    if (auto written = journal->append({{"type"_L1, "plan"_L1}, {"plan"_L1, toJson(plan)}}); !written)
        return tl::unexpected(written.error());
    syncFolder(folder);
    return journal;
}

Result<std::shared_ptr<Journal>> Journal::reopen(const QString &path)
{
    std::shared_ptr<Journal> journal(new Journal);
    journal->m_file.setFileName(path);
    if (!journal->m_file.open(QIODevice::ReadWrite | QIODevice::ExistingOnly))
        return fail(
            QStringLiteral("The journal %1 cannot be opened: %2.").arg(path, journal->m_file.errorString()));
    if (!lock(journal->m_file))
        return fail(QStringLiteral("The plan of %1 is running in another window or command.").arg(path),
                    QStringLiteral("Wait until it has finished there."));
    // What a crash tore is cut off, so that the next line begins on a line of its own.
    qint64 end = journal->m_file.size();
    char last = 0;
    while (end > 0 && journal->m_file.seek(end - 1) && journal->m_file.getChar(&last) && last != '\n')
        --end;
    if (!journal->m_file.resize(end) || !journal->m_file.seek(end))
        return fail(
            QStringLiteral("The journal %1 cannot be written: %2.").arg(path, journal->m_file.errorString()));
    return journal;
}

Journal::~Journal() = default;

Result<void> Journal::append(const QJsonObject &line)
{
    QJsonObject dated = line;
    dated.insert("t"_L1, double(SystemClock::instance().nowUs()));
    const QByteArray bytes = QJsonDocument(dated).toJson(QJsonDocument::Compact) + '\n';
    if (m_file.write(bytes) != bytes.size() || !m_file.flush() || ::fsync(m_file.handle()) != 0)
        return fail(QStringLiteral("The journal %1 cannot be written: %2.")
                        .arg(m_file.fileName(), m_file.errorString()),
                    QStringLiteral("Check the free space there."));
    return {};
}

Result<void> Journal::intent(const QString &stepId, int action, bool undo)
{
    return append({{"type"_L1, "intent"_L1}, {"step"_L1, stepId}, {"action"_L1, action}, {"undo"_L1, undo}});
}

Result<void> Journal::result(const QString &stepId, int action, bool undo, bool ok, const QString &storedAs,
                             const QString &value, const QString &error)
{
    QJsonObject line{{"type"_L1, "result"_L1},
                     {"step"_L1, stepId},
                     {"action"_L1, action},
                     {"undo"_L1, undo},
                     {"ok"_L1, ok}};
    if (!storedAs.isEmpty()) {
        line.insert("as"_L1, storedAs);
        line.insert("value"_L1, value);
    }
    if (!error.isEmpty())
        line.insert("error"_L1, error);
    return append(line);
}

Result<void> Journal::stepState(const StepRecord &record)
{
    return append({{"type"_L1, "step"_L1},
                   {"step"_L1, record.stepId},
                   {"state"_L1, journal::stateName(record.state)},
                   {"started"_L1, double(record.startedUs)},
                   {"finished"_L1, double(record.finishedUs)},
                   {"fact"_L1, record.fact},
                   {"error"_L1, record.error}});
}

Result<void> Journal::closed(const RunRecord &record)
{
    return append({{"type"_L1, "closed"_L1},
                   {"outcome"_L1, journal::outcomeName(record.outcome)},
                   {"started"_L1, double(record.startedUs)},
                   {"finished"_L1, double(record.finishedUs)},
                   {"error"_L1, record.error},
                   {"left"_L1, QJsonArray::fromStringList(record.leftBehind)}});
}

} // namespace understudy
