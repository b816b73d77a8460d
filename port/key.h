/* Finds the API key in text of others: an answer can repeat it, and no log may show it.
 *
 * The key is found in each of its spellings: as it is, and where some or all of its characters are written as JSON can
 * write them (\u0053, \/; RFC 8259, section 7), or as a URL can (%53; RFC 3986, section 2.1). It is not found in
 * another encoding, such as base64.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_KEY_H
#define WMREC_KEY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* All of the bytes may be the beginning of the key: more bytes are needed to decide. */
#define WMREC_KEY_BEGINNING SIZE_MAX

/*
 * Returns the length of the key's spelling that begins at bytes[0]; 0 if none begins there; or WMREC_KEY_BEGINNING.
 *
 * key: ends in NUL; NULL or "": there is no key, and the result is 0.
 * bytes, length: the text; it need not end in NUL. No bytes are the beginning of any key.
 */
size_t wmrec_key_at(const char *key, const char *bytes, size_t length);

#ifdef __cplusplus
}
#endif

#endif
