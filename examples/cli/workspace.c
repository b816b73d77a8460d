/* What a server needs only while it is asked, so that those who are not asked take no memory for it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "workspace.h"

#include <mbedtls/platform_util.h>

#include "memory.h"
#include "options.h"

static struct workspace *workspaces;
static bool is_taken[OPTIONS_SERVERS];

bool workspace_prepare(int count)
{
  workspaces = memory_map((size_t)count * sizeof *workspaces);
  return workspaces != NULL;
}

struct workspace *workspace_take(void)
{
  int i = 0;

  while (is_taken[i])
    i++;
  is_taken[i] = true;
  return &workspaces[i];
}

/* The first one, which is the one most taken, keeps its pages: for one server at a time, nothing is to be fetched. */
void workspace_give_back(struct workspace *workspace)
{
  mbedtls_platform_zeroize(workspace->session, sizeof workspace->session);
  if (workspace != workspaces)
    memory_rest(workspace, sizeof *workspace);
  is_taken[workspace - workspaces] = false;
}
