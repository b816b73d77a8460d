/* What a server needs only while it is asked, so that those who are not asked take no memory for it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "workspace.h"

#include "memory.h"
#include "options.h"

static struct workspace *workspaces;
static bool is_taken[OPTIONS_SERVERS];
static int taken; /* how many are */
static int used;  /* the first ones, that take memory */

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
  taken++;
  used = i < used ? used : i + 1;
  return &workspaces[i];
}

void workspace_give_back(struct workspace *workspace)
{
  is_taken[workspace - workspaces] = false;
  taken--;
}

void workspace_rest(void)
{
  if (taken > 0 || used <= 1)
    return;
  memory_rest(workspaces + 1, (size_t)(used - 1) * sizeof *workspaces); /* who asks one at a time, fetches nothing */
  used = 1;
}
