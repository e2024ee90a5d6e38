# Compiler and linker flags that older tools do not know: each one is tried
# alone and kept only if it makes no warning.

# FLORIN_CFLAG(VARIABLE, FLAG): append FLAG to VARIABLE if the compiler takes it
AC_DEFUN([FLORIN_CFLAG], [
	AS_VAR_PUSHDEF([known], [florin_cv_cflag_$2])
	AC_CACHE_CHECK([whether $CC takes $2], [known], [
		florin_save=$CFLAGS
		CFLAGS="$CFLAGS -Werror $2"
		AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [])],
		    [AS_VAR_SET([known], [yes])], [AS_VAR_SET([known], [no])])
		CFLAGS=$florin_save
	])
	AS_VAR_IF([known], [yes], [$1="$$1 $2"])
	AS_VAR_POPDEF([known])
])

# FLORIN_LDFLAG(VARIABLE, FLAG): the same for the linker
AC_DEFUN([FLORIN_LDFLAG], [
	AS_VAR_PUSHDEF([known], [florin_cv_ldflag_$2])
	AC_CACHE_CHECK([whether the linker takes $2], [known], [
		florin_save=$LDFLAGS
		LDFLAGS="$LDFLAGS -Werror $2"
		AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
		    [AS_VAR_SET([known], [yes])], [AS_VAR_SET([known], [no])])
		LDFLAGS=$florin_save
	])
	AS_VAR_IF([known], [yes], [$1="$$1 $2"])
	AS_VAR_POPDEF([known])
])

# FLORIN_CFLAGS(VARIABLE, FLAGS), FLORIN_LDFLAGS(VARIABLE, FLAGS): lists
AC_DEFUN([FLORIN_CFLAGS],
	[m4_foreach_w([florin_flag], [$2],
	    [FLORIN_CFLAG([$1], m4_defn([florin_flag]))])])
AC_DEFUN([FLORIN_LDFLAGS],
	[m4_foreach_w([florin_flag], [$2],
	    [FLORIN_LDFLAG([$1], m4_defn([florin_flag]))])])
