// SPDX-License-Identifier: GPL-3.0-or-later
#include "DialogPictures.h"
#include "OwnPlaces.h"
#include "SshServer.h"
#include "WizardFacts.h"

#include "gui/GuiAsk.h"
#include "gui/InertText.h"
#include "gui/MainWindow.h"
#include "gui/Style.h"
#include "gui/panels/SshDialog.h"
#include "gui/parts/Parts.h"
#include "gui/wizard/FieldError.h"
#include "gui/wizard/SshHostNames.h"
#include "gui/wizard/SshPlace.h"
#include "gui/wizard/WherePage.h"
#include "hosts/SshHost.h"

#include <QApplication>
#include <QCompleter>
#include <QLabel>
#include <QPushButton>
#include <QStandardPaths>

#include <future>

using namespace understudy;
using namespace understudy::test;

namespace {

SshQuestion question(SshQuestion::Kind kind, int attempt = 1)
{
    SshQuestion out;
    out.kind = kind;
    out.host = out.destination = QStringLiteral("db2");
    out.user = QStringLiteral("postgres");
    out.keyFile = QStringLiteral("/home/maria/.ssh/id_ed25519");
    out.keyType = QStringLiteral("ED25519");
    out.fingerprint = QStringLiteral("SHA256:uNiVztksCsDhcc0u9e8BrrJXGVBQ3DDWjSC3tqHwzWc");
    out.text = QStringLiteral("maria@<b>db2</b>'s password:");
    out.attempt = attempt;
    return out;
}

using Answer = std::future<std::optional<QString>>;

Answer askOnAThread(const std::shared_ptr<SshAsk> &ask, const SshQuestion &question,
                    std::stop_token stop = {})
{
    return std::async(std::launch::async, [=] { return ask->ask(question, stop); });
}

bool ready(Answer &answer)
{
    return answer.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

SshDialog *dialogOf(const QWidget &window)
{
    for (SshDialog *dialog : window.findChildren<SshDialog *>())
        if (dialog->isVisible())
            return dialog;
    return nullptr;
}

/// What a look at another machine finds.
AddStandbyFacts elsewhere(AddStandbyFacts facts, const QString &destination)
{
    facts.target.place = QStringLiteral("ssh:") + destination;
    facts.target.name = QStringLiteral("db2.example");
    facts.target.address = QStringLiteral("10.0.0.12");
    facts.currentUser = QStringLiteral("maria");
    facts.runAs = QStringLiteral("postgres");
    return facts;
}

} // namespace

class TestSshDialogs : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        fixture::useOwnPlaces();
        qApp->installEventFilter(new InertText(qApp));
        Style::instance().apply(Style::Choice::Light);
    }

    void aHostKeyIsShownAndNotAcceptedByAccident()
    {
        QWidget window;
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        const auto ask = std::make_shared<GuiAsk>(&window);
        auto answer = askOnAThread(ask, question(SshQuestion::Kind::HostKey));
        QTRY_VERIFY(dialogOf(window));
        SshDialog *dialog = dialogOf(window);
        QVERIFY(QTest::qWaitForWindowExposed(dialog));
        QCOMPARE(child<QLabel>(*dialog, "question")->text(), QStringLiteral("Accept the host key of db2?"));
        QCOMPARE(child<CodeBox>(*dialog, "fingerprint")->text(),
                 question(SshQuestion::Kind::HostKey).fingerprint);
        const auto *shown = child<CodeBox>(*dialog, "fingerprint")->findChild<QLabel *>();
        QVERIFY(shown->textInteractionFlags() & Qt::TextSelectableByMouse);
        QVERIFY(shown->textInteractionFlags() & Qt::TextSelectableByKeyboard);
        QCOMPARE(child<CodeBox>(*dialog, "compareCommand")->text(),
                 QStringLiteral("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub"));
        picture(*dialog, QStringLiteral("ssh-host-key"));
        // Enter says no.
        QVERIFY(child<QPushButton>(*dialog, "no")->isDefault());
        QVERIFY(!child<QPushButton>(*dialog, "yes")->autoDefault());
        QTest::keyClick(dialog, Qt::Key_Return);
        QTRY_VERIFY(ready(answer));
        QVERIFY(!answer.get());

        auto second = askOnAThread(ask, question(SshQuestion::Kind::HostKey));
        QTRY_VERIFY(dialogOf(window));
        QTest::mouseClick(child<QPushButton>(*dialogOf(window), "yes"), Qt::LeftButton);
        QTRY_VERIFY(ready(second));
        QCOMPARE(second.get().value_or(QString()), QStringLiteral("yes"));
    }

    void secretsAreAskedFor_data()
    {
        QTest::addColumn<SshQuestion::Kind>("kind");
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("shot");
        QTest::newRow("passphrase") << SshQuestion::Kind::Passphrase
                                    << QStringLiteral("Passphrase of the key /home/maria/.ssh/id_ed25519")
                                    << QStringLiteral("ssh-passphrase");
        QTest::newRow("password") << SshQuestion::Kind::Password
                                  << QStringLiteral("maria@<b>db2</b>'s password:")
                                  << QStringLiteral("ssh-password");
        QTest::newRow("sudo") << SshQuestion::Kind::SudoPassword
                              << QStringLiteral("Your password on db2, for sudo")
                              << QStringLiteral("ssh-sudo");
    }
    void secretsAreAskedFor()
    {
        QFETCH(SshQuestion::Kind, kind);
        QFETCH(QString, words);
        QFETCH(QString, shot);
        QWidget window;
        window.show();
        const auto ask = std::make_shared<GuiAsk>(&window);
        auto answer = askOnAThread(ask, question(kind, 2));
        QTRY_VERIFY(dialogOf(window));
        SshDialog *dialog = dialogOf(window);
        QVERIFY(QTest::qWaitForWindowExposed(dialog));
        const auto *label = child<QLabel>(*dialog, "question");
        QCOMPARE(label->text(), words);
        QCOMPARE(label->textFormat(), Qt::PlainText);
        QVERIFY(child<QLabel>(*dialog, "wrong")->isVisible());
        auto *field = child<QLineEdit>(*dialog, "field");
        QCOMPARE(field->echoMode(), QLineEdit::Password);
        QCOMPARE(field->accessibleName(), words);
        QVERIFY(!child<QPushButton>(*dialog, "use")->isEnabled());
        QTest::keyClicks(field, QStringLiteral(" s3 cret "));
        picture(*dialog, shot);
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_VERIFY(ready(answer));
        QCOMPARE(answer.get().value_or(QString()), QStringLiteral(" s3 cret "));
        // Closed: no answer.
        auto second = askOnAThread(ask, question(kind));
        QTRY_VERIFY(dialogOf(window));
        QVERIFY(!child<QLabel>(*dialogOf(window), "wrong")->isVisible());
        dialogOf(window)->close();
        QTRY_VERIFY(ready(second));
        QVERIFY(!second.get());
    }

    void oneQuestionAfterTheOther()
    {
        QWidget window;
        window.show();
        const auto ask = std::make_shared<GuiAsk>(&window);
        auto first = askOnAThread(ask, question(SshQuestion::Kind::HostKey));
        QTRY_VERIFY(dialogOf(window));
        auto second = askOnAThread(ask, question(SshQuestion::Kind::Password));
        std::stop_source source;
        auto third = askOnAThread(ask, question(SshQuestion::Kind::Passphrase), source.get_token());
        // One that is taken back while it waits for its turn is never shown.
        source.request_stop();
        QTRY_VERIFY(ready(third));
        QVERIFY(!third.get());
        QCOMPARE(window.findChildren<SshDialog *>().size(), 1);
        child<QPushButton>(*dialogOf(window), "no")->click();
        QTRY_VERIFY(ready(first));
        QTRY_VERIFY(dialogOf(window) && child<QLineEdit>(*dialogOf(window), "field"));
        QVERIFY(!ready(second));
        child<QLineEdit>(*dialogOf(window), "field")->setText(QStringLiteral("x"));
        child<QPushButton>(*dialogOf(window), "use")->click();
        QTRY_VERIFY(ready(second));
        QCOMPARE(second.get().value_or(QString()), QStringLiteral("x"));
        QTRY_VERIFY(window.findChildren<SshDialog *>().isEmpty());
    }

    void aQuestionIsTakenBack()
    {
        QWidget window;
        window.show();
        const auto ask = std::make_shared<GuiAsk>(&window);
        std::stop_source source;
        auto answer = askOnAThread(ask, question(SshQuestion::Kind::Password), source.get_token());
        QTRY_VERIFY(dialogOf(window));
        source.request_stop();
        QTRY_VERIFY(ready(answer));
        QVERIFY(!answer.get());
        QTRY_VERIFY(!dialogOf(window));
    }

    void aWindowThatGoesLeavesNobodyWaiting()
    {
        auto window = std::make_unique<QWidget>();
        window->show();
        const auto ask = std::make_shared<GuiAsk>(window.get());
        auto first = askOnAThread(ask, question(SshQuestion::Kind::Password));
        auto second = askOnAThread(ask, question(SshQuestion::Kind::Password));
        QTRY_VERIFY(dialogOf(*window));
        window.reset();
        QTRY_VERIFY(ready(first) && ready(second));
        QVERIFY(!first.get() && !second.get());
        auto late = askOnAThread(ask, question(SshQuestion::Kind::Password));
        QTRY_VERIFY(ready(late));
        QVERIFY(!late.get());
    }

    void theWindowInstallsItself()
    {
        {
            MainWindow window;
            QVERIFY(sshAsk());
        }
        QVERIFY(!sshAsk());
    }

    void namesOfTheConfiguration()
    {
        QCOMPARE(ssh_host_names::inConfiguration("# Host no\n"
                                                 "Host db1 db2\n  HostName 10.0.0.1\n"
                                                 "host=web # Host x\n"
                                                 "  Host \"with blank\" *.example !db3 db? db1\r\n"
                                                 "HostKeyAlgorithms x\nMatch host db9\n"),
                 (QStringList{QStringLiteral("db1"), QStringLiteral("db2"), QStringLiteral("web"),
                              QStringLiteral("with blank")}));
    }

    void anotherMachineIsAPlaceOnceItWasLookedAt()
    {
        WizardState state = stateWithFacts();
        WherePage page(state);
        page.resize(900, 700);
        page.show();
        page.enter();
        auto *row = child<ChoiceRow>(page, "methodSsh");
        auto *place = child<SshPlace>(page, "sshPlace");
        auto *field = child<QLineEdit>(page, "destination");
        auto *look = child<QPushButton>(page, "look");
        QVERIFY(row && row->isEnabled() && !row->isChecked());
        QVERIFY(!place->isVisible());
        QVERIFY(page.canGoNext());

        QTest::mouseClick(row, Qt::LeftButton);
        QVERIFY(row->isChecked());
        QVERIFY(place->isVisible());
        QTRY_VERIFY(field->hasFocus());
        QVERIFY(!field->accessibleName().isEmpty());
        QVERIFY(!look->isEnabled());
        QCOMPARE(state.request.on, QString());
        QVERIFY(!page.canGoNext());
        QVERIFY2(page.blockedBy().contains(QLatin1String("Connect")), qPrintable(page.blockedBy()));
        picture(page, QStringLiteral("where-ssh-empty"));

        type(field, QStringLiteral("maria@db2"));
        QVERIFY(look->isEnabled());
        // By keyboard: the row, the field, the button.
        row->setFocus();
        QTest::keyClick(row, Qt::Key_Tab);
        QVERIFY(field->hasFocus());
        QTest::keyClick(field, Qt::Key_Tab);
        QVERIFY(look->hasFocus());

        // As its worker hands it over.
        Q_EMIT place->found(elsewhere(*state.facts, QStringLiteral("maria@db2")));
        QCOMPARE(state.request.on, QStringLiteral("ssh:maria@db2"));
        QCOMPARE(state.facts->target.place, QStringLiteral("ssh:maria@db2"));
        QVERIFY(page.canGoNext());
        QVERIFY2(page.sentence().contains(QLatin1String("on maria@db2")), qPrintable(page.sentence()));
        const QString found = child<FactsGrid>(page, "sshFacts")->asText();
        for (const char *word : {"db2.example", "maria", "postgres", "/usr/lib/postgresql/15/bin"})
            QVERIFY2(found.contains(QLatin1String(word)), qPrintable(found));
        QVERIFY(child<FactsGrid>(page, "sshFacts")->isVisible());
        QTRY_VERIFY(child<ChoiceRow>(page, "methodSsh")->isVisible());
        picture(page, QStringLiteral("where-ssh-found"));
        // This machine is still told as it was seen, not as the other one.
        QVERIFY2(
            !child<ChoiceRow>(page, "methodLocal")->content().detail.contains(QLatin1String("postgres,")),
            qPrintable(child<ChoiceRow>(page, "methodLocal")->content().detail));
        QVERIFY(child<ChoiceRow>(page, "methodLocal")->content().detail.contains(QLatin1String("dba")));

        // It stays when the page is shown again; another name is another machine.
        page.enter();
        QCOMPARE(state.request.on, QStringLiteral("ssh:maria@db2"));
        QCOMPARE(field->text(), QStringLiteral("maria@db2"));
        QTest::keyClicks(field, QStringLiteral("x"));
        QCOMPARE(state.request.on, QString());
        QVERIFY(!page.canGoNext());
        QVERIFY(!child<FactsGrid>(page, "sshFacts")->isVisible());
    }

    void whatFailsIsSaidBelowTheField()
    {
        WizardState state = stateWithFacts();
        WherePage page(state);
        page.resize(900, 700);
        page.show();
        page.enter();
        QTest::mouseClick(child<ChoiceRow>(page, "methodSsh"), Qt::LeftButton);
        auto *field = child<QLineEdit>(page, "destination");
        type(field, QStringLiteral("-oProxyCommand=id"));
        QTest::mouseClick(child<QPushButton>(page, "look"), Qt::LeftButton);
        QTRY_VERIFY(!page.busy());
        const auto *error = child<FieldError>(page, "sshError");
        QTRY_VERIFY2(error->message().contains(QLatin1String("begins with a dash")),
                     qPrintable(error->message()));
        QVERIFY(error->isVisible());
        QVERIFY(!page.canGoNext());
        picture(page, QStringLiteral("where-ssh-error"));
        // It is about what was typed then.
        QTest::keyClicks(field, QStringLiteral("x"));
        QVERIFY(error->message().isEmpty());
    }

    void backOnThisMachineEverythingIsLookedAtAgain()
    {
        WizardState state = stateWithFacts();
        state.facts = elsewhere(*state.facts, QStringLiteral("db2"));
        state.request.on = QStringLiteral("ssh:db2");
        state.request.dataDirectory = QStringLiteral("/srv/on/db2");
        WherePage page(state);
        page.show();
        page.enter();
        QCOMPARE(state.request.on, QStringLiteral("ssh:db2"));
        QVERIFY(child<ChoiceRow>(page, "methodSsh")->isChecked());
        QCOMPARE(state.request.dataDirectory, QStringLiteral("/srv/on/db2"));
        QTest::mouseClick(child<ChoiceRow>(page, "methodLocal"), Qt::LeftButton);
        QCOMPARE(state.request.on, QStringLiteral("local"));
        QVERIFY(page.busy() && !page.canGoNext());
        QTRY_VERIFY_WITH_TIMEOUT(!page.busy(), 20000);
        QCOMPARE(state.facts->target.place, QStringLiteral("local"));
        QVERIFY(state.facts->currentUser != QStringLiteral("maria"));
        QVERIFY(state.request.dataDirectory.isEmpty());
        QVERIFY(child<ChoiceRow>(page, "methodLocal")->isChecked());
        QVERIFY(page.canGoNext());
    }

    void throughARealServer()
    {
        if (const QString missing = SshServer::missing(); !missing.isEmpty())
            QSKIP(qPrintable(
                QStringLiteral("SKIPPED: no %1 (packages openssh-server, openssh-client): no machine was "
                               "connected to from the wizard.")
                    .arg(missing)));
        SshServer server;
        QVERIFY(server.make());
        WizardState state = stateWithFacts();
        WherePage page(state);
        page.resize(900, 700);
        page.show();
        page.enter();
        setSshAsk(std::make_shared<GuiAsk>(&page));
        QTest::mouseClick(child<ChoiceRow>(page, "methodSsh"), Qt::LeftButton);
        type(child<QLineEdit>(page, "destination"), QStringLiteral("fresh"));

        // Stopped while it asks: the question goes, and nothing was accepted.
        QTest::mouseClick(child<QPushButton>(page, "look"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(dialogOf(page), 20000);
        QVERIFY(page.busy());
        QVERIFY(child<QPushButton>(page, "stop")->isVisible());
        picture(page, QStringLiteral("where-ssh-connecting"));
        child<QPushButton>(page, "stop")->click();
        QTRY_VERIFY_WITH_TIMEOUT(!dialogOf(page), 20000);
        QVERIFY(!page.busy());
        QCOMPARE(server.freshKnownHosts(), QByteArray());

        QTest::mouseClick(child<QPushButton>(page, "look"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(dialogOf(page), 20000);
        QCOMPARE(child<CodeBox>(*dialogOf(page), "fingerprint")->text(), server.fingerprint());
        child<QPushButton>(*dialogOf(page), "yes")->click();
        QTRY_VERIFY_WITH_TIMEOUT(!page.busy(), 30000);
        QVERIFY2(state.request.on == QLatin1String("ssh:fresh"),
                 qPrintable(child<FieldError>(page, "sshError")->message()));
        QVERIFY(server.freshKnownHosts().contains(server.hostKey()));
        QCOMPARE(state.facts->target.name, QSysInfo::machineHostName());
        QVERIFY(page.canGoNext());
        QVERIFY(ssh_host_names::known().startsWith(QStringLiteral("fresh")));
        setSshAsk(nullptr);
        closeSsh();
    }
};

int main(int argc, char **argv)
{
    if (const auto answered = answerForSsh(argc, argv))
        return *answered;
    QApplication app(argc, argv);
    TestSshDialogs test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_ssh_dialogs.moc"
