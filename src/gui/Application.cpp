// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/Application.h"

#include "gui/InertText.h"
#include "gui/MainWindow.h"
#include "gui/QuitSignals.h"
#include "gui/Style.h"
#include "gui/WindowLayout.h"
#include "gui/charts/ChartPictures.h"

#include <QApplication>

namespace understudy {

void prepareApplication(QApplication &app, const QString &theme)
{
    app.setDesktopFileName(QStringLiteral("understudy"));
    app.installEventFilter(new InertText(&app));
    const Style::Choice choice = theme == QLatin1String("light")  ? Style::Choice::Light
                                 : theme == QLatin1String("dark") ? Style::Choice::Dark
                                                                  : WindowLayout::load().theme;
    Style::instance().apply(choice);
}

int runWindow(QApplication &app, const WindowOptions &options)
{
    int code = 0;
    {
        MainWindow window;
        QuitSignals signals_;
        // A request from outside wins over a running plan: the plan is stopped and undone below.
        QObject::connect(&signals_, &QuitSignals::quitRequested, &window, [&window] {
            window.hide();
            QCoreApplication::quit();
        });
        window.setRemembersLayout(true);
        window.setKeepsHistory(HistorySettings::folder());
        window.show();
        window.lookForInterrupted();
        if (options.demo)
            window.openDemo();
        else if (!options.cluster.isEmpty())
            window.openCluster(options.cluster);
        code = app.exec();
        // Nothing is on the screen any more while a demo's servers are stopped.
        window.hide();
    }
    return code;
}

std::unique_ptr<PictureSource> makePictureSource()
{
    return std::make_unique<ChartPictures>();
}

} // namespace understudy
