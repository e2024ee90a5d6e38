#include "shapes.h"

#include <string.h>

#include "route.h"

#define WALLET                                                         \
	"user_id text, balance integer, held integer, level integer, " \
	"version integer, revision integer, total_granted integer, "   \
	"total_spent integer, total_recharged money, "                 \
	"first_recharged_at time?, frozen boolean, updated_at time"

#define SESSION                                                \
	"id id, user_id text, client text?, started_at time, " \
	"last_message_at time?, message_count integer"

#define TASK                                                        \
	"id id, user_id text, kind text, "                          \
	"status " TASK_STATUSES ", "                                \
	"cost integer, input any?, result any?, error any?, "       \
	"transaction_id integer?, refund_transaction_id integer?, " \
	"attempts integer, created_at time, finished_at time?"

const struct shape shapes[] = {
	{ "wallet", WALLET },
	{ "wallet_details",
	    WALLET ", grants [@grant], membership @membership" },
	{ "balance_at", "user_id text, at time, balance integer" },
	{ "check",
	    "allowed boolean, balance integer, required integer, "
	    "shortfall integer" },
	{ "grant",
	    "id integer, source text, amount integer, remaining integer, "
	    "priority integer, effective_at time, expires_at time?" },
	{ "membership",
	    "plan text?, period monthly|yearly?, "
	    "status active|cancelling|expired|none, "
	    "monthly_credits integer?, started_at time?, expires_at time?, "
	    "next_reset_at time?, upcoming [@upcoming_period], "
	    "-balance integer" },
	{ "upcoming_period",
	    "plan text, period monthly|yearly, starts_at time, ends_at time" },
	{ "plan",
	    "plan text, rank integer, monthly_credits integer, "
	    "prices [@price], available boolean" },
	{ "price", "period monthly|yearly, amount integer, currency text" },
	{ "plan_list", "data [@plan], has_more boolean, next_cursor text?" },
	{ "reset", "transaction @transaction?, wallet @wallet" },
	{ "user",
	    "user_id text, email text?, display_name text?, created_at time" },
	{ "stats",
	    "session_count integer, session_seconds integer, "
	    "message_count integer, task_count integer, "
	    "checkin_count integer, action_count integer, "
	    "last_active_at time?" },
	{ "registration",
	    "user @user, wallet @wallet, stats @stats, "
	    "transaction @transaction?" },
	{ "user_details",
	    "user @user, wallet @wallet, membership @membership, "
	    "stats @stats" },
	{ "reference", "type text, id text" },
	{ "draw", "grant_id integer, source text, amount integer" },
	{ "transaction",
	    "id integer, user_id text, kind " TRANSACTION_KINDS
	    ", amount signed, balance_after integer, reason text?, "
	    "reference @reference?, draws [@draw], actor text, "
	    "created_at time, effective_at time" },
	{ "transaction_wallet", "transaction @transaction, wallet @wallet" },
	{ "transaction_list",
	    "data [@transaction], has_more boolean, next_cursor text?" },
	{ "hold",
	    "id id, user_id text, amount integer, captured integer, "
	    "status open|captured|released|expired, reason text?, "
	    "created_by text, expires_at time, transaction_id integer" },
	{ "hold_list", "data [@hold], has_more boolean, next_cursor text?" },
	{ "hold_wallet",
	    "hold @hold, transaction @transaction?, wallet @wallet" },
	{ "package",
	    "package_id text, title text, credits integer, "
	    "bonus_credits integer, member_bonus_credits integer, "
	    "amount integer, currency text, expires_after_days integer?, "
	    "min_plan text?, available boolean" },
	{ "package_list",
	    "data [@package], has_more boolean, next_cursor text?" },
	{ "order_item", "-package_id text, -plan text, -period text" },
	{ "order",
	    "id id, user_id text, "
	    "status " ORDER_STATUSES ", "
	    "item @order_item, amount integer, currency text, "
	    "credits integer, bonus_credits integer, provider text, "
	    "provider_reference text?, late boolean, created_at time, "
	    "expires_at time, paid_at time?, refunded_amount integer, "
	    "shortfall integer" },
	{ "order_list",
	    "data [@order], has_more boolean, next_cursor text?, -as_of time" },
	{ "order_created", "order @order" },
	{ "order_completed",
	    "order @order, transactions [@transaction], wallet @wallet" },
	{ "order_refunded",
	    "order @order, transaction @transaction?, shortfall integer, "
	    "wallet @wallet" },
	{ "webhook_answer", "received boolean, outcome text" },
	{ "webhook_code", "code SUCCESS|FAIL, -message text" },
	{ "batch_results", "results [@batch_result]" },
	{ "batch_result",
	    "status integer, -transaction @transaction, -wallet @wallet, "
	    "-problem @problem, -replayed boolean" },
	{ "calendar", "data [@calendar_entry]" },
	{ "calendar_entry",
	    "at time, what reset|portion|grant_expires|period_begins|"
	    "period_ends|hold_expires, credits integer?, source text?" },
	{ "checkin",
	    "date text, streak integer, credits integer, "
	    "transaction_id integer?" },
	{ "checked_in",
	    "checkin @checkin, transaction @transaction?, "
	    "bonus_transaction @transaction?, wallet @wallet" },
	{ "checkin_month",
	    "month text, days [@checkin], streak integer, "
	    "checked_in_today boolean" },
	{ "session", SESSION },
	{ "session_record",
	    SESSION ", ended_at time, duration_seconds integer, "
		    "end_reason ended|idle" },
	{ "session_started", "session @session, stats @stats" },
	{ "session_ended", "session_record @session_record, stats @stats" },
	{ "session_current", "session @session?" },
	{ "session_list",
	    "data [@session_record], has_more boolean, next_cursor text?" },
	{ "action",
	    "id id, action_type text, target text?, metadata object?, "
	    "created_at time" },
	{ "action_stats", "action @action, stats @stats" },
	{ "action_list",
	    "data [@action], has_more boolean, next_cursor text?" },
	{ "task", TASK },
	{ "claim", TASK ", claim_token text, lease_expires_at time" },
	{ "task_wallet",
	    "task @task, transaction @transaction?, wallet @wallet" },
	{ "claimed_task", "task @claim?" },
	{ "ended_task", "task @task" },
	{ "task_list",
	    "data [@task], has_more boolean, next_cursor text?, -as_of time" },
	{ "redeemed",
	    "-transaction @transaction, -membership @membership, "
	    "wallet @wallet" },
	{ "codes", "codes [text]" },
	{ "listed_user",
	    "user_id text, email text?, display_name text?, created_at time, "
	    "balance integer, held integer, level integer, frozen boolean, "
	    "plan text?, period monthly|yearly?, "
	    "status active|cancelling|expired|none, "
	    "monthly_credits integer?, started_at time?, expires_at time?, "
	    "next_reset_at time?" },
	{ "listed_user_list",
	    "data [@listed_user], has_more boolean, next_cursor text?, "
	    "as_of time" },
	{ "task_price", "kind text, cost integer, min_plan text?" },
	{ "task_price_list",
	    "data [@task_price], has_more boolean, next_cursor text?" },
	{ "action_type", "action_type text, counters [text]" },
	{ "action_type_list",
	    "data [@action_type], has_more boolean, next_cursor text?" },
	{ "admin_feature",
	    "feature text, kind text, cost integer, upstream_url text, "
	    "timeout_seconds integer, min_plan text?" },
	{ "admin_feature_list",
	    "data [@admin_feature], has_more boolean, next_cursor text?" },
	{ "user_record",
	    "user @user, wallet @wallet, membership @membership, "
	    "stats @stats, grants [@grant], holds [@hold], "
	    "transactions [@transaction], operations [@log_entry], "
	    "orders [@order], tasks [@task], sessions [@session], "
	    "session_records [@session_record], checkins [@checkin], "
	    "actions [@action], alerts [@alert]" },
	{ "alert",
	    "id id, category " ALERT_CATEGORIES ", detector text, "
	    "severity info|warning|critical, user_id text?, detail text?, "
	    "status " ALERT_STATUSES ", first_seen_at time, "
	    "last_seen_at time, count integer" },
	{ "alert_list", "data [@alert], has_more boolean, next_cursor text?" },
	{ "log_entry",
	    "id id, operator text, operation text, user_id text?, "
	    "before object?, after object?, reason text?, ip text?, "
	    "user_agent text?, outcome text, created_at time" },
	{ "log_entry_list",
	    "data [@log_entry], has_more boolean, next_cursor text?" },
	{ "credits_sync",
	    "checked integer, problems [@broken_invariant], "
	    "repaired integer, next_cursor text?" },
	{ "broken_invariant", "user_id text, invariant text, detail text" },
	{ "settings", "* @setting" },
	{ "setting",
	    "value any, default any, doc text, "
	    "type integer|boolean|text|choice|interval, minimum signed?, "
	    "maximum signed?, choices [text]?, offline boolean" },
	{ "credit_source",
	    "source text, priority integer, "
	    "category membership|promotional|paid, merge boolean, "
	    "grantable boolean, expires_after_days integer?" },
	{ "credit_source_list",
	    "data [@credit_source], has_more boolean, next_cursor text?" },
	{ "feature_offer", "feature text, cost integer, min_plan text?" },
	{ "feature_list",
	    "data [@feature_offer], has_more boolean, next_cursor text?" },
	{ "problem",
	    "type text, title text, status integer, detail text, code text, "
	    "request_id text, -errors [@field_error], -balance integer, "
	    "-required integer, -shortfall integer, "
	    "-suggestions [@suggestion], -plans [text], "
	    "-refundable integer, -hold @hold, -checkin @checkin, "
	    "-session_record @session_record, -task @task, -order @order, "
	    "-refunded boolean, -transaction @transaction?" },
	{ "field_error",
	    "field text, code required|unknown|duplicate|type|range|length|"
	    "format|choice|json, detail text" },
	{ "suggestion", "kind top_up|upgrade, -package_id text, -plan text" },
	{ "any", "" },
	{ "liveness", "status text" },
	{ "readiness",
	    "schema_version integer, test_mode boolean, "
	    "clock_ahead_seconds integer?, fsync boolean, "
	    "full_page_writes boolean, in_recovery boolean, "
	    "max_connections integer, now time" },
	{ NULL, NULL },
};

const struct shape *
shape_find(const char *name, size_t len)
{
	for (const struct shape *s = shapes; s->name != NULL; s++)
		if (strlen(s->name) == len && memcmp(s->name, name, len) == 0)
			return s;
	return NULL;
}
