// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/preflight/ComposeParity.h"

namespace understudy {

QList<LowerSetting> lowerSettings(const QMap<QString, ServerSetting> &primary,
                                  const QMap<QString, ServerSetting> &upstream,
                                  const QMap<QString, ServerSetting> &model,
                                  const QMap<QString, qint64> &builtIn, const QStringList &names)
{
    // What a service's command and environment say; its files are those of its own data.
    const auto ofService = [](const ServerSetting &setting) {
        return setting.source == QLatin1String("command line") ||
               setting.source == QLatin1String("environment variable");
    };
    QList<LowerSetting> lower;
    for (const QString &name : names) {
        const auto there = primary.constFind(name), above = upstream.constFind(name),
                   like = model.constFind(name);
        if (there == primary.constEnd() || like == model.constEnd())
            continue;
        std::optional<qint64> own;
        if (ofService(*like))
            own = like->value.toLongLong();
        else if (above != upstream.constEnd() && above->source == QLatin1String("configuration file"))
            own = above->value.toLongLong();
        else if (builtIn.contains(name))
            own = builtIn.value(name);
        const qint64 needed = there->value.toLongLong();
        if (own && *own < needed)
            lower << LowerSetting{name, *own, needed};
    }
    return lower;
}

} // namespace understudy
