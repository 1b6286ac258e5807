// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <memory>
#include <optional>
#include <stop_token>

namespace understudy {

/// What ssh, or sudo on the other machine, wants to know from a person.
struct SshQuestion
{
    enum class Kind {
        HostKey,      ///< The host is not known: is this its key? The answer is "yes".
        Passphrase,   ///< Of a private key on this machine.
        Password,     ///< Of the user on the other machine, or whatever its login asks for.
        SudoPassword, ///< Of the user on the other machine, who wants to act as `user`.
        Other
    };
    Kind kind = Kind::Other;
    QString destination; ///< What the person typed after ssh.
    QString host;        ///< The machine that is meant: with a jump host not always the destination.
    QString user;        ///< SudoPassword: who the commands will run as. Password: who logs in.
    QString keyFile;     ///< Passphrase
    QString keyType;     ///< HostKey: "ED25519"
    QString fingerprint; ///< HostKey: "SHA256:..."
    QString text;        ///< In ssh's own words, made harmless; several lines.
    int attempt = 1;     ///< 2: the first answer was wrong.

    /// "db2"; "db1.example, on the way to db2" where ssh calls the machine otherwise.
    QString hostInWords() const;
    bool isSecret() const { return kind != Kind::HostKey; }
};

/// Asks a person. One a process, installed by main before anything runs on another machine.
class SshAsk
{
public:
    virtual ~SshAsk() = default;
    /// Blocks its worker thread until there is an answer; nothing: declined, or @p stop. Several may ask at
    /// the same time. The answer is never logged and never saved.
    virtual std::optional<QString> ask(const SshQuestion &question, std::stop_token stop) = 0;
};

/// Null: nobody is asked; what would need an answer fails with what to do.
void setSshAsk(std::shared_ptr<SshAsk> ask);
std::shared_ptr<SshAsk> sshAsk();

/// What a prompt of ssh's means. Pure.
SshQuestion sshQuestion(const QString &destination, const QString &prompt);

/// For the first lines of main(): ssh starts this very program to put its question (SSH_ASKPASS). Passes it
/// on to the process that started ssh and prints the answer. Nothing: this is no such start.
std::optional<int> answerForSsh(int argc, char **argv);

} // namespace understudy
