// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/compose/ComposeEdit.h"
#include "hosts/compose/YamlChange.h"

namespace understudy {

/// Why a line cannot be edited: "its ports come from elsewhere". Thrown inside the editor only.
struct ComposeRefusal
{
    int line;
    QString why;
};

/// In what the new service differs from its model, and the new volume from the model's: decided on what the
/// YAML means. The text is changed by this list, and what the text then means is compared with this list.
struct ComposeMeant
{
    QList<YamlChange> service, volume;
    QByteArray modelVolume; ///< The named volume with the model's data; empty: none.
    bool declaresVolume = false;
    QString dataSource, dataTarget, dataDirectory;
    QStringList notes;
    YamlChange::Rewriter comments;
};

/// What the decisions are made from.
struct ComposeModel
{
    const YamlSource &key, &source; ///< The model's entry among the services.
    YamlValue value;                ///< What it means, with what it merges in.
    const YamlSource *volumes;      ///< The file's volumes; null: none.
    const ComposeProject &project;
    const ComposeService &resolved;
    const NewComposeService &wanted;

    /// Whether the entry itself says @p key, so that its copy can say it differently.
    const YamlSource *own(const QByteArray &name) const { return source.own(name); }
    bool inherits(const QByteArray &name) const { return value.has(name) && !source.own(name); }
};

/// Throws ComposeRefusal.
ComposeMeant decideWhatDiffers(const ComposeModel &model);

// The parts of it.
void decidePorts(const ComposeModel &model, ComposeMeant &meant);
void decideData(const ComposeModel &model, ComposeMeant &meant);
void decideVolumeEntry(const ComposeModel &model, ComposeMeant &meant);
void decideWords(const ComposeModel &model, ComposeMeant &meant);
/// What makes a primary of the model; before the words.
void decidePlainStandby(const ComposeModel &model, ComposeMeant &meant);
/// A mount that only an empty data directory needs: scripts for the first start.
bool isForFirstStart(const QString &target);
/// The variables that get another value; @p rewrite is what happens to the texts anyway.
QMap<QByteArray, QByteArray> decideVariables(const ComposeModel &model, ComposeMeant &meant,
                                             const YamlChange::Rewriter &rewrite);

/// "127.0.0.1:${PORT:-5433}:5432/tcp" at its colons, but not at those inside "${...}".
QList<QByteArray> splitAtColons(const QByteArray &text);
/// What "${NAME:-default}" is where NAME is not set; other text as it is; empty if it cannot be told.
QByteArray withoutVariables(const QByteArray &text);

} // namespace understudy
