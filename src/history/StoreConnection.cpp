// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/StoreDialect.h"

#include <QFile>
#include <QSqlError>
#include <QVariant>
#include <atomic>

namespace understudy {

QStringList storeSql(const QString &name, const StoreDialect &dialect,
                     const QList<std::pair<QString, QString>> &replaced)
{
    QFile file(QStringLiteral(":/sql/store/%1.sql").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("resources/sql/store/%s.sql is not part of this program", qPrintable(name));
    QStringList statements{QString()};
    for (QString line : QString::fromUtf8(file.readAll()).split(u'\n')) {
        line = line.left(line.indexOf(QLatin1String("--"))).trimmed();
        if (line.isEmpty())
            continue;
        const bool ends = line.endsWith(u';');
        statements.last() += (ends ? line.chopped(1) : line) + u'\n';
        if (ends)
            statements << QString();
    }
    statements.removeAll(QString());
    for (QString &statement : statements) {
        for (const auto &[from, to] : replaced)
            statement.replace(u'{' + from + u'}', to);
        statement = dialect.translate(statement);
    }
    return statements;
}

StoreConnection::StoreConnection(const QString &path, const StoreDialect &dialect)
    : m_dialect(dialect), m_path(path)
{
    static std::atomic<quint64> number{0};
    m_name = QStringLiteral("understudy-store-%1").arg(++number);
}

StoreConnection::~StoreConnection()
{
    m_db.close();
    m_db = QSqlDatabase();
    QSqlDatabase::removeDatabase(m_name);
}

Stored<std::unique_ptr<StoreConnection>> StoreConnection::open(const QString &path, For what,
                                                               const StoreDialect &dialect)
{
    std::unique_ptr<StoreConnection> made(new StoreConnection(path, dialect));
    made->m_db = QSqlDatabase::addDatabase(dialect.driver(), made->m_name);
    const auto configured = what == For::Writing ? dialect.configureWriter(made->m_db, path)
                                                 : dialect.configureReader(made->m_db, path);
    if (!configured)
        return storeFail(configured.error());
    return made;
}

QSqlQuery StoreConnection::query() const
{
    QSqlQuery query(m_db);
    query.setForwardOnly(true);
    return query;
}

Stored<void> StoreConnection::run(const QString &sql)
{
    QSqlQuery query = this->query();
    if (!query.exec(sql))
        return problem(query.lastError());
    return {};
}

Stored<void> StoreConnection::runAll(const QStringList &statements)
{
    for (const QString &statement : statements) {
        if (auto ran = run(statement); !ran)
            return ran;
    }
    return {};
}

Stored<qint64> StoreConnection::number(const QString &sql, const QVariantList &values)
{
    QSqlQuery query = this->query();
    bool fine = query.prepare(sql);
    for (const QVariant &value : values)
        query.addBindValue(value);
    fine = fine && query.exec();
    const bool row = fine && query.next();
    if (query.lastError().isValid())
        return problem(query.lastError());
    return !row || query.isNull(0) ? none : query.value(0).toLongLong();
}

Stored<void> StoreConnection::begin()
{
    return run(QStringLiteral("BEGIN"));
}

Stored<void> StoreConnection::commit()
{
    auto done = run(QStringLiteral("COMMIT"));
    if (!done)
        rollback();
    return done;
}

void StoreConnection::rollback()
{
    // It may be over already: the database rolls back by itself where it cannot go on.
    query().exec(QStringLiteral("ROLLBACK"));
}

tl::unexpected<StoreProblem> StoreConnection::problem(const QSqlError &error) const
{
    return storeFail(storeProblem(error, m_path));
}

} // namespace understudy
