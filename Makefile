# make            xendeck, and xendeck-agent where the Xen headers are
# make check      everything but the real-Xen lab, with ASan and UBSan
# make demo       the console on a simulated cluster
# make bench      what it costs and how fast it is, against others
# make lab-up lab-down lab-ssh lab-check     real Xen in emulation: tests/lab
# make lint       clang-format and clang-tidy
# make install    DESTDIR= PREFIX=

include config.mk

VERSION = 0.1.0

WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
       -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wvla \
       -Wformat=2 -Wnull-dereference -Wcast-qual -Wpointer-arith \
       -Wwrite-strings -Wundef -Wswitch-enum -Wimplicit-fallthrough \
       -Wdouble-promotion -Wredundant-decls -fno-common
ifneq ($(findstring clang,$(shell $(CC) --version 2>/dev/null | head -n 1)),clang)
WARN += -Wduplicated-cond -Wduplicated-branches -Wlogical-op \
        -Wjump-misses-init
endif
ifeq ($(WERROR),yes)
WARN += -Werror
endif
ifndef SANITIZE
HARDEN = -D_FORTIFY_SOURCE=2 -fstack-protector-strong \
         -fstack-clash-protection
HARDEN_LD = -pie -Wl,-z,relro,-z,now
else
SAN = -fsanitize=address,undefined -fno-sanitize-recover=undefined \
      -fno-omit-frame-pointer
HARDEN_LD = -pie
endif

PKGS_BACKENDS = libconfig libssh2 libcrypto json-c sqlite3
PKGS_TUI      = ncursesw vterm
PKGS_AGENT    = xenlight xencontrol xenstore xentoollog
PKGS_TESTS    = cmocka

# ncurses asks for feature macros of its own; ours are above and wide enough.
pkg_cflags = $(filter-out -D_XOPEN_SOURCE=% -D_DEFAULT_SOURCE,$(shell $(PKG_CONFIG) --cflags $(1) 2>/dev/null))
pkg_libs   = $(shell $(PKG_CONFIG) --libs $(1) 2>/dev/null)

ALL_CFLAGS = -std=c11 -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -I. \
             -DXENDECK_VERSION='"$(VERSION)"' \
             -DXENDECK_SYSCONFDIR='"$(SYSCONFDIR)"' \
             -DXENDECK_DATADIR='"$(DATADIR)"' \
             -fPIE $(WARN) $(HARDEN) $(SAN) $(CFLAGS)
ALL_LDFLAGS = $(HARDEN_LD) $(SAN) $(LDFLAGS)
LIBS = $(call pkg_libs,$(PKGS_BACKENDS)) $(call pkg_libs,$(PKGS_TUI)) -lm

CORE     = $(sort $(wildcard core/*.c))
BACKENDS = $(sort $(wildcard backends/*.c))
TUI      = $(sort $(filter-out tui/main.c tui/mkman.c tui/watch_main.c,$(wildcard tui/*.c)))
AGENT    = $(sort $(wildcard backends/agent/*.c))
# The agent shares the wire format with the console, and nothing else of it.
AGENT_SHARED = backends/wire.c backends/wire_defs.c backends/wire_enc.c \
               backends/wire_fields.c

objs = $(patsubst %.c,$(B)/%.o,$(1))

ifeq ($(XEN),auto)
HAVE_XEN := $(shell $(PKG_CONFIG) --exists $(PKGS_AGENT) && echo yes)
else
HAVE_XEN := $(XEN)
endif
PROGS = $(B)/xendeck $(B)/xendeck-watch
ifeq ($(HAVE_XEN),yes)
PROGS += $(B)/xendeck-agent
endif

MAN = $(patsubst share/man/%.in,$(B)/man/%,$(wildcard share/man/*.in))

all: $(PROGS) $(MAN)

$(B)/core.a: $(call objs,$(CORE))
$(B)/backends.a: $(call objs,$(BACKENDS))
$(B)/tui.a: $(call objs,$(TUI))
$(B)/%.a:
	@mkdir -p $(@D)
	@rm -f $@
	@$(AR) rcs $@ $^

ARCHIVES = $(B)/tui.a $(B)/backends.a $(B)/core.a

$(B)/xendeck: $(B)/tui/main.o $(ARCHIVES)
	@echo "  LD    $@"
	@$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# What is linked into it is what its few files ask for; the map tells what that
# was, and tests/layers/check-watch.sh reads it.
$(B)/xendeck-watch: $(B)/tui/watch_main.o $(ARCHIVES)
	@echo "  LD    $@"
	@$(CC) $(ALL_LDFLAGS) -Wl,-Map=$@.map -o $@ $^ $(LIBS)

# The manual tells what is in the program's own tables.
$(B)/mkman: $(B)/tui/mkman.o $(ARCHIVES)
	@echo "  LD    $@"
	@$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(B)/man/%: share/man/%.in $(B)/mkman
	@mkdir -p $(@D)
	@echo "  MAN   $@"
	@$(B)/mkman $< > $@.new && mv $@.new $@

$(B)/xendeck-agent: $(call objs,$(AGENT) $(AGENT_SHARED)) $(B)/core.a
	@echo "  LD    $@"
	@$(CC) $(ALL_LDFLAGS) -o $@ $^ $(call pkg_libs,$(PKGS_AGENT))

# Only the agent's own files see Xen's headers, and those come as system
# headers: they do not survive -Wconversion.
$(B)/backends/agent/%.o: EXTRA = $(subst -I,-isystem ,$(call pkg_cflags,$(PKGS_AGENT))) \
    -DXENDECK_XEN_BUILT='"$(basename $(shell $(PKG_CONFIG) --modversion xenlight 2>/dev/null))"'
# xenctrl.h wants GNU C.
$(B)/backends/agent/ctrl.o: EXTRA += -std=gnu11
$(B)/backends/%.o: EXTRA = $(call pkg_cflags,$(PKGS_BACKENDS))
$(B)/tui/%.o: EXTRA = $(call pkg_cflags,$(PKGS_TUI))
# cmocka does not tell the compiler that its assertions do not return.
$(B)/tests/%.o: EXTRA = $(call pkg_cflags,$(PKGS_BACKENDS) $(PKGS_TUI)) -Wno-null-dereference

$(B)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(ALL_CFLAGS) $(EXTRA) -MMD -MP -c -o $@ $<

-include $(shell find $(B) -name '*.d' 2>/dev/null)

demo: all
	@$(B)/xendeck --demo

install: all
	install -d $(DESTDIR)$(BINDIR)
	install -m 755 $(B)/xendeck $(DESTDIR)$(BINDIR)/xendeck
	install -m 755 $(B)/xendeck-watch $(DESTDIR)$(BINDIR)/xendeck-watch
ifeq ($(HAVE_XEN),yes)
	install -d $(DESTDIR)$(SBINDIR)
	install -m 755 $(B)/xendeck-agent $(DESTDIR)$(SBINDIR)/xendeck-agent
endif
	install -d $(DESTDIR)$(MANDIR)/man1 $(DESTDIR)$(MANDIR)/man5 \
	    $(DESTDIR)$(MANDIR)/man8
	for page in $(notdir $(MAN)); do \
	    install -m 644 $(B)/man/$$page \
	    $(DESTDIR)$(MANDIR)/man$${page##*.}/$$page || exit 1; done
	install -d $(DESTDIR)$(DATADIR)/bash-completion/completions
	install -m 644 share/completion/xendeck.bash \
	    $(DESTDIR)$(DATADIR)/bash-completion/completions/xendeck
	install -d $(DESTDIR)$(DATADIR)/xendeck/examples
	install -m 644 share/examples/* $(DESTDIR)$(DATADIR)/xendeck/examples/

uninstall:
	rm -f $(DESTDIR)$(BINDIR)/xendeck $(DESTDIR)$(BINDIR)/xendeck-watch
	rm -f $(DESTDIR)$(SBINDIR)/xendeck-agent
	for page in $(notdir $(MAN)); do \
	    rm -f $(DESTDIR)$(MANDIR)/man$${page##*.}/$$page; done
	rm -f $(DESTDIR)$(DATADIR)/bash-completion/completions/xendeck
	rm -rf $(DESTDIR)$(DATADIR)/xendeck

# --- Tests -----------------------------------------------------------------
# Every tests/*/test_*.c is a cmocka program of its own; every tests/*/*.sh
# that is executable is a check that gets the build directory as $B.

TEST_SRC   = $(sort $(wildcard tests/unit/test_*.c tests/prop/test_*.c \
             tests/screen/test_*.c tests/ssh/test_*.c))
TEST_PROGS = $(patsubst %.c,$(B)/%,$(TEST_SRC))
# Those of the agent's files that need no Xen library are tested as well.
TEST_AGENT = $(addprefix backends/agent/,ask.c deffiles.c dom0.c \
                  out.c roster.c sysfs.c)
TEST_LIB   = $(call objs,$(sort $(wildcard tests/lib/*.c)) $(TEST_AGENT))
FUZZ_SRC   = $(sort $(wildcard tests/fuzz/fuzz_*.c))
FUZZ_PROGS = $(patsubst %.c,$(B)/%,$(FUZZ_SRC))

$(TEST_PROGS): $(B)/%: $(B)/%.o $(TEST_LIB) $(ARCHIVES)
	@echo "  LD    $@"
	@$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) $(call pkg_libs,$(PKGS_TESTS))

# The same fuzz target is driven by a seeded mutator (here, in make check) or
# by libFuzzer (make fuzz FUZZ=name).
$(FUZZ_PROGS): $(B)/%: $(B)/%.o $(B)/tests/fuzz/driver.o $(ARCHIVES)
	@echo "  LD    $@"
	@$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# Programs that the benchmarks need, and nobody else.
BENCH_PROGS = $(patsubst %.c,$(B)/%,$(sort $(wildcard tests/bench/*.c)))

$(BENCH_PROGS): $(B)/%: $(B)/%.o $(B)/tests/lib/vt.o $(ARCHIVES)
	@echo "  LD    $@"
	@$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# BENCH=agent, console, start or start200; all of them without it.
bench: all $(BENCH_PROGS)
	@tests/bench/run $(B) $(BENCH)

.SECONDARY:

check:
	@$(MAKE) --no-print-directory B=build/check SANITIZE=yes WERROR=yes \
	    CFLAGS='-O1 -g' check-build
	@tests/run build/check

check-build: all $(TEST_PROGS) $(FUZZ_PROGS) $(BENCH_PROGS)

fuzz:
	@tests/fuzz/run-libfuzzer '$(FUZZ)'

lint:
	@tests/lint

lab-up: all
	@tests/lab/lab up
lab-down:
	@tests/lab/lab down
lab-ssh:
	@tests/lab/lab ssh $(or $(HOST),alpha)
lab-check: all
	@B=$(B) tests/lab/check

clean:
	rm -rf build

.PHONY: all bench demo install uninstall check check-build fuzz lint clean \
        lab-up lab-down lab-ssh lab-check
