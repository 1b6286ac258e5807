// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/AddStandbyWizard.h"

#include "gui/Style.h"
#include "gui/wizard/DonePage.h"
#include "gui/wizard/NamesPage.h"
#include "gui/wizard/PlaceFacts.h"
#include "gui/wizard/PreflightPage.h"
#include "gui/wizard/ReadLoadPage.h"
#include "gui/wizard/ReviewPage.h"
#include "gui/wizard/RunPage.h"
#include "gui/wizard/VerifyPage.h"
#include "gui/wizard/WherePage.h"
#include "gui/wizard/WizardFooter.h"
#include "gui/wizard/WizardRail.h"

#include <QAbstractButton>
#include <QApplication>
#include <QCloseEvent>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace understudy {

struct AddStandbyWizard::Private
{
    AddStandbyWizard *q;
    WizardState state;
    WizardRail *rail = nullptr;
    QStackedWidget *stack = nullptr;
    WizardFooter *footer = nullptr;
    QList<WizardPage *> pages;
    RunPage *run = nullptr;
    PreflightPage *preflight = nullptr;
    bool closeForSure = false;

    void build();
    void addPage(WizardPage *page);
    void show(int page);
    void refresh();
    void askToClose();
    void added(const WatchedNode &node);
    WizardPage *current() const { return pages.at(stack->currentIndex()); }
};

void AddStandbyWizard::Private::build()
{
    rail = new WizardRail({tr("Where and from whom"), tr("Names"), tr("Pre-flight"), tr("Review"), tr("Run"),
                           tr("Verify"), tr("Read load"), tr("Done")});
    rail->setHead(tr("Add a standby"), state.spec.title,
                  state.spec.composeFile.isEmpty() ? state.spec.source : composeFileName(state));
    stack = new QStackedWidget;
    stack->setObjectName(QStringLiteral("pages"));
    footer = new WizardFooter;

    auto *row = new QHBoxLayout(q);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(rail);
    auto *column = new QVBoxLayout;
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(stack, 1);
    column->addWidget(footer);
    row->addLayout(column, 1);

    preflight = new PreflightPage(state);
    run = new RunPage(state);
    auto *done = new DonePage(state);
    for (WizardPage *page : std::initializer_list<WizardPage *>{
             new WherePage(state), new NamesPage(state), preflight, new ReviewPage(state), run,
             new VerifyPage(state), new ReadLoadPage(state), done})
        addPage(page);
    QObject::connect(run, &RunPage::standbyAdded, q, [this](const WatchedNode &node) { added(node); });
    QObject::connect(run, &RunPage::backgroundRequested, q, &QWidget::hide);
    QObject::connect(done, &DonePage::closeRequested, q, &QWidget::close);
    QObject::connect(footer, &WizardFooter::nextClicked, q, &AddStandbyWizard::goNext);
    QObject::connect(footer, &WizardFooter::backClicked, q, &AddStandbyWizard::goBack);
    QObject::connect(footer, &WizardFooter::cancelClicked, q, &QWidget::close);
    QObject::connect(footer, &WizardFooter::sideToggled, q, [this] { refresh(); });
}

void AddStandbyWizard::Private::addPage(WizardPage *page)
{
    stack->addWidget(page);
    pages << page;
    footer->addPage(page);
    QObject::connect(page, &WizardPage::changed, q, [this, page] {
        if (page == current())
            refresh();
    });
    QObject::connect(page, &WizardPage::asked, q,
                     [this](const InlineQuestion &question) { footer->ask(question); });
    QObject::connect(page, &WizardPage::jumpRequested, q, [this](int target, const QString &field) {
        show(target);
        if (auto *names = qobject_cast<NamesPage *>(pages.at(target)))
            names->focusField(field);
    });
}

void AddStandbyWizard::Private::show(int page)
{
    footer->clearQuestion();
    footer->say({});
    stack->setCurrentIndex(page);
    rail->setCurrent(page);
    footer->setPage(pages.at(page));
    pages.at(page)->setFocus(Qt::OtherFocusReason);
    pages.at(page)->enter();
    refresh();
    Q_EMIT q->pageChanged(page);
}

void AddStandbyWizard::Private::refresh()
{
    WizardPage *page = current();
    rail->setNote(page->changeNote());
    const bool wide = q->width() >= 1200;
    // Every page's: a stack is as wide as its widest page, also the ones that are not shown.
    for (const WizardPage *any : std::as_const(pages)) {
        QWidget *side = any->side();
        const bool shown = wide || (any == page && footer->sideShown());
        if (!side || side->isHidden() == !shown)
            continue;
        side->setVisible(shown);
        // A page that is hidden would keep its old size in mind.
        any->layout()->invalidate();
        any->layout()->activate();
    }
    footer->refresh(page, stack->currentIndex() > 0, !wide && page->side());
    Q_EMIT q->stateChanged();
}

void AddStandbyWizard::Private::added(const WatchedNode &node)
{
    const bool known = std::any_of(state.spec.nodes.begin(), state.spec.nodes.end(),
                                   [&](const WatchedNode &watched) { return watched.id == node.id; });
    if (!known)
        state.spec.nodes << node;
    if (state.cluster)
        state.cluster->addNode(node);
    state.book.spec = state.spec;
    Q_EMIT q->standbyAdded(node);
}

void AddStandbyWizard::Private::askToClose()
{
    InlineQuestion question;
    question.sentence =
        (state.isSeveral() ? tr("%1 are still being added. What shall happen when this window closes?")
                           : tr("%1 is still being added. What shall happen when this window closes?"))
            .arg(state.subject());
    question.answers = {
        {tr("Stay here"), {}, [] {}},
        {tr("Run in background"), {}, [this] { q->hide(); }},
        {tr("Roll back %1").arg(state.subject()), QStringLiteral("danger"), [this] { run->cancel(); }}};
    footer->ask(question);
}

AddStandbyWizard::AddStandbyWizard(LiveCluster *cluster, PictureSource *pictures, const NodeId &upstream,
                                   QWidget *parent)
    : QWidget(parent, Qt::Window), d(std::make_unique<Private>())
{
    d->q = this;
    d->state.cluster = cluster;
    d->state.pictures = pictures;
    if (cluster) {
        d->state.spec = cluster->spec();
        d->state.secrets = cluster->secrets();
    }
    d->state.book.spec = d->state.spec;
    d->state.request.upstream = upstream;
    setObjectName(QStringLiteral("addStandbyWizard"));
    setWindowTitle(tr("Add a standby to %1").arg(d->state.spec.title));
    setMinimumSize(1040, 700);
    resize(1440, 900);
    d->build();
    d->show(Where);
}

AddStandbyWizard::~AddStandbyWizard() = default;

AddStandbyWizard::Page AddStandbyWizard::currentPage() const
{
    return Page(d->stack->currentIndex());
}

bool AddStandbyWizard::busy() const
{
    return d->current()->busy();
}

bool AddStandbyWizard::canGoNext() const
{
    return d->current()->canGoNext() && !d->current()->busy();
}

bool AddStandbyWizard::planRunning() const
{
    return d->run->running() || d->preflight->fixRunning();
}

AddStandbyRequest AddStandbyWizard::request() const
{
    return d->state.request;
}

const RunbookInput &AddStandbyWizard::runbook() const
{
    // The book's parts are filled in by the pages; who and what are known here.
    d->state.book.request = d->state.request;
    d->state.book.several = d->state.isSeveral() ? d->state.requests() : QList<AddStandbyRequest>();
    if (d->state.facts)
        d->state.book.by = d->state.facts->currentUser;
    return d->state.book;
}

void AddStandbyWizard::goNext()
{
    if (!canGoNext())
        return;
    runbook();
    if (d->current()->takeNext())
        return;
    if (d->stack->currentIndex() + 1 < PageCount)
        d->show(d->stack->currentIndex() + 1);
}

void AddStandbyWizard::goBack()
{
    if (d->stack->currentIndex() > 0 && d->current()->canGoBack())
        d->show(d->stack->currentIndex() - 1);
}

void AddStandbyWizard::closeEvent(QCloseEvent *event)
{
    if (planRunning()) {
        event->ignore();
        d->askToClose();
        return;
    }
    QWidget::closeEvent(event);
}

void AddStandbyWizard::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    d->refresh();
}

void AddStandbyWizard::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape) {
        if (d->footer->asking())
            d->footer->clearQuestion();
        else
            close();
    } else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        if (auto *button = qobject_cast<QAbstractButton *>(focusWidget()))
            button->click();
        else
            goNext();
    } else {
        QWidget::keyPressEvent(event);
    }
}

} // namespace understudy
