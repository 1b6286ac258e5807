// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/StoreUpkeep.h"

#include "history/StoreMetrics.h"

#include <QVariant>

#include <functional>

namespace understudy {

namespace {

constexpr qint64 second = 1000000, minute = 60 * second, hour = 60 * minute, day = 24 * hour;
constexpr qint64 grace = 5 * second; ///< A look may be late.
constexpr int sizeEveryMs = 10000;

const QString minuteUntil = QStringLiteral("minute_until"), hourUntil = QStringLiteral("hour_until");

qint64 floorTo(qint64 atUs, qint64 span)
{
    const qint64 rest = atUs % span;
    return atUs - (rest < 0 ? rest + span : rest);
}

} // namespace

StoreUpkeep::StoreUpkeep(StoreConnection &connection, const StoreSettings &settings)
    : m_connection(connection), m_settings(settings)
{
}

Stored<void> StoreUpkeep::inTransaction(const std::function<Stored<void>()> &work)
{
    if (auto begun = m_connection.run(QStringLiteral("BEGIN IMMEDIATE")); !begun)
        return begun;
    if (auto done = work(); !done) {
        m_connection.rollback();
        return done;
    }
    return m_connection.commit();
}

Stored<qint64> StoreUpkeep::progress(const QString &name)
{
    return m_connection.number(QStringLiteral("SELECT at FROM progress WHERE name = ?"), {name});
}

Stored<void> StoreUpkeep::setProgress(const QString &name, qint64 atUs)
{
    const auto set = m_connection.number(QStringLiteral("INSERT INTO progress (name, at) VALUES (?, ?) "
                                                        "ON CONFLICT (name) DO UPDATE SET at = excluded.at"),
                                         {name, atUs});
    if (!set)
        return storeFail(set.error());
    return {};
}

Stored<StoreUpkeep::Done> StoreUpkeep::run(qint64 nowUs, bool dropByAge, int budgetMs)
{
    QElapsedTimer timer;
    timer.start();
    Done done;
    const qint64 looksFrom = nowUs - m_settings.minuteDays * day;
    const qint64 eventsFrom = nowUs - m_settings.hourMonths * 30 * day;
    QList<std::function<Stored<bool>()>> chores{[&] { return rollMinute(nowUs); },
                                                [&] { return rollHour(); }};
    if (dropByAge)
        chores << [&] { return dropRaw(nowUs - m_settings.rawHours * hour); }
               << [&] { return dropRolled(QStringLiteral("minute"), looksFrom, hour); }
               << [&] { return dropRolled(QStringLiteral("hour"), eventsFrom, day); }
               << [&] { return dropByTime(QStringLiteral("look"), looksFrom); }
               << [&] { return dropByTime(QStringLiteral("event"), eventsFrom); };
    chores << [&] { return shorten(nowUs, done); };
    for (const auto &chore : std::as_const(chores)) {
        for (bool again = true; again;) {
            if (timer.elapsed() >= budgetMs) {
                done.more = true;
                return done;
            }
            const auto did = chore();
            if (!did)
                return storeFail(did.error());
            again = *did;
        }
    }
    m_connection.dialect().shrink(m_connection.db());
    return done;
}

Stored<bool> StoreUpkeep::rollMinute(qint64 nowUs)
{
    auto from = progress(minuteUntil);
    if (!from)
        return storeFail(from.error());
    // Where nothing was watched nothing is rolled up.
    const auto next =
        m_connection.number(QStringLiteral("SELECT min(at) FROM moment WHERE at >= ?"), {*from});
    if (!next)
        return storeFail(next.error());
    if (*next == StoreConnection::none)
        return false;
    const qint64 begins = floorTo(*next, minute);
    if (begins + minute + grace > nowUs)
        return false;
    const auto done = inTransaction([&]() -> Stored<void> {
        for (const MetricInfo &info : metrics) {
            const QStringList statements =
                storeSql(QStringLiteral("roll_minute"), m_connection.dialect(),
                         {{QStringLiteral("column"), QString::fromLatin1(info.name)},
                          {QStringLiteral("metric"), QString::number(int(info.metric))},
                          {QStringLiteral("from"), QString::number(begins)},
                          {QStringLiteral("to"), QString::number(begins + minute)}});
            if (auto ran = m_connection.runAll(statements); !ran)
                return ran;
        }
        const auto hours = progress(hourUntil);
        if (!hours)
            return storeFail(hours.error());
        if (*hours == StoreConnection::none) {
            if (auto set = setProgress(hourUntil, floorTo(begins, hour)); !set)
                return set;
        }
        return setProgress(minuteUntil, begins + minute);
    });
    if (!done)
        return storeFail(done.error());
    return true;
}

Stored<bool> StoreUpkeep::rollHour()
{
    const auto from = progress(hourUntil), minutes = progress(minuteUntil);
    if (!from || !minutes)
        return storeFail(from ? minutes.error() : from.error());
    if (*from == StoreConnection::none)
        return false;
    if (*from + hour > *minutes)
        return false;
    const auto done = inTransaction([&]() -> Stored<void> {
        const QStringList statements = storeSql(QStringLiteral("roll_hour"), m_connection.dialect(),
                                                {{QStringLiteral("from"), QString::number(*from)},
                                                 {QStringLiteral("to"), QString::number(*from + hour)}});
        if (auto ran = m_connection.runAll(statements); !ran)
            return ran;
        return setProgress(hourUntil, *from + hour);
    });
    if (!done)
        return storeFail(done.error());
    return true;
}

Stored<bool> StoreUpkeep::dropRaw(qint64 cutUs)
{
    const auto rolled = progress(minuteUntil);
    const auto oldest = m_connection.number(QStringLiteral("SELECT min(at) FROM moment"));
    if (!rolled || !oldest)
        return storeFail(rolled ? oldest.error() : rolled.error());
    // Never what is not rolled up yet.
    const qint64 cut = std::min(cutUs, *rolled);
    if (*oldest == StoreConnection::none || *rolled == StoreConnection::none || *oldest >= cut)
        return false;
    const qint64 until = std::min(cut, *oldest + minute);
    const auto dropped = inTransaction([&]() -> Stored<void> {
        for (const char *sql : {"DELETE FROM raw WHERE id IN (SELECT id FROM sample WHERE at < ?)",
                                "DELETE FROM moment WHERE at < ?"}) {
            if (const auto gone = m_connection.number(QString::fromLatin1(sql), {until}); !gone)
                return storeFail(gone.error());
        }
        return {};
    });
    if (!dropped)
        return storeFail(dropped.error());
    return true;
}

Stored<bool> StoreUpkeep::dropRolled(const QString &table, qint64 cutUs, qint64 stepUs)
{
    // A series a slice; the cut moves on in steps, since every series has to be gone through for it.
    const QString from = table + QStringLiteral("_from"), at = table + QStringLiteral("_sweep");
    qint64 cut = floorTo(cutUs, stepUs);
    const auto rolled = progress(hourUntil), done = progress(from), swept = progress(at);
    if (!rolled || !done || !swept)
        return storeFail(!rolled ? rolled.error() : !done ? done.error() : swept.error());
    if (table == QLatin1String("minute"))
        cut = *rolled == StoreConnection::none ? *rolled : std::min(cut, *rolled);
    const bool sweeping = *swept != StoreConnection::none && *swept >= 0;
    if (!sweeping && *done >= cut)
        return false;
    const auto next = m_connection.number(QStringLiteral("SELECT min(id) FROM series WHERE id > ?"),
                                          {sweeping ? *swept : 0});
    if (!next)
        return storeFail(next.error());
    const bool last = *next == StoreConnection::none;
    const auto dropped = inTransaction([&]() -> Stored<void> {
        if (!sweeping) {
            if (auto set = setProgress(from, cut); !set)
                return set;
        }
        const qint64 until = sweeping ? *done : cut;
        for (std::size_t i = 0; i < metrics.size() && !last; ++i) {
            const auto gone = m_connection.number(
                QStringLiteral("DELETE FROM %1 WHERE series = ? AND metric = ? AND at < ?").arg(table),
                {*next, int(metrics.at(i).metric), until});
            if (!gone)
                return storeFail(gone.error());
        }
        return setProgress(at, last ? -1 : *next);
    });
    if (!dropped)
        return storeFail(dropped.error());
    return true;
}

Stored<bool> StoreUpkeep::dropByTime(const QString &table, qint64 cutUs)
{
    const auto oldest = m_connection.number(QStringLiteral("SELECT min(at) FROM ") + table);
    if (!oldest)
        return storeFail(oldest.error());
    if (*oldest == StoreConnection::none || *oldest >= cutUs)
        return false;
    const auto dropped = m_connection.number(QStringLiteral("DELETE FROM %1 WHERE at < ?").arg(table),
                                             {std::min(cutUs, *oldest + hour)});
    if (!dropped)
        return storeFail(dropped.error());
    return true;
}

Stored<bool> StoreUpkeep::shorten(qint64 nowUs, Done &done)
{
    if (m_sized.isValid() && m_sized.elapsed() < sizeEveryMs)
        return false;
    if (m_connection.dialect().usedBytes(m_connection.db()) <= m_settings.mostBytes) {
        m_sized.start();
        return false;
    }
    const auto oldestOf = [this](const QString &table) {
        return m_connection.number(QStringLiteral("SELECT min(at) FROM ") + table);
    };
    const auto raw = oldestOf(QStringLiteral("moment")), look = oldestOf(QStringLiteral("look")),
               event = oldestOf(QStringLiteral("event"));
    const auto minutes = progress(QStringLiteral("minute_from")),
               hours = progress(QStringLiteral("hour_from"));
    if (!raw || !look || !event || !minutes || !hours)
        return storeFail(!raw       ? raw.error()
                         : !look    ? look.error()
                         : !event   ? event.error()
                         : !minutes ? minutes.error()
                                    : hours.error());
    const auto gone = [&done](qint64 atUs) {
        done.shortened = std::max(done.shortened.value_or(atUs), atUs);
    };
    // What takes most goes first, and what tells most about long ago goes last.
    if (*raw != StoreConnection::none && *raw < nowUs - hour) {
        auto dropped = dropRaw(std::min(*raw + 10 * minute, nowUs - hour));
        if (!dropped || *dropped) {
            gone(*raw + minute);
            return dropped;
        }
    }
    // Events are few, unless something goes back and forth all the time.
    for (const auto &[table, oldest] : {std::pair("look", *look), std::pair("event", *event)}) {
        if (oldest == StoreConnection::none || oldest >= nowUs - day)
            continue;
        gone(oldest + hour);
        return dropByTime(QString::fromLatin1(table), std::min(oldest + hour, nowUs - day));
    }
    for (const auto &[table, from, keep] :
         {std::tuple("minute", *minutes, day), std::tuple("hour", *hours, 30 * day)}) {
        const QString name = QString::fromLatin1(table);
        const qint64 begins = from == StoreConnection::none ? nowUs - m_settings.hourMonths * 30 * day : from;
        if (begins + day > nowUs - keep)
            continue;
        auto dropped = dropRolled(name, begins + day, hour);
        if (!dropped || *dropped) {
            gone(begins + day);
            return dropped;
        }
    }
    m_sized.start(); // There is nothing left to drop.
    return false;
}

} // namespace understudy
