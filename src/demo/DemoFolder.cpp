// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/DemoFolder.h"

#include "clusters/ClusterSpec.h"
#include "clusters/ServersBelow.h"
#include "demo/StopServers.h"
#include "hosts/Host.h"
#include "hosts/OsUser.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QSaveFile>
#include <QThread>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace understudy {

namespace {

const QString folderPrefix = QStringLiteral("understudy-demo-");
const QString markerName = QStringLiteral("understudy-demo.marker");
const QByteArray markerText = "This folder belongs to an Understudy demo cluster. It is removed with it.\n";

// "/.s.PGSQL.65535.lock" must fit behind it in the 107 bytes of a socket's name.
constexpr qsizetype longestFolder = 85;

QString stateFolder()
{
    return QFileInfo(demoClusterFile()).path();
}

QString recordFile()
{
    return stateFolder() + QLatin1String("/demo-run.json");
}

Result<void> makeStateFolder()
{
    if (QDir().mkpath(stateFolder()))
        return {};
    return fail(QStringLiteral("The folder %1 could not be made.").arg(stateFolder()),
                QStringLiteral("Make it yourself, or set XDG_STATE_HOME to a folder you may write to."));
}

QStringList placesForFolders()
{
    QStringList places{QDir::tempPath(), QStringLiteral("/tmp"), QStringLiteral("/var/tmp")};
    places.removeDuplicates();
    return places;
}

bool writableBy(const QString &serverUser, const QString &folder)
{
    Command test;
    test.argv = {QStringLiteral("test"), QStringLiteral("-w"), folder};
    test.runAs = serverUser;
    const auto answer = localHost()->run(test);
    return answer && answer->ok();
}

} // namespace

std::optional<DemoRecord> readDemoRecord()
{
    QFile file(recordFile());
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QJsonObject top = QJsonDocument::fromJson(file.read(65536)).object();
    DemoRecord record;
    record.folder = top.value(QStringLiteral("folder")).toString();
    record.serverUser = top.value(QStringLiteral("server_user")).toString();
    record.ownerPid = top.value(QStringLiteral("owner_pid")).toInteger();
    record.guardPid = top.value(QStringLiteral("guard_pid")).toInteger();
    record.keep = top.value(QStringLiteral("keep")).toBool();
    if (record.folder.isEmpty())
        return {};
    return record;
}

Result<void> writeDemoRecord(const DemoRecord &record)
{
    if (auto made = makeStateFolder(); !made)
        return made;
    const QJsonObject top{{QStringLiteral("folder"), record.folder},
                          {QStringLiteral("server_user"), record.serverUser},
                          {QStringLiteral("owner_pid"), record.ownerPid},
                          {QStringLiteral("guard_pid"), record.guardPid},
                          {QStringLiteral("keep"), record.keep}};
    QSaveFile file(recordFile());
    if (!file.open(QIODevice::WriteOnly) || file.write(QJsonDocument(top).toJson()) < 0 || !file.commit())
        return fail(QStringLiteral("%1 could not be written: %2.").arg(recordFile(), file.errorString()));
    return {};
}

void removeDemoRecord(const QString &folder)
{
    if (const auto record = readDemoRecord(); record && record->folder != folder)
        return;
    const auto saved = loadCluster(demoClusterFile());
    if (saved && saved->demoFolder == folder)
        QFile::remove(demoClusterFile());
    QFile::remove(recordFile());
}

DemoLock::DemoLock(DemoLock &&other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}

DemoLock &DemoLock::operator=(DemoLock &&other) noexcept
{
    std::swap(m_fd, other.m_fd);
    return *this;
}

DemoLock::~DemoLock()
{
    if (m_fd >= 0)
        ::close(m_fd);
}

Result<DemoLock> DemoLock::take(int waitMs)
{
    if (auto made = makeStateFolder(); !made)
        return tl::unexpected(made.error());
    const QString path = stateFolder() + QLatin1String("/demo.lock");
    DemoLock lock;
    lock.m_fd = ::open(QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (lock.m_fd < 0)
        return fail(QStringLiteral("%1 could not be opened.").arg(path));
    const QDeadlineTimer deadline(waitMs);
    while (::flock(lock.m_fd, LOCK_EX | LOCK_NB) != 0) {
        if (deadline.hasExpired())
            return fail(QStringLiteral("The demo cluster already runs."),
                        QStringLiteral("Use it, or stop it with: understudy demo stop"));
        QThread::msleep(50);
    }
    return lock;
}

Result<QString> demoServerUser()
{
    if (::geteuid() != 0)
        return QString();
    const QString user = QStringLiteral("postgres");
    if (OsUser::byName(user))
        return user;
    return fail(
        QStringLiteral("PostgreSQL does not run as root, and there is no user \"postgres\" on this machine."),
        QStringLiteral("Install the package \"postgresql\", or run Understudy as another user."));
}

Result<QString> createDemoFolder(const QString &serverUser,
                                 const std::function<Result<void>(const QString &)> &record)
{
    for (const QString &place : placesForFolders()) {
        const QString folder =
            QStringLiteral("%1/%2%3-%4")
                .arg(place, folderPrefix)
                .arg(::geteuid())
                .arg(QRandomGenerator::system()->bounded(0x1000000), 6, 16, QLatin1Char('0'));
        if (QFile::encodeName(folder).size() > longestFolder)
            continue;
        if (auto written = record(folder); !written)
            return tl::unexpected(written.error());
        if (::mkdir(QFile::encodeName(folder).constData(), S_IRWXU) != 0)
            continue;
        QFile marker(folder + QLatin1Char('/') + markerName);
        const auto owner = serverUser.isEmpty() ? std::nullopt : OsUser::byName(serverUser);
        const bool made =
            marker.open(QIODevice::WriteOnly | QIODevice::NewOnly) &&
            marker.write(markerText) == markerText.size() && marker.flush() &&
            (!owner || ::chown(QFile::encodeName(folder).constData(), owner->uid, owner->gid) == 0);
        if (made && writableBy(serverUser, folder))
            return folder;
        marker.remove();
        QDir().rmdir(folder);
    }
    return fail(QStringLiteral("No folder for the demo cluster could be made below %1.")
                    .arg(placesForFolders().join(QLatin1String(", "))),
                QStringLiteral("Set TMPDIR to a folder with a short path that %1 can reach.")
                    .arg(serverUser.isEmpty() ? QStringLiteral("you") : serverUser));
}

bool isDemoFolder(const QString &folder)
{
    const QFileInfo info(folder);
    QFile marker(folder + QLatin1Char('/') + markerName);
    return info.isAbsolute() && info.isDir() && !info.isSymLink() &&
           info.fileName().startsWith(folderPrefix) && marker.open(QIODevice::ReadOnly) &&
           marker.read(4096) == markerText;
}

Result<void> clearDemoFolder(const QString &folder)
{
    if (!QFileInfo::exists(folder))
        return {};
    if (!isDemoFolder(folder))
        return fail(
            QStringLiteral("%1 is not a folder of the demo cluster, so it is left alone.").arg(folder));
    const QString owner = QFileInfo(folder).owner();
    stopServers(serversBelow(folder));
    // As its owner, not as root: below a folder that somebody else owns, root could be led astray. The marker
    // goes last: if this is cut short, the next one may go on.
    Command empty, remove;
    empty.argv = {QStringLiteral("find"),
                  folder,
                  QStringLiteral("-mindepth"),
                  QStringLiteral("1"),
                  QStringLiteral("-maxdepth"),
                  QStringLiteral("1"),
                  QStringLiteral("!"),
                  QStringLiteral("-name"),
                  markerName,
                  QStringLiteral("-exec"),
                  QStringLiteral("rm"),
                  QStringLiteral("-rf"),
                  QStringLiteral("--"),
                  QStringLiteral("{}"),
                  QStringLiteral("+")};
    remove.argv = {QStringLiteral("rm"), QStringLiteral("-rf"), QStringLiteral("--"), folder};
    empty.runAs = remove.runAs = owner;
    for (int attempt = 0; attempt < 3 && QFileInfo::exists(folder); ++attempt) {
        const auto emptied = localHost()->run(empty);
        if (emptied && emptied->ok())
            (void)localHost()->run(remove);
        // Its owner may not take it out of a parent that is ours; an empty folder can lead nobody astray.
        QDir().rmdir(folder);
    }
    if (QFileInfo::exists(folder))
        return fail(QStringLiteral("The folder %1 could not be removed.").arg(folder),
                    QStringLiteral("Remove it yourself."));
    return {};
}

QString demoPauseFile(const QString &folder)
{
    return folder + QLatin1String("/load.paused");
}

} // namespace understudy
