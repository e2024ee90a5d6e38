#!/usr/bin/env bash
# florinctl import, export, erase.
set -uo pipefail
. "$(dirname "$0")/tap.sh"
own_database import_test
"$FLORINCTL" --sql-dir "$FLORIN_SQL_DIR" migrate --test-mode >/dev/null
well() { is "$(sql 'select * from florin.check_invariants()')" '' "$1"; }

cat >"$WORK/users.csv" <<'CSV'
user_id,email,display_name,balance,total_recharged,currency,first_recharged_at,streak,last_checkin,plan,period,plan_expires_at
imp-1,one@example.com,"One, the ""first""",120,9900,CNY,2025-01-02T03:04:05Z,6,2026-01-01,,,
imp-2,,,0,,,,,,,,
imp-3,three@example.com,Drei,75,,,,,,pro,monthly,2199-01-05T00:00:00Z
imp-4,,,30,,,,,,premium,yearly,2199-01-05T00:00:00Z
imp-5,,,30,,,,,,lite,monthly,2001-01-05T00:00:00Z
CSV
ctl 0 'a dry run' import "$WORK/users.csv" --dry-run
says 'new: 5' 'says what it would do'
is "$(sql 'select count(*) from florin.users')" 0 'and does nothing'
ctl 0 'import' import "$WORK/users.csv"
says '5 rows, 5 new users' 'counts'
says 'balances in the file: 255' 'proves the sums'
says 'opening balances in the ledger: 255' 'on both sides'
is "$(sql "select string_agg(user_id || ' ' || balance || ' ' || version,
	',' order by user_id) from florin.wallets")" \
	'imp-1 120 1,imp-2 0 0,imp-3 75 1,imp-4 30 1,imp-5 30 1' 'the wallets'
is "$(sql "select email, display_name from florin.users
	where user_id = 'imp-1'")" 'one@example.com|One, the "first"' 'the user'
is "$(sql "select total_recharged, extract(year from first_recharged_at)
	from florin.wallets where user_id = 'imp-1'")" '{"CNY": 9900}|2025' \
	'what was paid'
is "$(sql 'select user_id, order_id from florin.first_recharges')" \
	'imp-1|import' 'no bonus for a first recharge'
is "$(sql "select kind, amount, actor from florin.credit_transactions
	where user_id = 'imp-1'")" 'import|120|admin:florinctl' 'the ledger'
is "$(sql "select florin.streak_at('imp-1', '2026-01-01')")" 6 'the streak'
is "$(sql "select body::jsonb ->> 'plan', body::jsonb ->> 'status'
	from florin_api.get_membership('user', 'imp-3', null)")" 'pro|active' \
	'the plan'
is "$(sql "select body::jsonb ->> 'status'
	from florin_api.get_membership('user', 'imp-5', null)")" 'none' \
	'a plan that is over is none'
well 'the invariants hold'
sql "select florin.advance_clock('32 days')" >/dev/null
is "$(sql "select (body::jsonb ->> 'balance')::bigint
	from florin_api.get_credits('user', 'imp-3', null, null)")" 325 \
	'the next month gives the quota'
is "$(sql "select (body::jsonb ->> 'balance')::bigint
	from florin_api.get_credits('user', 'imp-4', null, null)")" 630 \
	'to yearly members too'
well 'and then'

ctl 0 'the same file again' import "$WORK/users.csv"
says 'same: 5' 'finds all as they are'
says '0 new users' 'and makes none'
sed -i 's/,75,/,80,/' "$WORK/users.csv"
echo 'imp-6,,,1,,,,,,,,' >>"$WORK/users.csv"
ctl 0 'another file, dry' import --dry-run "$WORK/users.csv"
says 'differs: 1' 'shows who differs'
says 'balance: 75 here, 80 in the file' 'and how'
ctl 1 'imported' import "$WORK/users.csv"
says '1 new users' 'makes the new one'
complains 'the sums differ' 'and does not call it proved'
is "$(sql "select balance from florin.wallets where user_id = 'imp-3'")" 325 \
	'who was there stays'

printf '\xef\xbb\xbfuser_id,balance\r\nimp-7,1\r\n' >"$WORK/sheet.csv"
ctl 0 'the file of a spreadsheet' import --dry-run "$WORK/sheet.csv"
says 'new: 1' 'is read as well'

# --- what cannot be imported ---
bad() # NAME COMPLAINT LINES…
{
	local name=$1 text=$2
	shift 2
	printf '%s\n' "$@" >"$WORK/bad.csv"
	ctl 1 "$name" import "$WORK/bad.csv"
	grep -qF -- "$text" "$WORK/err" "$WORK/out"
	ok $? "$name: $text"
}
bad 'an unknown column' 'no such column: "colour"' user_id,colour,balance a,1,2
bad 'a column of SQL' 'no such column' 'user_id,balance) from stdin; --' a,1
bad 'no balance' 'balance' user_id,balance a,
bad 'a negative balance' 'line 3' user_id,balance a,1 b,-1
bad 'no number' 'line 2, column balance' user_id,balance a,1.5
bad 'a user twice' 'line 3' user_id,balance a,1 a,2
bad 'a user without a name' 'line 2' user_id,balance '"",1'
bad 'too many columns' 'line 2' user_id,balance a,1,2
bad 'money of no currency' 'line 2' user_id,balance,total_recharged a,1,5
bad 'half a plan' 'line 2' user_id,balance,plan a,1,pro
bad 'no such plan' 'no such plan: gold' \
	user_id,balance,plan,period,plan_expires_at a,1,gold,monthly,2199-01-01
: >"$WORK/bad.csv"
ctl 1 'an empty file' import "$WORK/bad.csv"
ctl 2 'no file' import "$WORK/none.csv"
ctl 64 'no name' import
is "$(sql "select count(*) from florin.users where user_id in ('a', 'b')")" 0 \
	'nothing of them'
well 'after all this'

# --- export ---
ctl 0 'export users' export users
is "$(wc -l <"$WORK/out")" 7 'a line each and a heading'
says 'imp-1,one@example.com,"One, the ""first""",' 'as CSV'
ctl 0 'export ledger as JSON' export ledger --json
is "$(jq -s 'map(select(.user_id == "imp-1")) | .[0].amount' "$WORK/out")" \
	120 'each line is an object'
is "$(wc -l <"$WORK/out")" \
	"$(sql 'select count(*) from florin.credit_transactions')" 'the whole'
ctl 64 'export of nothing' export
ctl 64 'export of nonsense' export wallets

# --- erase ---
sql "select florin_api.register_user('service:be', 'gone', 'k', 'x', null,
		null, 'who@SECRET.example', 'Mr SECRET');
	select florin_api.grant_credits('admin:boss', 'gone', 'k', 'x',
		'192.0.2.99', 'SECRET browser', 50, 'bonus', 'SECRET gift', null,
		null);
	select florin_api.hold_credits('user', 'gone', 'k', 'x', null, null, 5,
		'SECRET work', null);
	select florin_api.record_refusal('admin:boss', 'gone', '192.0.2.99',
		'SECRET', 'x', '{\"email\": \"SECRET\"}', 'SECRET', 'not_found');
	select florin_api.record_action('user', 'gone', null, null, null, null,
		'view', 'SECRET', '{\"a\": \"SECRET\"}');
	select florin_api.create_task('user', 'gone', 'k2', 'x', null, null,
		'image', '{\"a\": \"SECRET\"}', null);
	select florin_api.start_session('user', 'gone', null, null, null, null,
		null, '{\"a\": \"SECRET\"}')" >"$WORK/out" 2>"$WORK/err"
ok $? 'a user with a life'
chain=$(sql "select string_agg(hash::text, ',' order by seq)
	from florin.credit_transactions where user_id = 'gone'")
dump() { pg_dump --data-only --schema=florin | grep -c "$1"; }
is "$([ "$(dump SECRET)" -gt 8 ] && echo many)" many 'who left traces'
ctl 0 'erase' erase gone
is "$(dump SECRET)" 0 'that are gone'
is "$(dump '192\.0\.2\.99')" 0 'with the address'
is "$(sql "select string_agg(hash::text, ',' order by seq)
	from florin.credit_transactions where user_id = 'gone'")" "$chain" \
	'the ledger stays'
is "$(sql "select count(*) from florin.credit_transactions
	where user_id = 'gone' and reason is null and reason_hash
	<> sha256('')")" 3 'with the hashes of what was said'
well 'and verifies'
ctl 0 'verify' verify
ctl 0 'again' erase gone
ctl 1 'nobody' erase nobody
complains 'user_not_found' 'is told'
ctl 64 'no user' erase
ctl 64 'no such option' erase gone --nonsense
ctl 0 'not even the hash of the e-mail' erase imp-1 --forget-email
is "$(sql 'select count(*) from florin.erased_emails')" 1 'is kept of it'
done_testing
