#include "log.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "util/buf.h"
#include "util/utime.h"

static const char *const level_names[] = { "error", "warning", "notice",
	"debug" };

static struct {
	int fd;
	enum log_level level;
	char path[256];
	char process[64];
	struct buf lines;
} the_log = { .fd = STDERR_FILENO, .level = LOG_LEVEL_NOTICE };

static bool
open_file(void)
{
	int fd;

	if (the_log.path[0] == '\0')
		return true;
	fd = open(the_log.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
	    0640);
	if (fd < 0)
		return false;
	if (the_log.fd != STDERR_FILENO)
		close(the_log.fd);
	the_log.fd = fd;
	return true;
}

bool
log_open(const char *path, const char *level, const char *process)
{
	snprintf(the_log.path, sizeof(the_log.path), "%s", path);
	snprintf(the_log.process, sizeof(the_log.process), "%s", process);
	for (int i = LOG_LEVEL_ERROR; i <= LOG_LEVEL_DEBUG; i++)
		if (strcmp(level, level_names[i]) == 0)
			the_log.level = (enum log_level)i;
	return open_file();
}

void
log_reopen(void)
{
	log_flush();
	if (!open_file())
		log_event(LOG_LEVEL_ERROR, "cannot open %s", the_log.path);
}

void
log_line(enum log_level level, const char *members)
{
	char now[28];

	if (level > the_log.level)
		return;
	time_format_rfc3339(now, time_unix_us());
	buf_printf(&the_log.lines,
	    "{\"time\":\"%s\",\"level\":\"%s\",\"process\":\"%s\"", now,
	    level_names[level], the_log.process);
	buf_adds(&the_log.lines, members);
	buf_adds(&the_log.lines, "}\n");
}

void
log_flush(void)
{
	if (the_log.lines.len == 0)
		return;
	/* A log that cannot be written must not stop the service. */
	if (write(the_log.fd, the_log.lines.data, the_log.lines.len) < 0)
		(void)0;
	buf_reset(&the_log.lines);
}

void
log_event(enum log_level level, const char *format, ...)
{
	struct buf members = { 0 };
	char text[1024];
	va_list args;
	size_t len;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	len = strlen(text);
	while (len > 0 && text[len - 1] == '\n')
		text[--len] = '\0';
	buf_adds(&members, ",\"message\":");
	buf_add_json(&members, text);
	log_line(level, members.data);
	log_flush();
	buf_free(&members);
}
