// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace understudy {

class TextLabel;

/// The line below a field: what is wrong with it and how to put it right. Takes no room while all is well.
class FieldError final : public QWidget
{
    Q_OBJECT
public:
    explicit FieldError(QWidget *parent = nullptr);
    void setMessage(const QString &message);
    QString message() const;

private:
    TextLabel *m_text;
};

} // namespace understudy
