#!/usr/bin/env bash
# florinctl migrate: once, in order, all or nothing.
set -uo pipefail
. "$(dirname "$0")/tap.sh"
own_database migrate_test
cp -r "$FLORIN_SQL_DIR" "$WORK/sql"
migrate() { local s=$1 n=$2; shift 2; ctl "$s" "$n" --sql-dir "$WORK/sql" migrate "$@"; }
state() { sql "select md5(string_agg(x, '' order by x)) from (
	select oid || proname || xmin from pg_proc where pronamespace::regnamespace::text ~ '^florin'
	union all select oid || relname from pg_class where relnamespace::regnamespace::text ~ '^florin'
	union all select number || checksum from florin.migrations) y (x)"; }

migrate 0 'a first install'
says 'applied 0001_wallet.sql' 'says what it applied'
is "$(sql 'select test_mode from florin.installation')" f 'a real clock'
is "$(sql "select to_regclass('florin.test_clock') is null")" t \
	'no test clock at all'
is "$(sql "select count(*) from pg_proc where proname = 'advance_clock'")" 0 \
	'nothing that could move it'
before=$(state)
migrate 0 'a second run'
says 'nothing to do: schema' 'says that there is nothing to do'
is "$(state)" "$before" 'and changes nothing, not even a row version'

migrate 1 'test mode later is refused' --test-mode
complains 'made without --test-mode' 'with the reason'
is "$(state)" "$before" 'and changes nothing'
ctl 1 'clock is refused' clock
complains 'made without --test-mode' 'with the reason'
ctl 1 'clock advance is refused' clock advance '1 s'

# What somebody did by hand is set right.
sql 'grant select on florin.users to florin_web;
	grant usage on schema florin to public;
	create or replace function florin.clock() returns timestamptz
		language sql as $$ select now() $$;
	alter role florin_web set lock_timeout = 0'
migrate 0 'a run after changes by hand'
says 'replaced functions' 'replaces'
is "$(sql 'select count(*) from florin.check_rights()')" 0 'rights'
is "$(sql "select prosrc ~ 'clock_timestamp' from pg_proc
	where oid = 'florin.clock()'::regprocedure")" t 'functions'
is "$(sql "select 'lock_timeout=500ms' = any (setconfig) from pg_db_role_setting
	where setrole = 'florin_web'::regrole and setdatabase = 0")" t \
	'settings of roles'

# Functions that changed, and that are no more.
cat >"$WORK/sql/api/old.sql" <<'END'
create or replace function florin_api.old(caller text, amount bigint)
returns florin.answer language plpgsql security definer
set search_path = florin, pg_temp as $$ begin return null; end $$;
END
echo 'create or replace function florin.old_helper() returns integer
	language sql as $$ select 1 $$;' >"$WORK/sql/core/old_helper.sql"
migrate 0 'a new function'
is "$(sql "select has_function_privilege('florin_web',
	'florin_api.old(text, bigint)', 'execute')")" t 'may be called'
sed -i 's/amount bigint/quantity text/; s/florin.answer/text/' \
	"$WORK/sql/api/old.sql"
sed -i 's/integer/text/; s/1/null::text/' "$WORK/sql/core/old_helper.sql"
migrate 0 'with other parameters and another result'
is "$(sql "select string_agg(oid::regprocedure::text, ' ') from pg_proc
	where proname = 'old'")" 'florin_api.old(text,text)' 'the old one is gone'
rm "$WORK/sql/api/old.sql" "$WORK/sql/core/old_helper.sql"
migrate 0 'a function that is no more'
is "$(sql "select count(*) from pg_proc where proname ~ '^old'")" 0 'is dropped'
is "$(sql "select count(*) from pg_trigger where tgname = 'append_only'")" 1 \
	'a trigger and its function stay'

# A session that had prepared a call before goes on.
cat >"$WORK/session.sql" <<END
prepare ready as select status from florin_api.get_readiness('x');
execute ready;
\\! echo '-- changed' >>"$WORK/sql/api/system/get_readiness.sql"
\\! "$FLORINCTL" --sql-dir "$WORK/sql" migrate | grep -c replaced
execute ready;
END
is "$(psql -XqAt -v ON_ERROR_STOP=1 -f "$WORK/session.sql" | tr '\n' ' ')" \
	'200 1 200 ' 'a prepared call outlives a migration'

# All or nothing.
before=$(state)
cat >"$WORK/sql/migrate/0099_wrong.sql" <<'END'
create table florin.half (user_id text primary key);
END
migrate 0 'numbers may leave gaps'
says 'applied 0099_wrong.sql' 'it is applied'
before=$(state)
cp "$WORK/sql/migrate/0099_wrong.sql" "$WORK/sql/migrate/0099_x.sql"
migrate 2 'one number twice'
complains '0099_x.sql: its number should be' 'is told'
mv "$WORK/sql/migrate/0099_x.sql" "$WORK/sql/migrate/x.sql"
migrate 2 'no number'
rm "$WORK/sql/migrate/x.sql"
is "$(state)" "$before" 'nothing was changed'
next=0100_half.sql
echo 'create table florin.half2 (user_id text primary key);' \
	>"$WORK/sql/migrate/$next"
printf -- '-- é\nselect 1;\n\nselect nonsense;\n' >>"$WORK/sql/migrate/$next"
migrate 2 'a migration that fails'
complains "$next:5: column \"nonsense\" does not exist" 'names file and line'
complains 'nothing was changed' 'and says so'
is "$(state)" "$before" 'and nothing was'
sed -i '$d' "$WORK/sql/migrate/$next"
echo 'select broken here' >"$WORK/sql/core/zzz.sql"
migrate 2 'a function that fails takes the migrations with it'
is "$(state)" "$before" 'nothing was changed'
rm "$WORK/sql/core/zzz.sql"
migrate 0 'set right'
says "applied $next" 'it is applied'
echo '-- a late thought' >>"$WORK/sql/migrate/$next"
migrate 1 'a migration that was changed after it was applied'
complains 'was changed after it was applied' 'is refused'
rm "$WORK/sql/migrate/$next"
migrate 1 'files of an older release'
complains 'of an older release' 'are refused'
ctl 1 'check says so too' --sql-dir "$WORK/sql" check
says 'BAD  migrations' 'with the numbers'
ctl 2 'no files' --sql-dir "$WORK/none" migrate
ctl 64 'unknown words' migrate now

# Two at once: one waits, one installs.
own_database migrate_twice
for i in 1 2 3; do
	"$FLORINCTL" --sql-dir "$FLORIN_SQL_DIR" migrate --test-mode \
		>"$WORK/run$i" 2>&1 &
done
failed=0
for job in $(jobs -p); do wait "$job" || failed=1; done
cat "$WORK"/run* >"$WORK/out"
ok $failed 'three at once: all succeed'
is "$(grep -c 'applied 0001' "$WORK/out")" 1 'one installs'
is "$(grep -c 'nothing to do' "$WORK/out")" 2 'the others wait for it'
ctl 0 'without the option' --sql-dir "$FLORIN_SQL_DIR" migrate
says 'test mode' 'an installation keeps its test mode'
done_testing
