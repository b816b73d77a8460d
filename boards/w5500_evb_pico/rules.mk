# The second stage of the RP2040's boot ROM: the first 256 bytes of flash, without which the boot ROM starts nothing. It switches the
# flash to its fast mode. The code is that of the Pico SDK (RP2040 data sheet, 2.8.1.3).
# SPDX-License-Identifier: Apache-2.0

boot2_source = $(PICO_SDK_DIR)/src/rp2040
boot2_includes = -I$(folder)/boot2 $(addprefix -I$(boot2_source)/,boot_stage2/asminclude hardware_regs/include pico_platform/include)

objects += $(folder)/boot2.o

# pico.h is the SDK's header of headers, of which this code needs nothing. The flash's clock is half of the core's, as in the SDK
# for WIZnet's boards.
$(folder)/boot2.elf: $(boot2_source)/boot_stage2/boot2_w25q080.S boards/w5500_evb_pico/rules.mk
	@mkdir -p $(folder)/boot2 && : >$(folder)/boot2/pico.h
	@$(CROSS)gcc $(cpu) -nostdlib -DPICO_FLASH_SPI_CLKDIV=2 $(boot2_includes) -T $(boot2_source)/boot_stage2/boot_stage2.ld $< -o $@
$(folder)/boot2.bin: $(folder)/boot2.elf $(folder)/boot2_checksum
	@$(CROSS)objcopy -O binary $< $@.part
	@$(folder)/boot2_checksum <$@.part >$@
$(folder)/boot2.o: $(folder)/boot2.bin
	@echo '.section .boot2, "a"; .incbin "$<"' | $(CROSS)gcc $(cpu) -x assembler -c - -o $@
$(folder)/boot2_checksum: boards/host/boot2_checksum.c
	@mkdir -p $(@D)
	@$(CC) -std=c99 -O1 $(warnings) $< -o $@

# The file for the drive that the boot ROM shows.
all: $(FOLDER)/lamp.uf2
$(FOLDER)/lamp.uf2: $(FOLDER)/lamp.bin $(folder)/make_uf2
	@$(folder)/make_uf2 $< 0x10000000 $@
$(folder)/make_uf2: boards/host/make_uf2.c boards/uf2.c boards/uf2.h
	@mkdir -p $(@D)
	@$(CC) -std=c99 -O1 $(warnings) -Iboards $(filter %.c,$^) -o $@
