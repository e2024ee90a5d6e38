# Bash completion of ./dev: . contrib/completion/dev.bash
_florin_dev()
{
	local word=${COMP_WORDS[COMP_CWORD]} words="" tree
	tree=$(dirname "${COMP_WORDS[0]}")
	case $COMP_CWORD:${COMP_WORDS[1]} in
	1:*) words="up down psql logs clock token build test bench help" ;;
	*:up) words=--detach ;;
	*:build) words="asan coverage fuzz" ;;
	2:token) words="alice bob carol" ;;
	3:token) words="user service admin" ;;
	*:test) words="all $(cd "$tree/tests" && echo */run | sed 's,/run,,g; s,support,,')" ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -F _florin_dev ./dev dev
