/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every call of PC/SC in every job ends once with every code that PC/SC has. */
#include <stdlib.h>
#include <string.h>
#include <winscard.h>

#include "engine.h"

/* See engine_assert_all; the functions of this class in the file calls. */
#define NAMES    10
#define RUNS_MIN 18000

static unsigned int all;

/* All of pcsclite.h, but for those of Windows' key containers and directories. */
static const long codes[] = {
	SCARD_F_INTERNAL_ERROR,
	SCARD_E_CANCELLED,
	SCARD_E_INVALID_HANDLE,
	SCARD_E_INVALID_PARAMETER,
	SCARD_E_INVALID_TARGET,
	SCARD_E_NO_MEMORY,
	SCARD_F_WAITED_TOO_LONG,
	SCARD_E_INSUFFICIENT_BUFFER,
	SCARD_E_UNKNOWN_READER,
	SCARD_E_TIMEOUT,
	SCARD_E_SHARING_VIOLATION,
	SCARD_E_NO_SMARTCARD,
	SCARD_E_UNKNOWN_CARD,
	SCARD_E_CANT_DISPOSE,
	SCARD_E_PROTO_MISMATCH,
	SCARD_E_NOT_READY,
	SCARD_E_INVALID_VALUE,
	SCARD_E_SYSTEM_CANCELLED,
	SCARD_F_COMM_ERROR,
	SCARD_F_UNKNOWN_ERROR,
	SCARD_E_INVALID_ATR,
	SCARD_E_NOT_TRANSACTED,
	SCARD_E_READER_UNAVAILABLE,
	SCARD_P_SHUTDOWN,
	SCARD_E_PCI_TOO_SMALL,
	SCARD_E_READER_UNSUPPORTED,
	SCARD_E_DUPLICATE_READER,
	SCARD_E_CARD_UNSUPPORTED,
	SCARD_E_NO_SERVICE,
	SCARD_E_SERVICE_STOPPED,
	SCARD_E_UNEXPECTED,
	SCARD_E_UNSUPPORTED_FEATURE,
	SCARD_E_NO_ACCESS,
	SCARD_E_NO_READERS_AVAILABLE,
	SCARD_E_COMM_DATA_LOST,
	SCARD_E_SERVER_TOO_BUSY,
	SCARD_W_UNSUPPORTED_CARD,
	SCARD_W_UNRESPONSIVE_CARD,
	SCARD_W_UNPOWERED_CARD,
	SCARD_W_RESET_CARD,
	SCARD_W_REMOVED_CARD,
	SCARD_W_SECURITY_VIOLATION,
	/* One that does not exist. */
	0x7fffffff,
};

static bool says(const char *name, long code)
{
	return strcmp(inject_name(), name) == 0 && inject_code() == code;
}

/* Asked for no card: which readers and cards there are. */
static bool is_of_list(void)
{
	return strcmp(inject_name(), "SCardListReaders") == 0 ||
	       strcmp(inject_name(), "SCardGetStatusChange") == 0 ||
	       strcmp(inject_name(), "SCardEstablishContext") == 0;
}

/* Where there seems to be no card, no reader or no service, a program finds none. */
static bool hides_card(void)
{
	static const long gone[] = {
		SCARD_E_INVALID_HANDLE,       SCARD_E_INVALID_VALUE,      SCARD_E_NO_ACCESS,
		SCARD_E_NO_READERS_AVAILABLE, SCARD_E_NO_SERVICE,         SCARD_E_NO_SMARTCARD,
		SCARD_E_READER_UNAVAILABLE,   SCARD_E_SERVICE_STOPPED,    SCARD_E_UNKNOWN_READER,
		SCARD_W_REMOVED_CARD,         SCARD_W_SECURITY_VIOLATION,
	};

	for (size_t i = 0; i < sizeof(gone) / sizeof(gone[0]); i++) {
		if (gone[i] == inject_code())
			return true;
	}
	/* A context that broke is made anew, and what was known through it is forgotten. */
	return is_of_list() && inject_code() == SCARD_F_COMM_ERROR;
}

/* A card that does not answer the first word is not asked again until it leaves. */
static bool is_believed(void)
{
	return says("SCardConnect", SCARD_W_UNRESPONSIVE_CARD) ||
	       says("SCardConnect", SCARD_W_UNPOWERED_CARD) ||
	       says("SCardConnect", SCARD_W_UNSUPPORTED_CARD) ||
	       says("SCardConnect", SCARD_E_PROTO_MISMATCH);
}

static bool is_refused_by_service(void)
{
	return inject_code() == SCARD_E_NO_ACCESS || inject_code() == SCARD_W_SECURITY_VIOLATION;
}

/* Another program is using the card. */
static bool is_busy(void)
{
	return inject_code() == SCARD_E_SHARING_VIOLATION;
}

static bool is_right(const struct sweep_run *run)
{
	switch (run->rv) {
	case CKR_OK:
		/* Of a list that could not be had, nothing is known. */
		return is_of_list();
	case CKR_DEVICE_ERROR:
		return true;
	case CKR_DEVICE_REMOVED:
	case CKR_SESSION_HANDLE_INVALID:
		return hides_card();
	case CKR_TOKEN_NOT_PRESENT:
		return hides_card() || is_of_list();
	case CKR_TOKEN_NOT_RECOGNIZED:
		return is_believed();
	case CKR_HOST_MEMORY:
		return inject_code() == SCARD_E_NO_MEMORY;
	case CKR_GENERAL_ERROR:
		return run->job->changes_pin && (is_refused_by_service() || is_busy());
	case CKR_FUNCTION_FAILED:
		/* The card was told to change the PIN, and then it was gone: either PIN may hold.
		 */
		if (run->job->changes_pin)
			return strcmp(inject_name(), "SCardTransmit") == 0 && hides_card();
		return is_refused_by_service() || is_busy();
	default:
		return false;
	}
}

static void test_job(void **state)
{
	struct engine_plan plan = {
		.classes = INJECT_PCSC,
		.codes = codes,
		.code_count = sizeof(codes) / sizeof(codes[0]),
		.is_right = is_right,
		.is_believed = is_believed,
	};

	all += engine_run(engine_find_job(*state), &plan);
}

static void test_count(void **state)
{
	(void)state;
	engine_assert_all(all, RUNS_MIN, NAMES);
}

int main(void)
{
#define JOB(name) ENGINE_JOB(name, test_job, engine_set_up)
	const struct CMUnitTest tests[] = {
		ENGINE_JOBS(JOB),
		JOB("wait for the card"),
		JOB("end with a login"),
		cmocka_unit_test(test_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
