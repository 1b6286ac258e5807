// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitor/NodeLook.h"

#include "model/Clock.h"
#include "model/Quote.h"
#include "monitor/LookRow.h"
#include "monitor/SqlFile.h"

#include <QRandomGenerator>
#include <QSet>
#include <QSqlQuery>
#include <QVariant>
#include <mutex>

namespace understudy {

namespace {

constexpr qint64 sizesEveryUs = qint64(60) * 1000 * 1000;

const SystemClock &clock()
{
    return SystemClock::instance();
}

// The settings of hundreds of nodes are the same few hundred words: one copy of each is enough.
QString sharedWord(const QString &word)
{
    constexpr qsizetype longest = 40, most = 1000; // What comes from servers does not grow for ever.
    static std::mutex mutex;
    static QSet<QString> words;
    if (word.size() > longest)
        return word;
    const std::lock_guard lock(mutex);
    if (const auto known = words.constFind(word); known != words.constEnd())
        return *known;
    if (words.size() < most)
        words.insert(word);
    return word;
}

} // namespace

NodeLook::NodeLook(WatchedNode node, std::shared_ptr<const SecretSource> secrets, const ProbePace &pace)
    : m_node(std::move(node)), m_secrets(std::move(secrets)), m_pace(pace)
{
}

NodeSnapshot NodeLook::look(Connection &connection, const std::shared_ptr<SocketCut> &cut)
{
    m_givenUp = false;
    NodeSnapshot snapshot;
    snapshot.id = m_node.id;
    snapshot.name = m_node.name;
    snapshot.endpoint = m_node.endpoint;
    snapshot.startedUs = clock().nowUs();

    std::optional<ConnectionError> error;
    if (mustHoldBack()) {
        error = m_lastFailure;
    } else {
        // A server that was restarted broke the connection: that is seen only by asking, and is no news by
        // itself.
        const bool fresh = !connection.isOpen();
        error = fresh ? connect(connection, cut) : std::nullopt;
        if (!error)
            error = ask(connection, snapshot);
        if (error && !fresh && !m_givenUp) {
            connection.close();
            error = connect(connection, cut);
            if (!error)
                error = ask(connection, snapshot);
        }
        // Cut off at the deadline: what libpq makes of that says nothing about the node.
        if (error && m_givenUp)
            error = ConnectionError{Answer::NotResponding, QStringLiteral("No answer in time.")};
        if (error) {
            connection.close();
            rememberFailure(error->answer, error->text);
        } else {
            m_lastFailure.reset();
        }
    }
    snapshot.finishedUs = clock().nowUs();
    snapshot.answer = error ? error->answer : Answer::Answered;
    snapshot.clusterName = quote::visible(snapshot.clusterName);
    snapshot.error = error ? error->text : QString();
    return snapshot;
}

std::optional<ConnectionError> NodeLook::connect(Connection &connection,
                                                 const std::shared_ptr<SocketCut> &cut)
{
    Connection::Options options;
    options.applicationName = QStringLiteral("understudy monitor");
    options.readOnly = true;
    options.statementTimeoutMs = m_pace.deadlineMs;
    options.lockTimeoutMs = m_pace.deadlineMs / 2;
    if (auto error = connection.open(m_node.endpoint, *m_secrets, options, cut))
        return explained(*error, m_node.endpoint);
    // Before anything is asked: the questions themselves are for 12 and newer.
    if (auto error = versionError(connection.serverVersion()))
        return error;
    m_settingsTime = -1;
    return readIdentity(connection);
}

std::optional<ConnectionError> NodeLook::readIdentity(Connection &connection)
{
    static const QString sql = sqlFile(QStringLiteral("identity"));
    QSqlQuery query(connection.database());
    if (!query.exec(sql) || !query.next())
        return classify(query.lastError());
    m_versionNum = query.value(0).toInt();
    m_systemIdentifier = query.value(1).toString();
    m_canMonitor = query.value(2).toBool();
    m_startTimeUs = query.value(3).toLongLong();
    if (connection.backendPid() != 0 && query.value(4).toInt() != connection.backendPid()) {
        const QString address = query.value(5).toString();
        return poolerError(m_node.endpoint,
                           address.isEmpty()
                               ? QString()
                               : Endpoint{address, query.value(6).toInt(), {}, {}, {}, {}}.address());
    }
    return std::nullopt;
}

std::optional<ConnectionError> NodeLook::readSettings(Connection &connection)
{
    static const QString sql = sqlFile(QStringLiteral("settings"));
    QSqlQuery query(connection.database());
    if (!query.exec(sql))
        return classify(query.lastError());
    QMap<QString, QString> settings;
    while (query.next())
        settings.insert(sharedWord(query.value(0).toString()), sharedWord(query.value(1).toString()));
    m_bySettings = {};
    takeSettings(std::move(settings), m_bySettings);
    return std::nullopt;
}

void NodeLook::readSizes(Connection &connection)
{
    static const QString sql = sqlFile(QStringLiteral("sizes"));
    m_sizesReadUs = clock().monotonicUs();
    QSqlQuery query(connection.database());
    // A database that is dropped meanwhile makes this fail: the old size is good enough.
    if (query.exec(sql) && query.next() && !query.value(0).isNull())
        m_databaseBytes = query.value(0).toLongLong();
}

void NodeLook::readVitals(Connection &connection)
{
    m_vitalsReadUs = clock().monotonicUs();
    QSqlQuery query(connection.database());
    // Without them the look is as good as before: nothing is made of what is not known.
    if (query.exec(sqlFile(vitalsFileFor(m_versionNum))) && query.next())
        m_vitals = readVitalsRow(query, clock().nowUs());
    else
        m_vitals.reset();
}

bool NodeLook::isDue(qint64 readUs, qint64 everyUs)
{
    return readUs == 0 || clock().monotonicUs() - readUs > everyUs;
}

std::optional<ConnectionError> NodeLook::ask(Connection &connection, NodeSnapshot &snapshot)
{
    const qint64 before = clock().monotonicUs();
    const QString name = lookFileFor(m_versionNum);
    if (auto error = connection.isPrepared(name) ? std::nullopt : connection.prepare(name, sqlFile(name)))
        return error;
    QSqlQuery query(connection.database());
    if (!query.exec(QStringLiteral("EXECUTE ") + name) || !query.next())
        return classify(query.lastError());
    m_configurationTime = readLookRow(query, snapshot);
    if (m_configurationTime != m_settingsTime) {
        if (auto error = readSettings(connection))
            return error;
        m_settingsTime = m_configurationTime;
    }
    snapshot.tookMs = double(clock().monotonicUs() - before) / 1000.0;
    if (isDue(m_vitalsReadUs, qint64(m_pace.vitalsEveryMs) * 1000))
        readVitals(connection);
    if (isDue(m_sizesReadUs, sizesEveryUs))
        readSizes(connection);

    snapshot.versionNum = m_versionNum;
    snapshot.systemIdentifier = m_systemIdentifier;
    snapshot.canMonitor = m_canMonitor;
    snapshot.startTimeUs = m_startTimeUs;
    snapshot.databaseBytes = m_databaseBytes;
    snapshot.vitals = m_vitals;
    tellSettings(m_bySettings, snapshot);
    return std::nullopt;
}

// A refusal costs nothing, so it is tried at every poll. The rest is tried again at the next poll, and then
// at every first or second one, as chance will have it: a wrong password each second would fill the server's
// log, a hundred clients in step would hit it at once, and a recovered node is still shown within two polls.
void NodeLook::rememberFailure(Answer answer, const QString &text)
{
    const bool again = m_lastFailure.has_value();
    m_lastFailure = ConnectionError{answer, text};
    const bool cheap =
        answer == Answer::Refused || answer == Answer::StartingUp || answer == Answer::NotResponding;
    const double polls = 0.5 + QRandomGenerator::global()->generateDouble();
    m_nextAttemptUs =
        cheap || !again ? 0 : clock().monotonicUs() + qint64(m_pace.intervalMs * 1000.0 * polls);
}

bool NodeLook::mustHoldBack() const
{
    return m_lastFailure && clock().monotonicUs() < m_nextAttemptUs;
}

} // namespace understudy
