// SPDX-License-Identifier: GPL-3.0-or-later
#include "clusters/Keyring.h"

#include <QCoreApplication>
#include <QFile>
#include <QThread>
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <qt6keychain/keychain.h>

namespace understudy {

namespace {

const QString service = QStringLiteral("Understudy");

/// libdbus would start a bus of its own where there is none.
bool hasSessionBus()
{
    if (!qEnvironmentVariableIsEmpty("DBUS_SESSION_BUS_ADDRESS"))
        return true;
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    return !runtime.isEmpty() && QFile::exists(runtime + QStringLiteral("/bus"));
}

/// How a job of QtKeychain ended.
struct Ended
{
    QKeychain::Error error = QKeychain::OtherError;
    QString words;
    QString password;
};

/// The thread that QtKeychain lives on: its jobs need an event loop, and its queue the thread it was first
/// used on. A keyring that waits for a person to unlock it is waited for no longer than the limit.
class KeyringThread
{
public:
    using Make = std::function<QKeychain::Job *()>;

    static KeyringThread &instance()
    {
        // Never destroyed: a job may hang beyond the end of main().
        static auto *const one = new KeyringThread; // NOLINT(cppcoreguidelines-owning-memory)
        return *one;
    }

    /// Nothing when it did not end in time.
    std::optional<Ended> run(const Make &make, int timeoutMs)
    {
        const auto state = std::make_shared<State>();
        QMetaObject::invokeMethod(
            &m_place, [state, make] { start(make(), state); }, Qt::QueuedConnection);
        const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeoutMs);
        std::unique_lock lock(state->mutex);
        // In slices: whoever quits does not wait for a keyring that waits to be unlocked.
        while (!state->ended && !m_leaving && std::chrono::steady_clock::now() < until)
            state->changed.wait_for(lock, std::chrono::milliseconds(std::min(timeoutMs, 100)));
        return state->ended;
    }

private:
    struct State
    {
        std::mutex mutex;
        std::condition_variable changed;
        std::optional<Ended> ended;
    };

    KeyringThread()
    {
        m_place.moveToThread(&m_thread);
        m_thread.start();
        QObject::connect(qApp, &QCoreApplication::aboutToQuit, [this] { m_leaving = true; });
        qAddPostRoutine([] {
            instance().m_thread.quit();
            instance().m_thread.wait(300);
        });
    }

    static void start(QKeychain::Job *job, const std::shared_ptr<State> &state)
    {
        job->setInsecureFallback(false);
        QObject::connect(job, &QKeychain::Job::finished, job, [state](QKeychain::Job *done) {
            const std::lock_guard lock(state->mutex);
            state->ended = Ended{done->error(), done->errorString(), {}};
            if (auto *read = qobject_cast<QKeychain::ReadPasswordJob *>(done))
                state->ended->password = read->textData();
            state->changed.notify_all();
        });
        job->start(); // deletes itself
    }

    QThread m_thread;
    QObject m_place;
    std::atomic<bool> m_leaving{false};
};

class SystemKeyring final : public Keyring
{
public:
    Answer read(const QString &key, int timeoutMs) override
    {
        if (!hasSessionBus())
            return {};
        const auto ended = KeyringThread::instance().run(
            [key] {
                auto *job = new QKeychain::ReadPasswordJob(service);
                job->setKey(key);
                return job;
            },
            timeoutMs);
        if (!ended)
            return {};
        if (ended->error == QKeychain::NoError)
            return {State::Found, ended->password};
        return {ended->error == QKeychain::EntryNotFound ? State::NotFound : State::Unavailable, {}};
    }

    Result<void> write(const QString &key, const QString &password, int timeoutMs) override
    {
        return change(
            [key, password] {
                auto *job = new QKeychain::WritePasswordJob(service);
                job->setKey(key);
                job->setTextData(password);
                return job;
            },
            timeoutMs);
    }

    Result<void> remove(const QString &key, int timeoutMs) override
    {
        return change(
            [key] {
                auto *job = new QKeychain::DeletePasswordJob(service);
                job->setKey(key);
                return job;
            },
            timeoutMs);
    }

private:
    static Result<void> change(const KeyringThread::Make &make, int timeoutMs)
    {
        const QString instead =
            QStringLiteral("The password is kept until the window closes; ~/.pgpass keeps "
                           "it longer.");
        if (!hasSessionBus())
            return fail(QStringLiteral("No keyring runs in this session."), instead);
        const auto ended = KeyringThread::instance().run(make, timeoutMs);
        if (!ended)
            return fail(QStringLiteral("The keyring did not answer in time."), instead);
        if (ended->error != QKeychain::NoError)
            return fail(QStringLiteral("The keyring refused: %1.").arg(ended->words), instead);
        return {};
    }
};

} // namespace

std::shared_ptr<Keyring> systemKeyring()
{
    static const std::shared_ptr<Keyring> instance = std::make_shared<SystemKeyring>();
    return instance;
}

} // namespace understudy
