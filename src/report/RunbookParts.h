// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/Runbook.h"

/// The sections of a runbook, one function each. Internal to this room.
namespace understudy::runbook {

/// What every section looks up again and again.
struct View
{
    explicit View(const RunbookInput &input);

    const RunbookInput &in;
    QList<AddStandbyRequest> standbys;            ///< The new ones; mostly one.
    QString name;                                 ///< Of all of them: "standby2, standby3".
    QString slot, dataDirectory, replicationUser; ///< Here and below: of the first.
    QString machine;                              ///< Reached over ssh; empty: this one.
    QString keeper;                               ///< What starts and stops it; empty for a Compose project.
    QString composeFile, service, volume;         ///< Of a Compose project; empty elsewhere.
    int port = 0;
    const Cluster *before = nullptr; ///< The cluster of the upstream; null when nothing was seen.
    const Cluster *after = nullptr;
    const Node *upstream = nullptr;
    bool done = false; ///< The run ended with the standby made.

    bool inCompose() const { return !composeFile.isEmpty(); }
    bool isSeveral() const { return standbys.size() > 1; }
    const QString &first() const { return standbys.constFirst().name; }
    QStringList slotNames() const; ///< Of the new ones; empty: without slots.
    QString upstreamName() const;
    QString nodeName(const NodeId &id) const;
    /// A conninfo of the upstream for psql, quoted for a shell; without any password.
    QString upstreamPsql() const;
    /// `${name}` replaced by what the run stored under that name.
    QString resolved(QString text) const;
    double aboutSeconds() const;
};

QString verdict(const View &);
QString facts(const View &);
QString checks(const View &);
QString stateBefore(const View &);
QString architecture(const View &, const QMap<QString, QString> &pictures);
QString steps(const View &);
QString expectedAndActual(const View &, const QMap<QString, QString> &pictures);
QString readLoad(const View &, const QMap<QString, QString> &pictures);
QString whatCanGoWrong(const View &);
QString undo(const View &);
QString totalTime(const View &);

/// "![alt](path)" or nothing when there is no such picture.
QString picture(const QMap<QString, QString> &pictures, const QString &key, const QString &alt);

} // namespace understudy::runbook
