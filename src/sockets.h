/*
 * The listening sockets of the pools: inherited (systemd's LISTEN_FDS, named
 * after the pools; or descriptor 0, as spawn-fcgi has it) or made here.
 */
#ifndef FLORIN_SOCKETS_H
#define FLORIN_SOCKETS_H

#include <stdbool.h>

struct config;

/* Fill fds[i] for each pool; logs what is wrong. */
bool sockets_open(const struct config *config, int *fds);

/* Remove the sockets that were made here. */
void sockets_close(const struct config *config);

#endif
