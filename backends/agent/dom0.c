/* The machine below the agent: whether it is a dom0 at all, what hypervisor it
 * runs, who it is and how loaded. Asked before any Xen library is touched, for
 * those libraries fail in unclear ways on a machine or a version that is not
 * theirs. */
#include "backends/agent/dom0.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "core/utf8.h"

/* The file's first bytes without white space at the end; -1: not readable. */
static int
read_text(const char *root, const char *path, char *out, size_t size)
{
	char full[512];
	ssize_t n;
	int fd;

	out[0] = '\0';
	snprintf(full, sizeof full, "%s%s", root, path);
	fd = open(full, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	n = read(fd, out, size - 1);
	close(fd);
	if (n < 0)
		return -1;
	while (n > 0 && isspace((unsigned char)out[n - 1]))
		n--;
	out[n] = '\0';
	return 0;
}

static int
try_device(const char *root, const char *path)
{
	char full[512];
	int fd;

	snprintf(full, sizeof full, "%s%s", root, path);
	fd = open(full, O_RDWR | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	return fd >= 0 ? 0 : errno;
}

enum dom0_kind
dom0_kind(const char *root)
{
	char text[256];
	int e;

	if (read_text(root, "/sys/hypervisor/type", text, sizeof text) != 0 ||
	    strcmp(text, "xen") != 0)
		return DOM0_NO_XEN;
	/* xenfs need not be mounted: then the device has the last word. */
	if (read_text(root, "/proc/xen/capabilities", text, sizeof text) == 0 &&
	    strstr(text, "control_d") == NULL)
		return DOM0_GUEST;
	e = try_device(root, "/dev/xen/privcmd");
	if (e == ENOENT)
		e = try_device(root, "/proc/xen/privcmd");
	if (e == 0)
		return DOM0_YES;
	return e == EACCES || e == EPERM ? DOM0_NO_RIGHTS : DOM0_NO_DEVICE;
}

void
dom0_xen_release(const char *root, char *out, size_t size)
{
	char major[16], minor[16];

	out[0] = '\0';
	if (read_text(root, "/sys/hypervisor/version/major", major,
	    sizeof major) == 0 &&
	    read_text(root, "/sys/hypervisor/version/minor", minor,
	    sizeof minor) == 0)
		snprintf(out, size, "%s.%s", major, minor);
}

static const char *
clean(struct arena *a, const char *s)
{
	char text[OBS_TEXT_MAX + 1];

	utf8_clean(text, sizeof text, s, strlen(s));
	return arena_strdup(a, text);
}

void
dom0_identity(const char *root, struct obs_host *h, struct arena *a)
{
	struct utsname u;
	char text[64];

	if (uname(&u) == 0) {
		h->hostname = clean(a, u.nodename);
		h->kernel = clean(a, u.release);
	}
	if (read_text(root, "/proc/sys/kernel/random/boot_id", text,
	    sizeof text) == 0)
		h->boot_id = clean(a, text);
}

void
dom0_load(struct obs_host *h)
{
	struct sysinfo si;

	if (sysinfo(&si) != 0)
		return;
	h->load_pm = (int32_t)(si.loads[0] * 1000 >> SI_LOAD_SHIFT);
	h->uptime_s = si.uptime;
}
