# Every knob of the build. Override on the command line (make XEN=no) or edit.

PREFIX  = /usr/local
DESTDIR =
BINDIR  = $(PREFIX)/bin
# The agent needs root and is looked for here on every dom0.
SBINDIR = $(PREFIX)/sbin
DATADIR = $(PREFIX)/share
MANDIR  = $(DATADIR)/man
SYSCONFDIR = /etc

CC      = cc
CFLAGS  = -O2 -g
LDFLAGS =

# auto: build xendeck-agent when libxenlight's headers are here; yes: insist;
# no: the console alone, which needs no Xen library.
XEN     = auto

# Warnings become errors: the checks and CI set this to yes.
WERROR  = no

# Where objects go; the checks use another one for their instrumented build.
B       = build

PKG_CONFIG = pkg-config
