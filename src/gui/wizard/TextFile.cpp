// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/TextFile.h"

#include "gui/wizard/AddStandbyWizard.h"

#include <QFileDialog>
#include <QLabel>
#include <QSaveFile>
#include <QStandardPaths>

namespace understudy {

void sayInFooter(QWidget *page, const QString &words)
{
    if (auto *line = page->window()->findChild<QLabel *>(QStringLiteral("footerLine"))) {
        line->setText(words);
        line->setToolTip(words);
    }
}

void saveTextFile(QWidget *parent, WizardWorker *worker, const QString &title, const QString &suggestedName,
                  std::function<QByteArray()> content, bool executable)
{
    auto *dialog = new QFileDialog(parent, title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDirectory(QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation));
    dialog->selectFile(suggestedName);
    QObject::connect(dialog, &QFileDialog::fileSelected, parent, [=](const QString &path) {
        worker->start([=](std::stop_token, const WizardWorker::Post &post) {
            QSaveFile file(path);
            bool ok = file.open(QIODevice::WriteOnly);
            if (ok) {
                file.write(content());
                if (executable)
                    file.setPermissions(file.permissions() | QFile::ExeOwner);
                ok = file.commit();
            }
            const QString words =
                ok ? AddStandbyWizard::tr("Saved as %1").arg(path)
                   : AddStandbyWizard::tr("%1 could not be written: %2").arg(path, file.errorString());
            post([parent, words] { sayInFooter(parent, words); });
        });
    });
    dialog->open();
}

} // namespace understudy
