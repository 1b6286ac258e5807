// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/ThresholdStore.h"

#include "model/ThresholdFields.h"

#include <QCryptographicHash>
#include <QJsonDocument>
#include <QSettings>
#include <QStandardPaths>

namespace understudy::thresholdstore {

namespace {

QString path()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) +
           QStringLiteral("/understudy/thresholds.ini");
}

// What was typed may be long and may hold any character.
QString key(const ClusterSpec &spec)
{
    const QByteArray hash = QCryptographicHash::hash(spec.source.toUtf8(), QCryptographicHash::Sha256);
    return QStringLiteral("clusters/") + QString::fromLatin1(hash.toHex().left(32));
}

} // namespace

Thresholds load(const ClusterSpec &spec)
{
    if (!spec.savedFile.isEmpty() && !spec.isDemo)
        return spec.thresholds;
    const QSettings settings(path(), QSettings::IniFormat);
    const auto kept =
        thresholdsOf(QJsonDocument::fromJson(settings.value(key(spec)).toString().toUtf8()).object());
    return kept.value_or(Thresholds());
}

Result<void> save(const ClusterSpec &spec, const Thresholds &thresholds)
{
    if (!spec.savedFile.isEmpty() && !spec.isDemo) {
        // What stands in the file now, not what was found since: discovered nodes are not written down
        // unasked.
        auto saved = loadCluster(spec.savedFile);
        if (!saved)
            return tl::unexpected(saved.error());
        saved->thresholds = thresholds;
        return saveCluster(*saved, spec.savedFile);
    }
    QSettings settings(path(), QSettings::IniFormat);
    settings.setValue(
        key(spec),
        QString::fromUtf8(QJsonDocument(thresholdsJson(thresholds)).toJson(QJsonDocument::Compact)));
    return {};
}

} // namespace understudy::thresholdstore
