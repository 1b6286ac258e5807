// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/ReadLoadPage.h"

#include "model/Clock.h"
#include "model/Format.h"
#include "operations/ReadWorkload.h"

#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QSpinBox>
#include <QTimer>
#include <QVBoxLayout>

namespace understudy {

ReadLoadPage::ReadLoadPage(WizardState &state, QWidget *parent)
    : WizardPage(state, tr("Read load"), parent), m_chart(new ReadLoadChart), m_table(new VerifyTable),
      m_counts(new RowCountCard), m_strings(new ReaderStringsCard), m_options(buildOptions()),
      m_again(makeButton(tr("Test again"), {}, QStringLiteral("view-refresh"))),
      m_change(makeButton(tr("Change workload"), {}, QStringLiteral("view-filter"))),
      m_clock(new QTimer(this))
{
    setObjectName(QStringLiteral("readLoadPage"));
    auto *inside = new QWidget;
    auto *column = new QVBoxLayout(inside);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(16);
    column->addWidget(m_options);
    m_chart->setMinimumHeight(220);
    m_table->setRowHeight(31);
    m_counts->setRowHeight(46);
    m_chart->setObjectName(QStringLiteral("readLoadChart"));
    column->addWidget(m_chart, 1);
    auto *row = new QHBoxLayout;
    row->setSpacing(16);
    row->addWidget(m_table, 2);
    m_counts->setMinimumWidth(300);
    row->addWidget(m_counts, 1);
    column->addLayout(row);
    column->addWidget(m_strings);
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(inside);
    body()->addWidget(scroll, 1);

    m_options->hide();
    m_again->setObjectName(QStringLiteral("testAgainButton"));
    m_change->setObjectName(QStringLiteral("changeWorkloadButton"));
    m_change->setCheckable(true);
    addTool(m_again);
    addTool(m_change);
    connect(m_change, &QPushButton::toggled, m_options, &QWidget::setVisible);
    connect(m_again, &QPushButton::clicked, this, &ReadLoadPage::measure);
    connect(&m_worker, &WizardWorker::busyChanged, this, [this] {
        m_again->setEnabled(!m_worker.busy());
        if (!m_worker.busy())
            m_clock->stop();
        Q_EMIT changed();
    });
    m_clock->setInterval(500);
    connect(m_clock, &QTimer::timeout, this, [this] {
        const double gone = double(SystemClock::instance().nowUs() - m_startedUs) / 1e6;
        setSentence(tr("Reading: %1 of %2 runs measured, %3 so far.")
                        .arg(m_result.runs.size())
                        .arg(m_expected)
                        .arg(format::seconds(gone)));
    });
}

QWidget *ReadLoadPage::buildOptions()
{
    auto *card = new Card;
    auto *row = new QHBoxLayout(card);
    row->setContentsMargins(16, 12, 16, 12);
    row->setSpacing(8);
    const auto labelled = [row](const QString &text, QWidget *field, int stretch = 0) {
        auto *label = new QLabel(text);
        label->setTextFormat(Qt::PlainText);
        label->setBuddy(field);
        row->addWidget(label);
        row->addWidget(field, stretch);
        row->addSpacing(8);
    };
    const ReadLoadOptions defaults;
    m_seconds = new QSpinBox;
    m_seconds->setObjectName(QStringLiteral("secondsSpin"));
    m_seconds->setRange(1, 60);
    m_seconds->setSuffix(tr(" s"));
    m_seconds->setValue(int(defaults.secondsEach));
    labelled(tr("&Each"), m_seconds);
    m_connections = new QSpinBox;
    m_connections->setObjectName(QStringLiteral("connectionsSpin"));
    m_connections->setRange(1, 32);
    m_connections->setValue(defaults.connections);
    labelled(tr("&Connections"), m_connections);
    m_sql = new QPlainTextEdit;
    m_sql->setObjectName(QStringLiteral("sqlEdit"));
    m_sql->setPlaceholderText(
        tr("Look-ups by primary key; or SELECT statements of your own, apart by semicolons"));
    m_sql->setTabChangesFocus(true);
    m_sql->setMaximumHeight(m_sql->fontMetrics().lineSpacing() * 4 + 12);
    labelled(tr("&Statements"), m_sql, 1);
    auto *open = makeButton(tr("Read a file"), {}, QStringLiteral("document-preview"));
    open->setObjectName(QStringLiteral("openSqlButton"));
    connect(open, &QPushButton::clicked, this, &ReadLoadPage::chooseFile);
    row->addWidget(open, 0, Qt::AlignTop);
    return card;
}

void ReadLoadPage::chooseFile()
{
    auto *dialog = new QFileDialog(this, tr("Statements that read"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("SQL (*.sql)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, &ReadLoadPage::readStatementsFrom);
    dialog->open();
}

void ReadLoadPage::readStatementsFrom(const QString &path)
{
    m_reader.start([this, path](std::stop_token, const WizardWorker::Post &post) {
        QFile file(path);
        QString problem, text;
        if (!file.open(QIODevice::ReadOnly))
            problem = tr("%1 could not be read: %2.").arg(path, file.errorString());
        else
            text = QString::fromUtf8(file.read(qint64(2) << 20));
        if (problem.isEmpty())
            if (const auto good = readStatements(text); !good)
                problem = tr("%1: %2").arg(QFileInfo(path).fileName(), good.error().text());
        post([this, text, problem] {
            if (problem.isEmpty())
                m_sql->setPlainText(text);
            else
                setSentence(problem);
        });
    });
}

void ReadLoadPage::enter()
{
    if (m_state.book.verify) {
        m_table->setResult(*m_state.book.verify);
        m_counts->setCounts(m_state.book.verify->counts, m_state);
    }
    m_table->setVisible(m_state.book.verify.has_value());
    m_counts->setVisible(m_state.book.verify.has_value());
    m_strings->setState(m_state);
    if (!m_state.book.readLoad && !m_worker.busy())
        measure();
}

void ReadLoadPage::measure()
{
    const QList<WatchedNode> standbys = readableStandbys(m_state);
    if (standbys.isEmpty()) {
        setSentence(tr("No standby answers right now, so there is nothing to read from."));
        return;
    }
    QString database;
    for (const WatchedNode &watched : std::as_const(m_state.spec.nodes)) {
        if (watched.id == m_state.request.upstream)
            database = watched.endpoint.database;
    }
    ReadLoadOptions options;
    options.secondsEach = m_seconds->value();
    options.connections = m_connections->value();
    options.sql = m_sql->toPlainText().trimmed();
    m_result = ReadLoadResult();
    m_result.options = options;
    m_expected = standbys.size() > 1 ? standbys.size() + 1 : 1;
    m_startedUs = SystemClock::instance().nowUs();
    setSentence(tr("Reading from each standby for %1.").arg(format::seconds(options.secondsEach)));
    setFocus(Qt::OtherFocusReason);
    m_strings->setWords({});
    showChart();
    m_clock->start();
    m_worker.start([this, spec = m_state.spec, standbys, database, secrets = m_state.secrets,
                    options](std::stop_token stop, const WizardWorker::Post &post) {
        const ReadLoadResult result =
            runReadLoad(spec, standbys, database, secrets, options, stop, [&](const ReadLoadRun &run) {
                post([this, run] {
                    m_result.runs << run;
                    showChart();
                });
            });
        post([this, result] { showResult(result); });
    });
}

void ReadLoadPage::showChart()
{
    QHash<NodeId, int> slots_;
    const QHash<NodeId, CardExtras> extras = m_state.extras();
    for (auto it = extras.begin(); it != extras.end(); ++it)
        slots_.insert(it.key(), it.value().seriesSlot);
    m_chart->setResult(m_result, slots_);
}

void ReadLoadPage::showResult(const ReadLoadResult &result)
{
    m_clock->stop();
    m_result = result;
    m_state.book.readLoad = result;
    showChart();
    setSentence(result.sentence());
    m_strings->setWords(testWords());
    Q_EMIT changed();
}

QString ReadLoadPage::testWords() const
{
    qint64 errors = 0, conflicts = 0, lag = 0;
    bool lagKnown = false;
    for (const ReadLoadRun &run : m_result.runs) {
        errors += run.errors;
        conflicts += run.conflicts.value_or(0);
        if (run.highestLagBytes) {
            lag = qMax(lag, *run.highestLagBytes);
            lagKnown = true;
        }
    }
    QStringList words{tr("Test: %1 each, %2, %3.")
                          .arg(format::seconds(m_result.options.secondsEach),
                               format::plural(m_result.options.connections, QStringLiteral("connection")),
                               m_result.workload)};
    QString second = errors == 0 ? tr("No errors") : format::plural(errors, QStringLiteral("error"));
    second += conflicts == 0
                  ? tr(", no recovery conflicts")
                  : QStringLiteral(", ") + format::plural(conflicts, QStringLiteral("recovery conflict"));
    if (lagKnown)
        second += tr("; lag was at most %1").arg(format::bytes(lag));
    words << second + u'.' << tr("All servers on one machine share its processors.");
    return words.join(u' ');
}

ChangeNote ReadLoadPage::changeNote() const
{
    const QString head = m_state.streamingWords() + u'.';
    const bool verified = m_state.book.verify && m_state.book.verify->pass();
    const QString tail = tr("This test only reads.");
    return {busy() ? Glyph::CheckRunning : Glyph::CheckPass, head,
            verified ? tr("Everything is verified.") + u' ' + tail : tail};
}

} // namespace understudy
