# Builds the lamp for a board: make -f boards/firmware.mk BOARD=... CROSS=... JSMN_DIR=... MBEDTLS_DIR=... LWIP_DIR=... PICO_SDK_DIR=...
# Writes lamp.elf, .bin, .hex and .map (for some boards also .uf2) to build/BOARD, with PROFILE=small to build/BOARD-small, and with TRACE=1 to
# build/BOARD-trace. With FOLDER, writes them there, and compiles only the files that depend on ROOTS again.
# SPDX-License-Identifier: Apache-2.0

# A board's board.mk may set: like, the folder whose sources it uses; flash_limit and memory_limit, the bytes of flash and SRAM that
# the firmware may use (0: no limit below the sizes in memory.ld); fast_too, files of mbedTLS to compile for speed, besides those below.
# It must set cpu, the options of the compiler for the core. A board's rules.mk adds to the rules below.
like = $(BOARD)
flash_limit = 0
memory_limit = 0
fast_too =
include boards/$(BOARD)/board.mk
BUILD = build
folder = $(BUILD)/$(BOARD)$(addprefix -,$(PROFILE))$(if $(TRACE),-trace)
FOLDER = $(folder)
ROOTS = default

sources = $(wildcard core/*.c boards/*.c boards/cortex_m/*.c boards/$(like)/*.c port/*.c port/lwip/*.c port/mbedtls/*.c \
  examples/lamp/*.c)
objects = $(sources:%.c=$(folder)/%.o) $(folder)/font.o
# No path of this machine gets into the firmware: the same source gives the same bytes in any folder.
maps = '-ffile-prefix-map=$(CURDIR)=.' $(if $(filter build,$(BUILD)),,-ffile-prefix-map=$(BUILD)=build) -fno-canonical-system-headers
sizes = -Os -g -flto=auto -ffunction-sections -fdata-sections -fno-common $(maps)
warnings = -Wall -Wextra -Wconversion -Wshadow
includes = -Icore -Iport -Iport/lwip -Iport/lwip/config -Iport/mbedtls -Iboards -Iboards/cortex_m -Iexamples/lamp -isystem $(JSMN_DIR) \
  -isystem $(LWIP_DIR)/src/include -isystem $(MBEDTLS_DIR)/include '-DMBEDTLS_CONFIG_FILE="tls_config.h"'

# The lamp accepts no date before this one. The date of the last commit makes builds reproducible.
build_date := $(or $(SOURCE_DATE_EPOCH),$(shell git -c safe.directory='*' log -1 --format=%ct 2>/dev/null || date +%s))

profile = -DWMREC_TLS_DEVICE
fast = bignum bignum_core gcm $(fast_too) # compiled for speed: a handshake spends nearly all of its instructions here
ifeq ($(PROFILE),small)
flash_limit := $(if $(filter-out 0,$(flash_limit)),106496,0)
memory_limit := $(if $(filter-out 0,$(memory_limit)),49152,0)
profile += -DWMREC_TLS_SMALL -DLAMP_ARENA=31000
fast =
stack = -Wl,--defsym,stack_size=3584
endif
profile += $(TRACE:%=-DLAMP_TRACE=%)
flags = $(cpu) $(sizes) $(profile)
limits = -Wl,--defsym,flash_limit=$(flash_limit) -Wl,--defsym,memory_limit=$(memory_limit) $(stack)

configuration = boards/firmware.mk boards/$(BOARD)/board.mk port/mbedtls/tls_config.h port/mbedtls/crypto_config.h
compile = $(CROSS)gcc -std=c99 $(flags) $(warnings) $(includes) -DWMREC_BUILD_DATE=$(build_date) \
  '-DBOARD_NAME="$(BOARD)"' -MMD -MP -c $< -o $@

.SECONDARY:

all: $(FOLDER)/lamp.bin $(FOLDER)/lamp.hex
	@$(CROSS)size $(FOLDER)/lamp.elf

include $(wildcard boards/$(like)/rules.mk)

parts = $(filter-out $(folder)/examples/lamp/lamp.o,$(objects)) $(FOLDER)/flash_roots.o $(folder)/libmbedtls.a $(folder)/liblwip.a
scripts = boards/$(like)/memory.ld boards/cortex_m/sections.ld
link = $(CROSS)gcc $(flags) -specs=nano.specs -nostartfiles -flto-partition=none -Wl,--gc-sections $(limits) -Wl,-Map,$(@:.elf=.map) \
  -T boards/$(like)/memory.ld $(filter %.o %.a,$^) -o $@

$(FOLDER)/lamp.elf: $(folder)/examples/lamp/lamp.o $(parts) $(scripts)
	@$(link)

# lamp-BYTES.elf: the same firmware with BYTES of memory for TLS, for tests/qemu/arena.js.
$(folder)/lamp-%.elf: $(folder)/lamp-%.o $(parts) $(scripts)
	@$(link)
$(folder)/lamp-%.o: examples/lamp/lamp.c $(configuration)
	@$(compile) -ULAMP_ARENA -DLAMP_ARENA=$*

$(FOLDER)/lamp.bin: $(FOLDER)/lamp.elf
	@$(CROSS)objcopy -O binary $< $@
$(FOLDER)/lamp.hex: $(FOLDER)/lamp.elf
	@$(CROSS)objcopy -O ihex $< $@

$(folder)/%.o: %.c $(configuration)
	@mkdir -p $(@D)
	@$(compile)
$(folder)/font.o: $(folder)/font.c $(configuration)
	@$(compile)
$(folder)/font.c: boards/font.txt boards/font.awk
	@mkdir -p $(@D)
	@awk -f boards/font.awk $< >$@.part && mv $@.part $@
$(FOLDER)/flash_roots.o: $(FOLDER)/flash_roots.c $(configuration)
	@$(compile)
-include $(objects:.o=.d)

# Runs each time, as ROOTS may differ from the last build. The script leaves an unchanged file alone.
roots: $(FOLDER)/flash_roots.c
$(FOLDER)/flash_roots.c: always
	@mkdir -p $(@D)
	@sh examples/lamp/flash_roots.sh $@ $(ROOTS)
.PHONY: all roots always

$(folder)/libmbedtls.a: $(configuration)
	@echo "building mbedTLS ($(notdir $(folder)))"
	@$(MAKE) -f port/mbedtls/library.mk ARCHIVE=$@ MBEDTLS_DIR=$(MBEDTLS_DIR) CC=$(CROSS)gcc AR=$(CROSS)gcc-ar FLAGS="$(flags)" FAST="$(fast)" AFTER="$(configuration)"
$(folder)/liblwip.a: $(configuration) port/lwip/config/lwipopts.h port/lwip/config/arch/cc.h
	@echo "building lwIP ($(notdir $(folder)))"
	@$(MAKE) -f port/lwip/library.mk ARCHIVE=$@ LWIP_DIR=$(LWIP_DIR) CC=$(CROSS)gcc AR=$(CROSS)gcc-ar FLAGS="$(flags)" AFTER="$(configuration)"
