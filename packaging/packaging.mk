# Packages: what other projects take of wmrec. See packaging/README.md.
# SPDX-License-Identifier: Apache-2.0

# All public headers in one folder, for examples and tests that include them as <wmrec/NAME.h>: add -I$(BUILD)/include.
public_headers := $(shell grep -L 'Not for users\.$$' core/wmrec.h port/*.h port/*/*.h)
headers = $(BUILD)/include/wmrec
$(headers): $(public_headers)
	@rm -rf $@ && mkdir -p $@ && cp -p $^ $@

## Writes wmrec as a few files, for projects that copy sources: build/amalgamation
.PHONY: amalgamation
amalgamation: $(BUILD)/amalgamation/wmrec.c
	@echo "$(@F): copy wmrec.c, wmrec.h and the files of your port from $(<D)"
amalgamate = packaging/amalgamate.sh packaging/inline.awk LICENSE $(wildcard core/*.[ch] port/*.[ch]) $(jsmn_header)
$(BUILD)/amalgamation/wmrec.c: $(amalgamate) $(wildcard port/posix/*.[ch] port/mbedtls/*.[ch])
	@sh packaging/amalgamate.sh $(@D) $(jsmn_header) posix mbedtls

## Writes wmrec as a library for the Arduino IDE: build/arduino/wmrec-VERSION.zip
.PHONY: arduino
arduino_zip := $(BUILD)/arduino/wmrec-$(shell sed -n 's/^version=//p' packaging/arduino/library.properties).zip
arduino: $(arduino_zip)
	@echo "$<: Arduino IDE, Sketch, Include Library, Add .ZIP Library"
$(arduino_zip): $(amalgamate) packaging/arduino.sh $(wildcard port/arduino/* packaging/arduino/* packaging/arduino/*/*/*) \
    examples/lamp/flash_roots.sh examples/lamp/flash_roots.txt | $(BUILD)/roots.have $(BUILD)/zip.have
	@sh packaging/arduino.sh $(@D) $(jsmn_header)
$(BUILD)/zip.have: packages = zip=zip
