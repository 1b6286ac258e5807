// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/OperationsPanel.h"

#include "gui/Background.h"
#include "model/Format.h"

#include <algorithm>

namespace understudy {

namespace {

constexpr qsizetype most = 50;

} // namespace

QString outcomeWords(const JournalEntry &entry)
{
    if (entry.runningNow)
        return QObject::tr("Running");
    if (entry.open)
        return QObject::tr("Interrupted");
    switch (entry.record.outcome) {
    case RunRecord::Outcome::Done:
        return QObject::tr("Done");
    case RunRecord::Outcome::FailedAndUndone:
        return QObject::tr("Failed and undone");
    case RunRecord::Outcome::CancelledAndUndone:
        return QObject::tr("Cancelled and undone");
    case RunRecord::Outcome::LeftBehind:
        return QObject::tr("Left behind: %1").arg(entry.record.leftBehind.join(QStringLiteral(", ")));
    case RunRecord::Outcome::Interrupted:
    case RunRecord::Outcome::Running:
        break;
    }
    return QObject::tr("Interrupted");
}

Glyph outcomeGlyph(const JournalEntry &entry)
{
    if (entry.runningNow)
        return Glyph::CheckRunning;
    if (entry.open)
        return Glyph::CheckWarning;
    switch (entry.record.outcome) {
    case RunRecord::Outcome::Done:
        return Glyph::CheckPass;
    case RunRecord::Outcome::CancelledAndUndone:
        return Glyph::CheckWaived;
    case RunRecord::Outcome::FailedAndUndone:
    case RunRecord::Outcome::LeftBehind:
        return Glyph::CheckFail;
    case RunRecord::Outcome::Interrupted:
    case RunRecord::Outcome::Running:
        break;
    }
    return Glyph::CheckWarning;
}

class OperationsPanel::Row final : public QWidget
{
public:
    explicit Row(QWidget *parent) : QWidget(parent)
    {
        m_glyph = new GlyphLabel(16, this);
        m_title = new TextLabel(TextRole::BodyMedium, {}, this);
        m_title->setWordWrap(true);
        m_when = new TextLabel(TextRole::Small, {}, this, TextLabel::Tone::Text2);
        m_when->setWordWrap(true);
        m_id = new TextLabel(TextRole::MonoSmall, {}, this, TextLabel::Tone::Text3);
        m_id->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_id->setWordWrap(true);
        auto *words = new QVBoxLayout;
        words->setSpacing(2);
        words->addWidget(m_title);
        words->addWidget(m_when);
        words->addWidget(m_id);
        auto *row = new QHBoxLayout;
        row->setContentsMargins(16, 10, 16, 10);
        row->setSpacing(10);
        row->addWidget(m_glyph, 0, Qt::AlignTop);
        row->addLayout(words, 1);
        auto *column = new QVBoxLayout(this);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(0);
        column->addLayout(row);
        column->addWidget(new Line(this));
    }
    void set(const JournalEntry &entry)
    {
        const RunRecord &record = entry.record;
        m_glyph->setGlyph(outcomeGlyph(entry));
        m_title->setText(record.plan.title);
        QStringList parts = {outcomeWords(entry)};
        if (record.startedUs > 0)
            parts << format::utcDateTime(record.startedUs);
        if (record.finishedUs > record.startedUs && record.startedUs > 0)
            parts << tr("took %1").arg(format::age(record.finishedUs - record.startedUs));
        m_when->setText(parts.join(QStringLiteral(", ")));
        m_id->setText(record.plan.id);
        setAccessibleName(record.plan.title + QStringLiteral(", ") + m_when->text());
    }

private:
    GlyphLabel *m_glyph;
    TextLabel *m_title, *m_when, *m_id;
};

OperationsPanel::OperationsPanel(QWidget *parent) : PanelWidget(parent)
{
    m_content = new QWidget(this);
    auto *column = new QVBoxLayout(m_content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_list = new QVBoxLayout;
    m_list->setSpacing(0);
    column->addLayout(m_list);
    m_none = new QWidget(m_content);
    auto *none = new QVBoxLayout(m_none);
    none->setContentsMargins(24, 40, 24, 24);
    none->setSpacing(8);
    auto *title = new TextLabel(TextRole::Title, tr("No operations yet"), m_none);
    auto *words = new TextLabel(
        TextRole::Body,
        tr("A plan that changes a cluster is listed here, with how it ended and its journal's name."), m_none,
        TextLabel::Tone::Text2);
    words->setWordWrap(true);
    words->setAlignment(Qt::AlignHCenter);
    none->addWidget(title, 0, Qt::AlignHCenter);
    none->addWidget(words);
    column->addWidget(m_none);
    column->addStretch(1);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(makePanelArea(m_content, this));
}

void OperationsPanel::set(const QList<JournalEntry> &entries)
{
    QList<JournalEntry> newest = entries;
    std::stable_sort(newest.begin(), newest.end(), [](const JournalEntry &a, const JournalEntry &b) {
        return a.record.plan.id > b.record.plan.id;
    });
    if (newest.size() > most)
        newest.resize(most);
    while (m_rows.size() > newest.size())
        delete m_rows.takeLast();
    while (m_rows.size() < newest.size()) {
        m_rows.append(new Row(m_content));
        m_list->addWidget(m_rows.constLast());
        m_rows.constLast()->show();
    }
    for (qsizetype i = 0; i < newest.size(); ++i)
        m_rows.at(i)->set(newest.at(i));
    m_none->setVisible(newest.isEmpty());
}

void OperationsPanel::refresh()
{
    if (m_reading)
        return;
    m_reading = true;
    inBackground(
        this, [] { return Journal::entries(); },
        [this](const QList<JournalEntry> &entries) {
            m_reading = false;
            set(entries);
        });
}

void OperationsPanel::showEvent(QShowEvent *event)
{
    PanelWidget::showEvent(event);
    refresh();
}

} // namespace understudy
