/* host.h: a connection of the host for the stubs, so that the examples can be run here. */
#ifndef HOST_H
#define HOST_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Connects to the port of this host that MAIL_PORT in the environment says; negative if it cannot.
 */
int host_dial(void);
/** How many octets were sent, or -1. */
long host_send(int socket, const void *octets, size_t len);
/** How many octets were received, 0 at the end, or -1. */
long host_recv(int socket, void *octets, size_t len);
/** Whether something can be read, or the end has come, within this time. */
int host_readable(int socket, int milliseconds);
void host_close(int socket);
/** A clock that does not jump. */
uint32_t host_milliseconds(void);
void host_sleep(uint32_t milliseconds);

#ifdef __cplusplus
}
#endif

#endif
