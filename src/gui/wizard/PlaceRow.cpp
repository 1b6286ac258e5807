// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/PlaceRows.h"

#include "operations/AddStandby.h"

#include <QSysInfo>

namespace understudy {

PlaceRow composePlace(const AddStandbyFacts &facts)
{
    ChoiceRow::Content content;
    content.title = PlaceRows::tr("Compose project");
    if (facts.composeProblem) {
        content.reason = facts.composeProblem->what;
        content.stateGlyph = Glyph::CheckFail;
        content.state = PlaceRows::tr("Not possible");
    } else if (facts.compose) {
        content.detail =
            PlaceRows::tr("%1, modelled on service %2").arg(facts.compose->file, facts.compose->model);
        content.stateGlyph = Glyph::CheckPass;
        content.state = PlaceRows::tr("Ready");
    } else {
        content.reason =
            PlaceRows::tr("Open the project's docker-compose.yml instead to add a service to it.");
    }
    return {QStringLiteral("compose"), content,
            PlaceRows::tr(
                "The file gets one more service with a volume and a port of its own; every line that is "
                "there stays as it is. The other services are not stopped or restarted.")};
}

PlaceRow localPlace(const AddStandbyFacts &facts)
{
    ChoiceRow::Content content;
    content.title = PlaceRows::tr("This machine");
    QStringList detail{QSysInfo::machineHostName()};
    if (!facts.target.isLocal()) {
        content.stateGlyph = Glyph::CheckWaiting;
        content.state = PlaceRows::tr("Not looked at");
    } else {
        const bool missing = facts.binDirectory.isEmpty();
        if (!facts.serverUser().isEmpty())
            detail << PlaceRows::tr("runs as %1").arg(facts.serverUser());
        detail << (missing ? PlaceRows::tr("no matching PostgreSQL programs found")
                           : PlaceRows::tr("programs in %1").arg(facts.binDirectory));
        content.stateGlyph = missing ? Glyph::CheckFail : Glyph::CheckPass;
        content.state = missing ? PlaceRows::tr("Programs missing") : PlaceRows::tr("Ready");
    }
    content.detail = detail.join(QStringLiteral(", "));
    return {QStringLiteral("local"), content,
            PlaceRows::tr("The new server gets a data directory and a port of its own here. Other servers "
                          "are not stopped or restarted.")};
}

PlaceRow sshPlace(const AddStandbyFacts &facts, bool connected)
{
    ChoiceRow::Content content;
    content.title = PlaceRows::tr("Another machine, over SSH");
    content.detail = connected ? facts.target.name
                               : PlaceRows::tr("with the system's ssh, its configuration, keys and agent");
    if (!connected) {
        content.stateGlyph = Glyph::CheckWaiting;
        content.state = PlaceRows::tr("Not connected");
    } else {
        const bool missing = facts.binDirectory.isEmpty();
        content.stateGlyph = missing ? Glyph::CheckFail : Glyph::CheckPass;
        content.state = missing ? PlaceRows::tr("Programs missing") : PlaceRows::tr("Ready");
    }
    return {QStringLiteral("ssh"), content,
            PlaceRows::tr("The same on that machine: everything that belongs to the new server is done "
                          "there. It must reach the upstream by itself.")};
}

PlaceRow scriptPlace()
{
    ChoiceRow::Content content;
    content.title = PlaceRows::tr("A machine this program cannot reach");
    content.detail = PlaceRows::tr("a script to copy there and run");
    content.stateGlyph = Glyph::CheckWaiting;
    content.state = PlaceRows::tr("Not looked at");
    return {QStringLiteral("script"), content,
            PlaceRows::tr(
                "The script proves both logins and checks that machine before it changes anything, does "
                "what the plan says, and takes it back if it fails.")};
}

} // namespace understudy
