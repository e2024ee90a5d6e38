#include "notify.h"

#include "config.h"

#ifdef HAVE_LIBSYSTEMD
#include <stdint.h>
#include <systemd/sd-daemon.h>

#include "util/utime.h"

void
notify_state(const char *state)
{
	sd_notify(0, state);
}

void
notify_alive(void)
{
	static int64_t last_us;
	uint64_t limit_us = 0;
	int64_t now_us = time_monotonic_us();

	if (sd_watchdog_enabled(0, &limit_us) <= 0 ||
	    now_us - last_us < (int64_t)limit_us / 3)
		return;
	last_us = now_us;
	sd_notify(0, "WATCHDOG=1");
}
#else
void
notify_state(const char *state)
{
	(void)state;
}

void
notify_alive(void)
{
}
#endif
