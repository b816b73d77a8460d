# SPDX-License-Identifier: Apache-2.0
cpu = -mcpu=cortex-m3 -mthumb
openocd = board/ek-lm3s6965.cfg
flash = 147456
memory = 65536
