# shellcheck shell=bash
# Part of ./dev: the packages that it needs, and the build.

# Debian packages: to build and run, and to test.
# shellcheck disable=SC2034 # used by dev
PACKAGES=(
	autoconf automake make gcc libc6-dev pkg-config
	libcurl4-openssl-dev libpq-dev libjson-c-dev libjwt-dev libssl-dev libconfuse-dev
	libsystemd-dev libseccomp-dev libsmartcols-dev libcunit1-dev libfcgi-dev uthash-dev
	postgresql-15 nginx curl openssl python3-minimal
)
# shellcheck disable=SC2034 # used by test.sh
TEST_PACKAGES=(
	clang libclang-rt-14-dev clang-format cppcheck shellcheck python3 python3-pytest
	python3-psycopg2 python3-jsonschema python3-cryptography
	postgresql-15-pgtap
	libtap-parser-sourcehandler-pgtap-perl apache2 systemd xz-utils jq
)

as_root()
{
	if is_root; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		die "needs root or sudo to run: $*"
	fi
}

missing_packages()
{
	comm -13 <(dpkg-query -W -f='${db:Status-Abbrev}${Package}\n' "$@" \
		2>/dev/null | sed -n 's/^ii *//p' | sort) \
		<(printf '%s\n' "$@" | sort)
}

# Node and npm: Debian's, unless somebody has installed others.
need_node()
{
	command -v node >/dev/null || need_packages nodejs
	command -v npm >/dev/null || need_packages npm
}

# Install what is missing.  Debian starts each server that it installs; ours
# are private, so that policy-rc.d says no while we are at it.
need_packages()
{
	local missing policy=/usr/sbin/policy-rc.d made=
	mapfile -t missing < <(missing_packages "$@")
	[ ${#missing[@]} -gt 0 ] || return 0
	say "Installing: ${missing[*]}"
	if [ ! -e $policy ]; then
		printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
		as_root chmod 755 $policy
		made=yes
	fi
	{
		as_root apt-get -qq update &&
			as_root env DEBIAN_FRONTEND=noninteractive apt-get \
				-qq -y --no-install-recommends \
				-o Dpkg::Use-Pty=0 install "${missing[@]}"
	} </dev/null >&2 || made=$made-failed
	[ "${made#yes}" = "$made" ] || as_root rm -f $policy
	[ "${made%-failed}" = "$made" ] || die "could not install packages"
}

# Source files that ./configure is made of are newer than it?
configure_is_old()
{
	[ ! -x "$TREE/configure" ] || [ ! -e "$TREE/Makefile.in" ] ||
		[ -n "$(find "$TREE/configure.ac" "$TREE/m4" \
			-newer "$TREE/configure" -print -quit)" ]
}

# build_in DIRECTORY [configure argument…]
build_in()
{
	local dir=$1
	shift
	case $TREE$dir in
	*[!A-Za-z0-9/._+@:,=-]*)
		die "automake needs a path of letters, digits, ._+@:,=- only"
		;;
	esac
	mkdir -p "$dir"
	(
		flock 9
		cd "$dir" || exit
		if configure_is_old; then
			"$TREE/autogen.sh" >autogen.log 2>&1 ||
				{ cat autogen.log >&2; die "autogen.sh failed"; }
		fi
		if [ ! -e config.status ]; then
			"$TREE/configure" -q --prefix=/usr --sysconfdir=/etc \
				"$@" >configure.log 2>&1 ||
				{ cat configure.log >&2; die "configure failed"; }
		fi
		make -s -j"$(nproc)" >make.log 2>&1 ||
			{ cat make.log >&2; die "make failed"; }
		grep -A5 'warning:' make.log >&2 || :
	) 9>"$dir/.lock"
}

build()
{
	[ -z "${FLORIN_SKIP_BUILD:-}" ] || return 0
	case ${1:-} in
	'') build_in "$BUILD" ;;
	asan) build_in "$BUILD-asan" --enable-asan ;;
	coverage) build_in "$BUILD-coverage" --enable-coverage ;;
	fuzz) build_in "$BUILD-fuzz" --enable-fuzz CC=clang ;;
	*) die "no such variant: $1" ;;
	esac
}
