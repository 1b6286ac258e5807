// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace understudy {

class Segment;
class TextLabel;
struct WizardState;

/// The row of the names page that asks where the new service is written: into the person's Compose file, or
/// into a file of its own. Hidden for other places.
class ComposeFileChoice final : public QWidget
{
    Q_OBJECT
public:
    explicit ComposeFileChoice(int labelWidth, QWidget *parent = nullptr);
    /// Shows what the request says, and in words what comes of it.
    void show(const WizardState &state);

Q_SIGNALS:
    void chosen(bool ownFile);

private:
    Segment *m_choice;
    TextLabel *m_words;
};

} // namespace understudy
