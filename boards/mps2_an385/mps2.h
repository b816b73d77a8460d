/* The registers that this board uses: of the MPS2+ (Arm DAI 0385, AN385), and of its Ethernet controller. The board has
 * a LAN9220, and QEMU emulates a LAN9118, which has the same registers. Names: their manuals.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_MPS2_H
#define WMREC_MPS2_H

#include "cortex_m.h"

/* CMSDK APB UART 0. */
#define UART0_DATA CORTEX_M_REGISTER(0x40004000)
#define UART0_STATE CORTEX_M_REGISTER(0x40004004)
#define UART0_CTRL CORTEX_M_REGISTER(0x40004008)
#define UART0_BAUDDIV CORTEX_M_REGISTER(0x40004010)

/* FPGA system control and input/output. */
#define FPGAIO_LED0 CORTEX_M_REGISTER(0x40028000)

/* LAN9118 data sheet, chapter 5. */
#define RX_DATA_FIFO CORTEX_M_REGISTER(0x40200000)
#define TX_DATA_FIFO CORTEX_M_REGISTER(0x40200020)
#define RX_STATUS_FIFO CORTEX_M_REGISTER(0x40200040)
#define TX_STATUS_FIFO CORTEX_M_REGISTER(0x40200048)
#define IRQ_CFG CORTEX_M_REGISTER(0x40200054)
#define INT_STS CORTEX_M_REGISTER(0x40200058)
#define INT_EN CORTEX_M_REGISTER(0x4020005c)
#define FIFO_INT CORTEX_M_REGISTER(0x40200068)
#define TX_CFG CORTEX_M_REGISTER(0x40200070)
#define HW_CFG CORTEX_M_REGISTER(0x40200074)
#define RX_FIFO_INF CORTEX_M_REGISTER(0x4020007c)
#define TX_FIFO_INF CORTEX_M_REGISTER(0x40200080)
#define MAC_CSR_CMD CORTEX_M_REGISTER(0x402000a4)
#define MAC_CSR_DATA CORTEX_M_REGISTER(0x402000a8)
#define MPS2_ETHERNET_INTERRUPT 13

/* ethernet.c: for board_start(). */
void mps2_start_ethernet(void);

#endif
