// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/ComposeSteps.h"

#include "operations/FileEdit.h"
#include "operations/PlanHosts.h"

#include <QDir>
#include <QFileInfo>

namespace understudy {

namespace {

QString shownAdded(const ComposeEdit &edit, qsizetype from, qsizetype count)
{
    QStringList lines;
    for (qsizetype i = from; i < from + count; ++i)
        lines << edit.diff[i].text;
    return lines.join(u'\n');
}

// Each insertion's lines in the diff: a run of added ones.
Result<QList<TextInsertion>> insertionsOf(const ComposeEdit &edit)
{
    QList<TextInsertion> out;
    qsizetype at = 0;
    for (const InsertedText &inserted : edit.inserted) {
        while (at < edit.diff.size() && edit.diff[at].kind != DiffLine::Kind::Added)
            ++at;
        const qsizetype from = at;
        while (at < edit.diff.size() && edit.diff[at].kind == DiffLine::Kind::Added)
            ++at;
        if (from == at)
            return fail(QStringLiteral("The edit of the Compose file adds what its diff does not show."));
        out << TextInsertion{inserted.offset, inserted.bytes, edit.diff[from].number,
                             shownAdded(edit, from, at - from)};
    }
    return out;
}

NewComposeService wantedOf(const AddStandbyRequest &request, const ComposeTarget &target)
{
    NewComposeService wanted;
    wanted.model = target.model;
    wanted.name = request.service;
    wanted.serverPort = target.modelPort;
    wanted.publishedPort = request.port;
    // One with a variable is what was suggested: it is found again in the same way.
    if (!request.volume.contains(u'$'))
        wanted.volume = request.volume;
    if (!target.project.service(target.model)->containerName.isEmpty())
        wanted.containerName = request.service;
    wanted.modelSlot = target.modelSlot;
    wanted.slot = request.slot;
    wanted.secrets = target.secrets();
    wanted.plainStandby = target.modelIsPrimary;
    wanted.projectFolder = target.folder();
    wanted.after = target.afterService;
    wanted.afterVolume = target.afterVolume;
    return wanted;
}

Result<ComposeEdit> separateFile(const NewComposeService &wanted, const ComposeTarget &target)
{
    const auto describing = target.describing();
    if (describing.isEmpty())
        return fail(QStringLiteral("The service %1 is written in none of the files that Compose is given.")
                        .arg(target.model),
                    {}, QStringLiteral("service"));
    const ComposeTarget::File *source = describing.constFirst();
    auto made = overrideFile(source->content, QFileInfo(source->path).fileName(), target.project, wanted);
    if (!made)
        return tl::unexpected(made.error());
    ComposeEdit edit;
    edit.before = source->content;
    edit.after = made->text;
    edit.inserted = {InsertedText{0, made->text}};
    edit.service = wanted.name;
    edit.volume = made->volume;
    edit.dataSource = made->dataSource;
    edit.dataTarget = made->dataTarget;
    edit.dataDirectory = made->dataDirectory;
    edit.firstLine = made->firstLine;
    edit.diff = made->diff;
    edit.notes = made->notes;
    return edit;
}

Result<EditAction> actionFor(const ComposeEdit &edit, const ComposeTarget &target, bool ownFile)
{
    const auto insertions = insertionsOf(edit);
    if (!insertions)
        return tl::unexpected(insertions.error());
    if (ownFile)
        return creationOf(edit.before, edit.after, insertions->constFirst().shown, target.secrets());
    return editOf(target.content, *insertions, target.secrets());
}

} // namespace

CommandAction ComposeDraft::compose(const QStringList &words) const
{
    CommandAction action;
    action.host = engineHostKey;
    action.command.argv = target.base + words;
    action.command.workingDirectory = target.folder();
    action.command.timeoutMs = 120000; // an image may have to be pulled
    return action;
}

CommandAction ComposeDraft::script(const QString &line, const QStringList &arguments) const
{
    CommandAction action;
    action.host = engineHostKey;
    action.command.argv =
        QStringList{QStringLiteral("sh"), QStringLiteral("-c"), line, QStringLiteral("sh")} + arguments;
    return action;
}

QString ComposeDraft::wordsOf(const CommandAction &action)
{
    // The program may be run by an interpreter, or by another one: its own name is not looked at.
    return action.command.argv.mid(1).join(u'\n');
}

Result<ComposeEdit> composeEditFor(const AddStandbyRequest &request, const ComposeTarget &target)
{
    const NewComposeService wanted = wantedOf(request, target);
    if (request.overrideFile)
        return separateFile(wanted, target);
    return addService(target.content, target.file, target.project, wanted);
}

Result<ComposeDraft> composeDraft(const AddStandbyDraft &d, const ComposeTarget &target,
                                  const QString &planId)
{
    ComposeDraft c;
    c.target = target;
    c.service = d.request.service;
    c.oneOff = QStringLiteral("understudy-%1-copy").arg(planId);
    auto edit = composeEditFor(d.request, target);
    if (!edit)
        return tl::unexpected(edit.error());
    c.edit = *std::move(edit);
    c.directory = c.edit.dataDirectory;
    if (c.directory.isEmpty())
        c.volume = target.volumeName(c.edit.volume);
    c.directoryIsThere = d.request.useEmptyDirectory && d.request.dataDirectory == c.directory;
    auto action = actionFor(c.edit, target, d.request.overrideFile);
    if (!action)
        return tl::unexpected(action.error());
    c.fileEdit = *std::move(action);
    c.fileEdit.host = engineHostKey;
    c.fileEdit.path = target.file;
    if (d.request.overrideFile) {
        const auto place = target.overrideFor(c.service);
        if (!place)
            return tl::unexpected(place.error());
        c.ownFile = true;
        c.readByItself = place->readByItself;
        c.callWords = target.callWith(place->path);
        c.fileEdit.path = place->path;
        c.fileEdit.source = target.file;
        c.target.base = target.baseWith(place->path);
    }
    // Known beforehand, so that whoever picks the plan up knows it too.
    c.fileEdit.aside =
        QStringLiteral(".%1.understudy-%2").arg(QFileInfo(c.fileEdit.path).fileName(), planId).left(240);
    c.upstream = composeUpstream(target, d.upstreamId, d.upstream, d.role);
    c.writesPassfile = d.writesPassfile;
    if (c.writesPassfile)
        c.upstream.options.insert(QStringLiteral("passfile"), composePassfile(target));
    return c;
}

QString composePassfile(const ComposeTarget &target)
{
    return target.dataPath + QStringLiteral("/.understudy.pgpass");
}

QString composeDataWords(const ComposeDraft &c)
{
    return c.directory.isEmpty() ? QStringLiteral("the volume ") + c.volume
                                 : QStringLiteral("the directory ") + c.directory;
}

} // namespace understudy
