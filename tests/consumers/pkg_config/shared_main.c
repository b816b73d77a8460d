/* Calls a shared library that has wmrec inside. SPDX-License-Identifier: Apache-2.0 */
int https_main(int argc, char **argv);

int main(int argc, char **argv)
{
  return https_main(argc, argv);
}
