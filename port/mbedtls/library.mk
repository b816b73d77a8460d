# Builds mbedTLS with wmrec's configuration: make -f library.mk ARCHIVE=... MBEDTLS_DIR=... FLAGS=... CC=... AR=...
# Both layouts: 3.6 has all sources in library/; 4.x has its cryptography in tf-psa-crypto/. Files that the configuration does
# not need compile to nothing. FAST: the names of files, without folder and suffix, to build for speed though the rest is not.
# AFTER: files that make all objects out of date. SPDX-License-Identifier: Apache-2.0

objects_dir = $(basename $(ARCHIVE)).objects
tf_psa = $(MBEDTLS_DIR)/tf-psa-crypto
sources = $(wildcard $(MBEDTLS_DIR)/library/*.c $(addprefix $(tf_psa)/,core/*.c drivers/builtin/src/*.c dispatch/*.c \
  extras/*.c platform/*.c utilities/*.c))
objects = $(patsubst $(MBEDTLS_DIR)/%.c,$(objects_dir)/%.o,$(sources))
includes = -I$(MBEDTLS_DIR)/include -I$(MBEDTLS_DIR)/library $(addprefix -I,$(wildcard $(addprefix $(tf_psa)/,include \
  core dispatch extras platform utilities drivers/builtin/include drivers/builtin/src)))
configuration = -Iport/mbedtls '-DMBEDTLS_CONFIG_FILE="tls_config.h"' \
  '-DTF_PSA_CRYPTO_CONFIG_FILE="crypto_config.h"'

$(ARCHIVE): $(objects)
	@rm -f $@
	@$(AR) rcs $@ $^

$(foreach name,$(FAST),$(filter %/$(name).o,$(objects))): speed = -O2

$(objects_dir)/%.o: $(MBEDTLS_DIR)/%.c port/mbedtls/tls_config.h port/mbedtls/crypto_config.h $(AFTER)
	@mkdir -p $(@D)
	@$(CC) $(FLAGS) $(speed) -std=c99 -D_DEFAULT_SOURCE -ffunction-sections -fdata-sections $(configuration) $(includes) -c $< -o $@
