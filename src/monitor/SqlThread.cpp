// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitor/SqlThread.h"

#include <QCoreApplication>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

namespace understudy {

namespace {

constexpr std::size_t stackBytes = std::size_t(512)
                                   << 10; // OpenSSL and the resolver fit; hundreds of nodes too.
constexpr auto exitGrace = std::chrono::milliseconds(300);

// How many threads live, so that the end of the process can give them a moment to close their connections.
// Never destroyed: a thread that is left behind may outlive everything else.
struct Registry
{
    std::mutex mutex;
    std::condition_variable changed;
    int living = 0;
    std::atomic<bool> exiting{false};
};

Registry &registry()
{
    static auto *const instance = new Registry; // NOLINT(cppcoreguidelines-owning-memory)
    return *instance;
}

void atApplicationEnd()
{
    Registry &r = registry();
    std::unique_lock lock(r.mutex);
    r.changed.wait_for(lock, exitGrace, [&] { return r.living == 0; });
    r.exiting = r.living > 0;
}

void registerThread()
{
    Registry &r = registry();
    const std::lock_guard lock(r.mutex);
    static const bool once = [] {
        qAddPostRoutine(atApplicationEnd);
        return true;
    }();
    Q_UNUSED(once)
    ++r.living;
}

void unregisterThread()
{
    Registry &r = registry();
    const std::lock_guard lock(r.mutex);
    --r.living;
    r.changed.notify_all();
}

// Connecting goes deep (the resolver, TLS), asking does not: what the stack grew to is given back to the
// kernel. With a thread a node that is a third of what they cost. Nothing below the present frame is alive.
[[gnu::noinline]] void releaseDeadStack()
{
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0)
        return;
    void *bottom = nullptr;
    std::size_t size = 0;
    if (pthread_attr_getstack(&attributes, &bottom, &size) == 0) {
        const auto page = std::uintptr_t(::sysconf(_SC_PAGESIZE));
        const auto here = std::uintptr_t(__builtin_frame_address(0)) & ~(page - 1);
        const auto from = std::uintptr_t(bottom);
        const std::uintptr_t keep = 2 * page; // this frame, and what madvise itself needs
        if (here > from + keep && here - from <= size)
            ::madvise(bottom, here - from - keep, MADV_DONTNEED);
    }
    pthread_attr_destroy(&attributes);
}

} // namespace

void parkIfExiting()
{
    while (registry().exiting)
        ::pause();
}

struct SqlThread::State
{
    std::mutex mutex;
    std::condition_variable_any changed;
    Job job;
    bool busy = false;
    bool quit = false;
    const std::shared_ptr<SocketCut> cut = std::make_shared<SocketCut>();
};

SqlThread::SqlThread() : m_state(std::make_shared<State>())
{
    registerThread();
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, stackBytes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    auto *argument = new std::shared_ptr<State>(m_state); // NOLINT(cppcoreguidelines-owning-memory)
    pthread_t thread{};
    const auto body = [](void *given) -> void * {
        const std::unique_ptr<std::shared_ptr<State>> state(static_cast<std::shared_ptr<State> *>(given));
        run(*state);
        return nullptr;
    };
    if (pthread_create(&thread, &attributes, body, argument) != 0) {
        delete argument; // NOLINT(cppcoreguidelines-owning-memory)
        unregisterThread();
        // No thread to be had: it looks like one that never answers.
        m_state->busy = true;
    }
    pthread_attr_destroy(&attributes);
}

SqlThread::~SqlThread()
{
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->quit = true;
        m_state->changed.notify_all();
    }
    if (isBusy())
        m_state->cut->cut();
}

void SqlThread::run(const std::shared_ptr<State> &state)
{
    {
        Connection connection;
        bool wasOpen = false;
        std::unique_lock lock(state->mutex);
        for (;;) {
            state->changed.wait(lock, [&] { return state->quit || state->job; });
            if (state->quit)
                break;
            Job job = std::move(state->job);
            state->job = nullptr;
            lock.unlock();
            job(connection, state->cut);
            job = nullptr; // What it holds goes before anybody is told that it ended.
            parkIfExiting();
            if (connection.isOpen() && !wasOpen)
                releaseDeadStack();
            wasOpen = connection.isOpen();
            lock.lock();
            state->busy = false;
            state->changed.notify_all();
        }
        lock.unlock();
        connection.close();
    }
    unregisterThread();
}

bool SqlThread::post(Job job)
{
    const std::lock_guard lock(m_state->mutex);
    if (m_state->busy)
        return false;
    m_state->busy = true;
    m_state->job = std::move(job);
    m_state->changed.notify_all();
    return true;
}

bool SqlThread::isBusy() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->busy;
}

SqlThread::Wait SqlThread::wait(int timeoutMs, const std::stop_token &stop)
{
    std::unique_lock lock(m_state->mutex);
    const auto idle = [&] { return !m_state->busy; };
    if (m_state->changed.wait_for(lock, stop, std::chrono::milliseconds(timeoutMs), idle))
        return Wait::Done;
    return stop.stop_requested() ? Wait::Stopped : Wait::TimedOut;
}

void SqlThread::cut()
{
    m_state->cut->cut();
}

} // namespace understudy
