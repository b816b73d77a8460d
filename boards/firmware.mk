# Builds the lamp for a board: make -f boards/firmware.mk BOARD=... CROSS=... JSMN_DIR=... MBEDTLS_DIR=... LWIP_DIR=...
# build/BOARD/lamp.elf, .bin, .hex, .map. SPDX-License-Identifier: Apache-2.0

include boards/$(BOARD)/board.mk
folder = build/$(BOARD)

sources = $(wildcard core/*.c boards/cortex_m/*.c boards/$(BOARD)/*.c port/mbedtls/*.c examples/lamp/*.c) port/drive.c \
  port/lwip/lwip.c
objects = $(sources:%.c=$(folder)/%.o)
sizes = -Os -g -ffunction-sections -fdata-sections -fno-common
warnings = -Wall -Wextra -Wconversion -Wshadow
includes = -Icore -Iport -Iport/lwip -Iport/mbedtls -Iboards -Iboards/cortex_m -Iexamples/lamp -isystem $(JSMN_DIR) \
  -isystem $(LWIP_DIR)/src/include -isystem $(MBEDTLS_DIR)/include '-DMBEDTLS_CONFIG_FILE="tls_config.h"'

# A date that certificates are judged by at the earliest: that of the last commit, so that a build can be repeated.
build_date := $(or $(SOURCE_DATE_EPOCH),$(shell git log -1 --format=%ct 2>/dev/null || date +%s))

# Less flash and memory for mbedTLS: tables in flash and not twice, no tables for elliptic curves.
device = -DWMREC_TLS_DEVICE -DMBEDTLS_AES_ROM_TABLES -DMBEDTLS_AES_FEWER_TABLES -DMBEDTLS_ECP_WINDOW_SIZE=2 \
  -DMBEDTLS_ECP_FIXED_POINT_OPTIM=0 -DMBEDTLS_SHA256_SMALLER -DMBEDTLS_SHA512_SMALLER -DMBEDTLS_X509_REMOVE_INFO \
  -DMBEDTLS_PLATFORM_GMTIME_R_ALT
flags = $(cpu) $(sizes) $(device)

.SECONDARY:

all: $(folder)/lamp.bin $(folder)/lamp.hex
	@$(CROSS)size $(folder)/lamp.elf

parts = $(filter-out $(folder)/examples/lamp/lamp.o,$(objects)) $(folder)/libmbedtls.a $(folder)/liblwip.a
scripts = boards/$(BOARD)/memory.ld boards/cortex_m/sections.ld
link = $(CROSS)gcc $(cpu) -specs=nano.specs -nostartfiles -Wl,--gc-sections -Wl,-Map,$(@:.elf=.map) -T boards/$(BOARD)/memory.ld \
  $(filter %.o %.a,$^) -o $@
compile = $(CROSS)gcc -std=c99 $(flags) $(warnings) $(includes) -DWMREC_BUILD_DATE=$(build_date) -MMD -c $< -o $@

$(folder)/lamp.elf: $(folder)/examples/lamp/lamp.o $(parts) $(scripts)
	@$(link)

# The same, with another size of memory for TLS: lamp-BYTES.elf, for tests.
$(folder)/lamp-%.elf: $(folder)/lamp-%.o $(parts) $(scripts)
	@$(link)
$(folder)/lamp-%.o: examples/lamp/lamp.c boards/firmware.mk boards/$(BOARD)/board.mk
	@$(compile) -DLAMP_ARENA=$*

$(folder)/lamp.bin: $(folder)/lamp.elf
	@$(CROSS)objcopy -O binary $< $@
$(folder)/lamp.hex: $(folder)/lamp.elf
	@$(CROSS)objcopy -O ihex $< $@

$(folder)/%.o: %.c boards/firmware.mk boards/$(BOARD)/board.mk
	@mkdir -p $(@D)
	@$(compile)
-include $(objects:.o=.d)

$(folder)/libmbedtls.a: port/mbedtls/tls_config.h port/mbedtls/crypto_config.h
	@echo "building mbedTLS ($(BOARD))"
	@$(MAKE) -f port/mbedtls/library.mk ARCHIVE=$@ MBEDTLS_DIR=$(MBEDTLS_DIR) CC=$(CROSS)gcc AR=$(CROSS)ar FLAGS="$(flags)"
$(folder)/liblwip.a: port/lwip/lwipopts.h port/lwip/arch/cc.h
	@echo "building lwIP ($(BOARD))"
	@$(MAKE) -f port/lwip/library.mk ARCHIVE=$@ LWIP_DIR=$(LWIP_DIR) CC=$(CROSS)gcc AR=$(CROSS)ar FLAGS="$(flags)"
