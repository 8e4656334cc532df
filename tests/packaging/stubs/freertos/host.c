/* host.c: the task runs in a thread, over a real lwIP whose packets never leave it: its only
 * interface is a loop. A second thread hands the task's connection on to the server on the host,
 * octet by octet. */
#include "../host.h"

#include <stdlib.h>
#include <string.h>

#include <FreeRTOS.h>
#include <lwip/netif.h>
#include <lwip/sockets.h>
#include <lwip/tcpip.h>
#include <task.h>

#include "fetch_mail.h"

static int listening = -1;

TickType_t xTaskGetTickCount(void) { return host_milliseconds(); }

/** The end of the only task is the end of the program. */
void vTaskDelete(TaskHandle_t task) { exit(task == NULL ? EXIT_SUCCESS : EXIT_FAILURE); }

/** What is sent to the interface's own address comes back by itself; all else is lost. */
static err_t lose(struct netif *netif, struct pbuf *packet, const ip4_addr_t *address) {
  (void)netif;
  (void)packet;
  (void)address;
  return ERR_OK;
}

static err_t set_up(struct netif *netif) {
  netif->name[0] = 'l';
  netif->name[1] = 'o';
  netif->mtu = 1500;
  netif->output = lose;
  netif->flags = NETIF_FLAG_LINK_UP;
  return ERR_OK;
}

static void add_interface(void *started) {
  static struct netif loop;
  ip4_addr_t address, mask, gateway;
  IP4_ADDR(&address, 10, 0, 0, 1);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  IP4_ADDR(&gateway, 0, 0, 0, 0);
  netif_add(&loop, &address, &mask, &gateway, NULL, set_up, tcpip_input);
  netif_set_default(&loop);
  netif_set_up(&loop);
  sys_sem_signal(started);
}

static void listen_on(uint16_t port) {
  struct sockaddr_in address;
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_port = lwip_htons(port);
  listening = lwip_socket(AF_INET, SOCK_STREAM, 0);
  if (lwip_bind(listening, (struct sockaddr *)&address, sizeof address) != 0 ||
      lwip_listen(listening, 1) != 0) {
    abort();
  }
}

/** From the server to lwIP. */
static void hand_in(void *sockets) {
  const int *ends = sockets;
  char octet;
  while (host_recv(ends[1], &octet, 1) == 1) {
    lwip_send(ends[0], &octet, 1, 0);
  }
}

/** From lwIP to the server. */
static void hand_out(void *nothing) {
  static int ends[2];
  char octet;
  (void)nothing;
  ends[0] = lwip_accept(listening, NULL, NULL);
  ends[1] = host_dial();
  sys_thread_new("in", hand_in, ends, 0, 0);
  while (lwip_recv(ends[0], &octet, 1, 0) == 1) {
    host_send(ends[1], &octet, 1);
  }
}

int main(void) {
  static struct mail_box box = {"10.0.0.1", 110, "ann", "secret"};
  sys_sem_t started;
  sys_sem_new(&started, 0);
  tcpip_init(add_interface, &started);
  sys_sem_wait(&started);
  listen_on(110);
  sys_thread_new("out", hand_out, NULL, 0, 0);
  fetch_mail_task(&box);
  return EXIT_FAILURE;
}
