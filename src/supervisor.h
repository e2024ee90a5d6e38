/*
 * The master: opens or inherits the sockets, starts children by fork and
 * exec, replaces those that die, reloads, drains.  No SQL, no HTTP.
 */
#ifndef FLORIN_SUPERVISOR_H
#define FLORIN_SUPERVISOR_H

struct config;

/* A child finds its listening socket and the shared metrics here. */
enum { CHILD_LISTEN_FD = 3, CHILD_METRICS_FD = 4 };

/* Run until told to stop; the exit status of the process.  `program` is what
 * children execute. */
int supervisor_run(struct config *config, const char *program);

#endif
