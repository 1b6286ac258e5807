// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/parts/Parts.h"
#include "gui/wizard/Strip.h"
#include "operations/preflight/Preflight.h"

#include <QLineEdit>

class QGridLayout;
class QBoxLayout;

namespace understudy {

/// One check: shape, name, evidence, time taken; below it, when a person should act, why it matters, the
/// fix with its command, and what can be done about it. Warnings and fails open by themselves.
class PreflightRow final : public QWidget
{
    Q_OBJECT
public:
    explicit PreflightRow(const CheckResult &check, QWidget *parent = nullptr);
    void setCheck(const CheckResult &check);
    const CheckResult &check() const { return m_check; }
    bool isOpen() const { return m_open; }
    void setOpen(bool open);
    void setLast(bool last); ///< Its lower corners are the card's
    void setWaivedBy(const QString &who) { m_who = who; }
    void setBusy(bool busy); ///< Buttons wait while something runs

Q_SIGNALS:
    void fixRequested(const QString &checkId);
    void waiveRequested(const QString &checkId, const QString &reason);
    void waiverUndone(const QString &checkId);
    void fieldRequested(const QString &field);

protected:
    void mouseReleaseEvent(QMouseEvent *) override;
    void keyPressEvent(QKeyEvent *) override; ///< Of the reason's field: Enter and Esc mean this row

private:
    bool opensByItself() const;
    void showHead();
    void buildDetail();
    QBoxLayout *buildActions();
    void keepIt(); ///< Puts the question for a reason away
    void addDetail(QGridLayout *grid, const QString &label, QWidget *value);

    CheckResult m_check;
    QString m_who;
    bool m_open = false, m_last = false, m_busy = false, m_askReason = false;
    Strip *m_head;
    QWidget *m_detail = nullptr;
    GlyphLabel *m_glyph;
    TextLabel *m_title, *m_evidence, *m_took;
    QPushButton *m_toggle;
};

Glyph glyphFor(CheckStatus status);

} // namespace understudy
