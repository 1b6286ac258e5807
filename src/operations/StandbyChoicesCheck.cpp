// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/Host.h"
#include "operations/AddStandby.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>

namespace understudy {

namespace {

// Text from outside may hold anything; it is shown in one line.
QString shown(QString text)
{
    for (QChar &c : text)
        if (!c.isPrint())
            c = u'?';
    return text.size() > 80 ? text.left(77) + QStringLiteral("...") : text;
}

bool isCompose(const AddStandbyRequest &request)
{
    return request.on == QLatin1String("compose");
}

bool overlaps(const QString &a, const QString &b)
{
    return a == b || a.startsWith(b + u'/') || b.startsWith(a + u'/');
}

class Checker
{
public:
    Checker(const AddStandbyRequest &request, const AddStandbyFacts &facts)
        : m_request(request), m_choices(request.choices), m_facts(facts),
          m_upstream(facts.upstreamOf(request))
    {
    }

    QList<Error> run()
    {
        checkCompress();
        checkDirectories();
        checkSlot();
        checkDelay();
        checkRestoreCommand();
        if (m_choices.verifyBackup.value_or(false) && major() > 0 && major() < 13)
            add("verifyBackup",
                QStringLiteral("PostgreSQL %1 makes no manifest to verify a copy by.").arg(major()),
                QStringLiteral("Leave the verification out; it exists since PostgreSQL 13."));
        return m_errors;
    }

private:
    void add(const char *field, const QString &what, const QString &action)
    {
        m_errors << Error{what, action, QString::fromLatin1(field)};
    }

    int major() const { return m_upstream ? m_upstream->versionNum / 10000 : 0; }

    void checkCompress()
    {
        const QString &compress = m_choices.compress;
        if (compress.isEmpty())
            return;
        static const QRegularExpression form(QStringLiteral("^server-(gzip|lz4|zstd)(?::([0-9]{1,2}))?\\z"));
        static const QMap<QString, int> highest{
            {QStringLiteral("gzip"), 9}, {QStringLiteral("lz4"), 12}, {QStringLiteral("zstd"), 22}};
        const auto match = form.match(compress);
        const int level = match.captured(2).isEmpty() ? 1 : match.captured(2).toInt();
        if (!match.hasMatch()) {
            static const QRegularExpression byClient(
                QStringLiteral("^(client-)?(gzip|lz4|zstd)(:|$)|^[0-9]$"));
            if (byClient.match(compress).hasMatch())
                return add(
                    "compress",
                    QStringLiteral("\"%1\" is compression by the receiver, and a copy that a standby "
                                   "starts from is not kept compressed.")
                        .arg(shown(compress)),
                    QStringLiteral("Let the upstream compress what travels: server-lz4 or server-zstd."));
            return add("compress",
                       QStringLiteral("\"%1\" is no compression that pg_basebackup takes here.")
                           .arg(shown(compress)),
                       QStringLiteral("Give server-gzip, server-lz4 or server-zstd, with :LEVEL if you want, "
                                      "for example server-zstd:3."));
        }
        if (level < 1 || level > highest.value(match.captured(1)))
            return add("compress",
                       QStringLiteral("%1 has no level %2.").arg(match.captured(1), match.captured(2)),
                       QStringLiteral("Give a level from 1 to %1.").arg(highest.value(match.captured(1))));
        if (major() > 0 && major() < 15)
            add("compress", QStringLiteral("PostgreSQL %1 cannot compress a copy on its way.").arg(major()),
                QStringLiteral("Leave it out; it exists since PostgreSQL 15."));
    }

    bool plainPath(const char *field, const QString &what, const QString &path)
    {
        const QString fix = QStringLiteral("Give an absolute path to a directory that is absent or empty.");
        const auto bad = [&](const QString &how) {
            add(field, QStringLiteral("%1 \"%2\" %3.").arg(what, shown(path), how), fix);
            return false;
        };
        for (const QChar c : path)
            if (c < u' ' || c == QChar(0x7f) || c == QChar(0x2028) || c == QChar(0x2029))
                return bad(QStringLiteral("has a control character in its name"));
        if (!path.startsWith(u'/'))
            return bad(QStringLiteral("is not an absolute path"));
        if (QDir::cleanPath(path) != path || path == QLatin1String("/"))
            return bad(QStringLiteral("is not a plain path"));
        if (path.contains(QLatin1String("${")))
            return bad(QStringLiteral("has ${ in it, which stands for a value of the plan"));
        if (path.toUtf8().size() > 900)
            return bad(QStringLiteral("is too long"));
        if (overlaps(path, m_request.dataDirectory)) {
            add(field,
                QStringLiteral("%1 \"%2\" overlaps with the data directory %3.")
                    .arg(what, shown(path), shown(m_request.dataDirectory)),
                QStringLiteral("Choose a directory outside of it."));
            return false;
        }
        for (const HostBinding &binding :
             m_facts.target.isLocal() ? m_facts.bindings : QList<HostBinding>()) {
            const QString other = QDir::cleanPath(binding.dataDirectory);
            if (!overlaps(path, other))
                continue;
            add(field,
                QStringLiteral("%1 \"%2\" overlaps with %3 of a running server.")
                    .arg(what, shown(path), shown(other)),
                QStringLiteral("Choose another directory."));
            return false;
        }
        return true;
    }

    void checkDirectories()
    {
        if (isCompose(m_request)) {
            if (!m_choices.walDirectory.isEmpty())
                add("walDirectory",
                    QStringLiteral("A service of a Compose project keeps its WAL in its one volume."),
                    QStringLiteral("Leave it out."));
            if (!m_choices.tablespaces.isEmpty())
                add("tablespaces",
                    QStringLiteral(
                        "A new service of a Compose project has one volume, and a tablespace has no "
                        "place in it."),
                    QStringLiteral("Add the standby on a machine (--on local)."));
            return;
        }
        QStringList used;
        if (!m_choices.walDirectory.isEmpty() &&
            plainPath("walDirectory", QStringLiteral("The WAL directory"), m_choices.walDirectory))
            used << m_choices.walDirectory;
        const QList<Tablespace> known =
            m_upstream ? m_facts.tablespaces.value(m_upstream->id) : QList<Tablespace>();
        for (auto it = m_choices.tablespaces.begin(); it != m_choices.tablespaces.end(); ++it) {
            const auto is = [&](const Tablespace &t) { return t.location == it.key(); };
            if (std::none_of(known.begin(), known.end(), is)) {
                QStringList there;
                for (const Tablespace &t : known)
                    there << t.location;
                add("tablespaces",
                    QStringLiteral("%1 has no tablespace in \"%2\".")
                        .arg(m_upstream ? shown(m_upstream->name) : QStringLiteral("The upstream"),
                             shown(it.key())),
                    there.isEmpty()
                        ? QStringLiteral("It has none that could be mapped.")
                        : QStringLiteral("It has them in %1.").arg(there.join(QStringLiteral(", "))));
                continue;
            }
            if (!plainPath("tablespaces", QStringLiteral("The tablespace directory"), it.value()))
                continue;
            for (const QString &other : std::as_const(used))
                if (overlaps(it.value(), other))
                    add("tablespaces",
                        QStringLiteral("\"%1\" and \"%2\" overlap.").arg(shown(it.value()), shown(other)),
                        QStringLiteral("Give each its own directory."));
            if (m_facts.target.isLocal() && m_facts.binding(m_upstream->id))
                for (const Tablespace &t : known)
                    if (overlaps(it.value(), t.location))
                        add("tablespaces",
                            QStringLiteral("\"%1\" is where %2 has its tablespace %3.")
                                .arg(shown(it.value()), shown(m_upstream->name), shown(t.name)),
                            QStringLiteral("Choose another directory."));
            used << it.value();
        }
    }

    void checkSlot()
    {
        if (m_choices.slot || !isCompose(m_request) || !m_facts.compose ||
            m_facts.compose->modelSlot.isEmpty())
            return;
        // The lines of the new service are those of its model: it would read the slot of that one.
        const ComposeTarget &target = *m_facts.compose;
        const ComposeService *model = target.project.service(target.model);
        if (!model)
            return;
        const QStringList words = model->command + model->entrypoint + model->environment.values();
        for (const QString &word : words) {
            if (word.contains(target.modelSlot))
                return add(
                    "slot",
                    QStringLiteral("The service %1, which the new one is modelled on, names its slot %2 "
                                   "in the Compose file.")
                        .arg(target.model, target.modelSlot),
                    QStringLiteral("Let the new standby have a slot as well."));
        }
    }

    void checkDelay()
    {
        if (m_choices.applyDelay.isEmpty())
            return;
        const auto ms = applyDelayMs(m_choices.applyDelay);
        if (!ms || *ms == 0)
            return add("applyDelay",
                       QStringLiteral("\"%1\" is not a delay that PostgreSQL takes.")
                           .arg(shown(m_choices.applyDelay)),
                       QStringLiteral("Give a number with us, ms, s, min, h or d, up to 24 days, for example "
                                      "30min; leave it empty for none."));
        const Node *primary = nullptr;
        if (const Cluster *cluster = m_upstream ? m_facts.topology.clusterOf(m_upstream->id) : nullptr)
            primary = cluster->primary();
        const QString commit =
            primary
                ? m_facts.serverSettings.value(primary->id).value(QStringLiteral("synchronous_commit")).value
                : QString();
        if (m_request.synchronous && commit == QLatin1String("remote_apply"))
            add("applyDelay",
                QStringLiteral("With synchronous_commit = remote_apply every commit would wait %1 for the "
                               "delayed standby.")
                    .arg(shown(m_choices.applyDelay)),
                QStringLiteral("Make it asynchronous, or leave the delay out."));
    }

    void checkRestoreCommand()
    {
        const QString &command = m_choices.restoreCommand;
        if (command.isEmpty())
            return;
        const auto bad = [&](const QString &what) {
            add("restoreCommand", what,
                QStringLiteral("Give one shell command with %f and %p, for example cp /archive/%f %p."));
        };
        for (const QChar c : command)
            if (c < u' ' || c == QChar(0x7f) || c == QChar(0x2028) || c == QChar(0x2029))
                return bad(QStringLiteral("The restore command is not one line."));
        if (!command.contains(QLatin1String("%f")) || !command.contains(QLatin1String("%p")))
            return bad(
                QStringLiteral("The restore command does not name the file (%f) and where it goes (%p)."));
        // In a plan that would stand for one of its values, and in a file even for a password.
        if (command.contains(QLatin1String("${")))
            return bad(
                QStringLiteral("The restore command has ${ in it, which a plan reads as one of its own "
                               "values; $NAME without braces, or a script, does as well."));
        if (command.toUtf8().size() > 1000)
            bad(QStringLiteral("The restore command is longer than 1000 bytes."));
    }

    const AddStandbyRequest &m_request;
    const StandbyChoices &m_choices;
    const AddStandbyFacts &m_facts;
    const Node *m_upstream;
    QList<Error> m_errors;
};

bool isEmptyDirectory(const QString &path, Host &host)
{
    const auto owner = host.ownership(path);
    const auto names = host.list(path);
    return owner && owner->isDirectory && names && names->isEmpty();
}

} // namespace

QString restoreCommandThere(const AddStandbyFacts &facts, const Node &upstream)
{
    QList<NodeId> ids;
    if (const Cluster *cluster = facts.topology.clusterOf(upstream.id))
        for (const Node *standby : cluster->standbys())
            ids << standby->id;
    ids << upstream.id;
    for (const NodeId &id : std::as_const(ids)) {
        const QString command = facts.serverSettings.value(id).value(QStringLiteral("restore_command")).value;
        if (!command.isEmpty())
            return command;
    }
    return QStringLiteral("");
}

QList<Error> validateChoices(const AddStandbyRequest &request, const AddStandbyFacts &facts)
{
    return Checker(request, facts).run();
}

StandbyChoices suggestChoices(const AddStandbyRequest &request, const AddStandbyFacts &facts, Host &host)
{
    StandbyChoices choices = request.choices;
    const Node *upstream = facts.upstreamOf(request);
    if (!upstream)
        return choices;
    const bool compose = isCompose(request);
    // A copy is read once more, which is little beside the copying. An image of a Compose project need not
    // have the program.
    if (!choices.verifyBackup)
        choices.verifyBackup = !compose && upstream->versionNum >= 130000;
    if (choices.restoreCommand.isNull())
        choices.restoreCommand = restoreCommandThere(facts, *upstream);
    if (compose)
        return choices;
    if (facts.binding(upstream->id)) {
        for (const Tablespace &tablespace : facts.tablespaces.value(upstream->id)) {
            QString &to = choices.tablespaces[tablespace.location];
            if (!to.isEmpty())
                continue;
            const QString beside = tablespace.location + u'-' + request.name;
            to = beside;
            for (int n = 2; host.exists(to).value_or(true) && n < 100; ++n)
                to = beside + QStringLiteral("-%1").arg(n);
        }
    }
    choices.emptyDirectories.clear();
    for (const QString &path : choices.tablespaces.values() + QStringList{choices.walDirectory})
        if (!path.isEmpty() && isEmptyDirectory(path, host))
            choices.emptyDirectories << path;
    return choices;
}

} // namespace understudy
