// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/wizard/WizardState.h"
#include "gui/wizard/WizardWorker.h"

#include "gui/parts/Parts.h"

class QCheckBox;
class QListWidget;

namespace understudy {

/// Which tables are verified, and whether their content is compared. The tables are asked for when the card
/// is first shown.
class TableChoice final : public Card
{
    Q_OBJECT
public:
    explicit TableChoice(const WizardState &state, QWidget *parent = nullptr);
    /// None checked: the usual ones.
    VerifyOptions options() const;
    void setTables(const QStringList &tables); ///< What was checked stays so.

protected:
    void showEvent(QShowEvent *event) override;

private:
    void ask();
    const WizardState &m_state;
    TextLabel *m_words;
    QListWidget *m_tables;
    QCheckBox *m_checksums;
    bool m_asked = false;
    WizardWorker m_worker;
};

} // namespace understudy
