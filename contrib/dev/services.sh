# shellcheck shell=bash
# Part of ./dev: PostgreSQL, florind, nginx and who looks after them.

CLEAN_ENV=(env --default-signal -u NOTIFY_SOCKET -u LISTEN_FDS -u LISTEN_PID)

# start NAME COMMAND…: in a session of its own, so that its group can be ended
start()
{
	local name=$1
	shift
	(exec_as "$name" setsid "${CLEAN_ENV[@]}" "$@") \
		>>"$LOG/$name.log" 2>&1 </dev/null &
	remember "$name" $!
	started[$name]=$SECONDS
}

start_postgres()
{
	pg_clear_leftovers
	start postgres "$PG_BIN/postgres" -D "$PG_DATA"
}

start_florind()
{
	start florind "$FLORIND" -c "$DEV/florin.conf"
	echo $! >"$DEV/florind.pid.new"
	mv "$DEV/florind.pid.new" "$DEV/florind.pid"
}

# Its master needs to be root to give its workers another user.
start_nginx()
{
	setsid "${CLEAN_ENV[@]}" nginx -p "$DEV/nginx" -c nginx.conf -e stderr \
		>>"$LOG/nginx.log" 2>&1 </dev/null &
	remember nginx $!
	started[nginx]=$SECONDS
}

start_apache()
{
	setsid "${CLEAN_ENV[@]}" apache2 -D FOREGROUND \
		-f "$DEV/apache/apache.conf" >>"$LOG/apache.log" 2>&1 </dev/null &
	remember apache $!
	started[apache]=$SECONDS
}

start_upstream()
{
	start upstream /usr/bin/python3 "$TREE/contrib/dev/upstream.py" \
		"$(<"$DEV/upstream.port")"
}

# Processes that work in our data folder: of a postmaster that was killed.
pg_leftovers()
{
	local process
	for process in /proc/[0-9]*; do
		[ "$process/cwd" -ef "$PG_DATA" ] && echo "${process#/proc/}"
	done
	return 0
}

# Backends end by themselves when their postmaster is gone.  A lock file that
# is left then may name a number that some other program got since.
pg_clear_leftovers()
{
	local left tries=100
	while left=$(pg_leftovers) && [ -n "$left" ]; do
		# shellcheck disable=SC2086 # several numbers
		[ $((tries--)) -gt 0 ] || kill -KILL $left 2>/dev/null || :
		sleep 0.1
	done
	rm -f "$PG_DATA/postmaster.pid" "$RUN"/pg/.s.PGSQL.*
}

pg_run() { "$PG_BIN/psql" -qAtX -v ON_ERROR_STOP=1 "$@"; }

pg_wait()
{
	local tries=$((READY_SECONDS_MAX * 10))
	until "$PG_BIN/pg_isready" -q -h "$RUN/pg" -U postgres -d postgres; do
		[ $((tries--)) -gt 0 ] || return 1
		pid_of postgres >/dev/null || return 1
		sleep 0.1
	done
}

prepare_database()
{
	local url=${1%/florin}/postgres
	[ "$(pg_run -c "select 1 from pg_database where datname = 'florin'" \
		"$url")" = 1 ] || pg_run -c 'create database florin' "$url"
	# Without FLORIN_CLOCK=real there is a test clock: ./dev clock.
	local mode=(--test-mode)
	[ "${FLORIN_CLOCK:-test}" = test ] || mode=()
	"$FLORINCTL" --database "$1" --sql-dir "$TREE/sql" migrate "${mode[@]}"
	[ -e "$DEV/upstream.port" ] || choose_port upstream.port 0
	pg_run "$1" <<END
insert into florin.features
	(feature, kind, cost, upstream_url, timeout_seconds)
values ('rewrite', 'rewrite', 1,
	'http://127.0.0.1:$(<"$DEV/upstream.port")/rewrite', 5)
on conflict (feature) do update set upstream_url = excluded.upstream_url;
END
}

# --- the supervisor ----------------------------------------------------------

declare -A started delay

# End what a dead service left of its group, wait a little, start it again.
revive()
{
	local name=$1 pid=$2
	kill -TERM -- "-$pid" 2>/dev/null || :
	if ((SECONDS - started[$name] > 5)); then delay[$name]=1; fi
	sleep "0.${delay[$name]:-1}"
	kill -KILL -- "-$pid" 2>/dev/null || :
	[ "${delay[$name]:-1}" -ne 9 ] || touch "$DEV/state/failing"
	delay[$name]=$((${delay[$name]:-1} < 5 ? ${delay[$name]:-1} * 2 : 9))
	say "$(date -uIseconds) $name ($pid) died: starting it again"
	"start_$name"
}

revive_dead()
{
	local name pid
	for name in postgres florind upstream "$WEB"; do
		read -r pid _ <"$DEV/state/$name" || continue
		pid_of "$name" >/dev/null || revive "$name" "$pid"
	done
}

stop_services()
{
	stop nginx QUIT 5
	stop apache WINCH 5
	stop florind QUIT 12
	stop upstream TERM 5
	stop postgres INT 20
	rm -f "$DEV/florind.pid"
}

supervise()
{
	local stopping=
	RUN=$(run_dir)
	trap 'stopping=yes' TERM
	start_postgres
	if pg_wait && prepare_database "$(database_url)"; then
		start_upstream
		start_florind
		"start_$WEB"
		until [ "$stopping" ]; do
			wait -n || :
			[ "$stopping" ] || revive_dead
		done
	fi
	stop_services
	rm -rf "$RUN" "$DEV/state/run"
}
