# Builds lwIP with the options of port/lwip/config: make -f library.mk ARCHIVE=... LWIP_DIR=... FLAGS=... CC=... AR=...
# It takes the core, IP and Ethernet. MORE: more sources in LWIP_DIR. AFTER: files that make all objects out of date.
# SPDX-License-Identifier: Apache-2.0

objects_dir = $(basename $(ARCHIVE)).objects
sources = $(wildcard $(addprefix $(LWIP_DIR)/,$(addprefix src/,core/*.c core/ipv4/*.c core/ipv6/*.c netif/ethernet.c) $(MORE)))
objects = $(patsubst $(LWIP_DIR)/%.c,$(objects_dir)/%.o,$(sources))

$(ARCHIVE): $(objects)
	@rm -f $@
	@$(AR) rcs $@ $^

$(objects_dir)/%.o: $(LWIP_DIR)/%.c port/lwip/config/lwipopts.h port/lwip/config/arch/cc.h $(AFTER)
	@mkdir -p $(@D)
	@$(CC) $(FLAGS) -std=c99 -ffunction-sections -fdata-sections -Iport/lwip -Iport/lwip/config -I$(LWIP_DIR)/src/include -c $< -o $@
