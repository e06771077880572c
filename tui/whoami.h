#ifndef TUI_WHOAMI_H
#define TUI_WHOAMI_H

/* Who runs this program, here: "ann@desk:4711", the last its process; x_free. */
char *whoami_run(void);

#endif
