/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_card_patient: each wait for PC/SC is named, and none ends while a PIN is under way. */
#include "unit.h"

#include <signal.h>
#include <string.h>

#include "app/card/patient.h"
#include "app/host/signals.h"
#include "app/ui/patience.h"
#include "service.h"

/* The step that was begun last, and whether one is open. */
static enum patience_step step;
static bool may_end, is_open;
static void (*probe)(void);

void patience_begin(enum patience_step begun, bool ends)
{
	assert_false(is_open);
	is_open = true;
	step = begun;
	may_end = ends;
}

void patience_end(void)
{
	assert_true(is_open);
	is_open = false;
}

void patience_set_probe(void (*wanted)(void))
{
	probe = wanted;
}

static struct jpki_transport *transport;
static struct jpki_link *reached;

static void assert_step(enum patience_step wanted, bool ends)
{
	assert_false(is_open);
	assert_int_equal(step, wanted);
	assert_int_equal(may_end, ends);
}

static void exchange(void)
{
	static const uint8_t command[] = {0x00, 0xA4, 0x00, 0x00};
	uint8_t response[JPKI_APDU_RESPONSE_MAX];
	size_t length = sizeof(response);

	assert_error(transport->ops->transmit(reached, command, sizeof(command), response, &length),
		     JPKI_OK);
}

static int set_up(void **state)
{
	bool was_reset;

	(void)state;
	memset(&service, 0, sizeof(service));
	memcpy(service.answer, "\x90\x00", 2);
	service.received = 2;
	transport = patient_pcsc_new();
	assert_non_null(transport);
	assert_error(transport->ops->connect(transport, "Reader", &reached), JPKI_OK);
	assert_step(PATIENCE_CARD, true);
	assert_error(transport->ops->begin(reached, &was_reset), JPKI_OK);
	assert_step(PATIENCE_CARD, true);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	transport->ops->end(reached);
	transport->ops->disconnect(reached);
	assert_step(PATIENCE_EXCHANGE, true);
	transport->ops->destroy(transport);
	assert_step(PATIENCE_SERVICE, true);
	return 0;
}

static void test_steps_of_patience(void **state)
{
	struct jpki_reader_list list;

	(void)state;
	assert_ptr_equal(probe, patient_probe);
	transport->ops->list(transport, &list);
	assert_step(PATIENCE_SERVICE, true);
	exchange();
	assert_step(PATIENCE_EXCHANGE, true);
	transport->ops->end(reached);
	assert_step(PATIENCE_EXCHANGE, true);
}

/* From the first exchange on, until signals are obeyed again. */
static void test_pin_under_way(void **state)
{
	struct jpki_reader_list list;
	sigset_t before;

	(void)state;
	exchange();
	signals_hold(&before);
	/* Nothing was sent since then. */
	transport->ops->list(transport, &list);
	assert_step(PATIENCE_SERVICE, true);
	exchange();
	assert_step(PATIENCE_EXCHANGE, false);
	transport->ops->list(transport, &list);
	assert_step(PATIENCE_SERVICE, false);
	transport->ops->end(reached);
	assert_step(PATIENCE_EXCHANGE, false);
	signals_release(&before);
	transport->ops->list(transport, &list);
	assert_step(PATIENCE_SERVICE, true);
	/* What was sent in the time before says nothing of this one. */
	signals_hold(&before);
	transport->ops->list(transport, &list);
	assert_step(PATIENCE_SERVICE, true);
	signals_release(&before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_steps_of_patience, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_pin_under_way, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
