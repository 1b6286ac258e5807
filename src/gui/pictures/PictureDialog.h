// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/pictures/PictureChoices.h"

#include <QDialog>
#include <memory>

namespace Ui {
class PictureDialog;
}

namespace understudy {

class PicturePreview;

/// Saves or copies a picture of the graph, shown before as it will be. Of the moment it was opened at: what
/// happens meanwhile changes nothing. Not modal. Choices are kept, the text of the title is not. GUI thread.
class PictureDialog final : public QDialog
{
    Q_OBJECT
public:
    PictureDialog(const PictureSubject &subject, const PictureChoices &choices, QWidget *parent = nullptr);
    ~PictureDialog() override;

    void setSubject(const PictureSubject &subject); ///< Another moment; choices and a typed title stay
    const PictureChoices &choices() const { return m_choices; }
    PictureOptions options() const; ///< Of what would be saved now, without marks
    void save(const QString &path); ///< On a worker

Q_SIGNALS:
    void told(const QString &sentence); ///< What was saved or copied

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void done(int result) override;

private:
    void fill();
    void connectFields();
    void choose();
    void refresh();
    void refreshFields();
    void askPath();
    void copy();
    void say(const QString &sentence, bool wrong = false);
    void setBusy(bool busy);
    void keep();
    PictureOptions withMarks(PictureOptions options) const;
    void fitColumn();

    std::unique_ptr<Ui::PictureDialog> m_ui;
    PicturePreview *m_preview;
    PictureSubject m_subject;
    PictureChoices m_choices, m_kept;
    bool m_drawing = false, m_again = false, m_filling = false, m_busy = false;
};

} // namespace understudy
