// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/PlaceStore.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSettings>
#include <QStandardPaths>

#include <cmath>

namespace understudy::placestore {

namespace {

constexpr double farthest = 1e6;
constexpr qsizetype mostPlaces = 10000;

QString path()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) +
           QStringLiteral("/understudy/places.ini");
}

// An identifier comes from a server and may hold any character.
QString key(const QString &systemIdentifier)
{
    const QByteArray hash = QCryptographicHash::hash(systemIdentifier.toUtf8(), QCryptographicHash::Sha256);
    return QStringLiteral("clusters/") + QString::fromLatin1(hash.toHex().left(32));
}

QHash<NodeId, QPointF> placesOf(const QJsonValue &value)
{
    QHash<NodeId, QPointF> places;
    const QJsonObject object = value.toObject();
    for (auto it = object.constBegin(); it != object.constEnd() && places.size() < mostPlaces; ++it) {
        const QJsonArray at = it.value().toArray();
        const QPointF place(at.at(0).toDouble(NAN), at.at(1).toDouble(NAN));
        if (qAbs(place.x()) < farthest && qAbs(place.y()) < farthest) // Not so of a NaN.
            places.insert(it.key(), GraphPlaces::snapped(place));
    }
    return places;
}

QJsonObject jsonOf(const QHash<NodeId, QPointF> &places)
{
    QJsonObject object;
    for (auto it = places.cbegin(); it != places.cend(); ++it)
        object.insert(it.key(), QJsonArray{it.value().x(), it.value().y()});
    return object;
}

} // namespace

PlaceSet load(const QString &systemIdentifier)
{
    const QSettings settings(path(), QSettings::IniFormat);
    const QJsonObject kept =
        QJsonDocument::fromJson(settings.value(key(systemIdentifier)).toString().toUtf8()).object();
    return {placesOf(kept.value(QLatin1String("down"))), placesOf(kept.value(QLatin1String("across")))};
}

void save(const QString &systemIdentifier, const PlaceSet &places)
{
    QSettings settings(path(), QSettings::IniFormat);
    if (places.isEmpty()) {
        settings.remove(key(systemIdentifier));
        return;
    }
    const QJsonObject object{{QStringLiteral("down"), jsonOf(places.down)},
                             {QStringLiteral("across"), jsonOf(places.across)}};
    settings.setValue(key(systemIdentifier),
                      QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact)));
}

} // namespace understudy::placestore
