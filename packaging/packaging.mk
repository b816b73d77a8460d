# Packages: what other projects take of wmrec. See packaging/README.md.
# SPDX-License-Identifier: Apache-2.0

# All public headers in one folder, for examples and tests that include them as <wmrec/NAME.h>: add -I$(BUILD)/include.
public_headers := $(shell grep -L 'Not for users\.$$' core/wmrec.h port/*.h port/*/*.h)
headers = $(BUILD)/include/wmrec
$(headers): $(public_headers)
	@rm -rf $@ && mkdir -p $@ && cp -p $^ $@
