#define _GNU_SOURCE
#include "intake.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "request.h"
#include "util/utime.h"

enum {
	PENDING_MAX = 256,       /* more stalled peers: the oldest goes */
	STALL_LIMIT_US = 5000000 /* for a whole request to arrive */
};

struct pending {
	int fd;
	int64_t since_us;
};

struct intake {
	int listen_fd; /* -1: closed */
	int epoll_fd;
	size_t count;
	struct pending pending[PENDING_MAX]; /* oldest first */
};

struct intake *
intake_new(int listen_fd)
{
	struct intake *in = calloc(1, sizeof(*in));
	struct epoll_event e = { .events = EPOLLIN | EPOLLEXCLUSIVE,
		.data.fd = listen_fd };

	if (in == NULL)
		abort();
	in->listen_fd = listen_fd;
	in->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (in->epoll_fd < 0 ||
	    epoll_ctl(in->epoll_fd, EPOLL_CTL_ADD, listen_fd, &e) != 0)
		abort();
	return in;
}

void
intake_close(struct intake *in)
{
	if (in->listen_fd < 0)
		return;
	epoll_ctl(in->epoll_fd, EPOLL_CTL_DEL, in->listen_fd, NULL);
	in->listen_fd = -1;
}

size_t
intake_pending(const struct intake *in)
{
	return in->count;
}

static void
forget(struct intake *in, size_t i)
{
	epoll_ctl(in->epoll_fd, EPOLL_CTL_DEL, in->pending[i].fd, NULL);
	in->count--;
	for (; i < in->count; i++)
		in->pending[i] = in->pending[i + 1];
}

static void
drop(struct intake *in, size_t i)
{
	int fd = in->pending[i].fd;

	forget(in, i);
	close(fd);
}

static void
keep(struct intake *in, int fd)
{
	struct epoll_event e = { .events = EPOLLIN | EPOLLRDHUP | EPOLLET,
		.data.fd = fd };

	if (in->count == PENDING_MAX)
		drop(in, 0);
	if (epoll_ctl(in->epoll_fd, EPOLL_CTL_ADD, fd, &e) != 0) {
		close(fd);
		return;
	}
	in->pending[in->count++] = (struct pending){ fd, time_monotonic_us() };
}

/* Those of the pending whose request has arrived meanwhile. */
static size_t
take_pending(struct intake *in, int *fds, size_t max)
{
	int64_t now_us = in->count > 0 ? time_monotonic_us() : 0;
	size_t n = 0;

	for (size_t i = 0; i < in->count && n < max;) {
		int fd = in->pending[i].fd;
		bool gone;

		if (request_is_whole(fd, &gone)) {
			forget(in, i);
			fds[n++] = fd;
		} else if (gone ||
		    now_us - in->pending[i].since_us > STALL_LIMIT_US) {
			drop(in, i);
		} else {
			i++;
		}
	}
	return n;
}

/* Accept what is waiting; whole requests first come, first served. */
static size_t
take_new(struct intake *in, int *fds, size_t max)
{
	size_t n = 0;

	/* A worker that takes one request at a time may be busy with it for
	 * long: it takes up nobody whom it would keep waiting meanwhile. */
	while (n < max && in->listen_fd >= 0 && (max > 1 || in->count == 0)) {
		int fd = accept4(in->listen_fd, NULL, NULL, SOCK_CLOEXEC);
		bool gone;

		if (fd < 0)
			break;
		if (request_is_whole(fd, &gone))
			fds[n++] = fd;
		else if (gone)
			close(fd);
		else
			keep(in, fd);
	}
	return n;
}

size_t
intake_wait(struct intake *in, int *fds, size_t max, int timeout_ms,
    const sigset_t *mask)
{
	struct epoll_event events[16];
	size_t n;

	for (;;) {
		n = take_pending(in, fds, max);
		n += take_new(in, fds + n, max - n);
		if (n > 0)
			return n;
		if (epoll_pwait(in->epoll_fd, events, 16, timeout_ms, mask) <=
		    0)
			return 0;
	}
}
