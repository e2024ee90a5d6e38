#include "ratelimit.h"

#include <stdatomic.h>
#include <string.h>

#include "util/sha256.h"

enum { PROBES = 8 };

static uint64_t
hash_of(const char *caller)
{
	struct iovec piece = { (void *)caller, strlen(caller) };
	uint8_t digest[SHA256_BYTES];
	uint64_t hash;

	sha256(digest, &piece, 1);
	memcpy(&hash, digest, sizeof(hash));
	return hash | 1; /* never 0 */
}

/* The caller's place; a new caller takes a free one, or the one of those
 * near by whose quota is back first. */
static struct ratelimit_place *
find_place(struct ratelimit *limits, uint64_t hash)
{
	struct ratelimit_place *oldest = NULL;

	for (uint64_t i = 0; i < PROBES; i++) {
		struct ratelimit_place
		    *p = &limits->places[(hash / 2 + i) % RATELIMIT_PLACES];
		uint64_t owner = atomic_load(&p->caller);

		if (owner == hash)
			return p;
		if (owner == 0 &&
		    atomic_compare_exchange_strong(&p->caller, &owner, hash))
			return p;
		if (owner == hash)
			return p; /* another worker was faster */
		if (oldest == NULL || p->due_us < oldest->due_us)
			oldest = p;
	}
	atomic_store(&oldest->due_us, 0);
	atomic_store(&oldest->caller, hash);
	return oldest;
}

static int64_t
seconds_up(int64_t us)
{
	return us > 0 ? (us + 999999) / 1000000 : 0;
}

struct ratelimit_answer
ratelimit_take(struct ratelimit *limits, const char *caller, int64_t quota,
    int64_t window_us, int64_t now_us)
{
	struct ratelimit_place *p = find_place(limits, hash_of(caller));
	int64_t step_us = window_us / quota;
	struct ratelimit_answer a = { 0 };
	int64_t due_us = atomic_load(&p->due_us), next_us;

	do {
		next_us = (due_us > now_us ? due_us : now_us) + step_us;
		a.allowed = next_us - now_us <= step_us * quota;
	} while (a.allowed &&
	    !atomic_compare_exchange_weak(&p->due_us, &due_us, next_us));
	if (!a.allowed)
		next_us -= step_us;
	a.remaining = quota - (next_us - now_us + step_us - 1) / step_us;
	a.reset_s = seconds_up(next_us - now_us);
	if (!a.allowed)
		a.retry_s = seconds_up(
		    next_us + step_us - now_us - step_us * quota);
	return a;
}
