#define _GNU_SOURCE
#include "sockets.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "config.h"
#include "log.h"

enum { FIRST_INHERITED_FD = 3 };

static bool made[POOLS_MAX];

/* The place of a name in a list separated by colons, -1 if none. */
static int
place_in(const char *names, const char *name)
{
	size_t len = strlen(name);
	int place = 0;

	for (const char *p = names; p != NULL; place++) {
		size_t n = strcspn(p, ":");

		if (n == len && memcmp(p, name, n) == 0)
			return place;
		p = p[n] == ':' ? p + n + 1 : NULL;
	}
	return -1;
}

static int
inherited(const struct config *config, size_t pool)
{
	const char *count = getenv("LISTEN_FDS");
	const char *pid = getenv("LISTEN_PID");
	int place;

	if (count == NULL || pid == NULL || atoi(pid) != (int)getpid())
		return -1;
	place = place_in(getenv("LISTEN_FDNAMES"), config->pools[pool].name);
	if (place < 0 && atoi(count) == 1 && config->pools_count == 1)
		place = 0;
	return place >= 0 && place < atoi(count) ? FIRST_INHERITED_FD + place
						 : -1;
}

static bool
is_listening(int fd)
{
	int value = 0;
	socklen_t size = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &value, &size) == 0 &&
	    value;
}

/* Another master may be there: its socket is not ours to take. */
static bool
is_alive(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool alive = connect(fd, (const struct sockaddr *)address,
			 sizeof(*address)) == 0 ||
	    errno == EAGAIN;

	close(fd);
	return alive;
}

static bool
set_owner(const struct pool_config *pool)
{
	struct passwd *user = NULL;
	struct group *group = NULL;

	if (pool->listen_owner[0] != '\0' &&
	    (user = getpwnam(pool->listen_owner)) == NULL)
		return false;
	if (pool->listen_group[0] != '\0' &&
	    (group = getgrnam(pool->listen_group)) == NULL)
		return false;
	if (user == NULL && group == NULL)
		return true;
	return chown(pool->listen, user ? user->pw_uid : (uid_t)-1,
		   group ? group->gr_gid : (gid_t)-1) == 0;
}

static int
make_socket(const struct pool_config *pool)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s",
	    pool->listen);
	if (is_alive(&address)) {
		errno = EADDRINUSE;
		return -1;
	}
	unlink(pool->listen);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
	    chmod(pool->listen, (mode_t)pool->listen_mode) == 0 &&
	    set_owner(pool) && listen(fd, pool->listen_backlog) == 0)
		return fd;
	close(fd);
	return -1;
}

static int
open_one(const struct config *config, size_t i)
{
	const struct pool_config *pool = &config->pools[i];
	int fd = inherited(config, i);

	if (fd < 0 && pool->listen[0] == '\0' && i == 0 &&
	    is_listening(STDIN_FILENO))
		fd = STDIN_FILENO;
	if (fd >= 0) {
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
		return fcntl(fd, F_DUPFD_CLOEXEC, 10);
	}
	if (pool->listen[0] == '\0') {
		errno = ENOTSOCK;
		return -1;
	}
	made[i] = true;
	return make_socket(pool);
}

bool
sockets_open(const struct config *config, int *fds)
{
	for (size_t i = 0; i < config->pools_count; i++) {
		fds[i] = open_one(config, i);
		if (fds[i] < 0) {
			log_event(LOG_LEVEL_ERROR, "pool %s: socket %s: %s",
			    config->pools[i].name, config->pools[i].listen,
			    strerror(errno));
			return false;
		}
	}
	return true;
}

void
sockets_close(const struct config *config)
{
	for (size_t i = 0; i < config->pools_count; i++)
		if (made[i])
			unlink(config->pools[i].listen);
}
