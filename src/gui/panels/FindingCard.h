// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/parts/Parts.h"
#include "model/Topology.h"

namespace understudy {

/// The shape of a finding: that of the state it is about, else its severity's.
Glyph findingGlyph(const Finding &finding, const Topology &topology);

/// One finding: shape, title, age; the evidence; what it means and what to do; its SQL to copy.
/// Critical ones and warnings are open; a notice is one row that opens.
class FindingCard final : public QFrame
{
    Q_OBJECT
public:
    explicit FindingCard(QWidget *parent = nullptr);
    void set(const Finding &finding, const Topology &topology);
    const Finding &finding() const { return m_finding; }
    bool isOpen() const { return m_open; }
    void setOpen(bool open);

protected:
    void mouseReleaseEvent(QMouseEvent *) override;

private:
    void refresh();
    Finding m_finding;
    bool m_open = true, m_known = false;
    GlyphLabel *m_glyph;
    TextLabel *m_title, *m_age, *m_evidence, *m_words;
    QFrame *m_evidenceBox;
    QWidget *m_body;
    QPushButton *m_sql, *m_disclose;
};

} // namespace understudy
