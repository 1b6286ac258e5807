// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/SshHost.h"

#include "hosts/SshFiles.h"
#include "hosts/SshFolder.h"
#include "hosts/SshMachine.h"

#include <map>

namespace understudy {

namespace {

class SshHost final : public Host
{
public:
    explicit SshHost(std::shared_ptr<SshMachine> machine) : m_machine(std::move(machine)) {}

    QString name() const override { return m_machine->name(); }
    bool isLocal() const override { return false; }
    bool wasReached() const override { return m_machine->wasReached(); }
    Result<CommandResult> run(const Command &command, std::stop_token stop, const LineSink &sink) override
    {
        return m_machine->run(command, std::move(stop), sink);
    }
    Result<QByteArray> readFile(const QString &path, const QString &runAs) override
    {
        return ssh_files::read(*m_machine, path, runAs);
    }
    Result<void> writeFile(const QString &path, const QByteArray &content, int mode,
                           const QString &owner) override
    {
        return ssh_files::write(*m_machine, path, content, mode, owner);
    }
    Result<bool> exists(const QString &path) override { return ssh_files::exists(*m_machine, path); }
    Result<QStringList> list(const QString &directory) override
    {
        return ssh_files::list(*m_machine, directory);
    }
    Result<Ownership> ownership(const QString &path) override
    {
        return ssh_files::ownership(*m_machine, path);
    }
    Result<Space> space(const QString &path) override { return ssh_files::space(*m_machine, path); }
    Result<bool> portFree(int port) override { return ssh_files::portFree(*m_machine, port); }
    Result<QString> binDirectory(int major) override { return ssh_files::binDirectory(*m_machine, major); }
    bool canRunAs(const QString &user) override
    {
        Command command;
        command.argv = {QStringLiteral("true")};
        command.runAs = user;
        command.timeoutMs = 20000;
        const auto answer = run(command, {}, {});
        return answer && answer->ok();
    }

    RunAs mayRunAs(const QString &user) override
    {
        const auto asks = m_machine->asksBefore(user);
        if (!asks)
            return RunAs::No;
        return *asks ? RunAs::WithPassword : canRunAs(user) ? RunAs::Yes : RunAs::No;
    }

private:
    const std::shared_ptr<SshMachine> m_machine;
};

struct Machines
{
    std::mutex mutex;
    std::map<QString, std::shared_ptr<SshMachine>> byDestination;
};

// Never destroyed: a thread that waits for a machine may outlive everything else.
Machines &machines()
{
    static auto *const instance = new Machines; // NOLINT(cppcoreguidelines-owning-memory)
    return *instance;
}

std::shared_ptr<SshMachine> machine(const QString &destination)
{
    const std::lock_guard lock(machines().mutex);
    std::shared_ptr<SshMachine> &known = machines().byDestination[destination];
    if (!known)
        known = std::make_shared<SshMachine>(destination);
    return known;
}

} // namespace

std::shared_ptr<Host> sshHost(const QString &destination)
{
    return std::make_shared<SshHost>(machine(destination));
}

Result<SshFacts> sshFacts(const QString &destination, std::stop_token stop)
{
    return machine(destination)->facts(std::move(stop));
}

void closeSsh()
{
    std::map<QString, std::shared_ptr<SshMachine>> all;
    {
        const std::lock_guard lock(machines().mutex);
        all.swap(machines().byDestination);
    }
    for (const auto &[destination, one] : all)
        one->close();
    removeSshFolder();
}

} // namespace understudy
