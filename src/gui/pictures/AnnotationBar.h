// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/pictures/AnnotationCanvas.h"

#include <QPointer>

class QButtonGroup;
class QFrame;
class QGridLayout;
class QToolButton;

namespace understudy {

class ZoomControl;

/// The tools of a canvas, to stand above it: what to draw, undo, redo, duplicate, remove, zoom. Words beside
/// the icons where there is room for them, and more rows where there is not. GUI thread.
class AnnotationBar final : public QWidget
{
    Q_OBJECT
public:
    explicit AnnotationBar(AnnotationCanvas *canvas, QWidget *parent = nullptr);
    bool showsWords() const { return m_words; }
    QSize minimumSizeHint() const override;
    bool eventFilter(QObject *watched, QEvent *event) override;

protected:
    void resizeEvent(QResizeEvent *) override;
    void changeEvent(QEvent *) override;
    void showEvent(QShowEvent *) override;

private:
    QToolButton *addAction(const QString &icon, const QString &name, const QKeySequence &key);
    void refresh();
    void showWords(bool words);
    void chooseWords();
    int widthOfTools(bool words) const;
    void arrange(int rows);

    QPointer<AnnotationCanvas> m_canvas;
    QGridLayout *m_layout = nullptr;
    QFrame *m_tools = nullptr;
    QWidget *m_actions = nullptr;
    QButtonGroup *m_group = nullptr;
    QToolButton *m_undo = nullptr, *m_redo = nullptr, *m_duplicate = nullptr, *m_remove = nullptr;
    ZoomControl *m_zoom = nullptr; ///< Made last
    bool m_words = true;
    int m_rows = 0;
};

} // namespace understudy
