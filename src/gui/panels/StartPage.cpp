// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/StartPage.h"

#include "gui/Style.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>

namespace understudy {

namespace {

constexpr int columnWidth = 420;
constexpr qsizetype mostSteps = 12;

} // namespace

/// Two cards and a link, in lines.
class StartPage::Drawing final : public QWidget
{
public:
    explicit Drawing(QWidget *parent) : QWidget(parent)
    {
        setFixedSize(200, 132);
        connect(&Style::instance(), &Style::changed, this, [this] { update(); });
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        const Theme &theme = Style::instance().theme();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(theme.ctl, 1));
        const auto card = [&painter](double x, double y) {
            painter.drawRoundedRect(QRectF(x + 0.5, y + 0.5, 104, 44), 6, 6);
            painter.drawEllipse(QRectF(x + 12.5, y + 11.5, 12, 5));
            painter.drawLine(QPointF(x + 12.5, y + 14), QPointF(x + 12.5, y + 24));
            painter.drawLine(QPointF(x + 24.5, y + 14), QPointF(x + 24.5, y + 24));
            painter.drawArc(QRectF(x + 12.5, y + 21.5, 12, 5), 180 * 16, 180 * 16);
            painter.drawLine(QPointF(x + 36, y + 14.5), QPointF(x + 84, y + 14.5));
            painter.drawLine(QPointF(x + 36, y + 24.5), QPointF(x + 68, y + 24.5));
        };
        card(48, 0);
        card(48, 86);
        painter.drawLine(QPointF(100.5, 45), QPointF(100.5, 77));
        QPolygonF head({{95.5, 76}, {105.5, 76}, {100.5, 85}});
        painter.setBrush(theme.ctl);
        painter.drawPolygon(head);
    }
};

StartPage::StartPage(QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("startPage"));
    m_choice = new QWidget(this);
    m_choice->setFixedWidth(columnWidth);
    auto *choice = new QVBoxLayout(m_choice);
    choice->setContentsMargins(0, 0, 0, 0);
    choice->setSpacing(8);
    auto *title = new TextLabel(TextRole::Page, tr("Open a cluster"), m_choice);
    auto *words = new TextLabel(
        TextRole::Body, tr("See how its nodes replicate, how far each standby is behind, and add a standby."),
        m_choice, TextLabel::Tone::Text2);
    words->setWordWrap(true);
    words->setAlignment(Qt::AlignHCenter);
    choice->addWidget(new Drawing(m_choice), 0, Qt::AlignHCenter);
    choice->addSpacing(12);
    choice->addWidget(title, 0, Qt::AlignHCenter);
    choice->addWidget(words);
    choice->addSpacing(8);
    auto *label = new TextLabel(TextRole::SmallStrong, tr("Address, service or file"), m_choice,
                                TextLabel::Tone::Text2);
    m_field = new QLineEdit(m_choice);
    m_field->setObjectName(QStringLiteral("clusterField"));
    m_field->setPlaceholderText(QStringLiteral("postgresql://monitor@db1,db2/postgres"));
    m_field->setAccessibleName(label->text());
    m_open = makeButton(tr("Open cluster"), QStringLiteral("primary"), {}, m_choice);
    m_open->setObjectName(QStringLiteral("openClusterButton"));
    m_open->setEnabled(false);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_field, 1);
    row->addWidget(m_open);
    choice->addWidget(label);
    choice->addLayout(row);
    auto *hint = new TextLabel(
        TextRole::Small,
        tr("A libpq URI or conninfo string (several hosts: several nodes), service=name, a "
           "docker-compose.yml, or a saved cluster file. What is left out comes from where psql takes it. "
           "ssh=HOST in a conninfo string reaches the server through that host. Passwords come from the "
           "keyring, .pgpass or the Compose file, or are asked for."),
        m_choice, TextLabel::Tone::Text3);
    hint->setWordWrap(true);
    choice->addWidget(hint);
    choice->addSpacing(12);
    choice->addWidget(new Line(m_choice));
    choice->addSpacing(12);
    auto *demoRow = new QHBoxLayout;
    demoRow->setSpacing(16);
    auto *demoWords =
        new TextLabel(TextRole::Small,
                      tr("No cluster at hand: a primary and a standby of its own on this machine, gone "
                         "when the window closes."),
                      m_choice, TextLabel::Tone::Text2);
    demoWords->setWordWrap(true);
    auto *demo = makeButton(tr("Open the demo"), {}, {}, m_choice);
    demo->setObjectName(QStringLiteral("openDemoButton"));
    demoRow->addWidget(demoWords, 1);
    demoRow->addWidget(demo);
    choice->addLayout(demoRow);

    m_progress = new QWidget(this);
    m_progress->setFixedWidth(columnWidth);
    auto *progress = new QVBoxLayout(m_progress);
    progress->setContentsMargins(0, 0, 0, 0);
    progress->setSpacing(8);
    m_title = new TextLabel(TextRole::Page, {}, m_progress);
    m_title->setWordWrap(true);
    progress->addWidget(new Drawing(m_progress), 0, Qt::AlignHCenter);
    progress->addSpacing(12);
    progress->addWidget(m_title, 0, Qt::AlignHCenter);
    progress->addSpacing(8);
    m_steps = new QVBoxLayout;
    m_steps->setSpacing(6);
    progress->addLayout(m_steps);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(32, 32, 32, 32);
    column->addStretch(2);
    // Rows, not alignments: an aligned item forgets the height its wrapped sentences need.
    for (QWidget *widget : {m_choice, m_progress}) {
        auto *middle = new QHBoxLayout;
        middle->addStretch(1);
        middle->addWidget(widget);
        middle->addStretch(1);
        column->addLayout(middle);
    }
    column->addStretch(3);

    const auto open = [this] {
        if (!typed().isEmpty())
            Q_EMIT clusterWanted(typed());
    };
    connect(m_field, &QLineEdit::textChanged, this, [this] { m_open->setEnabled(!typed().isEmpty()); });
    connect(m_field, &QLineEdit::returnPressed, this, open);
    connect(m_open, &QPushButton::clicked, this, open);
    connect(demo, &QPushButton::clicked, this, &StartPage::demoWanted);
    connect(&Style::instance(), &Style::changed, this, [this] { update(); });
    showChoice();
}

void StartPage::showChoice()
{
    m_progress->hide();
    m_choice->show();
}

void StartPage::showProgress(const QString &title)
{
    for (const auto &[glyph, words] : std::as_const(m_rows)) {
        delete glyph->parentWidget();
        Q_UNUSED(words)
    }
    m_rows.clear();
    m_title->setText(title);
    m_choice->hide();
    m_progress->show();
}

void StartPage::say(const QString &what)
{
    if (!m_rows.isEmpty())
        m_rows.constLast().first->setGlyph(Glyph::CheckPass);
    if (m_rows.size() >= mostSteps) {
        delete m_rows.constFirst().first->parentWidget();
        m_rows.removeFirst();
    }
    auto *row = new QWidget(m_progress);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(40, 0, 0, 0);
    layout->setSpacing(8);
    auto *glyph = new GlyphLabel(16, row);
    glyph->setGlyph(Glyph::CheckRunning);
    auto *words = new TextLabel(TextRole::Body, what, row, TextLabel::Tone::Text2);
    words->setWordWrap(true);
    layout->addWidget(glyph, 0, Qt::AlignTop);
    layout->addWidget(words, 1);
    m_steps->addWidget(row);
    row->show();
    m_rows.append({glyph, words});
}

void StartPage::focusField()
{
    m_field->setFocus(Qt::OtherFocusReason);
    m_field->selectAll();
}

QString StartPage::typed() const
{
    return m_field->text().trimmed();
}

void StartPage::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        Q_EMIT backWanted();
    else
        QWidget::keyPressEvent(event);
}

void StartPage::paintEvent(QPaintEvent *)
{
    QPainter(this).fillRect(rect(), Style::instance().theme().canvas);
}

} // namespace understudy
