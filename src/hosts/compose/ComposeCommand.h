// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/Host.h"
#include "hosts/compose/ComposeProject.h"

namespace understudy {

/// The word for Compose on a host: `docker compose` (v2) or `docker-compose` (v1, and v2 on its own).
class ComposeCommand
{
public:
    /// Asks for the one and then for the other. Blocking, up to a second where only v1 is there.
    static Result<ComposeCommand> find(Host &host, std::stop_token stop = {});

    QStringList words() const { return m_words; } ///< {"docker", "compose"}
    QString version() const { return m_version; } ///< "1.29.2"
    QString text() const { return m_words.join(u' '); }

    /// The files that Compose reads where a person calls it beside @p file, that one among them.
    struct Files
    {
        QStringList paths;   ///< In their order.
        bool listed = false; ///< COMPOSE_FILE lists them, in the environment or in `.env`.
    };
    /// Those listed in COMPOSE_FILE if @p file is one of them; else it and the override file beside it that
    /// Compose would take too.
    static Files filesOf(Host &host, const QString &file);
    /// Whether Compose finds a file of this name by itself, and then an override file too.
    static bool isUsualName(const QString &file);

    /// The words before a subcommand on the project of @p file, with all of filesOf().
    QStringList baseWords(Host &host, const QString &file) const;
    /// The project that @p file describes, as Compose resolves it, with the override file beside it that
    /// Compose would take too. Needs no running engine. Blocking, half a second with v1; errors are Compose's
    /// own words.
    Result<ComposeProject> config(Host &host, const QString &file, std::stop_token stop = {}) const;

private:
    QStringList m_words;
    QString m_version;
};

/// The environment in which a person's own `docker` and Compose run: theirs, with the values for `${...}`,
/// DOCKER_HOST, contexts and plugins. It goes to those commands only, is shown nowhere and kept nowhere.
QMap<QString, QString> dockerEnvironment();

} // namespace understudy
