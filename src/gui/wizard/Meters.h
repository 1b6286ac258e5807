// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/RunRecord.h"

#include <QWidget>

namespace understudy {

/// An 8 px bar that is filled so far.
class MeterBar final : public QWidget
{
    Q_OBJECT
public:
    enum class Tone { Fill, Ok, Warn, Crit };
    explicit MeterBar(QWidget *parent = nullptr);
    void setFraction(double fraction, Tone tone = Tone::Fill); ///< 0 to 1
    double fraction() const { return m_fraction; }
    QSize sizeHint() const override { return {200, 8}; }

protected:
    void paintEvent(QPaintEvent *) override;

private:
    double m_fraction = 0;
    Tone m_tone = Tone::Fill;
};

/// The six phases of a base backup as 4 px bars with their names and the time each took.
class PhaseBars final : public QWidget
{
    Q_OBJECT
public:
    explicit PhaseBars(QWidget *parent = nullptr);
    void setProgress(const CopyProgress &progress, bool ended);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {360, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent *) override;

private:
    CopyProgress m_progress;
    bool m_ended = false;
};

/// A small line of the last values, from 0, without axes.
class MiniLine final : public QWidget
{
    Q_OBJECT
public:
    explicit MiniLine(QWidget *parent = nullptr);
    void clear();
    void add(double value);
    QSize sizeHint() const override { return {240, 60}; }

protected:
    void paintEvent(QPaintEvent *) override;

private:
    QList<double> m_values;
};

} // namespace understudy
