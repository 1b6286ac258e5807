// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Health.h"
#include "model/Result.h"

#include <QJsonObject>
#include <QString>
#include <variant>

namespace understudy {

/// One of the limits in `Thresholds` as a person sets it and as a file keeps it.
struct ThresholdField
{
    QString key;   ///< In files: "lag_bytes". Never translated.
    QString title; ///< "A standby is lagging: bytes behind"
    QString unit;  ///< What is shown and typed: "MB", "s", "h"
    double scale;  ///< Stored value of one shown unit.
    double least;  ///< In shown units, like `most`.
    double most;
    std::variant<qint64 Thresholds::*, double Thresholds::*> member;

    double stored(const Thresholds &) const; ///< Bytes, seconds or transactions.
    void store(Thresholds &, double value) const;
    double shown(const Thresholds &t) const { return stored(t) / scale; }
    void show(Thresholds &t, double value) const { store(t, value * scale); }
};

/// Every limit, in the order of a form.
const QList<ThresholdField> &thresholdFields();

/// What differs from the defaults, by key; empty when nothing does.
QJsonObject thresholdsJson(const Thresholds &);
/// The defaults with what stands in @p json. An unknown key or a value out of its range is an error that
/// names it.
Result<Thresholds> thresholdsOf(const QJsonObject &json);

} // namespace understudy
