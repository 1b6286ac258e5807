// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/Plan.h"

#include <QJsonArray>

namespace understudy {

namespace {

using namespace Qt::StringLiterals;

// ---- writing ----

QJsonObject fromMap(const QMap<QString, QString> &map)
{
    QJsonObject o;
    for (auto it = map.begin(); it != map.end(); ++it)
        o.insert(it.key(), it.value());
    return o;
}

QJsonObject write(const SqlAction &a)
{
    return {{"kind"_L1, "sql"_L1}, {"node"_L1, a.node}, {"sql"_L1, a.sql}, {"as"_L1, a.storeAs}};
}

QJsonObject write(const CommandAction &a)
{
    return {{"kind"_L1, "command"_L1},
            {"host"_L1, a.host},
            {"argv"_L1, QJsonArray::fromStringList(a.command.argv)},
            {"environment"_L1, fromMap(a.command.environment)},
            {"run_as"_L1, a.command.runAs},
            {"directory"_L1, a.command.workingDirectory},
            {"timeout_ms"_L1, a.command.timeoutMs},
            {"progress"_L1, a.progress == ProgressKind::BaseBackup ? "base_backup"_L1 : "none"_L1},
            {"as"_L1, a.storeAs},
            {"shown"_L1, a.shown},
            {"atomic"_L1, a.atomic},
            {"silence_ms"_L1, a.silenceMs},
            {"input"_L1, a.input}};
}

QJsonObject write(const FileAction &a)
{
    return {{"kind"_L1, "file"_L1}, {"host"_L1, a.host},   {"path"_L1, a.path},    {"content"_L1, a.content},
            {"mode"_L1, a.mode},    {"owner"_L1, a.owner}, {"append"_L1, a.append}};
}

QJsonObject write(const WaitAction &a)
{
    return {{"kind"_L1, "wait"_L1}, {"node"_L1, a.node},  {"sql"_L1, a.sql},
            {"until"_L1, a.until},  {"as"_L1, a.storeAs}, {"deadline_ms"_L1, a.deadlineMs}};
}

QJsonObject write(const EditAction &a)
{
    QJsonArray insertions;
    for (const EditAction::Insertion &insertion : a.insertions) {
        QJsonArray pieces;
        for (const EditAction::Piece &piece : insertion.pieces)
            pieces << (piece.from < 0 ? QJsonObject{{"text"_L1, piece.text}}
                                      : QJsonObject{{"from"_L1, piece.from}, {"length"_L1, piece.length}});
        insertions << QJsonObject{{"at"_L1, insertion.at},         {"length"_L1, insertion.length},
                                  {"sha256"_L1, insertion.sha256}, {"line"_L1, insertion.line},
                                  {"shown"_L1, insertion.shown},   {"pieces"_L1, pieces}};
    }
    return {{"kind"_L1, "edit"_L1},  {"host"_L1, a.host},   {"path"_L1, a.path},
            {"before"_L1, a.before}, {"after"_L1, a.after}, {"insertions"_L1, insertions},
            {"source"_L1, a.source}, {"aside"_L1, a.aside}, {"take_out"_L1, a.takeOut}};
}

QJsonArray write(const QList<Action> &actions)
{
    QJsonArray all;
    for (const Action &action : actions)
        all << std::visit([](const auto &a) { return write(a); }, action);
    return all;
}

QJsonObject write(const Step &s)
{
    QJsonObject o{{"id"_L1, s.id},
                  {"title"_L1, s.title},
                  {"why"_L1, s.why},
                  {"actions"_L1, write(s.actions)},
                  {"undo"_L1, write(s.undo)},
                  {"undo_words"_L1, s.undoWords},
                  {"reads_only"_L1, s.readsOnly},
                  {"point_of_no_return"_L1, s.pointOfNoReturn},
                  {"about_seconds"_L1, s.aboutSeconds},
                  {"changes"_L1, s.changes},
                  {"leftover"_L1, s.leftover},
                  {"fact"_L1, s.fact}};
    if (s.alreadyDone)
        o.insert("already_done"_L1, write(*s.alreadyDone));
    if (s.evidence)
        o.insert("evidence"_L1, write(*s.evidence));
    return o;
}

QJsonObject write(const Endpoint &e)
{
    return {{"host"_L1, e.host},
            {"port"_L1, e.port},
            {"user"_L1, e.user},
            {"database"_L1, e.database},
            {"options"_L1, fromMap(e.options)},
            {"ssh"_L1, e.ssh}};
}

// ---- reading: a journal may be torn or edited, so every word is checked ----

QMap<QString, QString> readMap(const QJsonValue &value)
{
    QMap<QString, QString> map;
    const QJsonObject o = value.toObject();
    for (auto it = o.begin(); it != o.end(); ++it)
        map.insert(it.key(), it.value().toString());
    return map;
}

Endpoint readEndpoint(const QJsonObject &o)
{
    return {o["host"_L1].toString(),     o["port"_L1].toInt(),     o["user"_L1].toString(),
            o["database"_L1].toString(), readMap(o["options"_L1]), o["ssh"_L1].toString()};
}

CommandAction readCommand(const QJsonObject &o)
{
    CommandAction a;
    a.host = o["host"_L1].toString();
    for (const QJsonValue word : o["argv"_L1].toArray())
        a.command.argv << word.toString();
    a.command.environment = readMap(o["environment"_L1]);
    a.command.runAs = o["run_as"_L1].toString();
    a.command.workingDirectory = o["directory"_L1].toString();
    a.command.timeoutMs = o["timeout_ms"_L1].toInt(60000);
    a.progress =
        o["progress"_L1].toString() == "base_backup"_L1 ? ProgressKind::BaseBackup : ProgressKind::None;
    a.storeAs = o["as"_L1].toString();
    a.shown = o["shown"_L1].toString();
    a.atomic = o["atomic"_L1].toBool();
    a.silenceMs = o["silence_ms"_L1].toInt();
    a.input = o["input"_L1].toString();
    return a;
}

WaitAction readWait(const QJsonObject &o)
{
    return {o["node"_L1].toString(), o["sql"_L1].toString(), o["until"_L1].toString(),
            o["deadline_ms"_L1].toInt(60000), o["as"_L1].toString()};
}

EditAction readEdit(const QJsonObject &o)
{
    EditAction a;
    a.host = o["host"_L1].toString();
    a.path = o["path"_L1].toString();
    a.before = o["before"_L1].toString();
    a.after = o["after"_L1].toString();
    a.takeOut = o["take_out"_L1].toBool();
    a.source = o["source"_L1].toString();
    a.aside = o["aside"_L1].toString();
    for (const QJsonValue item : o["insertions"_L1].toArray()) {
        EditAction::Insertion insertion{item["at"_L1].toInteger(),    item["length"_L1].toInteger(),
                                        item["sha256"_L1].toString(), item["line"_L1].toInt(),
                                        item["shown"_L1].toString(),  {}};
        for (const QJsonValue piece : item["pieces"_L1].toArray())
            insertion.pieces << EditAction::Piece{
                piece["from"_L1].toInteger(-1), piece["length"_L1].toInteger(), piece["text"_L1].toString()};
        a.insertions << insertion;
    }
    return a;
}

Result<Action> readAction(const QJsonObject &o)
{
    const QString kind = o["kind"_L1].toString();
    if (kind == "sql"_L1)
        return SqlAction{o["node"_L1].toString(), o["sql"_L1].toString(), o["as"_L1].toString()};
    if (kind == "wait"_L1)
        return readWait(o);
    if (kind == "file"_L1)
        return FileAction{o["host"_L1].toString(),  o["path"_L1].toString(),  o["content"_L1].toString(),
                          o["mode"_L1].toInt(0600), o["owner"_L1].toString(), o["append"_L1].toBool()};
    if (kind == "edit"_L1)
        return readEdit(o);
    if (kind == "command"_L1) {
        CommandAction a = readCommand(o);
        if (a.command.argv.isEmpty())
            return fail(QStringLiteral("A command in the plan has no words."));
        return a;
    }
    return fail(QStringLiteral("The plan has an action of the unknown kind \"%1\".").arg(kind.left(40)));
}

Result<QList<Action>> readActions(const QJsonValue &value)
{
    QList<Action> all;
    for (const QJsonValue item : value.toArray()) {
        auto action = readAction(item.toObject());
        if (!action)
            return tl::unexpected(action.error());
        all << *action;
    }
    return all;
}

Result<Step> readStep(const QJsonObject &o)
{
    Step s;
    s.id = o["id"_L1].toString();
    if (s.id.isEmpty())
        return fail(QStringLiteral("A step of the plan has no id."));
    s.title = o["title"_L1].toString();
    s.why = o["why"_L1].toString();
    auto actions = readActions(o["actions"_L1]);
    auto undo = readActions(o["undo"_L1]);
    if (!actions)
        return tl::unexpected(actions.error());
    if (!undo)
        return tl::unexpected(undo.error());
    s.actions = *actions;
    s.undo = *undo;
    s.undoWords = o["undo_words"_L1].toString();
    s.readsOnly = o["reads_only"_L1].toBool();
    s.pointOfNoReturn = o["point_of_no_return"_L1].toBool();
    s.aboutSeconds = o["about_seconds"_L1].toDouble(1);
    s.changes = o["changes"_L1].toString();
    s.leftover = o["leftover"_L1].toString();
    s.fact = o["fact"_L1].toString();
    if (o["already_done"_L1].isObject())
        s.alreadyDone = readWait(o["already_done"_L1].toObject());
    if (o["evidence"_L1].isObject())
        s.evidence = readCommand(o["evidence"_L1].toObject());
    return s;
}

QJsonObject write(const QMap<QString, Endpoint> &endpoints)
{
    QJsonObject o;
    for (auto it = endpoints.begin(); it != endpoints.end(); ++it)
        o.insert(it.key(), write(it.value()));
    return o;
}

QMap<QString, Endpoint> readEndpoints(const QJsonValue &value)
{
    QMap<QString, Endpoint> out;
    const QJsonObject o = value.toObject();
    for (auto it = o.begin(); it != o.end(); ++it)
        out.insert(it.key(), readEndpoint(it.value().toObject()));
    return out;
}

} // namespace

QJsonObject toJson(const Plan &plan)
{
    QJsonArray steps;
    for (const Step &step : plan.steps)
        steps << write(step);
    QJsonObject o{{"format"_L1, 1},
                  {"id"_L1, plan.id},
                  {"kind"_L1, plan.kind},
                  {"title"_L1, plan.title},
                  {"cluster"_L1, plan.cluster},
                  {"subject"_L1, plan.subject},
                  {"endpoints"_L1, write(plan.endpoints)},
                  {"seen"_L1, write(plan.seen)},
                  {"hosts"_L1, QJsonArray::fromStringList(plan.hosts)},
                  {"lock_node"_L1, plan.lockNode},
                  {"steps"_L1, steps},
                  {"facts"_L1, fromMap(plan.facts)}};
    if (plan.unseen)
        o.insert("unseen"_L1, toJson(*plan.unseen));
    return o;
}

Result<Plan> planFromJson(const QJsonObject &o)
{
    if (o["format"_L1].toInt() != 1)
        return fail(QStringLiteral("The plan is not of a format that this version knows."));
    Plan plan;
    plan.id = o["id"_L1].toString();
    plan.kind = o["kind"_L1].toString();
    plan.title = o["title"_L1].toString();
    plan.cluster = o["cluster"_L1].toString();
    plan.subject = o["subject"_L1].toString();
    if (plan.id.isEmpty() || plan.kind.isEmpty())
        return fail(QStringLiteral("The plan has no id or no kind."));
    plan.endpoints = readEndpoints(o["endpoints"_L1]);
    plan.seen = readEndpoints(o["seen"_L1]);
    for (const QJsonValue host : o["hosts"_L1].toArray())
        plan.hosts << host.toString();
    plan.lockNode = o["lock_node"_L1].toString();
    for (const QJsonValue item : o["steps"_L1].toArray()) {
        auto step = readStep(item.toObject());
        if (!step)
            return tl::unexpected(step.error());
        plan.steps << *step;
    }
    plan.facts = readMap(o["facts"_L1]);
    if (o["unseen"_L1].isObject())
        plan.unseen = unseenFromJson(o["unseen"_L1].toObject());
    return plan;
}

} // namespace understudy
