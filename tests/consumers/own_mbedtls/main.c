/* Uses its own mbedTLS before and after it asks by wmrec-tls. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include <mbedtls/md.h>
#include <mbedtls/ssl.h>

int https_main(int argc, char **argv);

/* The settings of a server, which wmrec's mbedTLS does not have. */
static int server_settings(void)
{
  mbedtls_ssl_config config;
  int error;

  mbedtls_ssl_config_init(&config);
  error = mbedtls_ssl_config_defaults(&config, MBEDTLS_SSL_IS_SERVER, MBEDTLS_SSL_TRANSPORT_STREAM, 0);
  mbedtls_ssl_config_free(&config);
  return error;
}

/* The digest of "abc" (FIPS 180-4) begins with these bytes. */
static int digest(void)
{
  unsigned char output[32];
  int error = mbedtls_md(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), (const unsigned char *)"abc", 3, output);

  return error == 0 ? memcmp(output, "\xba\x78\x16\xbf", 4) : error;
}

int main(int argc, char **argv)
{
  int result;

  if (server_settings() != 0 || digest() != 0)
    return EXIT_FAILURE;
  result = https_main(argc, argv);
  return server_settings() == 0 && digest() == 0 ? result : EXIT_FAILURE;
}
