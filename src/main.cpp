// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Cli.h"
#include "cli/TerminalAsk.h"
#include "gui/Application.h"
#include "hosts/SshAsk.h"
#include "hosts/SshHost.h"
#include "hosts/SshTunnels.h"
#include "model/Reach.h"
#include "report/PictureSource.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QFile>
#include <QStandardPaths>

#include <cstdio>

using namespace understudy;

namespace {

QStringList wordsOf(int argc, char **argv)
{
    QStringList words;
    for (int i = 1; i < argc; ++i)
        words << QString::fromLocal8Bit(argv[i]);
    return words;
}

/// The other verbs, and the guard of the demo, go without the weight of a GUI.
bool paintsPictures(const QStringList &words)
{
    return words.contains(QLatin1String("snapshot")) || words.contains(QLatin1String("add-standby"));
}

/// A machine without a display still takes pictures and plays the tour.
void fallBackToOffscreen(bool always)
{
    const bool display =
        !qEnvironmentVariableIsEmpty("DISPLAY") || !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY");
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM") && (always || !display))
        qputenv("QT_QPA_PLATFORM", "offscreen");
}

/// Qt asks for a runtime folder and, where the session has none (a container, cron, sudo), makes one in the
/// temporary folder and says so. Ours stays out of there.
void keepRuntimeFolderOutOfTemp()
{
    if (!qEnvironmentVariableIsEmpty("XDG_RUNTIME_DIR"))
        return;
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation) +
                           QStringLiteral("/understudy/runtime");
    QDir().mkpath(folder);
    QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    qputenv("XDG_RUNTIME_DIR", QFile::encodeName(folder));
}

/// A bare machine has no locale at all; Qt would complain at every start and take UTF-8 anyway.
void speakUtf8WithoutALocale()
{
    if (qEnvironmentVariableIsEmpty("LC_ALL") && qEnvironmentVariableIsEmpty("LC_CTYPE") &&
        qEnvironmentVariableIsEmpty("LANG"))
        qputenv("LC_CTYPE", "C.UTF-8");
}

/// The ways through ssh hosts and to them, for as long as main() runs.
class Tunnels
{
public:
    Tunnels() { setReach(std::make_shared<SshTunnels>()); }
    ~Tunnels()
    {
        setReach(nullptr);
        setSshAsk(nullptr);
        closeSsh();
    }
    Tunnels(const Tunnels &) = delete;
    Tunnels &operator=(const Tunnels &) = delete;
};

} // namespace

int main(int argc, char **argv)
{
    // ssh puts its questions through this very program.
    if (const auto answered = answerForSsh(argc, argv))
        return *answered;
    QCoreApplication::setApplicationName(QStringLiteral("understudy"));
    QCoreApplication::setApplicationVersion(QStringLiteral(UNDERSTUDY_VERSION));
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Understudy"));

    speakUtf8WithoutALocale();
    keepRuntimeFolderOutOfTemp();
    const Tunnels tunnels;
    const QStringList words = wordsOf(argc, argv);
    if (isVerb(words)) {
        setSshAsk(cli::terminalAsk());
        if (!paintsPictures(words)) {
            QCoreApplication app(argc, argv);
            return runVerb(words, nullptr);
        }
        // They are painted without a window, whatever display there is.
        fallBackToOffscreen(true);
        QApplication app(argc, argv);
        prepareApplication(app, QStringLiteral("light"));
        return runVerb(words, makePictureSource);
    }

    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "See, change and document PostgreSQL streaming replication.\n\n"
        "Without a verb the window opens. Verbs: topology, preflight, add-standby, snapshot, demo\n"
        "('understudy VERB --help' says more)."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption demo(QStringLiteral("demo"), QStringLiteral("Open the embedded demo cluster."));
    const QCommandLineOption tour(QStringLiteral("tour"),
                                  QStringLiteral("Play the guided tour into DIR and stop; with a CLUSTER, "
                                                 "pictures of the window on that."),
                                  QStringLiteral("DIR"));
    const QCommandLineOption theme(QStringLiteral("theme"),
                                   QStringLiteral("light or dark; else the system's."),
                                   QStringLiteral("THEME"));
    parser.addOptions({demo, tour, theme});
    parser.addPositionalArgument(
        QStringLiteral("CLUSTER"),
        QStringLiteral(
            "A libpq URI or conninfo, service=NAME, a docker-compose.yml, a saved cluster file, or demo."),
        QStringLiteral("[CLUSTER]"));
    const bool touring = words.contains(QStringLiteral("--tour")) ||
                         std::any_of(words.begin(), words.end(), [](const QString &word) {
                             return word.startsWith(QLatin1String("--tour="));
                         });
    fallBackToOffscreen(touring);
    // Pictures for a page that people look at: two pixels for each.
    if (touring && qgetenv("QT_QPA_PLATFORM") == "offscreen" && !qEnvironmentVariableIsSet("QT_SCALE_FACTOR"))
        qputenv("QT_SCALE_FACTOR", "2");
    QApplication app(argc, argv);
    parser.process(app);

    const QString chosenTheme = parser.value(theme);
    if (!chosenTheme.isEmpty() && chosenTheme != QLatin1String("light") &&
        chosenTheme != QLatin1String("dark")) {
        std::fprintf(stderr, "understudy: --theme takes light or dark, not \"%s\".\n",
                     qPrintable(chosenTheme));
        return ExitUsage;
    }
    prepareApplication(app,
                       parser.isSet(tour) && chosenTheme.isEmpty() ? QStringLiteral("light") : chosenTheme);
    const QString cluster = parser.positionalArguments().value(0);
    if (parser.isSet(tour))
        return runTour(app, parser.value(tour), cluster);

    WindowOptions options;
    options.demo = parser.isSet(demo);
    options.theme = chosenTheme;
    options.cluster = cluster;
    return runWindow(app, options);
}
