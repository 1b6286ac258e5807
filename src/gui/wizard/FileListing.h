// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/Plan.h"

#include <QWidget>

namespace understudy {

/// The files that a plan writes, line by line, as added lines of a diff: number, sign, text. Secrets are
/// shown as "(hidden)". Painted, so that a long file costs nothing.
class FileListing final : public QWidget
{
    Q_OBJECT
public:
    explicit FileListing(QWidget *parent = nullptr);
    void setPlan(const Plan &plan);
    int fileCount() const { return m_files; }
    int lineCount() const { return m_added; }
    QStringList lines() const; ///< What is shown, as text
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {200, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent *) override;

private:
    struct Line
    {
        bool head = false;
        int number = 0;
        QString text;
    };
    int lineHeight() const;
    QList<Line> m_lines;
    int m_files = 0, m_added = 0;
};

} // namespace understudy
