/*
 * Network addresses: which of them only this machine or its own network can
 * mean.  What an outgoing request may reach is judged by these, after the
 * name was resolved.
 */
#ifndef FLORIN_ADDRESS_H
#define FLORIN_ADDRESS_H

#include <stdbool.h>

struct sockaddr;

/* True of loopback, private, link-local, shared, multicast, reserved and
 * unspecified addresses, also where IPv6 carries them, and of everything
 * that is neither IPv4 nor IPv6. */
bool address_is_private(const struct sockaddr *address);

/* True if `text` ("127.0.0.1", "fd00::1") is this very address. */
bool address_is(const struct sockaddr *address, const char *text);

/* True if `text` is an IPv4 or IPv6 address. */
bool address_valid(const char *text);

#endif
