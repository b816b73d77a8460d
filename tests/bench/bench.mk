# Measurements: size, stack, instructions, time, memory. The figures are in tests/bench/.
# SPDX-License-Identifier: Apache-2.0

peers = wmrec http_parser-jsmn http_parser-cjson llhttp-jsmn curl-cjson

## Measures the core on seven architectures, by file: bytes of flash, memory, stack, struct wmrec_exchange; and the lamps
.PHONY: size
size: $(BUILD)/size.have $(jsmn_header) $(lamps:%=firmware/%)
	@node tests/bench/size.js show $(jsmn)
	@sh tests/bench/lamp_size.sh $(CROSS) $(lamps)

## Writes the sizes of the core to tests/bench/size.tsv, as its new limits
.PHONY: size-budget
size-budget: $(BUILD)/size.have $(jsmn_header)
	@node tests/bench/size.js budget $(jsmn)

## Shows the maximum stack of each function of the core on a Cortex-M0+
.PHONY: stack
stack: $(BUILD)/size.have $(jsmn_header)
	@sh tests/bench/size.sh $(jsmn) cortex-m0plus >/dev/null
	@cat $(BUILD)/size/cortex-m0plus/stack

## Measures wmrec, other HTTP and JSON parsers, and other programs against a real WireMock: tests/bench/results.md
.PHONY: bench
bench: $(BUILD)/wmrec $(BUILD)/usage $(BUILD)/run.have $(BUILD)/bench.have $(BUILD)/peers.have $(peers:%=$(BUILD)/peers/%) \
    $(BUILD)/peers/wmrec.elf $(BUILD)/peers/llhttp-jsmn.elf $(WIREMOCK)
	@CROSS=$(CROSS) node tests/bench/bench.js

## Counts the instructions and the memory of one run of wmrec with a system's bundle of roots, compared with one root
.PHONY: bench-roots
bench-roots: $(BUILD)/wmrec $(BUILD)/run.have $(BUILD)/callgrind.have
	@node tests/bench/roots.js

## Measures one poll, cold, resumed and warm, with TLS 1.2 and 1.3: round trips, bytes, segments, CPU time
.PHONY: cost
cost: $(BUILD)/cost $(BUILD)/run.have $(BUILD)/cost.have
	@node tests/bench/cost.js

## Measures one poll of the lamp on BOARD, in QEMU: instructions, bytes on the wire, and the memory that TLS needs
.PHONY: cost-device
cost-device: firmware $(BUILD)/wmrec $(BUILD)/run.have $(BUILD)/qemu.have $(RP2040JS)
	@sh tests/qemu/inside.sh node tests/qemu/cost.js $(BOARD)
	@sh tests/qemu/inside.sh node tests/qemu/arena.js $(BOARD)

## Measures TLS in its three profiles, cold, resumed and warm: arena, stack, flash, instructions, bytes: tests/bench/tls.md
.PHONY: bench-tls
bench-tls: $(addprefix firmware/,lm3s6965evb lm3s6965evb-small) $(BUILD)/wmrec $(BUILD)/cost $(BUILD)/run.have $(BUILD)/qemu.have \
    $(BUILD)/callgrind.have
	@CROSS=$(CROSS) sh tests/qemu/inside.sh node tests/bench/tls.js

## Measures one `wmrec watch` of 1,000 ids on 1, 10 and 100 endpoints: sockets, memory, CPU time of a poll; as root
.PHONY: scale
scale: $(BUILD)/wmrec $(BUILD)/run.have
	@node tests/bench/scale.js

## Simulates 10,000 devices and an outage of an hour, in virtual time: the requests a second that the server gets
.PHONY: fleet
fleet: $(BUILD)/release/unit/fleet_test
	@$(tap) $(BUILD)/release/unit/fleet_test

## Takes the picture of the lamp's display for the README, in an emulator
.PHONY: screenshot
screenshot: firmware/w5500_evb_pico $(BUILD)/wmrec $(BUILD)/run.have $(BUILD)/qemu.have $(WIREMOCK) $(RP2040JS)
	@sh tests/qemu/inside.sh node tests/qemu/run.js w5500_evb_pico examples/lamp/display.png

$(BUILD)/cost: $(addprefix $(BUILD)/release/,tests/bench/cost.o libwmrec-tls.a libwmrec.a libmbedtls.a)
	@$(CC) $(release) -o $@ $^ -pthread $(release_link)

$(BUILD)/usage: tests/bench/usage.c | $(BUILD)/compiler.have
	@$(CC) -std=c99 -D_DEFAULT_SOURCE $(WARNINGS) -O2 -o $@ $<

# make bench: wmrec and its peers, which do the job of tests/bench/peers/job.h.
$(BUILD)/peers/%: tests/bench/peers/job.c tests/bench/peers/job.h $(jsmn_header) Makefile | $(BUILD)/peers.have
	@mkdir -p $(@D)
	@$(CC) -O2 $(standard) -isystem /usr/share/include/llhttp -o $@ $(filter %.c,$^) $(filter %.o,$^) $(peer_libraries)
$(BUILD)/peers/wmrec: tests/bench/peers/wmrec.c $(core)
$(BUILD)/peers/http_parser-jsmn: tests/bench/peers/http_parser.c tests/bench/peers/json_jsmn.c
$(BUILD)/peers/http_parser-cjson: tests/bench/peers/http_parser.c tests/bench/peers/json_cjson.c
$(BUILD)/peers/llhttp-jsmn: tests/bench/peers/llhttp.c tests/bench/peers/json_jsmn.c $(BUILD)/peers/llhttp.o
$(BUILD)/peers/curl-cjson: tests/bench/peers/curl.c tests/bench/peers/json_cjson.c
$(BUILD)/peers/http_parser-jsmn: peer_libraries = -lhttp_parser
$(BUILD)/peers/http_parser-cjson: peer_libraries = -lhttp_parser -lcjson
$(BUILD)/peers/curl-cjson: peer_libraries = -lcurl -lcjson
$(BUILD)/peers/llhttp.o: | $(BUILD)/peers.have
	@mkdir -p $(@D)
	@$(CC) -O2 -w -r -nostdlib -isystem /usr/share/include/llhttp -o $@ /usr/share/llhttp/*.c

# For their bytes of flash: on a Cortex-M0+, those that come as sources.
$(BUILD)/peers/%.elf: tests/bench/peers/job.c tests/bench/peers/job.h $(jsmn_header) Makefile | $(BUILD)/firmware.have $(BUILD)/peers.have
	@mkdir -p $(@D)
	@$(CROSS)gcc -Os -w -std=c99 -mcpu=cortex-m0plus -mthumb -ffunction-sections -fdata-sections -Icore -isystem $(jsmn) \
	  -isystem /usr/share/include/llhttp -specs=nano.specs -specs=nosys.specs -nostartfiles -Wl,-e,job -Wl,--gc-sections \
	  -o $@ $(filter %.c,$^) $(peer_sources)
$(BUILD)/peers/wmrec.elf: tests/bench/peers/wmrec.c $(core)
$(BUILD)/peers/llhttp-jsmn.elf: tests/bench/peers/llhttp.c tests/bench/peers/json_jsmn.c
$(BUILD)/peers/llhttp-jsmn.elf: peer_sources = /usr/share/llhttp/*.c

$(BUILD)/size.have: packages = node=nodejs arm-none-eabi-gcc=gcc-arm-none-eabi riscv64-unknown-elf-gcc=gcc-riscv64-unknown-elf \
  xtensa-lx106-elf-gcc=gcc-xtensa-lx106 avr-gcc=gcc-avr
$(BUILD)/cost.have: packages = ip=iproute2 unshare=util-linux
$(BUILD)/callgrind.have: packages = valgrind=valgrind size=binutils
$(BUILD)/bench.have: packages = curl=curl jq=jq /usr/bin/python3=python3
$(BUILD)/peers.have: packages = $(firstword $(CC))=gcc /usr/include/stdio.h=libc6-dev valgrind=valgrind libhttp-parser-dev libcjson-dev \
  libcurl4-openssl-dev node-llhttp
