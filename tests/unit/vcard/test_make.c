/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cards as they are made: the fields of the certificates, and images that are none. */
#include "internal.h"
#include "support.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/x509v3.h>

#define DAY 86400

static struct vcard *take(enum vcard_profile profile)
{
	return take_card(vcard_profile_name(profile), profile, NULL);
}

/* The relative names of name as text, with the letter of the string type of each. */
static void expect_name(const X509_NAME *name, const char *expected)
{
	char text[1024] = "";
	size_t at = 0;

	for (int i = 0; i < X509_NAME_entry_count(name); i++) {
		const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, i);
		const ASN1_STRING *value = X509_NAME_ENTRY_get_data(entry);
		int nid = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry));

		at += (size_t)snprintf(text + at, sizeof(text) - at, "/%s:%c=%.*s", OBJ_nid2sn(nid),
				       ASN1_STRING_type(value) == V_ASN1_UTF8STRING ? 'u' : 'p',
				       ASN1_STRING_length(value),
				       (const char *)ASN1_STRING_get0_data(value));
	}
	assert_string_equal(text, expected);
}

/* The extensions in their order, critical ones with an exclamation mark. */
static void expect_extensions(const X509 *certificate, const char *expected)
{
	char text[1024] = "";
	size_t at = 0;

	for (int i = 0; i < X509_get_ext_count(certificate); i++) {
		X509_EXTENSION *extension = X509_get_ext(certificate, i);
		int nid = OBJ_obj2nid(X509_EXTENSION_get_object(extension));

		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%s ", OBJ_nid2sn(nid),
				       X509_EXTENSION_get_critical(extension) ? "!" : "");
	}
	assert_string_equal(text, expected);
}

/* The value of an extension begins with these bytes. */
static void expect_bytes(const X509 *certificate, int nid, const char *bytes, size_t len)
{
	X509_EXTENSION *extension =
		X509_get_ext(certificate, X509_get_ext_by_NID(certificate, nid, -1));
	const ASN1_OCTET_STRING *value;

	assert_non_null(extension);
	value = X509_EXTENSION_get_data(extension);
	assert_true((size_t)ASN1_STRING_length(value) >= len);
	assert_memory_equal(ASN1_STRING_get0_data(value), bytes, len);
}

static void expect_directory_name(const X509 *certificate, int nid, const char *expected)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(certificate, nid, NULL, NULL);

	assert_non_null(names);
	assert_int_equal(sk_GENERAL_NAME_num(names), 1);
	assert_int_equal(sk_GENERAL_NAME_value(names, 0)->type, GEN_DIRNAME);
	expect_name(sk_GENERAL_NAME_value(names, 0)->d.directoryName, expected);
	GENERAL_NAMES_free(names);
}

static void expect_crl_point(const X509 *certificate, const char *expected)
{
	CRL_DIST_POINTS *points =
		X509_get_ext_d2i(certificate, NID_crl_distribution_points, NULL, NULL);
	const DIST_POINT *point;

	assert_non_null(points);
	assert_int_equal(sk_DIST_POINT_num(points), 1);
	point = sk_DIST_POINT_value(points, 0);
	assert_int_equal(sk_GENERAL_NAME_num(point->distpoint->name.fullname), 1);
	expect_name(sk_GENERAL_NAME_value(point->distpoint->name.fullname, 0)->d.directoryName,
		    expected);
	CRL_DIST_POINTS_free(points);
}

/* Issuer, key identifier and serial number of the CA are those of the CA's certificate. */
static void expect_issuer(X509 *certificate, X509 *ca)
{
	AUTHORITY_KEYID *akid =
		X509_get_ext_d2i(certificate, NID_authority_key_identifier, NULL, NULL);
	EVP_PKEY *key = X509_get_pubkey(ca);

	assert_non_null(akid);
	assert_non_null(akid->keyid);
	assert_non_null(akid->issuer);
	assert_int_equal(ASN1_INTEGER_cmp(akid->serial, X509_get0_serialNumber(ca)), 0);
	AUTHORITY_KEYID_free(akid);
	assert_int_equal(X509_check_issued(ca, certificate), X509_V_OK);
	assert_int_equal(X509_verify(certificate, key), 1);
	EVP_PKEY_free(key);
}

static void expect_frame(const X509 *certificate, int bits)
{
	const ASN1_TIME *end = X509_get0_notAfter(certificate);
	const EVP_PKEY *key = X509_get0_pubkey(certificate);

	assert_int_equal(X509_get_version(certificate), X509_VERSION_3);
	assert_int_equal(ASN1_STRING_length(X509_get0_serialNumber(certificate)), 4);
	assert_int_equal(X509_get_signature_nid(certificate), NID_sha256WithRSAEncryption);
	assert_int_equal(EVP_PKEY_get_bits(key), bits);
	assert_int_equal(ASN1_STRING_type(end), V_ASN1_UTCTIME);
	assert_string_equal((const char *)ASN1_STRING_get0_data(end) + 6, "145959Z");
}

#define ISSUER(unit)                                                                               \
	"/C:p=JP/O:u=JPKI-TEST vcard/OU:u=" unit                                                   \
	"/OU:u=Japan Agency for Local Authority Information Systems"
#define SERVICE(unit)                                                                              \
	"/C:p=JP/O:u=公的個人認証サービス/OU:u=公的個人認証サービス" unit                          \
	"/OU:u=地方公共団体情報システム機構"
#define CRL_POINT(unit)                                                                            \
	"/C:p=JP/O:u=JPKI-TEST vcard/OU:u=" unit                                                   \
	"/OU:u=CRL Distribution Points/OU:u=Tokyo-to/CN:u=Kiyose-shi CRLDP"

static void test_auth_certificate(void **state)
{
	X509 *certificate, *ca;
	char cn[64];
	char expected[128];

	(void)state;
	vcard_close(take(VCARD_MYNUMBER));
	certificate = read_certificate("mynumber", "auth.crt");
	ca = read_certificate("mynumber", "auth-ca.crt");
	expect_frame(certificate, 2048);
	expect_issuer(certificate, ca);
	expect_name(X509_get_issuer_name(certificate), ISSUER("JPKI for user authentication"));
	assert_int_equal(X509_NAME_get_text_by_NID(X509_get_subject_name(certificate),
						   NID_commonName, cn, sizeof(cn)),
			 23);
	assert_string_equal(cn + 14, "13221003A");
	snprintf(expected, sizeof(expected), "/C:p=JP/CN:u=%s", cn);
	expect_name(X509_get_subject_name(certificate), expected);
	expect_extensions(certificate,
			  "keyUsage! extendedKeyUsage certificatePolicies! issuerAltName "
			  "crlDistributionPoints authorityInfoAccess authorityKeyIdentifier "
			  "subjectKeyIdentifier ");
	expect_bytes(certificate, NID_key_usage, "\x03\x02\x07\x80", 4);
	expect_bytes(certificate, NID_ext_key_usage,
		     "\x30\x0A\x06\x08\x2B\x06\x01\x05\x05\x07\x03\x02", 12);
	expect_bytes(certificate, NID_certificate_policies,
		     "\x30\x3D\x30\x3B\x06\x0B\x2A\x83\x08\x8C\x9B\x55\x08\x05\x01\x03\x1E"
		     "\x30\x2C\x30\x2A\x06\x08\x2B\x06\x01\x05\x05\x07\x02\x01\x16\x1E"
		     "http://www.jpki.go.jp/cps.html",
		     63);
	expect_directory_name(certificate, NID_issuer_alt_name, SERVICE("利用者証明用"));
	expect_crl_point(certificate, CRL_POINT("JPKI for user authentication"));
	expect_bytes(certificate, NID_info_access,
		     "\x30\x2C\x30\x2A\x06\x08\x2B\x06\x01\x05\x05\x07\x30\x01\x86\x1E"
		     "http://ocspauthnorm.jpki.go.jp",
		     46);
	expect_bytes(certificate, NID_subject_key_identifier, "\x04\x14", 2);
	X509_free(certificate);
	X509_free(ca);
}

static void expect_holder(const X509 *certificate)
{
	static const struct {
		const char *oid;
		const char *value;
	} expected[] = {
		{"1.2.392.200149.8.5.5.1", "見本 花子"},
		{"1.2.392.200149.8.5.5.4", "419900401"},
		{"1.2.392.200149.8.5.5.3", "2"},
		{"1.2.392.200149.8.5.5.5", "東京都清瀬市見本町一丁目2番3号"},
		{"1.2.392.200149.8.5.5.2", "00000"},
		{"1.2.392.200149.8.5.5.6", "00000000000000000"},
	};
	GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
	char oid[64];

	assert_non_null(names);
	assert_int_equal(sk_GENERAL_NAME_num(names), 6);
	for (int i = 0; i < 6; i++) {
		const GENERAL_NAME *general = sk_GENERAL_NAME_value(names, i);
		const ASN1_UTF8STRING *value;

		assert_int_equal(general->type, GEN_OTHERNAME);
		OBJ_obj2txt(oid, sizeof(oid), general->d.otherName->type_id, 1);
		assert_string_equal(oid, expected[i].oid);
		assert_int_equal(general->d.otherName->value->type, V_ASN1_UTF8STRING);
		value = general->d.otherName->value->value.utf8string;
		assert_int_equal(ASN1_STRING_length(value), strlen(expected[i].value));
		assert_memory_equal(ASN1_STRING_get0_data(value), expected[i].value,
				    strlen(expected[i].value));
	}
	GENERAL_NAMES_free(names);
}

static void test_sign_certificate(void **state)
{
	X509 *certificate, *ca;
	char cn[64];
	char expected[128];

	(void)state;
	vcard_close(take(VCARD_MYNUMBER));
	certificate = read_certificate("mynumber", "sign.crt");
	ca = read_certificate("mynumber", "sign-ca.crt");
	expect_frame(certificate, 2048);
	expect_issuer(certificate, ca);
	expect_name(X509_get_issuer_name(certificate), ISSUER("JPKI for digital signature"));
	assert_int_equal(X509_NAME_get_text_by_NID(X509_get_subject_name(certificate),
						   NID_commonName, cn, sizeof(cn)),
			 28);
	assert_int_equal(strspn(cn, "0123456789"), 28);
	snprintf(expected, sizeof(expected), "/C:p=JP/L:u=Tokyo-to/L:u=Kiyose-shi/CN:u=%s", cn);
	expect_name(X509_get_subject_name(certificate), expected);
	expect_extensions(certificate,
			  "keyUsage! subjectAltName certificatePolicies! issuerAltName "
			  "crlDistributionPoints authorityKeyIdentifier subjectKeyIdentifier ");
	expect_bytes(certificate, NID_key_usage, "\x03\x02\x06\xC0", 4);
	expect_holder(certificate);
	expect_bytes(certificate, NID_certificate_policies,
		     "\x30\x3D\x30\x3B\x06\x0B\x2A\x83\x08\x8C\x9B\x55\x08\x05\x01\x01\x14", 17);
	expect_directory_name(certificate, NID_issuer_alt_name, SERVICE("署名用"));
	expect_crl_point(certificate, CRL_POINT("JPKI for digital signature"));
	X509_free(certificate);
	X509_free(ca);
}

static void test_ca_certificates(void **state)
{
	X509 *auth, *sign;

	(void)state;
	vcard_close(take(VCARD_MYNUMBER));
	auth = read_certificate("mynumber", "auth-ca.crt");
	sign = read_certificate("mynumber", "sign-ca.crt");
	expect_frame(auth, 2048);
	expect_name(X509_get_subject_name(auth), ISSUER("JPKI for user authentication"));
	expect_name(X509_get_issuer_name(auth), ISSUER("JPKI for user authentication"));
	expect_extensions(auth, "keyUsage! subjectAltName basicConstraints! "
				"crlDistributionPoints subjectKeyIdentifier ");
	expect_bytes(auth, NID_key_usage, "\x03\x02\x01\x06", 4);
	expect_bytes(auth, NID_basic_constraints, "\x30\x03\x01\x01\xFF", 5);
	expect_directory_name(auth, NID_subject_alt_name, SERVICE("利用者証明用"));
	expect_crl_point(auth, ISSUER("JPKI for user authentication"));
	expect_directory_name(sign, NID_subject_alt_name, SERVICE("署名用"));
	assert_int_not_equal(X509_check_issued(auth, sign), X509_V_OK);
	X509_free(auth);
	X509_free(sign);
}

/* A certificate whose end is days from now, give or take a day; it is valid before that. */
static void expect_days(enum vcard_validity validity, const char *name, int days)
{
	struct vcard_make_options options = {.profile = VCARD_JUKI, .validity = validity};
	char path[4096];
	X509 *certificate, *ca;
	time_t moment;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	assert_true(vcard_make(path, &options));
	certificate = read_certificate(name, "sign.crt");
	ca = read_certificate(name, "sign-ca.crt");
	moment = time(NULL) + (time_t)(days - 1) * DAY;
	assert_true(X509_cmp_time(X509_get0_notBefore(certificate), &moment) < 0);
	assert_true(X509_cmp_time(X509_get0_notAfter(certificate), &moment) > 0);
	assert_true(X509_cmp_time(X509_get0_notBefore(ca), &moment) < 0);
	moment += 2 * DAY;
	assert_true(X509_cmp_time(X509_get0_notAfter(certificate), &moment) < 0);
	assert_true(X509_cmp_time(X509_get0_notAfter(ca), &moment) > 0);
	X509_free(certificate);
	X509_free(ca);
}

static void test_validity(void **state)
{
	(void)state;
	expect_days(VCARD_VALID, "valid", 1461);
	expect_days(VCARD_SOON, "soon", 30);
	expect_days(VCARD_EXPIRED, "expired", -10);
}

/* The holder and the PIN of the text application are what the options say. */
static void test_holder(void **state)
{
	const struct vcard_make_options options = {.profile = VCARD_MYNUMBER,
						   .name = "N",
						   .address = "A",
						   .birthday = "20000229",
						   .sex = "1",
						   .text_pin = "9753"};
	struct vcard *made = take(VCARD_MYNUMBER);
	char path[4096], from[4096];
	struct vcard *card;
	const struct vcard_ef *ef;

	(void)state;
	vcard_close(made);
	snprintf(path, sizeof(path), "%s/holder", directory);
	snprintf(from, sizeof(from), "%s/mynumber", directory);
	assert_true(vcard_make_with_keys(path, &options, from));
	card = vcard_open(path, NULL);
	assert_non_null(card);
	ef = vcard_find_ef(card, VCARD_APP_TEXT, 0x0002);
	assert_non_null(ef);
	assert_memory_equal(ef->data,
			    "\xFF\x20\x22\xDF\x21\x08\0\0\0\0\0\0\0\0\xDF\x22\x01N\xDF\x23\x01"
			    "A\xDF\x24\x08"
			    "20000229\xDF\x25\x01"
			    "1",
			    37);
	ef = vcard_find_ef(card, VCARD_APP_TEXT, VCARD_EF_TEXT_PIN);
	assert_memory_equal(ef->pin.value, "9753", 4);
	assert_int_equal(vcard_tries_in(card, "text", VCARD_EF_TEXT_PIN), 3);
	vcard_close(card);
}

/* The card holds what lies beside it as a file. */
static void test_file_on_card(void **state)
{
	struct vcard *card = take(VCARD_MYNUMBER);
	X509 *certificate = read_certificate("mynumber", "auth.crt");
	unsigned char *der = NULL;
	int len = i2d_X509(certificate, &der);
	uint8_t response[VCARD_RESPONSE_MAX];
	char command[32];

	(void)state;
	assert_true(len > 256);
	converse(card, SELECT_JPKI OK, SELECT_EF "000A 9000", NULL);
	for (size_t offset = 0; offset < (size_t)len; offset += 256) {
		size_t rest = (size_t)len - offset < 256 ? (size_t)len - offset : 256;

		snprintf(command, sizeof(command), "00B0%04zX00", offset);
		assert_int_equal(send_hex(card, command, response), rest + 2);
		assert_memory_equal(response, der + offset, rest);
	}
	OPENSSL_free(der);
	X509_free(certificate);
	vcard_close(card);
}

static void test_two_cards_differ(void **state)
{
	struct vcard *one = take(VCARD_MYNUMBER);
	struct vcard *other = take_card("other", VCARD_MYNUMBER, NULL);
	uint8_t record[30], other_record[30];
	X509 *certificate, *other_certificate;

	(void)state;
	converse(one, SELECT_COMMON OK, NULL);
	converse(other, SELECT_COMMON OK, NULL);
	expect_data(one, "00B2010C00", record, 30);
	expect_data(other, "00B2010C00", other_record, 30);
	assert_memory_not_equal(record, other_record, 30);
	certificate = read_certificate("mynumber", "auth.crt");
	other_certificate = read_certificate("other", "auth.crt");
	assert_int_not_equal(X509_NAME_cmp(X509_get_subject_name(certificate),
					   X509_get_subject_name(other_certificate)),
			     0);
	X509_free(certificate);
	X509_free(other_certificate);
	vcard_close(one);
	vcard_close(other);
}

static void test_refusals(void **state)
{
	static const struct vcard_make_options soon = {.profile = VCARD_MYNUMBER_2019,
						       .validity = VCARD_SOON};
	char path[4096];

	(void)state;
	vcard_close(take(VCARD_MYNUMBER));
	snprintf(path, sizeof(path), "%s/mynumber", directory);
	assert_false(vcard_make(path, NULL)); /* a card is there */
	snprintf(path, sizeof(path), "%s/none/deeper", directory);
	assert_false(vcard_make(path, NULL));
	assert_null(vcard_open(path, NULL));
	assert_false(vcard_restore(path));
	/* The dates of a generation are its own. */
	snprintf(path, sizeof(path), "%s/no-generation", directory);
	assert_false(vcard_make(path, &soon));
	assert_null(vcard_open(path, NULL));
}

/* The same bytes in both files, and some. */
static bool same_file(const char *one, const char *other, const char *name)
{
	char path[2][4096], bytes[2][4096];
	size_t len[2];

	snprintf(path[0], sizeof(path[0]), "%s/%s", one, name);
	snprintf(path[1], sizeof(path[1]), "%s/%s", other, name);
	for (unsigned i = 0; i < 2; i++) {
		FILE *file = fopen(path[i], "rb");

		assert_non_null(file);
		len[i] = fread(bytes[i], 1, sizeof(bytes[i]), file);
		fclose(file);
	}
	return len[0] > 0 && len[0] == len[1] && memcmp(bytes[0], bytes[1], len[0]) == 0;
}

/* Keys are taken from another card as far as it has them, and its files stay what they were. */
static void test_keys_of_another(void **state)
{
	struct vcard_make_options options = {.profile = VCARD_CHILD, .validity = VCARD_VALID};
	char one[4000], child[4000], adult[4000];

	(void)state;
	vcard_close(take(VCARD_MYNUMBER));
	snprintf(one, sizeof(one), "%s/mynumber", directory);
	snprintf(child, sizeof(child), "%s/like-child", directory);
	snprintf(adult, sizeof(adult), "%s/like-adult", directory);
	assert_true(vcard_make_with_keys(child, &options, one));
	assert_true(same_file(one, child, "auth.key"));
	assert_true(same_file(one, child, "auth.der"));
	assert_true(same_file(one, child, "auth-ca.crt"));
	assert_true(same_file(one, child, "common.key"));
	assert_false(same_file(one, child, "card"));

	options.profile = VCARD_MYNUMBER;
	assert_true(vcard_make_with_keys(adult, &options, child));
	assert_true(same_file(one, adult, "auth.key"));
	assert_false(same_file(one, adult, "sign.key"));
	options.profile = VCARD_JUKI_1024;
	snprintf(child, sizeof(child), "%s/like-juki", directory);
	assert_true(vcard_make_with_keys(child, &options, one));
	assert_false(same_file(one, child, "sign.key"));
}

/* Each line alone makes an image that cannot be loaded. */
static void test_broken_images(void **state)
{
	static const char *const lines[] = {
		"",
		"atr contact 3B80",
		"what is this",
		"atr sideways 3B80",
		"atr contact 3B8",
		"atr contact 3B8080010",
		"atr contact 3B80800102",
		"atr contact 3A80800101",
		"refuse",
		"refuse 6E0",
		"app jpki",
		"app what D392",
		"app jpki D39G",
		"ef jpki 0006 data free",
		"ef jpki 0006 data somebody 00",
		"ef jpki 06 data free 00",
		"ef what 0006 data free 00",
		"ef jpki 0006 what free 00",
		"ef jpki 0018 pin 0 31",
		"ef jpki 0018 pin 3 3132333435363738393031323334353637",
		"ef jpki 0018 pin 3 -",
		"ef jpki 0001 cert free missing.der",
		"ef jpki 0017 key 0018 missing.key",
		"ef jpki 0017 key 0018 card",
	};
	char path[4096], card_path[4096];

	(void)state;
	vcard_close(take(VCARD_FOREIGN));
	snprintf(path, sizeof(path), "%s/foreign", directory);
	snprintf(card_path, sizeof(card_path), "%s/foreign/card", directory);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		FILE *file = fopen(card_path, "w");

		assert_non_null(file);
		fprintf(file, "%s\n", lines[i]);
		fclose(file);
		if (vcard_open(path, NULL) != NULL)
			fail_msg("%s was taken", lines[i]);
	}
	remove(card_path);
}

static void test_broken_state(void **state)
{
	static const char *const lines[] = {"what", "1 0018 4 31323334", "1 0017 1 31323334",
					    "9 0018 1 31323334", "1 0018 1 313"};
	struct vcard *card = take(VCARD_MYNUMBER);
	char path[4096], state_path[4096];

	(void)state;
	snprintf(path, sizeof(path), "%s/mynumber", directory);
	snprintf(state_path, sizeof(state_path), "%s/mynumber/state", directory);
	converse(card, SELECT_JPKI OK, SELECT_EF "0018 9000", NULL);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		FILE *file = fopen(state_path, "w");

		assert_non_null(file);
		fprintf(file, "%s\n", lines[i]);
		fclose(file);
		assert_null(vcard_open(path, NULL));
		converse(card, VERIFY_AUTH " 6581", NULL);
	}
	remove(state_path);
	vcard_close(card);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_auth_certificate), cmocka_unit_test(test_sign_certificate),
		cmocka_unit_test(test_ca_certificates),  cmocka_unit_test(test_validity),
		cmocka_unit_test(test_holder),           cmocka_unit_test(test_file_on_card),
		cmocka_unit_test(test_two_cards_differ), cmocka_unit_test(test_keys_of_another),
		cmocka_unit_test(test_refusals),         cmocka_unit_test(test_broken_images),
		cmocka_unit_test(test_broken_state),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
