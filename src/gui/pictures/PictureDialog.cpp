// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pictures/PictureDialog.h"

#include "gui/Background.h"
#include "gui/PictureSaver.h"
#include "gui/Style.h"
#include "gui/parts/Parts.h"
#include "gui/pictures/PicturePreview.h"
#include "ui_PictureDialog.h"

#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QScrollBar>
#include <QStandardPaths>

namespace understudy {

PictureDialog::PictureDialog(const PictureSubject &subject, const PictureChoices &choices, QWidget *parent)
    : QDialog(parent), m_ui(std::make_unique<Ui::PictureDialog>()), m_subject(subject), m_choices(choices),
      m_kept(choices)
{
    m_ui->setupUi(this);
    setAttribute(Qt::WA_DeleteOnClose);
    m_ui->scroll->viewport()->setAutoFillBackground(false);
    m_ui->choices->setAutoFillBackground(false);
    m_ui->choices->installEventFilter(this);
    m_preview = new PicturePreview(m_ui->previewPlace);
    auto *place = new QVBoxLayout(m_ui->previewPlace);
    place->setContentsMargins(0, 0, 0, 0);
    place->addWidget(m_preview);
    fill();
    connectFields();
    resize(sizeForText(QSize(1180, 720)));
    m_ui->format->setFocus();
    refresh();
}

PictureDialog::~PictureDialog() = default;

void PictureDialog::fill()
{
    m_filling = true;
    Ui::PictureDialog &ui = *m_ui;
    ui.format->addItem(tr("PNG image"), QStringLiteral("png"));
    ui.format->addItem(tr("SVG drawing"), QStringLiteral("svg"));
    ui.format->addItem(tr("PDF page"), QStringLiteral("pdf"));
    ui.format->setCurrentIndex(ui.format->findData(m_choices.format));
    for (int scale = 1; scale <= 4; ++scale)
        ui.scale->addItem(tr("%1x").arg(scale), scale);
    ui.scale->setCurrentIndex(m_choices.scale - 1);
    ui.size->addItems(
        {tr("As in the window"), tr("1200 × 700"), tr("1600 × 900"), tr("A4 landscape"), tr("Own size")});
    ui.size->setCurrentIndex(int(m_choices.size));
    ui.ownWidth->setValue(m_choices.own.width());
    ui.ownHeight->setValue(m_choices.own.height());
    ui.theme->addItems({tr("As the window"), tr("Light"), tr("Dark")});
    ui.theme->setCurrentIndex(int(m_choices.look));
    ui.arrangement->addItems({tr("As placed in the window"), tr("Tidy layout")});
    ui.arrangement->setCurrentIndex(m_choices.tidy ? 1 : 0);
    ui.title->setChecked(m_choices.title);
    ui.titleEdit->setText(m_subject.title);
    ui.findings->setChecked(m_choices.findings);
    ui.legend->setChecked(m_choices.legend);
    ui.time->setChecked(m_choices.time);
    ui.redact->setChecked(m_choices.redact);
    m_filling = false;
    refreshFields();
}

void PictureDialog::connectFields()
{
    const Ui::PictureDialog &ui = *m_ui;
    for (const QComboBox *box : {ui.format, ui.scale, ui.size, ui.theme, ui.arrangement})
        connect(box, &QComboBox::currentIndexChanged, this, &PictureDialog::choose);
    for (const QSpinBox *box : {ui.ownWidth, ui.ownHeight})
        connect(box, &QSpinBox::valueChanged, this, &PictureDialog::choose);
    for (const QCheckBox *box : {ui.title, ui.findings, ui.legend, ui.time, ui.redact})
        connect(box, &QCheckBox::toggled, this, &PictureDialog::choose);
    connect(ui.titleEdit, &QLineEdit::textChanged, this, &PictureDialog::choose);
    connect(ui.close, &QPushButton::clicked, this, &QDialog::reject);
    connect(ui.copy, &QPushButton::clicked, this, &PictureDialog::copy);
    connect(ui.save, &QPushButton::clicked, this, &PictureDialog::askPath);
    // A window that is light or dark by the desktop changes with it.
    connect(&Style::instance(), &Style::changed, this, [this] {
        m_subject.theme = Style::instance().theme().kind;
        refresh();
    });
}

void PictureDialog::setSubject(const PictureSubject &subject)
{
    const bool typed = m_ui->titleEdit->text() != m_subject.title;
    m_subject = subject;
    if (!typed)
        m_ui->titleEdit->setText(subject.title);
    say({});
    refresh();
}

void PictureDialog::choose()
{
    if (m_filling)
        return;
    const Ui::PictureDialog &ui = *m_ui;
    m_choices.format = ui.format->currentData().toString();
    m_choices.scale = ui.scale->currentData().toInt();
    m_choices.size = PictureChoices::Size(ui.size->currentIndex());
    m_choices.own = QSize(ui.ownWidth->value(), ui.ownHeight->value());
    m_choices.look = PictureChoices::Look(ui.theme->currentIndex());
    m_choices.tidy = ui.arrangement->currentIndex() == 1;
    m_choices.title = ui.title->isChecked();
    m_choices.findings = ui.findings->isChecked();
    m_choices.legend = ui.legend->isChecked();
    m_choices.time = ui.time->isChecked();
    m_choices.redact = ui.redact->isChecked();
    say({});
    refresh();
}

PictureOptions PictureDialog::options() const
{
    return m_choices.options(m_subject, m_ui->titleEdit->text(), m_choices.format == QLatin1String("png"));
}

PictureOptions PictureDialog::withMarks(PictureOptions options) const
{
    options.marks = m_preview->marks();
    return options;
}

void PictureDialog::refreshFields()
{
    const bool image = m_choices.format == QLatin1String("png");
    m_ui->scale->setEnabled(image);
    m_ui->scaleLabel->setEnabled(image);
    m_ui->ownSize->setVisible(m_choices.size == PictureChoices::Size::Own);
    m_ui->titleEdit->setEnabled(m_choices.title);
    m_ui->redactWords->setVisible(m_choices.redact);

    const PictureOptions now = options();
    const bool tooLarge = image && picturePixels(now) > mostPicturePixels;
    const QSize file = now.size * int(now.scale);
    m_ui->facts->setText(
        tooLarge ? tr("%1 × %2 pixels are too many for an image. Take a smaller size or scale.")
                       .arg(file.width())
                       .arg(file.height())
        : image ? tr("The file will have %1 × %2 pixels.").arg(file.width()).arg(file.height())
                : tr("A drawing of %1 × %2 that is sharp at any size; its text can be searched.")
                      .arg(now.size.width())
                      .arg(now.size.height()));
    m_ui->save->setEnabled(!tooLarge && !m_busy);
    m_ui->copy->setEnabled(picturePixels(m_choices.options(m_subject, {}, true)) <= mostPicturePixels &&
                           !m_busy);
}

/// Lays the picture out on a worker; of many wishes the last one counts.
void PictureDialog::refresh()
{
    refreshFields();
    if (std::exchange(m_drawing, true)) {
        m_again = true;
        return;
    }
    m_again = false;
    inBackground(
        this,
        [topology = m_subject.topology, extras = m_subject.extras, now = options()] {
            return DrawnPicture(topology, extras, now);
        },
        [this](const DrawnPicture &picture) {
            m_drawing = false;
            if (m_again)
                refresh();
            else
                m_preview->setPicture(picture);
        });
}

void PictureDialog::askPath()
{
    // A name of a file is read by others as well.
    const QString about = m_choices.redact ? tr("cluster") : m_subject.title;
    auto *dialog = new QFileDialog(this, tr("Save picture"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(m_choices.format == QLatin1String("svg")   ? tr("SVG drawing (*.svg)")
                          : m_choices.format == QLatin1String("pdf") ? tr("PDF page (*.pdf)")
                                                                     : tr("PNG image (*.png)"));
    dialog->setDefaultSuffix(m_choices.format);
    dialog->setDirectory(QStandardPaths::writableLocation(QStandardPaths::PicturesLocation));
    dialog->selectFile(pictureName(about, QStringLiteral("graph"), m_choices.format));
    connect(dialog, &QFileDialog::fileSelected, this, &PictureDialog::save);
    dialog->open();
}

void PictureDialog::save(const QString &path)
{
    setBusy(true);
    keep();
    inBackground(
        this,
        [topology = m_subject.topology, extras = m_subject.extras, now = withMarks(options()), path] {
            return writeGraphPicture(topology, extras, now, path);
        },
        [this, path](const Result<void> &result) {
            setBusy(false);
            if (!result)
                return say(result.error().text(), true);
            say(tr("Saved as %1").arg(path));
            Q_EMIT told(tr("Graph saved as %1").arg(path));
        });
}

void PictureDialog::copy()
{
    setBusy(true);
    keep();
    inBackground(
        this,
        [topology = m_subject.topology, extras = m_subject.extras,
         now = withMarks(m_choices.options(m_subject, m_ui->titleEdit->text(), true))] {
            return graphImage(topology, extras, now);
        },
        [this](const QImage &image) {
            setBusy(false);
            if (image.isNull())
                return say(tr("The picture is too large to be copied."), true);
            QGuiApplication::clipboard()->setImage(image);
            say(tr("Copied, %1 × %2 pixels").arg(image.width()).arg(image.height()));
            Q_EMIT told(tr("Graph copied"));
        });
}

void PictureDialog::setBusy(bool busy)
{
    m_busy = busy;
    if (busy)
        say(tr("Drawing…"));
    refreshFields();
}

void PictureDialog::say(const QString &sentence, bool wrong)
{
    // Never by colour alone: what went wrong begins with its word.
    m_ui->result->setText(wrong ? tr("Not done: %1").arg(sentence) : sentence);
}

void PictureDialog::keep()
{
    if (m_choices == m_kept)
        return;
    m_kept = m_choices;
    // Not of this window: it may be gone by then.
    QThreadPool::globalInstance()->start([choices = m_choices] { choices.save(); });
}

void PictureDialog::done(int result)
{
    keep();
    QDialog::done(result);
}

/// What the choices need changes with the text and the theme, and when they are first shown.
bool PictureDialog::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::LayoutRequest && watched == m_ui->choices)
        fitColumn();
    return QDialog::eventFilter(watched, event);
}

/// The column of choices never scrolls sideways and cuts no choice off, however large the text is.
void PictureDialog::fitColumn()
{
    const QMargins margins = m_ui->choiceColumn->contentsMargins();
    const int wanted = m_ui->grid->sizeHint().width() + margins.left() + margins.right();
    m_ui->scroll->setMinimumWidth(qMax(m_ui->choices->minimumSizeHint().width(), wanted) +
                                  m_ui->scroll->verticalScrollBar()->sizeHint().width());
}

} // namespace understudy
