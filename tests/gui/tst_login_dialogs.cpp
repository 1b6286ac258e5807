// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/InertText.h"
#include "gui/MainWindow.h"
#include "gui/Style.h"
#include "gui/panels/MonitoringRoleDialog.h"

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

namespace {

template <typename T>
T *child(const QWidget &window, const char *name)
{
    return window.findChild<T *>(QString::fromLatin1(name));
}

/// To be looked at, where UNDERSTUDY_SHOTS names a folder.
void picture(QWidget &widget, const QString &name)
{
    const QString folder = qEnvironmentVariable("UNDERSTUDY_SHOTS");
    if (folder.isEmpty())
        return;
    for (const auto choice : {Style::Choice::Light, Style::Choice::Dark}) {
        Style::instance().apply(choice);
        widget.grab().save(
            folder + u'/' + name +
            (choice == Style::Choice::Light ? QStringLiteral("-light.png") : QStringLiteral("-dark.png")));
    }
    Style::instance().apply(Style::Choice::Light);
}

} // namespace

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
