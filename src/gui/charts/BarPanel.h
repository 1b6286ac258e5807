// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "paint/Theme.h"

#include <QWidget>
#include <functional>
#include <memory>

namespace understudy {

/// One measured bar, or a pair of them, above one label.
struct BarGroup
{
    QString label;        ///< Plain text from outside: painted, never parsed.
    int slot = -1;        ///< Series slot; -1: neutral
    QList<double> values; ///< One a measure; NaN: not measured
};

/// What a bar panel shows.
struct BarData
{
    QString title, hint;
    QStringList measures; ///< Names for the legend; empty or one: no legend. With two the first is hollow.
    QList<BarGroup> groups;
    int decimals = 0;
};

/// The lowest "nice" top of an axis from 0 that holds @p value, and its number of steps.
struct BarScale
{
    double top = 1;
    int steps = 4;
};
BarScale barScale(double value);

/// A card with one bar chart in it: title, hint, legend; the bars are Qt Charts', the words are painted.
class BarPanel final : public QWidget
{
    Q_OBJECT
public:
    explicit BarPanel(QWidget *parent = nullptr);
    ~BarPanel() override;
    void setData(const BarData &data);
    void setTheme(const Theme *theme); ///< Null: follows Style.

protected:
    void paintEvent(QPaintEvent *) override;
    void resizeEvent(QResizeEvent *) override;
    bool event(QEvent *) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace understudy
