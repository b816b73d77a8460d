# SPDX-License-Identifier: Apache-2.0
cpu = -mcpu=cortex-m3 -mthumb
openocd = board/ek-lm3s6965.cfg
flash_limit = 147456
memory_limit = 65536
