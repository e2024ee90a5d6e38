# shellcheck shell=bash
# Part of ./dev: the test suites.

SUITES=(tidy unit sql openapi http race chaos fuzz web)
SUITES_ALL=("${SUITES[@]}" apache install)

# What a suite's log says, as "passed failed": the runner's own last line of
# pytest, prove or CUnit, or "N passed, N failed" of any other.
count_results()
{
	sed 's/\x1b\[[0-9;]*m//g' "$1" | awk '
	function number(word) {
		if (!match($0, "[0-9]+ " word)) return 0
		return substr($0, RSTART, RLENGTH) + 0
	}
	/^[0-9]+ passed, [0-9]+ failed$/ {
		own = 1; own_passed = $1; own_failed = $3
	}
	/^=+ .* in [0-9.]+s/ {
		passed += number("passed")
		failed += number("failed") + number("error")
	}
	/^ +tests +[0-9]+ +[0-9]+ +[0-9]+ +[0-9]+/ {
		passed += $4; failed += $5
	}
	/^Files=[0-9]+, Tests=[0-9]+/ {
		split($2, tests, "="); passed += tests[2] - wrong; failed += wrong
		wrong = 0
	}
	/^ *Failed [0-9]+\/[0-9]+ subtests/ { wrong += $2 }
	END {
		if (own) { passed = own_passed; failed = own_failed }
		print passed + 0, failed + 0
	}'
}

# run_suite NAME: adds to total_passed and total_failed
run_suite()
{
	local log=$LOG/test-$1.log status=0 passed failed
	say "--- $1"
	(cd "$TREE" && "tests/$1/run") </dev/null 2>&1 | tee "$log" ||
		status=$?
	read -r passed failed <<<"$(count_results "$log")"
	if [ $((passed + failed)) -eq 0 ] ||
		{ [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; }; then
		failed=$((failed + 1)) # it broke, or ran nothing
	fi
	total_passed=$((total_passed + passed))
	total_failed=$((total_failed + failed))
	summary+=("$(printf '%-7s %6d passed %4d failed %5d s' \
		"$1" "$passed" "$failed" $((SECONDS - suite_start)))")
}

run_tests()
{
	local suites=("$@") suite total_passed=0 total_failed=0 summary=()
	local suite_start
	case ${1:-} in
	'') suites=("${SUITES[@]}") ;;
	all)
		suites=("${SUITES_ALL[@]}")
		export FLORIN_TEST_ALL=1
		;;
	esac
	need_packages "${PACKAGES[@]}" "${TEST_PACKAGES[@]}"
	need_node
	build
	mkdir -p "$LOG"
	export FLORIN_BUILD_DIR=$BUILD FLORIN_SKIP_BUILD=1 FLORIN_PORT=0
	unset FLORIN_DEV_DIR
	for suite in "${suites[@]}"; do
		if [ ! -x "$TREE/tests/$suite/run" ]; then
			[ $# -eq 0 ] || [ "$1" = all ] || die "no suite $suite"
			continue
		fi
		suite_start=$SECONDS
		run_suite "$suite"
	done
	printf '%s\n' "" "${summary[@]}"
	echo "$total_passed passed, $total_failed failed"
	[ "$total_failed" -eq 0 ] && [ "$total_passed" -gt 0 ]
}

run_bench()
{
	need_packages "${PACKAGES[@]}" wrk procps python3-minimal
	need_node
	build
	export FLORIN_BUILD_DIR=$BUILD FLORIN_SKIP_BUILD=1
	unset FLORIN_DEV_DIR
	"$TREE/bench/run" "$@"
}
