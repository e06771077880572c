/* A set of ids: open addressing with linear probing. It is looked at for every
 * row of every frame, so a look is cheap; what is taken out closes its gap, so
 * that there are no graves to step over. */
#include "tui/marks.h"

#include "core/mem.h"

void
marks_free(struct marks *k)
{
	x_free(k->slot);
	*k = (struct marks){ 0 };
}

static size_t
ideal(const struct marks *k, uint32_t vm)
{
	return (vm * UINT32_C(2654435769) >> 7) & (k->nslots - 1);
}

/* Where it is, or the free slot where it would be. */
static size_t
find(const struct marks *k, uint32_t vm)
{
	size_t i = ideal(k, vm);

	while (k->slot[i] != MODEL_NONE && k->slot[i] != vm)
		i = (i + 1) & (k->nslots - 1);
	return i;
}

bool
marks_has(const struct marks *k, uint32_t vm)
{
	return k->n > 0 && k->slot[find(k, vm)] == vm;
}

static void
grow(struct marks *k)
{
	struct marks old = *k;

	k->nslots = old.nslots > 0 ? 2 * old.nslots : 64;
	k->slot = x_calloc(k->nslots, sizeof *k->slot);
	for (size_t i = 0; i < k->nslots; i++)
		k->slot[i] = MODEL_NONE;
	for (size_t i = 0; i < old.nslots; i++)
		if (old.slot[i] != MODEL_NONE)
			k->slot[find(k, old.slot[i])] = old.slot[i];
	x_free(old.slot);
}

/* Those behind the gap move up when they are nearer to their place then. */
static void
take_out(struct marks *k, size_t gap)
{
	size_t mask = k->nslots - 1;

	for (size_t i = (gap + 1) & mask; k->slot[i] != MODEL_NONE;
	     i = (i + 1) & mask) {
		size_t away = (i - ideal(k, k->slot[i])) & mask;

		if (away >= ((i - gap) & mask)) {
			k->slot[gap] = k->slot[i];
			gap = i;
		}
	}
	k->slot[gap] = MODEL_NONE;
	k->n--;
}

void
marks_set(struct marks *k, uint32_t vm, bool marked)
{
	if (vm == MODEL_NONE || marks_has(k, vm) == marked)
		return;
	if (!marked) {
		take_out(k, find(k, vm));
		return;
	}
	if (2 * (k->n + 1) > k->nslots)
		grow(k);
	k->slot[find(k, vm)] = vm;
	k->n++;
}

size_t
marks_prune(struct marks *k, const struct model *m)
{
	struct marks left = { 0 };
	size_t gone;

	for (size_t i = 0; i < k->nslots; i++)
		if (k->slot[i] != MODEL_NONE &&
		    model_vm(m, k->slot[i]) != NULL)
			marks_set(&left, k->slot[i], true);
	gone = k->n - left.n;
	marks_free(k);
	*k = left;
	return gone;
}
