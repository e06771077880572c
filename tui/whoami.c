/* The operator's name, for others who want what this run of the program has. */
#define _GNU_SOURCE /* gethostname, in any mode */
#include "tui/whoami.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "core/mem.h"
#include "core/utf8.h"

char *
whoami_run(void)
{
	const struct passwd *pw = getpwuid(getuid());
	const char *name = pw != NULL ? pw->pw_name : getenv("USER");
	char host[256] = "", user[64], desk[64];

	if (gethostname(host, sizeof host - 1) != 0)
		host[0] = '\0';
	utf8_clean(user, sizeof user, name != NULL ? name : "somebody",
	    name != NULL ? strlen(name) : 8);
	utf8_clean(desk, sizeof desk, host, strlen(host));
	return x_asprintf("%s@%s:%ld", user, desk, (long)getpid());
}
