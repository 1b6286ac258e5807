// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/ThresholdFields.h"

#include <QStringList>
#include <algorithm>
#include <cmath>

namespace understudy {

double ThresholdField::stored(const Thresholds &t) const
{
    return std::visit([&t](auto pointer) { return double(t.*pointer); }, member);
}

void ThresholdField::store(Thresholds &t, double value) const
{
    if (const auto *whole = std::get_if<qint64 Thresholds::*>(&member))
        t.*(*whole) = std::llround(value);
    else
        t.*std::get<double Thresholds::*>(member) = value;
}

const QList<ThresholdField> &thresholdFields()
{
    constexpr double megabyte = 1048576;
    static const auto words = [](const char *text) { return QString::fromLatin1(text); };
    static const QList<ThresholdField> fields{
        {words("lag_bytes"), words("A standby is lagging when it is behind by"), words("MB"), megabyte, 0.01,
         1e6, &Thresholds::lagBytes},
        {words("lag_seconds"), words("or by"), words("s"), 1, 0.1, 604800, &Thresholds::lagSeconds},
        {words("slot_retained_bytes"), words("An inactive slot is a warning when it keeps"), words("MB"),
         megabyte, 1, 1e8, &Thresholds::slotRetainedBytes},
        {words("runway_seconds"), words("A slot or disk runs out: warn when less is left than"), words("h"),
         3600, 0.1, 8760, &Thresholds::runwaySeconds},
        {words("stall_after_seconds"), words("A link has stalled after no progress for"), words("s"), 1, 1,
         3600, &Thresholds::stallAfterSeconds},
        {words("idle_after_seconds"), words("A link is idle after no WAL for"), words("s"), 1, 1, 86400,
         &Thresholds::idleAfterSeconds},
        {words("transaction_seconds"), words("A transaction is long after"), words("min"), 60, 0.1, 100000,
         &Thresholds::transactionSeconds},
        {words("xmin_age"), words("Vacuum is held back by a slot or feedback: warn from"),
         words("million transactions"), 1e6, 0.001, 2000, &Thresholds::xminAge},
        {words("wraparound_age"), words("Wraparound is near: critical from"), words("million transactions"),
         1e6, 0.001, 2000, &Thresholds::wraparoundAge},
        {words("raise_after_seconds"), words("A warning is told after it has lasted"), words("s"), 1, 0, 3600,
         &Thresholds::raiseAfterSeconds},
        {words("clear_after_seconds"), words("and taken back after it has been gone for"), words("s"), 1, 0,
         3600, &Thresholds::clearAfterSeconds}};
    return fields;
}

QJsonObject thresholdsJson(const Thresholds &thresholds)
{
    static const Thresholds defaults;
    QJsonObject out;
    for (const ThresholdField &field : thresholdFields()) {
        if (field.stored(thresholds) != field.stored(defaults))
            out.insert(field.key, field.stored(thresholds));
    }
    return out;
}

Result<Thresholds> thresholdsOf(const QJsonObject &json)
{
    Thresholds out;
    const auto &fields = thresholdFields();
    for (auto it = json.begin(); it != json.end(); ++it) {
        const auto field = std::find_if(fields.begin(), fields.end(),
                                        [&](const ThresholdField &f) { return f.key == it.key(); });
        if (field == fields.end())
            return fail(QStringLiteral("There is no threshold \"%1\".").arg(it.key().left(60)), {},
                        it.key().left(60));
        const double value = it.value().toDouble(std::nan(""));
        const double least = field->least * field->scale;
        const double most = field->most * field->scale;
        if (!(value >= least && value <= most))
            return fail(QStringLiteral("The threshold %1 is not a number from %2 to %3.")
                            .arg(field->key, QString::number(least, 'g', 12), QString::number(most, 'g', 12)),
                        {}, field->key);
        field->store(out, value);
    }
    return out;
}

} // namespace understudy
