/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verify_report: prints the verdict on a signature and on each signer, as text and as JSON. */
#include "app/verify/verify_report.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/certificate/holder.h"
#include "app/ui/json.h"
#include "app/ui/line.h"
#include "app/ui/situation.h"
#include "app/ui/text.h"

struct wording {
	const char *name; /* for scripts */
	const char *text;
	const char *in_window; /* the same without options; NULL: the text names none */
};

static const struct wording of_signature[] = {
	[SIGNATURE_GOOD] = {.name = "good"}, /* names the file */
	[SIGNATURE_UNREADABLE] = {"unreadable", N_("A file could not be read."), NULL},
	[SIGNATURE_NONE] = {"no-signature",
			    N_("INVALID: this is not a signature of a supported kind (CMS, or with "
			       "--raw a bare signature)."),
			    N_("INVALID: this is not a signature of a supported kind (CMS).")},
	[SIGNATURE_NO_CERTIFICATE] =
		{"no-certificate",
		 N_("INVALID: a signer's certificate is missing. Specify it with --certificate."),
		 N_("INVALID: a signer's certificate is missing.")},
	[SIGNATURE_WEAK] = {"weak-hash",
			    N_("INVALID: the signature uses a hash algorithm that can be forged."),
			    NULL},
	[SIGNATURE_AMBIGUOUS] =
		{"ambiguous",
		 N_("INVALID: the signature is not bound to the content in the required way, so "
		    "the content may be taken from another signature."),
		 NULL},
	[SIGNATURE_OTHER_CONTENT] = {"content-differs",
				     N_("INVALID: the content is not what was signed."), NULL},
	[SIGNATURE_BROKEN] = {"broken", N_("INVALID: the signature does not match."), NULL},
};

static const struct wording of_signer[] = {
	[SIGNER_GOOD] = {"good",
			 N_("This certificate authority issued the certificate for signatures."),
			 NULL},
	[SIGNER_UNTRUSTED] =
		{"untrusted",
		 N_("INVALID: this certificate authority did not issue the certificate. The card "
		    "may have the CA certificate of other years; --ca specifies another one."),
		 N_("INVALID: this certificate authority did not issue the certificate. The card "
		    "may have the CA certificate of other years.")},
	[SIGNER_NO_AUTHORITY] =
		{"no-authority",
		 N_("INVALID: the issuer of the certificate is not a certificate authority."),
		 NULL},
	[SIGNER_WEAK] = {"weak-key",
			 N_("INVALID: the key of the certificate or of its authority, or the way "
			    "in which it was issued, is too weak. Somebody else may have made this "
			    "signature."),
			 NULL},
	[SIGNER_WRONG_USAGE] = {"wrong-usage",
				N_("INVALID: the certificate was not issued for signatures."),
				NULL},
	[SIGNER_EXPIRED] = {.name = "expired"},
	[SIGNER_NOT_YET] = {.name = "not-yet-valid"},
};

/* Return the words for where the person is told. */
static const char *text_of(const struct verify_request *request, const struct wording *wording)
{
	return request->by_window && wording->in_window != NULL ? _(wording->in_window)
								: _(wording->text);
}

/* For scripts. What none issued has no word. */
static const char *const of_authority[AUTHORITY_COUNT + 1] = {
	[AUTHORITY_KNOWN] = "known",
	[AUTHORITY_GIVEN] = "given",
	[AUTHORITY_UNKNOWN] = "unknown",
};

/*
 * Return the name of the CA in plain words, the most exact first: what is in its certificate
 * beside the country. The caller frees it; NULL without memory.
 */
static char *issuer_of(const X509 *certificate)
{
	const X509_NAME *name = X509_get_issuer_name(certificate);
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	const char *comma = "";

	for (int i = X509_NAME_entry_count(name); out != NULL && i-- > 0;) {
		const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, i);
		int kind = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry));
		unsigned char *value = NULL;

		if (kind == NID_countryName ||
		    ASN1_STRING_to_UTF8(&value, X509_NAME_ENTRY_get_data(entry)) < 0)
			continue;
		fprintf(out, "%s%s", comma, (const char *)value);
		OPENSSL_free(value);
		comma = ", ";
	}
	if (out != NULL && fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

/*
 * Return the subject as one line, with control characters escaped. The caller frees it; NULL
 * without memory.
 */
static char *subject_of(const X509 *certificate)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL;
	char *data;
	long length;

	if (bio != NULL && X509_NAME_print_ex(bio, X509_get_subject_name(certificate), 0,
					      XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0) {
		length = BIO_get_mem_data(bio, &data);
		text = length > 0 ? strndup(data, (size_t)length) : NULL;
	}
	BIO_free(bio);
	return text;
}

static void show_person(const struct verify_request *request, const X509 *certificate,
			json_t *entry)
{
	struct holder holder;
	bool is_named = false;
	char *subject;

	if (!request->show_personal) {
		if (!request->common.json)
			ui_line(stdout, UI_PLAIN, "%s",
				_("Signer: (hidden; --show-personal shows the name)"));
		return;
	}
	if (holder_decode(certificate, &holder)) {
		is_named = holder.name.text != NULL;
		json_object_set_new(entry, "name",
				    holder.name.text == NULL ? json_null()
							     : ui_json_text(holder.name.text));
		if (!request->common.json && holder.name.text != NULL)
			ui_line(stdout, UI_PLAIN, _("Signer: %s"), holder.name.text);
	}
	holder_free(&holder);
	subject = subject_of(certificate);
	json_object_set_new(entry, "subject", ui_json_text(subject == NULL ? "" : subject));
	/* A window has room for one name. */
	if (!request->common.json && subject != NULL && !(request->by_window && is_named))
		ui_line(stdout, UI_PLAIN, _("Subject: %s"), subject);
	free(subject);
}

/* Tell the time that the signer claims. */
static void show_time(const struct verify_request *request, const struct claimed_time *claimed,
		      json_t *entry)
{
	char words[CLAIMED_TIME_SIZE];
	char iso[CLAIMED_TIME_ISO_SIZE];

	if (claimed == NULL || !claimed_time_in_words(claimed, words) ||
	    !claimed_time_iso(claimed, iso))
		return;
	json_object_set_new(entry, claimed->zoned ? "claimed_time_utc" : "claimed_time_local",
			    json_string(iso));
	if (!request->common.json)
		ui_line(stdout, UI_PLAIN,
			_("Signing time as claimed by the signer (not proven): %s"), words);
}

/* Name the CA. Who was not issued by any that is trusted may name whom he likes. */
static void show_issuer(const struct verify_request *request, const X509 *certificate,
			enum authority authority, json_t *entry)
{
	char *issuer = issuer_of(certificate);

	json_object_set_new(entry, "issuer", ui_json_text(issuer == NULL ? "" : issuer));
	if (!request->common.json && issuer != NULL)
		ui_line(stdout, UI_PLAIN,
			authority == AUTHORITY_COUNT ? _("The certificate names as its issuer: %s")
						     : _("Certificate authority: %s"),
			issuer);
	free(issuer);
}

static void say_verdict(const struct verify_request *request, const struct signer_verdict *verdict,
			enum authority authority, const struct date_validity *validity)
{
	enum ui_tone good = authority == AUTHORITY_UNKNOWN ? UI_PLAIN : UI_GOOD;
	enum ui_tone tone = verdict->fault == SIGNER_GOOD ? good : UI_BAD;

	if (verdict->fault == SIGNER_NOT_YET)
		ui_say(stdout, UI_BAD, SITUATION_NOT_YET_VALID);
	else if (verdict->fault == SIGNER_EXPIRED && validity->band != DATE_ENDED)
		ui_line(stdout, UI_BAD, "%s", _("The CA certificate has expired."));
	else if (verdict->fault == SIGNER_EXPIRED && request->show_personal)
		ui_say(stdout, UI_BAD, SITUATION_EXPIRED, validity->last_day_text);
	else if (verdict->fault == SIGNER_EXPIRED)
		ui_line(stdout, UI_BAD, "%s",
			_("The signer's certificate has expired, and services will refuse it; "
			  "--show-personal shows when."));
	else
		ui_line(stdout, tone, "%s", text_of(request, &of_signer[verdict->fault]));
	if (verdict->detail != NULL && verdict->fault != SIGNER_EXPIRED)
		ui_line(stdout, UI_PLAIN, "(%s)", verdict->detail);
}

/* Say whether the CA that issued a certificate is known. */
static void say_authority(const struct verify_request *request,
			  const struct signer_verdict *verdict, enum authority authority)
{
	if (authority == AUTHORITY_KNOWN && verdict->fault == SIGNER_GOOD)
		ui_line(stdout, UI_PLAIN, "%s",
			_("It is one of J-LIS' certificate authorities known to this program."));
	if (authority == AUTHORITY_UNKNOWN && request->by_window)
		ui_line(stdout, UI_BAD, "%s",
			_("But it is not one of J-LIS' certificate authorities known to this "
			  "program. Anybody can make such a card, so the signer may be somebody "
			  "else. Compare the fingerprint of the authority's certificate, which the "
			  "page Certificates shows under Details, with the one that J-LIS "
			  "publishes (www.jpki.go.jp)."));
	else if (authority == AUTHORITY_UNKNOWN)
		ui_line(stdout, UI_BAD,
			_("But it is not one of J-LIS' certificate authorities known to this "
			  "program. Anybody can make such a card, so the signer may be somebody "
			  "else. Compare the fingerprint that \"jpki cert show %s\" shows with the "
			  "one that J-LIS publishes (www.jpki.go.jp)."),
			request->key == JPKI_KEY_AUTH ? "auth-ca" : "sign-ca");
}

/* Say that the authority is not known. If the card could not be read, that was said before. */
static void say_unjudged(const struct verify_request *request)
{
	ui_line(stdout, UI_PLAIN, "%s",
		request->without_card == APP_OK
			? _("Who signed was not checked, because that would not make the rest "
			    "valid.")
			: _("Who signed was not checked."));
}

void verify_tell_signer(struct verify_request *request, const X509 *certificate,
			const struct claimed_time *claimed, const struct signer_verdict *verdict,
			enum authority authority)
{
	struct date_validity validity = date_validity_of(certificate, time(NULL));
	bool unjudged = request->unjudged && authority == AUTHORITY_COUNT;
	const char *name = unjudged ? "not-judged" : of_signer[verdict->fault].name;
	json_t *entry = json_pack("{s:s, s:s*, s:s*, s:s*}", "certificate", name, "authority",
				  of_authority[authority], "detail", verdict->detail,
				  "certificate_last_day",
				  request->show_personal ? validity.last_day : NULL);

	show_person(request, certificate, entry);
	show_time(request, claimed, entry);
	show_issuer(request, certificate, authority, entry);
	if (!request->common.json && unjudged) {
		say_unjudged(request);
	} else if (!request->common.json) {
		say_verdict(request, verdict, authority, &validity);
		say_authority(request, verdict, authority);
	}
	json_array_append_new(request->signers, entry);
}

const char *verify_called(const struct verify_request *request, const char *path)
{
	return request->by_window ? text_file_name(path) : path;
}

/* Say of which file the signature is. */
static void tell_good(const struct verify_request *request)
{
	if (request->file != NULL)
		ui_line(stdout, UI_GOOD,
			_("The signature is valid: \"%s\" was not changed after it was signed."),
			verify_called(request, request->file));
	else
		ui_line(stdout, UI_GOOD,
			_("The signature is valid: the file in \"%s\" was not changed after it was "
			  "signed."),
			verify_called(request, request->signature));
}

int verify_tell_signature(const struct verify_request *request, enum signature_fault fault)
{
	if (!request->common.json && fault == SIGNATURE_GOOD)
		tell_good(request);
	else if (!request->common.json && fault == SIGNATURE_OTHER_CONTENT && request->file != NULL)
		ui_line(stdout, UI_BAD, _("INVALID: the content of \"%s\" is not what was signed."),
			verify_called(request, request->file));
	else if (!request->common.json)
		ui_line(stdout, UI_BAD, "%s", text_of(request, &of_signature[fault]));
	if (fault == SIGNATURE_GOOD)
		return APP_OK;
	return fault == SIGNATURE_UNREADABLE ? APP_FAILED : APP_NOT_VALID;
}

const char *verify_name_of(enum signature_fault fault)
{
	return of_signature[fault].name;
}

/* Say what is not known of what is valid. */
static void tell_unknown(void)
{
	ui_say(stdout, UI_PLAIN, SITUATION_VALIDITY_UNKNOWN);
	ui_line(stdout, UI_PLAIN, "%s",
		_("The certificate authority reports revocation to accredited bodies only."));
}

/* Say it also where something is called valid that is no success as a whole. */
static void tell_not_checked(void)
{
	ui_line(stdout, UI_PLAIN, "%s", _("Revocation was not checked."));
}

/* True if any of these signatures has a signer that was told of. */
static bool has_signer(const json_t *signatures)
{
	for (size_t i = 0; i < json_array_size(signatures); i++) {
		const json_t *one = json_array_get(signatures, i);

		if (json_array_size(json_object_get(one, "signers")) > 0)
			return true;
	}
	return false;
}

int verify_report_document(const struct verify_request *request, const char *kind,
			   json_t *signatures, int result)
{
	/* Nobody is known to have signed, for want of a card, and nothing else is wrong. */
	if (request->without_card != APP_OK)
		result = request->without_card;
	if (request->common.json)
		ui_json(json_pack("{s:b, s:s, s:O, s:s}", "good", result == APP_OK, "kind", kind,
				  "signatures", signatures, "revocation", "not-checked"));
	else if (result == APP_OK)
		tell_unknown();
	else if (has_signer(signatures))
		tell_not_checked();
	return result;
}

int verify_report(struct verify_request *request, enum signature_fault fault, int result)
{
	if (request->common.json) {
		ui_json(json_pack("{s:b, s:s, s:O, s:s}", "good", result == APP_OK, "signature",
				  of_signature[fault].name, "signers", request->signers,
				  "revocation", "not-checked"));
	} else if (result == APP_OK) {
		tell_unknown();
	} else if (fault == SIGNATURE_GOOD) {
		tell_not_checked();
	}
	return result;
}
