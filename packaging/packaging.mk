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
