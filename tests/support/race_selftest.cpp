// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCoreApplication>
#include <QProcess>
#include <QTimer>
#include <cstdio>
#include <thread>

// A race of our own, in the place where the suppressions are most likely to hide it: in a slot, which Qt
// calls. Not a test: tests/sanitize.sh wants ThreadSanitizer to report it with the suppressions in force.

namespace {

int shared = 0;

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    if (QProcess::execute(QStringLiteral("true")) != 0) // As tests do that start servers.
        return 1;
    std::thread other;
    QTimer::singleShot(0, &app, [&] {
        other = std::thread([] {
            for (int i = 0; i < 100000; ++i)
                ++shared;
        });
        for (int i = 0; i < 100000; ++i)
            ++shared;
        QCoreApplication::quit();
    });
    QCoreApplication::exec();
    other.join();
    std::printf("%d\n", shared);
    return 0;
}
