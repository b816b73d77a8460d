# Packages: what other projects take of wmrec. See packaging/README.md.
# SPDX-License-Identifier: Apache-2.0

# All public headers in one folder, for examples and tests that include them as <wmrec/NAME.h>: add -I$(BUILD)/include.
public_headers := $(shell grep -L 'Not for users\.$$' core/wmrec.h port/*.h port/*/*.h)
headers = $(BUILD)/include/wmrec
$(headers): $(public_headers)
	@rm -rf $@ && mkdir -p $@ && cp -p $^ $@

# What is installed: the tool, and the libraries for programs on this kind of machine.
package = $(addprefix $(BUILD)/package/,libwmrec.a libwmrec-tls.a)
package_headers = $(filter-out %_config.h %/chain.h,$(filter $(foreach folder,core port port/ask port/posix port/mbedtls,$(wildcard $(folder)/*.h)), \
  $(public_headers)))
$(BUILD)/package/libwmrec.a: $(BUILD)/release/libwmrec.a
	@mkdir -p $(@D) && cp $< $@
$(BUILD)/package/libwmrec-tls.a: $(tls:%.c=$(BUILD)/release/%.o) $(BUILD)/release/libmbedtls.a packaging/isolate.sh
	@mkdir -p $(@D)
	@CC="$(CC)" sh packaging/isolate.sh $(@:a=o) $(filter-out %.sh,$^)
	@rm -f $@ && $(AR) rcs $@ $(@:a=o)

## Installs the tool, the libraries, their headers, and files for pkg-config and CMake under PREFIX (/usr/local), in DESTDIR if set
.PHONY: install
install: $(BUILD)/wmrec $(package) $(mbedtls_header)
	@sh packaging/install.sh '$(DESTDIR)$(PREFIX)' '$(libdir)' '$(mbedtls)' '$(jsmn)' $(package_headers)
libdir = $(or $(patsubst $(PREFIX)/%,%,$(filter $(PREFIX)/%,$(LIBDIR))),$(error LIBDIR must be a folder in PREFIX))

## Removes the files that `make install` has installed
.PHONY: uninstall
uninstall:
	@sh packaging/uninstall.sh '$(DESTDIR)$(PREFIX)'

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
