// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QStringList>
#include <chrono>

namespace understudy {

/// How often the other end hears from us, and after what silence it takes us for gone.
inline constexpr std::chrono::seconds sshLifeSignEvery{15};
inline constexpr std::chrono::seconds sshGoneAfter{90};

/// The shell text of SshConnection: what a plain POSIX sh on the other machine does around a command.
/// Pure.
namespace ssh_script {

/// A command that is ended when we are gone.
struct Watched
{
    QStringList words; ///< All of them: who it runs as and its environment included.
    QString program;   ///< Is looked for first, in `path`.
    QString path;      ///< PATH
    QString directory; ///< It starts there.
    std::chrono::seconds goneAfter = sshGoneAfter; ///< Of silence.
};

/// Runs it in a session of its own with nothing on stdin; when stdin ends or is silent for sshGoneAfter its
/// process group gets TERM, after five seconds KILL.
QByteArray watched(const QByteArray &token, const Watched &command);
/// Runs words that read the rest of stdin themselves and end with it.
QByteArray plain(const QByteArray &token, const QStringList &words);

/// A command line that only shows that the shell behind @p before was reached.
QByteArray greets(const QByteArray &token, const QStringList &before);

/// The one command line that ssh is given, the same for any login shell: it reads @p script, that many bytes,
/// from stdin. @p before: words in front of it (sudo).
QByteArray reads(const QStringList &before, const QByteArray &script);

} // namespace ssh_script

} // namespace understudy
