# wmrec. `make help` lists the targets. SPDX-License-Identifier: Apache-2.0

# Bring your own: the folder of jsmn.h, the source trees of mbedTLS (3.6 or 4.x) and lwIP (2.2). Default: from Debian.
JSMN_DIR = build/jsmn
MBEDTLS_DIR = build/mbedtls-source
LWIP_DIR = build/lwip-source
CROSS = arm-none-eabi-
BOARD = lm3s6965evb
lamp = $(BOARD)$(addprefix -,$(PROFILE))
ROOTS = default
PREFIX = /usr/local
FUZZ_SECONDS = 3600

CFLAGS = -O2 -g
WARNINGS = -Wall -Wextra -Wconversion -Wshadow -pedantic
SANITIZE = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
HARDEN = -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE
HARDEN_LINK = -pie -Wl,-z,relro,-z,now

DEBIAN = sh port/debian.sh
# The versions of these packages that wmrec was tested with: an older one is refused.
MBEDTLS_TESTED = 3.6.6-0.1~deb13u1
LWIP_TESTED = 2.2.1+dfsg1-1+deb13u1
CBMC_TESTED = 6.6.0-4
CBMC = build/cbmc/usr/bin/cbmc
WIREMOCK = build/npm/node_modules/wiremock/package.json
NODE = build/node/node_modules/.bin/node
MAKEFLAGS += --no-print-directory
ifeq (,$(findstring -j,$(MAKEFLAGS)))
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 1)
endif

core = $(wildcard core/*.c)
lamps = $(patsubst boards/%/board.mk,%,$(wildcard boards/*/board.mk)) lm3s6965evb-small
ports = $(filter-out port/mbedtls/no_private_keys.c,$(wildcard port/*.c port/posix/*.c port/mbedtls/*.c))
cli = $(wildcard examples/cli/*.c examples/cli/*/*.c) boards/settings.c boards/crc32.c
includes = -Icore -Iport -Iport/posix -Iport/mbedtls -Itests/fake -Itests/fuzz -Iexamples/lamp -Iexamples/cli -Iboards -Iport/lwip -Iport/lwip/config -isystem $(JSMN_DIR)
standard = -std=c99 -D_DEFAULT_SOURCE $(WARNINGS) $(includes) -ffunction-sections -DWMREC_GOLDEN='"tests/golden"'

# mbedTLS 4.x keeps its cryptography in a tree of its own. With our configuration, a file that is not wanted is empty.
tf_psa = $(MBEDTLS_DIR)/tf-psa-crypto
mbedtls_includes = -isystem $(MBEDTLS_DIR)/include $(addprefix -isystem ,$(wildcard $(tf_psa)/include \
  $(tf_psa)/drivers/builtin/include))
mbedtls_config = -Iport/mbedtls '-DMBEDTLS_CONFIG_FILE="tls_config.h"' \
  '-DTF_PSA_CRYPTO_CONFIG_FILE="crypto_config.h"'

unit = $(filter-out $(device_unit),$(patsubst tests/unit/%_test.c,unit/%_test,$(wildcard tests/unit/*_test.c)))
device_unit = unit/flash_roots_test
tap = CMOCKA_MESSAGE_OUTPUT=TAP
unit_suites = $(foreach test,$(unit),$(test:_test=) "$(tap) build/sanitized/$(test)") \
  $(foreach test,$(device_unit),$(test:_test=) "$(tap) build/device/$(test)")
peers = wmrec http_parser-jsmn http_parser-cjson llhttp-jsmn curl-cjson
fuzzers = response model body url settings
probes = $(addsuffix /probe,build/sanitized build/device build/small)
damaged = $(foreach version,desktop/TLSv1.2 desktop/TLSv1.3 device/TLSv1.2 device/TLSv1.3 small/TLSv1.2, \
  $(version)/ec-chain $(version)/rsa-chain)
comma = ,
valgrind = valgrind -q --error-exitcode=99 --leak-check=full --suppressions=tests/valgrind.supp
inside = sh tests/qemu/inside.sh
# The tests that need nothing of the ports: with the core alone, they show how well it is tested.
core_tests = exchange_test indicator_test json_test monitor_test request_test response_test result_test schedule_test
core_test_objects = $(patsubst %,build/release/tests/unit/%.o,support $(core_tests))
mutants = node tests/mutants/mutants.js $(firstword $(CC)) $(JSMN_DIR)
portable = node tests/portable/portable.js $(JSMN_DIR)
coverage = sh tests/coverage/coverage.sh 19 $(JSMN_DIR) $(core_tests)
suites = lint "sh tests/lint.sh $(JSMN_DIR) $(MBEDTLS_DIR) $(LWIP_DIR) $(CROSS)" \
  size "node tests/bench/size.js check $(JSMN_DIR)" $(unit_suites) \
  coverage "$(coverage)" portable "$(portable)" mutants "$(mutants) 20 $(core_tests)" \
  e2e "node --test-reporter=tap tests/e2e/all.js" tls "node --test-reporter=tap tests/tls/all.js" \
  static "sh tests/static/check.sh $(JSMN_DIR) $(MBEDTLS_DIR) $(LWIP_DIR)" proof "sh tests/proof/run.sh $(JSMN_DIR)" \
  cost "node tests/bench/cost.js check" \
  differential "$(NODE) --test-reporter=tap tests/differential/differential.test.js" \
  fuzz "sh tests/fuzz/run.sh 60 $(fuzzers)" \
  $(foreach test,lamp attack roots display network fault hostile secrets endurance,qemu/$(test) "$(inside) node --test-reporter=tap tests/qemu/$(test).test.js") \
  qemu/cost "$(inside) node tests/qemu/cost.js lm3s6965evb check" qemu/arena "$(inside) node tests/qemu/arena.js lm3s6965evb check" \
  $(foreach test,outcomes watch servers session endurance,valgrind/$(test) \
    "WMREC=tests/e2e/valgrind.sh node --test-reporter=tap tests/e2e/$(test).test.js") \
  $(foreach test,$(unit),valgrind/$(notdir $(test:_test=)) "$(tap) WMREC_FEWER=1 $(valgrind) build/release/$(test)")

firmware = $(MAKE) -f boards/firmware.mk CROSS=$(CROSS) JSMN_DIR=$(JSMN_DIR) MBEDTLS_DIR=$(MBEDTLS_DIR) LWIP_DIR=$(LWIP_DIR) \
  ROOTS="$(ROOTS)"

.PHONY: all help run test unit fuzz fuzz-long fuzz-planted fuzz-corpus coverage mutants portable hostile damage firmware roots qemu screenshot flash endurance cost-device fleet scale size size-budget stack static proof proof-planted bench bench-tls cost fmt install uninstall clean
.DELETE_ON_ERROR:
.SECONDARY:

## Builds the desktop tool, build/wmrec (the default)
all: build/wmrec

## Lists the targets
help:
	@awk '/^## / { text = substr($$0, 4); next } \
	  /^[a-z-]+:/ && text { split($$1, name, ":"); printf "make %-13s %s\n", name[1], text } { text = "" }' Makefile
	@echo "Variables: CC, CFLAGS, BOARD, PROFILE, ROOTS, PREFIX, DESTDIR, JSMN_DIR (the folder of jsmn.h), MBEDTLS_DIR and LWIP_DIR (source trees)"

## Asks a real WireMock on this machine; or the Cloud, if WMC_API_TOKEN and MOCK_API_ID are set
run: build/wmrec build/run.have $(WIREMOCK)
	@node tests/e2e/run.js

## Installs what tests need, and runs all of them: the last line is `N passed, N failed`
test: $(lamps:%=firmware/%) build/qemu.have build/test.have build/run.have $(WIREMOCK) build/sanitized/wmrec build/wmrec $(probes) build/hostile.have build/stop_at_exit.so \
    $(addprefix build/sanitized/,$(unit)) $(addprefix build/release/,$(unit)) $(addprefix build/device/,$(device_unit)) \
    build/cost build/cost.have build/bench.have build/fmt.have build/static.have build/coverage.have build/portable.have build/size.have \
    build/sanitized/answers $(NODE) $(CBMC) $(fuzzers:%=build/fuzz/%)
	@sh tests/run.sh $(suites)

## Runs the unit tests only, under ASan and UBSan
unit: $(addprefix build/sanitized/,$(unit)) $(addprefix build/device/,$(device_unit))
	@sh tests/run.sh $(unit_suites)

## Fuzzes each target for a minute, two at a time, by libFuzzer under ASan and UBSan
fuzz: $(fuzzers:%=build/fuzz/%)
	@sh tests/fuzz/run.sh 60 $(fuzzers)

## The same for FUZZ_SECONDS each (an hour)
fuzz-long: $(fuzzers:%=build/fuzz/%)
	@sh tests/fuzz/run.sh $(FUZZ_SECONDS) $(fuzzers)

## Plants a bug for each target, which it must find
fuzz-planted: $(fuzzers:%=build/fuzz/%)
	@sh tests/fuzz/planted.sh $(JSMN_DIR)

## Makes the fuzzers' corpus again, from itself and what they have found, as small as can be
fuzz-corpus: $(fuzzers:%=build/fuzz/%)
	@sh tests/fuzz/corpus.sh $(fuzzers)

## Measures what the unit tests reach of the core: all lines, branches and conditions, or it fails
coverage: build/coverage.have $(core_test_objects)
	@$(coverage)

## Makes every small mistake in the core, one at a time, and sees the unit tests notice: over ten minutes
mutants: build/run.have $(core_test_objects)
	@$(mutants) 1 $(core_tests)

## Runs the golden answers on other kinds of processors, emulated: big-endian, and of 8 bits with an int of 16
portable: build/portable.have $(JSMN_DIR)/jsmn.h
	@$(portable)

## Asks hundreds of servers that speak TLS wrongly, in three profiles of mbedTLS, and writes what becomes of each: tests/tls/hostile.md
hostile: $(probes) build/run.have build/hostile.have
	@node tests/tls/hostile/run.js

## Cuts a server's flight at every byte, and flips a bit of every byte of what it says, in three profiles of mbedTLS
damage: $(probes) build/sanitized/wmrec build/run.have
	@sh tests/run.sh $(foreach where,$(damaged),damage/$(where) \
	  "WMREC_STEP=1 WMREC_ONLY='$(subst /,$(comma) ,$(where))' node --test-reporter=tap tests/tls/damage.test.js")

## Builds the lamp for BOARD, a folder of boards/, and for PROFILE=small if you like: lamp.elf, .bin, .hex and .map in build/BOARD
firmware: firmware/$(lamp)
firmware/%: build/firmware.have build/roots.have $(JSMN_DIR)/jsmn.h $(MBEDTLS_DIR)/include/mbedtls/ssl.h $(LWIP_DIR)/src/include/lwip/init.h
	@+$(firmware) BOARD=$(firstword $(subst -, ,$*)) PROFILE=$(word 2,$(subst -, ,$*))
build/%.elf: build/firmware.have
	@+$(firmware) BOARD=$(*D) $@

## Shows the roots that the lamp trusts: ROOTS=default, or files of one certificate each, or both, or none (ROOTS=)
roots: build/roots.have
	@$(firmware) BOARD=$(BOARD) roots

## Runs the lamp for BOARD in QEMU, against a real WireMock on this machine, and draws it in the terminal
qemu: firmware build/wmrec build/run.have build/qemu.have $(WIREMOCK)
	@$(inside) node tests/qemu/run.js $(lamp)

## Takes the README's picture of the lamp's display: what `make qemu` does, on a board that has one
screenshot: firmware/lm3s6965evb build/wmrec build/run.have build/qemu.have $(WIREMOCK)
	@$(inside) node tests/qemu/run.js lm3s6965evb examples/lamp/display.png

## Writes the lamp to a real BOARD, by openocd
flash: firmware build/flash.have
	openocd -f $(shell sed -n 's/^openocd = //p' boards/$(BOARD)/board.mk) -c "program build/$(lamp)/lamp.elf verify reset exit"

## Has the lamp ask 10,000 times in QEMU, for more than an hour of its own time: its memory must stay as it is
endurance: firmware/mps2_an385 build/wmrec build/run.have build/qemu.have
	@$(inside) node --test-reporter=tap tests/qemu/endurance.test.js 10000

## Measures one poll of the lamp on BOARD, in QEMU: instructions, bytes on the wire, and the memory that TLS needs
cost-device: firmware build/wmrec build/run.have build/qemu.have
	@$(inside) node tests/qemu/cost.js $(BOARD)
	@$(inside) node tests/qemu/arena.js $(BOARD)

## Measures TLS in its three profiles, cold, resumed and warm: arena, stack, flash, instructions, bytes on the wire: tests/bench/tls.md
bench-tls: $(addprefix firmware/,lm3s6965evb lm3s6965evb-small) build/wmrec build/cost build/run.have build/qemu.have build/callgrind.have
	@CROSS=$(CROSS) $(inside) node tests/bench/tls.js

## Measures one `wmrec watch` of 1,000 ids on 1, 10 and 100 endpoints: sockets, memory, CPU time of a poll; as root
scale: build/wmrec build/run.have
	@node tests/bench/scale.js

## Shows 10,000 devices and an outage of an hour, in virtual time: the requests a second that the server sees
fleet: build/release/unit/fleet_test
	@$(tap) build/release/unit/fleet_test

## Measures the core on seven architectures, by file: bytes of flash, memory and stack, and of struct wmrec_exchange; and the lamps
size: build/size.have $(JSMN_DIR)/jsmn.h $(lamps:%=firmware/%)
	@node tests/bench/size.js show $(JSMN_DIR)
	@sh tests/bench/lamp_size.sh $(CROSS) $(lamps)

## Writes what `make size` measures of the core to tests/bench/size.tsv: it may take no more
size-budget: build/size.have $(JSMN_DIR)/jsmn.h
	@node tests/bench/size.js budget $(JSMN_DIR)

## Tells the most stack that each function of the core takes on a Cortex-M0+
stack: build/size.have $(JSMN_DIR)/jsmn.h
	@sh tests/bench/size.sh $(JSMN_DIR) cortex-m0plus >/dev/null
	@cat build/size/cortex-m0plus/stack

## Has the analysers look at the C that ships
static: build/static.have $(JSMN_DIR)/jsmn.h $(MBEDTLS_DIR)/include/mbedtls/ssl.h $(LWIP_DIR)/src/include/lwip/init.h
	@sh tests/static/check.sh $(JSMN_DIR) $(MBEDTLS_DIR) $(LWIP_DIR)

## Proves the core, the drive and the lamp's settings, by CBMC: see tests/proof/README.md
proof: $(CBMC) $(JSMN_DIR)/jsmn.h build/compiler.have
	@sh tests/proof/run.sh $(JSMN_DIR)

## Plants bugs in copies of the sources: each must make its proof fail
proof-planted: $(CBMC) $(JSMN_DIR)/jsmn.h build/compiler.have
	@sh tests/proof/planted.sh $(JSMN_DIR)

## Measures wmrec beside other readers of HTTP and JSON, and beside other programs against a real WireMock: tests/bench/results.md
bench: build/wmrec build/usage build/run.have build/bench.have build/peers.have $(peers:%=build/peers/%) \
    build/peers/wmrec.elf build/peers/llhttp-jsmn.elf $(WIREMOCK)
	@CROSS=$(CROSS) node tests/bench/bench.js

## Measures one poll, cold, resumed and warm, on TLS 1.2 and 1.3: the README's table
cost: build/cost build/run.have build/cost.have
	@node tests/bench/cost.js

## Formats all C
fmt: build/fmt.have
	clang-format -i $(shell find core port boards examples tests -name '*.[ch]')

## Installs wmrec, its man page and bash's completion under PREFIX (/usr/local), in DESTDIR if that is set
install: build/wmrec
	install -D -m 755 build/wmrec $(DESTDIR)$(PREFIX)/bin/wmrec
	install -D -m 644 examples/cli/wmrec.1 $(DESTDIR)$(PREFIX)/share/man/man1/wmrec.1
	install -D -m 644 examples/cli/wmrec.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/wmrec

## Removes what `make install` has put there
uninstall:
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/,bin/wmrec share/man/man1/wmrec.1 share/bash-completion/completions/wmrec)

## Removes build/, which holds all that make has made or fetched
clean:
	rm -rf build

build/wmrec: build/release/wmrec
	@cp $< $@

# lwIP on this machine, with its loopback for a network, for the test of its port.
lwip_test_options = -DMEM_ALIGNMENT=8 -DMEM_SIZE=65536 -DPBUF_POOL_SIZE=64 -DMEMP_NUM_TCP_PCB=12 -DLWIP_STATS=1 \
  -DLWIP_HAVE_LOOPIF=1 -DLWIP_NETIF_LOOPBACK=1

lwip_unit = unit/lwip_test unit/sntp_test
lwip_test_objects = $(patsubst %.c,%.o,$(wildcard port/lwip/*.c) tests/unit/lwip_support.c $(lwip_unit:%=tests/%.c))

# The same rules for four kinds: release, as it ships; sanitized, for tests, by ASan and UBSan; and device and small, the
# same with mbedTLS in a device's profiles, and with what the lamp links for them.
kinds = release sanitized device small
release = $(CFLAGS) $(HARDEN)
sanitized = $(SANITIZE)
device = $(SANITIZE) -DWMREC_TLS_DEVICE
small = $(device) -DWMREC_TLS_SMALL
device_objects = port/mbedtls/no_private_keys.o examples/lamp/date.o
define rules
build/$(1)/%.o: %.c Makefile $(MBEDTLS_DIR)/include/mbedtls/ssl.h $(JSMN_DIR)/jsmn.h | build/compiler.have
	@mkdir -p $$(@D)
	@$$(CC) $(2) $$(standard) $$(mbedtls_config) $$(mbedtls_includes) $$(lwip_options) -MMD -MP -c $$< -o $$@
build/$(1)/libwmrec.a: $(patsubst %.c,build/$(1)/%.o,$(core) $(ports))
	@$$(AR) rcs $$@ $$^
build/$(1)/wmrec: $(patsubst %.c,build/$(1)/%.o,$(cli)) build/$(1)/libwmrec.a build/$(1)/libmbedtls.a
	@echo "building $$@"
	@$$(CC) $(2) -o $$@ $$^ -pthread $(3)
build/$(1)/probe: $(patsubst %,build/$(1)/%,tests/tls/probe.o tests/tls/starve.o $(4)) build/$(1)/libwmrec.a build/$(1)/libmbedtls.a
	@$$(CC) $(2) -o $$@ $$^ -Wl,--wrap=wmrec_arena_allocate -pthread $(3)
build/$(1)/answers: $(patsubst %.c,build/$(1)/%.o,tests/differential/answers.c tests/fuzz/model.c tests/fuzz/model_body.c \
    tests/fuzz/observe.c) build/$(1)/libwmrec.a
	@$$(CC) $(2) -o $$@ $$^ $(3)
build/$(1)/unit/%: build/$(1)/tests/unit/%.o $(patsubst %.c,build/$(1)/%.o,tests/unit/support.c tests/fake/fake.c tests/fake/server.c) \
    build/$(1)/libwmrec.a build/$(1)/libmbedtls.a
	@mkdir -p $$(@D)
	@$$(CC) $(2) -o $$@ $$^ $$(filter %.a,$$^) -lcmocka -pthread $(3)
$(lwip_unit:%=build/$(1)/%): $(addprefix build/$(1)/,port/lwip/lwip.o port/lwip/sntp.o tests/unit/lwip_support.o) build/$(1)/liblwip.a
build/$(1)/unit/settings_test: build/$(1)/boards/settings.o build/$(1)/boards/crc32.o
build/$(1)/unit/random_test: $(patsubst %,build/$(1)/boards/%.o,seed crc32)
build/$(1)/unit/date_field_test: build/$(1)/examples/lamp/date_field.o
build/$(1)/unit/display_test: build/$(1)/examples/lamp/display.o
build/$(1)/unit/flash_roots_test: build/$(1)/build/flash_roots.o
$(lwip_test_objects:%=build/$(1)/%): lwip_options = $(lwip_test_options) -isystem $(LWIP_DIR)/src/include
$(lwip_test_objects:%=build/$(1)/%): $(LWIP_DIR)/src/include/lwip/init.h
endef
$(eval $(call rules,release,$(release),$(HARDEN_LINK) $(LDFLAGS)))
$(eval $(call rules,sanitized,$(sanitized),))
$(eval $(call rules,device,$(device),,$(device_objects)))
$(eval $(call rules,small,$(small),,$(device_objects)))
$(kinds:%=build/%/tests/%): | build/test.have
-include $(shell find $(kinds:%=build/%) -name '*.d' 2>/dev/null)

# A certificate whose algorithm it does not know is an empty one to mbedTLS, whose names it compares: of no bytes, at NULL.
library_sanitize = -fno-sanitize=nonnull-attribute

# In a make of its own, which finds the sources that this one has fetched.
$(kinds:%=build/%/libmbedtls.a): build/%/libmbedtls.a: $(MBEDTLS_DIR)/include/mbedtls/ssl.h \
    port/mbedtls/tls_config.h port/mbedtls/crypto_config.h | build/compiler.have
	@echo "building mbedTLS ($*)"
	@$(MAKE) -f port/mbedtls/library.mk ARCHIVE=$@ MBEDTLS_DIR=$(MBEDTLS_DIR) CC="$(CC)" \
	  FLAGS="$($*) $(if $(filter-out release,$*),$(library_sanitize))"

# Those that a firmware has if nobody chooses others.
build/flash_roots.c: $(wildcard examples/lamp/flash_roots.*) | build/roots.have
	@sh examples/lamp/flash_roots.sh $@ default >/dev/null

build/cost: build/release/tests/bench/cost.o build/release/libwmrec.a build/release/libmbedtls.a
	@$(CC) $(CFLAGS) -o $@ $^ -pthread $(LDFLAGS)

build/release/liblwip.a build/sanitized/liblwip.a: build/%/liblwip.a: $(LWIP_DIR)/src/include/lwip/init.h \
    port/lwip/config/lwipopts.h port/lwip/config/arch/cc.h | build/compiler.have
	@echo "building lwIP ($*)"
	@$(MAKE) -f port/lwip/library.mk ARCHIVE=$@ LWIP_DIR=$(LWIP_DIR) CC="$(CC)" \
	  FLAGS="$(if $(filter sanitized,$*),$(SANITIZE),$(CFLAGS) $(HARDEN)) $(lwip_test_options)"

# Bound at once: a lazy binder would put the registers on the stack, and so what is looked for.
build/stop_at_exit.so: tests/e2e/stop_at_exit.c build/compiler.have
	@$(CC) -std=c99 -D_DEFAULT_SOURCE $(WARNINGS) -O2 -shared -fPIC -Wl,-z,now -o $@ $<
build/fuzz/%: tests/fuzz/%_fuzz.c tests/fuzz/build.sh $(wildcard tests/fuzz/*.[ch] core/*.[ch]) boards/settings.c \
    boards/crc32.c examples/cli/input/endpoint.c $(JSMN_DIR)/jsmn.h | build/fuzz.have
	@echo "building $@"
	@sh tests/fuzz/build.sh $* . $(JSMN_DIR) $@

# make bench: the job of tests/bench/peers/job.h, by wmrec and by others.
build/peers/%: tests/bench/peers/job.c tests/bench/peers/job.h $(JSMN_DIR)/jsmn.h Makefile | build/peers.have
	@mkdir -p $(@D)
	@$(CC) -O2 $(standard) -isystem /usr/share/include/llhttp -o $@ $(filter %.c,$^) $(filter %.o,$^) $(libraries)
build/peers/wmrec: tests/bench/peers/wmrec.c $(core)
build/peers/http_parser-jsmn: tests/bench/peers/http_parser.c tests/bench/peers/json_jsmn.c
build/peers/http_parser-cjson: tests/bench/peers/http_parser.c tests/bench/peers/json_cjson.c
build/peers/llhttp-jsmn: tests/bench/peers/llhttp.c tests/bench/peers/json_jsmn.c build/peers/llhttp.o
build/peers/curl-cjson: tests/bench/peers/curl.c tests/bench/peers/json_cjson.c
build/peers/http_parser-jsmn: libraries = -lhttp_parser
build/peers/http_parser-cjson: libraries = -lhttp_parser -lcjson
build/peers/curl-cjson: libraries = -lcurl -lcjson
build/peers/llhttp.o: | build/peers.have
	@mkdir -p $(@D)
	@$(CC) -O2 -w -r -nostdlib -isystem /usr/share/include/llhttp -o $@ /usr/share/llhttp/*.c

# The same on a Cortex-M0+, for the bytes of flash: what the job needs, of those that come as sources.
build/peers/%.elf: tests/bench/peers/job.c tests/bench/peers/job.h $(JSMN_DIR)/jsmn.h Makefile | build/firmware.have build/peers.have
	@mkdir -p $(@D)
	@$(CROSS)gcc -Os -w -std=c99 -mcpu=cortex-m0plus -mthumb -ffunction-sections -fdata-sections -Icore -isystem $(JSMN_DIR) \
	  -isystem /usr/share/include/llhttp -specs=nano.specs -specs=nosys.specs -nostartfiles -Wl,-e,job -Wl,--gc-sections \
	  -o $@ $(filter %.c,$^) $(sources)
build/peers/wmrec.elf: tests/bench/peers/wmrec.c $(core)
build/peers/llhttp-jsmn.elf: tests/bench/peers/llhttp.c tests/bench/peers/json_jsmn.c
build/peers/llhttp-jsmn.elf: sources = /usr/share/llhttp/*.c

build/usage: tests/bench/usage.c build/compiler.have
	@$(CC) -std=c99 -D_DEFAULT_SOURCE $(WARNINGS) -O2 -o $@ $<

build/jsmn/jsmn.h:
	@$(DEBIAN) install libjsmn-dev
	@mkdir -p $(@D) && ln -sf /usr/include/jsmn.h $@

build/mbedtls-source/include/mbedtls/ssl.h:
	@$(DEBIAN) source mbedtls $(MBEDTLS_TESTED) build/mbedtls-source
	@touch $@

build/lwip-source/src/include/lwip/init.h:
	@$(DEBIAN) source lwip $(LWIP_TESTED) build/lwip-source
	@touch $@

$(CBMC): | build/compiler.have
	@$(DEBIAN) packages build/cbmc cbmc=$(CBMC_TESTED) minisat libc6 libstdc++6 libgcc-s1 zlib1g
	@touch $@

$(WIREMOCK): tests/npm/wiremock/package-lock.json build/run.have
	@sh tests/npm/install.sh wiremock build/npm $(@:build/npm/%=%)

# Another reader of HTTP is of use only where its version is known: tests/differential.
$(NODE): tests/npm/node/package-lock.json build/run.have
	@sh tests/npm/install.sh node build/node $(@:build/node/%=%)

# What a step needs of Debian: COMMAND=PACKAGE is installed unless there is such a command.
build/compiler.have: packages = $(firstword $(CC))=gcc /usr/include/stdio.h=libc6-dev
build/run.have: packages = java=default-jre-headless node=nodejs npm=npm openssl=openssl \
  /etc/ssl/certs/ca-certificates.crt=ca-certificates
build/fmt.have: packages = clang-format=clang-format
build/test.have: packages = dpkg-dev debian-archive-keyring gpg=gpg gpg-agent=gpg-agent gpgconf=gpgconf setpriv=util-linux clang=clang ip=iproute2 valgrind=valgrind shellcheck=shellcheck mandoc=mandoc \
  /usr/sbin/mosquitto=mosquitto mosquitto_pub=mosquitto-clients $(CROSS)gcc=gcc-arm-none-eabi \
  /usr/include/cmocka.h=libcmocka-dev /usr/lib/arm-none-eabi/include/string.h=libnewlib-arm-none-eabi
build/fuzz.have: packages = clang=clang libclang-rt-dev xargs=findutils
build/firmware.have: packages = $(CROSS)gcc=gcc-arm-none-eabi \
  /usr/lib/arm-none-eabi/include/string.h=libnewlib-arm-none-eabi
build/roots.have: packages = openssl=openssl /usr/share/ca-certificates/mozilla=ca-certificates
build/flash.have: packages = openocd=openocd
build/qemu.have: packages = qemu-system-arm=qemu-system-arm /usr/sbin/dnsmasq=dnsmasq-base ip=iproute2 mount=mount \
  unshare=util-linux /usr/sbin/nft=nftables socat=socat
build/static.have: packages = $(firstword $(CC))=gcc clang-tidy=clang-tidy cppcheck=cppcheck
build/coverage.have: packages = clang-19=clang-19 llvm-cov-19=llvm-19 libclang-rt-19-dev
build/portable.have: packages = node=nodejs m68k-linux-gnu-gcc=gcc-m68k-linux-gnu libc6-dev-m68k-cross qemu-m68k=qemu-user \
  avr-gcc=gcc-avr avr-libc simavr=simavr
build/size.have: packages = node=nodejs arm-none-eabi-gcc=gcc-arm-none-eabi riscv64-unknown-elf-gcc=gcc-riscv64-unknown-elf \
  xtensa-lx106-elf-gcc=gcc-xtensa-lx106 avr-gcc=gcc-avr
build/cost.have: packages = ip=iproute2 unshare=util-linux
build/callgrind.have: packages = valgrind=valgrind size=binutils
build/hostile.have: packages = gnutls-serv=gnutls-bin
build/bench.have: packages = curl=curl jq=jq /usr/bin/python3=python3
build/peers.have: packages = $(firstword $(CC))=gcc /usr/include/stdio.h=libc6-dev valgrind=valgrind libhttp-parser-dev libcjson-dev \
  libcurl4-openssl-dev node-llhttp
build/%.have: port/debian.sh Makefile
	@umask 022 && mkdir -p build
	@$(DEBIAN) install $(packages)
	@touch $@
