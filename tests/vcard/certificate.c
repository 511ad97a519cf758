/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The certificate profiles, as decoded from real certificates: order and string types of the
 * names, order and criticality of the extensions. Only the organisation in the issuer's name is
 * changed, and the person is an invented sample.
 */
#include "certificate.h"

#include <stdio.h>
#include <string.h>

#include <openssl/rand.h>
#include <openssl/x509v3.h>

#define ORGANISATION "JPKI-TEST vcard"
#define AGENCY       "Japan Agency for Local Authority Information Systems"
#define RDNS_MAX     8

struct rdn {
	int nid;
	const char *value;
};

static const struct rdn issuer_names[][RDNS_MAX] = {
	[VCARD_AUTH] = {{NID_countryName, "JP"},
			{NID_organizationName, ORGANISATION},
			{NID_organizationalUnitName, "JPKI for user authentication"},
			{NID_organizationalUnitName, AGENCY}},
	[VCARD_SIGN] = {{NID_countryName, "JP"},
			{NID_organizationName, ORGANISATION},
			{NID_organizationalUnitName, "JPKI for digital signature"},
			{NID_organizationalUnitName, AGENCY}},
};

/* The issuer's name in Japanese: issuerAltName, and the CA's own subjectAltName. */
static const struct rdn service_names[][RDNS_MAX] = {
	[VCARD_AUTH] = {{NID_countryName, "JP"},
			{NID_organizationName, "公的個人認証サービス"},
			{NID_organizationalUnitName, "公的個人認証サービス利用者証明用"},
			{NID_organizationalUnitName, "地方公共団体情報システム機構"}},
	[VCARD_SIGN] = {{NID_countryName, "JP"},
			{NID_organizationName, "公的個人認証サービス"},
			{NID_organizationalUnitName, "公的個人認証サービス署名用"},
			{NID_organizationalUnitName, "地方公共団体情報システム機構"}},
};

static const struct rdn crl_names[][RDNS_MAX] = {
	[VCARD_AUTH] = {{NID_countryName, "JP"},
			{NID_organizationName, ORGANISATION},
			{NID_organizationalUnitName, "JPKI for user authentication"},
			{NID_organizationalUnitName, "CRL Distribution Points"},
			{NID_organizationalUnitName, "Tokyo-to"},
			{NID_commonName, "Kiyose-shi CRLDP"}},
	[VCARD_SIGN] = {{NID_countryName, "JP"},
			{NID_organizationName, ORGANISATION},
			{NID_organizationalUnitName, "JPKI for digital signature"},
			{NID_organizationalUnitName, "CRL Distribution Points"},
			{NID_organizationalUnitName, "Tokyo-to"},
			{NID_commonName, "Kiyose-shi CRLDP"}},
};

/* The six attributes of the signing certificate's holder, in their order. */
static const struct {
	const char *oid;
	const char *value;
} holder[] = {
	{"1.2.392.200149.8.5.5.1", "見本 花子"},
	{"1.2.392.200149.8.5.5.4", "419900401"}, /* 4: the Heisei era */
	{"1.2.392.200149.8.5.5.3", "2"},
	{"1.2.392.200149.8.5.5.5", "東京都清瀬市見本町一丁目2番3号"},
	{"1.2.392.200149.8.5.5.2", "00000"},
	{"1.2.392.200149.8.5.5.6", "00000000000000000"},
};

/* certificatePolicies: one policy with the address of the CPS. Only the last OID bytes differ. The
 * NUL at the end is no part of it. */
static const unsigned char policies[][63 + 1] = {
	[VCARD_AUTH] = "\x30\x3D\x30\x3B\x06\x0B\x2A\x83\x08\x8C\x9B\x55\x08\x05\x01\x03\x1E"
		       "\x30\x2C\x30\x2A\x06\x08\x2B\x06\x01\x05\x05\x07\x02\x01\x16\x1E"
		       "http://www.jpki.go.jp/cps.html",
	[VCARD_SIGN] = "\x30\x3D\x30\x3B\x06\x0B\x2A\x83\x08\x8C\x9B\x55\x08\x05\x01\x01\x14"
		       "\x30\x2C\x30\x2A\x06\x08\x2B\x06\x01\x05\x05\x07\x02\x01\x16\x1E"
		       "http://www.jpki.go.jp/cps.html",
};

bool vcard_random_digits(char *text, size_t count)
{
	unsigned char byte;

	for (size_t i = 0; i < count; i++) {
		if (RAND_bytes(&byte, 1) != 1)
			return false;
		text[i] = (char)('0' + byte % 10);
	}
	text[count] = '\0';
	return true;
}

static bool add_rdns(X509_NAME *name, const struct rdn *rdns)
{
	bool ok = name != NULL;

	for (; ok && rdns->nid != 0; rdns++) {
		int type =
			rdns->nid == NID_countryName ? V_ASN1_PRINTABLESTRING : V_ASN1_UTF8STRING;

		ok = X509_NAME_add_entry_by_NID(name, rdns->nid, type,
						(const unsigned char *)rdns->value, -1, -1, 0) == 1;
	}
	return ok;
}

/* A GeneralNames with one directoryName. */
static GENERAL_NAMES *directory_name(const struct rdn *rdns)
{
	GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
	GENERAL_NAME *general = GENERAL_NAME_new();
	X509_NAME *name = X509_NAME_new();
	bool ok = false;

	if (names == NULL || general == NULL || !add_rdns(name, rdns))
		goto out;
	GENERAL_NAME_set0_value(general, GEN_DIRNAME, name);
	name = NULL;
	if (sk_GENERAL_NAME_push(names, general) == 0)
		goto out;
	general = NULL;
	ok = true;
out:
	X509_NAME_free(name);
	GENERAL_NAME_free(general);
	if (!ok) {
		GENERAL_NAMES_free(names);
		names = NULL;
	}
	return names;
}

static bool add_directory_name(X509 *certificate, int nid, const struct rdn *rdns)
{
	GENERAL_NAMES *names = directory_name(rdns);
	bool ok = names != NULL && X509_add1_ext_i2d(certificate, nid, names, 0, 0) == 1;

	GENERAL_NAMES_free(names);
	return ok;
}

static bool add_crl_point(X509 *certificate, const struct rdn *rdns)
{
	CRL_DIST_POINTS *points = CRL_DIST_POINTS_new();
	DIST_POINT *point = DIST_POINT_new();
	bool ok = false;

	if (points == NULL || point == NULL)
		goto out;
	point->distpoint = DIST_POINT_NAME_new();
	if (point->distpoint == NULL)
		goto out;
	point->distpoint->type = 0; /* fullName */
	point->distpoint->name.fullname = directory_name(rdns);
	if (point->distpoint->name.fullname == NULL || sk_DIST_POINT_push(points, point) == 0)
		goto out;
	point = NULL;
	ok = X509_add1_ext_i2d(certificate, NID_crl_distribution_points, points, 0, 0) == 1;
out:
	DIST_POINT_free(point);
	CRL_DIST_POINTS_free(points);
	return ok;
}

/* Adds one otherName with a UTF8String to names. */
static bool push_other_name(GENERAL_NAMES *names, const char *oid, const char *text)
{
	GENERAL_NAME *general = GENERAL_NAME_new();
	ASN1_OBJECT *object = OBJ_txt2obj(oid, 1);
	ASN1_UTF8STRING *string = ASN1_UTF8STRING_new();
	ASN1_TYPE *value = ASN1_TYPE_new();
	bool ok = false;

	if (general == NULL || object == NULL || string == NULL || value == NULL ||
	    ASN1_STRING_set(string, text, -1) != 1)
		goto out;
	ASN1_TYPE_set(value, V_ASN1_UTF8STRING, string);
	string = NULL;
	if (GENERAL_NAME_set0_othername(general, object, value) != 1)
		goto out;
	object = NULL;
	value = NULL;
	if (sk_GENERAL_NAME_push(names, general) == 0)
		goto out;
	general = NULL;
	ok = true;
out:
	GENERAL_NAME_free(general);
	ASN1_OBJECT_free(object);
	ASN1_UTF8STRING_free(string);
	ASN1_TYPE_free(value);
	return ok;
}

static bool add_holder(X509 *certificate)
{
	GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
	bool ok = names != NULL;

	for (size_t i = 0; ok && i < sizeof(holder) / sizeof(holder[0]); i++)
		ok = push_other_name(names, holder[i].oid, holder[i].value);
	ok = ok && X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 0, 0) == 1;
	GENERAL_NAMES_free(names);
	return ok;
}

static bool add_policies(X509 *certificate, enum vcard_hierarchy hierarchy)
{
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	X509_EXTENSION *extension = NULL;
	bool ok = false;

	if (value == NULL || ASN1_OCTET_STRING_set(value, policies[hierarchy],
						   (int)sizeof(policies[hierarchy]) - 1) != 1)
		goto out;
	extension = X509_EXTENSION_create_by_NID(NULL, NID_certificate_policies, 1, value);
	ok = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
out:
	ASN1_OCTET_STRING_free(value);
	X509_EXTENSION_free(extension);
	return ok;
}

/* An extension in the words of x509v3_config(5); issuer is where key identifiers come from. */
static bool add_text(X509 *certificate, X509 *issuer, int nid, const char *text)
{
	X509_EXTENSION *extension;
	X509V3_CTX context;
	bool ok;

	X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, text);
	ok = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
	X509_EXTENSION_free(extension);
	return ok;
}

static bool add_auth_extensions(X509 *certificate, X509 *ca)
{
	return add_text(certificate, ca, NID_key_usage, "critical,digitalSignature") &&
	       add_text(certificate, ca, NID_ext_key_usage, "clientAuth") &&
	       add_policies(certificate, VCARD_AUTH) &&
	       add_directory_name(certificate, NID_issuer_alt_name, service_names[VCARD_AUTH]) &&
	       add_crl_point(certificate, crl_names[VCARD_AUTH]) &&
	       add_text(certificate, ca, NID_info_access,
			"OCSP;URI:http://ocspauthnorm.jpki.go.jp") &&
	       add_text(certificate, ca, NID_authority_key_identifier,
			"keyid:always,issuer:always") &&
	       add_text(certificate, ca, NID_subject_key_identifier, "hash");
}

static bool add_sign_extensions(X509 *certificate, X509 *ca)
{
	return add_text(certificate, ca, NID_key_usage,
			"critical,digitalSignature,nonRepudiation") &&
	       add_holder(certificate) && add_policies(certificate, VCARD_SIGN) &&
	       add_directory_name(certificate, NID_issuer_alt_name, service_names[VCARD_SIGN]) &&
	       add_crl_point(certificate, crl_names[VCARD_SIGN]) &&
	       add_text(certificate, ca, NID_authority_key_identifier,
			"keyid:always,issuer:always") &&
	       add_text(certificate, ca, NID_subject_key_identifier, "hash");
}

static bool add_ca_extensions(X509 *certificate, enum vcard_hierarchy hierarchy)
{
	return add_text(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign") &&
	       add_directory_name(certificate, NID_subject_alt_name, service_names[hierarchy]) &&
	       add_text(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE") &&
	       add_crl_point(certificate, issuer_names[hierarchy]) &&
	       add_text(certificate, certificate, NID_subject_key_identifier, "hash");
}

/* 14 letters and digits, the municipality, a constant: the auth certificate's common name. */
static bool auth_common_name(char *text, size_t size)
{
	static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	unsigned char random[14];
	char token[sizeof(random) + 1] = "";

	if (RAND_bytes(random, sizeof(random)) != 1)
		return false;
	for (size_t i = 0; i < sizeof(random); i++)
		token[i] = alphabet[random[i] % (sizeof(alphabet) - 1)];
	return snprintf(text, size, "%s%s003A", token, VCARD_MUNICIPALITY) == 23;
}

/* Time of issue, municipality, nine digits: the signing certificate's common name. */
static bool sign_common_name(char *text, size_t size, time_t issued)
{
	char date[15], digits[10];
	struct tm tm;

	if (gmtime_r(&issued, &tm) == NULL || !vcard_random_digits(digits, sizeof(digits) - 1) ||
	    strftime(date, sizeof(date), "%Y%m%d%H%M%S", &tm) == 0)
		return false;
	return snprintf(text, size, "%s%s%s", date, VCARD_MUNICIPALITY, digits) == 28;
}

static bool set_subject(X509 *certificate, enum vcard_hierarchy hierarchy, time_t issued)
{
	char common_name[32];
	const struct rdn auth[] = {
		{NID_countryName, "JP"}, {NID_commonName, common_name}, {0, NULL}};
	const struct rdn sign[] = {{NID_countryName, "JP"},
				   {NID_localityName, "Tokyo-to"},
				   {NID_localityName, "Kiyose-shi"},
				   {NID_commonName, common_name},
				   {0, NULL}};
	X509_NAME *name = X509_NAME_new();
	bool ok;

	if (hierarchy == VCARD_AUTH)
		ok = auth_common_name(common_name, sizeof(common_name)) && add_rdns(name, auth);
	else
		ok = sign_common_name(common_name, sizeof(common_name), issued) &&
		     add_rdns(name, sign);
	ok = ok && X509_set_subject_name(certificate, name) == 1;
	X509_NAME_free(name);
	return ok;
}

/* A serial number; instead of 0 one of four bytes, positive and without a leading zero. */
static bool set_serial(X509 *certificate, long serial)
{
	unsigned char random[4];

	if (serial == 0) {
		if (RAND_bytes(random, sizeof(random)) != 1)
			return false;
		random[0] = (unsigned char)((random[0] & 0x3F) | 0x40);
		serial = (long)random[0] << 24 | (long)random[1] << 16 | (long)random[2] << 8 |
			 random[3];
	}
	return ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial) == 1;
}

static bool set_frame(X509 *certificate, EVP_PKEY *key, long serial, time_t not_before,
		      time_t not_after)
{
	return X509_set_version(certificate, X509_VERSION_3) == 1 &&
	       set_serial(certificate, serial) &&
	       ASN1_TIME_set(X509_getm_notBefore(certificate), not_before) != NULL &&
	       ASN1_TIME_set(X509_getm_notAfter(certificate), not_after) != NULL &&
	       X509_set_pubkey(certificate, key) == 1;
}

/* A hash that fits the key. */
static const EVP_MD *hash_for(const EVP_PKEY *key)
{
	return EVP_PKEY_is_a(key, "EC") == 1 ? EVP_sha384() : EVP_sha256();
}

X509 *vcard_make_ca(enum vcard_hierarchy hierarchy, EVP_PKEY *key, long serial, time_t not_before,
		    time_t not_after)
{
	X509 *certificate = X509_new();
	X509_NAME *name = X509_NAME_new();
	bool ok = false;

	if (certificate == NULL || !add_rdns(name, issuer_names[hierarchy]))
		goto out;
	ok = set_frame(certificate, key, serial, not_before, not_after) &&
	     X509_set_subject_name(certificate, name) == 1 &&
	     X509_set_issuer_name(certificate, name) == 1 &&
	     add_ca_extensions(certificate, hierarchy) &&
	     X509_sign(certificate, key, hash_for(key)) > 0;
out:
	X509_NAME_free(name);
	if (!ok) {
		X509_free(certificate);
		certificate = NULL;
	}
	return certificate;
}

X509 *vcard_make_end_entity(enum vcard_hierarchy hierarchy, EVP_PKEY *key, X509 *ca,
			    EVP_PKEY *ca_key, time_t not_before, time_t not_after)
{
	X509 *certificate = X509_new();
	bool ok = false;

	if (certificate == NULL)
		goto out;
	ok = set_frame(certificate, key, 0, not_before, not_after) &&
	     set_subject(certificate, hierarchy, not_before) &&
	     X509_set_issuer_name(certificate, X509_get_subject_name(ca)) == 1 &&
	     (hierarchy == VCARD_AUTH ? add_auth_extensions(certificate, ca)
				      : add_sign_extensions(certificate, ca)) &&
	     X509_sign(certificate, ca_key, hash_for(ca_key)) > 0;
out:
	if (!ok) {
		X509_free(certificate);
		certificate = NULL;
	}
	return certificate;
}
