#!/usr/bin/env bash
# florinctl settings: shown, and those changed that may only change offline.
set -uo pipefail
. "$(dirname "$0")/tap.sh"
own_database settings_test
"$FLORINCTL" --sql-dir "$FLORIN_SQL_DIR" migrate --test-mode >/dev/null

zone() { sql "select value #>> '{}' from florin.settings
	where name = 'timezone'"; }
ctl 0 'settings' settings
says 'timezone' 'shows each'
grep -qE '^timezone +\| UTC|^timezone +UTC' "$WORK/out"
ok $? 'with its value'
for words in 'timezone' 'timezone UTC' 'timezone UTC x y'; do
	# shellcheck disable=SC2086 # several words
	ctl 64 "usage: $words" settings $words
done
ctl 64 'no reason' settings timezone Asia/Shanghai ''
for name in Mars/Phobos '' CST +08 asia/shanghai posix/Asia/Tokyo localtime \
	UTC-8; do
	ctl 1 "not a zone: '$name'" settings timezone "$name" x
	complains 'timezone: must be a zone' 'is told'
done
ctl 1 'no such setting' settings nonsense 1 x
complains 'there is no such setting' 'is told'
ctl 1 'one that need not wait' settings checkin_credits 7 x
complains 'PATCH /api/admin/settings' 'is changed elsewhere'
is "$(zone)" UTC 'nothing changed'

# What began before keeps its zone.
"$FLORINCTL" user create ann >/dev/null
member()
{
	sql "select florin_admin.create_membership('admin:x', '$1', 'k', 'x',
		null, null, 'lite', 'monthly', 'x')" >/dev/null
}
member ann
resets="select next_reset_at at time zone zone from florin.memberships
	where user_id = "
before=$(sql "$resets 'ann'")

# A worker that is connected stands in the way, whichever it is.
for role in florin_web florin_admin florin_jobs; do
	coproc worker { PGUSER=$role psql -XqAt 2>&1; }
	# shellcheck disable=SC2154 # the coprocess's
	echo 'select 1;' >&"${worker[1]}"
	read -r _ <&"${worker[0]}"
	ctl 1 "$role is connected" settings timezone Asia/Shanghai x
	complains 'unavailable: florind is connected (1 sessions): stop it' \
		'is told'
	echo '\q' >&"${worker[1]}"
	while [ "$(sql "select count(*) from pg_stat_activity
		where usename = '$role'")" != 0 ]; do sleep 0.05; done
done
is "$(zone)" UTC 'nothing changed'
ctl 0 'nobody is' settings timezone Asia/Shanghai 'we moved'
says 'timezone is Asia/Shanghai' 'says so'
is "$(zone)" Asia/Shanghai 'it is'
ctl 0 'again' settings timezone Asia/Shanghai 'we moved'
is "$(sql "select string_agg(concat_ws(' ', operator, operation, before, after,
	reason, split_part(user_agent, '/', 1)), '; ')
	from florin.admin_operation_logs where operation = 'update_settings'")" \
	'admin:florinctl update_settings {"timezone": "UTC"} {"timezone": "Asia/Shanghai"} we moved florinctl' \
	'one change is logged'

"$FLORINCTL" user create ben >/dev/null
member ben
is "$(sql "select zone from florin.memberships where user_id = 'ann'")" UTC \
	'who was a member keeps the zone'
is "$(sql "$resets 'ann'")" "$before" 'and its reset'
is "$(sql "select zone from florin.memberships where user_id = 'ben'")" \
	Asia/Shanghai 'who becomes one has the new zone'
is "$(sql "$resets 'ben'")" "$before" 'with a midnight of its own'
sql "select florin_api.check_in('user', 'ann', null, null, null, null)" \
	>/dev/null
is "$(sql "select date from florin.daily_checkins")" \
	"$(sql "select (florin.clock() at time zone 'Asia/Shanghai')::date")" \
	'days are the new zone'"'"'s'
ctl 0 'verify' verify
done_testing
