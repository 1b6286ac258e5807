// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/StoreDialect.h"

#include <QFile>
#include <QFileInfo>
#include <QSqlError>
#include <QUrl>
#include <QVariant>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace understudy {

namespace {

constexpr int busyMs = 250;
constexpr quint32 applicationId = 0x556e6472; ///< "Undr", in the file's head: a store and nothing else.

Stored<QVariant> ask(QSqlDatabase &db, const QString &path, const QString &sql)
{
    QSqlQuery query(db);
    query.setForwardOnly(true);
    if (!query.exec(sql))
        return storeFail(storeProblem(query.lastError(), path));
    const QVariant value = query.next() ? query.value(0) : QVariant();
    if (query.lastError().isValid())
        return storeFail(storeProblem(query.lastError(), path));
    return value;
}

/// Whether an open file is a store, or nothing yet. Through the database and not by reading the file: closing
/// a second descriptor of a file takes the locks of every connection that this process has to it.
Stored<bool> isFresh(QSqlDatabase &db, const QString &path)
{
    const auto id = ask(db, path, QStringLiteral("PRAGMA application_id"));
    if (!id)
        return storeFail(id.error().kind == StoreProblem::Kind::Corrupt
                             ? storeProblem(StoreProblem::Kind::Foreign, path, id.error().detail)
                             : id.error());
    if (id->toUInt() == applicationId)
        return false;
    const auto pages = ask(db, path, QStringLiteral("PRAGMA page_count"));
    if (!pages)
        return storeFail(pages.error());
    if (pages->toLongLong() > 0)
        return storeFail(storeProblem(StoreProblem::Kind::Foreign, path));
    return true;
}

/// Names, addresses and settings of servers: for their owner's eyes. What SQLite puts beside it follows it.
void makePrivate(const QString &path)
{
    const int made = ::open(QFile::encodeName(path).constData(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (made >= 0)
        ::close(made);
}

class SqliteDialect final : public StoreDialect
{
public:
    QString driver() const override { return QStringLiteral("QSQLITE"); }

    QString translate(QString sql) const override
    {
        return sql.replace(QLatin1String("{blob}"), QLatin1String("BLOB"))
            .replace(QLatin1String("{id}"),
                     QLatin1String("INTEGER")) // The place of a row, and no index beside.
            .replace(QLatin1String("{clustered}"), QLatin1String("WITHOUT ROWID"))
            .replace(QLatin1String("{least}"), QLatin1String("min"))
            .replace(QLatin1String("{greatest}"), QLatin1String("max"));
    }

    Stored<void> configureWriter(QSqlDatabase &db, const QString &path) const override
    {
        makePrivate(path);
        // Otherwise it would be opened all the same, for reading, and journals be made that nobody may write.
        if (::faccessat(AT_FDCWD, QFile::encodeName(path).constData(), W_OK, AT_EACCESS) != 0)
            return storeFail(storeProblem(StoreProblem::Kind::ReadOnly, path,
                                          QString::fromLocal8Bit(std::strerror(errno))));
        db.setDatabaseName(path);
        db.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=%1").arg(busyMs));
        if (!db.open())
            return storeFail(storeProblem(db.lastError(), path));
        const auto fresh = isFresh(db, path);
        if (!fresh)
            return storeFail(fresh.error());
        QStringList pragmas{QStringLiteral("PRAGMA trusted_schema = OFF"),
                            QStringLiteral("PRAGMA cell_size_check = ON"),
                            QStringLiteral("PRAGMA temp_store = MEMORY")};
        if (*fresh) // Before the first table is made.
            pragmas << QStringLiteral("PRAGMA auto_vacuum = INCREMENTAL")
                    << QStringLiteral("PRAGMA application_id = %1").arg(applicationId);
        pragmas << QStringLiteral("PRAGMA journal_mode = WAL")
                << QStringLiteral("PRAGMA synchronous = NORMAL")
                << QStringLiteral("PRAGMA journal_size_limit = 16777216");
        for (const QString &sql : std::as_const(pragmas)) {
            if (const auto asked = ask(db, path, sql); !asked)
                return storeFail(asked.error());
        }
        return {};
    }

    Stored<void> configureReader(QSqlDatabase &db, const QString &path) const override
    {
        if (!QFileInfo::exists(path))
            return storeFail(storeProblem(StoreProblem::Kind::Missing, path));
        QString options = QStringLiteral("QSQLITE_OPEN_READONLY;QSQLITE_BUSY_TIMEOUT=%1").arg(busyMs);
        QString name = path;
        // Where nothing can be written beside it, nobody else writes it either (a copy on a read-only disk).
        if (!QFileInfo(QFileInfo(path).absolutePath()).isWritable() &&
            !QFileInfo::exists(path + QStringLiteral("-shm"))) {
            options += QStringLiteral(";QSQLITE_OPEN_URI");
            name = QUrl::fromLocalFile(QFileInfo(path).absoluteFilePath()).toString(QUrl::FullyEncoded) +
                   QStringLiteral("?immutable=1");
        }
        db.setDatabaseName(name);
        db.setConnectOptions(options);
        if (!db.open())
            return storeFail(storeProblem(db.lastError(), path));
        const auto fresh = isFresh(db, path);
        if (!fresh)
            return storeFail(fresh.error());
        if (*fresh)
            return storeFail(storeProblem(StoreProblem::Kind::Missing, path));
        for (const QString &sql :
             {QStringLiteral("PRAGMA trusted_schema = OFF"), QStringLiteral("PRAGMA cell_size_check = ON"),
              QStringLiteral("PRAGMA temp_store = MEMORY")}) {
            if (const auto asked = ask(db, path, sql); !asked)
                return storeFail(asked.error());
        }
        return {};
    }

    Stored<int> version(QSqlDatabase &db, const QString &path) const override
    {
        const auto asked = ask(db, path, QStringLiteral("PRAGMA user_version"));
        if (!asked)
            return storeFail(asked.error());
        return asked->toInt();
    }

    Stored<void> setVersion(QSqlDatabase &db, int version, const QString &path) const override
    {
        const auto set = ask(db, path, QStringLiteral("PRAGMA user_version = %1").arg(version));
        if (!set)
            return storeFail(set.error());
        return {};
    }

    Stored<void> check(QSqlDatabase &db, const QString &path) const override
    {
        const auto said = ask(db, path, QStringLiteral("PRAGMA quick_check(1)"));
        if (!said)
            return storeFail(said.error());
        if (said->toString() != QLatin1String("ok"))
            return storeFail(storeProblem(StoreProblem::Kind::Corrupt, path, said->toString()));
        return {};
    }

    qint64 usedBytes(QSqlDatabase &db) const override
    {
        const auto count = [&db](const char *what) {
            const auto asked = ask(db, {}, QStringLiteral("PRAGMA ") + QLatin1String(what));
            return asked ? asked->toLongLong() : 0;
        };
        return (count("page_count") - count("freelist_count")) * count("page_size");
    }

    void shrink(QSqlDatabase &db) const override
    {
        const auto free = ask(db, {}, QStringLiteral("PRAGMA freelist_count"));
        const auto all = ask(db, {}, QStringLiteral("PRAGMA page_count"));
        // What is free is written again soon, as long as there is little of it.
        if (!free || !all || free->toLongLong() < 2048 || free->toLongLong() * 5 < all->toLongLong())
            return;
        QSqlQuery query(db);
        query.setForwardOnly(true);
        // A page is moved with every row that is asked for.
        if (query.exec(QStringLiteral("PRAGMA incremental_vacuum(512)")))
            while (query.next())
                ;
    }
};

} // namespace

const StoreDialect &StoreDialect::sqlite()
{
    static const SqliteDialect dialect;
    return dialect;
}

} // namespace understudy
