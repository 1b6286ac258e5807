// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/HistoryKeeper.h"

#include "gui/Background.h"
#include "history/StoreReader.h"
#include "history/StoreWriter.h"

#include <QCryptographicHash>
#include <QRegularExpression>
#include <QSettings>
#include <QStandardPaths>
#include <algorithm>

namespace understudy {

namespace {

constexpr qint64 second = 1000000;
constexpr int mostMoments = 20000, mostEvents = 2000;

QString settingsPath()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) +
           QStringLiteral("/understudy/window.ini");
}

} // namespace

HistorySettings HistorySettings::load()
{
    const QSettings settings(settingsPath(), QSettings::IniFormat);
    const auto number = [&settings](const char *name, int standard, int least, int most) {
        bool isNumber = false;
        const int value = settings.value(QStringLiteral("history/") + QLatin1String(name)).toInt(&isNumber);
        return isNumber ? std::clamp(value, least, most) : standard;
    };
    HistorySettings read;
    read.keep = settings.value(QStringLiteral("history/keep"), true).toBool();
    StoreSettings &store = read.store;
    store.rawHours = number("raw_hours", store.rawHours, 1, 24 * 31);
    store.minuteDays = number("minute_days", store.minuteDays, 1, 3660);
    store.hourMonths = number("hour_months", store.hourMonths, 1, 1200);
    store.mostBytes = qint64(number("most_megabytes", int(store.mostBytes >> 20), 16, 1 << 24)) << 20;
    return read;
}

void HistorySettings::setKeep(bool keep)
{
    QSettings(settingsPath(), QSettings::IniFormat).setValue(QStringLiteral("history/keep"), keep);
}

QString HistorySettings::folder()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + QStringLiteral("/history");
}

HistoryKeeper::HistoryKeeper(const QString &folder, const StoreSettings &settings, QObject *parent)
    : QObject(parent), m_folder(folder), m_settings(settings)
{
}

HistoryKeeper::~HistoryKeeper()
{
    // The last looks are written, which a slow disk may take its time for.
    if (m_writer)
        QThreadPool::globalInstance()->start([writer = std::move(m_writer)]() mutable { writer.reset(); });
}

QString HistoryKeeper::fileName(const QString &systemIdentifier)
{
    // It comes from a server and may hold any character.
    static const QRegularExpression digits(QStringLiteral("^[0-9]{1,20}$"));
    const QString name = digits.match(systemIdentifier).hasMatch()
                             ? systemIdentifier
                             : QString::fromLatin1(QCryptographicHash::hash(systemIdentifier.toUtf8(),
                                                                            QCryptographicHash::Sha256)
                                                       .toHex()
                                                       .left(32));
    return name + QStringLiteral(".sqlite");
}

void HistoryKeeper::add(const Topology &topology)
{
    if (!m_writer) {
        QString identifier;
        for (const Cluster &cluster : topology.clusters)
            identifier = identifier.isEmpty() ? cluster.systemIdentifier : identifier;
        if (identifier.isEmpty())
            return;
        m_path = m_folder + u'/' + fileName(identifier);
        StoreWriter::Options options;
        options.path = m_path;
        options.settings = m_settings;
        options.ours = true;
        options.told = [box = ReplyBox::of(this), this](const StoreState &state) {
            box->post([this, problem = state.problem] {
                if (problem == m_problem)
                    return;
                m_problem = problem;
                Q_EMIT problemChanged();
            });
        };
        m_writer = std::make_shared<StoreWriter>(options);
    }
    m_writer->add(topology);
}

void HistoryKeeper::readPast(qint64 fromUs, qint64 untilUs, const std::function<void(const KeptPast &)> &done)
{
    if (m_path.isEmpty())
        return;
    inBackground(
        this,
        [path = m_path, fromUs, untilUs] {
            KeptPast past;
            const auto reader = StoreReader::open(path);
            if (!reader)
                return past;
            // Whole looks are minutes apart; every look is too many. So close together they are one stretch.
            past.moments = (*reader)->moments(fromUs, untilUs, mostMoments).value_or(QList<qint64>());
            qint64 last = 0;
            for (const qint64 at : (*reader)->rawMoments(fromUs, untilUs).value_or(QList<qint64>())) {
                if (at - last >= 4 * second)
                    past.moments << (last = at);
            }
            std::sort(past.moments.begin(), past.moments.end());
            past.moments.erase(std::unique(past.moments.begin(), past.moments.end()), past.moments.end());
            const auto events = (*reader)->events(fromUs, untilUs, mostEvents);
            for (const StoreEvent &event : events.value_or(QList<StoreEvent>()))
                if (event.severity != Severity::Notice || event.kind != QLatin1String("finding_raised"))
                    past.events << HistoryEvent{event.atUs, event.text, event.node, event.severity,
                                                event.neutral};
            return past;
        },
        done);
}

void HistoryKeeper::readLook(qint64 atUs, const std::function<void(const std::optional<Topology> &)> &done)
{
    if (m_path.isEmpty())
        return;
    inBackground(
        this,
        [path = m_path, atUs] {
            const auto reader = StoreReader::open(path);
            return reader ? (*reader)->topologyAt(atUs).value_or(std::nullopt) : std::optional<Topology>();
        },
        done);
}

void HistoryKeeper::note(const HistoryEvent &event)
{
    if (m_writer)
        m_writer->note(event);
}

} // namespace understudy
