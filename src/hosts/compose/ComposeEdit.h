// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/compose/ComposeProject.h"

namespace understudy {

/// What the new standby is to be.
struct NewComposeService
{
    QString model; ///< The service that it is modelled on: a standby if there is one, else the primary.
    QString name;  ///< "postgres-standby2"
    int serverPort = 5432; ///< The model's server listens here in its container.
    /// Where this machine shall reach it: in the place of the model's published port, bound as that is. In
    /// the host's network (`network_mode: host`) the server itself listens here. 0: not published.
    int publishedPort = 0;
    /// Only where the model publishes nothing and so does not show how to bind; empty: every address.
    QString hostAddress;
    /// The new named volume for the data. Where the model's data is in a directory of this machine: a path as
    /// it shall stand in the file; without a '/' the directory is named after the model's, see
    /// ComposeEdit::dataSource.
    QString volume;
    QString containerName;   ///< Where the model has one; empty: named after `name`.
    QString modelSlot, slot; ///< Renamed in the new service's command, entrypoint, environment; may be empty.
    /// Variables to set or to add in the new service, in plain text (a dollar is a dollar).
    QMap<QString, QString> environment;
    QStringList secrets; ///< Never shown in the diff, wherever they stand.
    /// The model is a primary: the copy is a plain standby, which runs what the image runs and initializes
    /// nothing.
    bool plainStandby = false;
    QString projectFolder; ///< Where relative paths begin; only for `dataDirectory` of what comes back.
    /// The service and the volume behind which the new ones are written; empty: behind the model's.
    QString after, afterVolume;
};

/// Bytes that were put into a file.
struct InsertedText
{
    qsizetype offset = 0; ///< In the file as it was before.
    QByteArray bytes;
    bool operator==(const InsertedText &) const = default;
};

/// A line of the diff, for a person.
struct DiffLine
{
    enum class Kind {
        Gap, ///< Lines are left out here; number and text are empty.
        Same,
        Removed, ///< A line that got something inserted: as it was; the Added one follows.
        Added
    };
    Kind kind = Kind::Same;
    int number = 0; ///< In the new file, from 1.
    QString text;   ///< Without its line ending; secrets are "(hidden)".
    bool operator==(const DiffLine &) const = default;
};

/// A change of a Compose file that only inserts. `before` and `after` may hold passwords, as the file does.
struct ComposeEdit
{
    QByteArray before, after;
    QList<InsertedText> inserted; ///< By offset. `after` without them is `before`, byte for byte.
    QString service;              ///< The new service.
    QString volume;               ///< The named volume that the edit declares; empty: none.
    QString dataSource;           ///< The new data mount's source as written: a volume's name or a path.
    QString dataTarget;           ///< Where that is in the container.
    QString dataDirectory;        ///< Where the data is in a directory of this machine: its absolute path.
    int firstLine = 0;            ///< Of the new service in `after`, from 1.
    QList<DiffLine> diff;
    QStringList notes; ///< What of the model was not taken over, a sentence each: "Its fixed address ...".
};

/// A new file beside the user's.
struct ComposeOverride
{
    QByteArray text;
    QString volume, dataSource, dataTarget, dataDirectory; ///< As in ComposeEdit.
    int firstLine = 0;
    QList<DiffLine> diff;
    QStringList notes;
};

/// Adds a service to a Compose file, and its volume, in the person's own style: the model's lines are copied,
/// with their anchors, variables and quotes, and only what must differ is changed. Nothing is returned that
/// has not been proven: without the insertion the file is the old one, read as YAML all else is unchanged,
/// and the new service differs from the model in exactly what was meant.
/// @p fileName stands in the sentences; @p resolved is what Compose makes of @p file (with its overrides).
/// What cannot be edited is refused with one sentence that says which line and why; the error's action offers
/// an override file where that helps. Errors never hold values of the file that may be secret. Pure; any
/// thread.
Result<ComposeEdit> addService(const QByteArray &file, const QString &fileName,
                               const ComposeProject &resolved, const NewComposeService &wanted);

/// Takes an edit back out of a file that may have been changed elsewhere since: removes what the edit
/// inserted if it still stands there byte for byte, once, and changes nothing else; else an error. Pure; any
/// thread.
Result<QByteArray> removeInserted(const QByteArray &current, const QString &fileName,
                                  const ComposeEdit &edit);

/// The same service as the text of an override file, which Compose adds to the user's own
/// ("docker-compose.override.yml", or any name with `-f` after the first). Anchors are written out, variables
/// stay variables. @p source is the file in which the model stands; where that is none that we can read, what
/// Compose's `config` printed (but then values of .env and env_file stand in the new file). Pure; any thread.
Result<ComposeOverride> overrideFile(const QByteArray &source, const QString &fileName,
                                     const ComposeProject &resolved, const NewComposeService &wanted);

} // namespace understudy
