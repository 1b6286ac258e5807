// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Interrupt.h"

#include "cli/Output.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace understudy::cli {

namespace {

const std::array<int, 3> caught{SIGINT, SIGTERM, SIGHUP};
std::array<struct sigaction, caught.size()> previous;
int pipeEnds[2] = {-1, -1};

/// A handler may do next to nothing: it writes one byte, a thread does the rest.
void onSignal(int)
{
    const int saved = errno;
    const char byte = 's';
    [[maybe_unused]] const ssize_t written = ::write(pipeEnds[1], &byte, 1);
    errno = saved;
}

} // namespace

Interrupt::Interrupt(const char *sentence)
{
    if (::pipe2(pipeEnds, O_CLOEXEC) != 0)
        return;
    m_thread = std::thread([this, sentence] {
        char byte = 0;
        for (;;) {
            const ssize_t got = ::read(pipeEnds[0], &byte, 1);
            if (got < 0 && errno == EINTR)
                continue;
            if (got <= 0 || byte == 'q')
                return;
            if (m_source.request_stop() && sentence)
                progress(QString::fromLatin1(sentence));
        }
    });
    struct sigaction action = {};
    action.sa_handler = onSignal;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    for (size_t i = 0; i < caught.size(); ++i)
        sigaction(caught[i], &action, &previous[i]);
}

Interrupt::~Interrupt()
{
    if (!m_thread.joinable())
        return;
    for (size_t i = 0; i < caught.size(); ++i)
        sigaction(caught[i], &previous[i], nullptr);
    const char quit = 'q';
    while (::write(pipeEnds[1], &quit, 1) < 0 && errno == EINTR) {
    }
    m_thread.join();
    ::close(pipeEnds[0]);
    ::close(pipeEnds[1]);
}

} // namespace understudy::cli
