/* The serial line of lwIP's SLIP: the second UART, GPIO 4 and 5. SPDX-License-Identifier: Apache-2.0 */
#include <hardware/gpio.h>
#include <hardware/uart.h>
#include <lwip/sio.h>

sio_fd_t sio_open(u8_t number)
{
  (void)number;
  uart_init(uart1, 921600);
  gpio_set_function(4, GPIO_FUNC_UART);
  gpio_set_function(5, GPIO_FUNC_UART);
  return uart1;
}

void sio_send(u8_t byte, sio_fd_t line)
{
  uart_putc_raw(line, (char)byte);
}

u32_t sio_tryread(sio_fd_t line, u8_t *bytes, u32_t size)
{
  u32_t length = 0;

  while (length < size && uart_is_readable(line))
    bytes[length++] = (u8_t)uart_getc(line);
  return length;
}

/* Only a receiving thread would wait. */
u32_t sio_read(sio_fd_t line, u8_t *bytes, u32_t size)
{
  return sio_tryread(line, bytes, size);
}
