# SPDX-License-Identifier: Apache-2.0
cpu = -mcpu=cortex-m4 -mthumb
like = mps2_an385
