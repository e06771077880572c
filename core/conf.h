#ifndef CORE_CONF_H
#define CORE_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The configuration as data. core/conf_schema.h lists every setting with its
 * limits and default; backends/confread.c fills this from a file. All strings
 * are owned by the struct conf; paths are absolute. */

enum transport_kind {
	TRANSPORT_AUTO, /* local for this machine, else libssh2, else openssh */
	TRANSPORT_LIBSSH2,
	TRANSPORT_OPENSSH,
	TRANSPORT_LOCAL,
	TRANSPORT_SIM,
};

enum observer_kind { OBSERVER_AUTO, OBSERVER_AGENT, OBSERVER_SHELL };

#define CONF_DEFINITIONS "/etc/xen"

/* Who lets a VM run that has been migrated: the console, when the source is
 * seen to have nothing left of it, or xl on both hosts among themselves. */
enum handover { HANDOVER_EXPLICIT, HANDOVER_XL };

enum tristate { TRI_AUTO = -1, TRI_NO = 0, TRI_YES = 1 };

struct conf_host {
	char *name;        /* what the operator calls it; unique */
	char *address;     /* name or address to connect to; default: name */
	int port;          /* 0: ssh_config's, else 22 */
	char *user;        /* NULL: ssh_config's, else this user */
	char *key;         /* private key file, NULL: ssh_config's and agent's */
	char *known_hosts; /* NULL: the user's and the system's */
	char *ssh_config;  /* NULL: the user's and the system's */
	char *jump;        /* as ssh -J; NULL: ssh_config's */
	char *migration_address; /* by which other hosts send VMs to it; NULL:
	                          * address, else name */
	enum transport_kind transport;
	enum observer_kind observer;
	char *agent;       /* command, default "xendeck-agent" */
	char *definitions; /* "DIR DIR", where its VMs' files are; NULL:
	                    * CONF_DEFINITIONS */
	enum tristate sudo; /* auto: when user is not root */
	int64_t reserve_kb; /* memory never planned for VMs */
	int memory_alarm;  /* per cent; 0: none, -1: conf_alarms' */
	int cpu_alarm;
	uint32_t cluster;
	char *file;        /* where it was defined, for messages */
	int line;
};

struct conf_cluster {
	char *name;
	char *definitions; /* of its hosts that have none, or NULL */
	bool production;   /* stricter confirmations */
	bool read_only;
	int handover;      /* enum handover */
	char *file;
	int line;
};

struct conf_vm {
	char *match;       /* name or glob (fnmatch) */
	int priority;      /* 1 most important .. 9 */
	char *home;        /* host's name, or NULL */
	char *description; /* or NULL */
	char *template;    /* what it was made from, or NULL */
	enum tristate watch; /* auto: when it has a home or priority <= 3 */
	int cpu_alarm;     /* per cent of its vCPUs; 0: none, -1: the rest's */
	char *file;
	int line;
};

/* Other keys for what the console does; checked by tui/keymap_conf.c. */
struct conf_key {
	char *action;
	char *keys;        /* "F3 Enter"; "": none */
	char *file;
	int line;
};

struct conf_filter {
	char *name;
	char *query;       /* core/query.h */
	char *file;
	int line;
};

/* A command of the operator's own for a VM; core/vmcommand.h. */
struct conf_command {
	char *name;
	char *command;
	char *file;
	int line;
};

/* What the simulator makes of a host with transport = sim. */
struct conf_sim_vm {
	char *name;        /* unique among the simulator's */
	char *host;        /* where it runs, or would */
	int64_t mem_kb;
	int vcpus;
	int load_pc;       /* of one vCPU, mean, 0..100 */
	int type;          /* enum vm_type */
	bool dormant;
	char *file;
	int line;
};

struct conf_sim_host {
	char *name;        /* of a conf_host */
	int64_t mem_kb;
	int cpus;
	int latency_ms;
	char *file;
	int line;
};

enum sim_what {
	SIM_DIE,       /* the host loses power */
	SIM_BOOT,      /* it gets it back, and is up a while later */
	SIM_BREAK,     /* the link breaks, the host runs on */
	SIM_SLOW,      /* answers come late */
	SIM_HEAL,      /* the link is well again */
	SIM_START,     /* the VM, on host or where it belongs */
	SIM_STOP,
	SIM_REBOOT,
	SIM_CRASH,
	SIM_PAUSE,
	SIM_UNPAUSE,
	SIM_RENAME,    /* to a name */
	SIM_MIGRATE,   /* to a host */
	SIM_MIGFAIL,   /* a migration that fails half way */
	SIM_DUPLICATE, /* a second start, on a host */
	/* What becomes of the next command that is run on a host. */
	SIM_RUN_HANG,  /* it does nothing and never ends */
	SIM_RUN_LOST,  /* the link breaks before it gets there */
	SIM_RUN_MUTE,  /* the link breaks when it has ended */
	/* And of the next xl migrate from there. */
	SIM_MIG_BREAK, /* half way; an empty copy is left over there */
	SIM_MIG_BOTH,  /* at the end; a whole copy is left, paused */
	SIM_MIG_HAND,  /* in the final handshake: neither copy runs */
	SIM_MIG_MUTE,  /* after it: it runs there, one is left here */
	SIM_DISK_FULL, /* of a host: nothing can be saved */
	SIM_DISK_FREE,
	SIM_DEAF,      /* a VM's guest hangs */
	SIM_STUBBORN,  /* it hears that it shall shut down, and stays */
	SIM_WILLING,   /* neither any more */
	SIM_NWHATS,
};

struct conf_sim_fault {
	int64_t at_ms;     /* of virtual time */
	int64_t every_ms;  /* and again so often; 0: once */
	enum sim_what what;
	char *host;        /* or NULL */
	char *vm;          /* or NULL */
	char *to;          /* host or new name, or NULL */
	char *file;
	int line;
};

struct conf_sim {
	uint64_t seed;
	struct conf_sim_host *hosts;
	size_t nhosts;
	struct conf_sim_vm *vms;
	size_t nvms;
	struct conf_sim_fault *faults;
	size_t nfaults;
};

/* What counts as trouble. Limits in per cent, 0: none; each is over when the
 * figure has fallen below its _clear. */
struct conf_alarms {
	int host_down_ms;  /* without figures; 0: no such alarm */
	int host_memory, host_memory_clear, host_memory_for_ms;
	int host_cpu, host_cpu_clear, host_cpu_for_ms;
	int vm_cpu, vm_cpu_clear, vm_cpu_for_ms;
	int vm_missing_ms;   /* told for so long; 0: until acknowledged */
	int min_duration_ms; /* what is shorter is not told */
	int min_interval_ms; /* what returns sooner did not end */
	bool bell;
};

/* One of the operator's own themes: what it changes of another. */
struct conf_style {
	int style;         /* of tui/style.h, by the name it has there */
	int fg, bg;        /* 0 to 255, -1: the terminal's own, -2: unchanged */
	enum tristate bold, dim, underline, reverse; /* auto: unchanged */
	char *file;
	int line;
};

struct conf_theme {
	char *name;
	char *base;        /* one of conf_theme_names, not "auto" */
	struct conf_style *styles;
	size_t nstyles;
	char *file;
	int line;
};

/* The themes there always are, "auto" first; ended by NULL. */
enum { CONF_THEMES = 5 };
extern const char *const conf_theme_names[CONF_THEMES + 1];

struct conf {
	struct conf_cluster *clusters;
	size_t nclusters;
	struct conf_host *hosts; /* in the order of the file, clusters together */
	size_t nhosts;
	struct conf_vm *vms;
	size_t nvms;
	struct conf_filter *filters;
	size_t nfilters;
	struct conf_command *commands;
	size_t ncommands;
	struct conf_key *keys;
	size_t nkeys;
	struct conf_sim sim;
	struct conf_alarms alarms;
	struct conf_theme *themes;
	size_t nthemes;
	char *theme;             /* a name of either kind; NULL: auto */
	bool ascii;              /* draw with ASCII only */
	bool reader;             /* for a screen reader */
	int reader_refresh_ms;   /* how often it is told figures; 0: never */
	int refresh_ms;          /* how often hosts are asked */
	int stale_ms;            /* silence after which figures count as stale */
	int64_t tape_kb;         /* what is kept to go back in time; 0: off */
	int tape_interval_ms;    /* between a host's figures on it */
	int connects;            /* handshakes at once */
	bool read_only;
	char *journal;           /* the database; NULL: the default place */
	char *columns;           /* of the home screen; NULL: as many as fit */
	char *columns_file;      /* where they were chosen, for messages */
	int columns_line;
	bool mouse;
	char *file;              /* that it was read from; NULL: none */
};

#define CONF_NO_HOST UINT32_MAX

void conf_init(struct conf *c); /* defaults, nothing defined */
void conf_free(struct conf *c); /* leaves it as conf_init does */

/* Each adds one element with its defaults and returns it, to be filled in: a
 * pointer that holds until the next is added. A host goes to the cluster that
 * was added last. */
struct conf_cluster *conf_add_cluster(struct conf *c);
struct conf_host *conf_add_host(struct conf *c);
struct conf_vm *conf_add_vm(struct conf *c);
struct conf_filter *conf_add_filter(struct conf *c);
struct conf_command *conf_add_command(struct conf *c);
struct conf_key *conf_add_key(struct conf *c);
struct conf_theme *conf_add_theme(struct conf *c);
/* To the theme that was added last, which must be there. */
struct conf_style *conf_add_style(struct conf *c);
struct conf_sim_host *conf_add_sim_host(struct conf *c);
struct conf_sim_vm *conf_add_sim_vm(struct conf *c);
struct conf_sim_fault *conf_add_sim_fault(struct conf *c);

/* Exchanges all but what there is to observe, and how: of one who looks at
 * somebody else's hosts the keys, the colours, the limits stay his own. */
void conf_swap_console(struct conf *a, struct conf *b);

/* Index of the host of that name, or CONF_NO_HOST. */
uint32_t conf_find_host(const struct conf *c, const char *name);

/* The first entry whose match fits the VM's name; NULL when none does. */
const struct conf_vm *conf_find_vm(const struct conf *c, const char *name);

#endif
