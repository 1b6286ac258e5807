// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Program.h"

#include "demo/DemoCluster.h"
#include "gui/Style.h"
#include "gui/parts/Parts.h"
#include "gui/wizard/AddStandbyWizard.h"
#include "gui/wizard/FieldError.h"
#include "gui/wizard/PreflightRow.h"
#include "hosts/Host.h"
#include "monitor/SqlSession.h"

#include <QApplication>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/// The answer of a real server; invalid, with a warning, if it gave none.
inline QVariant askServer(const understudy::Endpoint &endpoint, const QString &sql)
{
    auto session = understudy::SqlSession::open(endpoint, understudy::LibpqSecrets(), {});
    if (!session) {
        qWarning("%s", qPrintable(session.error().text()));
        return {};
    }
    auto rows = (*session)->query(sql);
    if (!rows)
        qWarning("%s", qPrintable(rows.error().text()));
    return rows ? rows->first() : QVariant();
}

inline void type(QLineEdit *edit, const QString &text)
{
    edit->setFocus();
    edit->selectAll();
    if (text.isEmpty())
        QTest::keyClick(edit, Qt::Key_Delete);
    else
        QTest::keyClicks(edit, text);
}

/// Some other program that listens on a loopback port; 0: on any that is free.
class Listener
{
public:
    explicit Listener(int wanted) : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address = {};
        address.sin_family = AF_INET;
        address.sin_port = htons(quint16(wanted));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto *any = reinterpret_cast<sockaddr *>(&address);
        if (::bind(m_socket, any, size) == 0 && ::listen(m_socket, 5) == 0 &&
            ::getsockname(m_socket, any, &size) == 0)
            m_port = ntohs(address.sin_port);
    }
    ~Listener() { ::close(m_socket); }
    Listener(const Listener &) = delete;
    Listener &operator=(const Listener &) = delete;
    int port() const { return m_port; } ///< 0: it could not have it

private:
    int m_socket;
    int m_port = 0;
};

/// The wizard on a cluster that is watched for real, worked as a person does.
class WizardFixture
{
public:
    explicit WizardFixture(const understudy::ClusterSpec &spec)
        : m_cluster(spec, std::make_shared<understudy::LibpqSecrets>()), m_wizard(&m_cluster, nullptr)
    {
        m_wizard.show();
        m_wizard.activateWindow();
    }

    understudy::AddStandbyWizard *operator->() { return &m_wizard; }
    understudy::AddStandbyWizard *get() { return &m_wizard; }

    QPushButton *button(const char *name) const
    {
        return m_wizard.findChild<QPushButton *>(QString::fromLatin1(name));
    }
    QString label(const char *name) const
    {
        const auto *found = m_wizard.findChild<QLabel *>(QString::fromLatin1(name));
        return found ? found->text() : QString();
    }
    QLineEdit *edit(const QString &field) const
    {
        return m_wizard.findChild<QLineEdit *>(field + QStringLiteral("Edit"));
    }
    void click(const char *name) const
    {
        QPushButton *target = button(name);
        QVERIFY2(target && target->isVisible() && target->isEnabled(), name);
        QTest::mouseClick(target, Qt::LeftButton);
    }
    /// Presses Next once it can be pressed and waits for the page; @p settled: until it is done with itself.
    void next(understudy::AddStandbyWizard::Page to, bool settled = true)
    {
        QTRY_VERIFY2_WITH_TIMEOUT(m_wizard.canGoNext(), qPrintable(label("footerLine")), 20000);
        click("nextButton");
        QTRY_COMPARE(m_wizard.currentPage(), to);
        if (settled)
            QTRY_VERIFY2_WITH_TIMEOUT(m_wizard.canGoNext(), qPrintable(label("footerLine")), 20000);
    }
    /// From where it is to the running plan, with this rate limit.
    void toRun(const QString &maxRate)
    {
        using understudy::AddStandbyWizard;
        if (m_wizard.currentPage() < AddStandbyWizard::Names)
            next(AddStandbyWizard::Names);
        auto *fold = m_wizard.findChild<QAbstractButton *>(QStringLiteral("advancedFold"));
        if (!fold->isChecked())
            QTest::mouseClick(fold, Qt::LeftButton);
        type(edit(QStringLiteral("maxRate")), maxRate);
        QTRY_VERIFY(m_wizard.canGoNext());
        QCOMPARE(m_wizard.request().maxRate, maxRate);
        next(AddStandbyWizard::Preflight);
        next(AddStandbyWizard::Review);
        next(AddStandbyWizard::Run, false);
    }
    void answer(const QString &text) const
    {
        const auto *question = m_wizard.findChild<QWidget *>(QStringLiteral("question"));
        QVERIFY(question && question->isVisible());
        for (QPushButton *button : question->findChildren<QPushButton *>()) {
            if (button->text() == text && button->isVisible()) {
                QTest::mouseClick(button, Qt::LeftButton);
                return;
            }
        }
        QFAIL(qPrintable(QStringLiteral("No answer says ") + text));
    }

private:
    understudy::LiveCluster m_cluster;
    understudy::AddStandbyWizard m_wizard;
};
