/*
 * Connections on their way to be requests: accepted by ourselves (the
 * FastCGI library would block), kept aside until the whole request is there,
 * so that a peer that stalls holds up nobody.
 */
#ifndef FLORIN_INTAKE_H
#define FLORIN_INTAKE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

struct intake;

/* A non-blocking listening socket.  Several processes may share it. */
struct intake *intake_new(int listen_fd);

/* Wait until at least one whole request is there and return up to max of
 * their sockets in fds.  0 after a signal (let in by `mask` only while
 * waiting) or a time-out in milliseconds. */
size_t intake_wait(struct intake *in, int *fds, size_t max, int timeout_ms,
    const sigset_t *mask);

/* Accept no more; what is pending is still served. */
void intake_close(struct intake *in);
size_t intake_pending(const struct intake *in);

#endif
