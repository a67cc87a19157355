/*
 * Gives the user of a process a name where /etc/passwd has none for it, as under `docker run --user 1234`:
 * UID_NAME=NAME LD_PRELOAD=libuid-name.so PROGRAM. All other users are looked up as ever.
 */
#include <dlfcn.h>
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct passwd entry(uid_t uid, const char *name)
{
	const char *home = getenv("HOME");
	struct passwd user = {
		.pw_name = (char *)name,
		.pw_passwd = "x",
		.pw_uid = uid,
		.pw_gid = getegid(),
		.pw_gecos = "",
		.pw_dir = (char *)(home ? home : "/"),
		.pw_shell = "/bin/sh",
	};
	return user;
}

static const char *name_for(uid_t uid)
{
	return uid == geteuid() ? getenv("UID_NAME") : NULL;
}

static char *copy(const char *text, char **rest, size_t *size)
{
	size_t needed = strlen(text) + 1;
	char *copied = *rest;

	if (needed > *size)
		return NULL;
	*rest += needed;
	*size -= needed;
	return memcpy(copied, text, needed);
}

struct passwd *getpwuid(uid_t uid)
{
	static struct passwd named;
	struct passwd *(*look_up)(uid_t) = (struct passwd *(*)(uid_t))dlsym(RTLD_NEXT, "getpwuid");
	struct passwd *found = look_up(uid);
	const char *name = name_for(uid);

	if (found || !name)
		return found;
	named = entry(uid, name);
	return &named;
}

int getpwuid_r(uid_t uid, struct passwd *user, char *buffer, size_t size, struct passwd **found)
{
	int (*look_up)(uid_t, struct passwd *, char *, size_t, struct passwd **) =
		(int (*)(uid_t, struct passwd *, char *, size_t, struct passwd **))dlsym(RTLD_NEXT, "getpwuid_r");
	int error = look_up(uid, user, buffer, size, found);
	const char *name = name_for(uid);

	if (*found || error == ERANGE || !name)
		return error;
	*user = entry(uid, name);
	/* What it returns is in the caller's memory, the environment is not. */
	user->pw_name = copy(user->pw_name, &buffer, &size);
	user->pw_dir = copy(user->pw_dir, &buffer, &size);
	if (!user->pw_name || !user->pw_dir)
		return ERANGE;
	*found = user;
	return 0;
}
