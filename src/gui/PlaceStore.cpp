// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/PlaceStore.h"

#include <QCryptographicHash>
#include <QFile>
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

QSet<NodeId> foldedOf(const QJsonValue &value)
{
    QSet<NodeId> folded;
    const QJsonArray all = value.toArray();
    for (auto one = all.constBegin(); one != all.constEnd() && folded.size() < mostPlaces; ++one) {
        if (const QString id = one->toString(); !id.isEmpty())
            folded.insert(id);
    }
    return folded;
}

/// Somebody may want to see what it was.
void setAside(const QString &group)
{
    {
        const QSettings settings(path(), QSettings::IniFormat);
        settings.allKeys(); // Sections are read when they are asked for
        if (settings.status() == QSettings::FormatError) {
            QFile::remove(path() + QStringLiteral(".bad"));
            QFile::rename(path(), path() + QStringLiteral(".bad"));
            return;
        }
    }
    QSettings settings(path(), QSettings::IniFormat);
    const QString text = settings.value(group).toString();
    if (!text.isEmpty() && !QJsonDocument::fromJson(text.toUtf8()).isObject())
        settings.setValue(QStringLiteral("set_aside/") + group, text);
}

} // namespace

QString path()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) +
           QStringLiteral("/understudy/places.ini");
}

Arrangement load(const QString &systemIdentifier)
{
    const QSettings settings(path(), QSettings::IniFormat);
    const QJsonObject kept =
        QJsonDocument::fromJson(settings.value(key(systemIdentifier)).toString().toUtf8()).object();
    return {{placesOf(kept.value(QLatin1String("down"))), placesOf(kept.value(QLatin1String("across")))},
            foldedOf(kept.value(QLatin1String("folded")))};
}

void save(const QString &systemIdentifier, const Arrangement &kept)
{
    setAside(key(systemIdentifier));
    QSettings settings(path(), QSettings::IniFormat);
    if (kept.isEmpty()) {
        settings.remove(key(systemIdentifier));
        return;
    }
    QStringList folded = kept.folded.values();
    folded.sort();
    const QJsonObject object{{QStringLiteral("down"), jsonOf(kept.places.down)},
                             {QStringLiteral("across"), jsonOf(kept.places.across)},
                             {QStringLiteral("folded"), QJsonArray::fromStringList(folded)}};
    settings.setValue(key(systemIdentifier),
                      QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact)));
}

} // namespace understudy::placestore
