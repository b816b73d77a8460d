/* Trusted roots that the program has parsed itself.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "chain.h"

/* The position is the number of roots before this one. The last item of mbedTLS's list may be empty. */
static bool next_in_chain(void *context, size_t *position, const unsigned char **der, size_t *length)
{
  const mbedtls_x509_crt *root = context;

  for (size_t i = 0; i < *position && root != NULL; i++)
    root = root->next;
  if (root == NULL || root->raw.p == NULL)
    return false;
  *der = root->raw.p;
  *length = root->raw.len;
  (*position)++;
  return true;
}

struct wmrec_roots wmrec_roots_from_chain(mbedtls_x509_crt *chain)
{
  return (struct wmrec_roots){.next = next_in_chain, .context = chain, .is_constant = true};
}

mbedtls_x509_crt *wmrec_roots_chain(const struct wmrec_roots *roots)
{
  return roots->next == next_in_chain ? roots->context : NULL;
}
