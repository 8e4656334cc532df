/* lwipopts.h: lwIP as firmware has it. */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#define LWIP_DNS 1
#define LWIP_SO_RCVTIMEO 1

#endif
