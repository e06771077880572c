#ifndef TUI_JOBSVIEW_H
#define TUI_JOBSVIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "core/jobs.h"
#include "tui/style.h"
#include "tui/ui.h"

/* What those files share that show jobs. */

/* Index of the selected one as the view lists them, the newest first; where it
 * would be when it is gone. */
size_t jobs_row(const struct frame *f);
/* The job of a line; NULL: there is none. */
const struct job *jobs_line(const struct frame *f, size_t line);
/* The first line shown so that the selected one is seen. */
size_t jobs_top(const struct frame *f, int lines);

/* "under way 35 %", "done", "cancelling". */
void job_words(char *out, size_t size, const struct job *job);
/* "running 35 %, round 2". */
void step_words(char *out, size_t size, const struct job_step *s);
enum style job_style(const struct job *job);
enum style step_style(enum step_state s);
/* How far all of it is, per mille; -1: nobody knows. */
int job_progress_pm(const struct job *job);

/* What a VM's row says instead of its state while a job is about it; false:
 * none is. */
bool jobs_vm_words(const struct frame *f, const struct vm *vm, char *out,
    size_t size);

#endif
