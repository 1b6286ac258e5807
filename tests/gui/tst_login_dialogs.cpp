// SPDX-License-Identifier: GPL-3.0-or-later
#include "DialogPictures.h"
#include "gui/InertText.h"
#include "gui/MainWindow.h"
#include "gui/Style.h"
#include "gui/panels/MonitoringRoleDialog.h"
#include "gui/panels/PasswordDialog.h"
#include "gui/parts/Parts.h"

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>

using namespace understudy;
using test::child;
using test::picture;

class TestLoginDialogs : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        qApp->installEventFilter(new InertText(qApp));
        Style::instance().apply(Style::Choice::Light);
    }

    void monitoringRole()
    {
        auto *dialog = new MonitoringRoleDialog(150018);
        dialog->show();
        QVERIFY(QTest::qWaitForWindowExposed(dialog));
        QVERIFY(!dialog->isModal());
        auto *script = child<QPlainTextEdit>(*dialog, "script");
        auto *name = child<QLineEdit>(*dialog, "nameEdit");
        QVERIFY(script->toPlainText().contains(QStringLiteral("CREATE ROLE \"understudy\" LOGIN;")));
        QVERIFY(!script->toPlainText().contains(QStringLiteral("pg_read_all_data")));
        child<QCheckBox>(*dialog, "addsStandbys")->click();
        child<QCheckBox>(*dialog, "comparesCounts")->click();
        QVERIFY(script->toPlainText().contains(QStringLiteral("LOGIN REPLICATION;")));
        QVERIFY(script->toPlainText().contains(QStringLiteral("GRANT pg_read_all_data")));
        picture(*dialog, QStringLiteral("monitoring-role"));

        auto *copy = child<QPushButton>(*dialog, "copy");
        copy->click();
        QCOMPARE(QApplication::clipboard()->text(), script->toPlainText());
        name->setText(QStringLiteral("a\"b"));
        QVERIFY(!copy->isEnabled());
        QVERIFY(script->toPlainText().isEmpty());
        QVERIFY(child<QLabel>(*dialog, "version")->text().contains(QStringLiteral("letters, digits")));
        dialog->close();
    }

    void passwordWithAKeyring()
    {
        Endpoint endpoint;
        endpoint.user = QStringLiteral("<b>app</b>");
        PasswordDialog dialog(endpoint);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        auto *keep = child<QCheckBox>(dialog, "keep");
        QVERIFY(!keep->isEnabled() && !keep->isChecked());
        dialog.setKeyringRuns(true);
        QVERIFY(keep->isEnabled() && !keep->isChecked());
        QVERIFY(!child<CodeBox>(dialog, "passfileLine")->isVisible());
        QString got;
        bool kept = false;
        connect(&dialog, &PasswordDialog::entered, &dialog, [&](const QString &password, bool keepIt) {
            got = password;
            kept = keepIt;
        });
        child<QLineEdit>(dialog, "field")->setText(QStringLiteral("s3cret"));
        keep->click();
        picture(dialog, QStringLiteral("password-keyring"));
        child<QPushButton>(dialog, "use")->click();
        QCOMPARE(got, QStringLiteral("s3cret"));
        QVERIFY(kept);
        QVERIFY(child<QLineEdit>(dialog, "field")->text().isEmpty());
    }

    void passwordWithoutAKeyring()
    {
        Endpoint endpoint;
        endpoint.host = QStringLiteral("2001:db8::1");
        endpoint.user = QStringLiteral("app");
        PasswordDialog dialog(endpoint);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        dialog.show();
        dialog.setKeyringRuns(false);
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        QVERIFY(!child<QCheckBox>(dialog, "keep")->isEnabled());
        auto *line = child<CodeBox>(dialog, "passfileLine");
        QVERIFY(line->isVisible());
        child<QLineEdit>(dialog, "field")->setText(QStringLiteral("s3cret"));
        QCOMPARE(line->text(), QStringLiteral("2001\\:db8\\:\\:1:5432:*:app:"));
        picture(dialog, QStringLiteral("password-pgpass"));
    }

    void monitoringRoleIsInTheMenuWithoutACluster()
    {
        MainWindow window;
        window.show();
        auto *action = child<QAction>(window, "actionMonitoringRole");
        QVERIFY(action && action->isEnabled());
        action->trigger();
        auto *dialog = window.findChild<MonitoringRoleDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        QVERIFY(child<QLabel>(*dialog, "version")->text().contains(QStringLiteral("12 and later")));
    }
};

QTEST_MAIN(TestLoginDialogs)
#include "tst_login_dialogs.moc"
