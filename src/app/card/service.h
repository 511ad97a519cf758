/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* service: finds out why the smart card service (pcscd) does not serve, and what to do then. */
#ifndef JPKI_APP_CARD_SERVICE_H
#define JPKI_APP_CARD_SERVICE_H

#include <stdbool.h>

#include "app/ui/situation.h"
#include "base/error.h"

/* What becomes of a connection to the socket of the service. */
enum service_socket {
	SERVICE_SOCKET_MISSING, /* there is none */
	SERVICE_SOCKET_DEAD,    /* nothing listens on it */
	SERVICE_SOCKET_DENIED,  /* this user may not connect */
	SERVICE_SOCKET_QUEUED,  /* so many wait to be let in that it takes no more: it hangs */
	SERVICE_SOCKET_CLOSED,  /* it lets in, and closes at once */
	SERVICE_SOCKET_OPEN,
	SERVICE_SOCKET_OTHER, /* another failure, of this program or of the path */
};

struct service {
	enum situation situation; /* SITUATION_NONE: the service serves */
	enum service_socket socket;
	int reason; /* errno of SERVICE_SOCKET_OTHER */
};

/*
 * Find out what is wrong with the service after PC/SC answered a look at the readers with this
 * error, which is not JPKI_OK. Takes half a second at most.
 */
struct service service_look(enum jpki_error error);

/* Return the path of the socket, as libpcsclite uses it. Static. */
const char *service_socket_path(void);

/* True if this program runs in a snap or Flatpak. */
bool service_is_sandboxed(void);

#endif
