// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/ReadWorkload.h"

#include "model/Quote.h"

#include <QRegularExpression>

namespace understudy {

namespace {

// More than anybody writes by hand.
constexpr qsizetype longestSql = 1 << 20;
constexpr qsizetype mostStatements = 200;
constexpr int tryTimeoutMs = 5000;

/// The text with everything quoted or commented away blanked out, each character by one, so that a semicolon
/// found is a real one.
QString bare(const QString &sql)
{
    // What ends a word may not begin a quote of these kinds: date'x' and a$b$ are what the server takes them
    // for.
    static const QRegularExpression hidden(
        QStringLiteral(
            "--[^\\n]*"                                                 // comment to the end of the line
            "|/\\*(?:[^*]|\\*(?!/))*\\*/"                               // comment
            "|(?<![\\w$\\x{80}-\\x{ffff}])[eE]'(?:[^'\\\\]|\\\\.|'')*'" // string with escapes
            "|'(?:[^']|'')*'"                                           // string
            "|\"(?:[^\"]|\"\")*\""                                      // identifier
            "|(?<![\\w$\\x{80}-\\x{ffff}])(\\$(?:[A-Za-z_][A-Za-z_0-9]*)?\\$).*?\\1"), // dollar-quoted string
        QRegularExpression::DotMatchesEverythingOption);
    QString out;
    qsizetype from = 0;
    for (auto it = hidden.globalMatch(sql); it.hasNext();) {
        const auto match = it.next();
        out += sql.mid(from, match.capturedStart() - from) + QString(match.capturedLength(), u' ');
        from = match.capturedEnd();
    }
    return out + sql.mid(from);
}

ReadWorkload prepared(const QString &words, const QStringList &statements)
{
    ReadWorkload out{words, statements.join(QStringLiteral(";\n")), {}, {}, {}};
    for (qsizetype i = 0; i < statements.size(); ++i) {
        const QString name = QStringLiteral("understudy_read%1").arg(i);
        out.prepare << QStringLiteral("PREPARE %1 AS ").arg(name) + statements.at(i);
        out.execute << QStringLiteral("EXECUTE ") + name;
    }
    return out;
}

/// Empty when the server carries it out in a read-only transaction; else its words. No row is sent.
QString refusal(SqlSession &standby, const QString &statement, std::stop_token stop)
{
    for (const QString &before : {QStringLiteral("BEGIN READ ONLY"),
                                  QStringLiteral("SET LOCAL statement_timeout = %1").arg(tryTimeoutMs)})
        if (const auto done = standby.query(before, {}, 5000, stop); !done)
            return done.error().what;
    const auto tried = standby.query(QStringLiteral("EXPLAIN (ANALYZE, TIMING off) ") + statement, {},
                                     tryTimeoutMs + 2000, stop);
    (void)standby.query(QStringLiteral("ROLLBACK"), {}, 5000, stop);
    return tried ? QString() : tried.error().what;
}

} // namespace

QString ReadWorkload::statement(quint32 random) const
{
    if (keys.isEmpty())
        return execute.at(qsizetype(random % quint32(execute.size())));
    return execute.constFirst().arg(keys.at(qsizetype(random % quint32(keys.size()))));
}

Result<QStringList> readStatements(const QString &sql)
{
    const QString action =
        QStringLiteral("Give SELECT, VALUES, TABLE or WITH statements, apart by semicolons.");
    const QString field = QStringLiteral("sql");
    if (sql.size() > longestSql)
        return fail(QStringLiteral("The statements are longer than 1 MB."), action, field);
    const QString code = bare(sql);
    if (code.contains(u'\'') || code.contains(u'"') || code.contains(QStringLiteral("/*")))
        return fail(QStringLiteral("A quote or a comment is not closed."), action, field);
    QStringList out;
    for (qsizetype from = 0; from <= code.size();) {
        qsizetype end = code.indexOf(u';', from);
        if (end < 0)
            end = code.size();
        const QString one = code.mid(from, end - from).trimmed();
        static const QRegularExpression word(QStringLiteral("^[(\\s]*([A-Za-z]+)"));
        const QString verb = word.match(one).captured(1).toUpper();
        static const QStringList reading{QStringLiteral("SELECT"), QStringLiteral("VALUES"),
                                         QStringLiteral("TABLE"), QStringLiteral("WITH")};
        if (!one.isEmpty() && !reading.contains(verb))
            return fail(QStringLiteral("Statement %1 begins with %2, which does not read.")
                            .arg(out.size() + 1)
                            .arg(verb.isEmpty() ? QStringLiteral("something else") : verb.left(30)),
                        action, field);
        if (!one.isEmpty())
            out << sql.mid(from, end - from).trimmed();
        from = end + 1;
    }
    if (out.isEmpty())
        return fail(QStringLiteral("There is no statement."), action, field);
    if (out.size() > mostStatements)
        return fail(QStringLiteral("There are %1 statements; %2 at most are asked.")
                        .arg(out.size())
                        .arg(mostStatements),
                    action, field);
    return out;
}

Result<ReadWorkload> chooseWorkload(SqlSession &standby, const QString &ownSql, std::stop_token stop)
{
    if (!ownSql.trimmed().isEmpty()) {
        const auto own = readStatements(ownSql);
        if (!own)
            return tl::unexpected(own.error());
        for (qsizetype i = 0; i < own->size(); ++i) {
            const QString said = refusal(standby, own->at(i), stop);
            if (!said.isEmpty())
                return fail(
                    QStringLiteral("Statement %1 was tried in a read-only transaction, and the server "
                                   "refused it: %2")
                        .arg(i + 1)
                        .arg(said),
                    QStringLiteral("Nothing was measured. Give statements that only read, and that end "
                                   "within 5 s."),
                    QStringLiteral("sql"));
        }
        return prepared(own->size() == 1 ? QStringLiteral("the given statement")
                                         : QStringLiteral("the %1 given statements").arg(own->size()),
                        *own);
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
        work.prepare << QStringLiteral("PREPARE understudy_read (%1) AS %2").arg(type, work.shown);
        work.execute << QStringLiteral("EXECUTE understudy_read(%1)");
        for (const QVariantList &k : found->rows)
            work.keys.append(k.at(0).toLongLong());
        if (!work.keys.isEmpty())
            return work;
    }
    return prepared(
        QStringLiteral("reads of the catalog, since no table has a primary key of one whole number"),
        {QStringLiteral(
            "SELECT relname, relpages FROM pg_class WHERE relkind = 'r' ORDER BY relname LIMIT 20")});
}

} // namespace understudy
