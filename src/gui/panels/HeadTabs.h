// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QTabBar>

namespace understudy {

/// Tabs of a dock: words, a count where there is something to count, a 2 px underline.
class HeadTabs final : public QTabBar
{
    Q_OBJECT
public:
    explicit HeadTabs(QWidget *parent = nullptr);
    /// 0 hides it. @p critical: in the colour of trouble.
    void setCount(int tab, int count, bool critical);
    int countOf(int tab) const { return m_counts.value(tab).number; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    QSize tabSizeHint(int index) const override;
    void tabLayoutChange() override;
    void paintEvent(QPaintEvent *) override;

private:
    struct Count
    {
        int number = 0;
        bool critical = false;
    };
    double badgeWidth(int index) const;
    QHash<int, Count> m_counts;
};

} // namespace understudy
