/* gmtime_r() for mbedTLS, as that of the C library needs a heap.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <mbedtls/platform_util.h>

/* seconds: must be in 0 to UINT32_MAX, as clock.c sees to. Counts days from 0000-03-01, in eras of 400 years or 146,097
 * days. A year that begins in March has its leap day at the end, so the lengths of its months follow one formula. */
struct tm *mbedtls_platform_gmtime_r(const mbedtls_time_t *seconds, struct tm *parts)
{
  const uint32_t time = (uint32_t)*seconds;
  const uint32_t time_of_day = time % 86400;
  const uint32_t days = time / 86400 + 719468;
  const uint32_t day_of_era = days % 146097;
  const uint32_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const uint32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const uint32_t month = (5 * day_of_year + 2) / 153;
  const uint32_t year = days / 146097 * 400 + year_of_era + (month >= 10);

  *parts = (struct tm){.tm_sec = (int)(time_of_day % 60),
                       .tm_min = (int)(time_of_day / 60 % 60),
                       .tm_hour = (int)(time_of_day / 3600),
                       .tm_mday = (int)(day_of_year - (153 * month + 2) / 5 + 1),
                       .tm_mon = (int)(month < 10 ? month + 2 : month - 10),
                       .tm_year = (int)year - 1900};
  return parts;
}
