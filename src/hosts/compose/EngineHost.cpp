// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/compose/EngineHost.h"

#include "hosts/compose/ComposeCommand.h"

namespace understudy {

namespace {

class EngineHost final : public Host
{
public:
    QString name() const override { return m_machine->name(); }
    Result<CommandResult> run(const Command &command, std::stop_token stop, const LineSink &sink) override
    {
        Command ours = command;
        ours.environment = dockerEnvironment();
        ours.environment.insert(command.environment);
        return m_machine->run(ours, std::move(stop), sink);
    }
    Result<QByteArray> readFile(const QString &path, const QString &runAs) override
    {
        return m_machine->readFile(path, runAs);
    }
    Result<void> writeFile(const QString &path, const QByteArray &content, int mode,
                           const QString &owner) override
    {
        return m_machine->writeFile(path, content, mode, owner);
    }
    Result<void> writeFileAside(const QString &path, const QByteArray &content, int mode,
                                const QString &owner, const QString &aside, bool mustBeNew) override
    {
        return m_machine->writeFileAside(path, content, mode, owner, aside, mustBeNew);
    }
    Result<bool> exists(const QString &path) override { return m_machine->exists(path); }
    Result<QStringList> list(const QString &directory) override { return m_machine->list(directory); }
    Result<Ownership> ownership(const QString &path) override { return m_machine->ownership(path); }
    Result<Space> space(const QString &path) override { return m_machine->space(path); }
    Result<bool> portFree(int port) override { return m_machine->portFree(port); }
    Result<QString> binDirectory(int major) override { return m_machine->binDirectory(major); }
    bool isLocal() const override { return true; }
    bool canRunAs(const QString &user) override { return m_machine->canRunAs(user); }
    RunAs mayRunAs(const QString &user) override { return m_machine->mayRunAs(user); }

private:
    const std::shared_ptr<Host> m_machine = localHost();
};

} // namespace

std::shared_ptr<Host> engineHost()
{
    return std::make_shared<EngineHost>();
}

} // namespace understudy
