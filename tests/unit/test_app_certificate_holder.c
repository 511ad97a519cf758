/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the signing certificate says of its holder, and what is not believed of it. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include <openssl/x509v3.h>

#include "app/certificate/holder.h"

#define OID(number) "1.2.392.200149.8.5.5." number

struct attribute {
	const char *oid;
	const char *value;
	int type; /* V_ASN1_UTF8STRING unless it is said */
};

/* A certificate of which there is nothing but the holder's attributes, up to one without an OID. */
static X509 *certificate_of(const struct attribute *attributes)
{
	X509 *certificate = X509_new();
	GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();

	assert_non_null(certificate);
	assert_non_null(names);
	for (; attributes->oid != NULL; attributes++) {
		int type = attributes->type != 0 ? attributes->type : V_ASN1_UTF8STRING;
		GENERAL_NAME *name = GENERAL_NAME_new();
		ASN1_STRING *string = ASN1_STRING_type_new(type);
		ASN1_TYPE *value = ASN1_TYPE_new();

		assert_true(name != NULL && string != NULL && value != NULL);
		assert_int_equal(ASN1_STRING_set(string, attributes->value, -1), 1);
		ASN1_TYPE_set(value, type, string);
		assert_int_equal(
			GENERAL_NAME_set0_othername(name, OBJ_txt2obj(attributes->oid, 1), value),
			1);
		sk_GENERAL_NAME_push(names, name);
	}
	assert_int_equal(X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 0, 0), 1);
	GENERAL_NAMES_free(names);
	return certificate;
}

static void test_all(void **state)
{
	static const struct attribute attributes[] = {
		{OID("1"), "見本 花子", 0},
		{OID("4"), "419900401", 0},
		{OID("3"), "2", 0},
		{OID("5"), "東京都清瀬市見本町一丁目2番3号", 0},
		{OID("2"), "01020", 0},
		{OID("6"), "0000000000000001", 0},
		{"1.3.6.1.4.1.311.20.2.3", "somebody@example.org", 0},
		{0}};
	X509 *certificate = certificate_of(attributes);
	struct holder holder;
	int year, month, day;

	(void)state;
	assert_true(holder_decode(certificate, &holder));
	assert_string_equal(holder.name.text, "見本 花子");
	assert_string_equal(holder.address.text, "東京都清瀬市見本町一丁目2番3号");
	assert_true(holder_birth(&holder, &year, &month, &day));
	assert_int_equal(year, 1990);
	assert_int_equal(month, 4);
	assert_int_equal(day, 1);
	assert_string_equal(holder_sex(&holder), "female");
	assert_int_equal(holder_next_substitute(&holder.name, 0), 2);
	assert_int_equal(holder_next_substitute(&holder.name, 2), 4);
	assert_int_equal(holder_next_substitute(&holder.name, 4), 0);
	assert_int_equal(holder_next_substitute(&holder.address, 0), 16);
	assert_int_equal(holder_next_substitute(&holder.address, 16), 0);
	holder_free(&holder);
	assert_null(holder.name.text);
	X509_free(certificate);
}

/* Certificates for authentication and of authorities, and one that lacks some. */
static void test_missing(void **state)
{
	static const struct attribute none[] = {{0}};
	static const struct attribute others[] = {{"1.3.6.1.4.1.311.20.2.3", "a@example.org", 0},
						  {0}};
	static const struct attribute name[] = {{OID("1"), "見本 花子", 0}, {0}};
	X509 *certificates[] = {X509_new(), certificate_of(none), certificate_of(others),
				certificate_of(name)};
	struct holder holder;
	int year, month, day;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(holder_decode(certificates[i], &holder), i == 3);
		assert_null(holder.address.text);
		assert_null(holder_sex(&holder));
		assert_false(holder_birth(&holder, &year, &month, &day));
		assert_int_equal(holder_next_substitute(&holder.name, 0), 0);
		holder_free(&holder);
		X509_free(certificates[i]);
	}
}

/* Nothing in a name moves the cursor of a terminal or begins another line; nor is it of another
 * type, empty, or not UTF-8. */
static void test_hostile(void **state)
{
	static const struct attribute bad[] = {
		{OID("1"), "見本\n花子", 0},
		{OID("1"), "見本\033[2J", 0},
		{OID("1"),
		 "\xc2\x9b"
		 "2J",
		 0},
		{OID("1"), "a\x7f", 0},
		{OID("1"), "", 0},
		/* Not UTF-8: cut off, a byte too many, ESC in two and three bytes, half a pair, and
		 * more than Unicode has. */
		{OID("1"), "\xe8\xa6", 0},
		{OID("1"), "a\x9b", 0},
		{OID("1"), "\xc0\x9b[2J", 0},
		{OID("1"), "\xe0\x80\x9b[2J", 0},
		{OID("1"), "\xed\xa0\x80", 0},
		{OID("1"), "\xf4\x90\x80\x80", 0},
		{OID("1"), "Hanako", V_ASN1_IA5STRING},
		{OID("1"), "Hanako", V_ASN1_OCTET_STRING},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const struct attribute attributes[] = {bad[i], {0}};
		X509 *certificate = certificate_of(attributes);
		struct holder holder;

		assert_false(holder_decode(certificate, &holder));
		assert_null(holder.name.text);
		holder_free(&holder);
		X509_free(certificate);
	}
}

/* The first of two that claim to be the name is the one: nothing is joined or lost. */
static void test_twice(void **state)
{
	static const struct attribute attributes[] = {
		{OID("1"), "見本 花子", 0}, {OID("1"), "見本 太郎", 0}, {0}};
	X509 *certificate = certificate_of(attributes);
	struct holder holder;

	(void)state;
	assert_true(holder_decode(certificate, &holder));
	assert_string_equal(holder.name.text, "見本 花子");
	holder_free(&holder);
	X509_free(certificate);
}

/* Whether this is taken for a birth date, and for which. */
static bool birth_of(const char *digits, char text[16])
{
	char code[32];
	struct holder holder = {.birth = code};
	int year, month, day;

	snprintf(code, sizeof(code), "%s", digits);
	if (!holder_birth(&holder, &year, &month, &day))
		return false;
	snprintf(text, 16, "%04d%02d%02d", year, month, day);
	return true;
}

static void test_birth(void **state)
{
	static const char *const bad[] = {"",          "41990040",  "4199004011", "419900431",
					  "419901301", "4x9900401", "x19900401",  "419900400",
					  "400000000", "4-9900401"};
	static const char *const good[] = {"018681023", "119120729", "219261224",
					   "319890107", "420190430", "520240229"};
	char text[16];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(birth_of(bad[i], text));
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(birth_of(good[i], text));
		assert_string_equal(text, good[i] + 1);
	}
}

static void test_sex(void **state)
{
	static const struct {
		const char *code;
		const char *name;
	} sexes[] = {
		{"1", "male"}, {"2", "female"}, {"9", "not-applicable"}, {"3", NULL}, {"11", NULL}};

	(void)state;
	for (size_t i = 0; i < sizeof(sexes) / sizeof(sexes[0]); i++) {
		char code[4];
		struct holder holder = {.sex = code};

		snprintf(code, sizeof(code), "%s", sexes[i].code);
		if (sexes[i].name == NULL)
			assert_null(holder_sex(&holder));
		else
			assert_string_equal(holder_sex(&holder), sexes[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),     cmocka_unit_test(test_missing),
		cmocka_unit_test(test_hostile), cmocka_unit_test(test_twice),
		cmocka_unit_test(test_birth),   cmocka_unit_test(test_sex),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
