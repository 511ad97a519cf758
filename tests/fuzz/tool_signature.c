/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Certificates and signatures, as the command reads them. */
/* First: cms.h declares functions of both only then. */
#include <openssl/pem.h>

#include "tool.h"

#include <jansson.h>
#include <openssl/err.h>
#include <stdio.h>
#include <string.h>

#include "app/signature/signature_check.h"
#include "app/signature/signature_signer.h"
#include "app/certificate/cert_facts.h"

#define CARD FUZZ_DIRECTORY "/cards/mynumber/"
/* The only text that the card's signing key has ever signed, in the seeds. */
#define SIGNED_TEXT "What is signed.\n"

static X509 *own;
static X509_STORE *trusted;

static X509 *read_certificate(const char *path)
{
	BIO *bio = BIO_new_file(path, "rb");
	X509 *certificate = d2i_X509_bio(bio, NULL);

	BIO_free(bio);
	if (certificate == NULL)
		fuzz_fail(path, __FILE__, __LINE__);
	return certificate;
}

void tool_set_up(void)
{
	X509 *authority = read_certificate(CARD "sign-ca.der");

	own = read_certificate(CARD "sign.der");
	trusted = X509_STORE_new();
	fuzz_check(trusted != NULL && X509_STORE_add_cert(trusted, authority) == 1);
	X509_free(authority);
}

/* What can be shown on a terminal, and be put into JSON. */
static void check_text(const char *text)
{
	json_t *value;

	if (text == NULL)
		return;
	for (const char *at = text; *at != '\0'; at++)
		fuzz_check((unsigned char)*at >= 0x20 && *at != 0x7f);
	value = json_string(text);
	fuzz_check(value != NULL);
	json_decref(value);
}

static void check_personal(const struct holder *holder)
{
	int year = 0, month = 0, day = 0;
	size_t place = 0, next;

	check_text(holder->name.text);
	check_text(holder->address.text);
	check_text(holder->name.marks);
	check_text(holder->birth);
	if (holder_birth(holder, &year, &month, &day))
		fuzz_check(year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= 31);
	holder_sex(holder);
	while ((next = holder_next_substitute(&holder->name, place)) != 0) {
		fuzz_check(next > place);
		place = next;
	}
}

static void check_validity(const struct date_validity *validity)
{
	fuzz_check(strlen(validity->first_day) == 10 && strlen(validity->last_day) == 10);
	fuzz_check(date_band_name(validity->band) != NULL);
	fuzz_check(validity->band != DATE_ENDED || validity->days_left <= 0);
}

void tool_certificate(struct fuzz_input input)
{
	static const struct cert_choice choice = {"sign", JPKI_KEY_SIGN, JPKI_CERTIFICATE_OWN};
	time_t now = (time_t)fuzz_short(&input) << 16 | fuzz_short(&input);
	const unsigned char *at = input.data;
	X509 *certificate = d2i_X509(NULL, &at, (long)input.size);
	struct cert_facts facts;

	ERR_clear_error();
	if (certificate == NULL)
		return;
	for (int with_personal = 0; with_personal < 2; with_personal++) {
		fuzz_check(cert_facts_make(&facts, &choice, certificate, with_personal != 0, now));
		check_text(facts.subject);
		check_text(facts.issuer);
		check_text(facts.serial);
		check_text(facts.purposes);
		check_text(facts.policies);
		check_validity(&facts.validity);
		check_personal(&facts.holder);
		cert_facts_free(&facts);
	}
	X509_free(certificate);
}

/* Nobody but the card can sign, so what is good and of its key is what it has signed. */
static void check_good(X509 *certificate, const void *content, size_t size)
{
	if (X509_cmp(certificate, own) == 0)
		fuzz_check(size == strlen(SIGNED_TEXT) && memcmp(content, SIGNED_TEXT, size) == 0);
}

static void check_signers(CMS_ContentInfo *cms, BIO *out)
{
	STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(cms);
	STACK_OF(X509) *others = CMS_get1_certs(cms);
	time_t time;
	char *content = NULL;
	long size = BIO_get_mem_data(out, &content);

	fuzz_check(sk_CMS_SignerInfo_num(signers) > 0);
	for (int i = 0; i < sk_CMS_SignerInfo_num(signers); i++) {
		CMS_SignerInfo *signer = sk_CMS_SignerInfo_value(signers, i);
		X509 *certificate = NULL;

		CMS_SignerInfo_get0_algs(signer, NULL, &certificate, NULL, NULL);
		fuzz_check(certificate != NULL);
		check_good(certificate, content, (size_t)size);
		signer_judge(certificate, others, trusted, JPKI_KEY_SIGN);
		signature_claimed_time(signer, &time);
	}
	sk_X509_pop_free(others, X509_free);
}

void tool_signature(struct fuzz_input input)
{
	uint8_t form = fuzz_byte(&input);
	uint8_t content[256];
	size_t size = fuzz_bytes(&input, content, sizeof(content));
	BIO *file = BIO_new_mem_buf(content, (int)size);
	BIO *signature = BIO_new_mem_buf(input.data, (int)input.size);
	BIO *out = BIO_new(BIO_s_mem());
	CMS_ContentInfo *cms = NULL;

	fuzz_check(file != NULL && signature != NULL && out != NULL);
	if ((form & 1) != 0) {
		if (signature_check_raw(signature, own, file) == SIGNATURE_GOOD)
			check_good(own, content, size);
	} else if ((cms = signature_read(signature)) != NULL) {
		BIO *beside = CMS_is_detached(cms) != 0 ? file : NULL;

		if (signature_check(cms, (form & 2) != 0 ? own : NULL, beside, out) ==
		    SIGNATURE_GOOD)
			check_signers(cms, out);
	}
	CMS_ContentInfo_free(cms);
	BIO_free(file);
	BIO_free(signature);
	BIO_free(out);
	ERR_clear_error();
}
