// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/SshHostNames.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QSettings>
#include <QStandardPaths>

namespace understudy::ssh_host_names {

namespace {

constexpr qsizetype mostKept = 12;
const QString keptKey = QStringLiteral("hosts");

QString path()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) +
           QStringLiteral("/understudy/ssh.ini");
}

} // namespace

QStringList inConfiguration(const QByteArray &text)
{
    static const QRegularExpression line(QStringLiteral("^\\s*host(?:\\s*=\\s*|\\s+)(.*)$"),
                                         QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression word(QStringLiteral("\"([^\"]*)\"|(\\S+)"));
    QStringList names;
    for (const QString &each : QString::fromUtf8(text).split(u'\n')) {
        const auto match = line.match(each);
        if (!match.hasMatch())
            continue;
        for (auto it = word.globalMatch(match.captured(1)); it.hasNext();) {
            const auto found = it.next();
            const QString name = found.captured(1) + found.captured(2);
            if (name.startsWith(u'#'))
                break;
            if (!name.isEmpty() && !name.contains(u'*') && !name.contains(u'?') && !name.startsWith(u'!') &&
                !names.contains(name))
                names << name;
        }
    }
    return names;
}

QStringList known()
{
    QStringList names = QSettings(path(), QSettings::IniFormat).value(keptKey).toStringList();
    QFile file(QDir::homePath() + QStringLiteral("/.ssh/config"));
    if (file.open(QIODevice::ReadOnly)) {
        for (const QString &name : inConfiguration(file.read(1 << 20)))
            if (!names.contains(name))
                names << name;
    }
    return names;
}

void remember(const QString &destination)
{
    QSettings settings(path(), QSettings::IniFormat);
    QStringList names = settings.value(keptKey).toStringList();
    names.removeAll(destination);
    names.prepend(destination);
    settings.setValue(keptKey, names.mid(0, mostKept));
}

} // namespace understudy::ssh_host_names
