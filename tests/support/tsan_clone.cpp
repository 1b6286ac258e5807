// SPDX-License-Identifier: GPL-3.0-or-later
// Only in programs built with ThreadSanitizer. Qt starts programs from a child that shares its parent's
// memory until it runs something else. ThreadSanitizer's own clone() takes that child for a fork, notes so in
// the memory of both, and from then on reports nothing in the parent: tests that start servers would pass
// whatever they race for. This one goes straight to the C library. (race_selftest starts a program first, and
// so fails if this does not hold any more.)
#include <cstdarg>
#include <sys/types.h>

extern "C" int __clone(int (*run)(void *), void *stack, int flags, void *argument, ...); // NOLINT

extern "C" int clone(int (*run)(void *), void *stack, int flags, void *argument, ...) // NOLINT
{
    va_list more;
    va_start(more, argument);
    auto *parentTid = va_arg(more, pid_t *);
    void *tls = va_arg(more, void *);
    auto *childTid = va_arg(more, pid_t *);
    va_end(more);
    return __clone(run, stack, flags, argument, parentTid, tls, childTid);
}
