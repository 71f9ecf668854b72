# make            the binary, the web app
# make run        everything a demo needs, under ./var; Ctrl-C ends it
# make test       all tests (installs what they need as root)      make load, make fuzz   the long figures
# SAN=1 builds with sanitizers and crash points into build/san: what the tests use.
.SUFFIXES:
.SECONDARY:
SHELL   := /bin/bash
VERSION := 0.1
PREFIX  ?= /usr
CC      ?= gcc
B       := build/$(if $(SAN),san,rel)
PKGS    := libpq jansson gmime-3.0 libsodium gnutls libcurl zlib
WARN    := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wclobbered -Werror
CPPFLAGS := -D_GNU_SOURCE -DDOCKET_VERSION=\"$(VERSION)\" -Isrc -I. -Ibuild $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
ifdef SAN
# At one address: a test starts docket thousands of times, and half of a start would be moving its tables.
HARDEN  := -fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=undefined -O1 -g1 -fno-pie \
	-DDOCKET_CRASH_POINTS -Wno-format-truncation -Wno-maybe-uninitialized
else
HARDEN  := -O2 -fPIE -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection -fcf-protection
endif
CFLAGS   = -std=gnu11 -g $(HARDEN) $(WARN)
CXXFLAGS := -std=c++17 -g $(HARDEN) -Wall -Wextra -Werror $(shell xapian-config --cxxflags 2>/dev/null)
LDFLAGS  = $(if $(SAN),-no-pie $(firstword $(HARDEN)),-pie -Wl,-z,relro,-z,now)
LDLIBS   := $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lfcgi -letpan -lresolv $(shell xapian-config --libs 2>/dev/null)

SRC  := $(wildcard src/*/*.c) src/main.c $(wildcard index/*.c)
OBJ  := $(SRC:%.c=$(B)/%.o) $(patsubst %.cc,$(B)/%.o,$(wildcard index/*.cc)) $(B)/sql.o $(if $(wildcard src/api/api.awk),$(B)/api.o)
BIN  := $(B)/docket
GEN  := build/sql.h build/sql.c $(if $(wildcard src/api/api.awk),build/api.h build/api.c)
LIB  := $(B)/docket.a
TPROG := $(patsubst tests/%.c,build/tests/%,$(wildcard tests/*/*.c))
LPROG := $(filter build/tests/load/%,$(TPROG))

all: docket web
docket: $(BIN)
	ln -sf $(BIN) docket
$(BIN): $(OBJ)
	@echo '  LD  $@'; $(CXX) $(LDFLAGS) -o $@ $(OBJ) $(LDLIBS)
$(B)/%.o: %.c $(GEN)
	@mkdir -p $(@D)
	@echo '  CC  $<'; $(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
$(B)/%.o: build/%.c
	@mkdir -p $(@D)
	@echo '  CC  $<'; $(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
$(B)/%.o: %.cc
	@mkdir -p $(@D)
	@echo '  CXX $<'; $(CXX) -Isrc -I. $(CXXFLAGS) -MMD -MP -c -o $@ $<
-include $(OBJ:.o=.d)

QUERIES := $(sort $(wildcard sql/query/*.sql))
ROUTES  := $(sort $(wildcard src/api/*.api))
build/sql.%: sql/query.awk $(QUERIES)
	@mkdir -p build
	awk -v want=$* -f $< $(QUERIES) > $@.new && mv $@.new $@
build/api.%: src/api/api.awk $(QUERIES) $(ROUTES)
	@mkdir -p build
	awk -v want=$* -f $< $(QUERIES) $(ROUTES) > $@.new && mv $@.new $@

web: web/dist/index.html
web/dist/index.html: $(wildcard web/package.json web/src/* web/src/*/* web/tools/* web/icons/* web/fonts/* web/index.html web/openapi.json)
	$(if $(wildcard web/package.json),cd web && npm ci --ignore-scripts --no-audit --no-fund --silent && npm run --silent build,@true)

# What tests need: programs of tests/DIR become build/tests/DIR/NAME, linked with everything but main();
# those of load/ without sanitizers; tests/fuzz makes its own.
$(LIB): $(OBJ)
	@rm -f $@; ar rcs $@ $(filter-out $(B)/src/main.o,$(OBJ))
build/tests/%: tests/%.c $(LIB)
	@mkdir -p $(@D)
	@echo '  CC  $<'; $(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@.o $< && \
	$(CXX) $(LDFLAGS) -o $@ $@.o $(LIB) $(LDLIBS) -lcmocka
-include $(TPROG:=.d)
programs: $(filter-out $(LPROG) build/tests/fuzz/%,$(TPROG)) build/nofilter/docket
# The application's own filter of what customers may read compiled out (tests/walls/canary.t).
build/nofilter/docket: src/rule/mail.c $(OBJ)
	@mkdir -p $(@D)
	@echo '  CC  $@'; $(CC) $(CPPFLAGS) $(CFLAGS) -DDOCKET_TEST_NO_FILTER -c -o $(@D)/mail.o $< && \
	$(CXX) $(LDFLAGS) -o $@ $(@D)/mail.o $(filter-out %/rule/mail.o,$(OBJ)) $(LDLIBS)
load-programs: $(LPROG)
san:
	@$(MAKE) --no-print-directory SAN=1 build/san/docket
lint:
	@tests/lint
deps:
	@tests/deps
run: deps
	@tests/demo/run
test: deps
	@tests/run
fuzz load: deps
	@tests/run $@
# Into a system or, with DESTDIR, beside it; README.md goes on from there.
D := $(DESTDIR)$(PREFIX)
install: $(BIN) web
	install -Dm755 $(BIN) $(D)/sbin/docket
	install -Dm644 -t $(D)/share/docket/sql/migrate sql/migrate/*.sql
	install -Dm644 -t $(D)/share/docket/sql sql/roles.sql
	install -Dm644 -t $(D)/lib/systemd/system systemd/*.service systemd/*.socket systemd/*.timer systemd/*.target
	install -Dm644 systemd/docket.sysusers $(D)/lib/sysusers.d/docket.conf
	install -Dm644 systemd/docket.tmpfiles $(D)/lib/tmpfiles.d/docket.conf
	install -Dm644 nginx/docket.conf $(DESTDIR)/etc/nginx/snippets/docket.conf
	install -Dm644 nginx/docket-http.conf $(DESTDIR)/etc/nginx/conf.d/docket.conf
	[ -e $(DESTDIR)/etc/docket/docket.conf ] || install -Dm640 systemd/docket.conf $(DESTDIR)/etc/docket/docket.conf
	for page in $(wildcard src/docket*.[1-9]); do \
		install -Dm644 $$page $(D)/share/man/man$${page##*.}/$${page##*/} || exit; done
	[ ! -d web/dist ] || { mkdir -p $(D)/share/docket/web && cp -R web/dist/. $(D)/share/docket/web; }
clean:
	rm -rf build docket web/dist
.PHONY: all docket web san programs load-programs lint deps run test load fuzz install clean
