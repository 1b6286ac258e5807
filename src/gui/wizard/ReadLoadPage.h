// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/charts/ReadLoadChart.h"
#include "gui/wizard/ReaderStrings.h"
#include "gui/wizard/VerifyTable.h"
#include "gui/wizard/WizardPage.h"
#include "gui/wizard/WizardWorker.h"

class QPlainTextEdit;
class QSpinBox;
class QTimer;

namespace understudy {

/// Page 7: the same reads on each standby for a few seconds, then on all of them. Starts by itself.
class ReadLoadPage final : public WizardPage
{
    Q_OBJECT
public:
    explicit ReadLoadPage(WizardState &state, QWidget *parent = nullptr);

    void enter() override;
    bool canGoNext() const override { return !busy(); }
    bool busy() const override { return m_worker.busy(); }
    QString nextText() const override { return tr("Next: done"); }
    ChangeNote changeNote() const override;
    bool showsCancel() const override { return false; }

    void showResult(const ReadLoadResult &result);
    /// Takes the statements of a file, or says why not.
    void readStatementsFrom(const QString &path);

private:
    QWidget *buildOptions();
    void chooseFile();
    void measure();
    void showChart();
    QString testWords() const;

    ReadLoadResult m_result;
    ReadLoadChart *m_chart;
    VerifyTable *m_table;
    RowCountCard *m_counts;
    ReaderStringsCard *m_strings;
    QWidget *m_options;
    QSpinBox *m_seconds, *m_connections;
    QPlainTextEdit *m_sql;
    QPushButton *m_again, *m_change;
    QTimer *m_clock;
    qint64 m_startedUs = 0;
    qsizetype m_expected = 0;
    WizardWorker m_worker, m_reader;
};

} // namespace understudy
