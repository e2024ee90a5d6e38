#!/usr/bin/env bash
# florinctl: its commands, what they print and how they end.
set -uo pipefail
. "$(dirname "$0")/tap.sh"
own_database commands_test
"$FLORINCTL" --sql-dir "$FLORIN_SQL_DIR" migrate --test-mode >/dev/null

# --- how it is called ---
ctl 0 'help' --help
for word in migrate check token user history grant adjust verify clock jwt \
	import export erase payments settings; do
	grep -qE "^  $word( |$)" "$WORK/out"
	ok $? "help names $word"
done
ctl 0 'version' --version
ctl 64 'nothing' && silent 'help goes to standard error'
ctl 64 'no such command' nonsense
ctl 64 'no such option' --nonsense
for words in check\ x verify\ x clock\ back clock\ advance user history \
	'user create' 'grant u 1' 'adjust u 1' jwt 'jwt explain' token \
	'token a admin x'; do
	# shellcheck disable=SC2086 # several words
	ctl 64 "usage: $words" $words
done
for words in 'grant ann 1 bonus x --nonsense' 'adjust ann 1 x --key' \
	'user ann --nonsense' 'token --nonsense' 'verify --nonsense' \
	'migrate x' 'migrate --nonsense' 'export --nonsense' \
	'import --nonsense' 'export' 'export x y' 'import' erase; do
	# shellcheck disable=SC2086 # several words
	ctl 64 "usage: $words" $words
done
odd=$(printf 'a\tb')
ctl 64 'grant: not a user id' grant "$odd" 1 bonus x
ctl 64 'user create: not a user id' user create "$odd"
ctl 64 'history: not a user id' history "$odd"
ctl 64 'erase: not a user id' erase "$odd"
ctl 64 'token: not a user id' token "$odd"
ctl 64 'not a key' grant ann 1 bonus x --key "$odd"
cp -r "$FLORIN_SQL_DIR" "$WORK/empty"
rm "$WORK"/empty/migrate/*
ctl 2 'a folder without migrations' --sql-dir "$WORK/empty" migrate
complains 'no migrations there' 'with the reason'
"$FLORINCTL" verify >/dev/full 2>"$WORK/err"
is $? 2 'a full disk'
complains 'standard output: No space left' 'with the reason'
ctl 64 'a password on the command line' \
	--database 'host=/nowhere password=x' check
ctl 64 'also in a URL' --database 'postgresql://u:x@localhost/db' check
complains 'does not belong on the command line' 'with the reason'
ctl 2 'no server' --database 'host=/nonexistent' check
ctl 2 'nothing installed' --database "host=$PGHOST user=$PGUSER dbname=postgres" verify
complains 'run florinctl migrate' 'with what to do'

# --- users and credits ---
ctl 0 'user create' user create ann --email ann@example.com --name 'Ann A.'
says '"balance":50' 'prints the answer'
ctl 0 'again' user create ann
ctl 0 'user' user ann
says 'ann@example.com' 'shows the user'
says 'registration' 'and the ledger'
ctl 1 'no such user' user bob
complains 'user_not_found: There is no such user' 'with code and title'
ctl 64 'not a user id' user "$(printf 'a\tb')"
ctl 0 'grant' grant ann 70 bonus 'für Ann' --key g1
complains 'idempotency key: g1' 'names its key'
says '"balance":120' 'prints the answer'
cp "$WORK/out" "$WORK/first"
ctl 0 'grant again with its key' grant ann 70 bonus 'für Ann' --key g1
is "$(cat "$WORK/out")" "$(cat "$WORK/first")" 'replays'
ctl 1 'another grant with it' grant ann 71 bonus 'für Ann' --key g1
complains 'idempotency_key_reused' 'is refused'
ctl 0 'grant that expires' grant ann 5 bonus x --expires '2199-01-01T00:00Z'
ctl 1 'grant that expired' grant ann 5 bonus x --expires '2001-01-01T00:00Z'
complains 'expires_at' 'names the field'
ctl 1 'no such source' grant ann 5 nonsense x
ctl 0 'adjust down' adjust ann -25 'a mistake'
says '"balance":100' 'prints the answer'
ctl 0 'adjust up, with a key' adjust --key k ann 1 x
ctl 1 'adjust below 0' adjust ann -1000 x
complains '"shortfall": 899' 'with the members of the refusal'
for amount in 0 -0 1.5 1e3 x '' 9007199254740992 '1 '; do
	ctl 64 "not an amount: '$amount'" adjust ann "$amount" x
done
ctl 64 'a grant of less than 1' grant ann 0 bonus x
ctl 64 'no reason' adjust ann 1 ''
ctl 64 'a reason too long' adjust ann 1 "$(printf '%501s' x)"
is "$(sql "select string_agg(distinct operator || ' '
	|| split_part(user_agent, ' ', 1), ',') from florin.admin_operation_logs
	where operation ~ 'credits'")" \
	"admin:florinctl florinctl/$("$FLORINCTL" --version | cut -d' ' -f2)" \
	'the operation log has it'

# --- verify ---
for i in 1 2 3 4 5; do "$FLORINCTL" user create "u$i" >/dev/null; done
ctl 0 'verify' verify
says '6 users, 0 problems' 'all users'
digest=$(sed 's/.* //' "$WORK/out")
is "$digest" "$(sql "select encode(sha256(string_agg(convert_to(user_id,
	'UTF8') || head_hash, '' order by user_id collate \"C\")), 'hex')
	from florin.wallets")" 'the digest over all heads'
ctl 0 'pages' verify --page 2
is "$(sed 's/.* //' "$WORK/out")" "$digest" 'do not change the digest'
ctl 0 'a range' verify --from u2 --to u4
says '3 users' 'has both ends'
ctl 64 'a page of nobody' verify --page 0
sql "update florin.wallets set balance = balance + 1 where user_id = 'u3'"
ctl 1 'verify after a corruption' verify --page 1
says 'u3: balance: balance 51, ledger 50, grants 50' 'names it'
says '6 users, 1 problems' 'and goes on'
ctl 0 'others are well' verify --to u2
sql "update florin.wallets set balance = balance - 1 where user_id = 'u3'"
sql "insert into florin.idempotency_keys values ('ghost', 'user', 'k', '', 200,
	'', 1, now())"
ctl 1 'rows of nobody' verify
says 'ghost: user: rows of no user' 'are told'
sql 'delete from florin.idempotency_keys'
"$FLORINCTL" adjust ann 1 x >/dev/null 2>&1
ctl 0 'verify after a change' verify
[ "$(sed 's/.* //' "$WORK/out")" != "$digest" ]
ok $? 'the digest changes with the ledger'

# --- check ---
check() { ctl "$1" "$2" --sql-dir "$FLORIN_SQL_DIR" check; }
check 1 'check of a server without fsync'
says 'BAD  fsync: off' 'says so'
is "$(grep -c ^BAD "$WORK/out")" 1 'all else is well'
sql 'grant select on florin.users to florin_web'
check 1 'check of rights'
says 'BAD  rights beyond work: florin_web: select on florin.users' 'says which'
sql 'revoke select on florin.users from florin_web;
	revoke execute on function florin_api.barrier() from florin_web'
check 1 'check of duties'
says 'BAD  rights to work: florin_web: execute on florin_api.barrier()' 'too'

sql 'grant execute on function florin_api.barrier() to florin_web'
printf '%s\n' 'a secret of at least thirty-two bytes' >"$WORK/secret"
cat >"$WORK/pools" <<END
pool wallet { listen = "$WORK/s" database = "dbname=x" pm.max_children = 4 }
issuer site { secret_file = "$WORK/secret" }
END
ctl 1 'check with the settings' --sql-dir "$FLORIN_SQL_DIR" \
	--config "$WORK/pools" check
says 'ok   connections: 97 allowed, 7 wanted' 'counts the workers'
sed -i 's/= 4/= 100/' "$WORK/pools"
ctl 1 'too many workers' --sql-dir "$FLORIN_SQL_DIR" --config "$WORK/pools" \
	check
says 'BAD  connections: 97 allowed, 103 wanted' 'are told'
echo nonsense >"$WORK/broken"
ctl 2 'settings that cannot be read' --sql-dir "$FLORIN_SQL_DIR" \
	--config "$WORK/broken" check
cp -r "$FLORIN_SQL_DIR" "$WORK/sql"
echo '-- changed' >>"$WORK/sql/migrate/0001_wallet.sql"
cp "$FLORIN_SQL_DIR/migrate/0002_append_only.sql" \
	"$WORK/sql/migrate/9000_new.sql"
ctl 1 'check with other files' --sql-dir "$WORK/sql" check
says 'BAD  0001_wallet.sql: the file was changed after it was applied' \
	'one was changed'
says 'BAD  9000_new.sql: not applied' 'one is new'
ctl 2 'check without files' --sql-dir "$WORK/none" check

# --- somebody without rights ---
web() { "$FLORINCTL" --database "host=$PGHOST user=florin_web dbname=commands_test" \
	--sql-dir "$FLORIN_SQL_DIR" "$@" >"$WORK/out" 2>"$WORK/err"; }
for words in migrate check verify 'user ann' 'adjust ann 1 x' clock \
	'user create zoe'; do
	# shellcheck disable=SC2086 # several words
	web $words
	is $? 2 "a pool's role may not: $words"
done

# --- on a terminal ---
script -qec "'$FLORINCTL' verify" /dev/null </dev/null >"$WORK/out" 2>&1
says '6 users, 0 problems' 'verify shows its progress on a terminal'
grep -q $'\r' "$WORK/out"
ok $? 'on one line'

# --- the clock ---
ctl 0 'clock' clock
ctl 0 'clock advance' clock advance '36 h'
says '1 day 12:00:00' 'shows how far ahead it is'
ctl 1 'not back' clock advance '-1 s'
complains 'only moves forward' 'with the reason'
ctl 1 'no interval' clock advance nonsense

# --- tokens ---
printf 'short' >"$WORK/short"
cat >"$WORK/conf" <<END
pool wallet { listen = "$WORK/s" database = "dbname=x" }
issuer site {
	secret_file = "$WORK/secret"
	iss = "https://site.example"
	audience = "florin"
	role_map = {"staff=admin"}
	may_mint = {user, admin}
}
END
# part N: the Nth part of the token, decoded
part()
{
	local text
	text=$(cut -d. -f"$1" "$WORK/out" | tr '_-' '/+')
	while [ $((${#text} % 4)) -ne 0 ]; do text=$text=; done
	base64 -d <<<"$text"
}
claim() { part 2 | sed -E "s/.*\"$1\":\"?([^,\"}]*).*/\1/"; }
ctl 0 'token' token ann admin --secret-file "$WORK/secret" --ttl 60 \
	--iss me --aud you
is "$(wc -l <"$WORK/out")" 1 'prints only the token'
part 2 | grep -qE '"aud":"you","exp":[0-9]+,"iat":[0-9]+,"iss":"me","jti":"[0-9a-f]{32}","role":"admin","sub":"ann"'
ok $? 'with its claims'
is $(($(claim exp) - $(claim iat))) 60 'that lives as long as it should'
key=$(head -c -1 "$WORK/secret" | od -An -tx1 | tr -d ' \n')
is "$(cut -d. -f3 "$WORK/out")" "$(cut -d. -f1,2 "$WORK/out" | tr -d '\n' |
	openssl dgst -sha256 -mac hmac -macopt "hexkey:$key" -binary |
	base64 | tr '/+' '_-' | tr -d '=\n')" \
	'signed with the secret without its newline'
ctl 2 'a short secret' token ann --secret-file "$WORK/short"
complains 'at least 32 bytes' 'is refused'
ctl 2 'no secret' token ann --secret-file "$WORK/none"
ctl 64 'no such role' token ann root --secret-file "$WORK/secret"
ctl 64 'no time' token ann --ttl 0 --secret-file "$WORK/secret"

conf() { local s=$1 n=$2; shift 2; ctl "$s" "$n" --config "$WORK/conf" "$@"; }
conf 0 'token of the configuration' token ann admin
token=$(cat "$WORK/out")
part 2 | grep -q '"role":"staff"'
ok $? 'with the word that the issuer maps to the role'
sed 's/role_map = .*/role_map = {"boss=service"}/' "$WORK/conf" >"$WORK/conf2"
ctl 1 'no word for a role' --config "$WORK/conf2" token ann admin
ctl 0 'a user needs none' --config "$WORK/conf2" token ann user
sed "s|$WORK/secret|credential:jwt|" "$WORK/conf" >"$WORK/conf2"
ctl 2 'a secret that systemd keeps' --config "$WORK/conf2" token ann
complains 'name the file with --secret-file' 'says what to do'
sed "s|$WORK/secret|$WORK/none|" "$WORK/conf" >"$WORK/conf2"
ctl 2 'explain without the key' --config "$WORK/conf2" jwt explain "$token"
openssl genrsa 2048 2>/dev/null | openssl rsa -pubout >"$WORK/key" 2>/dev/null
sed "s|secret_file = .*|key_file = \"$WORK/key\" algorithms = {RS256}|" \
	"$WORK/conf" >"$WORK/conf2"
ctl 2 'an issuer without a shared secret' --config "$WORK/conf2" token ann
complains 'no issuer has HS256' 'cannot be spoken for'
head -c 5000000 /dev/zero >"$WORK/huge"
ctl 2 'a secret as large as a disk' token ann --secret-file "$WORK/huge"
ctl 2 'a folder' token ann --secret-file "$WORK"
conf 1 'a token that is too long' jwt explain "$(printf '%9000s' x | tr ' ' a)"
says 'BAD  at most 8192 bytes' 'fails at its length'
conf 0 'jwt explain' jwt explain "$token"
says 'good: ann is admin, by issuer site' 'says whose it is'
says '"sub":"ann"' 'shows the claims'
conf 1 'a token that was changed' jwt explain "${token%????}AAAA"
says 'BAD  signature' 'fails at the signature'
conf 1 'not a token' jwt explain a.b
says 'BAD  three parts' 'fails at its parts'
conf 1 'no letters that a terminal obeys' jwt explain "G1s.$token"
says '\x1b[' 'escapes them'
"$FLORINCTL" token ann --secret-file "$WORK/secret" --iss me >"$WORK/other"
"$FLORINCTL" --config "$WORK/conf" jwt explain - <"$WORK/other" >"$WORK/out"
is $? 1 'from standard input'
says 'BAD  iss' 'the issuer is another'
conf 1 'a role that the issuer may not give' token ann service
conf 2 'no configuration' --config "$WORK/none" token ann
conf 64 'an empty token' jwt explain ''

# --- history: pages of 2000 rows make one file ---
ctl 0 'history' history ann
is "$(head -n 1 "$WORK/out")" "id,created_at,effective_at,kind,amount,\
balance_after,reason,reference_type,reference_id,actor,draws"$'\r' 'has a head'
says ',grant,70,120,für Ann,,,admin:florinctl,bonus #2 70' 'and rows'
"$FLORINCTL" user create long >/dev/null
sql "select count(florin_api.grant_credits('service:x', 'long', null, null,
	null, null, 1, 'compensation', 'r', null, null))
	from generate_series(1, 4000)" >/dev/null
ctl 0 'a long history' history long
is "$(tail -n +2 "$WORK/out" | cut -d, -f1 | tr '\n' ' ')" \
	"$(seq 4001 -1 1 | tr '\n' ' ')" 'each row once, newest first'
ctl 1 'nobody'\''s history' history nobody
complains 'user_not_found' 'is refused'

done_testing
