// SPDX-License-Identifier: GPL-3.0-or-later
#include "RunbookFixture.h"
#include "report/Markdown.h"
#include "report/Runbook.h"

#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

using namespace understudy;

namespace {

const QString hostile =
    QStringLiteral("a|b`c```<script>alert(1)</script>\n# x\r![p](javascript:1)&amp;*_~$\x1b[2J");

QString pageOf(const RunbookInput &input)
{
    return runbookHtml(runbookMarkdown(input, {}), input.plan.title, QDir());
}

/// Lines of text outside fenced blocks.
QStringList prose(const QString &markdown)
{
    QStringList lines;
    QString fence;
    for (const QString &line : markdown.split(u'\n')) {
        static const QRegularExpression open(QStringLiteral("^(`{3,})"));
        const auto match = open.match(line);
        if (fence.isEmpty() && match.hasMatch())
            fence = match.captured(1);
        else if (!fence.isEmpty() && line == fence)
            fence.clear();
        else if (fence.isEmpty())
            lines << line;
    }
    return lines;
}

int cells(const QString &line)
{
    int pipes = 0;
    for (qsizetype i = 0; i < line.size(); ++i) {
        if (line.at(i) == u'\\')
            ++i;
        else if (line.at(i) == u'|')
            ++pipes;
    }
    return pipes;
}

QMap<QString, QByteArray> filesIn(const QString &folder)
{
    QMap<QString, QByteArray> all;
    for (const QFileInfo &info : QDir(folder).entryInfoList(QDir::Files)) {
        QFile file(info.filePath());
        if (file.open(QIODevice::ReadOnly))
            all.insert(info.fileName(), file.readAll());
    }
    return all;
}

} // namespace

class tst_runbook_text final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everySectionIsThereInOrder()
    {
        for (const RunbookInput &input :
             {plannedInput(QStringLiteral("standby1")), doneInput(QStringLiteral("standby1"))}) {
            const QString text = runbookMarkdown(input, {});
            QVERIFY(text.startsWith(QStringLiteral("# Add standby2 to demo\n")));
            qsizetype last = 0;
            for (const char *heading :
                 {"\n## 1. Checks\n", "\n## 2. State before\n", "\n## 3. Architecture\n",
                  "\n## 4. Steps and commands\n", "\n## 5. Expected and actual\n", "\n## 6. Read load\n",
                  "\n## 7. What can go wrong, and the fix\n", "\n## 8. Undo\n"}) {
                const qsizetype at = text.indexOf(QLatin1String(heading));
                QVERIFY2(at > last, heading);
                last = at;
            }
        }
    }

    void valuesOfThisClusterAreInIt()
    {
        const QString text = runbookMarkdown(doneInput(QStringLiteral("standby1")), {});
        for (const char *value :
             {"17 November 2025, 13:40 UTC", "Done by dba", "7573920148826316834", "standby_slot",
              "standby2_slot", "50,004", "18 kB/s", "36 kB/s", "16 GB", "/srv/standby2",
              "SELECT pg_drop_replication_slot('standby2_slot')", "Total time: 4", "sport = :5434"})
            QVERIFY2(text.contains(QLatin1String(value)), value);
        QVERIFY(runbookMarkdown(plannedInput(QStringLiteral("standby1")), {})
                    .contains(QStringLiteral("Planned by dba")));
    }

    void secretsStayHidden()
    {
        const QString text = runbookMarkdown(doneInput(QStringLiteral("standby1")), {});
        QVERIFY(text.contains(QStringLiteral("(hidden)")));
        QVERIFY(!text.contains(QStringLiteral("${secret")));
    }

    void longOutputIsBounded()
    {
        const QString text = runbookMarkdown(doneInput(QStringLiteral("standby1")), {});
        QVERIFY(text.contains(QStringLiteral("line 0 ")));
        QVERIFY(text.contains(QStringLiteral("line 39 ")));
        QVERIFY(!text.contains(QStringLiteral("line 20 ")));
        QVERIFY(text.contains(QStringLiteral("... 26 lines left out ...")));
    }

    void hostileNamesAreInertInMarkdown()
    {
        const QString text = runbookMarkdown(doneInput(hostile), {});
        QVERIFY(!text.contains(QChar(0x1b)));
        QVERIFY(!text.contains(u'\r'));
        int head = 0;
        for (const QString &line : prose(text)) {
            QVERIFY2(!line.startsWith(QStringLiteral("# x")), qPrintable(line));
            if (!line.startsWith(u'|')) {
                head = 0;
                continue;
            }
            if (head == 0)
                head = cells(line);
            QVERIFY2(cells(line) == head, qPrintable(line));
        }
    }

    void hostileNamesAreInertInHtml()
    {
        const QString page = pageOf(doneInput(hostile));
        QVERIFY(!page.contains(QStringLiteral("<script")));
        QVERIFY(!page.contains(QStringLiteral("<img")));
        QVERIFY(!page.contains(QStringLiteral("<a ")));
        QVERIFY(page.contains(QStringLiteral("&lt;script&gt;alert(1)&lt;/script&gt;")));
        QCOMPARE(page.count(QStringLiteral("<h1>")), 1);
        // Exactly as many headings as with harmless names: none was opened from inside.
        const QString tame = pageOf(doneInput(QStringLiteral("standby1")));
        for (const char *tag : {"<h2>", "<h3>", "<table>", "<tr>", "<td", "<pre>"})
            QCOMPARE(page.count(QLatin1String(tag)), tame.count(QLatin1String(tag)));
    }

    void textKeepsWhatItSays_data()
    {
        QTest::addColumn<QString>("raw");
        QTest::addColumn<QString>("markdown");
        QTest::newRow("slot") << QStringLiteral("standby2_slot") << QStringLiteral("standby2_slot");
        QTest::newRow("address") << QStringLiteral("127.0.0.1:5432") << QStringLiteral("127.0.0.1:5432");
        QTest::newRow("pipe") << QStringLiteral("a|b") << QStringLiteral("a\\|b");
        QTest::newRow("backslash and pipe") << QStringLiteral("a\\|b") << QStringLiteral("a\\\\\\|b");
        QTest::newRow("emphasis") << QStringLiteral("_x_ *y*") << QStringLiteral("\\_x\\_ \\*y\\*");
        QTest::newRow("list") << QStringLiteral("1. x") << QStringLiteral("1\\. x");
        QTest::newRow("lines") << QStringLiteral("a\nb") << QStringLiteral("a b");
        QTest::newRow("turned around") << QStringLiteral("a\u202Eb") << QStringLiteral("ab");
    }
    void textKeepsWhatItSays()
    {
        QFETCH(QString, raw);
        QFETCH(QString, markdown);
        QCOMPARE(markdown::text(raw), markdown);
    }

    void aFenceIsLongerThanWhatItHolds()
    {
        const QString block = markdown::block(QStringLiteral("sh"), QStringLiteral("echo '````'\n```\n"));
        QVERIFY(block.startsWith(QStringLiteral("`````sh\n")));
        QVERIFY(block.endsWith(QStringLiteral("\n`````\n")));
    }

    void everyEndingSaysHowItEnded()
    {
        RunbookInput in = doneInput(QStringLiteral("standby1"));
        QVERIFY(runbookMarkdown(in, {}).contains(QStringLiteral("> **Added standby2.** It streams")));
        in.verify->rows.first().pass = false;
        in.verify->counts.first().pass = false;
        QVERIFY(runbookMarkdown(in, {}).contains(QStringLiteral("not everything is as expected")));
        in.verify.reset();
        in.run->outcome = RunRecord::Outcome::FailedAndUndone;
        in.run->steps.last().error = QStringLiteral("The disk is full.");
        QVERIFY(runbookMarkdown(in, {}).contains(QStringLiteral("Take the base backup: The disk is full.")));
        QVERIFY(runbookMarkdown(in, {}).contains(QStringLiteral("Nothing is left to take away.")));
        in.run->outcome = RunRecord::Outcome::LeftBehind;
        in.run->leftBehind << QStringLiteral("slot standby2_slot");
        QVERIFY(runbookMarkdown(in, {}).contains(QStringLiteral("Left behind: slot standby2_slot.")));
        QVERIFY(pageOf(in).contains(QStringLiteral("class=\"verdict crit\"")));
    }

    void theSameInputGivesTheSameFiles()
    {
        QTemporaryDir one, two;
        const RunbookInput in = doneInput(QStringLiteral("standby1"));
        const auto first = writeRunbook(in, one.path(), QStringLiteral("add-standby2"), nullptr);
        const auto second = writeRunbook(in, two.path(), QStringLiteral("add-standby2"), nullptr);
        QVERIFY(first && second);
        const auto files = filesIn(one.path());
        QCOMPARE(
            QStringList(files.keys()),
            (QStringList{QStringLiteral("add-standby2-after.png"), QStringLiteral("add-standby2-before.png"),
                         QStringLiteral("add-standby2.html"), QStringLiteral("add-standby2.md")}));
        QVERIFY(files == filesIn(two.path()));
        const QByteArray page = files.value(QStringLiteral("add-standby2.html"));
        QCOMPARE(page.count("src=\"data:image/png;base64,"), 2);
        // With the colon: a picture's base64 may well spell the four letters.
        QVERIFY(!page.contains("http:") && !page.contains("https:"));
        QVERIFY(files.value(QStringLiteral("add-standby2.md")).contains("](add-standby2-before.png)"));
    }

    void aFolderThatCannotBeMadeIsSaid()
    {
        const auto files = writeRunbook(plannedInput(QStringLiteral("standby1")),
                                        QStringLiteral("/proc/none/here"), QStringLiteral("x"), nullptr);
        QVERIFY(!files);
        QCOMPARE(files.error().field, QStringLiteral("report"));
    }

    void thePageIsValid()
    {
        const QString tidy = QStandardPaths::findExecutable(QStringLiteral("tidy"));
        if (tidy.isEmpty())
            QSKIP("tidy is not installed");
        for (const QString &name : {QStringLiteral("standby1"), hostile}) {
            QProcess process;
            process.start(tidy, {QStringLiteral("-e"), QStringLiteral("-q")});
            QVERIFY(process.waitForStarted());
            process.write(pageOf(doneInput(name)).toUtf8());
            process.closeWriteChannel();
            QVERIFY(process.waitForFinished());
            const QByteArray said = process.readAllStandardError();
            QVERIFY2(process.exitCode() == 0 && said.isEmpty(), said.constData());
        }
    }
};

QTEST_MAIN(tst_runbook_text)
#include "tst_runbook_text.moc"
