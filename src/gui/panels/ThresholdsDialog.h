// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Health.h"

#include <QDialog>
#include <QDoubleSpinBox>
#include <memory>

namespace Ui {
class ThresholdsDialog;
}

namespace understudy {

/// The limits of the findings, one row each; a change takes effect at once. Not modal.
class ThresholdsDialog final : public QDialog
{
    Q_OBJECT
public:
    /// @p where says in words where they are kept.
    ThresholdsDialog(const Thresholds &thresholds, const QString &where, QWidget *parent = nullptr);
    ~ThresholdsDialog() override;
    const Thresholds &thresholds() const { return m_thresholds; }

Q_SIGNALS:
    void changed(const understudy::Thresholds &thresholds);

private:
    void fill();

    std::unique_ptr<Ui::ThresholdsDialog> m_ui;
    Thresholds m_thresholds;
    QList<QDoubleSpinBox *> m_fields;
};

} // namespace understudy
