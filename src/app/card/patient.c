/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* patient: tells app/ui/patience.h each step of PC/SC before it begins and after it has ended. */
#include "app/card/patient.h"

#include <stdlib.h>

#include "app/host/signals.h"
#include "app/ui/patience.h"
#include "card/pcsc.h"

struct patient {
	struct jpki_transport base;
	struct jpki_transport *inner;
};

/* Links are those of PC/SC, so these are their functions. */
static const struct jpki_transport_ops *inner_ops;

/* While signals were held for this time, something was sent to the card: a PIN, perhaps. 0: not
 * yet. */
static unsigned long sent_in;

/* Return whether a PIN may be under way: signals are held for the same time as when something was
 * sent. */
static bool may_have_sent(void)
{
	return sent_in != 0 && signals_are_held() && sent_in == signals_holds();
}

/* Begin a step before the first exchange, or one that is no exchange. */
static void begin_step(enum patience_step step)
{
	patience_begin(step, !may_have_sent());
}

static struct jpki_transport *inner_of(struct jpki_transport *transport)
{
	return ((struct patient *)(void *)transport)->inner;
}

static enum jpki_error patient_list(struct jpki_transport *transport, struct jpki_reader_list *list)
{
	enum jpki_error error;

	begin_step(PATIENCE_SERVICE);
	error = inner_ops->list(inner_of(transport), list);
	patience_end();
	return error;
}

static enum jpki_error patient_wait(struct jpki_transport *transport,
				    const struct jpki_reader_list *known, uint32_t timeout_ms)
{
	enum jpki_error error;

	begin_step(PATIENCE_SERVICE);
	error = inner_ops->wait(inner_of(transport), known, timeout_ms);
	patience_end();
	return error;
}

static void patient_cancel(struct jpki_transport *transport)
{
	inner_ops->cancel(inner_of(transport));
}

static enum jpki_error patient_connect(struct jpki_transport *transport, const char *reader_name,
				       struct jpki_link **link)
{
	enum jpki_error error;

	/* pcscd lets nobody in while another program has a transaction open. */
	begin_step(PATIENCE_CARD);
	error = inner_ops->connect(inner_of(transport), reader_name, link);
	patience_end();
	return error;
}

static enum jpki_error patient_begin(struct jpki_link *link, bool *was_reset)
{
	enum jpki_error error;

	begin_step(PATIENCE_CARD);
	error = inner_ops->begin(link, was_reset);
	patience_end();
	return error;
}

static enum jpki_error patient_transmit(struct jpki_link *link, const uint8_t *command,
					size_t command_length, uint8_t *response,
					size_t *response_length)
{
	enum jpki_error error;

	sent_in = signals_holds();
	begin_step(PATIENCE_EXCHANGE);
	error = inner_ops->transmit(link, command, command_length, response, response_length);
	patience_end();
	return error;
}

static void patient_end(struct jpki_link *link)
{
	begin_step(PATIENCE_EXCHANGE);
	inner_ops->end(link);
	patience_end();
}

static void patient_power_off(struct jpki_link *link)
{
	begin_step(PATIENCE_EXCHANGE);
	inner_ops->power_off(link);
	patience_end();
}

static void patient_rest(struct jpki_link *link)
{
	begin_step(PATIENCE_EXCHANGE);
	inner_ops->rest(link);
	patience_end();
}

static void patient_disconnect(struct jpki_link *link)
{
	begin_step(PATIENCE_EXCHANGE);
	inner_ops->disconnect(link);
	patience_end();
}

static void patient_destroy(struct jpki_transport *transport)
{
	begin_step(PATIENCE_SERVICE);
	inner_ops->destroy(inner_of(transport));
	patience_end();
	free(transport);
}

static const struct jpki_transport_ops patient_ops = {
	.list = patient_list,
	.wait = patient_wait,
	.cancel = patient_cancel,
	.connect = patient_connect,
	.begin = patient_begin,
	.transmit = patient_transmit,
	.end = patient_end,
	.power_off = patient_power_off,
	.rest = patient_rest,
	.disconnect = patient_disconnect,
	.destroy = patient_destroy,
};

struct jpki_transport *patient_pcsc_new(void)
{
	struct patient *self = calloc(1, sizeof(*self));
	struct jpki_transport *inner = jpki_pcsc_new();

	if (self == NULL || inner == NULL) {
		if (inner != NULL)
			inner->ops->destroy(inner);
		free(self);
		return NULL;
	}
	/* The limit is that of app/ui/patience.h. */
	jpki_pcsc_limit_wait(inner, PATIENCE_SECONDS_MAX);
	self->base.ops = &patient_ops;
	self->inner = inner;
	inner_ops = inner->ops;
	patience_set_probe(patient_probe);
	return &self->base;
}

void patient_probe(void)
{
	struct jpki_transport *transport = jpki_pcsc_new();
	struct jpki_reader_list list;

	if (transport == NULL)
		return;
	transport->ops->list(transport, &list);
	transport->ops->destroy(transport);
}
