// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/StoreSchema.h"

#include "history/StoreMetrics.h"

#include <QSqlError>
#include <QVariant>

namespace understudy {

namespace {

Stored<void> makeVersion1(StoreConnection &connection)
{
    if (auto made = connection.runAll(storeSql(QStringLiteral("schema_1"), connection.dialect())); !made)
        return made;
    QSqlQuery add = connection.query();
    add.prepare(QStringLiteral("INSERT INTO metric (id, name, unit) VALUES (?, ?, ?)"));
    for (const MetricInfo &info : metrics) {
        add.addBindValue(int(info.metric));
        add.addBindValue(QString::fromLatin1(info.name));
        add.addBindValue(QString::fromLatin1(info.unit));
        if (!add.exec())
            return connection.problem(add.lastError());
    }
    return {};
}

} // namespace

const QList<StoreStep> &storeSteps()
{
    static const QList<StoreStep> steps{{1, makeVersion1}};
    return steps;
}

Stored<void> migrateStore(StoreConnection &connection, const QList<StoreStep> &steps)
{
    if (auto fine = checkStoreVersion(connection, steps);
        !fine && fine.error().kind != StoreProblem::Kind::Missing)
        return fine;
    for (const StoreStep &step : steps) {
        const auto version = connection.dialect().version(connection.db(), connection.path());
        if (!version)
            return storeFail(version.error());
        if (*version >= step.version)
            continue;
        if (auto begun = connection.begin(); !begun)
            return begun;
        auto done = step.apply(connection);
        if (done)
            done = connection.dialect().setVersion(connection.db(), step.version, connection.path());
        if (!done) {
            connection.rollback();
            return done;
        }
        if (auto committed = connection.commit(); !committed)
            return committed;
    }
    return {};
}

Stored<void> checkStoreVersion(StoreConnection &connection, const QList<StoreStep> &steps)
{
    const auto version = connection.dialect().version(connection.db(), connection.path());
    if (!version)
        return storeFail(version.error());
    if (*version > steps.constLast().version)
        return storeFail(storeProblem(StoreProblem::Kind::Newer, connection.path()));
    if (*version < 1)
        return storeFail(storeProblem(StoreProblem::Kind::Missing, connection.path()));
    return {};
}

} // namespace understudy
