# wmrec: build, install, run. `make help` lists all targets. Tests: tests/tests.mk; measurements: tests/bench/bench.mk.
# SPDX-License-Identifier: Apache-2.0

# All output goes to this folder. It may be elsewhere, so that this tree may be read-only. No spaces in its path.
BUILD = build

# Your own sources, in place of Debian's: the folder of jsmn.h, the trees of mbedTLS (3.6 or 4.x), lwIP (2.2) and the Pico SDK (2.x).
JSMN_DIR =
MBEDTLS_DIR =
LWIP_DIR =
PICO_SDK_DIR =

# The firmware: the toolchain's prefix, a folder of boards/, "small" or nothing, the trusted roots, 1 to trace on the
# serial line.
CROSS = arm-none-eabi-
BOARD = w5500_evb_pico
PROFILE =
ROOTS = default
TRACE =

# Where make install puts wmrec. LIBDIR: a folder in PREFIX, such as /usr/lib/x86_64-linux-gnu in /usr.
PREFIX = /usr/local
LIBDIR = $(PREFIX)/lib
CFLAGS ?= -O2 -g

WARNINGS = -Wall -Wextra -Wconversion -Wshadow -pedantic
SANITIZE = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
fortify = $(if $(findstring _FORTIFY_SOURCE,$(CFLAGS) $(CPPFLAGS)),,-D_FORTIFY_SOURCE=2)
# The libraries are position-independent for shared libraries, too, and such a library exports nothing of wmrec. The tool is not
# larger by it.
HARDEN = -fstack-protector-strong $(fortify) -fPIC -fvisibility=hidden
HARDEN_LINK = -pie -Wl,-z,relro,-z,now

MAKEFLAGS += --no-print-directory
ifeq (,$(findstring -j,$(MAKEFLAGS)))
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 1)
endif
DEBIAN = sh port/debian.sh
# The versions of these packages that wmrec was tested with. An older one is refused.
MBEDTLS_TESTED = 3.6.6-0.1~deb13u1
LWIP_TESTED = 2.2.1+dfsg1-1+deb13u1
PICO_SDK_TESTED = 2.1.1-1
WIREMOCK = $(BUILD)/npm/node_modules/wiremock/package.json
RP2040JS = $(BUILD)/rp2040js/node_modules/rp2040js/package.json

# Your own source tree is reached by a link in BUILD, so its path may contain spaces.
given = $(or $(shell mkdir -p $(BUILD) && folder=$$(cd '$(2)' && pwd -P) && ln -sfn "$$folder" $(BUILD)/$(1) && \
  echo $(BUILD)/$(1)),$(error There is no folder $(2)))
jsmn := $(if $(JSMN_DIR),$(call given,your-jsmn,$(JSMN_DIR)),$(BUILD)/jsmn)
mbedtls := $(if $(MBEDTLS_DIR),$(call given,your-mbedtls,$(MBEDTLS_DIR)),$(BUILD)/mbedtls-source)
lwip := $(if $(LWIP_DIR),$(call given,your-lwip,$(LWIP_DIR)),$(BUILD)/lwip-source)
pico_sdk_dir := $(if $(PICO_SDK_DIR),$(call given,your-pico-sdk,$(PICO_SDK_DIR)),$(BUILD)/pico-sdk/usr/src/pico-sdk)
jsmn_header = $(jsmn)/jsmn.h
mbedtls_header = $(mbedtls)/include/mbedtls/ssl.h
lwip_header = $(lwip)/src/include/lwip/init.h
pico_sdk = $(pico_sdk_dir)/pico_sdk_init.cmake

# No object file has a path of this machine: the same source gives the same bytes in any folder.
maps = '-ffile-prefix-map=$(CURDIR)=.' $(if $(filter build,$(BUILD)),,-ffile-prefix-map=$(BUILD)=build) $(canonical)
# Without this option, gcc writes a header's real path if that is shorter; clang has no such option.
canonical := $(shell $(CC) -fno-canonical-system-headers -E -x c /dev/null >/dev/null 2>&1 && echo -fno-canonical-system-headers)

core = $(wildcard core/*.c)
ports = $(wildcard port/*.c port/posix/*.c)
tls = $(wildcard port/mbedtls/*.c port/ask/*.c)
cli = $(wildcard examples/cli/*.c examples/cli/*/*.c) boards/settings.c boards/crc32.c boards/uf2.c
includes = -Icore -Iport -Iport/posix -Iport/mbedtls -Iport/ask -Iport/lwip -Iport/lwip/config -Iboards -Iexamples/cli -Iexamples/lamp \
  -Itests/fake -Itests/fuzz -I$(BUILD)/include -isystem $(jsmn)
standard = -std=c99 -D_DEFAULT_SOURCE $(WARNINGS) $(includes) -ffunction-sections $(maps) -DWMREC_GOLDEN='"tests/golden"'

# mbedTLS 4.x has its cryptography in a separate tree.
tf_psa = $(mbedtls)/tf-psa-crypto
mbedtls_includes = -isystem $(mbedtls)/include $(addprefix -isystem ,$(wildcard $(tf_psa)/include $(tf_psa)/drivers/builtin/include))
tls_options = $(mbedtls_includes) \
  '-DMBEDTLS_CONFIG_FILE="tls_config.h"' '-DTF_PSA_CRYPTO_CONFIG_FILE="crypto_config.h"'

lamps = $(patsubst boards/%/board.mk,%,$(wildcard boards/*/board.mk)) lm3s6965evb-small
lamp = $(BOARD)$(addprefix -,$(PROFILE))$(if $(TRACE),-trace)
firmware = $(MAKE) -f boards/firmware.mk BUILD=$(BUILD) CROSS=$(CROSS) JSMN_DIR=$(jsmn) MBEDTLS_DIR=$(mbedtls) LWIP_DIR=$(lwip) \
  PICO_SDK_DIR=$(pico_sdk_dir) ROOTS="$(ROOTS)"
firmware_needs = $(BUILD)/firmware.have $(BUILD)/roots.have $(BUILD)/compiler.have $(jsmn_header) $(mbedtls_header) $(lwip_header) $(pico_sdk)

.DELETE_ON_ERROR:
.SECONDARY:

## Builds the desktop tool, build/wmrec (the default)
.PHONY: all
all: $(BUILD)/wmrec

## Lists the targets
.PHONY: help
help:
	@awk '/^## / { text = substr($$0, 4); next } /^\.PHONY: / { next } \
	  /^[a-z-]+:/ && text { split($$1, name, ":"); printf "make %-16s %s\n", name[1], text } { text = "" }' Makefile packaging/packaging.mk tests/tests.mk tests/bench/bench.mk
	@echo "Variables: BUILD, CC, CFLAGS, CPPFLAGS, LDFLAGS, PREFIX, LIBDIR, DESTDIR; JSMN_DIR, MBEDTLS_DIR, LWIP_DIR, PICO_SDK_DIR (your own sources);"
	@echo "  of the firmware: CROSS, BOARD, PROFILE=small, ROOTS, TRACE=1"

## Asks a real WireMock on this machine; or the Cloud, if WMC_API_TOKEN and MOCK_API_ID are set
.PHONY: run
run: $(BUILD)/wmrec $(BUILD)/run.have $(WIREMOCK)
	@node tests/e2e/run.js

## Builds the README's programs, and runs the first: it asks the Cloud about MOCK_API_ID, with the key in WMC_API_TOKEN
.PHONY: ask
ask: $(programs) $(BUILD)/roots.have
	@$(BUILD)/ask $(MOCK_API_ID) || true
programs = $(BUILD)/ask $(BUILD)/firmware

## Builds the lamp for BOARD (a folder of boards/), and PROFILE=small if you like: build/BOARD/lamp.elf, .bin, .hex, .map
.PHONY: firmware
firmware: $(firmware_needs)
	@+$(firmware) BOARD=$(BOARD) PROFILE=$(PROFILE) TRACE=$(TRACE)
firmware/%: $(firmware_needs)
	@+$(firmware) BOARD=$(firstword $(subst -, ,$*)) PROFILE=$(word 2,$(subst -, ,$*)) TRACE=
$(lamps:%=$(BUILD)/%/lamp.elf): $(BUILD)/%/lamp.elf: firmware/% ;
$(BUILD)/%.elf: $(firmware_needs)
	@+$(firmware) BOARD=$(*D) TRACE= $@

## Shows the roots that the lamp trusts: ROOTS=default, or files of one certificate each, or both, or none (ROOTS=)
.PHONY: roots
roots: $(BUILD)/roots.have
	@$(firmware) BOARD=$(BOARD) roots

## Runs the lamp for BOARD in an emulator, against a real WireMock on this machine, and draws it in the terminal
.PHONY: emulate
emulate: firmware $(BUILD)/wmrec $(BUILD)/run.have $(BUILD)/qemu.have $(WIREMOCK) $(RP2040JS)
	@sh tests/qemu/inside.sh node tests/qemu/run.js $(lamp)

## Writes the lamp to a real BOARD, by openocd
.PHONY: flash
flash: firmware $(BUILD)/flash.have
	openocd -f $(shell sed -n 's/^openocd = //p' boards/$(BOARD)/board.mk) -c "program $(BUILD)/$(lamp)/lamp.elf verify reset exit"

## Formats all C
.PHONY: fmt
fmt: $(BUILD)/fmt.have
	@clang-format -i $$(find core port boards examples packaging tests -name '*.[ch]' -o -name '*.cpp' -o -name '*.ino')

## Removes all files that make has made or fetched
.PHONY: clean
clean:
	rm -rf $(BUILD)

$(BUILD)/wmrec: $(BUILD)/release/wmrec
	@cp $< $@

# This file changes when an option changes, so that all objects are rebuilt.
options = $(CC) $(HARDEN) $(CFLAGS) $(CPPFLAGS) $(LDFLAGS) $(JSMN_DIR) $(MBEDTLS_DIR) $(LWIP_DIR)
$(BUILD)/options: always
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(options))' >$@.new && if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
.PHONY: always
always:

# The same rules for four kinds of objects. release: as it ships. sanitized: for tests, with ASan and UBSan. device and small:
# sanitized, with mbedTLS in a device's profiles.
kinds = release sanitized device small
release = $(CPPFLAGS) $(CFLAGS) $(HARDEN)
sanitized = $(CPPFLAGS) $(SANITIZE)
device = $(sanitized) -DWMREC_TLS_DEVICE
small = $(device) -DWMREC_TLS_SMALL
release_link = $(HARDEN_LINK) $(LDFLAGS)

# gcc's -MMD leaves these headers out, as a system's headers include them.
tls_config = $(wildcard port/mbedtls/*_config.h)
needs_tls = $(tls) $(cli) $(wildcard examples/*.c examples/lamp/gmtime.c)
define kind_rules
$(BUILD)/$(1)/%.o: %.c $(BUILD)/options $(jsmn_header) | $(BUILD)/compiler.have
	@mkdir -p $$(@D)
	@$$(CC) $$($(1)) $$(standard) $$(tls_options) $$(lwip_options) -MMD -MP -c $$< -o $$@
$(needs_tls:%.c=$(BUILD)/$(1)/%.o): $(mbedtls_header) $(tls_config)
$(BUILD)/$(1)/libwmrec.a: $(patsubst %.c,$(BUILD)/$(1)/%.o,$(core) $(ports))
	@rm -f $$@ && $$(AR) rcs $$@ $$^
$(BUILD)/$(1)/libwmrec-tls.a: $(patsubst %.c,$(BUILD)/$(1)/%.o,$(tls))
	@rm -f $$@ && $$(AR) rcs $$@ $$^
$(BUILD)/$(1)/wmrec: $(patsubst %.c,$(BUILD)/$(1)/%.o,$(cli)) $(addprefix $(BUILD)/$(1)/lib,wmrec-tls.a wmrec.a mbedtls.a)
	@echo "building $$@"
	@$$(CC) $$($(1)) -o $$@ $$^ -pthread $$($(1)_link)
endef
$(foreach kind,$(kinds),$(eval $(call kind_rules,$(kind))))
-include $(shell find $(kinds:%=$(BUILD)/%) -name '*.d' 2>/dev/null)

$(programs): $(BUILD)/%: $(addprefix $(BUILD)/release/,examples/%.o libwmrec-tls.a libwmrec.a libmbedtls.a)
	@$(CC) $(release) -o $@ $^ -pthread $(release_link)
$(programs:$(BUILD)/%=$(BUILD)/release/examples/%.o): | $(BUILD)/include/wmrec

# mbedTLS compares names of 0 bytes at NULL, after a certificate with an unknown algorithm: UBSan must not report that.
library_sanitize = -fno-sanitize=nonnull-attribute

# A separate make finds the sources, which this one may have just fetched.
$(kinds:%=$(BUILD)/%/libmbedtls.a): $(BUILD)/%/libmbedtls.a: $(mbedtls_header) $(BUILD)/options \
    port/mbedtls/tls_config.h port/mbedtls/crypto_config.h port/mbedtls/library.mk | $(BUILD)/compiler.have
	@echo "building mbedTLS ($*)"
	@$(MAKE) -f port/mbedtls/library.mk ARCHIVE=$@ MBEDTLS_DIR=$(mbedtls) CC="$(CC)" AFTER=$(BUILD)/options \
	  FLAGS="$($*) $(maps) $(if $(filter-out release,$*),$(library_sanitize))"

$(BUILD)/jsmn/jsmn.h:
	@$(DEBIAN) install libjsmn-dev
	@mkdir -p $(@D) && ln -sf /usr/include/jsmn.h $@

$(BUILD)/mbedtls-source/include/mbedtls/ssl.h:
	@$(DEBIAN) source mbedtls $(MBEDTLS_TESTED) $(BUILD)/mbedtls-source
	@touch $@

$(BUILD)/lwip-source/src/include/lwip/init.h:
	@$(DEBIAN) source lwip $(LWIP_TESTED) $(BUILD)/lwip-source
	@touch $@

$(BUILD)/pico-sdk/usr/src/pico-sdk/pico_sdk_init.cmake: | $(BUILD)/compiler.have
	@$(DEBIAN) packages $(BUILD)/pico-sdk pico-sdk-source=$(PICO_SDK_TESTED)
	@touch $@

$(WIREMOCK): tests/npm/wiremock/package-lock.json $(BUILD)/run.have
	@sh tests/npm/install.sh wiremock $(BUILD)/npm $(@:$(BUILD)/npm/%=%)

$(RP2040JS): tests/npm/rp2040js/package-lock.json $(BUILD)/run.have
	@sh tests/npm/install.sh rp2040js $(BUILD)/rp2040js $(@:$(BUILD)/rp2040js/%=%)

# The packages of Debian that a step needs. COMMAND=PACKAGE: the package is installed if the command or file is missing.
$(BUILD)/compiler.have: packages = $(firstword $(CC))=gcc /usr/include/stdio.h=libc6-dev
$(BUILD)/run.have: packages = java=default-jre-headless node=nodejs npm=npm openssl=openssl \
  /etc/ssl/certs/ca-certificates.crt=ca-certificates
$(BUILD)/fmt.have: packages = clang-format=clang-format
$(BUILD)/firmware.have: packages = $(CROSS)gcc=gcc-arm-none-eabi \
  /usr/lib/arm-none-eabi/include/string.h=libnewlib-arm-none-eabi
$(BUILD)/roots.have: packages = openssl=openssl /usr/share/ca-certificates/mozilla=ca-certificates
$(BUILD)/flash.have: packages = openocd=openocd
$(BUILD)/qemu.have: packages = qemu-system-arm=qemu-system-arm /usr/sbin/dnsmasq=dnsmasq-base ip=iproute2 mount=mount \
  unshare=util-linux /usr/sbin/nft=nftables socat=socat
$(BUILD)/%.have: port/debian.sh Makefile tests/tests.mk tests/bench/bench.mk
	@umask 022 && mkdir -p $(@D)
	@$(DEBIAN) install $(packages)
	@touch $@

export BUILD
include packaging/packaging.mk tests/tests.mk tests/bench/bench.mk
