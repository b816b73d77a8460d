# Builds the lamp for a board: make -f boards/firmware.mk BOARD=... CROSS=... JSMN_DIR=... MBEDTLS_DIR=... LWIP_DIR=...
# build/BOARD/lamp.elf, .bin, .hex, .map; with PROFILE=small in build/BOARD-small; with TRACE=1 in build/BOARD-trace; or in FOLDER,
# where only what depends on ROOTS is built anew. SPDX-License-Identifier: Apache-2.0

like = $(BOARD)
include boards/$(BOARD)/board.mk
folder = build/$(BOARD)$(addprefix -,$(PROFILE))$(if $(TRACE),-trace)
FOLDER = $(folder)
ROOTS = default

sources = $(wildcard core/*.c boards/*.c boards/cortex_m/*.c boards/$(like)/*.c port/*.c port/lwip/*.c port/mbedtls/*.c \
  examples/lamp/*.c)
objects = $(sources:%.c=$(folder)/%.o) $(folder)/font.o
sizes = -Os -g -flto=auto -ffunction-sections -fdata-sections -fno-common
warnings = -Wall -Wextra -Wconversion -Wshadow
includes = -Icore -Iport -Iport/lwip -Iport/lwip/config -Iport/mbedtls -Iboards -Iboards/cortex_m -Iexamples/lamp -isystem $(JSMN_DIR) \
  -isystem $(LWIP_DIR)/src/include -isystem $(MBEDTLS_DIR)/include '-DMBEDTLS_CONFIG_FILE="tls_config.h"'

# A date that certificates are judged by at the earliest: that of the last commit, so that a build can be repeated.
build_date := $(or $(SOURCE_DATE_EPOCH),$(shell git log -1 --format=%ct 2>/dev/null || date +%s))

# What is linked must fit, in bytes; 0: the board's own memory is all the limit there is.
flash_most = $(or $(flash),0)
memory_most = $(or $(memory),0)
profile = -DWMREC_TLS_DEVICE
fast = bignum bignum_core gcm # where nearly all of a handshake's instructions are
ifeq ($(PROFILE),small)
flash_most = 106496
memory_most = 49152
profile += -DWMREC_TLS_SMALL -DLAMP_ARENA=31000
fast =
stack = -Wl,--defsym,stack_size=3584
endif
profile += $(TRACE:%=-DLAMP_TRACE=%)
flags = $(cpu) $(sizes) $(profile)
limits = -Wl,--defsym,flash_most=$(flash_most) -Wl,--defsym,memory_most=$(memory_most) $(stack)

configuration = boards/firmware.mk boards/$(BOARD)/board.mk port/mbedtls/tls_config.h port/mbedtls/crypto_config.h
compile = $(CROSS)gcc -std=c99 $(flags) $(warnings) $(includes) -DWMREC_BUILD_DATE=$(build_date) \
  '-DBOARD_NAME="$(BOARD)"' -MMD -MP -c $< -o $@

.SECONDARY:

all: $(FOLDER)/lamp.bin $(FOLDER)/lamp.hex
	@$(CROSS)size $(FOLDER)/lamp.elf

parts = $(filter-out $(folder)/examples/lamp/lamp.o,$(objects)) $(FOLDER)/flash_roots.o $(folder)/libmbedtls.a $(folder)/liblwip.a
scripts = boards/$(like)/memory.ld boards/cortex_m/sections.ld
link = $(CROSS)gcc $(flags) -specs=nano.specs -nostartfiles -flto-partition=none -Wl,--gc-sections $(limits) -Wl,-Map,$(@:.elf=.map) \
  -T boards/$(like)/memory.ld $(filter %.o %.a,$^) -o $@

$(FOLDER)/lamp.elf: $(folder)/examples/lamp/lamp.o $(parts) $(scripts)
	@$(link)

# The same, with another size of memory for TLS: lamp-BYTES.elf, for tests.
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

# Asked for each time, as ROOTS may be others than last time: it stays what it is where they are not.
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
