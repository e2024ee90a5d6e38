/*
 * Words to systemd; nothing happens where there is none.
 */
#ifndef FLORIN_NOTIFY_H
#define FLORIN_NOTIFY_H

/* "READY=1", "STOPPING=1", ... */
void notify_state(const char *state);

/* Feed the watchdog, if there is one and it is time. */
void notify_alive(void);

#endif
