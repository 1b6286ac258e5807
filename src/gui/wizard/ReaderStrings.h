// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/parts/Parts.h"
#include "gui/wizard/WizardState.h"
#include "operations/ReadLoad.h"

class QHBoxLayout;

namespace understudy {

/// Connection strings that spread readers over the standbys, by client library, with a line of words below.
class ReaderStringsCard final : public Card
{
    Q_OBJECT
public:
    explicit ReaderStringsCard(QWidget *parent = nullptr);
    void setState(const WizardState &state);
    void setWords(const QString &words);

private:
    void showCurrent();
    QHBoxLayout *m_head;
    Segment *m_segment = nullptr;
    CodeBox *m_code;
    TextLabel *m_words;
    QList<ReaderString> m_strings;
};

/// The standbys that are to serve reads: those of the newest look, and the new one.
QList<WatchedNode> readableStandbys(const WizardState &state);

} // namespace understudy
