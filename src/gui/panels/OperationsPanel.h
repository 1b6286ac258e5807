// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/panels/FindingsPanel.h"
#include "operations/Journal.h"

namespace understudy {

QString outcomeWords(const JournalEntry &entry);
Glyph outcomeGlyph(const JournalEntry &entry);

/// Plans that changed a cluster, newest first, as their journals tell.
class OperationsPanel final : public PanelWidget
{
    Q_OBJECT
public:
    explicit OperationsPanel(QWidget *parent = nullptr);
    void set(const QList<JournalEntry> &entries);
    void refresh(); ///< Reads the journals on a worker.
    int rowCount() const { return int(m_rows.size()); }

protected:
    void showEvent(QShowEvent *) override;

private:
    class Row;
    QWidget *m_content, *m_none;
    QVBoxLayout *m_list;
    QList<Row *> m_rows;
    bool m_reading = false;
};

} // namespace understudy
