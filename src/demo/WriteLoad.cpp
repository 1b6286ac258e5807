// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/WriteLoad.h"

#include "clusters/ServersBelow.h"
#include "demo/DemoBuilder.h"
#include "demo/DemoFolder.h"
#include "monitor/SqlSession.h"

#include <QFileInfo>
#include <QRandomGenerator>

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <mutex>

namespace understudy {

namespace {

constexpr int tickMs = 600;
constexpr int pruneEvery = 10; // ticks
constexpr int keptRows = 20000;

void rest(const std::stop_token &stop, int ms)
{
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, std::chrono::milliseconds(ms), [] { return false; });
}

/// Rows in this tick, 0.3 kB of WAL each: a slow wave, and a batch now and then.
int rowsAt(int tick)
{
    const double wave = 30 + 20 * std::sin(tick * tickMs / 1000.0 / 9.0);
    const bool batch = QRandomGenerator::global()->bounded(12) == 0;
    return int(wave) + QRandomGenerator::global()->bounded(12) + (batch ? 90 : 0);
}

std::unique_ptr<SqlSession> connectToPrimary(const QString &folder, const std::stop_token &stop)
{
    const QList<FolderServer> servers = serversBelow(folder);
    const auto primary = std::find_if(servers.cbegin(), servers.cend(), [](const FolderServer &server) {
        return server.running() && !server.standby;
    });
    if (primary == servers.cend())
        return {};
    SqlSession::Options options;
    options.applicationName = QStringLiteral("understudy demo load");
    auto session =
        SqlSession::open(demoEndpoint(folder, primary->port, demoLoadRole()), LibpqSecrets(), options, stop);
    return session ? std::move(*session) : nullptr;
}

bool insertRows(SqlSession &session, int rows, const std::stop_token &stop)
{
    const QString insert =
        QStringLiteral(
            "INSERT INTO load.events (kind, payload) SELECT (ARRAY['view', 'cart', 'order', 'pay'])"
            "[1 + g % 4], repeat(md5(random()::text), 6) FROM generate_series(1, %1) AS g")
            .arg(rows);
    return session.query(insert, {}, 5000, stop).has_value();
}

bool write(SqlSession &session, int tick, const std::stop_token &stop)
{
    if (!insertRows(session, rowsAt(tick), stop))
        return false;
    if (tick % pruneEvery != 0)
        return true;
    return session
        .query(QStringLiteral("DELETE FROM load.events WHERE id <= (SELECT max(id) FROM load.events) - %1")
                   .arg(keptRows),
               {}, 5000, stop)
        .has_value();
}

void run(const std::stop_token &stop, const QString &folder)
{
    std::unique_ptr<SqlSession> session;
    for (int tick = 1; !stop.stop_requested(); ++tick) {
        if (QFileInfo::exists(demoPauseFile(folder))) {
            rest(stop, tickMs);
            continue;
        }
        if (!session)
            session = connectToPrimary(folder, stop);
        if (!session || !write(*session, tick, stop)) {
            session.reset();
            rest(stop, 1000);
            continue;
        }
        rest(stop, tickMs);
    }
}

} // namespace

WriteLoad::WriteLoad(const QString &folder) : m_thread([folder](std::stop_token stop) { run(stop, folder); })
{
}

} // namespace understudy
