/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* attribute: finds the values of the objects' attributes, from one table. */
#include "pkcs11/attribute.h"

#include <stdio.h>
#include <string.h>

#include "jpki-pkcs11.h"
#include "pkcs11/rv.h"

/* The kinds of object that a row applies to. */
#define PRIVATE   JPKI_OBJECT_PRIVATE_KEY
#define PUBLIC    JPKI_OBJECT_PUBLIC_KEY
#define KEYS      (PRIVATE | PUBLIC)
#define OWN       JPKI_OBJECT_CERTIFICATE
#define CA        JPKI_OBJECT_CA_CERTIFICATE
#define CERTS     (OWN | CA)
#define PROFILE   JPKI_OBJECT_PROFILE
#define FEATURE   JPKI_OBJECT_FEATURE
#define WITH_NAME (KEYS | CERTS)
#define STORED    (WITH_NAME | PROFILE)
#define EVERY     (STORED | FEATURE)

/* Where a value comes from. Sources after FROM_CERTIFICATE are read from the certificate. */
enum source {
	FALSE_VALUE,
	TRUE_VALUE,
	NUMBER, /* the row's */
	EMPTY,
	SENSITIVE,
	OBJECT_CLASS,
	OBJECT_PRIVATE,
	OBJECT_LABEL,
	OBJECT_ID,
	OBJECT_UNIQUE_ID,
	OBJECT_ALWAYS_AUTHENTICATE,
	OBJECT_TRIES,
	OBJECT_HAS_KEY,
	MECHANISMS,
	FROM_CERTIFICATE,
	SUBJECT,
	ISSUER,
	SERIAL,
	WHOLE,
	PUBLIC_KEY_INFO,
	MODULUS,
	KEY_BITS,
	EXPONENT,
	CURVE,
	POINT,
	NOT_BEFORE,
	NOT_AFTER,
	CHECK_VALUE,
};

struct row {
	CK_ATTRIBUTE_TYPE type;
	int kinds;
	enum source source;
	CK_ULONG number;
};

static const struct row rows[] = {
	{CKA_CLASS, EVERY, OBJECT_CLASS, 0},
	/* 3.0 §4.3: hardware features */
	{CKA_HW_FEATURE_TYPE, FEATURE, NUMBER, CKH_JPKI_PIN},
	{CKA_JPKI_TRIES_LEFT, FEATURE, OBJECT_TRIES, 0},
	{CKA_JPKI_HAS_KEY, FEATURE, OBJECT_HAS_KEY, 0},
	/* 3.0 §4.4, §4.5: storage objects */
	{CKA_TOKEN, STORED, TRUE_VALUE, 0},
	{CKA_PRIVATE, STORED, OBJECT_PRIVATE, 0},
	{CKA_MODIFIABLE, STORED, FALSE_VALUE, 0},
	{CKA_COPYABLE, STORED, FALSE_VALUE, 0},
	{CKA_DESTROYABLE, STORED, FALSE_VALUE, 0},
	{CKA_LABEL, STORED, OBJECT_LABEL, 0},
	{CKA_UNIQUE_ID, STORED, OBJECT_UNIQUE_ID, 0},
	/* 3.0 §4.13: profiles */
	{CKA_PROFILE_ID, PROFILE, NUMBER, CKP_PUBLIC_CERTIFICATES_TOKEN},
	/* §4.6.2, §4.6.3: X.509 certificates */
	{CKA_CERTIFICATE_TYPE, CERTS, NUMBER, CKC_X_509},
	{CKA_TRUSTED, CERTS | PUBLIC, FALSE_VALUE, 0},
	{CKA_CERTIFICATE_CATEGORY, OWN, NUMBER, CK_CERTIFICATE_CATEGORY_TOKEN_USER},
	{CKA_CERTIFICATE_CATEGORY, CA, NUMBER, CK_CERTIFICATE_CATEGORY_AUTHORITY},
	{CKA_CHECK_VALUE, CERTS, CHECK_VALUE, 0},
	{CKA_VALUE, CERTS, WHOLE, 0},
	{CKA_ISSUER, CERTS, ISSUER, 0},
	{CKA_SERIAL_NUMBER, CERTS, SERIAL, 0},
	{CKA_URL, CERTS, EMPTY, 0},
	{CKA_HASH_OF_SUBJECT_PUBLIC_KEY, CERTS, EMPTY, 0},
	{CKA_HASH_OF_ISSUER_PUBLIC_KEY, CERTS, EMPTY, 0},
	{CKA_JAVA_MIDP_SECURITY_DOMAIN, CERTS, NUMBER, 0},
	{CKA_NAME_HASH_ALGORITHM, CERTS, NUMBER, CKM_SHA_1},
	/* certificates and keys */
	{CKA_ID, WITH_NAME, OBJECT_ID, 0},
	{CKA_SUBJECT, WITH_NAME, SUBJECT, 0},
	{CKA_START_DATE, WITH_NAME, NOT_BEFORE, 0},
	{CKA_END_DATE, WITH_NAME, NOT_AFTER, 0},
	{CKA_PUBLIC_KEY_INFO, WITH_NAME, PUBLIC_KEY_INFO, 0},
	/* §4.7: keys */
	{CKA_DERIVE, KEYS, FALSE_VALUE, 0},
	/* The keys are made at the municipal office; the card does not tell where exactly. */
	{CKA_LOCAL, KEYS, FALSE_VALUE, 0},
	{CKA_KEY_GEN_MECHANISM, KEYS, NUMBER, CK_UNAVAILABLE_INFORMATION},
	{CKA_ALLOWED_MECHANISMS, KEYS, MECHANISMS, 0},
	/* §4.8: public keys */
	{CKA_ENCRYPT, PUBLIC, FALSE_VALUE, 0},
	{CKA_VERIFY, PUBLIC, TRUE_VALUE, 0},
	{CKA_VERIFY_RECOVER, PUBLIC, FALSE_VALUE, 0},
	{CKA_WRAP, PUBLIC, FALSE_VALUE, 0},
	{CKA_WRAP_TEMPLATE, PUBLIC, EMPTY, 0},
	/* §4.9: private keys */
	{CKA_SENSITIVE, PRIVATE, TRUE_VALUE, 0},
	{CKA_EXTRACTABLE, PRIVATE, FALSE_VALUE, 0},
	{CKA_ALWAYS_SENSITIVE, PRIVATE, FALSE_VALUE, 0},
	{CKA_NEVER_EXTRACTABLE, PRIVATE, FALSE_VALUE, 0},
	{CKA_DECRYPT, PRIVATE, FALSE_VALUE, 0},
	{CKA_SIGN, PRIVATE, TRUE_VALUE, 0},
	{CKA_SIGN_RECOVER, PRIVATE, FALSE_VALUE, 0},
	{CKA_UNWRAP, PRIVATE, FALSE_VALUE, 0},
	{CKA_WRAP_WITH_TRUSTED, PRIVATE, FALSE_VALUE, 0},
	{CKA_UNWRAP_TEMPLATE, PRIVATE, EMPTY, 0},
	{CKA_DERIVE_TEMPLATE, PRIVATE, EMPTY, 0},
	{CKA_ALWAYS_AUTHENTICATE, PRIVATE, OBJECT_ALWAYS_AUTHENTICATE, 0},
};

/* 2.40 mechanisms §2.1.2, §2.1.3 */
static const struct row rsa_rows[] = {
	{CKA_KEY_TYPE, KEYS, NUMBER, CKK_RSA},         {CKA_MODULUS, KEYS, MODULUS, 0},
	{CKA_MODULUS_BITS, PUBLIC, KEY_BITS, 0},       {CKA_PUBLIC_EXPONENT, KEYS, EXPONENT, 0},
	{CKA_PRIVATE_EXPONENT, PRIVATE, SENSITIVE, 0}, {CKA_PRIME_1, PRIVATE, SENSITIVE, 0},
	{CKA_PRIME_2, PRIVATE, SENSITIVE, 0},          {CKA_EXPONENT_1, PRIVATE, SENSITIVE, 0},
	{CKA_EXPONENT_2, PRIVATE, SENSITIVE, 0},       {CKA_COEFFICIENT, PRIVATE, SENSITIVE, 0},
};

/* 2.40 mechanisms §2.3.3, §2.3.4 */
static const struct row ec_rows[] = {
	{CKA_KEY_TYPE, KEYS, NUMBER, CKK_EC},
	{CKA_EC_PARAMS, KEYS, CURVE, 0},
	{CKA_EC_POINT, PUBLIC, POINT, 0},
	{CKA_VALUE, PRIVATE, SENSITIVE, 0},
};

#define ROWS(array) (array), sizeof(array) / sizeof((array)[0])

/* The rows that keys of a kind have besides those above. */
static const struct {
	const struct row *rows;
	size_t count;
} rows_of_kind[JPKI_KEY_KIND_COUNT] = {
	[JPKI_KEY_KIND_RSA] = {ROWS(rsa_rows)},
	[JPKI_KEY_KIND_EC] = {ROWS(ec_rows)},
};

static const struct row *find_row(const struct row *first, size_t count,
				  const struct jpki_object *object, CK_ATTRIBUTE_TYPE type)
{
	for (size_t i = 0; i < count; i++) {
		if (first[i].type == type && (first[i].kinds & (int)object->row->kind) != 0)
			return &first[i];
	}
	return NULL;
}

static const struct row *row_of(const struct jpki_object *object, CK_ATTRIBUTE_TYPE type)
{
	enum jpki_key_kind kind = object->info.key_kind;
	const struct row *row = find_row(ROWS(rows), object, type);

	return row != NULL
		       ? row
		       : find_row(rows_of_kind[kind].rows, rows_of_kind[kind].count, object, type);
}

bool jpki_attribute_needs_certificate(const struct jpki_object *object, CK_ATTRIBUTE_TYPE type)
{
	const struct row *row = row_of(object, type);

	return row != NULL && row->source > FROM_CERTIFICATE;
}

static void set(struct jpki_attribute_value *value, const void *data, size_t length)
{
	value->data = data;
	value->length = length;
}

static void set_truth(struct jpki_attribute_value *value, bool truth)
{
	value->store.truth = truth ? CK_TRUE : CK_FALSE;
	set(value, &value->store.truth, sizeof(value->store.truth));
}

static void set_number(struct jpki_attribute_value *value, CK_ULONG number)
{
	value->store.number = number;
	set(value, &value->store.number, sizeof(value->store.number));
}

static void set_date(struct jpki_attribute_value *value, const char date[9])
{
	memcpy(value->store.date.year, date, 4);
	memcpy(value->store.date.month, date + 4, 2);
	memcpy(value->store.date.day, date + 6, 2);
	set(value, &value->store.date, sizeof(value->store.date));
}

static void set_bytes(struct jpki_attribute_value *value, struct jpki_bytes bytes)
{
	set(value, bytes.data, bytes.length);
}

/* Set the unique ID: different for each object and card, and the same as long as the card is the
 * same. */
static void set_unique_id(struct jpki_attribute_value *value, const struct jpki_object *object)
{
	snprintf(value->store.text, sizeof(value->store.text), "%s-%lu", object->info.serial,
		 object->place);
	set(value, value->store.text, strlen(value->store.text));
}

static CK_RV set_mechanisms(struct jpki_attribute_value *value, const struct jpki_object *object)
{
	size_t count;
	CK_RV rv = jpki_mechanism_signing(&object->token, value->store.mechanisms, &count);

	set(value, value->store.mechanisms, count * sizeof(value->store.mechanisms[0]));
	return rv;
}

/* Ask the card which keys it has, unless that is known: a feature is described without it. */
static CK_RV set_has_key(struct jpki_attribute_value *value, const struct jpki_object *object)
{
	struct jpki_token_info info;
	CK_RV rv = jpki_rv(jpki_token_get_info(&object->token, &info));

	set_truth(value, info.has_key);
	return rv;
}

/* Return a value whose source is the object itself. */
static CK_RV get_own(const struct jpki_object *object, const struct row *row,
		     struct jpki_attribute_value *value)
{
	switch ((int)row->source) {
	case FALSE_VALUE:
	case TRUE_VALUE:
		set_truth(value, row->source == TRUE_VALUE);
		return CKR_OK;
	case NUMBER:
		set_number(value, row->number);
		return CKR_OK;
	case EMPTY:
		set(value, "", 0);
		return CKR_OK;
	case OBJECT_CLASS:
		set_number(value, object->row->class);
		return CKR_OK;
	case OBJECT_PRIVATE:
		set_truth(value, jpki_object_is_private(object));
		return CKR_OK;
	case OBJECT_LABEL:
		set(value, object->row->label, strlen(object->row->label));
		return CKR_OK;
	case OBJECT_ID:
		set(value, &object->row->id, sizeof(object->row->id));
		return CKR_OK;
	case OBJECT_UNIQUE_ID:
		set_unique_id(value, object);
		return CKR_OK;
	case OBJECT_ALWAYS_AUTHENTICATE:
		set_truth(value, object->info.always_authenticate);
		return CKR_OK;
	case OBJECT_TRIES:
		set_number(value, object->info.tries < 0 ? CK_UNAVAILABLE_INFORMATION
							 : (CK_ULONG)object->info.tries);
		return CKR_OK;
	case OBJECT_HAS_KEY:
		return set_has_key(value, object);
	case MECHANISMS:
		return set_mechanisms(value, object);
	default:
		return CKR_ATTRIBUTE_SENSITIVE;
	}
}

/* Return a value whose source is the certificate. */
static void get_from_certificate(const struct jpki_certificate *certificate, enum source source,
				 struct jpki_attribute_value *value)
{
	switch ((int)source) {
	case SUBJECT:
		set_bytes(value, certificate->subject);
		break;
	case ISSUER:
		set_bytes(value, certificate->issuer);
		break;
	case SERIAL:
		set_bytes(value, certificate->serial);
		break;
	case WHOLE:
		set_bytes(value, certificate->der);
		break;
	case PUBLIC_KEY_INFO:
		set_bytes(value, certificate->public_key_info);
		break;
	case MODULUS:
		set_bytes(value, certificate->key->modulus);
		break;
	case KEY_BITS:
		set_number(value, certificate->key->bits);
		break;
	case EXPONENT:
		set_bytes(value, certificate->key->public_exponent);
		break;
	case CURVE:
		set_bytes(value, certificate->key->curve);
		break;
	case POINT:
		set_bytes(value, certificate->key->point);
		break;
	case NOT_BEFORE:
		set_date(value, certificate->not_before);
		break;
	case NOT_AFTER:
		set_date(value, certificate->not_after);
		break;
	default: /* CHECK_VALUE: the first bytes of the fingerprint */
		set(value, certificate->sha1, 3);
		break;
	}
}

CK_RV jpki_attribute_get(struct jpki_object *object, CK_ATTRIBUTE_TYPE type,
			 struct jpki_attribute_value *value)
{
	const struct row *row = row_of(object, type);
	CK_RV rv;

	memset(value, 0, sizeof(*value));
	if (row == NULL)
		return CKR_ATTRIBUTE_TYPE_INVALID;
	if (row->source < FROM_CERTIFICATE)
		return get_own(object, row, value);
	rv = jpki_object_need_certificate(object);
	if (rv == CKR_OK)
		get_from_certificate(object->certificate, row->source, value);
	return rv;
}
