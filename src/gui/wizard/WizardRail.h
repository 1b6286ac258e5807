// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/wizard/WizardPage.h"

namespace understudy {

/// The left rail: what is being done to which cluster, the steps with their state, and what has changed.
class WizardRail final : public QWidget
{
    Q_OBJECT
public:
    WizardRail(const QStringList &steps, QWidget *parent = nullptr);
    void setHead(const QString &title, const QString &cluster, const QString &source);
    void setCurrent(int step); ///< Those before it are done, those after it are to come
    int current() const { return m_current; }
    void setNote(const ChangeNote &note);
    QString noteHead() const;
    QString noteText() const;

protected:
    void paintEvent(QPaintEvent *) override;

private:
    class Step;
    QList<Step *> m_steps;
    TextLabel *m_title, *m_cluster, *m_source, *m_noteHead, *m_noteText;
    GlyphLabel *m_noteGlyph;
    int m_current = 0;
};

} // namespace understudy
