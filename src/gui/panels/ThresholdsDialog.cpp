// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/ThresholdsDialog.h"

#include "gui/parts/Parts.h"
#include "model/ThresholdFields.h"
#include "ui_ThresholdsDialog.h"

#include <QSignalBlocker>

namespace understudy {

namespace {

/// Shows 64, not 64.000.
class NumberBox final : public QDoubleSpinBox
{
public:
    using QDoubleSpinBox::QDoubleSpinBox;
    QString textFromValue(double value) const override
    {
        return locale()
            .toString(value, 'f', QLocale::FloatingPointShortest)
            .remove(locale().groupSeparator());
    }
};

} // namespace

ThresholdsDialog::ThresholdsDialog(const Thresholds &thresholds, const QString &where, QWidget *parent)
    : QDialog(parent), m_ui(std::make_unique<Ui::ThresholdsDialog>()), m_thresholds(thresholds)
{
    m_ui->setupUi(this);
    setAttribute(Qt::WA_DeleteOnClose);
    m_ui->where->setText(where);
    const auto &fields = thresholdFields();
    for (qsizetype i = 0; i < fields.size(); ++i) {
        const ThresholdField &field = fields[i];
        auto *label = new TextLabel(TextRole::Body, field.title, this);
        auto *box = new NumberBox(this);
        box->setObjectName(field.key);
        box->setAccessibleName(field.title + u' ' + field.unit);
        box->setRange(field.least, field.most);
        // As many digits as the smallest value needs; a step that moves what is usual.
        box->setDecimals(field.least < 0.1 && field.least > 0 ? 3 : 1);
        box->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
        box->setAlignment(Qt::AlignRight);
        box->setMinimumWidth(120);
        box->setKeyboardTracking(false);
        label->setBuddy(box);
        m_ui->grid->addWidget(label, int(i), 0);
        m_ui->grid->addWidget(box, int(i), 1);
        m_ui->grid->addWidget(new TextLabel(TextRole::Body, field.unit, this, TextLabel::Tone::Text3), int(i),
                              2);
        m_fields << box;
        connect(box, &QDoubleSpinBox::valueChanged, this, [this, &field](double value) {
            field.show(m_thresholds, value);
            Q_EMIT changed(m_thresholds);
        });
    }
    connect(m_ui->defaults, &QPushButton::clicked, this, [this] {
        m_thresholds = Thresholds();
        fill();
        Q_EMIT changed(m_thresholds);
    });
    connect(m_ui->close, &QPushButton::clicked, this, &QDialog::accept);
    fill();
}

ThresholdsDialog::~ThresholdsDialog() = default;

void ThresholdsDialog::fill()
{
    for (qsizetype i = 0; i < m_fields.size(); ++i) {
        const QSignalBlocker quiet(m_fields[i]);
        m_fields[i]->setValue(thresholdFields()[i].shown(m_thresholds));
    }
}

} // namespace understudy
