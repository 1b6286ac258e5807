// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace understudy {

/// Why a replication login was refused, read from the words of libpq and the server.
struct LoginRefusal
{
    enum class Kind {
        WrongPassword,
        NoPassword,
        NoHbaLine,
        HbaRejects,
        NoSuchRole,
        MayNotLogIn,
        NotReplication,
        SendersUsedUp,
        ConnectionsUsedUp,
        NoTls,
        Certificate,
        PeerOrIdent,
        StartingUp,
        Unreachable,
        Other,
    } kind = Kind::Other;
    QString sentence; ///< What happened, for the row's evidence.
    QString meaning;  ///< Why it matters or what to look at, one or two sentences.
    QString fix;      ///< The exact statement or line; may be empty.
    QString field;    ///< The field of the request at fault
    bool restartsPrimary = false;
};

struct LoginAttempt
{
    QString user;
    QString address;     ///< Where we went: "127.0.0.1:5432"
    QString from;        ///< The address the server saw, for the hba line; empty: taken from its message
    QString hbaFile;     ///< Path of pg_hba.conf, where known
    QString upstream;    ///< "the primary"
    int senderLimit = 0; ///< max_wal_senders, 0: unknown
};

/// @p message is what psql wrote to stderr. Pure.
LoginRefusal classifyLoginRefusal(const QString &message, const LoginAttempt &attempt);

} // namespace understudy
