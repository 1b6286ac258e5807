// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/FileEdit.h"

#include <QJsonDocument>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace understudy;

namespace {

const QByteArray file = "services:\n"
                        "  standby:\n"
                        "    environment:\n"
                        "      - PGPASSWORD=hunter2\n"
                        "    ports: [\"5433:5432\"]\n"
                        "volumes:\n"
                        "  data:\n"
                        "# end";
const QByteArray service = "  standby2:\n"
                           "    environment:\n"
                           "      - PGPASSWORD=hunter2\n"
                           "    ports: [\"5434:5432\"]\n";
const QByteArray volume = "  data2:\n";

QList<TextInsertion> insertions()
{
    return {{file.indexOf("volumes:"), service, 6, QStringLiteral("standby2 (hidden)\n...\n...\n...")},
            {file.indexOf("# end"), volume, 12, QStringLiteral("  data2:")}};
}

EditAction edit()
{
    auto made = editOf(file, insertions(), {QStringLiteral("hunter2")});
    if (!made)
        qFatal("%s", qPrintable(made.error().text()));
    made->host = QStringLiteral("local");
    made->path = QStringLiteral("/srv/docker-compose.yml");
    return *made;
}

QByteArray edited()
{
    QByteArray out = file;
    out.insert(out.indexOf("# end"), volume);
    out.insert(out.indexOf("volumes:"), service);
    return out;
}

} // namespace

/// Edits of a person's file: only what is meant changes, and it can be taken back.
class TestFileEdit : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void addsAndTakesOut();
    void keepsNoSecret();
    void refusesAnotherFile();
    void takesOutOfAChangedFile();
    void leavesWhatWasChanged();
    void torn();
    void asShell();
    void makesAFile();
};

// A new file whose password stands in another one: the plan has neither the line nor the password.
void TestFileEdit::makesAFile()
{
    const QByteArray text = "services:\n  standby2:\n    environment: {PGPASSWORD: hunter2, X: hunter2}\n";
    const auto edit = creationOf(file, text, QStringLiteral("(hidden)"), {QStringLiteral("hunter2")});
    QVERIFY2(edit, edit ? "" : qPrintable(edit.error().text()));
    EditAction action = *edit;
    action.source = QStringLiteral("/srv/docker-compose.yml");
    QVERIFY(action.creates());
    Step step;
    step.id = QStringLiteral("file");
    step.actions = {action};
    Plan plan;
    plan.id = plan.kind = QStringLiteral("x");
    plan.steps = {step};
    const QByteArray json = QJsonDocument(toJson(plan)).toJson();
    QVERIFY(!json.contains("hunter2"));
    const auto back = planFromJson(QJsonDocument::fromJson(json).object());
    QVERIFY(back);
    const auto same = std::get<EditAction>(back->steps.constFirst().actions.constFirst());
    QCOMPARE(same.source, action.source);
    QCOMPARE(createdText(file, same).value(), text);
    QVERIFY(!createdText(file + "# changed\n", same));
    // What stands nowhere cannot be copied, and is not kept.
    QVERIFY(!creationOf("services: {}\n", text, {}, {QStringLiteral("hunter2")}));
}

void TestFileEdit::addsAndTakesOut()
{
    const auto after = withInsertions(file, edit());
    QVERIFY2(after, after ? "" : qPrintable(after.error().text()));
    QCOMPARE(*after, edited());
    QCOMPARE(edit().lines(), 5);
    QCOMPARE(withoutInsertions(*after, edit()).value(), file);
    QCOMPARE(withoutInsertions(file, edit()).value(), file); // nothing was added yet
}

void TestFileEdit::keepsNoSecret()
{
    Plan plan;
    plan.id = plan.kind = QStringLiteral("x");
    Step step;
    step.id = QStringLiteral("file");
    step.actions << edit();
    plan.steps << step;
    const QByteArray json = QJsonDocument(toJson(plan)).toJson();
    QVERIFY2(!json.contains("hunter2"), json.constData());
    QVERIFY(!plan.toScript().contains(QStringLiteral("hunter2")));
    QVERIFY(!step.shownCommands().join(u' ').contains(QStringLiteral("hunter2")));
    const auto back = planFromJson(toJson(plan));
    QVERIFY(back);
    QCOMPARE(toJson(*back), toJson(plan));
    QCOMPARE(withInsertions(file, std::get<EditAction>(back->steps[0].actions[0])).value(), edited());

    // A changed line with a secret in it would have to be written down: refused, and not repeated.
    const auto bad =
        editOf(file, {{0, "      - URL=postgres://u:hunter2@h2\n", 1, {}}}, {QStringLiteral("hunter2")});
    QVERIFY(!bad);
    QVERIFY(!bad.error().text().contains(QStringLiteral("hunter2")));
}

void TestFileEdit::refusesAnotherFile()
{
    const auto after = withInsertions(file + "\n", edit());
    QVERIFY(!after);
    QVERIFY2(after.error().text().contains(QStringLiteral("changed by somebody else")),
             qPrintable(after.error().text()));
    QVERIFY(!withInsertions(edited(), edit())); // twice
    EditAction other = edit();
    other.insertions[0].pieces[0].text += u'x';
    QVERIFY(!withInsertions(file, other)); // not what was reviewed
}

void TestFileEdit::takesOutOfAChangedFile()
{
    QByteArray now = edited();
    now.replace("# end", "# the end\r\n");
    now.prepend("# by somebody else\n");
    now.insert(now.indexOf("volumes:"), "  other:\n    image: x\n");
    const auto after = withoutInsertions(now, edit());
    QVERIFY2(after, after ? "" : qPrintable(after.error().text()));
    QByteArray expected = file;
    expected.replace("# end", "# the end\r\n");
    expected.prepend("# by somebody else\n");
    expected.insert(expected.indexOf("volumes:"), "  other:\n    image: x\n");
    QCOMPARE(*after, expected);
}

void TestFileEdit::leavesWhatWasChanged()
{
    QByteArray now = edited();
    now.replace("5434", "6434");
    const auto after = withoutInsertions(now, edit());
    QVERIFY(!after);
    QVERIFY2(after.error().text().contains(edit().path), qPrintable(after.error().text()));
}

void TestFileEdit::torn()
{
    // Whatever a torn journal says, no byte outside of the file is read.
    for (const qint64 from : {Q_INT64_C(100000), Q_INT64_C(9223372036854775807)}) {
        EditAction action = edit();
        action.insertions[0].pieces << EditAction::Piece{from, 10, {}};
        QVERIFY(!withInsertions(file, action));
    }
    EditAction action = edit();
    action.insertions[0].at = -5;
    QVERIFY(!withInsertions(file, action));
    action = edit();
    action.insertions[1].length = 1000000;
    action.after = sha256("something");
    QVERIFY(!withoutInsertions(edited(), action));
}

void TestFileEdit::asShell()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("it's a compose.yml"));
    QFile out(path);
    QVERIFY(out.open(QIODevice::WriteOnly));
    out.write(file);
    out.close();
    Plan plan;
    plan.id = plan.kind = plan.title = QStringLiteral("x");
    Step step;
    step.id = QStringLiteral("file");
    step.title = QStringLiteral("Edit");
    EditAction action = edit();
    action.path = path;
    step.actions << action;
    plan.steps << step;
    const auto run = [&] {
        QProcess bash;
        bash.start(QStringLiteral("bash"), {QStringLiteral("-c"), plan.toScript()});
        if (!bash.waitForFinished(20000))
            return -1;
        return bash.exitCode();
    };
    const auto content = [&path] {
        QFile in(path);
        return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
    };
    QCOMPARE(run(), 0);
    QCOMPARE(content(), edited());
    QVERIFY(run() != 0); // the file is another one now
    QCOMPARE(content(), edited());
    action.takeOut = true;
    plan.steps[0].actions = {action};
    QCOMPARE(run(), 0);
    QCOMPARE(content(), file);
}

QTEST_GUILESS_MAIN(TestFileEdit)
#include "tst_file_edit.moc"
