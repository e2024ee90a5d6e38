# shellcheck shell=bash
# What the florinctl tests share: TAP, a temporary folder, florinctl itself.
# Its environment comes from tests/sql/run.
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
tests=0

# ok STATUS NAME: 0 is good
ok()
{
	tests=$((tests + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tests - $2"
	else
		echo "not ok $tests - $2"
		sed 's/^/# /' "$WORK/out" "$WORK/err" >&2
	fi
}

is() { [ "$1" = "$2" ]; ok $? "$3${4:+ ($4)}"; }

# ctl STATUS NAME ARGUMENT…: run florinctl, compare its exit status
ctl()
{
	local wanted=$1 name=$2 got=0
	shift 2
	"$FLORINCTL" "$@" >"$WORK/out" 2>"$WORK/err" </dev/null || got=$?
	is "$got" "$wanted" "$name" "exit status $got"
}

# says TEXT NAME: standard output has it; complains: standard error
says() { grep -qF -- "$1" "$WORK/out"; ok $? "$2"; }
complains() { grep -qF -- "$1" "$WORK/err"; ok $? "$2"; }
silent() { [ ! -s "$WORK/out" ]; ok $? "$1"; }

sql() { psql -XqAt -v ON_ERROR_STOP=1 -c "$1" "${2:-}"; }

# A database of this test's own; FLORIN_DATABASE names it from now on.
own_database()
{
	createdb "$1"
	export PGDATABASE=$1
	export FLORIN_DATABASE="host=$PGHOST user=$PGUSER dbname=$1"
}

done_testing() { echo "1..$tests"; }
