// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/CopyCards.h"

#include "model/Format.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace understudy {

namespace {

/// Over the time in which files were copied; none while that is too short to say.
std::optional<QString> averageRate(const CopyProgress &progress)
{
    const double copying = progress.phaseSeconds.value(int(CopyProgress::Phase::Files));
    if (copying < 0.2)
        return {};
    return format::rate(double(progress.doneBytes) / copying);
}

} // namespace

CurrentStepCard::CurrentStepCard(QWidget *parent)
    : Card(parent), m_glyph(new GlyphLabel(20)), m_title(new TextLabel(TextRole::Title)),
      m_detail(new TextLabel(TextRole::Mono, {}, nullptr, TextLabel::Tone::Text3)),
      m_words(new TextLabel(TextRole::Body, {}, nullptr, TextLabel::Tone::Text2)), m_bar(new MeterBar),
      m_phases(new PhaseBars)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 16, 20, 16);
    layout->setSpacing(10);
    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_glyph);
    head->addWidget(m_title, 1);
    head->addWidget(m_detail);
    layout->addLayout(head);
    auto *measures = new QHBoxLayout;
    measures->setSpacing(40);
    for (int i = 0; i < 4; ++i) {
        auto *column = new QVBoxLayout;
        column->setSpacing(0);
        auto *label = new TextLabel(TextRole::Label, {}, nullptr, TextLabel::Tone::Text3);
        auto *value = new TextLabel(TextRole::Page);
        value->setObjectName(QStringLiteral("measure%1").arg(i));
        column->addWidget(label);
        column->addWidget(value);
        measures->addLayout(column);
        m_measures.append(std::pair(label, value));
    }
    measures->addStretch(1);
    layout->addLayout(measures);
    m_words->setWordWrap(true);
    m_words->setObjectName(QStringLiteral("currentWords"));
    m_words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(m_words);
    layout->addWidget(m_bar);
    layout->addSpacing(10);
    layout->addWidget(m_phases);
    layout->addStretch(1);
    m_bar->setAccessibleName(tr("Copied"));
    reset();
}

void CurrentStepCard::reset()
{
    m_glyph->hide();
    m_title->setText(tr("Getting ready"));
    m_detail->clear();
    m_words->hide();
    setMeasures({});
    m_bar->setFraction(0);
    m_bar->hide();
    m_phases->hide();
}

void CurrentStepCard::setMeasures(const QList<std::pair<QString, QString>> &measures)
{
    for (int i = 0; i < m_measures.size(); ++i) {
        const bool used = i < measures.size();
        m_measures.at(i).first->setText(used ? measures.at(i).first : QString());
        m_measures.at(i).second->setText(used ? measures.at(i).second : QString());
        m_measures.at(i).first->setVisible(used);
        m_measures.at(i).second->setVisible(used);
    }
}

void CurrentStepCard::setStep(const QString &title, const QString &fact, const QString &detail)
{
    m_glyph->hide();
    m_title->setText(title);
    m_detail->setText(detail);
    m_words->setText(fact);
    m_words->setVisible(!fact.isEmpty());
}

void CurrentStepCard::setCopy(const CopyProgress &progress, bool ended)
{
    const double part =
        progress.totalBytes > 0 ? double(progress.doneBytes) / double(progress.totalBytes) : 0;
    const bool known = progress.totalBytes > 0;
    const std::optional<QString> average = averageRate(progress);
    double took = 0;
    for (const double seconds : progress.phaseSeconds)
        took += seconds;
    m_words->hide();
    setMeasures({{tr("Done"), ended   ? format::percent(1)
                              : known ? format::percent(qMin(part, 1.0))
                                      : tr("unknown")},
                 {tr("Copied"),
                  known ? format::bytesOf(qMin(progress.doneBytes, progress.totalBytes), progress.totalBytes)
                        : format::bytes(progress.doneBytes)},
                 ended
                     ? std::pair(tr("Average rate"), average.value_or(tr("unknown")))
                     : std::pair(tr("Rate"), progress.rate > 0 ? format::rate(progress.rate) : tr("unknown")),
                 ended ? std::pair(tr("Took"), format::seconds(took))
                       : std::pair(tr("Time left"), format::seconds(progress.secondsLeft))});
    m_bar->show();
    m_bar->setFraction(ended ? 1 : part);
    m_phases->show();
    m_phases->setProgress(progress, ended);
}

void CurrentStepCard::setOutcome(Glyph glyph, const QString &title, const QString &words,
                                 const QStringList &lines)
{
    m_glyph->setGlyph(glyph);
    m_glyph->show();
    m_title->setText(title);
    m_detail->clear();
    QStringList all{words};
    all << lines;
    all.removeAll(QString());
    m_words->setText(all.join(u'\n'));
    m_words->setVisible(!all.isEmpty());
    if (glyph != Glyph::CheckPass) {
        setMeasures({});
        m_bar->hide();
        m_phases->hide();
    }
}

SlotCard::SlotCard(QWidget *parent)
    : Card(parent), m_title(new TextLabel(TextRole::BodyStrong)), m_value(new TextLabel(TextRole::Title)),
      m_of(new TextLabel(TextRole::Small, {}, nullptr, TextLabel::Tone::Text3)),
      m_words(new TextLabel(TextRole::Label, {}, nullptr, TextLabel::Tone::Text3)),
      m_state(new GlyphLabel(14)), m_bar(new MeterBar)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(8);
    auto *head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(m_state);
    layout->addLayout(head);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_value, 0, Qt::AlignBaseline);
    row->addWidget(m_of, 0, Qt::AlignBaseline);
    row->addStretch(1);
    layout->addLayout(row);
    layout->addWidget(m_bar);
    m_words->setWordWrap(true);
    layout->addWidget(m_words);
    layout->addStretch(1);
}

void SlotCard::begin(const WizardState &state, const QString &slot)
{
    m_title->setText(state.request.choices.slot ? tr("WAL kept by %1").arg(slot)
                                                : tr("WAL kept for the copy"));
    m_hasSlot = state.request.choices.slot;
    m_limit.reset();
    m_rate.reset();
    if (const Node *upstream = state.node(state.request.upstream)) {
        bool number = false;
        const qint64 limit =
            upstream->settings.value(QStringLiteral("max_slot_wal_keep_size")).toLongLong(&number);
        if (number && limit >= 0)
            m_limit = limit;
        m_rate = upstream->walRate;
    }
    setRetained({});
}

void SlotCard::setRetained(std::optional<qint64> bytes)
{
    if (!m_hasSlot) {
        // pg_basebackup makes a slot that lasts as long as itself; nothing of it is asked for.
        m_value->setText(tr("not measured"));
        m_of->clear();
        m_state->setGlyph(Glyph::CheckWaiting, tr("No slot"));
        m_bar->setFraction(0, MeterBar::Tone::Ok);
        m_words->setText(tr("A slot that lasts only as long as the copy keeps what is written meanwhile; "
                            "afterwards wal_keep_size does."));
        return;
    }
    m_value->setText(bytes ? format::bytes(*bytes) : tr("unknown"));
    m_of->setText(!bytes    ? tr("until the slot is there")
                  : m_limit ? tr("of %1 limit").arg(format::bytes(*m_limit))
                            : tr("no limit set"));
    double part = 0;
    if (bytes && m_limit && *m_limit > 0)
        part = double(*bytes) / double(*m_limit);
    const bool tight = part > 0.75;
    if (bytes)
        m_state->setGlyph(tight ? Glyph::CheckWarning : Glyph::CheckPass,
                          tight ? tr("Close to its limit") : tr("Safe"));
    else
        m_state->setGlyph(Glyph::CheckWaiting, tr("Waiting"));
    m_bar->setFraction(part, tight ? MeterBar::Tone::Warn : MeterBar::Tone::Ok);
    if (m_limit && m_rate && *m_rate > 0 && bytes)
        m_words->setText(
            tr("At %1 the limit is about %2 away.")
                .arg(format::rate(m_rate), format::age(qint64(double(*m_limit - *bytes) / *m_rate * 1e6))));
    else if (!m_limit)
        m_words->setText(
            tr("Nothing is thrown away before the new standby has it; the disk of the upstream is the "
               "only limit."));
    else
        m_words->setText(tr("What is written meanwhile waits here for the new standby."));
}

RateCard::RateCard(QWidget *parent)
    : Card(parent), m_value(new TextLabel(TextRole::Title)),
      m_average(new TextLabel(TextRole::Small, {}, nullptr, TextLabel::Tone::Text3)),
      m_limit(new TextLabel(TextRole::Small, {}, nullptr, TextLabel::Tone::Text3)), m_line(new MiniLine)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(8);
    auto *head = new QHBoxLayout;
    head->addWidget(new TextLabel(TextRole::BodyStrong, tr("Copy rate")), 1);
    head->addWidget(m_limit);
    layout->addLayout(head);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_value, 0, Qt::AlignBaseline);
    row->addWidget(m_average, 0, Qt::AlignBaseline);
    row->addStretch(1);
    layout->addLayout(row);
    layout->addWidget(m_line, 1);
}

void RateCard::begin(const QString &limit)
{
    m_limit->setText(limit.isEmpty() ? tr("limit: none") : tr("limit: %1").arg(limit));
    m_value->setText(tr("unknown"));
    m_average->setText(tr("until the copy begins"));
    m_line->clear();
}

void RateCard::setCopy(const CopyProgress &progress, bool ended)
{
    const std::optional<QString> average = averageRate(progress);
    if (ended && average) {
        m_value->setText(*average);
        m_average->setText(tr("average"));
    } else {
        m_value->setText(progress.rate > 0 ? format::rate(progress.rate) : tr("unknown"));
        m_average->setText(average ? tr("average %1").arg(*average) : QString());
    }
    if (!ended && progress.phase == CopyProgress::Phase::Files)
        m_line->add(progress.rate);
}

} // namespace understudy
