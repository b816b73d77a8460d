/* A stand-in for Arduino's Ethernet library, with the calls that the example SelfHosted makes: Debian has no package of
 * it. Its network is the second serial line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_TESTS_ETHERNET_H
#define WMREC_TESTS_ETHERNET_H

#include <LineClient.h>

class EthernetClient : public LineClient
{
public:
  EthernetClient() : LineClient(Serial1)
  {
  }
  void setConnectionTimeout(uint16_t)
  {
  }
};

struct EthernetClass {
  int begin(uint8_t *)
  {
    Serial1.begin(1000000);
    return 1;
  }
  int maintain()
  {
    return 0;
  }
};

static EthernetClass Ethernet;

#endif
