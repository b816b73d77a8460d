# Tests, in three steps: make check, make test, make test-all. See tests/README.md.
# SPDX-License-Identifier: Apache-2.0

FUZZ_SECONDS = 3600
CBMC_TESTED = 6.6.0-4
CBMC = $(BUILD)/cbmc/usr/bin/cbmc
NODE = $(BUILD)/node/node_modules/.bin/node
tap = CMOCKA_MESSAGE_OUTPUT=TAP
node_tap = node --test-reporter=tap
valgrind = valgrind -q --error-exitcode=99 --leak-check=full --suppressions=tests/valgrind.supp
inside = sh tests/qemu/inside.sh
comma = ,

include tests/tls/foreign.mk

# The unit tests that need mbedTLS (in the desktop's or in a device's profile) or lwIP. All others need only a C compiler,
# cmocka and jsmn.
tls_unit = arena_test date_field_test flash_seed_test random_test roots_test settings_test
device_unit = flash_roots_test
lwip_unit = lwip_test resolver_test sntp_test
lwip_port = $(patsubst %.c,%.o,$(wildcard port/lwip/*.c))
plain_unit = $(filter-out $(tls_unit) $(device_unit) $(lwip_unit),$(patsubst tests/unit/%.c,%,$(wildcard tests/unit/*_test.c)))
host_unit = $(plain_unit) $(tls_unit) $(lwip_unit)
sanitized_unit = $(patsubst %,$(BUILD)/sanitized/unit/%,$(host_unit) dual_test)
device_unit_programs = $(device_unit:%=$(BUILD)/device/unit/%)

# The unit tests of the core, for coverage and mutants.
core_tests = exchange_test indicator_test json_test monitor_test request_test response_test result_test schedule_test
core_test_objects = $(patsubst %,$(BUILD)/release/tests/unit/%.o,support $(core_tests))
fuzzers = response model body url settings uf2 names
probes = $(addsuffix /probe,$(addprefix $(BUILD)/,sanitized device small))
damaged = $(foreach version,desktop/TLSv1.2 desktop/TLSv1.3 device/TLSv1.2 device/TLSv1.3 small/TLSv1.2, \
  $(version)/ec-chain $(version)/rsa-chain)

mutants = node tests/mutants/mutants.js $(firstword $(CC)) $(jsmn)
coverage = sh tests/coverage/coverage.sh 19 $(jsmn) $(core_tests)
lint = sh tests/lint.sh $(jsmn) $(mbedtls) $(lwip) $(CROSS)

# Suites: a name, and a command that prints TAP. Long suites come first, so that two at a time end together.
unit_suite = unit/$(1:_test=) "$(tap) $(BUILD)/$(2)/unit/$(1)"
plain_suites = $(foreach test,$(plain_unit),$(call unit_suite,$(test),sanitized))
unit_suites = $(plain_suites) $(foreach test,$(tls_unit) $(lwip_unit) dual_test,$(call unit_suite,$(test),sanitized)) \
  $(foreach test,$(device_unit),$(call unit_suite,$(test),device))
size_suite = size "node tests/bench/size.js check $(jsmn)"
e2e_suite = e2e/$(1) "$(node_tap) tests/e2e/$(1).test.js"
tls_suite = tls/$(1) "$(node_tap) tests/tls/$(1).test.js"
consumer_suite = consumers/$(1) "$(node_tap) tests/consumers/$(1).test.js $(jsmn) $(mbedtls) $(lwip)"
# Each file of tests/qemu runs twice, except defects: for the boards that QEMU emulates, and for the one that tests/pico emulates.
in_qemu = lm3s6965evb lm3s6965evb-small mps2_an385 mps2_an386
qemu_suite = qemu/$(1) "BOARDS='$(in_qemu)' $(inside) $(node_tap) tests/qemu/$(1).test.js"
emulated_suite = emulated/$(1) "BOARDS=w5500_evb_pico $(inside) $(node_tap) tests/qemu/$(1).test.js"
pico_suite = pico/$(1) "$(node_tap) tests/pico/$(1).test.js"
names = $(patsubst tests/$(1)/%.test.js,%,$(wildcard tests/$(1)/*.test.js))

# Files of tests/e2e, tests/tls and tests/consumers that take minutes: only in test-all.
slow_e2e = endurance
slow_tls = memory foreign
slow_consumers = pico amalgamation platformio
# The files of tests/qemu, those that take longest first.
emulated_first = network endurance lamp hostile
emulated = $(emulated_first) $(filter-out $(emulated_first),$(call names,qemu))
quick_e2e = $(filter-out $(slow_e2e),$(call names,e2e))
quick_tls = $(filter-out $(slow_tls),$(call names,tls))
quick_consumers = $(filter-out $(slow_consumers),$(call names,consumers))

check_suites = lint "$(lint) quick" $(size_suite) $(plain_suites)
test_suites = lint "$(lint)" static "sh tests/static/check.sh $(jsmn) $(mbedtls) $(lwip)" \
  $(foreach name,$(quick_e2e),$(call e2e_suite,$(name))) $(foreach name,$(quick_tls),$(call tls_suite,$(name))) \
  $(foreach name,$(call names,pico),$(call pico_suite,$(name))) coverage "$(coverage)" $(size_suite) $(unit_suites) sockets "$(inside) $(node_tap) tests/sockets/sockets.test.js" \
  consumers/headers "sh tests/consumers/run.sh $(mbedtls) $(lwip)" $(foreach name,$(quick_consumers),$(call consumer_suite,$(name)))
one_lamp = $(call emulated_suite,lamp)
foreign_suite = foreign/$(1)/$(2) "WMREC=$(BUILD)/foreign/$(1)/wmrec PROBE=$(BUILD)/foreign/$(1)/probe ASK=$(BUILD)/foreign/$(1)/ask \
  $(if $(filter lean,$(1)),LIKE=small) $(node_tap) $(if $(filter lean,$(1)),$(if $(filter-out hostile,$(2)),$(without_tls_1_3))) tests/tls/$(2).test.js"
foreign_suites = $(foreach name,$(foreigns),$(foreach test,certificates protocol resumption hostile ask,$(call foreign_suite,$(name),$(test)))) \
  foreign/default/memory "PROBE=$(BUILD)/foreign/default/probe $(node_tap) --test-name-pattern='/TLSv1.3|no allocation/' tests/tls/memory.test.js"
# Leaves out tests of TLS 1.3, by their names; and node's own <root>, which would include all tests.
without_tls_1_3 = --test-name-pattern='/^(?!<|.*(TLSv1.3|TLS 1.3:|cannot downgrade|now supports TLS 1.3|key exchange on|only the other version|new session does not fit|too large for a ClientHello|chooses PSS|WireMock with default))/'
more_suites = $(foreach name,$(emulated),$(call emulated_suite,$(name))) $(foreign_suites) \
  $(foreach name,$(filter-out defects,$(call names,qemu)),$(call qemu_suite,$(name))) \
  qemu/cost "$(inside) node tests/qemu/cost.js lm3s6965evb check" qemu/arena "$(inside) node tests/qemu/arena.js lm3s6965evb check" \
  emulated/cost "$(inside) node tests/qemu/cost.js w5500_evb_pico check" \
  emulated/arena "$(inside) node tests/qemu/arena.js w5500_evb_pico check" \
  $(foreach name,$(slow_e2e),$(call e2e_suite,$(name))) $(foreach name,$(slow_tls),$(call tls_suite,$(name))) \
  $(call consumer_suite,pico) \
  mutants "$(mutants) 20 $(core_tests)" proof "sh tests/proof/run.sh $(jsmn)" fuzz "sh tests/fuzz/run.sh 60 $(fuzzers)" \
  $(foreach test,outcomes watch servers session endurance,valgrind/$(test) \
    "WMREC=tests/e2e/valgrind.sh $(node_tap) tests/e2e/$(test).test.js") \
  portable "node tests/portable/portable.js $(jsmn)" cost "node tests/bench/cost.js check" \
  roots "node tests/bench/roots.js check" \
  arduino "$(node_tap) tests/arduino/arduino.test.js" consumers/platformio "JSMN_DIR=$(jsmn) $(node_tap) tests/consumers/platformio.test.js" \
  consumers/amalgamation "JSMN_DIR=$(jsmn) MBEDTLS_DIR=$(mbedtls) CROSS=$(CROSS) $(node_tap) tests/consumers/amalgamation.test.js" \
  differential "$(NODE) --test-reporter=tap tests/differential/differential.test.js" build "sh tests/build.sh $(mbedtls) $(lwip) $(pico_sdk_dir) $(CROSS)" \
  $(foreach test,$(host_unit),valgrind/$(test:_test=) "$(tap) WMREC_FEWER=1 $(valgrind) $(BUILD)/release/unit/$(test)")

# The packages that each step needs, from Debian and npm.
check_deps = $(patsubst %,$(BUILD)/%.have,compiler cmocka lint fmt size) $(jsmn_header)
test_deps = $(check_deps) $(patsubst %,$(BUILD)/%.have,run test static coverage hostile firmware roots qemu consumers) $(WIREMOCK) \
  $(mbedtls_header) $(lwip_header) $(debian_mbedtls)
test_all_deps = $(test_deps) $(patsubst %,$(BUILD)/%.have,cost bench callgrind portable arduino fuzz pico) $(NODE) $(CBMC) $(pico_sdk)

check_needs = $(check_deps) $(plain_unit:%=$(BUILD)/sanitized/unit/%)
test_needs = $(check_needs) $(test_deps) $(sanitized_unit) $(device_unit_programs) $(BUILD)/wmrec $(addprefix $(BUILD)/sanitized/,wmrec make_uf2) $(probes) \
  $(BUILD)/sanitized/ask $(programs) \
  $(BUILD)/sanitized/sockets/ask $(BUILD)/stop_at_exit.so $(BUILD)/no_secret.so $(BUILD)/release/unit/fleet_test $(core_test_objects) \
  $(patsubst %,$(BUILD)/release/%,liblwip.a $(lwip_port) port/template/template.o) $(headers) $(package) \
  firmware/lm3s6965evb firmware/lm3s6965evb-small firmware/w5500_evb_pico $(RP2040JS)
test_all_needs = $(test_needs) $(test_all_deps) $(lamps:%=firmware/%) $(host_unit:%=$(BUILD)/release/unit/%) $(BUILD)/cost \
  $(BUILD)/sanitized/answers $(fuzzers:%=$(BUILD)/fuzz/%) $(foreign_programs) $(BUILD)/amalgamation/wmrec.c $(arduino_zip) $(BUILD)/simavr/machine

## Installs the packages that `make run` and `make test` need, from Debian and npm; they also do it themselves
.PHONY: deps
deps: $(test_deps)

## Tests after an edit, in under a minute: unit tests, size, and lint's quick part; needs no mbedTLS
.PHONY: check
check: $(check_needs)
	@sh tests/run.sh $(check_suites)

## Tests in ten minutes: check, lint, coverage, static analysis, TLS, the tool against a real WireMock, a lamp in an emulator
.PHONY: test
test: announce_test $(test_needs)
	@sh tests/run.sh $(one_lamp) $(test_suites)

## Tests all, in three quarters of an hour: test, proofs, mutants, fuzzing, valgrind, every lamp test, other processors
.PHONY: test-all
test-all: announce_test_all $(test_all_needs)
	@sh tests/run.sh $(test_suites) $(more_suites)

.PHONY: announce_test announce_test_all
announce_test:
	@echo "make test: about 10 minutes on two idle cores, plus what it has to install. make test-all adds proofs, mutants, fuzzing,"
	@echo "valgrind, every test of the lamp, and other processors: about 45 minutes in all. make check takes under a minute."
announce_test_all:
	@echo "make test-all: about 45 minutes on two idle cores, plus what it has to install."

## Runs the unit tests only, under ASan and UBSan
.PHONY: unit
unit: $(sanitized_unit) $(device_unit_programs)
	@sh tests/run.sh $(unit_suites)

## Fuzzes each target for a minute, two at a time, by libFuzzer under ASan and UBSan
.PHONY: fuzz
fuzz: $(fuzzers:%=$(BUILD)/fuzz/%)
	@sh tests/fuzz/run.sh 60 $(fuzzers)

## Fuzzes each target for FUZZ_SECONDS (an hour)
.PHONY: fuzz-long
fuzz-long: $(fuzzers:%=$(BUILD)/fuzz/%)
	@sh tests/fuzz/run.sh $(FUZZ_SECONDS) $(fuzzers)

## Plants a bug for each fuzz target, which must find it
.PHONY: fuzz-planted
fuzz-planted: $(fuzzers:%=$(BUILD)/fuzz/%)
	@sh tests/fuzz/planted.sh $(jsmn)

## Makes the fuzz corpus again: the smallest set of the inputs so far with the same coverage
.PHONY: fuzz-corpus
fuzz-corpus: $(fuzzers:%=$(BUILD)/fuzz/%)
	@sh tests/fuzz/corpus.sh $(fuzzers)

## Measures the coverage of the core by the unit tests; fails unless every line, branch and condition is covered
.PHONY: coverage
coverage: $(BUILD)/coverage.have $(core_test_objects)
	@$(coverage)

## Makes each small mistake in the core, one at a time, and checks that a unit test fails: over ten minutes
.PHONY: mutants
mutants: $(BUILD)/run.have $(core_test_objects)
	@$(mutants) 1 $(core_tests)

## Runs the golden files on emulated processors: one is big-endian, one has 8 bits and an int of 16 bits
.PHONY: portable
portable: $(BUILD)/portable.have $(jsmn_header)
	@node tests/portable/portable.js $(jsmn)

## Connects to hundreds of faulty TLS servers, in three profiles of mbedTLS, and writes the results to tests/tls/hostile.md
.PHONY: hostile
hostile: $(probes) $(BUILD)/run.have $(BUILD)/hostile.have
	@node tests/tls/hostile/run.js

## Cuts a TLS server's flight at every byte, and flips a bit of every byte, in three profiles of mbedTLS
.PHONY: damage
damage: $(probes) $(BUILD)/sanitized/wmrec $(BUILD)/run.have
	@sh tests/run.sh $(foreach where,$(damaged),damage/$(where) \
	  "WMREC_STEP=1 WMREC_ONLY='$(subst /,$(comma) ,$(where))' $(node_tap) tests/tls/damage.test.js")

## Lets the lamp ask 10,000 times in QEMU, for more than an hour of virtual time: its memory use must not change
.PHONY: endurance
endurance: firmware/mps2_an385 $(BUILD)/wmrec $(BUILD)/run.have $(BUILD)/qemu.have
	@$(inside) $(node_tap) tests/qemu/endurance.test.js 10000

## Runs the static analysers on the C that ships
.PHONY: static
static: $(BUILD)/static.have $(jsmn_header) $(mbedtls_header) $(lwip_header)
	@sh tests/static/check.sh $(jsmn) $(mbedtls) $(lwip)

## Proves the core, the drive and the lamp's settings, by CBMC: see tests/proof/README.md
.PHONY: proof
proof: $(CBMC) $(jsmn_header) $(BUILD)/compiler.have
	@sh tests/proof/run.sh $(jsmn)

## Plants bugs in copies of the sources: each must make its proof fail
.PHONY: proof-planted
proof-planted: $(CBMC) $(jsmn_header) $(BUILD)/compiler.have
	@sh tests/proof/planted.sh $(jsmn)

# lwIP on this machine, with its loopback as the network, for the tests of its port.
lwip_test_options = -DMEM_ALIGNMENT=8 -DMEM_SIZE=65536 -DPBUF_POOL_SIZE=64 -DMEMP_NUM_TCP_PCB=12 -DLWIP_STATS=1 \
  -DLWIP_HAVE_LOOPIF=1 -DLWIP_NETIF_LOOPBACK=1
lwip_objects = $(patsubst %.c,%.o,$(filter-out %/dns_message.c,$(wildcard port/lwip/*.c)) tests/unit/lwip_support.c $(lwip_unit:%=tests/unit/%.c))

device_objects = port/mbedtls/no_private_keys.o examples/lamp/gmtime.o
tests_need_tls = tests/tls/probe.o tests/tls/starve.o tests/bench/cost.o $(patsubst %,tests/unit/%.o,$(tls_unit) $(device_unit))
libraries = $(addprefix $(BUILD)/$(1)/lib,wmrec-tls.a wmrec.a mbedtls.a)

starve_link = -Wl,--wrap=wmrec_arena_allocate -Wl,--wrap=calloc
# The archives are named twice, as port/mbedtls and mbedTLS need each other.
define test_rules
$(tests_need_tls:%=$(BUILD)/$(1)/%): $(mbedtls_header) $(tls_config)
$(lwip_objects:%=$(BUILD)/$(1)/%): lwip_options = $(lwip_test_options) -isystem $(lwip)/src/include
$(lwip_objects:%=$(BUILD)/$(1)/%): $(lwip_header) $(wildcard port/lwip/config/*.h port/lwip/config/*/*.h)
$(BUILD)/$(1)/probe: $(addprefix $(BUILD)/$(1)/tests/tls/,probe.o starve.o) $(2) $(call libraries,$(1))
	@$$(CC) $$($(1)) -o $$@ $$^ $$(starve_link) -pthread $$($(1)_link)
$(BUILD)/$(1)/ask: $(BUILD)/$(1)/tests/tls/ask.o $(call libraries,$(1))
	@$$(CC) $$($(1)) -o $$@ $$^ -pthread $$($(1)_link)
$(BUILD)/$(1)/answers: $(patsubst %.c,$(BUILD)/$(1)/%.o,tests/differential/answers.c tests/fuzz/model.c tests/fuzz/model_body.c \
    tests/fuzz/observe.c) $(BUILD)/$(1)/libwmrec.a
	@$$(CC) $$($(1)) -o $$@ $$^ $$($(1)_link)
$(BUILD)/$(1)/unit/%: $(BUILD)/$(1)/tests/unit/%.o $(patsubst %.c,$(BUILD)/$(1)/%.o,tests/unit/support.c tests/fake/fake.c tests/fake/server.c) \
    $(BUILD)/$(1)/libwmrec.a
	@mkdir -p $$(@D)
	@$$(CC) $$($(1)) -o $$@ $$(filter %.o,$$^) $$(filter %.a,$$^) $$(filter %.a,$$^) -lcmocka -pthread $$($(1)_link)
$(patsubst %,$(BUILD)/$(1)/unit/%,$(tls_unit) $(device_unit)): $(BUILD)/$(1)/libwmrec-tls.a $(BUILD)/$(1)/libmbedtls.a
$(lwip_unit:%=$(BUILD)/$(1)/unit/%): $(addprefix $(BUILD)/$(1)/,$(lwip_port) tests/unit/lwip_support.o liblwip.a)
$(BUILD)/$(1)/unit/dns_message_test: $(BUILD)/$(1)/port/lwip/dns_message.o
$(BUILD)/$(1)/unit/settings_test: $(patsubst %,$(BUILD)/$(1)/boards/%.o,settings crc32)
$(BUILD)/$(1)/unit/uf2_test: $(BUILD)/$(1)/boards/uf2.o
$(BUILD)/$(1)/unit/random_test: $(patsubst %,$(BUILD)/$(1)/boards/%.o,seed crc32)
$(BUILD)/$(1)/unit/health_test: $(BUILD)/$(1)/boards/health.o
$(BUILD)/$(1)/unit/flash_seed_test: $(patsubst %,$(BUILD)/$(1)/%.o,boards/seed boards/crc32 boards/health \
    examples/lamp/flash_seed examples/lamp/seed_records tests/unit/nor_flash)
$(BUILD)/$(1)/unit/date_field_test: $(BUILD)/$(1)/examples/lamp/date_field.o
$(BUILD)/$(1)/unit/display_test: $(BUILD)/$(1)/examples/lamp/display.o
$(BUILD)/$(1)/unit/flash_roots_test: $(BUILD)/$(1)/flash_roots.o
endef
$(eval $(call test_rules,release,))
$(eval $(call test_rules,sanitized,))
$(eval $(call test_rules,device,$(device_objects:%=$(BUILD)/device/%)))
$(eval $(call test_rules,small,$(device_objects:%=$(BUILD)/small/%)))
$(kinds:%=$(BUILD)/%/tests/%): | $(BUILD)/cmocka.have

# The default roots of a firmware.
$(BUILD)/flash_roots.c: $(wildcard examples/lamp/flash_roots.*) | $(BUILD)/roots.have
	@sh examples/lamp/flash_roots.sh $@ default >/dev/null
$(BUILD)/device/flash_roots.o: $(BUILD)/flash_roots.c
	@mkdir -p $(@D)
	@$(CC) $(device) $(standard) -c $< -o $@

$(BUILD)/release/liblwip.a $(BUILD)/sanitized/liblwip.a: $(BUILD)/%/liblwip.a: $(lwip_header) $(BUILD)/options port/lwip/library.mk \
    port/lwip/config/lwipopts.h port/lwip/config/arch/cc.h | $(BUILD)/compiler.have
	@echo "building lwIP ($*)"
	@$(MAKE) -f port/lwip/library.mk ARCHIVE=$@ LWIP_DIR=$(lwip) CC="$(CC)" AFTER=$(BUILD)/options \
	  FLAGS="$($*) $(maps) $(lwip_test_options)"

# resolver_test once more, in another lwIP: with lwIP's own resolver, and with IPv6.
dual_options = $(lwip_test_options) -DLWIP_DNS=1 -DLWIP_IPV6=1 -DLWIP_IPV6_REASS=0 -DLWIP_IPV6_FRAG=0
dual_objects = $(patsubst %.c,$(BUILD)/sanitized/dual/%.o,$(wildcard port/lwip/*.c) tests/unit/lwip_support.c tests/unit/resolver_test.c)
$(BUILD)/sanitized/unit/dual_test: $(dual_objects) $(BUILD)/sanitized/tests/unit/support.o $(BUILD)/sanitized/libwmrec.a \
    $(BUILD)/sanitized/libdual.a
	@mkdir -p $(@D)
	@$(CC) $(sanitized) -o $@ $^ -lcmocka -pthread
$(BUILD)/sanitized/dual/%.o: %.c $(lwip_header) $(jsmn_header) $(BUILD)/options | $(BUILD)/cmocka.have
	@mkdir -p $(@D)
	@$(CC) $(sanitized) $(standard) $(dual_options) -isystem $(lwip)/src/include -MMD -MP -c $< -o $@
$(BUILD)/sanitized/libdual.a: $(BUILD)/sanitized/liblwip.a
	@$(MAKE) -f port/lwip/library.mk ARCHIVE=$@ LWIP_DIR=$(lwip) CC="$(CC)" FLAGS="$(sanitized) $(maps) $(dual_options)" AFTER=$<

# lwIP with threads, and with tap0 as its network, for tests/sockets. Its folder comes before port/lwip/config.
unix = $(lwip)/contrib/ports/unix/port
sockets_options = -Itests/sockets -I$(unix)/include
sockets_objects = $(patsubst %.c,$(BUILD)/sanitized/sockets/%.o,$(wildcard port/posix/*.c port/lwip/*.c tests/sockets/*.c))
$(BUILD)/sanitized/sockets/ask: $(sockets_objects) $(patsubst %.c,$(BUILD)/sanitized/%.o,$(core) port/drive.c) \
    $(addprefix $(BUILD)/sanitized/lib,sockets.a wmrec-tls.a mbedtls.a)
	@$(CC) $(sanitized) -o $@ $^ -pthread
$(BUILD)/sanitized/sockets/%.o: %.c $(lwip_header) $(mbedtls_header) $(jsmn_header) $(BUILD)/options tests/sockets/lwipopts.h
	@mkdir -p $(@D)
	@$(CC) $(sanitized) $(sockets_options) $(standard) $(tls_options) -isystem $(lwip)/src/include -DWMREC_LWIP_SOCKETS -MMD -MP -c $< -o $@
$(BUILD)/sanitized/libsockets.a: $(lwip_header) $(BUILD)/options port/lwip/library.mk tests/sockets/lwipopts.h
	@echo "building lwIP (with threads)"
	@$(MAKE) -f port/lwip/library.mk ARCHIVE=$@ LWIP_DIR=$(lwip) CC="$(CC)" AFTER="$(BUILD)/options tests/sockets/lwipopts.h" \
	  MORE="src/api/*.c contrib/ports/unix/port/sys_arch.c contrib/ports/unix/port/netif/tapif.c" \
	  FLAGS="$(sanitized) $(maps) $(sockets_options) -D_DEFAULT_SOURCE"

$(BUILD)/sanitized/make_uf2: $(addprefix $(BUILD)/sanitized/boards/,host/make_uf2.o uf2.o)
	@$(CC) $(sanitized) -o $@ $^

# -z now: lazy binding would save registers to the stack, and with them the secrets that the test looks for.
$(BUILD)/stop_at_exit.so $(BUILD)/no_secret.so: $(BUILD)/%.so: tests/e2e/%.c | $(BUILD)/compiler.have
	@$(CC) -std=c99 -D_DEFAULT_SOURCE $(WARNINGS) -O2 -shared -fPIC -Wl,-z,now -o $@ $<

# An Arduino in simavr.
$(BUILD)/simavr/machine: tests/arduino/simavr/machine.c | $(BUILD)/compiler.have $(BUILD)/arduino.have
	@mkdir -p $(@D)
	@$(CC) -std=c99 -D_DEFAULT_SOURCE $(WARNINGS) -Werror -O2 -o $@ $< -lsimavr -lelf

$(BUILD)/fuzz/%: tests/fuzz/%_fuzz.c tests/fuzz/build.sh $(wildcard tests/fuzz/*.[ch] core/*.[ch]) boards/settings.c \
    boards/crc32.c boards/uf2.c examples/cli/commands/settings_uf2.c examples/cli/input/endpoint.c port/lwip/dns_message.c $(jsmn_header) | $(BUILD)/fuzz.have
	@echo "building $@"
	@sh tests/fuzz/build.sh $* . $(jsmn) $@

$(CBMC): | $(BUILD)/compiler.have
	@$(DEBIAN) packages $(BUILD)/cbmc cbmc=$(CBMC_TESTED) minisat libc6 libstdc++6 libgcc-s1 zlib1g
	@touch $@

# tests/differential needs a known version of node.
$(NODE): tests/npm/node/package-lock.json $(BUILD)/run.have
	@sh tests/npm/install.sh node $(BUILD)/node $(@:$(BUILD)/node/%=%)

$(BUILD)/cmocka.have: packages = /usr/include/cmocka.h=libcmocka-dev
$(BUILD)/lint.have: packages = clang=clang shellcheck=shellcheck mandoc=mandoc
$(BUILD)/test.have: packages = dpkg-dev debian-archive-keyring file=file gpg=gpg gpg-agent=gpg-agent gpgconf=gpgconf setpriv=util-linux \
  ip=iproute2 valgrind=valgrind /usr/sbin/mosquitto=mosquitto mosquitto_pub=mosquitto-clients g++=g++ $(CROSS)gcc=gcc-arm-none-eabi \
  /usr/lib/arm-none-eabi/include/string.h=libnewlib-arm-none-eabi
$(BUILD)/consumers.have: packages = cmake=cmake pkg-config=pkg-config g++=g++
$(BUILD)/pico.have: packages = libstdc++-arm-none-eabi-newlib python3=python3
$(BUILD)/fuzz.have: packages = clang=clang libclang-rt-dev xargs=findutils
$(BUILD)/static.have: packages = $(firstword $(CC))=gcc clang-tidy=clang-tidy cppcheck=cppcheck
$(BUILD)/coverage.have: packages = clang-19=clang-19 llvm-cov-19=llvm-19 libclang-rt-19-dev
$(BUILD)/portable.have: packages = node=nodejs m68k-linux-gnu-gcc=gcc-m68k-linux-gnu libc6-dev-m68k-cross qemu-m68k=qemu-user \
  avr-gcc=gcc-avr avr-libc simavr=simavr
$(BUILD)/arduino.have: packages = node=nodejs avr-gcc=gcc-avr avr-libc arduino-builder=arduino-builder arduino-ctags=arduino-ctags \
  /usr/share/arduino/hardware/arduino/avr=arduino-core-avr /usr/include/simavr/sim_avr.h=libsimavr-dev /usr/include/libelf.h=libelf-dev \
  g++=g++ unzip=unzip
$(BUILD)/hostile.have: packages = gnutls-serv=gnutls-bin
