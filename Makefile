# SPDX-License-Identifier: GPL-2.0-or-later
# cuio: `make help` says what there is. Everything is built below $(O).

SAN ?=
KILL_POINTS ?=
O   ?= build$(if $(SAN),/san)$(if $(KILL_POINTS),/killable)
V   ?=
# Relative, however it was given: the dependency files name targets as $(O) is spelt.
override O := $(patsubst $(CURDIR)/%,%,$(abspath $(O)))

# Only the package's changelog contains the version.
VERSION     := $(shell sed -n '1{s/^cuio (//;s/).*//;p}' debian/changelog)
prefix      ?= /usr/local
exec_prefix ?= $(prefix)
sbindir     ?= $(exec_prefix)/sbin
bindir      ?= $(exec_prefix)/bin
libdir      ?= $(exec_prefix)/lib
libexecdir  ?= $(exec_prefix)/libexec
datarootdir ?= $(prefix)/share
datadir     ?= $(datarootdir)
mandir      ?= $(datarootdir)/man
docdir      ?= $(datarootdir)/doc/cuio
includedir  ?= $(prefix)/include
# The folder for architecture-independent headers; pkg-config searches it below /usr/local and /usr.
pkgconfigdir ?= $(datarootdir)/pkgconfig
sysconfdir  ?= /etc
# cuiod looks for plug-ins below /usr/local and /usr, whatever the prefix is.
driversdir  := $(if $(filter /usr,$(prefix)),/usr,/usr/local)/lib/cuio/drivers
# systemd reads units below /usr/local/lib, too. udev does not read rules there.
unitdir     ?= $(prefix)/lib/systemd/system
udevdir     ?= $(if $(filter /usr,$(prefix)),/usr/lib/udev,/etc/udev)
# Made by "make install" where cuiod looks below this prefix.
plugindir   := $(filter $(prefix)/%,$(driversdir))

CC       ?= cc
AR       ?= ar
OBJCOPY  ?= objcopy
INSTALL  ?= install
PKG_CONFIG ?= pkg-config
# Off by default: a newer compiler may have new warnings.
WERROR   ?=
PKGS     := fuse3 libsystemd libpci inih libseccomp
WARNINGS := -Wall -Wextra $(if $(WERROR),-Werror) -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes
CFLAGS   ?= -O2 -g
comma    := ,
# Needs optimization, disturbs ASan, and may be set already.
FORTIFY  := $(if $(SAN)$(findstring FORTIFY,$(CFLAGS) $(CPPFLAGS)),,$(if $(filter -O1 -O2 -O3 -Os,$(CFLAGS)),-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2))
# What the compiler has of it for this processor; a distribution's own flags come later and prevail.
taken     = $(if $(shell $(CC) $(1) -x c -S -o /dev/null /dev/null 2>&1),,$(1))
HARDENING := $(call taken,-fstack-protector-strong) $(call taken,-fstack-clash-protection) \
	$(or $(call taken,-fcf-protection),$(call taken,-mbranch-protection=standard)) \
	$(FORTIFY)
# Link-time optimization, because a request passes many small files. The tests have objects of their own
# without it: linking so many programs would take too long.
LTO      ?= $(if $(SAN),,$(if $(findstring clang,$(shell $(CC) --version)),,-flto=auto))
SANFLAGS := $(if $(SAN),-fsanitize=address$(comma)undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)


CUIO_CPPFLAGS = -D_GNU_SOURCE -Iinclude -Idaemon -DCUIO_VERSION='"$(VERSION)"' \
	-DCUIO_SYSCONFDIR='"$(sysconfdir)"' -DCUIO_DATADIR='"$(datadir)"' \
	-DCUIO_SBINDIR='"$(sbindir)"' -DCUIO_LIBEXECDIR='"$(libexecdir)"' \
	$(if $(KILL_POINTS),-DCUIO_KILL_POINTS)
CUIO_CFLAGS   = -std=gnu17 -fPIE $(WARNINGS) $(HARDENING) $(SANFLAGS) $(CFLAGS) $(CUIO_CPPFLAGS) $(CPPFLAGS)
# A plug-in's driver calls what cuio/driver.h declares, and nothing else, in whatever program has it.
PLUGIN_LDFLAGS = -Wl,--undefined=cuio_device_state -Wl,--export-dynamic-symbol='cuio_*'
CUIO_LDFLAGS  = -pie -Wl,-z,relro,-z,now $(SANFLAGS) $(LDFLAGS)
LTO_LDFLAGS   = $(if $(LTO),$(LTO) $(HARDENING) $(CFLAGS))

# pkg-config runs once, at the first compilation, so that `make check` can install it before.
pkg = $(shell $(PKG_CONFIG) $(1) $(2) 2>/dev/null | sed 's/-I/-isystem /g')
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(call pkg,--cflags,$(PKGS)))$(PKG_CFLAGS)
PKG_LIBS   = $(eval PKG_LIBS := $$(call pkg,--libs,$(PKGS)))$(PKG_LIBS)
CLIENT_LIBS = $(eval CLIENT_LIBS := $$(call pkg,--libs,smartcols libsystemd inih))$(CLIENT_LIBS)
CLIENT_CFLAGS = $(eval CLIENT_CFLAGS := $$(call pkg,--cflags,smartcols libsystemd inih))$(CLIENT_CFLAGS)
CHECK_LIBS = $(eval CHECK_LIBS := $$(call pkg,--libs,check))$(CHECK_LIBS)
CHECK_CFLAGS = $(eval CHECK_CFLAGS := $$(call pkg,--cflags,check))$(CHECK_CFLAGS)

Q := $(if $(V),,@)
say = $(if $(V),@:,@printf '  %-7s %s\n' $(1) $(patsubst $(O)/%,%,$@))

# Sorted independently of the locale, for reproducible builds.
found = $(sort $(wildcard $(1)))
MAIN_SRC   := daemon/main.c
HELPER_SRC := $(call found,daemon/helper/*.c)
TEST_SRC   := $(call found,daemon/test/*.c)
LIB_SRC    := $(filter-out $(MAIN_SRC) $(HELPER_SRC) $(TEST_SRC),$(call found,daemon/*.c daemon/*/*.c daemon/*/*/*.c daemon/*/*/*/*.c)) \
	$(if $(KILL_POINTS),tests/vm/killable/probe.c)
CORE_SRC   := $(filter daemon/base/% daemon/config/% daemon/device/% daemon/hardware/% daemon/regmap/% daemon/driver/contract.c,$(LIB_SRC))
CLIENT_SRC := $(call found,client/*.c)
UNIT_SRC   := $(wildcard tests/unit/test_*.c)
FAKE_SRC   := $(wildcard tests/unit/fake_*.c)
MAN_SRC    := $(wildcard daemon/*.[1-8] daemon/*/*.[1-8] client/*.[1-8])
DEVICES    := $(wildcard daemon/driver/devices/*.device)

obj = $(patsubst %.c,$(O)/obj/%.o,$(1))
plain = $(patsubst %.c,$(O)/plain/%.o,$(1))
LIB    := $(O)/libcuio.a
PLAIN_LIB := $(O)/plain/libcuio.a
CORE_LIB := $(O)/plain/libcore.a
TEST_LIB := $(O)/libcuio-test.a
BINS   := $(O)/cuiod $(O)/cuioctl $(O)/cuio-helper
UNITS  := $(patsubst tests/unit/%.c,$(O)/unit/%,$(UNIT_SRC))
TEMPLATES := $(patsubst systemd/%.in,$(O)/systemd/%,$(wildcard systemd/*.in)) $(O)/cuio.pc $(O)/cuio-test.pc

.PHONY: FORCE all cuiod help install uninstall deb needs check check-long check-built soak soak-built demo bench fuzz clean units format tags
.SUFFIXES:
.DELETE_ON_ERROR:

all: $(BINS) $(TEST_LIB) $(TEMPLATES)
cuiod: $(O)/cuiod

help:
	@echo 'make               the daemon, the client, the root helper, the units, into $(O)/'
	@echo 'make demo          the main job on real emulated hardware; installs what it needs with apt'
	@echo 'make check         every test, Debian 13 in full and others in short; installs what it needs with apt'
	@echo 'make check-long    everything on each release and kernel of tests/vm/platforms.txt'
	@echo 'make soak          kills the daemon KILLS=$(KILLS) times under load, on RELEASE=$(RELEASE) KERNEL=$(KERNEL); SEED= repeats one'
	@echo 'make bench         what an operation costs, with cuio and without, on RELEASE=$(RELEASE) KERNEL=$(KERNEL): $(O)/bench/report.md'
	@echo 'make fuzz          looks for inputs that break it, each of tests/fuzz/ for T=$(T) seconds; what it finds is in $(O)/fuzz/found'
	@echo 'make install       what "make" has built; DESTDIR=, prefix=$(prefix); without DESTDIR systemd and udev are told'
	@echo 'make uninstall     removes what install put there, not your configuration'
	@echo 'make deb           the Debian packages cuio and cuio-dev, into $(O)/deb/; DEB_FLAGS="-aarm64 -Pcross,nocheck" for another machine'
	@echo 'make units         the unit tests alone;  SAN=1: with ASan and UBSan'
	@echo 'make clean         removes $(O)/'
	@echo 'V=1 shows commands, O=DIR builds elsewhere, LTO= optimizes each file for itself,'
	@echo 'WERROR=1 takes a warning of the compiler for an error'

# --- objects and programs ------------------------------------------------------------------------

compile = $(Q)mkdir -p $(@D) && $(CC) $(CUIO_CFLAGS) $(1) -MMD -MP -c -o $@ $<

$(O)/obj/client/%.o: client/%.c $(O)/flags
	$(call say,CC)
	$(call compile,$(LTO) $(CLIENT_CFLAGS))

$(O)/obj/%.o: %.c $(O)/flags
	$(call say,CC)
	$(call compile,$(LTO) $(PKG_CFLAGS))

$(O)/plain/tests/%.o: tests/%.c $(O)/flags
	$(call say,CC)
	$(call compile,-Itests/unit -Iclient $(PKG_CFLAGS) $(CLIENT_CFLAGS) $(CHECK_CFLAGS))

$(O)/plain/client/%.o: client/%.c $(O)/flags
	$(call say,CC)
	$(call compile,$(CLIENT_CFLAGS))

$(O)/plain/%.o: %.c $(O)/flags
	$(call say,CC)
	$(call compile,$(PKG_CFLAGS))

# Objects are rebuilt when the flags change.
$(O)/flags: FORCE
	$(Q)mkdir -p $(@D) && printf '%s\n' '$(subst ','\'',$(CC) $(CUIO_CFLAGS) $(LTO))' | cmp -s - $@ || printf '%s\n' '$(subst ','\'',$(CC) $(CUIO_CFLAGS) $(LTO))' > $@
FORCE:

$(LIB): $(call obj,$(LIB_SRC))
$(PLAIN_LIB): $(call plain,$(LIB_SRC) $(filter-out %/alone.c,$(TEST_SRC)))
$(CORE_LIB): $(call plain,$(CORE_SRC))
$(TEST_LIB): $(O)/plain/cuio-test.o
$(LIB) $(PLAIN_LIB) $(CORE_LIB) $(TEST_LIB):
	$(call say,AR)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

# One object, so that nothing but what cuio/driver.h and cuio/test.h declare has a name outside of it.
$(O)/plain/cuio-test.o: $(call plain,$(TEST_SRC)) $(CORE_LIB)
	$(call say,LINK)
	$(Q)$(CC) -r -nostdlib -o $@ $^ && $(OBJCOPY) --wildcard --keep-global-symbol='cuio_*' $@

$(O)/cuiod: $(call obj,$(MAIN_SRC)) $(LIB)
	$(call say,LINK)
	$(Q)$(CC) $(CUIO_LDFLAGS) $(PLUGIN_LDFLAGS) $(LTO_LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(O)/cuio-helper: $(call obj,$(HELPER_SRC)) $(LIB)
	$(call say,LINK)
	$(Q)$(CC) $(CUIO_LDFLAGS) $(PLUGIN_LDFLAGS) $(LTO_LDFLAGS) -o $@ $^ $(PKG_LIBS)

# Of the daemon's files it has those of base/ that it includes: libfuse and libpci are not linked.
$(O)/cuioctl: $(call obj,$(CLIENT_SRC)) $(LIB)
	$(call say,LINK)
	$(Q)$(CC) $(CUIO_LDFLAGS) $(LTO_LDFLAGS) -o $@ $^ $(CLIENT_LIBS)

# Client tests link the client's files without main.c; driver tests link the stand-in for the core.
CLIENT_TESTED := $(call plain,$(filter-out client/main.c,$(CLIENT_SRC)))
$(filter $(O)/unit/test_cuioctl_%,$(UNITS)): $(O)/unit/%: $(O)/plain/tests/unit/%.o $(CLIENT_TESTED) $(PLAIN_LIB)
	$(call say,LINK)
	$(Q)mkdir -p $(@D) && $(CC) $(CUIO_LDFLAGS) -o $@ $^ $(CLIENT_LIBS) $(CHECK_LIBS)

NEEDS_FAKES := $(filter $(O)/unit/test_steps% $(O)/unit/test_registers%,$(UNITS))
$(NEEDS_FAKES): $(O)/unit/%: $(O)/plain/tests/unit/%.o $(call plain,$(FAKE_SRC)) $(PLAIN_LIB)
	$(call say,LINK)
	$(Q)mkdir -p $(@D) && $(CC) $(CUIO_LDFLAGS) -o $@ $^ $(PKG_LIBS) $(CHECK_LIBS)

# Plug-ins, one source built as many, and the tests that load them.
PLUGINS := good older later larger nameless misnamed undefined crashing hanging silent ending forging looking
$(O)/unit/plugin/%.so: tests/unit/plugin/sample.c include/cuio/driver.h $(O)/flags
	$(call say,CC)
	$(Q)mkdir -p $(@D) && $(CC) -std=gnu17 -D_GNU_SOURCE $(WARNINGS) $(CFLAGS) -Iinclude -DAS_$* -DNAME='"$*"' -fPIC -shared $(LDFLAGS) -o $@ $<

$(O)/unit/test_plugin $(O)/unit/test_plugin_serve: $(O)/unit/%: $(O)/plain/tests/unit/%.o $(PLAIN_LIB) | $(PLUGINS:%=$(O)/unit/plugin/%.so)
	$(call say,LINK)
	$(Q)mkdir -p $(@D) && $(CC) $(CUIO_LDFLAGS) $(PLUGIN_LDFLAGS) -o $@ $^ $(PKG_LIBS) $(CHECK_LIBS)

$(O)/unit/%: $(O)/plain/tests/unit/%.o $(PLAIN_LIB)
	$(call say,LINK)
	$(Q)mkdir -p $(@D) && $(CC) $(CUIO_LDFLAGS) -o $@ $^ $(PKG_LIBS) $(CHECK_LIBS)

# libFuzzer's targets; tests/fuzz/run builds them with clang. Most have a whole daemon.
FUZZERS := $(patsubst tests/fuzz/fuzz_%.c,$(O)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_PARTS = $(call plain,$(or $(FUZZ_PARTS_$(@F)),$(addprefix tests/fuzz/,daemon.c hostile_kernel.c messages.c programs.c)))
FUZZ_PARTS_description := tests/fuzz/no_hardware.c
FUZZ_PARTS_cuioctl     := $(filter-out client/main.c,$(CLIENT_SRC))
FUZZ_PARTS_helper      := daemon/helper/udev.c daemon/helper/original_binding.c
FUZZ_LDFLAGS_helper    := -Wl,--wrap=fopen -Wl,--wrap=glob -Wl,--wrap=opendir
.SECONDEXPANSION:
$(FUZZERS): $(O)/fuzz/%: $(O)/plain/tests/fuzz/fuzz_%.o $$(FUZZ_PARTS) $(PLAIN_LIB)
	$(call say,LINK)
	$(Q)mkdir -p $(@D) && $(CC) -fsanitize=fuzzer $(CUIO_LDFLAGS) $(FUZZ_LDFLAGS_$(@F)) -o $@ $^ $(PKG_LIBS) $(CLIENT_LIBS)

# Variables compiled into the programs, the units and the .pc files; `make install` checks them.
BUILT_FOR   := prefix sbindir bindir libdir libexecdir sysconfdir datadir includedir driversdir VERSION
built_for    = $(foreach v,$(BUILT_FOR),$(v)=$($(v)))
substituted  = sed $(foreach v,$(BUILT_FOR),-e 's|@$(v)@|$($(v))|g')

$(O)/systemd/%: systemd/%.in $(O)/paths
	$(call say,GEN)
	$(Q)mkdir -p $(@D) && $(substituted) $< > $@

$(O)/%.pc: include/%.pc.in $(O)/paths
	$(call say,GEN)
	$(Q)mkdir -p $(@D) && $(substituted) $< > $@

$(O)/paths: FORCE
	$(Q)mkdir -p $(@D) && printf '%s\n' $(built_for) | cmp -s - $@ || printf '%s\n' $(built_for) > $@

.SECONDARY:
-include $(shell find $(O)/obj $(O)/plain -name '*.d' 2>/dev/null)

# --- installing ----------------------------------------------------------------------------------

D = $(DESTDIR)
UNIT_FILES := $(filter %.service,$(TEMPLATES))
RULE_FILES := $(filter %.rules,$(TEMPLATES))
HEADERS    := $(wildcard include/cuio/*.h)
manual      = $(mandir)/man$(subst .,,$(suffix $(1)))/$(notdir $(1))
# "yes" when installing on this machine itself; root then reloads systemd and udev.
here := $(if $(DESTDIR),,$(shell test -d /run/systemd/system && echo yes))

# Never compiles: root installs what the user's "make" has built.
install: built
	$(INSTALL) -d $(D)$(sbindir) $(D)$(bindir) $(D)$(libexecdir)/cuio $(D)$(unitdir)/sleep.target.wants $(D)$(udevdir)/rules.d \
		$(D)$(datadir)/cuio/devices $(D)$(datadir)/cuio/template/driver $(D)$(docdir)/examples $(D)$(includedir)/cuio \
		$(D)$(sysconfdir)/cuio/devices $(D)$(datadir)/bash-completion/completions $(D)$(pkgconfigdir) \
		$(D)$(libdir)/pkgconfig $(if $(plugindir),$(D)$(plugindir))
	$(INSTALL) -m 755 $(O)/cuiod $(D)$(sbindir)/cuiod
	$(INSTALL) -m 755 $(O)/cuioctl $(D)$(bindir)/cuioctl
	$(INSTALL) -m 755 $(O)/cuio-helper $(D)$(libexecdir)/cuio/cuio-helper
	$(INSTALL) -m 644 $(UNIT_FILES) $(D)$(unitdir)/
	ln -sf ../cuio-sleep.service $(D)$(unitdir)/sleep.target.wants/
	$(INSTALL) -m 644 $(RULE_FILES) $(D)$(udevdir)/rules.d/
	$(INSTALL) -m 644 $(DEVICES) $(D)$(datadir)/cuio/devices/
	$(INSTALL) -m 644 $(wildcard client/template/driver/*.in) $(D)$(datadir)/cuio/template/driver/
	$(INSTALL) -m 644 systemd/port-access.conf $(D)$(datadir)/cuio/
	$(INSTALL) -m 644 $(wildcard systemd/examples/*.conf) $(D)$(docdir)/examples/
	$(INSTALL) -m 644 README.md LICENSE $(D)$(docdir)/
	$(INSTALL) -m 644 $(HEADERS) $(D)$(includedir)/cuio/
	$(INSTALL) -m 644 $(O)/cuio.pc $(D)$(pkgconfigdir)/
	$(INSTALL) -m 644 $(TEST_LIB) $(D)$(libdir)/
	$(INSTALL) -m 644 $(O)/cuio-test.pc $(D)$(libdir)/pkgconfig/
	$(INSTALL) -m 644 client/completion/cuioctl $(D)$(datadir)/bash-completion/completions/
	$(foreach m,$(MAN_SRC),$(INSTALL) -D -m 644 $(m) $(D)$(call manual,$(m));)
ifeq ($(DESTDIR),)
	@if [ "$$(id -u)" = 0 ] && [ -n "$(here)" ]; then \
		set -x; udevadm control --reload; systemctl daemon-reload; \
	else \
		echo 'Left to do, as root:'; \
		echo '  udevadm control --reload; systemctl daemon-reload'; \
	fi
endif

# The order-only prerequisite makes "make all install" build first.
.PHONY: built
built: | $(filter all,$(MAKECMDGOALS))
	@for file in $(BINS) $(TEST_LIB) $(TEMPLATES) $(O)/paths; do \
		test -e $$file || { echo "make install: there is no $$file: run \"make\" first, with the same prefix=" >&2; exit 1; }; \
	done
	@printf '%s\n' $(built_for) | while read -r line; do \
		grep -qxF -- "$$line" $(O)/paths || { \
		echo "make install: $(O)/ was built for $$(grep "^$${line%%=*}=" $(O)/paths), not for $$line:" \
			"run \"make $${line%%=*}=$${line#*=}\" first, or install with what it was built for" >&2; exit 1; }; \
	done

# Stops the services first: without the program systemd could not restart them after a crash.
uninstall:
ifneq ($(here),)
	@if [ "$$(id -u)" = 0 ]; then set -x; systemctl stop 'cuiod@*.service' 'cuio-bind@*.service'; fi
endif
	rm -f $(D)$(sbindir)/cuiod $(D)$(bindir)/cuioctl $(D)$(datadir)/bash-completion/completions/cuioctl
	rm -rf $(D)$(libexecdir)/cuio $(D)$(datadir)/cuio $(D)$(docdir)
	rm -f $(addprefix $(D)$(includedir)/cuio/,$(notdir $(HEADERS))) $(D)$(pkgconfigdir)/cuio.pc \
		$(D)$(libdir)/libcuio-test.a $(D)$(libdir)/pkgconfig/cuio-test.pc
	-rmdir $(D)$(includedir)/cuio $(if $(plugindir),$(D)$(plugindir) $(D)$(dir $(plugindir))) 2>/dev/null
	rm -f $(addprefix $(D)$(unitdir)/,$(notdir $(UNIT_FILES))) $(D)$(unitdir)/sleep.target.wants/cuio-sleep.service
	-rmdir $(D)$(unitdir)/sleep.target.wants 2>/dev/null
	rm -f $(addprefix $(D)$(udevdir)/rules.d/,$(notdir $(RULE_FILES)))
	rm -f $(foreach m,$(MAN_SRC),$(D)$(call manual,$(m)))
	@echo 'Kept: $(D)$(sysconfdir)/cuio, and plug-ins, if there are any'
ifneq ($(here),)
	@if [ "$$(id -u)" = 0 ]; then set -x; udevadm control --reload; systemctl daemon-reload; fi
endif

deb:
	@debian/make-packages $(if $(filter command line,$(origin VERSION)),-v '$(VERSION)') $(abspath $(O)/deb) $(DEB_FLAGS)

# --- tests ---------------------------------------------------------------------------------------

# Check prints TAP lines; tests/run counts those of all tests together. The multiplier is large because
# the time limits are for tests that hang, not for busy machines.
RUN_ENVIRONMENT := CK_TAP_LOG_FILE_NAME=- CK_VERBOSITY=silent CK_TIMEOUT_MULTIPLIER=20 BUILD=$(O)
RUN := $(RUN_ENVIRONMENT) tests/run

units: $(UNITS)
	$(RUN) $(UNITS)

needs:
	@tests/needs build

check:
	@tests/needs check
	@$(MAKE) --no-print-directory check-built WERROR=1 LENGTH=short

check-long:
	@tests/needs check
	@$(MAKE) --no-print-directory check-built WERROR=1 LENGTH=long

KILLS  ?= 1000
RELEASE ?= trixie
KERNEL ?= 6.12
SEED   ?=
soak:
	@tests/needs check
	@$(MAKE) --no-print-directory soak-built

soak-built:
	@BUILD=$(O) tests/vm/prepare -r $(RELEASE) $(KERNEL)
	@$(RUN) -v "tests/vm/suite -r $(RELEASE) -k $(KERNEL) -e KILLS=$(KILLS) -e SEED=$(SEED) crash"

check-built:
	@BUILD=$(O) tests/vm/build-root true & root=$$!; \
		$(MAKE) --no-print-directory -j $$(nproc) all $(UNITS) && wait $$root
	@$(RUN_ENVIRONMENT) tests/check $(LENGTH) $(UNITS)

T ?= 60
fuzz:
	@tests/needs check
	@BUILD=$(O) tests/fuzz/run $(T)

bench:
	@tests/needs bench
	@$(MAKE) --no-print-directory all
	@BUILD=$(O) tests/bench/run -r $(RELEASE) -k $(KERNEL)

demo:
	@tests/needs demo
	@tests/demo

format:
	clang-format -i $$(git ls-files '*.c' '*.h')

clean:
	rm -rf $(O)
