// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/parts/Parts.h"
#include "gui/wizard/WizardWorker.h"
#include "operations/RunRecord.h"

class QTextEdit;

namespace understudy {

/// The log of a run: time, then text; filter All, Commands, Errors; copy and save. Secrets are hidden before
/// they get here.
class RunLog final : public QWidget
{
    Q_OBJECT
public:
    explicit RunLog(QWidget *parent = nullptr);
    void clear();
    void add(const LogLine &line);
    void setSuggestedName(const QString &name) { m_name = name; }
    QString text() const; ///< Everything, unfiltered

protected:
    void changeEvent(QEvent *) override;

private:
    bool shown(const LogLine &line) const;
    void append(const LogLine &line);
    void rebuild();

    Segment *m_filter;
    QTextEdit *m_view;
    QList<LogLine> m_lines;
    QString m_name;
    WizardWorker m_worker;
};

} // namespace understudy
