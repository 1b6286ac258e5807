// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/ReadWorkload.h"

#include "model/Quote.h"

#include <QRegularExpression>

namespace understudy {

namespace {

/// The statement with everything quoted or commented away blanked out, so that a semicolon found is a real
/// one.
QString bare(const QString &sql)
{
    static const QRegularExpression hidden(
        QStringLiteral("--[^\\n]*"                                    // comment to the end of the line
                       "|/\\*(?:[^*]|\\*(?!/))*\\*/"                  // comment
                       "|[eE]'(?:[^'\\\\]|\\\\.|'')*'"                // string with escapes
                       "|'(?:[^']|'')*'"                              // string
                       "|\"(?:[^\"]|\"\")*\""                         // identifier
                       "|(\\$(?:[A-Za-z_][A-Za-z_0-9]*)?\\$).*?\\1"), // dollar-quoted string
        QRegularExpression::DotMatchesEverythingOption);
    QString out;
    qsizetype from = 0;
    for (auto it = hidden.globalMatch(sql); it.hasNext();) {
        const auto match = it.next();
        out += sql.mid(from, match.capturedStart() - from) + QLatin1String(" ");
        from = match.capturedEnd();
    }
    return out + sql.mid(from);
}

ReadWorkload prepared(const QString &words, const QString &sql)
{
    return ReadWorkload{words,
                        sql,
                        QStringLiteral("PREPARE understudy_read AS ") + sql,
                        QStringLiteral("EXECUTE understudy_read"),
                        {}};
}

} // namespace

QString ReadWorkload::statement(quint32 random) const
{
    if (keys.isEmpty())
        return execute;
    return execute.arg(keys.at(qsizetype(random % quint32(keys.size()))));
}

Result<QString> checkReadStatement(const QString &sql)
{
    const QString action = QStringLiteral("Give one SELECT, VALUES, TABLE or WITH statement.");
    const QString field = QStringLiteral("sql");
    QString statement = sql.trimmed();
    QString code = bare(statement).trimmed();
    while (code.endsWith(u';') && statement.endsWith(u';')) {
        code = code.chopped(1).trimmed();
        statement = statement.chopped(1).trimmed();
    }
    if (code.isEmpty())
        return fail(QStringLiteral("The statement is empty."), action, field);
    if (code.contains(u';'))
        return fail(QStringLiteral("There is more than one statement."), action, field);
    if (code.contains(u'\'') || code.contains(u'"') || code.contains(QStringLiteral("/*")))
        return fail(QStringLiteral("A quote or a comment in the statement is not closed."), action, field);
    static const QRegularExpression word(QStringLiteral("^\\(*\\s*([A-Za-z]+)"));
    const QString verb = word.match(code).captured(1).toUpper();
    static const QStringList reading{QStringLiteral("SELECT"), QStringLiteral("VALUES"),
                                     QStringLiteral("TABLE"), QStringLiteral("WITH")};
    if (!reading.contains(verb))
        return fail(QStringLiteral("The statement begins with %1, which does not read.")
                        .arg(verb.isEmpty() ? QStringLiteral("something") : verb.left(30)),
                    action, field);
    return statement;
}

Result<ReadWorkload> chooseWorkload(SqlSession &standby, const QString &ownSql, std::stop_token stop)
{
    if (!ownSql.trimmed().isEmpty()) {
        const auto own = checkReadStatement(ownSql);
        if (!own)
            return tl::unexpected(own.error());
        return prepared(QStringLiteral("the given statement"), *own);
    }
    // Up to 1 GB, so that the test is about the servers and not about one cold disk.
    const auto rows = standby.query(
        QStringLiteral("SELECT n.nspname, c.relname, a.attname, t.typname FROM pg_class c "
                       "JOIN pg_namespace n ON n.oid = c.relnamespace "
                       "JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary AND i.indnatts = 1 "
                       "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0] "
                       "JOIN pg_type t ON t.oid = a.atttypid "
                       "WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname !~ '^pg_' "
                       "AND n.nspname <> 'information_schema' AND t.typname IN ('int2', 'int4', 'int8') "
                       "AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') "
                       "AND pg_relation_size(c.oid) > 0 "
                       "ORDER BY pg_relation_size(c.oid) <= 1073741824 DESC, greatest(c.reltuples, 0) DESC, "
                       "pg_relation_size(c.oid) DESC LIMIT 1"),
        {}, 10000, stop);
    if (!rows)
        return tl::unexpected(rows.error());
    if (!rows->rows.isEmpty()) {
        const QVariantList &row = rows->rows.first();
        const QString table =
            quote::sqlIdentifier(row.at(0).toString()) + u'.' + quote::sqlIdentifier(row.at(1).toString());
        const QString key = quote::sqlIdentifier(row.at(2).toString()), type = row.at(3).toString();
        auto found = standby.query(
            QStringLiteral("SELECT %1::bigint FROM %2 TABLESAMPLE SYSTEM (20) LIMIT 20000").arg(key, table),
            {}, 10000, stop);
        if (found && found->rows.size() < 100)
            found = standby.query(QStringLiteral("SELECT %1::bigint FROM %2 LIMIT 20000").arg(key, table), {},
                                  10000, stop);
        if (!found)
            return tl::unexpected(found.error());
        ReadWorkload work;
        work.words = QStringLiteral("look-ups by primary key on %1.%2")
                         .arg(row.at(0).toString(), row.at(1).toString());
        work.shown = QStringLiteral("SELECT * FROM %1 WHERE %2 = $1").arg(table, key);
        work.prepare = QStringLiteral("PREPARE understudy_read (%1) AS %2").arg(type, work.shown);
        work.execute = QStringLiteral("EXECUTE understudy_read(%1)");
        for (const QVariantList &k : found->rows)
            work.keys.append(k.at(0).toLongLong());
        if (!work.keys.isEmpty())
            return work;
    }
    return prepared(
        QStringLiteral("reads of the catalog, since no table has a primary key of one whole number"),
        QStringLiteral(
            "SELECT relname, relpages FROM pg_class WHERE relkind = 'r' ORDER BY relname LIMIT 20"));
}

} // namespace understudy
