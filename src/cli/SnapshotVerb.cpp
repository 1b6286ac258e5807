// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Interrupt.h"
#include "cli/Look.h"
#include "cli/Output.h"
#include "cli/Verbs.h"
#include "cli/Words.h"
#include "clusters/Keyring.h"
#include "model/Format.h"
#include "report/Picture.h"
#include "report/PictureSource.h"

#include <QFileInfo>
#include <QRegularExpression>

namespace understudy::cli {

namespace {

constexpr double lookSeconds = 10;
constexpr int pollMs = 1000;

void describe(Words &words)
{
    words.value(QStringLiteral("output"), QStringLiteral("FILE"),
                QStringLiteral("The picture: .png, .svg or .pdf."));
    words.value(QStringLiteral("what"), QStringLiteral("WHAT"),
                QStringLiteral("topology, or lag (a .png chart of the next seconds)."),
                QStringLiteral("topology"));
    words.value(QStringLiteral("for"), QStringLiteral("SECONDS"),
                QStringLiteral("How long lag is watched; 30."), QStringLiteral("30"));
    words.value(QStringLiteral("size"), QStringLiteral("WxH"), QStringLiteral("In pixels; 1200x700."),
                QStringLiteral("1200x700"));
    words.value(QStringLiteral("scale"), QStringLiteral("N"),
                QStringLiteral("1 to 4: sharper for dense screens."), QStringLiteral("1"));
    words.value(QStringLiteral("theme"), QStringLiteral("THEME"), QStringLiteral("light or dark."),
                QStringLiteral("light"));
    words.value(
        QStringLiteral("at"), QStringLiteral("TIME"),
        QStringLiteral(
            "Of a recording or a history: as it was then, 13:40:07 or 2026-11-24T13:40:07Z; its end if not "
            "given."));
    words.flag(
        QStringLiteral("stable"),
        QStringLiteral("Leaves out what always moves, so that the same cluster gives the same bytes."));
    words.flag(QStringLiteral("redact"),
               QStringLiteral("Replaces names and addresses of hosts, nodes, slots and clients by host-1, "
                              "node-1, slot-1..., in the title and the findings as well."));
    words.flag(QStringLiteral("findings"),
               QStringLiteral("Says what is wrong in words, beside the graph or below it."));
    words.value(QStringLiteral("title"), QStringLiteral("TEXT"),
                QStringLiteral("The line above the graph; the cluster's if not given."));
    words.flag(QStringLiteral("no-title"), QStringLiteral("Without that line."));
    words.flag(QStringLiteral("no-legend"), QStringLiteral("Without what the widths of the links mean."));
    words.flag(
        QStringLiteral("no-time"),
        QStringLiteral("Without the time it was taken. Of a recording the time is said all the same."));
}

Result<PictureOptions> readOptions(const Words &words)
{
    PictureOptions options;
    static const QRegularExpression shape(QStringLiteral("^([0-9]{1,5})x([0-9]{1,5})$"));
    const auto match = shape.match(words.text(QStringLiteral("size")));
    options.size = {match.captured(1).toInt(), match.captured(2).toInt()};
    if (!match.hasMatch() || options.size.width() < 200 || options.size.height() < 150 ||
        options.size.width() > 8000 || options.size.height() > 8000)
        return fail(QStringLiteral("--size takes WIDTHxHEIGHT from 200x150 to 8000x8000, not \"%1\".")
                        .arg(words.text(QStringLiteral("size"))));
    const auto scale = words.number(QStringLiteral("scale"), 1, 4);
    if (!scale)
        return tl::unexpected(scale.error());
    options.scale = *scale;
    const QString theme = words.text(QStringLiteral("theme"));
    if (theme != QLatin1String("light") && theme != QLatin1String("dark"))
        return fail(QStringLiteral("--theme takes light or dark, not \"%1\".").arg(theme));
    options.theme = theme == QLatin1String("dark") ? ThemeKind::Dark : ThemeKind::Light;
    options.stable = words.isSet(QStringLiteral("stable"));
    options.redact = words.isSet(QStringLiteral("redact"));
    options.findings = words.isSet(QStringLiteral("findings"));
    options.legend = !words.isSet(QStringLiteral("no-legend"));
    options.time = !words.isSet(QStringLiteral("no-time"));
    options.title = words.text(QStringLiteral("title"));
    if (words.isSet(QStringLiteral("no-title")) && words.isSet(QStringLiteral("title")))
        return fail(QStringLiteral("--title and --no-title exclude each other."));

    const QString what = words.text(QStringLiteral("what"));
    const QString ending = QFileInfo(words.text(QStringLiteral("output"))).suffix().toLower();
    if (what != QLatin1String("topology") && what != QLatin1String("lag"))
        return fail(QStringLiteral("--what takes topology or lag, not \"%1\".").arg(what));
    if (what == QLatin1String("lag") && ending != QLatin1String("png"))
        return fail(QStringLiteral("A lag chart is a .png; end -o in .png."));
    if (!QStringList{QStringLiteral("png"), QStringLiteral("svg"), QStringLiteral("pdf")}.contains(ending))
        return fail(
            words.isSet(QStringLiteral("output"))
                ? QStringLiteral(
                      "\"%1\" does not say which kind of picture is wanted; end -o in .png, .svg or .pdf.")
                      .arg(words.text(QStringLiteral("output")))
                : QStringLiteral("-o FILE is missing; it says where the picture goes."));
    return options;
}

/// The marks of a recording are those that its standbys had in the window.
QHash<NodeId, CardExtras> extrasOf(const Topology &topology, LagHistory history)
{
    if (history.standbys().isEmpty())
        history.add(topology);
    QHash<NodeId, CardExtras> extras;
    for (const Cluster &cluster : topology.clusters) {
        for (const Node &node : cluster.nodes)
            extras[node.id].seriesSlot = node.role == Role::Primary ? -1 : history.seriesSlot(node.id);
        for (const Finding &finding : cluster.findings) {
            // A notice is no trouble of a card's; its place is the list.
            if (finding.severity == Severity::Notice)
                continue;
            CardExtras &extra = extras[finding.downstream.isEmpty() ? finding.node : finding.downstream];
            extra.worst = extra.findings == 0 ? finding.severity : qMin(extra.worst, finding.severity);
            ++extra.findings;
        }
    }
    return extras;
}

/// Polls once a second until the time is over or Ctrl-C; what was seen until then is drawn.
LagHistory watch(Look &look, double seconds)
{
    LagHistory history;
    history.add(look.topology);
    const Interrupt interrupt(nullptr);
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    auto next = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() < end && !interrupt.happened()) {
        look.topology = lookOnce(look.spec.nodes, look.secrets, {}, 2, pollMs / 2);
        history.add(look.topology);
        next += std::chrono::milliseconds(pollMs);
        std::this_thread::sleep_until(
            qMin(next, std::chrono::steady_clock::time_point(
                           std::chrono::time_point_cast<std::chrono::steady_clock::duration>(end))));
    }
    return history;
}

int lagPicture(const Words &words, Look &look, const PictureOptions &options, const PictureFactory &pictures)
{
    const auto seconds = words.number(QStringLiteral("for"), 1, 3600);
    if (!seconds)
        return words.usage(seconds.error());
    if (!look.recorded)
        progress(QStringLiteral("Watching %1 for %2.").arg(look.spec.title, format::seconds(*seconds)));
    const LagHistory history = look.recorded ? look.history : watch(look, *seconds);
    const std::unique_ptr<PictureSource> charts = pictures ? pictures() : nullptr;
    const QImage image = charts ? charts->lagChart(history, look.topology, options.size, options.scale,
                                                   Theme::of(options.theme))
                                : QImage();
    if (image.isNull() || !image.save(words.text(QStringLiteral("output")), "PNG"))
        return complain(
            QStringLiteral("%1 could not be written. Name a file in a folder that you may write to.")
                .arg(words.text(QStringLiteral("output"))),
            ExitFailed);
    return ExitDone;
}

} // namespace

int snapshotVerb(const QStringList &arguments, const PictureFactory &pictures)
{
    Words words(QStringLiteral("snapshot"), QStringLiteral("snapshot CLUSTER -o FILE [OPTIONS]"),
                QStringLiteral("Draws the topology, or the lag of the next seconds, into a file."));
    describe(words);
    if (const auto ended = words.read(arguments, 1, 1))
        return *ended;
    auto options = readOptions(words);
    if (!options)
        return words.usage(options.error());

    auto look = takeLookOrRecorded(words.positional(0), systemSecrets(), lookSeconds, 2,
                                   words.text(QStringLiteral("at")));
    if (!look)
        return complain(look.error(), ExitFailed);
    if (!look->answered())
        return complain(look->whyNot(), ExitFailed);
    int code = ExitDone;
    if (words.text(QStringLiteral("what")) == QLatin1String("lag")) {
        code = lagPicture(words, *look, *options, pictures);
    } else {
        if (options->title.isEmpty() && !words.isSet(QStringLiteral("no-title")))
            options->title = look->spec.title;
        options->past = look->recorded;
        const auto written = writeGraphPicture(look->topology, extrasOf(look->topology, look->history),
                                               *options, words.text(QStringLiteral("output")));
        if (!written)
            code = complain(written.error(), ExitFailed);
    }
    if (code == ExitDone)
        print(words.text(QStringLiteral("output")));
    if (look->stuck())
        leaveNow(code);
    return code;
}

} // namespace understudy::cli
