// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/panels/HeadTabs.h"

#include <QDockWidget>
#include <QHBoxLayout>
#include <QStackedWidget>

namespace understudy {

/// Fills itself with the panel colour; what docks and their pages are made of.
class PanelWidget : public QWidget
{
    Q_OBJECT
public:
    explicit PanelWidget(QWidget *parent = nullptr) : QWidget(parent) {}

protected:
    void paintEvent(QPaintEvent *) override;
};

/// The head of a dock: its tabs, and to the right what belongs to the page in front. Its free space drags the
/// dock.
class DockHead final : public PanelWidget
{
    Q_OBJECT
public:
    explicit DockHead(QWidget *parent = nullptr);
    HeadTabs *tabs() const { return m_tabs; }
    void addPage(const QString &title, QWidget *corner);

protected:
    void paintEvent(QPaintEvent *) override;

private:
    HeadTabs *m_tabs;
    QStackedWidget *m_corners;
};

/// A dock whose title bar is tabs.
class TabDock final : public QDockWidget
{
    Q_OBJECT
public:
    TabDock(const QString &title, const QString &objectName, QWidget *parent = nullptr);
    /// Takes @p page over; @p corner (may be null) stands at the right of the head while the page is in
    /// front.
    int addPage(const QString &title, QWidget *page, QWidget *corner = nullptr);
    void setCurrentPage(int page);
    int currentPage() const;
    HeadTabs *tabs() const { return m_head->tabs(); }

private:
    DockHead *m_head;
    QStackedWidget *m_pages;
};

} // namespace understudy
