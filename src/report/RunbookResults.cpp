// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Format.h"
#include "report/Markdown.h"
#include "report/RunbookParts.h"

namespace understudy::runbook {

using markdown::code;
using markdown::Table;
using markdown::text;

namespace {

QString countsTable(const VerifyResult &verify)
{
    QString out;
    for (const RowCount &count : verify.counts) {
        Table table({QStringLiteral("Node"), QStringLiteral("Address"),
                     QStringLiteral("Rows in %1").arg(text(count.table)), QStringLiteral("Note")},
                    QStringLiteral("llrl"));
        for (const RowCount::OnNode &on : count.nodes)
            table.row({text(on.name), code(on.address),
                       on.rows ? format::count(*on.rows) : QStringLiteral("unknown"), text(on.note)});
        out += u'\n' + table.toString() + u'\n' + text(count.words) +
               (count.countedAt.isEmpty() || count.words.contains(count.countedAt)
                    ? QString()
                    : QStringLiteral(" Counted at LSN ") + code(count.countedAt) + u'.') +
               u'\n';
    }
    return out;
}

QString expectedOnly(const View &view)
{
    Table table({QStringLiteral("What"), QStringLiteral("Expected")});
    const qsizetype links =
        view.before && view.upstream ? view.before->linksFrom(view.upstream->id).size() : 0;
    table.row({QStringLiteral("Rows in `pg_stat_replication` on %1").arg(text(view.upstreamName())),
               QStringLiteral("%1, all streaming").arg(links + view.standbys.size())});
    for (const QString &slot : view.slotNames())
        table.row({QStringLiteral("Slot ") + code(slot), QStringLiteral("active")});
    for (const AddStandbyRequest &standby : view.standbys)
        table.row({text(standby.name), QStringLiteral("in recovery, on the upstream's timeline, ") +
                                           (standby.synchronous ? QStringLiteral("synchronous")
                                                                : QStringLiteral("asynchronous"))});
    table.row({QStringLiteral("Row counts"), QStringLiteral("equal on every node")});
    return table.toString();
}

/// Strings for readers, over every standby that the picture "after" shows.
QString connectionStrings(const View &view)
{
    if (!view.after || view.in.spec.nodes.isEmpty())
        return {};
    const Endpoint &known = view.in.spec.nodes.constFirst().endpoint;
    QList<Endpoint> standbys;
    for (const Node *node : view.after->standbys()) {
        Endpoint endpoint;
        endpoint.host = node->host;
        endpoint.port = node->port;
        endpoint.user = known.user;
        endpoint.database = known.database;
        standbys << endpoint;
    }
    if (standbys.isEmpty())
        return {};
    QString out = QStringLiteral(
        "\nReaders spread over the standbys with one of these. Passwords belong in a passfile.\n");
    for (const ReaderString &reader : readerStrings(standbys, known.database, known.user))
        out += u'\n' + text(reader.label) + QStringLiteral(":\n\n") +
               markdown::block(QStringLiteral("text"), reader.text);
    return out;
}

} // namespace

QString expectedAndActual(const View &view, const QMap<QString, QString> &pictures)
{
    QString out = QStringLiteral("## 5. Expected and actual\n\n");
    if (!view.in.verify) {
        out +=
            view.in.run ? QStringLiteral("Nothing was verified. This is what is expected:\n\n") : QString();
        return out + expectedOnly(view);
    }
    Table table({QStringLiteral("What"), QStringLiteral("Expected"), QStringLiteral("Actual"),
                 QStringLiteral("Result")});
    for (const VerifyRow &row : view.in.verify->rows)
        table.row({text(row.what), text(row.expected), text(row.actual),
                   row.unknown ? QStringLiteral("Unknown")
                               : (row.pass ? QStringLiteral("As expected") : QStringLiteral("Differs"))});
    out += table.toString() + countsTable(*view.in.verify);
    const QString lag =
        picture(pictures, QStringLiteral("lag"), QStringLiteral("Lag of every standby over time"));
    if (!lag.isEmpty())
        out += u'\n' + lag + u'\n';
    return out;
}

QString readLoad(const View &view, const QMap<QString, QString> &pictures)
{
    QString out = QStringLiteral("## 6. Read load\n\n");
    if (!view.in.readLoad) {
        out += QStringLiteral("The read load was not measured.\n");
        return out + connectionStrings(view);
    }
    const ReadLoadResult &load = *view.in.readLoad;
    out += text(load.sentence()) +
           QStringLiteral(" %1 over %2 for %3 each, one run after the other.\n\n")
               .arg(text(load.workload.isEmpty() ? QString()
                                                 : load.workload.at(0).toUpper() + load.workload.mid(1)),
                    format::plural(load.options.connections, QStringLiteral("connection")),
                    format::seconds(load.options.secondsEach));
    Table table({QStringLiteral("Run"), QStringLiteral("Queries/s"), QStringLiteral("Median"),
                 QStringLiteral("95 %"), QStringLiteral("Errors"), QStringLiteral("Highest lag")},
                QStringLiteral("lrrrrr"));
    for (const ReadLoadRun &run : load.runs)
        table.row({text(run.label), format::count(qRound64(run.perSecond)),
                   format::milliseconds(run.medianMs), format::milliseconds(run.p95Ms),
                   format::count(run.errors), format::bytes(run.highestLagBytes)});
    out += table.toString();
    if (!load.sql.isEmpty())
        out += QStringLiteral("\nThe statement:\n\n") + markdown::block(QStringLiteral("sql"), load.sql);
    const QString chart = picture(pictures, QStringLiteral("readload"),
                                  QStringLiteral("Queries a second and latency of each run"));
    if (!chart.isEmpty())
        out += u'\n' + chart + u'\n';
    return out + connectionStrings(view);
}

} // namespace understudy::runbook
