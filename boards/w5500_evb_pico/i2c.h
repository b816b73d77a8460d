/* I2C0 as the only controller of its bus. "UM10204" is NXP's I2C-bus specification.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_I2C_H
#define WMREC_I2C_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Connects the pins of the display, frees the bus if a device holds its data line low, and starts I2C0 at 400 kHz.
 * Returns false if the bus is not free then. */
bool i2c_start(void);

/* Writes these bytes to the device with this address. Returns false if it does not acknowledge one of them, or if they
 * are not written within 20 ms. */
bool i2c_write(unsigned address, const uint8_t *bytes, size_t length);

#endif
