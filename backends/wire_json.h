#ifndef BACKENDS_WIRE_JSON_H
#define BACKENDS_WIRE_JSON_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "backends/wire.h"
#include "backends/wire_int.h"
#include "core/arena.h"
#include "core/err.h"

/* Reading JSON, between the decoding files wire*.c only. What has not the
 * wanted form is absent: whoever needs a member says so himself. */

struct json_tokener *wire_tokener(void); /* never NULL */

/* One line as an object that the caller puts; NULL and why. */
struct json_object *wire_parse(struct json_tokener *tok, const char *line,
    size_t n, struct err *err);

/* NULL when absent, null or of another type. */
struct json_object *wire_member(struct json_object *o, const char *key,
    enum json_type type);

/* False when v is no integer within the limits. */
bool wire_to_int(struct json_object *v, int64_t min, int64_t max,
    int64_t *out);
bool wire_get_int(struct json_object *o, const char *key, int64_t min,
    int64_t max, int64_t *out);
bool wire_get_bool(struct json_object *o, const char *key); /* else false */

/* Cleaned and cut to max bytes, in the arena; NULL when v is no string. */
const char *wire_to_str(struct arena *a, struct json_object *v, size_t max);
const char *wire_get_str(struct arena *a, struct json_object *o,
    const char *key, size_t max);

/* Sets the member of obj that f names; to unknown when v does not fit. */
void wire_set(struct arena *a, const struct wire_field *f, void *obj,
    struct json_object *v);

/* Makes *next, an initialised obs whose content is dropped, from the frame and
 * what was known before; base NULL: the frame is a full one. On error *next is
 * unusable. */
int wire_apply(struct obs *next, const struct obs *base,
    struct json_object *frame, struct err *err);

/* Everything is in the arena. */
void wire_get_defs(struct wire_defs *d, struct arena *a,
    struct json_object *o);

/* wire_get for a line that is parsed already. */
int wire_decode(struct wire_decoder *d, struct json_object *line,
    enum wire_type *type, struct err *err);
/* Whether d can only take a full frame now. */
bool wire_waiting(const struct wire_decoder *d);

#endif
