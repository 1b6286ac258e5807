// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/Plan.h"

#include <QWidget>

namespace understudy {

/// The files that a plan writes, line by line, as added lines of a diff: number, sign, text. Of a file that
/// is edited only what is added is shown, numbered as in the new file, with folds that say what lies between.
/// Nothing is cut off: what is too long goes on below. Secrets are shown as "(hidden)". Painted, so that a
/// long file costs nothing.
class FileListing final : public QWidget
{
    Q_OBJECT
public:
    explicit FileListing(QWidget *parent = nullptr);
    void setPlan(const Plan &plan);
    int fileCount() const { return m_files; } ///< New files, edited ones left out
    int editCount() const { return m_edits; }
    int lineCount() const { return m_added; }
    QStringList lines() const; ///< What is shown, as text
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {200, sizeHint().height()}; }

protected:
    void resizeEvent(QResizeEvent *) override;
    void paintEvent(QPaintEvent *) override;

private:
    enum class Kind { Head, Fold, Added };
    struct Line
    {
        Kind kind = Kind::Added;
        int number = 0;
        QString text;
    };
    void addFile(const FileAction &file);
    void addEdit(const EditAction &edit);
    /// A line as it is painted: what is too long for the width goes on in rows without a number.
    struct Row
    {
        qsizetype line = 0;
        qsizetype from = 0, length = 0;
    };
    int lineHeight() const;
    void wrap();
    QList<Line> m_lines;
    QList<Row> m_rows;
    int m_files = 0, m_edits = 0, m_added = 0;
};

} // namespace understudy
