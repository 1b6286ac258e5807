// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/DonePage.h"

#include "gui/wizard/GuiPictures.h"
#include "gui/wizard/PlaceFacts.h"
#include "model/Clock.h"
#include "model/Format.h"

#include <QDesktopServices>
#include <QFileDialog>
#include <QFileInfo>
#include <QStandardPaths>
#include <QUrl>
#include <QVBoxLayout>

namespace understudy {

DonePage::DonePage(WizardState &state, QWidget *parent)
    : WizardPage(state, tr("Done"), parent), m_facts(new FactsGrid(nullptr, 140)),
      m_glyph(new GlyphLabel(20)), m_headline(new TextLabel(TextRole::Title)),
      m_runbookWords(new TextLabel(TextRole::Body, {}, nullptr, TextLabel::Tone::Text2)),
      m_fileList(new QWidget), m_save(makeButton(tr("Save runbook…"), {}, QStringLiteral("document-save"))),
      m_strings(new ReaderStringsCard)
{
    setObjectName(QStringLiteral("donePage"));
    auto *summary = new Card;
    auto *layout = new QVBoxLayout(summary);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(12);
    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_glyph);
    head->addWidget(m_headline, 1);
    layout->addLayout(head);
    layout->addWidget(m_facts);
    auto *row = new QHBoxLayout;
    row->setSpacing(16);
    row->addWidget(summary, 1);
    row->addWidget(buildRunbook(), 1);
    QVBoxLayout *column = scrolling();
    column->addLayout(row);
    column->addWidget(m_strings);
    column->addStretch(1);
    connect(m_save, &QPushButton::clicked, this, &DonePage::askFolder);
    connect(&m_worker, &WizardWorker::busyChanged, this, [this] {
        m_save->setEnabled(!m_worker.busy());
        Q_EMIT changed();
    });
}

QWidget *DonePage::buildRunbook()
{
    auto *card = new Card;
    auto *layout = new QVBoxLayout(card);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(12);
    layout->addWidget(new TextLabel(TextRole::Title, tr("Runbook")));
    m_runbookWords->setWordWrap(true);
    m_runbookWords->setObjectName(QStringLiteral("runbookWords"));
    layout->addWidget(m_runbookWords);
    auto *files = new QVBoxLayout(m_fileList);
    files->setContentsMargins(0, 0, 0, 0);
    files->setSpacing(2);
    layout->addWidget(m_fileList);
    m_save->setObjectName(QStringLiteral("saveRunbookButton"));
    layout->addWidget(m_save, 0, Qt::AlignLeft);
    layout->addStretch(1);
    return card;
}

void DonePage::enter()
{
    const AddStandbyRequest &request = m_state.request;
    const RunbookInput &book = m_state.book;
    const bool verified = book.verify && book.verify->pass();
    const QString upstream = m_state.nodeName(request.upstream);
    setSentence(!verified
                    ? tr("Added %1; what did not agree stands on the page Verify.").arg(m_state.subject())
                : m_state.isSeveral() ? tr("%1 follow %2 and were verified.").arg(m_state.subject(), upstream)
                                      : tr("%1 follows %2 and was verified.").arg(request.name, upstream));
    m_glyph->setGlyph(verified ? Glyph::CheckPass : Glyph::CheckWarning);
    m_headline->setText(m_state.streamingWords());

    QList<FactsGrid::Fact> facts;
    if (m_state.isSeveral()) {
        for (const AddStandbyRequest &each : m_state.requests())
            facts.append({each.name, standbyLine(m_state, each), true});
        facts.append({tr("Upstream"), upstream, true});
    } else {
        facts = {{tr("Address"), addressOfNew(m_state), true},
                 {tr("Upstream and slot"),
                  tr("%1, %2").arg(upstream, request.choices.slot ? request.slot : tr("no slot")), true}};
        facts << placeFacts(m_state, false);
    }
    facts.append({tr("Mode"), request.synchronous ? tr("synchronous") : tr("asynchronous")});
    if (book.run)
        facts.append(
            {tr("Took"), tr("%1, %2 steps")
                             .arg(format::seconds(double(book.run->finishedUs - book.run->startedUs) / 1e6))
                             .arg(book.run->plan.steps.size())});
    if (book.verify) {
        const auto good = std::count_if(book.verify->rows.begin(), book.verify->rows.end(),
                                        [](const VerifyRow &verified_) { return verified_.pass; });
        facts.append({tr("Verified"), tr("%1 of %2 rows agree").arg(good).arg(book.verify->rows.size())});
        for (const RowCount &count : book.verify->counts) {
            // One number is said only where every node was proved to have it; else what can be claimed, in
            // words.
            const bool proved =
                count.pass && count.exact && !count.nodes.isEmpty() && count.nodes.constLast().rows;
            facts.append({tr("Rows in %1").arg(count.table),
                          proved ? tr("%1 on all %2")
                                       .arg(format::count(*count.nodes.constLast().rows))
                                       .arg(count.nodes.size())
                                 : count.words});
        }
    }
    if (book.readLoad)
        facts.append({tr("Read load"), book.readLoad->sentence()});
    m_facts->setFacts(facts);
    m_strings->setState(m_state);
    showFiles();
}

QString DonePage::runbookName() const
{
    return m_state.fileName();
}

QString DonePage::suggestedFolder() const
{
    return QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
}

void DonePage::askFolder()
{
    auto *dialog = new QFileDialog(this, tr("Folder for the runbook"), suggestedFolder());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, &DonePage::saveRunbook);
    dialog->open();
}

void DonePage::saveRunbook(const QString &folder)
{
    RunbookInput book = m_state.book;
    if (m_state.cluster) {
        book.after = m_state.cluster->topology();
        book.history = m_state.cluster->history();
    }
    book.takenUs = SystemClock::instance().nowUs();
    m_error.clear();
    m_worker.start([this, book, folder, name = runbookName(),
                    source = m_state.pictures](std::stop_token stop, const WizardWorker::Post &post) {
        GuiPictures pictures(source, stop);
        const Result<RunbookFiles> files = writeRunbook(book, folder, name, source ? &pictures : nullptr);
        post([this, files] {
            if (files)
                m_files = *files;
            else
                m_error = files.error().text();
            showFiles();
            Q_EMIT runbookWritten();
        });
    });
}

void DonePage::showFiles()
{
    QLayout *list = m_fileList->layout();
    while (QLayoutItem *item = list->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
    if (!m_error.isEmpty()) {
        m_runbookWords->setText(m_error);
        m_runbookWords->setTone(TextLabel::Tone::Crit);
    } else if (m_files) {
        m_runbookWords->setTone(TextLabel::Tone::Text2);
        m_runbookWords->setText(tr("Saved in %1.").arg(QFileInfo(m_files->markdown).absolutePath()));
        for (const QString &path : {m_files->markdown, m_files->html}) {
            QPushButton *open = makeButton(QFileInfo(path).fileName(), QStringLiteral("link"));
            open->setToolTip(tr("Open %1").arg(path));
            connect(open, &QPushButton::clicked, this,
                    [path] { QDesktopServices::openUrl(QUrl::fromLocalFile(path)); });
            list->addWidget(open);
            list->setAlignment(open, Qt::AlignLeft);
        }
        list->addWidget(new TextLabel(TextRole::Small,
                                      format::plural(m_files->pictures.size(), QStringLiteral("picture")),
                                      nullptr, TextLabel::Tone::Text3));
        m_save->setText(tr("Save again…"));
    } else {
        m_runbookWords->setText(
            tr("The whole change as one document, Markdown and HTML with pictures: the checks, the "
               "state before and after, every command as it was run and the time it took. No "
               "password is in it."));
    }
    m_fileList->setVisible(m_files.has_value());
}

bool DonePage::takeNext()
{
    Q_EMIT closeRequested();
    return true;
}

ChangeNote DonePage::changeNote() const
{
    const bool verified = m_state.book.verify && m_state.book.verify->pass();
    return {Glyph::CheckPass, m_state.streamingWords() + u'.',
            verified ? tr("Everything is verified.") : tr("It stays until you remove it.")};
}

} // namespace understudy
