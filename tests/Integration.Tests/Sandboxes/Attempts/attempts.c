/* Tries to get out of a sandbox, and prints for each attempt "NAME RESULT": ok, the name of the error, or the signal.
   Arguments: the port of a listener on the host's loopback, the name of an abstract socket of the host, a process of the
   host, a file of the host. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

static int port;
static const char *abstract_name, *host_file;
static pid_t host_process;

#define TRY(name, expression) static int name(void) { return (int)((expression) == -1 ? -1 : 0); }
#define CALL(name, ...) TRY(name, syscall(__VA_ARGS__))

static int write_to(const char *path, const char *text)
{
	int file = open(path, O_WRONLY | O_CLOEXEC);
	return file < 0 ? -1 : write(file, text, strlen(text)) < 0 ? -1 : 0;
}

static int read_from(const char *path)
{
	char byte;
	int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (file < 0)
		return -1;
	ssize_t count = read(file, &byte, 1);
	if (count == 0)
		errno = ENODATA;
	return count == 1 ? 0 : -1;
}

#define WRITES(name, path, text) TRY(name, write_to(path, text))
/* What would change the machine is opened alone: a sandbox with a hole must not cost the machine. */
#define OPENS(name, path) TRY(name, open(path, O_WRONLY | O_CLOEXEC))
#define READS(name, path) TRY(name, read_from(path))
#define FAMILY(name, number) TRY(name, socket(number, SOCK_DGRAM, 0))

/* Network. */
FAMILY(socket_ax25, 3)
FAMILY(socket_x25, 9)
FAMILY(socket_key, 15)
FAMILY(socket_packet, 17)
FAMILY(socket_rds, 21)
FAMILY(socket_can, 29)
FAMILY(socket_tipc, 30)
FAMILY(socket_bluetooth, 31)
FAMILY(socket_alg, 38)
FAMILY(socket_nfc, 39)
FAMILY(socket_vsock, 40)
FAMILY(socket_kcm, 41)
FAMILY(socket_qipcrtr, 42)
FAMILY(socket_smc, 43)
FAMILY(socket_xdp, 44)
FAMILY(socket_upper_half, (int)0x7fff0028)
TRY(socket_inet_raw, socket(AF_INET, SOCK_RAW, IPPROTO_ICMP))
TRY(socket_inet_packet, socket(AF_INET, SOCK_PACKET, 0))
TRY(socketpair_tipc, socketpair(30, SOCK_STREAM, 0, (int[2]){0}))

static int connect_to(unsigned address, int number)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(number), .sin_addr.s_addr = htonl(address)};
	return connect(socket(AF_INET, SOCK_STREAM, 0), (void *)&to, sizeof to);
}

TRY(connect_host, connect_to(INADDR_LOOPBACK, port))
TRY(connect_outside, connect_to(0xc0000201, 80))

static int connect_abstract(void)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	strncpy(to.sun_path + 1, abstract_name, sizeof to.sun_path - 2);
	return connect(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&to, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(abstract_name)));
}

static int loopback_address(void)
{
	struct ifreq request = {.ifr_name = "lo"};
	request.ifr_mtu = 1000;
	return ioctl(socket(AF_INET, SOCK_DGRAM, 0), SIOCSIFMTU, &request);
}

/* Files. */
READS(read_shadow, "/etc/shadow")
TRY(read_host_file, read_from(host_file))
OPENS(write_program, "/usr/bin/busybox")
TRY(create_in_root, open("/new", O_CREAT | O_WRONLY, 0600))
TRY(create_in_usr, open("/usr/bin/new", O_CREAT | O_WRONLY, 0600))
TRY(remove_program, unlink("/usr/bin/busybox"))
TRY(chmod_program, chmod("/usr/bin/busybox", 06755))
TRY(create_in_dev, open("/dev/pts/new", O_CREAT | O_WRONLY, 0600))
TRY(make_device, mknod("/tmp/device", S_IFBLK | 0600, makedev(254, 0)))
TRY(make_memory, mknod("/tmp/memory", S_IFCHR | 0600, makedev(1, 1)))
TRY(open_memory, open("/dev/mem", O_RDONLY))
TRY(open_kmsg, open("/dev/kmsg", O_RDONLY))
TRY(open_disk, open("/dev/vda", O_RDONLY))
TRY(open_kvm, open("/dev/kvm", O_RDWR))
TRY(open_fuse, open("/dev/fuse", O_RDWR))
TRY(open_tty, open("/dev/tty", O_RDWR))
CALL(open_by_handle, SYS_open_by_handle_at, AT_FDCWD, (void *)"", 0)
TRY(trusted_xattr, setxattr("/tmp", "trusted.x", "y", 1, 0))
TRY(file_capability, setxattr("/tmp", "security.capability", "y", 1, 0))
TRY(list_sys, open("/sys/kernel", O_RDONLY | O_DIRECTORY))
TRY(list_cgroup, open("/sys/fs/cgroup", O_RDONLY | O_DIRECTORY))
TRY(list_run, open("/run/user", O_RDONLY | O_DIRECTORY))
TRY(list_home, open("/root/.ssh", O_RDONLY | O_DIRECTORY))

static int setuid_program(void)
{
	/* Whoever runs it, it must not give him another user. */
	struct statvfs status;
	int file = open("/tmp/setuid", O_CREAT | O_WRONLY, 0755);
	if (file < 0 || fchmod(file, 06755) < 0 || fstatvfs(file, &status) < 0)
		return -1;
	errno = EACCES;
	return (status.f_flag & ST_NOSUID) && (status.f_flag & ST_NODEV) ? -1 : 0;
}

/* /proc. */
OPENS(core_pattern, "/proc/sys/kernel/core_pattern")
OPENS(modprobe, "/proc/sys/kernel/modprobe")
OPENS(sysrq_keys, "/proc/sys/kernel/sysrq")
OPENS(drop_caches, "/proc/sys/vm/drop_caches")
OPENS(overcommit, "/proc/sys/vm/overcommit_memory")
OPENS(binfmt, "/proc/sys/fs/binfmt_misc/register")
OPENS(protected_links, "/proc/sys/fs/protected_hardlinks")
OPENS(user_namespaces, "/proc/sys/user/max_user_namespaces")
OPENS(ip_forward, "/proc/sys/net/ipv4/ip_forward")
OPENS(shared_memory, "/proc/sys/kernel/shmmax")
OPENS(domain_name, "/proc/sys/kernel/domainname")
OPENS(sysrq_trigger, "/proc/sysrq-trigger")
OPENS(irq_affinity, "/proc/irq/default_smp_affinity")
WRITES(oom_score, "/proc/self/oom_score_adj", "-1000")
WRITES(uid_map, "/proc/self/uid_map", "0 0 1")
READS(kernel_core, "/proc/kcore")
READS(kernel_log, "/proc/kmsg")
READS(keys, "/proc/keys")
READS(timers, "/proc/timer_list")
READS(interrupts, "/proc/interrupts")
READS(host_memory, "/proc/1/mem")

static int in_proc_fs(void)
{
	/* Anything writable in it, but for the sandbox's own. */
	static const char *const folders[] = {"/proc/fs", "/proc/bus", "/proc/irq", "/proc/sys/kernel", "/proc/sys/vm", "/proc/sys/fs"};
	errno = ENOENT;
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		char path[4096];
		struct dirent *entry;
		DIR *folder = opendir(folders[i]);
		while (folder && (entry = readdir(folder))) {
			snprintf(path, sizeof path, "%s/%s", folders[i], entry->d_name);
			if (entry->d_name[0] != '.' && !access(path, W_OK))
				return 0;
		}
	}
	errno = EROFS;
	return -1;
}

/* Descriptors: those of standard streams, and no other. */
static int descriptors(void)
{
	struct dirent *entry;
	DIR *folder = opendir("/proc/self/fd");
	while ((entry = readdir(folder)))
		if (entry->d_name[0] != '.' && atoi(entry->d_name) > 2 && atoi(entry->d_name) != dirfd(folder))
			return 0;
	errno = EBADF;
	return -1;
}

/* Processes. */
TRY(kill_host, kill(host_process, 0))
TRY(trace_host, ptrace(PTRACE_ATTACH, host_process, 0, 0))
TRY(read_host_process, syscall(SYS_process_vm_readv, host_process, &(struct { void *b; size_t n; }){&port, 1}, 1, &(struct { void *b; size_t n; }){&port, 1}, 1, 0))
TRY(raise_priority, setpriority(PRIO_PROCESS, 0, -5))
TRY(real_time, sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){.sched_priority = 1}))
TRY(raise_limit, setrlimit(RLIMIT_NOFILE, &(struct rlimit){1 << 20, 1 << 20}))
TRY(become_another, setresuid(12345, 12345, 12345))
TRY(become_another_group, setresgid(12345, 12345, 12345))
TRY(set_groups, setgroups(1, (gid_t[]){12345}))
TRY(host_name, sethostname("x", 1))

static int more_capabilities(void)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct data[2];
	if (syscall(SYS_capget, &header, data) < 0)
		return -1;
	data[0].permitted |= 1 << CAP_SYS_ADMIN;
	data[0].effective |= 1 << CAP_SYS_ADMIN;
	return (int)syscall(SYS_capset, &header, data);
}

/* Mounts and namespaces. */
TRY(mount_tmpfs, mount("x", "/tmp", "tmpfs", 0, 0))
TRY(mount_proc, mount("proc", "/tmp", "proc", 0, 0))
TRY(remount_root, mount(0, "/", 0, MS_REMOUNT | MS_BIND, 0))
TRY(unmount_proc, umount2("/proc/sys", MNT_DETACH))
CALL(pivot, SYS_pivot_root, "/tmp", "/tmp")
CALL(new_mount_api, SYS_fsopen, "tmpfs", 0)
CALL(clone_tree, SYS_open_tree, AT_FDCWD, "/", 1)
CALL(attach_tree, SYS_move_mount, AT_FDCWD, "/", AT_FDCWD, "/tmp", 0)
CALL(set_mount, SYS_mount_setattr, AT_FDCWD, "/", 0, (void *)"", 0)
TRY(unshare_user, unshare(CLONE_NEWUSER))
TRY(unshare_mounts, unshare(CLONE_NEWNS))
TRY(unshare_network, unshare(CLONE_NEWNET))
TRY(unshare_time, unshare(0x80))
CALL(clone_user, SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0)
CALL(clone_by_struct, SYS_clone3, (void *)"", 0)
TRY(enter_namespace, setns(open("/proc/1/ns/mnt", O_RDONLY), 0))

/* Terminals. */
TRY(type_into_terminal, ioctl(0, TIOCSTI, "x"))
TRY(type_with_upper_half, syscall(SYS_ioctl, 0, 0x100000000 | TIOCSTI, "x"))
TRY(paste_into_console, ioctl(0, TIOCLINUX, "\3"))
TRY(line_discipline, ioctl(0, TIOCSETD, &(int){21}))

/* The machine. */
CALL(load_bpf, SYS_bpf, 0, 0, 0)
CALL(watch_performance, SYS_perf_event_open, 0, 0, -1, -1, 0)
CALL(handle_faults, SYS_userfaultfd, 0)
CALL(io_ring, SYS_io_uring_setup, 1, 0)
CALL(io_ring_enter, SYS_io_uring_enter, 0, 0, 0, 0, 0)
CALL(io_ring_register, SYS_io_uring_register, 0, 0, 0, 0)
CALL(session_keys, SYS_keyctl, 0, -3, 0)
CALL(add_key, SYS_add_key, "user", "x", "y", 1, -3)
CALL(request_key, SYS_request_key, "user", "x", 0, -3)
CALL(new_kernel, SYS_kexec_load, 0, 0, 0, 0)
CALL(new_kernel_file, SYS_kexec_file_load, 0, 0, 0, 0, 0)
CALL(load_module, SYS_init_module, 0, 0, "")
CALL(load_module_file, SYS_finit_module, 0, "", 0)
CALL(unload_module, SYS_delete_module, "x", 0)
CALL(restart, SYS_reboot, 0, 0, 0, 0)
CALL(swap, SYS_swapon, "/tmp/x", 0)
CALL(account, SYS_acct, 0)
TRY(set_clock, settimeofday(&(struct timeval){1, 0}, 0))
TRY(set_clock_precisely, clock_settime(CLOCK_REALTIME, &(struct timespec){1, 0}))
CALL(io_ports, SYS_iopl, 3)
CALL(io_port, SYS_ioperm, 0x70, 1, 1)
CALL(quotas, SYS_quotactl, 0, 0, 0, 0)
CALL(kernel_messages, SYS_syslog, 3, 0, 0)
CALL(compare_processes, SYS_kcmp, 1, 1, 0, 0, 0)
CALL(watch_files, SYS_fanotify_init, 0, 0)
CALL(cookies, SYS_lookup_dcookie, 0, 0, 0)
CALL(old_statistics, SYS_ustat, 0, 0)
CALL(file_systems, SYS_sysfs, 3)
CALL(hang_up, SYS_vhangup)

/* Other tables of system calls. */
CALL(x32_call, 0x40000000 | SYS_getpid)

static int i386_call(void)
{
	long result;
	__asm__ volatile("int $0x80" : "=a"(result) : "a"(20) : "memory");
	errno = result < 0 ? (int)-result : 0;
	return result < 0 ? -1 : 0;
}

#define A(name) {#name, name}
static const struct { const char *name; int (*run)(void); } attempts[] = {
	A(socket_ax25), A(socket_x25), A(socket_key), A(socket_packet), A(socket_rds), A(socket_can), A(socket_tipc), A(socket_bluetooth),
	A(socket_alg), A(socket_nfc), A(socket_vsock), A(socket_kcm), A(socket_qipcrtr), A(socket_smc), A(socket_xdp),
	A(socket_upper_half), A(socket_inet_raw), A(socket_inet_packet), A(socketpair_tipc), A(connect_host), A(connect_outside),
	A(connect_abstract), A(loopback_address),
	A(read_shadow), A(read_host_file), A(write_program), A(create_in_root), A(create_in_usr), A(remove_program), A(chmod_program),
	A(create_in_dev), A(make_device), A(make_memory), A(open_memory), A(open_kmsg), A(open_disk), A(open_kvm), A(open_fuse), A(open_tty),
	A(open_by_handle), A(trusted_xattr), A(file_capability), A(list_sys), A(list_cgroup), A(list_run), A(list_home), A(setuid_program),
	A(core_pattern), A(modprobe), A(sysrq_keys), A(drop_caches), A(overcommit), A(binfmt), A(protected_links), A(user_namespaces),
	A(ip_forward), A(shared_memory), A(domain_name), A(sysrq_trigger), A(irq_affinity), A(oom_score), A(uid_map),
	A(kernel_core), A(kernel_log), A(keys), A(timers), A(interrupts), A(host_memory), A(in_proc_fs),
	A(descriptors), A(kill_host), A(trace_host), A(read_host_process), A(raise_priority), A(real_time), A(raise_limit), A(become_another),
	A(become_another_group), A(set_groups), A(host_name), A(more_capabilities),
	A(mount_tmpfs), A(mount_proc), A(remount_root), A(unmount_proc), A(pivot), A(new_mount_api), A(clone_tree), A(attach_tree),
	A(set_mount), A(unshare_user), A(unshare_mounts), A(unshare_network), A(unshare_time), A(clone_user), A(clone_by_struct),
	A(enter_namespace), A(type_into_terminal), A(type_with_upper_half), A(paste_into_console), A(line_discipline),
	A(load_bpf), A(watch_performance), A(handle_faults), A(io_ring), A(io_ring_enter), A(io_ring_register), A(session_keys), A(add_key),
	A(request_key), A(new_kernel), A(new_kernel_file), A(load_module), A(load_module_file), A(unload_module), A(restart), A(swap),
	A(account), A(set_clock), A(set_clock_precisely), A(io_ports), A(io_port), A(quotas), A(kernel_messages), A(compare_processes),
	A(watch_files), A(cookies), A(old_statistics), A(file_systems), A(hang_up), A(x32_call), A(i386_call),
};

int main(int count, char **arguments)
{
	/* On a machine without a sandbox around it, some of these succeed. */
	if (count < 5 || !getenv("IN_A_SANDBOX"))
		return 2;
	port = atoi(arguments[1]);
	abstract_name = arguments[2];
	host_process = atoi(arguments[3]);
	host_file = arguments[4];
	for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
		int status = 0;
		fflush(stdout);
		pid_t child = fork();
		if (child == 0) {
			alarm(10);
			errno = 0;
			_exit(attempts[i].run() == 0 ? 0 : errno ? errno : 255);
		}
		waitpid(child, &status, 0);
		if (WIFSIGNALED(status))
			printf("%s SIG%s\n", attempts[i].name, sigabbrev_np(WTERMSIG(status)));
		else
			printf("%s %s\n", attempts[i].name, WEXITSTATUS(status) ? strerrorname_np(WEXITSTATUS(status)) : "ok");
	}
	return 0;
}
