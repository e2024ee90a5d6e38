#include "ratelimit.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

enum { MINUTE_US = 60 * 1000000 };

static struct ratelimit shared, *limits = &shared;

static void
quota_is_served_then_refused(void)
{
	struct ratelimit_answer a;

	for (int i = 0; i < 60; i++) {
		a = ratelimit_take(limits, "alice", 60, MINUTE_US, 1000000);
		CU_ASSERT(a.allowed);
		CU_ASSERT_EQUAL(a.remaining, 59 - i);
		CU_ASSERT_EQUAL(a.retry_s, 0);
	}
	a = ratelimit_take(limits, "alice", 60, MINUTE_US, 1000000);
	CU_ASSERT(!a.allowed);
	CU_ASSERT_EQUAL(a.remaining, 0);
	CU_ASSERT_EQUAL(a.retry_s, 1);
	CU_ASSERT_EQUAL(a.reset_s, 60);
}

static void
quota_comes_back_evenly(void)
{
	for (int i = 0; i < 60; i++)
		ratelimit_take(limits, "bob", 60, MINUTE_US, 1000000);
	CU_ASSERT(
	    !ratelimit_take(limits, "bob", 60, MINUTE_US, 1999999).allowed);
	CU_ASSERT(
	    ratelimit_take(limits, "bob", 60, MINUTE_US, 2000000).allowed);
	CU_ASSERT(
	    !ratelimit_take(limits, "bob", 60, MINUTE_US, 2000000).allowed);
}

static void
callers_do_not_share(void)
{
	CU_ASSERT(
	    ratelimit_take(limits, "carol", 1, MINUTE_US, 1000000).allowed);
	CU_ASSERT(
	    !ratelimit_take(limits, "carol", 1, MINUTE_US, 1000000).allowed);
	CU_ASSERT(
	    ratelimit_take(limits, "dave", 1, MINUTE_US, 1000000).allowed);
}

static void
refused_requests_cost_nothing(void)
{
	ratelimit_take(limits, "erin", 1, MINUTE_US, 1000000);
	for (int i = 0; i < 100; i++)
		ratelimit_take(limits, "erin", 1, MINUTE_US, 1000000);
	CU_ASSERT(
	    ratelimit_take(limits, "erin", 1, MINUTE_US, 1000000 + MINUTE_US)
		.allowed);
}

/* More callers than places: somebody's quota is forgotten, the newcomer has
 * his own, and what is asked next to it stays counted. */
static void
newcomers_find_a_place(void)
{
	char name[32];

	memset(limits, 0, sizeof(*limits));
	for (int i = 0; i < RATELIMIT_PLACES * 2; i++) {
		snprintf(name, sizeof(name), "newcomer-%d", i);
		CU_ASSERT_FATAL(
		    ratelimit_take(limits, name, 1, MINUTE_US, 1000000)
			.allowed);
		CU_ASSERT_FATAL(
		    !ratelimit_take(limits, name, 1, MINUTE_US, 1000000)
			 .allowed);
	}
}

CU_TestInfo ratelimit_tests[] = {
	{ "a quota is served, then refused", quota_is_served_then_refused },
	{ "a quota comes back evenly", quota_comes_back_evenly },
	{ "callers do not share a quota", callers_do_not_share },
	{ "refused requests cost nothing", refused_requests_cost_nothing },
	{ "newcomers find a place", newcomers_find_a_place },
	CU_TEST_INFO_NULL,
};
