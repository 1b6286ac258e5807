// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/Recording.h"

#include "history/TopologyCodec.h"
#include "model/Format.h"

#include <QCborArray>
#include <QCborMap>
#include <QFile>
#include <QSaveFile>
#include <QtEndian>
#include <algorithm>

namespace understudy {

namespace {

// A line that says what it is, then parts: four bytes of length, big end first, and the bytes. The first part
// is the head (CBOR), every other one a look: eight bytes of time, and the packed look.
const QByteArray magic("understudy recording 1\n");
constexpr quint32 mostInPart = 64U << 20;

QByteArray part(const QByteArray &bytes)
{
    QByteArray length(4, '\0');
    qToBigEndian(quint32(bytes.size()), length.data());
    return length + bytes;
}

QByteArray lookPart(const PackedLook &look)
{
    QByteArray time(8, '\0');
    qToBigEndian(look.atUs, time.data());
    return part(time + look.bytes);
}

QByteArray headOf(const Recording &recording)
{
    QCborArray events;
    for (const HistoryEvent &event : recording.events)
        events.append(QCborMap{{QStringLiteral("at"), event.atUs},
                               {QStringLiteral("text"), event.text},
                               {QStringLiteral("node"), event.node},
                               {QStringLiteral("severity"), stableName(event.severity)},
                               {QStringLiteral("neutral"), event.neutral}});
    return QCborValue(
               QCborMap{{QStringLiteral("title"), recording.title}, {QStringLiteral("events"), events}})
        .toCbor();
}

Severity severityOf(const QString &name)
{
    for (const Severity severity : {Severity::Critical, Severity::Warning})
        if (stableName(severity) == name)
            return severity;
    return Severity::Notice;
}

bool readHead(const QByteArray &bytes, Recording &recording)
{
    const QCborValue head = QCborValue::fromCbor(bytes);
    if (!head.isMap())
        return false;
    recording.title = head[QStringLiteral("title")].toString();
    for (const QCborValue &one : head[QStringLiteral("events")].toArray())
        recording.events << HistoryEvent{
            one[QStringLiteral("at")].toInteger(), one[QStringLiteral("text")].toString(),
            one[QStringLiteral("node")].toString(), severityOf(one[QStringLiteral("severity")].toString()),
            one[QStringLiteral("neutral")].toBool(true)};
    return true;
}

} // namespace

bool isRecordingName(const QString &path)
{
    return path.endsWith(QLatin1String(".understudy-recording"), Qt::CaseInsensitive);
}

Result<void> writeRecording(const Recording &recording, const QString &path)
{
    if (recording.looks.isEmpty())
        return fail(QStringLiteral("Nothing was seen yet, so there is nothing to record."));
    QSaveFile file(path);
    const auto failed = [&file, &path] {
        return fail(QStringLiteral("%1 could not be written: %2.").arg(path, file.errorString()),
                    QStringLiteral("Choose another place."));
    };
    if (!file.open(QIODevice::WriteOnly))
        return failed();
    file.write(magic);
    file.write(part(headOf(recording)));
    for (const PackedLook &look : recording.looks)
        file.write(lookPart(look));
    if (!file.commit())
        return failed();
    return {};
}

Result<Recording> readRecording(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(QStringLiteral("%1 could not be read: %2.").arg(path, file.errorString()));
    if (file.read(magic.size()) != magic)
        return fail(
            QStringLiteral("%1 is not a recording of Understudy's, or one of a newer version.").arg(path));
    const auto damaged = [&path] {
        return fail(QStringLiteral("%1 is damaged: it ends early or was changed.").arg(path));
    };
    Recording recording;
    for (bool first = true; !file.atEnd(); first = false) {
        const QByteArray length = file.read(4);
        const quint32 size =
            length.size() == 4 ? qFromBigEndian<quint32>(length.constData()) : mostInPart + 1;
        if (size > mostInPart)
            return damaged();
        const QByteArray bytes = file.read(size);
        if (bytes.size() != qsizetype(size))
            return damaged();
        if (first) {
            if (!readHead(bytes, recording))
                return damaged();
            continue;
        }
        if (bytes.size() <= 8)
            return damaged();
        recording.looks << PackedLook{qFromBigEndian<qint64>(bytes.constData()), bytes.mid(8)};
    }
    if (recording.looks.isEmpty())
        return damaged();
    std::stable_sort(recording.looks.begin(), recording.looks.end(),
                     [](const PackedLook &a, const PackedLook &b) { return a.atUs < b.atUs; });
    return recording;
}

Result<Replay> replayOf(const Recording &recording)
{
    Replay replay;
    replay.title = recording.title;
    for (const PackedLook &packed : recording.looks) {
        auto look = unpackTopology(packed.bytes);
        if (!look)
            return fail(QStringLiteral("A look of this recording is damaged, that of %1.")
                            .arg(format::isoUtc(packed.atUs)));
        look->takenAtUs = packed.atUs;
        replay.history.add(*look);
        replay.last = std::move(*look);
    }
    // What the looks themselves tell is in the history by now.
    for (const HistoryEvent &event : recording.events) {
        const QList<HistoryEvent> &known = replay.history.events();
        const bool told = std::any_of(known.begin(), known.end(), [&event](const HistoryEvent &one) {
            return one.atUs == event.atUs && one.text == event.text;
        });
        if (!told)
            replay.history.addEvent(event);
    }
    replay.past = std::make_shared<PastLooks>();
    replay.past->setPacked(recording.looks);
    return replay;
}

} // namespace understudy
