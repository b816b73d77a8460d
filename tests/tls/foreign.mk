# wmrec and probe with configurations of mbedTLS that are not ours, for tests of port/mbedtls/foreign.c.
# SPDX-License-Identifier: Apache-2.0

# default: 3.6 as its source has it. lean: as little as a vendor's may have. debian-static, debian-shared: Debian 13's package.
foreigns = default lean debian-static debian-shared
debian_mbedtls = $(BUILD)/debian-mbedtls/usr
debian_libraries = $(patsubst %,$(debian_mbedtls)/lib/$(shell $(CC) -print-multiarch)/lib%,mbedtls mbedx509 mbedcrypto)
lean_options = -Itests/tls '-DMBEDTLS_USER_CONFIG_FILE="lean_config.h"'

foreign_default = -isystem $(mbedtls)/include
foreign_lean = $(lean_options) -isystem $(mbedtls)/include
foreign_debian-static = -isystem $(debian_mbedtls)/include
foreign_debian-shared = $(foreign_debian-static)
foreign_default_libraries = $(BUILD)/foreign/default/libmbedtls.a
foreign_lean_libraries = $(BUILD)/foreign/lean/libmbedtls.a
foreign_debian-static_libraries = $(debian_libraries:%=%.a)
foreign_debian-shared_libraries = $(debian_libraries:%=%.so) '-Wl,-rpath,$(abspath $(dir $(firstword $(debian_libraries))))'

# The allocations of mbedTLS are calloc()'s here: see tests/tls/starve.h.
define foreign_rules
$(BUILD)/foreign/$(1)/%.o: %.c $(mbedtls_header) $(debian_mbedtls) tests/tls/lean_config.h $(BUILD)/options $(jsmn_header)
	@mkdir -p $$(@D)
	@$$(CC) $$(sanitized) $$(standard) $$(foreign_$(1)) -MMD -MP -c $$< -o $$@
$(BUILD)/foreign/$(1)/wmrec: $(patsubst %.c,$(BUILD)/foreign/$(1)/%.o,$(cli) $(tls)) $(BUILD)/sanitized/libwmrec.a
$(BUILD)/foreign/$(1)/probe: $(patsubst %.c,$(BUILD)/foreign/$(1)/%.o,tests/tls/probe.c tests/tls/starve.c $(tls)) $(BUILD)/sanitized/libwmrec.a
$(BUILD)/foreign/$(1)/ask: $(patsubst %.c,$(BUILD)/foreign/$(1)/%.o,tests/tls/ask.c $(tls)) $(BUILD)/sanitized/libwmrec.a
$(addprefix $(BUILD)/foreign/$(1)/,wmrec probe ask): $(filter $(BUILD)/foreign/%,$(foreign_$(1)_libraries))
	@echo "building $$@"
	@$$(CC) $$(sanitized) -o $$@ $$(filter %.o,$$^) $(BUILD)/sanitized/libwmrec.a $$(foreign_$(1)_libraries) $$(if $$(filter %/probe,$$@),$$(starve_link)) -pthread
endef
$(foreach name,$(foreigns),$(eval $(call foreign_rules,$(name))))
-include $(shell find $(BUILD)/foreign -name '*.d' 2>/dev/null)

foreign_programs = $(foreach name,$(foreigns),$(addprefix $(BUILD)/foreign/$(name)/,wmrec probe ask))

$(BUILD)/foreign/default/libmbedtls.a: foreign_configuration =
$(BUILD)/foreign/lean/libmbedtls.a: foreign_configuration = $(lean_options)
$(BUILD)/foreign/default/libmbedtls.a $(BUILD)/foreign/lean/libmbedtls.a: $(mbedtls_header) $(BUILD)/options tests/tls/lean_config.h \
    port/mbedtls/library.mk | $(BUILD)/compiler.have
	@echo "building mbedTLS ($(@D:$(BUILD)/%=%))"
	@$(MAKE) -f port/mbedtls/library.mk ARCHIVE=$@ MBEDTLS_DIR=$(mbedtls) CC="$(CC)" AFTER="$(BUILD)/options tests/tls/lean_config.h" \
	  configuration="$(subst ",\",$(foreign_configuration))" FLAGS="$(sanitized) $(maps) $(library_sanitize)"

$(debian_mbedtls): | $(BUILD)/compiler.have
	@$(DEBIAN) packages $(BUILD)/debian-mbedtls libmbedtls-dev=$(MBEDTLS_TESTED) libmbedtls21 libmbedx509-7 libmbedcrypto16
	@touch $@
