/* Reads the status with cJSON.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <cjson/cJSON.h>
#include <string.h>

#include "job.h"

enum status json_status(const char *body, size_t length)
{
  cJSON *root = cJSON_ParseWithLength(body, length);
  const char *word = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(root, "status"));
  const enum status status = word != NULL ? status_of(word, strlen(word)) : UNKNOWN;

  cJSON_Delete(root);
  return status;
}
