/*
 * A worker gives up what it never needs: after sandbox_enter it cannot start
 * programs, trace, load modules, change owners ... (seccomp, an allow-list).
 */
#ifndef FLORIN_SANDBOX_H
#define FLORIN_SANDBOX_H

#include <stdbool.h>

/* Enter it for the life of this process.  False (with a log line) if the
 * kernel would not. */
bool sandbox_enter(void);

#endif
