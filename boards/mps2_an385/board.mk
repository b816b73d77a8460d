# SPDX-License-Identifier: Apache-2.0
cpu = -mcpu=cortex-m3 -mthumb
