# shellcheck shell=bash
# Part of ./dev: processes that are remembered, users, folders.

# A process is remembered as "pid start-time", so that a number which another
# program got since is never taken for ours.
start_time()
{
	local stat
	{ stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
	read -r -a stat <<<"${stat##*) }"
	[ "${stat[0]}" != Z ] && echo "${stat[19]}"
}

remember() { echo "$2 $(start_time "$2")" >"$DEV/state/$1"; }

# pid_of NAME: its pid if that very process still runs
pid_of()
{
	local pid started
	read -r pid started 2>/dev/null <"$DEV/state/$1" || return 1
	[ "$(start_time "$pid")" = "$started" ] && echo "$pid"
}

# wait_gone NAME SECONDS: true once it has ended
wait_gone()
{
	local left=$(($2 * 20))
	while pid_of "$1" >/dev/null; do
		[ $((left--)) -gt 0 ] || return 1
		sleep 0.05
	done
}

# stop NAME SIGNAL SECONDS: ask, wait, insist; then end its whole group
stop()
{
	local pid
	pid=$(pid_of "$1") || return 0
	kill "-$2" "$pid" 2>/dev/null || :
	wait_gone "$1" "$3" || kill -KILL "$pid" 2>/dev/null || :
	kill -KILL -- "-$pid" 2>/dev/null || :
	rm -f "$DEV/state/$1"
}


# Who runs a service: as root two unprivileged users, else yourself.
user_of()
{
	if ! is_root; then
		id -un
	elif [ "$1" = postgres ]; then
		echo postgres
	else
		echo www-data
	fi
}

has_capability() # NUMBER
{
	local bounding
	bounding=$(awk '/^CapBnd:/ { print $2 }' /proc/self/status)
	(((16#$bounding >> $1) & 1))
}

# A tree below a closed folder (/root, say) hides its files from the service
# users: then they may look through folders, and nothing more.
reach_options()
{
	setpriv --reuid="$1" --regid="$1" --init-groups \
		test -r "$DEV/state" -a -x "$TREE" 2>/dev/null && return 0
	if has_capability 2; then
		echo --inh-caps=+dac_read_search --ambient-caps=+dac_read_search
	elif has_capability 1; then
		echo --inh-caps=+dac_override --ambient-caps=+dac_override
	else
		die "$1 cannot reach $DEV: use a folder that all may enter"
	fi
}

# exec_as SERVICE COMMAND…: become the command, as the service's user
exec_as()
{
	local user options=()
	user=$(user_of "$1")
	shift
	cd /
	if is_root; then
		read -r -a options <<<"$(reach_options "$user")"
		exec setpriv --reuid="$user" --regid="$user" --init-groups \
			"${options[@]}" "$@"
	fi
	exec "$@"
}

own() # SERVICE GROUP-OF-SERVICE MODE PATH…
{
	local owner group mode=$3
	owner=$(user_of "$1")
	group=$(id -gn "$(user_of "$2")")
	shift 3
	if is_root; then chown "$owner:$group" "$@"; fi
	chmod "$mode" "$@"
}

# Sockets live in a short folder of their own: their paths have 107 bytes at
# most, a clone's path may have more.  Its name is remembered in state/run.
make_run_dir()
{
	RUN=$(run_dir)
	if [ ! -O "$RUN" ]; then
		RUN=$(mktemp -d /tmp/florin.XXXXXX)
		echo "$RUN" >"$DEV/state/run"
	fi
	chmod 711 "$RUN"
	mkdir -p "$RUN/pg" "$RUN/fcgi" "$RUN/nginx"
	own postgres florind 750 "$RUN/pg"
	own florind florind 700 "$RUN/fcgi"
}

run_dir() { cat "$DEV/state/run" 2>/dev/null || :; }

make_dirs()
{
	mkdir -p "$DEV" "$DEV/state" "$DEV/nginx/florin" "$LOG"
	chmod 755 "$DEV" "$DEV/state"
	make_run_dir
}
