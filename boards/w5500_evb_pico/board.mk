# SPDX-License-Identifier: Apache-2.0
cpu = -mcpu=cortex-m0plus -mthumb
openocd = interface/cmsis-dap.cfg -f target/rp2040.cfg -c "adapter speed 5000"
# Flash is ample: these make a handshake faster.
fast_too = ecp ecp_curves
