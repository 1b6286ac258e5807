// SPDX-License-Identifier: GPL-3.0-or-later
#include "ComposeEditScene.h"

#include <QtTest>

using namespace understudy;
using namespace understudy::test;

namespace {

QByteArray withoutPieces(QByteArray bytes, const QList<InsertedText> &pieces)
{
    for (const InsertedText &piece : pieces) {
        if (bytes.mid(piece.offset, piece.bytes.size()) != piece.bytes)
            return "the pieces are not there";
        bytes.remove(piece.offset, piece.bytes.size());
    }
    return bytes;
}

QByteArray shown(const QList<DiffLine> &diff)
{
    QByteArray out;
    for (const DiffLine &line : diff) {
        if (line.kind == DiffLine::Kind::Gap)
            out += "...\n";
        else
            out += QByteArray::number(line.number) +
                   (line.kind == DiffLine::Kind::Added     ? " +"
                    : line.kind == DiffLine::Kind::Removed ? " -"
                                                           : "  ") +
                   line.text.toUtf8() + '\n';
    }
    return out;
}

const QString fileName = QStringLiteral("docker-compose.yml");

} // namespace

class TestComposeEdit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void accepted_data()
    {
        QTest::addColumn<int>("index");
        const QList<EditCase> cases = acceptedCases();
        for (int i = 0; i < cases.size(); ++i)
            QTest::newRow(cases.at(i).file) << i;
    }

    /// Byte for byte what a careful person would have written.
    void accepted()
    {
        QFETCH(int, index);
        const EditCase one = acceptedCases().at(index);
        const QString name = QString::fromUtf8(one.file);
        const QByteArray before = editFixture(name + QStringLiteral(".yml"));
        QVERIFY(!before.isEmpty());
        auto resolved = resolvedHere(before);
        QVERIFY2(resolved, resolved ? "" : qPrintable(resolved.error().text()));
        if (name == QLatin1String("envfile"))
            resolved->services[1].environment.insert(QStringLiteral("REPLICATION_SLOT"),
                                                     QStringLiteral("standby_slot"));
        const auto edit = addService(before, fileName, *resolved, one.wanted);
        QVERIFY2(edit, edit ? "" : qPrintable(edit.error().text()));
        QCOMPARE(edit->before, before);
        QCOMPARE(withoutPieces(edit->after, edit->inserted), before);
        QCOMPARE(edit->after, editFixture(name + QStringLiteral(".after")));
        const QList<QByteArray> lines = edit->after.split('\n');
        QVERIFY(lines.value(edit->firstLine - 1).contains(one.wanted.name.toUtf8()));
        const auto back = removeInserted(edit->after, fileName, *edit);
        QVERIFY(back);
        QCOMPARE(*back, before);
    }

    void refusedWithALine_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char *name, const QByteArray &yaml, const char *sentence) {
            QTest::newRow(name) << yaml << QString::fromUtf8(sentence);
        };
        const QByteArray db = "    image: postgres\n    ports: ['5433:5432']\n";
        const QByteArray data = "    volumes: ['s:/var/lib/postgresql/data']\n";
        row("services in braces", "services: {s: {image: postgres, ports: ['5433:5432']}}\n",
            "Line 1 of docker-compose.yml cannot be edited: its services stand inside braces.");
        row("all in braces", "{services: {s: {image: postgres}}}\n",
            "Line 1 of docker-compose.yml cannot be edited: the whole file stands inside braces.");
        row("services from an anchor", "x: &x\n  s:\n" + db + "services: *x\n",
            "Line 5 of docker-compose.yml cannot be edited: its services come from elsewhere in the file.");
        row("services merged", "x: &x\n  s:\n" + db + "services:\n  <<: *x\n",
            "Line 6 of docker-compose.yml cannot be edited: the service s is not written here but elsewhere "
            "in "
            "the file.");
        row("service of another file", "include: [other.yml]\nservices:\n  web: {image: nginx}\n",
            "Line 1 of docker-compose.yml cannot be edited: the service s is not written here but in another "
            "file.");
        row("service of an override", "services:\n  web: {image: nginx}\n",
            "Line 1 of docker-compose.yml cannot be edited: the service s is not written here but in another "
            "file.");
        row("service is an alias", "x: &x\n" + db + "services:\n  s: *x\n",
            "Line 5 of docker-compose.yml cannot be edited: its service is an alias of what is written "
            "elsewhere.");
        row("ports from an anchor",
            "x: &x ['5433:5432']\nservices:\n  s:\n    image: postgres\n    ports: *x\n",
            "Line 5 of docker-compose.yml cannot be edited: its ports come from elsewhere in the file.");
        row("ports merged",
            "x: &x\n  ports: ['5433:5432']\nservices:\n  s:\n    <<: *x\n    image: postgres\n",
            "Line 4 of docker-compose.yml cannot be edited: its ports come from elsewhere in the file.");
        row("several ports in variables",
            "services:\n  s:\n    image: postgres\n    ports: ['5433:${A}', '5434:${B}']\n",
            "Line 4 of docker-compose.yml cannot be edited: it does not tell which of its ports is the "
            "server's.");
        row("data merged", "x: &x\n" + data + "services:\n  s:\n    <<: *x\n" + db,
            "Line 4 of docker-compose.yml cannot be edited: its data's volume comes from elsewhere.");
        row("data in memory",
            "services:\n  s:\n" + db +
                "    volumes:\n      - type: tmpfs\n        target: /var/lib/postgresql/data\n",
            "Line 6 of docker-compose.yml cannot be edited: its data is in memory only.");
        row("data without a name of its own",
            "services:\n  s:\n" + db + "    volumes: ['./data:/var/lib/postgresql/data']\n",
            "Line 5 of docker-compose.yml cannot be edited: its data is in a directory whose name does not "
            "tell "
            "how to name another one beside it.");
        row("a second volume",
            "services:\n  s:\n" + db +
                "    volumes: ['s:/var/lib/postgresql/data', 'w:/wal']\nvolumes: {s: , w: }\n",
            "Line 3 of docker-compose.yml cannot be edited: its service has a second volume of its own at "
            "/wal, "
            "which two servers must not share.");
        row("a device",
            "services:\n  s:\n" + db + data +
                "volumes:\n  s:\n    driver_opts:\n      type: none\n      device: /srv/s\n      o: bind\n",
            "Line 10 of docker-compose.yml cannot be edited: its volume is a directory or device that a "
            "second "
            "server cannot have.");
        row("network of another", "services:\n  s:\n    network_mode: service:web\n" + db,
            "Line 3 of docker-compose.yml cannot be edited: its service lives in the network of another "
            "container.");
        row("host network without a port",
            "services:\n  s:\n    image: postgres\n    network_mode: host\n" + data,
            "Line 4 of docker-compose.yml cannot be edited: its server listens on the machine itself, and "
            "its "
            "command does not say at which port.");
        row("replicas", "services:\n  s:\n    deploy:\n      replicas: 2\n" + db,
            "Line 4 of docker-compose.yml cannot be edited: its service does not run in one container.");
        row("no replica", "services:\n  s:\n    deploy: {replicas: 0}\n" + db,
            "Line 3 of docker-compose.yml cannot be edited: its service does not run in one container.");
        row("volumes of another", "services:\n  s:\n" + db + "    volumes_from: [data]\n",
            "Line 5 of docker-compose.yml cannot be edited: its service has the volumes of another "
            "container.");
        row("data in tmpfs", "services:\n  s:\n" + db + "    tmpfs:\n      - /var/lib/postgresql:size=1g\n",
            "Line 6 of docker-compose.yml cannot be edited: its data is in memory only.");
        row("scale", "services:\n  s:\n    scale: 3\n" + db,
            "Line 3 of docker-compose.yml cannot be edited: its service does not run in one container.");
        row("command from an anchor",
            "x: &x postgres -c primary_slot_name=s_slot\nservices:\n  s:\n    command: *x\n" + db,
            "Line 4 of docker-compose.yml cannot be edited: its command names the model's slot, name or port "
            "and "
            "comes from elsewhere in the file.");
        row("environment merged", "x: &x\n  environment: {SLOT: s_slot}\nservices:\n  s:\n    <<: *x\n" + db,
            "Line 4 of docker-compose.yml cannot be edited: its environment names the model's slot, name or "
            "port "
            "and comes from elsewhere in the file.");
        row("name merged", "x: &x {environment: {NAME: s}}\nservices:\n  s:\n    <<: *x\n" + db,
            "Line 3 of docker-compose.yml cannot be edited: its environment comes from elsewhere in the "
            "file.");
        row("volumes from an anchor", "x: &x {s: }\nservices:\n  s:\n" + db + data + "volumes: *x\n",
            "Line 7 of docker-compose.yml cannot be edited: its volumes come from elsewhere in the file.");
        row("indentation said in a number", "services:\n  s:\n    command: |2\n       x\n" + db,
            "Line 3 of docker-compose.yml is written in a way that cannot be edited safely.");
        row("several documents", "services:\n  s:\n" + db + "---\nservices: {}\n",
            "docker-compose.yml holds several YAML documents: Compose reads only one.");
        row("tabs", "services:\n\ts:\n", "Line 2 of docker-compose.yml cannot be read as YAML.");
        row("not closed", "services:\n  s: {image: secret\n",
            "Line 3 of docker-compose.yml cannot be read as YAML.");
        row("a lone return", "services:\n  s:\r    image: x\n",
            "Line 2 of docker-compose.yml holds a control character.");
        row("utf-16", QByteArray("\xff\xfes\0e\0", 6), "docker-compose.yml is not text in UTF-8.");
        row("latin-1", "services: {\xe9: }\n", "docker-compose.yml is not text in UTF-8.");
        row("nothing", "", "docker-compose.yml is empty.");
        row("no services", "s:\n" + db,
            "Line 1 of docker-compose.yml cannot be edited: the file has no services: at its top.");
        row("deep", QByteArray(100000, '['),
            "docker-compose.yml holds more than can be read: its aliases or its nesting multiply.");
        row("blank lines that count",
            "services:\n  s:\n    image: postgres\n    command: |+\n      a\n\n\nvolumes: {}\n",
            "Line 2 of docker-compose.yml cannot be edited: a copy of this service could not be proven right "
            "(something else would change).");
    }

    void refusedWithALine()
    {
        QFETCH(QByteArray, yaml);
        QFETCH(QString, sentence);
        NewComposeService wanted = wantedService("s", "s2", 5440, "s2");
        wanted.modelSlot = QStringLiteral("s_slot");
        wanted.slot = QStringLiteral("s2_slot");
        ComposeProject project;
        if (auto resolved = resolvedHere(yaml))
            project = *resolved;
        if (!project.service(wanted.model)) {
            project.services << ComposeService();
            project.services.last().name = wanted.model;
        }
        const auto edit = addService(yaml, fileName, project, wanted);
        QVERIFY(!edit);
        QCOMPARE(edit.error().what, sentence);
    }

    void questionsThatCannotBe()
    {
        const QByteArray file = editFixture(QStringLiteral("scenario.yml"));
        const auto project = resolvedHere(file);
        QVERIFY(project);
        const auto said = [&](auto change) {
            NewComposeService wanted = wantedService("postgres-standby", "postgres-standby2", 5434, "v2");
            change(wanted);
            const auto edit = addService(file, fileName, *project, wanted);
            return edit ? QStringLiteral("accepted") : edit.error().what;
        };
        QCOMPARE(said([](NewComposeService &) {}), QStringLiteral("accepted"));
        QCOMPARE(said([](NewComposeService &w) { w.name = QStringLiteral("postgres-primary"); }),
                 QStringLiteral("There is a service postgres-primary already."));
        QCOMPARE(said([](NewComposeService &w) { w.model = QStringLiteral("nobody"); }),
                 QStringLiteral("There is no service nobody to be its model."));
        QCOMPARE(said([](NewComposeService &w) { w.volume = QStringLiteral("primary_data"); }),
                 QStringLiteral("There is a volume primary_data already."));
        QCOMPARE(said([](NewComposeService &w) { w.publishedPort = 5433; }),
                 QStringLiteral("Service postgres-standby is published at port 5433 already."));
        QCOMPARE(said([](NewComposeService &w) { w.containerName = QStringLiteral("postgres-primary"); }),
                 QStringLiteral("Service postgres-primary has a container postgres-primary already."));
        for (const char *name : {"", "a b", "a:\n  b", "${X}", "&a", "-x", "a\"b"}) {
            QVERIFY(said([&](NewComposeService &w) { w.name = QString::fromUtf8(name); }) !=
                    QLatin1String("accepted"));
            QVERIFY(*name == '\0' || said([&](NewComposeService &w) {
                                         w.volume = QString::fromUtf8(name);
                                     }) != QLatin1String("accepted"));
        }
    }

    /// A standby after a standby after a standby, each modelled on the last, and all taken back.
    void oneAfterAnother()
    {
        const QByteArray first = editFixture(QStringLiteral("scenario.yml"));
        QByteArray file = first;
        QList<ComposeEdit> edits;
        for (int i = 2; i < 6; ++i) {
            NewComposeService wanted;
            wanted.model =
                i == 2 ? QStringLiteral("postgres-standby") : QStringLiteral("postgres-standby%1").arg(i - 1);
            wanted.name = QStringLiteral("postgres-standby%1").arg(i);
            wanted.publishedPort = 5432 + i;
            wanted.volume = QStringLiteral("standby%1_data").arg(i);
            wanted.modelSlot =
                i == 2 ? QStringLiteral("standby_slot") : QStringLiteral("standby%1_slot").arg(i - 1);
            wanted.slot = QStringLiteral("standby%1_slot").arg(i);
            const auto project = resolvedHere(file);
            QVERIFY(project);
            const auto edit = addService(file, fileName, *project, wanted);
            QVERIFY2(edit, edit ? "" : qPrintable(edit.error().text()));
            file = edit->after;
            edits << *edit;
        }
        QCOMPARE(file.count("-S standby"), 5);
        QCOMPARE(file.count("-S standby4_slot"), 1);
        QCOMPARE(file.count("\n\n  postgres-standby"), 4);
        // In whatever order.
        for (const int i : {1, 3, 0, 2}) {
            const auto without = removeInserted(file, fileName, edits.at(i));
            QVERIFY2(without, without ? "" : qPrintable(without.error().text()));
            file = *without;
        }
        QCOMPARE(file, first);
    }

    /// The file that the Docker tests run on.
    void theLab()
    {
        const QByteArray file = editFixture(QStringLiteral("../../../support/lab/docker-compose.yml"));
        NewComposeService wanted =
            wantedService("postgres-standby", "postgres-standby2", 5434, "standby2_data");
        wanted.modelSlot = QStringLiteral("standby_slot");
        wanted.slot = QStringLiteral("standby2_slot");
        const auto edit = addService(file, fileName, *resolvedHere(file), wanted);
        QVERIFY2(edit, edit ? "" : qPrintable(edit.error().text()));
        const QByteArray added = edit->inserted.first().bytes;
        QVERIFY(added.startsWith("\n  postgres-standby2:\n    <<: *postgres\n    depends_on:\n"));
        QVERIFY(added.contains("-S standby2_slot; do\n") && !added.contains("standby_slot"));
        QVERIFY(added.contains("      - \"127.0.0.1:5434:5432\"\n"));
        QVERIFY(added.contains("      - standby2_data:/var/lib/postgresql/data\n"));
        QCOMPARE(edit->inserted.at(1).bytes, QByteArray("  standby2_data:\n"));
        QVERIFY(edit->notes.isEmpty());
    }

    void takenBackFromAFileThatWasChanged()
    {
        const EditCase one = acceptedCases().first();
        const QByteArray file = editFixture(QStringLiteral("scenario.yml"));
        const auto edit = addService(file, fileName, *resolvedHere(file), one.wanted);
        QVERIFY(edit);
        const auto changed = [](QByteArray bytes) {
            return "# theirs\n" + bytes.replace("max_wal_senders=10", "max_wal_senders=20") + "# end";
        };
        const auto back = removeInserted(changed(edit->after), fileName, *edit);
        QVERIFY(back);
        QCOMPARE(*back, changed(file));

        const QString sentence = QStringLiteral(
            "docker-compose.yml was changed since postgres-standby2 was added to it, and so that "
            "cannot be taken out again without touching what somebody else wrote.");
        QByteArray touched = edit->after;
        touched.replace("5434:5432", "5435:5432");
        QByteArray twice = edit->after + edit->inserted.first().bytes;
        QByteArray longer = edit->after;
        longer.replace("  standby2_data:\n", "  standby2_data:\n    driver: local\n");
        for (const QByteArray &bytes : {touched, twice, longer, file, QByteArray(), QByteArray("\xff")}) {
            const auto no = removeInserted(bytes, fileName, *edit);
            QVERIFY(!no);
            QCOMPARE(no.error().what, sentence);
        }
    }

    void secretsAreNotShown()
    {
        const QByteArray file = "services:\n  s:\n    image: postgres\n    ports: ['5433:5432']\n"
                                "    # POSTGRES_PASSWORD: old-hidden1\n"
                                "    environment:\n"
                                "      POSTGRES_PASSWORD: 'hidden2 ''x'\n"
                                "      API_KEY: >-\n        hidden3\n        hidden4\n"
                                "      PASSWORD_FILE: /run/secrets/shown1\n"
                                "      URI: postgres://shown2:hidden5@db/x\n"
                                "      PGUSER: shown3 # token=hidden6\n"
                                "    command: [\"sh\", \"-c\", \"PGPASSWORD=hidden7 pg_basebackup -d "
                                "'host=shown4 password=hidden8' && echo given9\"]\n";
        NewComposeService wanted = wantedService("s", "s2", 5440, "s2");
        wanted.secrets = {QStringLiteral("given9")};
        const auto edit = addService(file, fileName, *resolvedHere(file), wanted);
        QVERIFY2(edit, edit ? "" : qPrintable(edit.error().text()));
        const QByteArray text = shown(edit->diff);
        QVERIFY2(!text.contains("hidden1") && !text.contains("given9"), text.constData());
        for (int i = 2; i < 9; ++i)
            QVERIFY2(!text.contains("hidden" + QByteArray::number(i)), text.constData());
        for (int i = 1; i < 5; ++i)
            QVERIFY2(text.contains("shown" + QByteArray::number(i)), text.constData());
        QVERIFY(edit->after.count("hidden7") == 2); // Only the picture of it is without.
    }

    /// What stands where nobody can add a line can still be modelled on in a file of its own.
    void besideTheFile_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        const QByteArray db =
            "{image: postgres, ports: ['5433:5432'], volumes: ['s:/var/lib/postgresql/data'], "
            "command: 'postgres -c primary_slot_name=s_slot'}";
        QTest::newRow("in braces") << "services: {s: " + db + "}\nvolumes: {s: {driver: local}}\n";
        QTest::newRow("an alias") << "x: &x " + db + "\nservices: {s: *x}\nvolumes: {s: {driver: local}}\n";
        QTest::newRow("merged") << "version: '3'\nx: &x {s: " + db +
                                       "}\nservices: {<<: *x}\nvolumes: &v {s: {driver: local}}\n";
    }

    void besideTheFile()
    {
        QFETCH(QByteArray, yaml);
        NewComposeService wanted = wantedService("s", "s2", 5440, "v2");
        wanted.modelSlot = QStringLiteral("s_slot");
        wanted.slot = QStringLiteral("s2_slot");
        const auto project = resolvedHere(yaml);
        QVERIFY(project);
        QVERIFY(!addService(yaml, fileName, *project, wanted));
        const auto beside = overrideFile(yaml, fileName, *project, wanted);
        QVERIFY2(beside, beside ? "" : qPrintable(beside.error().text()));
        QVERIFY(beside->text.startsWith("# The standby s2, modelled on s of docker-compose.yml.\n"));
        QCOMPARE(beside->volume, QStringLiteral("v2"));
        QCOMPARE(beside->text.contains("version: \"3\"\n"), yaml.startsWith("version"));
        QVERIFY(beside->text.contains("volumes:\n  v2:\n    driver: local\n"));
        const auto made = resolvedHere(beside->text);
        QVERIFY(made);
        QCOMPARE(made->services.size(), 1);
        ComposeService expected = project->services.first();
        expected.name = QStringLiteral("s2");
        expected.ports[0].published = expected.ports[0].publishedEnd = 5440;
        expected.volumes[0].source = QStringLiteral("v2");
        expected.command[2] = QStringLiteral("primary_slot_name=s2_slot");
        QVERIFY(made->services.first() == expected);
        QVERIFY(!overrideFile("services: {}\n", fileName, *project, wanted));
    }

    /// The copy of a primary initializes nothing, keeps the server's settings and gets a volume of its own.
    void aStandbyLikeThePrimary()
    {
        const QByteArray file =
            "services:\n  db:\n    image: postgres:16\n    entrypoint: [/my/init.sh]\n"
            "    command: postgres -c max_connections=500\n    restart: always\n"
            "    environment:\n      POSTGRES_PASSWORD: hunter2\n      POSTGRES_USER: app\n      TZ: UTC\n"
            "    volumes:\n      - data:/var/lib/postgresql/data\n      - "
            "./init:/docker-entrypoint-initdb.d\n"
            "    healthcheck:\n      test: [CMD-SHELL, 'pg_isready -U $$POSTGRES_USER']\n"
            "    ports: ['5432:5432']\nvolumes:\n  data:\n";
        NewComposeService wanted = wantedService("db", "db-standby", 5433, "db_standby_data");
        wanted.plainStandby = true;
        const auto edit = addService(file, fileName, *resolvedHere(file), wanted);
        QVERIFY2(edit, edit ? "" : qPrintable(edit.error().text()));
        const auto after = resolvedHere(edit->after);
        QVERIFY(after && after->service(QStringLiteral("db-standby")));
        const ComposeService &made = *after->service(QStringLiteral("db-standby"));
        // The user stays, since the health check asks with it.
        QCOMPARE(made.environment.keys(),
                 QStringList({QStringLiteral("POSTGRES_USER"), QStringLiteral("TZ")}));
        QVERIFY(made.entrypoint.isEmpty());
        QCOMPARE(made.command, after->service(QStringLiteral("db"))->command);
        QCOMPARE(made.restart, QStringLiteral("always"));
        QCOMPARE(made.volumes.size(), 1);
        QCOMPARE(made.volumes.first().source, QStringLiteral("db_standby_data"));
        // A command that does something else is not a standby's.
        QByteArray script = file;
        script.replace("postgres -c max_connections=500", "sh -c 'init; exec postgres'");
        const auto other = addService(script, fileName, *resolvedHere(script), wanted);
        QVERIFY2(other, other ? "" : qPrintable(other.error().text()));
        QVERIFY(resolvedHere(other->after)->service(QStringLiteral("db-standby"))->command.isEmpty());
    }

    /// Data in a directory gets one beside it, in the long and in the short form.
    void aDirectoryBeside_data()
    {
        QTest::addColumn<QByteArray>("mount");
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("directory");
        QTest::newRow("short") << QByteArray("./s1-data:/var/lib/postgresql/data:Z") << "./s2"
                               << "/srv/p/s2";
        QTest::newRow("named after") << QByteArray("./dbs/s1/data:/var/lib/postgresql/data")
                                     << "./dbs/s2/data"
                                     << "/srv/p/dbs/s2/data";
        QTest::newRow("long") << QByteArray(
                                     "{type: bind, source: ./s1-data, target: /var/lib/postgresql/data}")
                              << "./s2"
                              << "/srv/p/s2";
    }

    void aDirectoryBeside()
    {
        QFETCH(QByteArray, mount);
        QFETCH(QString, source);
        QFETCH(QString, directory);
        const QByteArray file =
            "services:\n  s1:\n    image: postgres\n    ports: ['5433:5432']\n    volumes:\n      - " +
            mount + "\n";
        // As Compose resolves it.
        auto project = resolvedHere(file);
        QVERIFY(project);
        ComposeVolume &volume = project->services.first().volumes.first();
        volume.type = QStringLiteral("bind");
        volume.source.replace(0, 1, QStringLiteral("/srv/p"));
        NewComposeService wanted = wantedService("s1", "s2", 5434, "");
        const auto edit = addService(file, fileName, *project, wanted);
        QVERIFY2(edit, edit ? "" : qPrintable(edit.error().text()));
        QCOMPARE(edit->dataSource, source);
        QCOMPARE(edit->dataDirectory, directory);
        QVERIFY(edit->volume.isEmpty());
    }

    void healthChecksAskTheirOwnServer()
    {
        const auto copyOf = [](const QByteArray &test) {
            const QByteArray file =
                "services:\n  s1:\n    image: postgres\n    command: |\n    healthcheck:\n"
                "      test: " +
                test + "\n    ports: ['5433:5432']\n";
            const auto edit =
                addService(file, fileName, *resolvedHere(file), wantedService("s1", "s2", 5434, "v2"));
            return edit ? edit->inserted.first().bytes : edit.error().text().toUtf8();
        };
        QVERIFY(copyOf("pg_isready -h s1 -U s1").contains("test: pg_isready -h s2 -U s1\n"));
        QVERIFY(copyOf("[CMD, pg_isready, -h, s1, -d, s1]")
                    .contains("test: [CMD, pg_isready, -h, s2, -d, s1]\n"));
        QVERIFY(copyOf("[CMD-SHELL, 'pg_isready --host=\"s1\"']").contains("'pg_isready --host=\"s2\"'"));
        QVERIFY(copyOf("pg_isready -h s10").contains("-h s10\n"));
    }

    void whatOtherFilesSayIsToldOf()
    {
        const QByteArray file = editFixture(QStringLiteral("single.yml"));
        auto project = resolvedHere(file);
        QVERIFY(project);
        project->services[0].command = QStringList{QStringLiteral("postgres")};
        project->services[0].containerName = QStringLiteral("db-1");
        const auto edit = addService(file, fileName, *project, wantedService("db", "db2", 5433, "v2"));
        QVERIFY2(edit, edit ? "" : qPrintable(edit.error().text()));
        QCOMPARE(edit->notes,
                 QStringList{QStringLiteral(
                     "The model gets this from another file, and the new service does not: command.")});
        QVERIFY(edit->inserted.first().bytes.contains("    container_name: db2\n"));
    }

    void theDiff()
    {
        const QByteArray file = "services:\n  s:\n    image: postgres\n    ports: ['5433:5432']\n"
                                "    volumes: ['s:/var/lib/postgresql/data']\nvolumes: {s: {}}\n";
        const auto edit =
            addService(file, fileName, *resolvedHere(file), wantedService("s", "s2", 5440, "v2"));
        QVERIFY(edit);
        QCOMPARE(edit->firstLine, 6);
        QCOMPARE(shown(edit->diff),
                 QByteArray("...\n3      image: postgres\n4      ports: ['5433:5432']\n"
                            "5      volumes: ['s:/var/lib/postgresql/data']\n"
                            "6 +  s2:\n7 +    image: postgres\n8 +    ports: ['5440:5432']\n"
                            "9 +    volumes: ['v2:/var/lib/postgresql/data']\n"
                            "10 -volumes: {s: {}}\n10 +volumes: {s: {}, v2: {}}\n"));
    }
};

QTEST_GUILESS_MAIN(TestComposeEdit)
#include "tst_compose_edit.moc"
