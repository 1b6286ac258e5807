// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/wizard/Meters.h"
#include "gui/wizard/WizardState.h"

#include "gui/parts/Parts.h"

namespace understudy {

/// What the run does right now, large: for the copy its percent, size, rate, time left and phases.
class CurrentStepCard final : public Card
{
    Q_OBJECT
public:
    explicit CurrentStepCard(QWidget *parent = nullptr);
    void setStep(const QString &title, const QString &fact, const QString &detail);
    void setCopy(const CopyProgress &progress, bool ended);
    void setOutcome(Glyph glyph, const QString &title, const QString &words, const QStringList &lines);
    void reset();

private:
    void setMeasures(const QList<std::pair<QString, QString>> &measures);
    GlyphLabel *m_glyph;
    TextLabel *m_title, *m_detail, *m_words;
    QList<std::pair<TextLabel *, TextLabel *>> m_measures;
    MeterBar *m_bar;
    PhaseBars *m_phases;
};

/// WAL that the new slot keeps on the upstream while the copy runs, against its limit.
class SlotCard final : public Card
{
    Q_OBJECT
public:
    explicit SlotCard(QWidget *parent = nullptr);
    void begin(const WizardState &state, const QString &slot);
    void setRetained(std::optional<qint64> bytes);

private:
    TextLabel *m_title, *m_value, *m_of, *m_words;
    GlyphLabel *m_state;
    MeterBar *m_bar;
    bool m_hasSlot = true;
    std::optional<qint64> m_limit;
    std::optional<double> m_rate;
};

/// The rate of the copy with its average and its line.
class RateCard final : public Card
{
    Q_OBJECT
public:
    explicit RateCard(QWidget *parent = nullptr);
    void begin(const QString &limit);
    void setCopy(const CopyProgress &progress, bool ended);

private:
    TextLabel *m_value, *m_average, *m_limit;
    MiniLine *m_line;
};

} // namespace understudy
