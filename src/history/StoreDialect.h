// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "history/StoreProblem.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QStringList>
#include <memory>

namespace understudy {

/// What differs between the databases that a store can be in: how it is opened, its version, its size, and a
/// few words of SQL. Everything else is the same SQL (resources/sql/store). Without state; any thread.
class StoreDialect
{
public:
    virtual ~StoreDialect() = default;
    virtual QString driver() const = 0;
    /// Replaces {blob}, {id}, {clustered}, {least}, {greatest}.
    virtual QString translate(QString sql) const = 0;
    virtual Stored<void> configureWriter(QSqlDatabase &db, const QString &path) const = 0;
    virtual Stored<void> configureReader(QSqlDatabase &db, const QString &path) const = 0;
    virtual Stored<int> version(QSqlDatabase &db, const QString &path) const = 0;
    /// Inside the transaction that changes the schema.
    virtual Stored<void> setVersion(QSqlDatabase &db, int version, const QString &path) const = 0;
    virtual Stored<void> check(QSqlDatabase &db, const QString &path) const = 0; ///< Reads the whole store.
    virtual qint64 usedBytes(QSqlDatabase &db) const = 0; ///< 0 if that cannot be said.
    virtual void shrink(QSqlDatabase &db) const = 0;      ///< Gives some unused space back; milliseconds.

    static const StoreDialect &sqlite();
};

/// A statement of resources/sql/store by name, comments left out; several are separated. The literal values
/// in @p replaced stand in braces in the file and come from us alone, never from outside.
QStringList storeSql(const QString &name, const StoreDialect &dialect,
                     const QList<std::pair<QString, QString>> &replaced = {});

/// One connection. Used, and gone, on the thread that made it. Queries are gone before it is.
class StoreConnection
{
public:
    enum class For { Writing, Reading };
    static Stored<std::unique_ptr<StoreConnection>> open(const QString &path, For what,
                                                         const StoreDialect &dialect);
    ~StoreConnection();
    StoreConnection(const StoreConnection &) = delete;
    StoreConnection &operator=(const StoreConnection &) = delete;

    const StoreDialect &dialect() const { return m_dialect; }
    QSqlDatabase &db() { return m_db; }
    const QString &path() const { return m_path; }
    QSqlQuery query() const;
    Stored<void> run(const QString &sql); ///< One statement without an answer.
    Stored<void> runAll(const QStringList &statements);
    /// One whole number; the smallest qint64 if it is NULL or there is no row.
    Stored<qint64> number(const QString &sql, const QVariantList &values = {});
    Stored<void> begin();
    Stored<void> commit(); ///< Rolled back if it fails.
    void rollback();
    tl::unexpected<StoreProblem> problem(const QSqlError &error) const;

    static constexpr qint64 none = std::numeric_limits<qint64>::min();

private:
    StoreConnection(const QString &path, const StoreDialect &dialect);
    const StoreDialect &m_dialect;
    QString m_path, m_name;
    QSqlDatabase m_db;
};

} // namespace understudy
