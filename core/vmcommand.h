#ifndef CORE_VMCOMMAND_H
#define CORE_VMCOMMAND_H

#include <stddef.h>

#include "core/conf.h"
#include "core/err.h"
#include "core/model.h"

/* The operator's own commands for VMs ("commands" in the configuration), from
 * their text to the words that are run. No shell ever sees them. */

enum { VMCOMMAND_WORDS = 32, VMCOMMAND_TEXT = 1024 };

struct vmcommand {
	char text[VMCOMMAND_TEXT];          /* of all words */
	const char *argv[VMCOMMAND_WORDS + 1]; /* ended by NULL; into text */
	size_t n;
};

/* What stands for {name}, {host} and {ip}; NULL: that is not known. */
struct vmcommand_about {
	const char *name, *host, *ip;
};

/* Blanks part words, quotes (' or ") keep them together. What is put in for a
 * {word} never parts any, and never makes an option of one: names of VMs and
 * their addresses are the guests' and the hosts' words. about NULL: only
 * whether the text is one that can be used. -1 and why. */
int vmcommand_make(struct vmcommand *c, const char *text,
    const struct vmcommand_about *about, struct err *err);

/* An address that the guest tells, not one of a link alone if there is another;
 * NULL. Unchecked: vmcommand_make checks. */
const char *vmcommand_ip(const struct vm *vm);

const struct conf_command *vmcommand_find(const struct conf *conf,
    const char *name);

#endif
