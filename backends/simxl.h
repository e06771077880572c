#ifndef BACKENDS_SIMXL_H
#define BACKENDS_SIMXL_H

#include "backends/simproc.h"

/* What a simulated host does with an argv: xl(1), and the little else that a
 * console runs. In xl's own words, with its exit codes, and in its time. What is
 * not known ends with 127, as in a shell. */

/* One step of a command, from its first on. */
void simxl_step(struct simworld *w, struct simproc *p);

/* --- For the files of commands ---------------------------------------------- */

enum { SIMXL_EXIT_USAGE = 2, SIMXL_EXIT_UNKNOWN = 127 };

struct simxl_command {
	const char *name;
	simproc_step *step;
};

/* Ended by a name of NULL. */
extern const struct simxl_command simxl_lifecycle[];
extern const struct simxl_command simxl_settings[];
extern const struct simxl_command simxl_devices[];
extern const struct simxl_command simxl_saving[];
extern const struct simxl_command simxl_migration[];

/* A script for a shell: true when it is none, or what is left of it in p->args
 * is the command; else it is on its way, or has ended. */
bool simsh_begin(struct simworld *w, struct simproc *p);

/* "sh -c SCRIPT xendeck-probe ...", and lvchange. */
void simprobe_begin(struct simworld *w, struct simproc *p);
void simlv_begin(struct simworld *w, struct simproc *p);
/* Whether a disk of a domain can be used on that host. */
bool simhost_has_disk(const struct simhost *h, const char *path);
/* By an address or name that another host would use; SIM_NONE. */
uint32_t simxl_host_at(const struct simworld *w, const char *address);

/* Arguments of the command at hand. simxl_option takes an option of those
 * letters ("pe") off the front, '\0' when there is none left, '?' for one that
 * is not among them: then the command has ended. */
char simxl_option(struct simproc *p, const char *letters);
size_t simxl_nargs(const struct simproc *p);
/* Whether it has that many; else it has ended. */
bool simxl_wants(struct simproc *p, size_t n);

/* The domain that the first argument names, into p->domid; the argument is
 * taken off. A number is believed without looking, as xl does. false: it has
 * ended. */
bool simxl_domid(struct simworld *w, struct simproc *p);
/* The domain of p->domid; NULL when it is gone. */
struct simdom *simxl_dom(struct simworld *w, const struct simproc *p);
/* Both, of a command that wants so many more arguments; who names libxl's file in
 * what is said when there is no such domain. NULL: it has ended. */
struct simdom *simxl_take_dom(struct simworld *w, struct simproc *p,
    size_t nargs, const char *who);

#endif
