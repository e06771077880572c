#ifndef TUI_TEXT_H
#define TUI_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* Figures as people read them, each in a fixed number of columns so that they
 * stand still while they change. Unknown (negative) is "-". */

enum { TEXT_MAX = 24 };

/* 4 columns: "512M", "2.0G", " 16G", "999G", "1.5T". */
void text_kib(char out[TEXT_MAX], int64_t kib);
/* 4 columns: "0", "812", "1.2K", " 45M"; bytes per second. */
void text_rate(char out[TEXT_MAX], int64_t bytes);
/* At most 5 columns: "0.3", "99.9", "100", "1600"; of per mille. */
void text_percent(char out[TEXT_MAX], int64_t pm);
/* At most 4 columns: "12s", "59m", "23h", "99d", "10y"; of milliseconds. */
void text_age(char out[TEXT_MAX], int64_t ms);
/* At most 6 columns: "59s", "3m12s", "3h12m", "12d03h", "412d"; of seconds. */
void text_uptime(char out[TEXT_MAX], int64_t s);
/* "used/total", both as text_kib without leading blanks. */
void text_of(char out[TEXT_MAX], int64_t used_kib, int64_t total_kib);
/* The same in words: "155G of 272G". */
void text_part(char out[TEXT_MAX], int64_t used_kib, int64_t total_kib);
/* 1536 MiB exactly: "1536 MiB"; for details. */
void text_mib(char out[TEXT_MAX], int64_t kib);

/* Local time of day, and with the date. */
void text_clock(char out[TEXT_MAX], int64_t wall_ms);
void text_date(char out[TEXT_MAX], int64_t wall_ms);
/* The time of day, "14:13:20"; of what is half a day old or of another day,
 * "11-18 02:11". */
void text_when(char out[TEXT_MAX], int64_t wall_ms, int64_t now_ms);

/* The block for v of max, 0 to 8 eighths: ' ' to U+2588. */
uint32_t text_spark(int64_t v, int64_t max);

#endif
