// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/wizard/ReaderStrings.h"
#include "gui/wizard/WizardPage.h"
#include "gui/wizard/WizardWorker.h"

namespace understudy {

/// Page 8: what there is now, the runbook, and connection strings for readers.
class DonePage final : public WizardPage
{
    Q_OBJECT
public:
    explicit DonePage(WizardState &state, QWidget *parent = nullptr);

    void enter() override;
    bool canGoBack() const override { return !busy(); }
    bool busy() const override { return m_worker.busy(); }
    QString nextText() const override { return tr("Close"); }
    bool takeNext() override;
    ChangeNote changeNote() const override;
    bool showsCancel() const override { return false; }

    void saveRunbook(const QString &folder); ///< Writes it on a worker; the page shows where it is
    const std::optional<RunbookFiles> &files() const { return m_files; }
    const QString &error() const { return m_error; }

Q_SIGNALS:
    void closeRequested();
    void runbookWritten();

private:
    QWidget *buildRunbook();
    void askFolder();
    void showFiles();
    QString suggestedFolder() const;
    QString runbookName() const;

    FactsGrid *m_facts;
    GlyphLabel *m_glyph;
    TextLabel *m_headline;
    TextLabel *m_runbookWords;
    QWidget *m_fileList;
    QPushButton *m_save;
    ReaderStringsCard *m_strings;
    std::optional<RunbookFiles> m_files;
    QString m_error;
    WizardWorker m_worker;
};

} // namespace understudy
