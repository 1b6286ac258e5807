// SPDX-License-Identifier: GPL-3.0-or-later
#include "ComposeLab.h"
#include "TestServer.h"
#include "clusters/ClusterSecrets.h"
#include "operations/preflight/Preflight.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QScopeGuard>
#include <QTest>
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace understudy;
using test::ComposeLab;

namespace {

const QString primaryName = QStringLiteral("postgres-primary");

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QString all(const PreflightResult &result)
{
    QString text = result.sentence();
    for (const CheckResult &c : result.checks)
        text += QStringLiteral("\n  %1 %2: %3 | %4 (%5 ms)")
                    .arg(stableName(c.status), c.id, c.evidence, c.why)
                    .arg(c.tookMs, 0, 'f', 0);
    return text;
}

} // namespace

/// Pre-flight of a standby as a service of a Compose project, on a real one: everything passes, and each
/// thing that is in the way fails its own row with one sentence.
class TestComposePreflight : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void everythingPasses();
    void portTaken();
    void portOfAService();
    void serviceTaken();
    void containerLeft();
    void volumeExists();
    void readOnlyFile();
    void changedFile();
    void overrideFile();
    void wrongPassword();
    void noHbaLine();
    void lowerSettings();
    void engineAway();
    void theVerbSaysIt();
    void nothingLeft();
    void cleanupTestCase();

private:
    Result<AddStandbyFacts> facts() const;
    AddStandbyRequest request() const;
    PreflightResult run(const AddStandbyRequest &request, const AddStandbyFacts &facts) const;
    PreflightResult run(const AddStandbyRequest &request) const { return run(request, *m_facts); }
    static CheckResult check(const PreflightResult &result, const char *id);
    static QStringList failedIds(const PreflightResult &result);
    bool write(const QByteArray &content) const;

    std::unique_ptr<ComposeLab> m_lab;
    QTemporaryDir m_own;
    ClusterSpec m_spec;
    std::shared_ptr<const SecretSource> m_secrets;
    std::optional<AddStandbyFacts> m_facts;
    QByteArray m_file;
    QString m_before;
    QString things() const; ///< Of the engine: containers, volumes.
};

Result<AddStandbyFacts> TestComposePreflight::facts() const
{
    return gatherFacts(m_spec, m_secrets);
}

AddStandbyRequest TestComposePreflight::request() const
{
    AddStandbyRequest request;
    request.on = QStringLiteral("compose");
    return suggest(request, *m_facts);
}

PreflightResult TestComposePreflight::run(const AddStandbyRequest &request,
                                          const AddStandbyFacts &facts) const
{
    const PreflightResult result = runPreflight(request, facts, m_secrets, {});
    for (const CheckResult &each : result.checks) {
        // No secret anywhere, and one sentence a row.
        const QString said = each.evidence + each.why + (each.fix ? each.fix->command : QString());
        if (said.contains(QLatin1String("ecret")))
            qFatal("%s: %s", qPrintable(each.id), qPrintable(said));
    }
    return result;
}

CheckResult TestComposePreflight::check(const PreflightResult &result, const char *id)
{
    for (const CheckResult &each : result.checks) {
        if (each.id == QLatin1String(id))
            return each;
    }
    return {};
}

QStringList TestComposePreflight::failedIds(const PreflightResult &result)
{
    QStringList ids;
    for (const CheckResult &each : result.checks) {
        if (each.status == CheckStatus::Fail)
            ids << each.id;
    }
    return ids;
}

bool TestComposePreflight::write(const QByteArray &content) const
{
    QFile file(m_lab->file());
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

QString TestComposePreflight::things() const
{
    return m_lab->docker({QStringLiteral("ps"), QStringLiteral("-aq")}) + u'\n' +
           m_lab->docker({QStringLiteral("volume"), QStringLiteral("ls"), QStringLiteral("-q")});
}

void TestComposePreflight::initTestCase()
{
    if (const QString missing = ComposeLab::missing(); !missing.isEmpty())
        QSKIP(qPrintable(QStringLiteral("SKIPPED, nothing was tested with Docker: ") + missing));
    qputenv("HOME", QFile::encodeName(m_own.path())); // Nobody's own passwords take part.
    qunsetenv("PGPASSFILE");
    qunsetenv("PGPASSWORD");
    m_lab = std::make_unique<ComposeLab>();
    QVERIFY(m_lab->up());
    const auto spec = resolveCluster(m_lab->file());
    QVERIFY2(spec, spec ? "" : qPrintable(spec.error().text()));
    m_spec = *spec;
    m_secrets = secretsOf(m_spec, std::make_shared<LibpqSecrets>());
    const auto found = facts();
    QVERIFY2(found, found ? "" : qPrintable(found.error().text()));
    m_facts = *found;
    QVERIFY2(m_facts->compose, m_facts->composeProblem ? qPrintable(m_facts->composeProblem->text()) : "");
    m_file = contentOf(m_lab->file());
    QVERIFY(!m_file.isEmpty());
    m_before = things();
}

void TestComposePreflight::everythingPasses()
{
    QElapsedTimer timer;
    timer.start();
    const PreflightResult result = run(request());
    qInfo("%s\n  took %lld ms", qPrintable(all(result)), static_cast<long long>(timer.elapsed()));
    QVERIFY2(!result.blocked(), qPrintable(all(result)));
    QCOMPARE(result.count(CheckStatus::Skipped), 0);
    for (const CheckResult &each : result.checks) {
        QVERIFY2(!each.evidence.isEmpty(), qPrintable(each.id));
        // What a fresh server always lacks.
        if (each.status == CheckStatus::Warning)
            QVERIFY2(each.id == u"slot_retention" || each.id == u"checksums" || each.id == u"disk",
                     qPrintable(all(result)));
    }
    QVERIFY2(check(result, "compose_file")
                 .evidence.contains(QLatin1String("service postgres-standby2 from line ")),
             qPrintable(all(result)));
    QVERIFY(check(result, "replication_login")
                .evidence.contains(QLatin1String("replicator at postgres-primary:5432")));
    QVERIFY(check(result, "network").evidence.contains(QLatin1String("replication")));
    QCOMPARE(check(result, "engine").groupWords(),
             QStringLiteral("Target: Compose project ") + m_facts->compose->projectName);
    QCOMPARE(contentOf(m_lab->file()), m_file);
}

void TestComposePreflight::portTaken()
{
    // Something that is no container.
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto closed = qScopeGuard([fd] { ::close(fd); });
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    QVERIFY(::bind(fd, reinterpret_cast<sockaddr *>(&address), length) == 0 && ::listen(fd, 1) == 0);
    QVERIFY(::getsockname(fd, reinterpret_cast<sockaddr *>(&address), &length) == 0);
    AddStandbyRequest request = this->request();
    request.port = ntohs(address.sin_port);
    const PreflightResult result = run(request);
    QCOMPARE(failedIds(result), QStringList{QStringLiteral("port")});
    QCOMPARE(check(result, "port").evidence,
             QStringLiteral("port %1 is taken: something listens there").arg(request.port));
    QCOMPARE(check(result, "port").fix->setField, QStringLiteral("port"));
}

void TestComposePreflight::portOfAService()
{
    AddStandbyRequest request = this->request();
    request.port = m_lab->standbyPort();
    const PreflightResult result = run(request);
    QVERIFY(failedIds(result).contains(QStringLiteral("port")));
    QCOMPARE(check(result, "port").evidence,
             QStringLiteral("port %1 is published by service postgres-standby").arg(request.port));
}

void TestComposePreflight::serviceTaken()
{
    AddStandbyRequest request = this->request();
    request.service = QStringLiteral("postgres-standby");
    const PreflightResult result = run(request);
    const CheckResult names = check(result, "compose_names");
    QCOMPARE(names.status, CheckStatus::Fail);
    QCOMPARE(names.evidence, QStringLiteral("service postgres-standby is in docker-compose.yml already"));
    QCOMPARE(names.fix->setField, QStringLiteral("service"));
    QCOMPARE(names.fix->setValue, QStringLiteral("postgres-standby2"));
    QCOMPARE(check(result, "compose_file").status, CheckStatus::Fail);
}

void TestComposePreflight::containerLeft()
{
    // As a service that was taken out of the file leaves it.
    const QString image = m_facts->compose->project.service(primaryName)->image;
    const QString id = m_lab->docker(
        {QStringLiteral("create"), QStringLiteral("--label"),
         QStringLiteral("com.docker.compose.project=") + m_facts->compose->projectName,
         QStringLiteral("--label"), QStringLiteral("com.docker.compose.service=postgres-standby2"), image});
    QVERIFY(!id.isEmpty());
    const auto gone = qScopeGuard([&] {
        (void)m_lab->docker({QStringLiteral("rm"), QStringLiteral("-fv"), id});
    });
    const PreflightResult result = run(request());
    QCOMPARE(failedIds(result), QStringList{QStringLiteral("compose_names")});
    QCOMPARE(check(result, "compose_names").evidence,
             QStringLiteral("a container of a service postgres-standby2 is there already"));
}

void TestComposePreflight::volumeExists()
{
    const QString name = m_facts->compose->volumeName(request().volume);
    QCOMPARE(m_lab->docker({QStringLiteral("volume"), QStringLiteral("create"), name}), name);
    const auto gone = qScopeGuard([&] {
        (void)m_lab->docker({QStringLiteral("volume"), QStringLiteral("rm"), name});
    });
    const PreflightResult result = run(request());
    QCOMPARE(failedIds(result), QStringList{QStringLiteral("compose_names")});
    QCOMPARE(check(result, "compose_names").evidence, QStringLiteral("volume %1 is there already").arg(name));
    QCOMPARE(check(result, "compose_names").field, QStringLiteral("volume"));
}

void TestComposePreflight::readOnlyFile()
{
    QVERIFY(QFile::setPermissions(m_lab->file(), QFile::ReadOwner | QFile::ReadGroup | QFile::ReadOther));
    const PreflightResult result = run(request());
    QVERIFY(QFile::setPermissions(m_lab->file(), QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup |
                                                     QFile::ReadOther));
    QCOMPARE(failedIds(result), QStringList{QStringLiteral("compose_file")});
    QCOMPARE(check(result, "compose_file").evidence,
             QStringLiteral("%1 is read-only, mode 0444").arg(m_lab->file()));
}

void TestComposePreflight::changedFile()
{
    QVERIFY(write(m_file + "# mine\n"));
    const PreflightResult result = run(request());
    QVERIFY(write(m_file));
    QCOMPARE(failedIds(result), QStringList{QStringLiteral("compose_file")});
    QCOMPARE(check(result, "compose_file").evidence,
             QStringLiteral("%1 was changed after it was read").arg(m_lab->file()));
}

void TestComposePreflight::overrideFile()
{
    const QString path = m_lab->folder() + QStringLiteral("/project/docker-compose.override.yml");
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("version: \"3.8\"\nservices:\n  postgres-primary:\n    labels:\n      some: thing\n");
    file.close();
    const auto gone = qScopeGuard([&] { QFile::remove(path); });
    const auto found = facts();
    QVERIFY2(found, found ? "" : qPrintable(found.error().text()));
    const PreflightResult result = run(request(), *found);
    QVERIFY2(!result.blocked(), qPrintable(all(result)));
    QCOMPARE(check(result, "compose_file").status, CheckStatus::Warning);
    QVERIFY(check(result, "compose_file")
                .evidence.endsWith(QLatin1String("docker-compose.override.yml is read too")));
}

void TestComposePreflight::wrongPassword()
{
    QByteArray wrong = m_file;
    wrong.replace("PGPASSWORD=replicator-secret", "PGPASSWORD=something-else");
    QVERIFY(wrong != m_file && write(wrong));
    const auto found = facts();
    const PreflightResult result = run(request(), *found);
    QVERIFY(write(m_file));
    QCOMPARE(failedIds(result), QStringList{QStringLiteral("replication_login")});
    const CheckResult login = check(result, "replication_login");
    QVERIFY2(login.evidence.startsWith(QLatin1String("wrong password for replicator")),
             qPrintable(all(result)));
    QVERIFY(login.why.contains(QLatin1String("PGPASSWORD")));
    QVERIFY(!all(result).contains(QLatin1String("something-else")));
    QCOMPARE(check(result, "network").status, CheckStatus::Pass); // A refusal is an answer.
}

void TestComposePreflight::noHbaLine()
{
    const auto inPrimary = [this](const QString &line) {
        return m_lab->docker({QStringLiteral("exec"), m_lab->container(primaryName), QStringLiteral("bash"),
                              QStringLiteral("-c"), line});
    };
    QVERIFY(!inPrimary(QStringLiteral("cp -p $PGDATA/pg_hba.conf $PGDATA/hba.old && "
                                      "sed -i /replicator/d $PGDATA/pg_hba.conf"))
                 .isNull());
    QVERIFY(!m_lab->psql(primaryName, QStringLiteral("SELECT pg_reload_conf()")).isNull());
    const auto back = qScopeGuard([&] {
        (void)inPrimary(QStringLiteral("mv $PGDATA/hba.old $PGDATA/pg_hba.conf"));
        (void)m_lab->psql(primaryName, QStringLiteral("SELECT pg_reload_conf()"));
    });
    const auto refused = [&] {
        const CheckResult login = check(run(request()), "replication_login");
        return login.status == CheckStatus::Fail &&
               login.evidence.contains(QLatin1String("no pg_hba.conf entry")) && login.fix &&
               login.fix->command.contains(QLatin1String("samenet"));
    };
    QTRY_VERIFY_WITH_TIMEOUT(refused(), 20000);
}

void TestComposePreflight::lowerSettings()
{
    AddStandbyFacts known = *m_facts;
    known.serverSettings[known.compose->modelNode][QStringLiteral("max_connections")] = {
        QStringLiteral("50"), QStringLiteral("command line"), {}};
    const PreflightResult result = run(request(), known);
    QCOMPARE(failedIds(result), QStringList{QStringLiteral("settings_parity")});
    QCOMPARE(check(result, "settings_parity").evidence,
             QStringLiteral("max_connections = 50, the primary has 100"));
    QCOMPARE(check(result, "settings_parity").fix->command, QStringLiteral("-c max_connections=100"));
}

void TestComposePreflight::engineAway()
{
    const QByteArray host = qgetenv("DOCKER_HOST");
    qputenv("DOCKER_HOST", "unix:///nonexistent/docker.sock");
    QElapsedTimer timer;
    timer.start();
    const PreflightResult result = run(request());
    const qint64 took = timer.elapsed();
    host.isEmpty() ? qunsetenv("DOCKER_HOST") : qputenv("DOCKER_HOST", host);
    QCOMPARE(failedIds(result), QStringList{QStringLiteral("engine")});
    QVERIFY2(check(result, "engine").evidence.contains(QLatin1String("Cannot connect to the Docker daemon")),
             qPrintable(all(result)));
    QCOMPARE(check(result, "replication_login").status, CheckStatus::Skipped);
    QCOMPARE(check(result, "image").status, CheckStatus::Skipped);
    QVERIFY2(took < 10000, qPrintable(all(result)));
}

void TestComposePreflight::theVerbSaysIt()
{
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("XDG_STATE_HOME"), m_own.path());
    environment.insert(QStringLiteral("XDG_RUNTIME_DIR"), m_own.path());
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(UNDERSTUDY_BINARY),
                  {QStringLiteral("preflight"), m_lab->file(), QStringLiteral("--json")});
    process.closeWriteChannel();
    QVERIFY(process.waitForFinished(60000));
    const QByteArray out = process.readAllStandardOutput(), err = process.readAllStandardError();
    QVERIFY2(process.exitCode() == 0, (err + out).constData());
    const QJsonArray checks = QJsonDocument::fromJson(out).object().value(QStringLiteral("checks")).toArray();
    QStringList ids;
    for (const QJsonValue &each : checks)
        ids << each[QStringLiteral("id")].toString();
    QVERIFY(ids.contains(QStringLiteral("engine")) && ids.contains(QStringLiteral("compose_file")));
    QVERIFY(!out.contains("ecret") && !err.contains("ecret"));
}

void TestComposePreflight::nothingLeft()
{
    QCOMPARE(things(), m_before);
    QCOMPARE(contentOf(m_lab->file()), m_file);
    QCOMPARE(m_lab->psql(primaryName, QStringLiteral("SELECT count(*) FROM pg_replication_slots")),
             QStringLiteral("1"));
}

void TestComposePreflight::cleanupTestCase()
{
    const QString folder = m_lab ? m_lab->folder() : QString();
    m_lab.reset();
    QVERIFY2(folder.isEmpty() || !QFile::exists(folder), qPrintable(folder));
}

QTEST_GUILESS_MAIN(TestComposePreflight)
#include "tst_compose_preflight.moc"
