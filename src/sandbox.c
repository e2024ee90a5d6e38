#include "sandbox.h"

#include "log.h"

#ifdef HAVE_SECCOMP
#include <errno.h>
#include <seccomp.h>
#include <stddef.h>
#include <string.h>

/* What a worker does once it runs: talks over sockets that it has or makes
 * (the database's), reads keys and zones, writes its log, allocates.  Any
 * other call fails with EPERM, as if the kernel did not let us. */
static const char *const allowed[] = {
	/* files */
	"read",
	"readv",
	"pread64",
	"write",
	"writev",
	"close",
	"open",
	"openat",
	"stat",
	"fstat",
	"lstat",
	"newfstatat",
	"statx",
	"lseek",
	"access",
	"faccessat",
	"faccessat2",
	"readlink",
	"getcwd",
	"getdents64",
	"fcntl",
	"dup",
	"dup2",
	"dup3",
	"ftruncate",
	/* sockets and waiting */
	"socket",
	"connect",
	"accept4",
	"bind",
	"getsockname",
	"getpeername",
	"getsockopt",
	"setsockopt",
	"sendto",
	"recvfrom",
	"sendmsg",
	"recvmsg",
	"sendmmsg",
	"recvmmsg",
	"shutdown",
	"poll",
	"ppoll",
	"select",
	"pselect6",
	"epoll_create1",
	"epoll_ctl",
	"epoll_wait",
	"epoll_pwait",
	"epoll_pwait2",
	"socketpair",
	"pipe",
	"pipe2",
	"eventfd2",
	"ioctl",
	/* memory */
	"brk",
	"mmap",
	"munmap",
	"mremap",
	"mprotect",
	"madvise",
	/* threads (of the HTTP client's resolver) and locks */
	"clone",
	"clone3",
	"futex",
	"set_robust_list",
	"rseq",
	"sched_yield",
	"sched_getaffinity",
	/* signals and the end */
	"rt_sigaction",
	"rt_sigprocmask",
	"rt_sigreturn",
	"sigaltstack",
	"restart_syscall",
	"tgkill",
	"exit",
	"exit_group",
	/* who and when */
	"getpid",
	"gettid",
	"getppid",
	"getuid",
	"geteuid",
	"getgid",
	"getegid",
	"uname",
	"sysinfo",
	"getrandom",
	"clock_gettime",
	"clock_getres",
	"gettimeofday",
	"time",
	"nanosleep",
	"clock_nanosleep",
	"getrusage",
	"prlimit64",
	"getrlimit",
	"prctl",
};

/* Forking would be clone without CLONE_THREAD, but then execve is not there:
 * a copy of a worker can do no more than the worker. */
static bool
add_rules(scmp_filter_ctx filter)
{
	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++) {
		int number = seccomp_syscall_resolve_name(allowed[i]);
		int fault;

		if (number == __NR_SCMP_ERROR || number < 0)
			continue; /* not on this architecture */
		fault = seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 0);
		if (fault != 0) {
			log_event(LOG_LEVEL_ERROR, "seccomp: %s: %s",
			    allowed[i], strerror(-fault));
			return false;
		}
	}
	return true;
}

bool
sandbox_enter(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int fault = -ENOMEM;
	bool ok;

	ok = filter != NULL && add_rules(filter) &&
	    (fault = seccomp_load(filter)) == 0;
	if (!ok)
		log_event(LOG_LEVEL_ERROR, "seccomp: %s", strerror(-fault));
	seccomp_release(filter);
	return ok;
}
#else
bool
sandbox_enter(void)
{
	log_event(LOG_LEVEL_WARNING, "built without seccomp");
	return true;
}
#endif
