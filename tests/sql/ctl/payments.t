#!/usr/bin/env bash
# florinctl payments: notices listed, and applied again.
set -uo pipefail
. "$(dirname "$0")/tap.sh"
own_database payments_test
"$FLORINCTL" --sql-dir "$FLORIN_SQL_DIR" migrate --test-mode >/dev/null

for words in payments 'payments x' 'payments list x' 'payments replay' \
	'payments list --limit 0' 'payments replay a b c'; do
	# shellcheck disable=SC2086 # several words
	ctl 64 "usage: $words" $words
done
ctl 0 'an empty list' payments list
ctl 1 'no such event' payments replay evt_1
complains 'there is no notice of an event evt_1' 'with the reason'

# A payment that the program recorded and did not get to apply.
ctl 0 'a user' user create ann
new_order()
{
	sql "select body::jsonb #>> '{order,id}' from
		florin_api.create_order('user', 'ann', null, null, null, null,
		'starter', null, null, 'stripe', null)"
}
order=$(new_order)
record() # EVENT PROVIDER ORDER AMOUNT
{
	sql "select status from florin_api.record_notice('payment:$2', '$2',
		'$1', 'a.type', 'raw', jsonb_build_object('what', 'paid',
		'order_id', '$3', 'references', array['pi_$1'], 'aliases',
		'{}'::text[], 'amount', $4, 'currency', 'CNY'))" >/dev/null
}
record evt_1 stripe "$order" 990
ctl 0 'the list' payments list --outcome stored
says 'evt_1' 'shows what is stored'
ctl 0 'replay' payments replay evt_1
says '"outcome" : "completed"' 'applies it'
ctl 0 'again' payments replay evt_1 stripe
says '"outcome" : "repeated"' 'does nothing twice'
is "$(sql "select balance from florin.wallets where user_id = 'ann'")" 150 \
	'credited once'
is "$(sql "select string_agg(operator || ' ' || (after ->> 'outcome'), ', '
	order by id) from florin.admin_operation_logs
	where operation = 'apply_notice'")" \
	'admin:florinctl completed, admin:florinctl repeated' 'each is logged'
ctl 0 'the list of others' payments list --outcome stored --limit 5
grep -q evt_1 "$WORK/out"
is $? 1 'it is no longer stored'

# What is refused, and an id that two providers use.
record evt_2 stripe "$(new_order)" 1
ctl 1 'another amount' payments replay evt_2
complains 'payment_mismatch: The payment does not match' 'with its code'
record evt_1 alipay "$order" 990
ctl 1 'which one?' payments replay evt_1
complains 'several providers have an event evt_1' 'says so'
ctl 1 'the other' payments replay evt_1 alipay
complains 'payment_mismatch' 'is not the order'"'"'s provider'
done_testing
