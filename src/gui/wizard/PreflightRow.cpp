// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/PreflightRow.h"

#include "gui/Style.h"
#include "model/Format.h"

#include <QDesktopServices>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QUrl>

namespace understudy {

namespace {

constexpr int largeText = 26; // height of a line, pixels

} // namespace

Glyph glyphFor(CheckStatus status)
{
    switch (status) {
    case CheckStatus::Waiting:
        return Glyph::CheckWaiting;
    case CheckStatus::Running:
        return Glyph::CheckRunning;
    case CheckStatus::Pass:
        return Glyph::CheckPass;
    case CheckStatus::Warning:
        return Glyph::CheckWarning;
    case CheckStatus::Fail:
        return Glyph::CheckFail;
    case CheckStatus::Waived:
        return Glyph::CheckWaived;
    case CheckStatus::Skipped:
        return Glyph::CheckWaiting;
    }
    return Glyph::CheckWaiting;
}

PreflightRow::PreflightRow(const CheckResult &check, QWidget *parent)
    : QWidget(parent), m_head(new Strip(Strip::TopLine)), m_glyph(new GlyphLabel(16)),
      m_title(new TextLabel(TextRole::BodyMedium)),
      m_evidence(new TextLabel(TextRole::Small, {}, nullptr, TextLabel::Tone::Text2)),
      m_took(new TextLabel(TextRole::Label, {}, nullptr, TextLabel::Tone::Text3)),
      m_toggle(makeButton({}, QStringLiteral("link")))
{
    setObjectName(QStringLiteral("check_") + check.id);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_head->setMinimumHeight(36);
    auto *row = new QHBoxLayout(m_head);
    row->setContentsMargins(16, 0, 16, 0);
    row->setSpacing(0);
    m_glyph->setMinimumWidth(24); // more at large text
    m_title->setFixedWidth(232);
    m_title->setWordWrap(true); // at large text
    m_title->setContentsMargins(0, 8, 8, 8);
    m_evidence->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_evidence->setWordWrap(true);
    m_evidence->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_evidence->setFocusPolicy(Qt::NoFocus);
    m_evidence->setContentsMargins(0, 8, 8, 8);
    m_took->setMinimumWidth(56);
    m_took->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    row->addWidget(m_glyph);
    row->addWidget(m_title);
    row->addWidget(m_evidence, 1);
    row->addWidget(m_took);
    row->addWidget(m_toggle);
    column->addWidget(m_head);
    connect(m_toggle, &QPushButton::clicked, this, [this] {
        if (m_check.status == CheckStatus::Waived)
            Q_EMIT waiverUndone(m_check.id);
        else
            setOpen(!m_open);
    });
    setCheck(check);
}

bool PreflightRow::opensByItself() const
{
    return m_check.status == CheckStatus::Warning || m_check.status == CheckStatus::Fail;
}

void PreflightRow::setCheck(const CheckResult &check)
{
    const bool wasTrouble = opensByItself();
    m_check = check;
    m_askReason = false;
    if (opensByItself() != wasTrouble)
        m_open = opensByItself();
    showHead();
    buildDetail();
}

void PreflightRow::setOpen(bool open)
{
    if (m_open == open)
        return;
    m_open = open && opensByItself();
    showHead();
    buildDetail();
}

void PreflightRow::setLast(bool last)
{
    m_last = last;
    showHead();
}

void PreflightRow::setBusy(bool busy)
{
    m_busy = busy;
    if (m_detail)
        m_detail->setEnabled(!busy);
}

void PreflightRow::showHead()
{
    m_glyph->setGlyph(glyphFor(m_check.status));
    m_title->setText(m_check.title);
    m_title->setToolTip(m_check.title);
    QString evidence = m_check.evidence;
    if (m_check.status == CheckStatus::Waived)
        evidence += tr(". Waived by %1: %2").arg(m_who, m_check.waivedReason);
    m_evidence->setText(evidence);
    const bool ended = m_check.status != CheckStatus::Waiting && m_check.status != CheckStatus::Running &&
                       m_check.status != CheckStatus::Skipped;
    m_took->setText(ended ? format::milliseconds(m_check.tookMs) : QString());
    m_took->setVisible(!opensByItself() && m_check.status != CheckStatus::Waived);
    m_toggle->setVisible(opensByItself() || m_check.status == CheckStatus::Waived);
    m_toggle->setText(m_check.status == CheckStatus::Waived ? tr("Undo") : m_open ? tr("Hide") : tr("Show"));
    m_toggle->setAccessibleName(m_toggle->text() + QLatin1Char(' ') + m_check.title);
    const bool opened = opensByItself() && m_open;
    m_head->setFill(!opensByItself()                         ? Strip::Fill::None
                    : m_check.status == CheckStatus::Warning ? Strip::Fill::Warn
                                                             : Strip::Fill::Crit);
    m_head->setEdges(Strip::TopLine | (opensByItself() && !opened ? Strip::BottomLine : 0) |
                     (m_last && !opened ? Strip::RoundBottom : 0));
    setAccessibleName(QStringList{m_check.title, words(m_check.status), evidence}.join(QStringLiteral(", ")));
}

void PreflightRow::addDetail(QGridLayout *grid, const QString &label, QWidget *value)
{
    const int row = grid->rowCount();
    if (!label.isEmpty()) {
        auto *name = new TextLabel(TextRole::Small, label, nullptr, TextLabel::Tone::Text3);
        name->setWordWrap(true);
        name->setContentsMargins(0, qobject_cast<CodeBox *>(value) ? 8 : 0, 8, 0);
        grid->addWidget(name, row, 0, Qt::AlignTop);
    }
    grid->addWidget(value, row, 1);
}

void PreflightRow::buildDetail()
{
    delete m_detail;
    m_detail = nullptr;
    if (!m_open || !opensByItself())
        return;
    auto *strip =
        new Strip(Strip::BottomLine,
                  m_check.status == CheckStatus::Warning ? Strip::Fill::WarnLine : Strip::Fill::CritLine);
    m_detail = strip;
    auto *grid = new QGridLayout(strip);
    grid->setContentsMargins(40, 10, 16, 14);
    grid->setHorizontalSpacing(0);
    grid->setVerticalSpacing(10);
    grid->setColumnMinimumWidth(0, 232);
    grid->setColumnStretch(1, 1);
    if (!m_check.why.isEmpty()) {
        auto *why = new TextLabel(TextRole::Small, m_check.why);
        why->setWordWrap(true);
        addDetail(grid, tr("Why it matters"), why);
    }
    if (m_check.fix && !m_check.fix->command.isEmpty()) {
        const bool restart = m_check.fix->restartsPrimary;
        addDetail(grid,
                  m_check.fix->setField.isEmpty() && (m_check.fix->canApply || restart)
                      ? (restart ? tr("Fix, restarts the primary") : tr("Fix, no restart needed"))
                      : tr("Fix"),
                  new CodeBox(m_check.fix->command));
    }
    auto *actions = new QWidget;
    QBoxLayout *row = buildActions();
    actions->setLayout(row);
    addDetail(grid, {}, actions);
    m_detail->setEnabled(!m_busy);
    layout()->addWidget(m_detail);
}

QBoxLayout *PreflightRow::buildActions()
{
    // At large text the buttons have no room beside each other.
    const bool large = fontMetrics().height() > largeText;
    auto *row = new QBoxLayout(large && !m_askReason ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    if (m_askReason) {
        auto *reason = new QLineEdit;
        reason->setObjectName(QStringLiteral("waiveReason"));
        reason->setPlaceholderText(tr("Why this is fine here; the runbook shows it"));
        reason->setMaxLength(200);
        reason->setAccessibleName(tr("Reason for waiving %1").arg(m_check.title));
        QPushButton *waive = makeButton(tr("Waive"), QStringLiteral("small"));
        QPushButton *not_ = makeButton(tr("Keep it"), QStringLiteral("smallFlat"));
        waive->setObjectName(QStringLiteral("waiveConfirm"));
        waive->setEnabled(false);
        connect(reason, &QLineEdit::textChanged, waive,
                [waive](const QString &text) { waive->setEnabled(!text.trimmed().isEmpty()); });
        connect(waive, &QPushButton::clicked, this,
                [this, reason] { Q_EMIT waiveRequested(m_check.id, reason->text().simplified()); });
        connect(reason, &QLineEdit::returnPressed, waive, &QPushButton::click);
        connect(not_, &QPushButton::clicked, this, &PreflightRow::keepIt);
        row->addWidget(reason, 1);
        row->addWidget(waive);
        row->addWidget(not_);
        QMetaObject::invokeMethod(
            reason, [reason] { reason->setFocus(); }, Qt::QueuedConnection);
        return row;
    }
    const bool sets = m_check.fix && !m_check.fix->setField.isEmpty();
    int solid = 0; // Buttons that change something
    if (m_check.fix && (sets || (m_check.fix->canApply && m_check.fix->plan))) {
        QPushButton *apply = makeButton(m_check.fix->button, QStringLiteral("small"));
        apply->setObjectName(QStringLiteral("applyFix"));
        connect(apply, &QPushButton::clicked, this, [this] { Q_EMIT fixRequested(m_check.id); });
        row->addWidget(apply);
        ++solid;
    }
    if (!m_check.field.isEmpty() && !sets) {
        QPushButton *jump = makeButton(tr("Change it"), QStringLiteral("small"));
        jump->setObjectName(QStringLiteral("jumpToField"));
        connect(jump, &QPushButton::clicked, this, [this] { Q_EMIT fieldRequested(m_check.field); });
        row->addWidget(jump);
        ++solid;
    }
    // Four beside each other are wider than the smallest window.
    QBoxLayout *all = row;
    if (!large && solid > 1) {
        row->addStretch(1);
        all = new QVBoxLayout;
        all->setContentsMargins(0, 0, 0, 0);
        all->setSpacing(4);
        all->addLayout(row);
        row = new QHBoxLayout;
        row->setSpacing(8);
        row->setContentsMargins(0, 0, 0, 0);
        all->addLayout(row);
    }
    if (m_check.waivable) {
        QPushButton *waive = makeButton(tr("Waive with a reason…"), QStringLiteral("smallFlat"));
        waive->setObjectName(QStringLiteral("waiveButton"));
        connect(waive, &QPushButton::clicked, this, [this] {
            m_askReason = true;
            // The button lives in the part that is rebuilt: not while it is still handling its click.
            QMetaObject::invokeMethod(
                this, [this] { buildDetail(); }, Qt::QueuedConnection);
        });
        row->addWidget(waive);
    }
    const QUrl manual(m_check.manual);
    if (manual.scheme() == QLatin1String("https")) {
        QPushButton *page = makeButton(tr("Manual page"), QStringLiteral("smallFlat"));
        page->setToolTip(manual.toString());
        connect(page, &QPushButton::clicked, this, [manual] { QDesktopServices::openUrl(manual); });
        row->addWidget(page);
    }
    row->addStretch(1);
    return all;
}

void PreflightRow::keepIt()
{
    m_askReason = false;
    QMetaObject::invokeMethod(
        this, [this] { buildDetail(); }, Qt::QueuedConnection);
}

void PreflightRow::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    // Past this row Enter would leave the page, with no reason given, and Esc would close the window.
    if (m_askReason && qobject_cast<QLineEdit *>(focusWidget()) &&
        (enter || event->key() == Qt::Key_Escape)) {
        if (!enter)
            keepIt();
        return;
    }
    QWidget::keyPressEvent(event);
}

void PreflightRow::mouseReleaseEvent(QMouseEvent *event)
{
    if (opensByItself() && m_head->geometry().contains(event->pos()))
        setOpen(!m_open);
}

} // namespace understudy
