/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* C_WaitForSlotEvent, without waiting and with, woken by a card and by C_Finalize. */
#include "conform.h"

#include <pthread.h>
#include <unistd.h>

#define SLOTS_MAX 256
/* So long may pass until the other thread is surely inside its call. */
#define SETTLE_US 300000

static CK_RV poll_event(CK_SLOT_ID *slot)
{
	return p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, slot, NULL);
}

static bool offered(CK_RV rv)
{
	if (rv == CKR_FUNCTION_NOT_SUPPORTED && !target.strict)
		absent("C_WaitForSlotEvent is not offered");
	return !failed();
}

/*
 * Takes every event that there is, each of a slot that exists and of each slot one at most; how
 * many were the target's. After them there is none, however often one asks.
 */
static unsigned int take_events(void)
{
	CK_SLOT_ID slots[SLOTS_MAX];
	CK_SLOT_INFO info;
	CK_RV rv = CKR_OK;
	unsigned int count = 0;
	unsigned int of_target = 0;

	while (count < SLOTS_MAX && rv == CKR_OK) {
		slots[count] = NO_HANDLE;
		rv = poll_event(&slots[count]);
		if (rv != CKR_OK)
			break;
		EXPECT(p11->C_GetSlotInfo(slots[count], &info), CKR_OK);
		for (unsigned int i = 0; i < count; i++)
			check(slots[i] != slots[count], "slot %lu is told of twice", slots[count]);
		of_target += slots[count] == target.slot;
		count++;
	}
	if (offered(rv)) {
		check(rv == CKR_NO_EVENT, "after %u events: %s", count, rv_name(rv));
		EXPECT(poll_event(slots), CKR_NO_EVENT);
	}
	return of_target;
}

/* C_Initialize clears every slot's flag: what was there before is no event. */
static void none_at_first(void)
{
	CHECK(take_events() == 0);
	CHECK(take_events() == 0);
}

static void none_after_looking(void)
{
	CK_ULONG count = 0;

	take_events();
	EXPECT(p11->C_GetSlotList(CK_TRUE, NULL, &count), CKR_OK);
	token_flags_now();
	CHECK(take_events() == 0);
}

static void reserved(void)
{
	CK_SLOT_ID slot = 0;

	EXPECT(p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, &slot), CKR_ARGUMENTS_BAD,
	       CKR_FUNCTION_NOT_SUPPORTED);
	EXPECT(p11->C_WaitForSlotEvent(0, NULL, NULL), CKR_ARGUMENTS_BAD,
	       CKR_FUNCTION_NOT_SUPPORTED);
	EXPECT(p11->C_WaitForSlotEvent(0, &slot, &slot), CKR_ARGUMENTS_BAD,
	       CKR_FUNCTION_NOT_SUPPORTED);
}

static void pulled_and_put_in(void)
{
	if (!card_moves())
		return;
	take_events();
	card_remove();
	CHECK(take_events() == 1);
	card_insert();
	CHECK(take_events() == 1);
}

/* A slot has one flag: two events of it that nobody asked for in between are one. */
static void pulled_and_put_in_unseen(void)
{
	if (!card_moves())
		return;
	take_events();
	card_remove();
	card_insert();
	CHECK(take_events() <= 1);
}

/* --- waiting --- */

struct wait {
	CK_RV rv;
	CK_SLOT_ID slot;
};

static void *wait_for_event(void *argument)
{
	struct wait *wait = argument;

	wait->rv = p11->C_WaitForSlotEvent(0, &wait->slot, NULL);
	return NULL;
}

/* A thread that waits while this one does what wakes it. */
static void wait_while(struct wait *wait, void (*act)(void))
{
	pthread_t thread;

	take_events();
	*wait = (struct wait){CKR_VENDOR_DEFINED, NO_HANDLE};
	if (failed() || !CHECK(pthread_create(&thread, NULL, wait_for_event, wait) == 0))
		return;
	usleep(SETTLE_US);
	act();
	pthread_join(thread, NULL);
}

static void end_module(void)
{
	EXPECT(p11->C_Finalize(NULL), CKR_OK);
}

static void woken_by_the_end(void)
{
	struct wait wait;

	wait_while(&wait, end_module);
	if (failed() || !offered(wait.rv))
		return;
	expect("C_WaitForSlotEvent", wait.rv, (const CK_RV[]){CKR_CRYPTOKI_NOT_INITIALIZED, END});
	EXPECT(initialize(), CKR_OK);
}

static void pull(void)
{
	card_remove();
}

static void put_in(void)
{
	card_insert();
}

static void woken_by_a_card(void)
{
	struct wait wait;
	CK_SLOT_INFO info;

	if (!card_moves())
		return;
	wait_while(&wait, pull);
	if (failed() || !offered(wait.rv))
		return;
	expect("C_WaitForSlotEvent", wait.rv, (const CK_RV[]){CKR_OK, END});
	EXPECT(p11->C_GetSlotInfo(wait.slot, &info), CKR_OK);
	CHECK((info.flags & CKF_TOKEN_PRESENT) == 0);
	wait_while(&wait, put_in);
	expect("C_WaitForSlotEvent", wait.rv, (const CK_RV[]){CKR_OK, END});
	EXPECT(p11->C_GetSlotInfo(wait.slot, &info), CKR_OK);
	CHECK((info.flags & CKF_TOKEN_PRESENT) != 0);
}

static const struct conform_case cases[] = {
	{"C_WaitForSlotEvent", "without waiting: no event after C_Initialize", READY,
	 none_at_first},
	{"C_WaitForSlotEvent", "without waiting: looking at slots is no event", READY,
	 none_after_looking},
	{"C_WaitForSlotEvent", "with pReserved, and without a place for the slot", READY, reserved},
	{"C_WaitForSlotEvent", "without waiting: one event for a card pulled, one put in", READY,
	 pulled_and_put_in},
	{"C_WaitForSlotEvent", "without waiting: one event at most for both", READY,
	 pulled_and_put_in_unseen},
	{"C_WaitForSlotEvent", "waiting, woken by C_Finalize", READY, woken_by_the_end},
	{"C_WaitForSlotEvent", "waiting, woken by a card", READY, woken_by_a_card},
};

const struct chapter chapter_events = {"events", cases, COUNT(cases)};
