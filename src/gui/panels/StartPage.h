// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/parts/Parts.h"

#include <QLineEdit>

class QVBoxLayout;

namespace understudy {

/// What the window shows while no cluster is open: open the demo, or say which cluster; and, while one is
/// being opened, what is happening.
class StartPage final : public QWidget
{
    Q_OBJECT
public:
    explicit StartPage(QWidget *parent = nullptr);
    void showChoice();                       ///< The two ways in
    void showProgress(const QString &title); ///< Empties the list of steps
    void say(const QString &what);           ///< One more step; the one before is done
    void focusField();
    QString typed() const;

Q_SIGNALS:
    void demoWanted();
    void clusterWanted(const QString &text);
    void backWanted(); ///< Escape

protected:
    void paintEvent(QPaintEvent *) override;
    void keyPressEvent(QKeyEvent *) override;

private:
    class Drawing;
    QWidget *m_choice, *m_progress;
    QLineEdit *m_field;
    QPushButton *m_open;
    TextLabel *m_title;
    QVBoxLayout *m_steps;
    QList<std::pair<GlyphLabel *, TextLabel *>> m_rows;
};

} // namespace understudy
