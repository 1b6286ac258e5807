// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/DockHead.h"

#include "gui/Style.h"

#include <QPainter>

namespace understudy {

void PanelWidget::paintEvent(QPaintEvent *)
{
    QPainter(this).fillRect(rect(), Style::instance().theme().panel);
}

DockHead::DockHead(QWidget *parent) : PanelWidget(parent)
{
    m_tabs = new HeadTabs(this);
    m_corners = new QStackedWidget(this);
    m_corners->setSizePolicy(QSizePolicy::Minimum, QSizePolicy::Ignored);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 0, 16, 1);
    row->setSpacing(8);
    row->addWidget(m_tabs);
    row->addStretch(1);
    row->addWidget(m_corners);
    setMinimumHeight(41);
    connect(m_tabs, &QTabBar::currentChanged, m_corners, &QStackedWidget::setCurrentIndex);
    connect(&Style::instance(), &Style::changed, this, [this] { update(); });
}

void DockHead::addPage(const QString &title, QWidget *corner)
{
    m_corners->addWidget(corner ? corner : new QWidget(m_corners));
    m_tabs->addTab(title);
}

void DockHead::paintEvent(QPaintEvent *event)
{
    PanelWidget::paintEvent(event);
    QPainter(this).fillRect(QRect(0, height() - 1, width(), 1), Style::instance().theme().border);
}

TabDock::TabDock(const QString &title, const QString &objectName, QWidget *parent)
    : QDockWidget(title, parent)
{
    setObjectName(objectName);
    m_head = new DockHead(this);
    m_pages = new QStackedWidget(this);
    setTitleBarWidget(m_head);
    setWidget(m_pages);
    connect(m_head->tabs(), &QTabBar::currentChanged, m_pages, &QStackedWidget::setCurrentIndex);
}

int TabDock::addPage(const QString &title, QWidget *page, QWidget *corner)
{
    const int index = m_pages->addWidget(page);
    m_head->addPage(title, corner);
    return index;
}

void TabDock::setCurrentPage(int page)
{
    m_head->tabs()->setCurrentIndex(page);
}

int TabDock::currentPage() const
{
    return m_head->tabs()->currentIndex();
}

} // namespace understudy
