/* Reading between the lines of shells, sudo and the loader: there is no other
 * way to tell an agent that is not there from one that may not be run. Their
 * words may come in another language, so the exit status counts as well. */
#include "backends/agentexit.h"

#include <string.h>

#include "backends/wire.h"
#include "core/utf8.h"

void
agentexit_last_line(const char *text, size_t n, char *out, size_t size)
{
	const char *begin = n != 0 ? text : "", *end = begin + n;

	while (end > begin && strchr("\n\r ", end[-1]) != NULL)
		end--;
	for (const char *p = begin; p < end; p++)
		if (*p == '\n')
			begin = p + 1;
	utf8_clean(out, size, begin, (size_t)(end - begin));
}

static bool
says_any(const char *text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strstr(text, *words) != NULL)
			return true;
	return false;
}

/* 126: the shell found it, but it cannot be run. */
static bool
is_denied(int status, const char *text)
{
	static const char *const words[] = {
		"a password is required", "a terminal is required",
		"no tty present", "you must have a tty",
		"is not in the sudoers", "may not run sudo",
		"not allowed to execute", "sudo: command not found",
		"sudo: not found", "must be root", "ermission denied",
		"not permitted", NULL
	};

	return status == WIRE_AGENT_DENIED ||
	    (status != 126 && says_any(text, words));
}

static bool
is_absent(int status, const char *text)
{
	static const char *const words[] = {
		"not found", "o such file", NULL
	};

	return status == 126 || status == 127 || says_any(text, words);
}

enum observer_fault
agentexit_explain(const char *agent, bool sudo, int status,
    const char *last_line, struct err *e)
{
	bool said = last_line[0] != '\0';

	if (is_denied(status, last_line)) {
		err_set(e, ERR_FAILED, "may not run (%s): %s",
		    said ? last_line : "it did not say why",
		    sudo ? "let sudo run it without a password" :
		    "connect as root, or set sudo = true");
		return OBSERVER_DENIED;
	}
	if (is_absent(status, last_line))
		err_set(e, ERR_FAILED, "could not be started%s%s",
		    said ? ": " : " as ", said ? last_line : agent);
	else
		err_set(e, ERR_FAILED, "cannot work (exit status %d)%s%s",
		    status, said ? ": " : "", last_line);
	return OBSERVER_ABSENT;
}
