/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_key: reads what a signature in XML says of its key: the certificates, and what is beside. */
#include "document/xml_key.h"

#include <string.h>

#include "document/xml_dsig.h"

/* A signature is tried with each of its certificates. */
#define CERTIFICATES_MAX 20
/* Each name is compared with those. */
#define ENTRIES_MAX 100

/* What is read, and what is told if that fails. */
struct reading {
	json_t *certificates, *keys, *names;
	json_t **answer;
};

static bool refuse(const struct reading *reading, const char *name)
{
	json_decref(*reading->answer);
	*reading->answer = json_pack("{s:s}", "refused", name);
	return false;
}

/* Return the children of an element if they are these two, and texts. */
static bool take_pair(const xmlNode *element, const char *const names[2], char *texts[2])
{
	const xmlNode *one = xml_first_child(element);
	bool done = true;

	for (size_t i = 0; i < 2; i++) {
		texts[i] = done && xml_is_dsig(one, names[i]) ? xml_text_of(one) : NULL;
		done = texts[i] != NULL;
		one = one == NULL ? NULL : xml_next_sibling(one);
	}
	return done && one == NULL;
}

/* Take the number of an RSA key. Others made no signature that is read here. */
static bool take_value(const struct reading *reading, const xmlNode *value)
{
	static const char *const numbers[2] = {"Modulus", "Exponent"};
	const xmlNode *rsa = xml_first_child(value);
	char *texts[2] = {NULL};
	bool done =
		xml_is_dsig(rsa, "RSAKeyValue") && xml_next_sibling(rsa) == NULL &&
		take_pair(rsa, numbers, texts) &&
		json_array_append_new(reading->keys, json_pack("{s:s, s:s}", "modulus", texts[0],
							       "exponent", texts[1])) == 0;

	xmlFree(texts[0]);
	xmlFree(texts[1]);
	return done || refuse(reading, "KeyValue");
}

/* True for an element that says nothing: xmlsec1 leaves those of a template so. */
static bool is_empty(const xmlNode *element)
{
	return xml_first_child(element) == NULL && !xml_has_text(element->children);
}

/* Take the issuer and the number of a certificate. */
static bool take_serial(const struct reading *reading, const xmlNode *element)
{
	static const char *const parts[2] = {"X509IssuerName", "X509SerialNumber"};
	char *texts[2] = {NULL};
	bool done = is_empty(element) ||
		    (take_pair(element, parts, texts) &&
		     json_array_append_new(reading->names,
					   json_pack("{s:s, s:s, s:s}", "element",
						     (const char *)element->name, "text", texts[0],
						     "serial", texts[1])) == 0);

	xmlFree(texts[0]);
	xmlFree(texts[1]);
	return done || refuse(reading, (const char *)element->name);
}

/* Take a text: a certificate, or what it is called. */
static bool take_text(const struct reading *reading, const xmlNode *element)
{
	char *text = xml_text_of(element);
	bool done = text != NULL;

	if (done && xml_is_dsig(element, "X509Certificate"))
		done = json_array_append_new(reading->certificates, json_string(text)) == 0;
	else if (done && !is_empty(element))
		done = json_array_append_new(reading->names, json_pack("{s:s, s:s}", "element",
								       (const char *)element->name,
								       "text", text)) == 0;
	xmlFree(text);
	return done || refuse(reading, (const char *)element->name);
}

/* True for what may stand beside a certificate and is looked at no further: xml_unsigned names it.
 */
static bool is_more(const xmlNode *element)
{
	return xml_is_dsig(element, "X509CRL") ||
	       (element->ns != NULL && strcmp((const char *)element->ns->href, XML_DSIG_11) == 0 &&
		strcmp((const char *)element->name, "X509Digest") == 0);
}

static bool take_data(const struct reading *reading, const xmlNode *data)
{
	bool done = !xml_has_text(data->children) || refuse(reading, "X509Data");

	for (const xmlNode *one = xml_first_child(data); one != NULL && done;
	     one = xml_next_sibling(one)) {
		if (xml_is_dsig(one, "X509IssuerSerial"))
			done = take_serial(reading, one);
		else if (xml_is_dsig(one, "X509Certificate") || xml_is_dsig(one, "X509SKI") ||
			 xml_is_dsig(one, "X509SubjectName"))
			done = take_text(reading, one);
		else if (!is_more(one) || xml_first_child(one) != NULL)
			done = refuse(reading, (const char *)one->name);
	}
	return done;
}

static bool take_all(const struct reading *reading, const xmlNode *key)
{
	bool done = !xml_has_text(key->children) || refuse(reading, "KeyInfo");

	for (const xmlNode *one = xml_first_child(key); one != NULL && done;
	     one = xml_next_sibling(one)) {
		if (xml_is_dsig(one, "X509Data"))
			done = take_data(reading, one);
		else if (xml_is_dsig(one, "KeyValue"))
			done = take_value(reading, one);
		else if (!xml_is_dsig(one, "KeyName") || xml_first_child(one) != NULL)
			done = refuse(reading, (const char *)one->name);
	}
	return done;
}

bool xml_key_read(const xmlNode *key, json_t *said, json_t **answer)
{
	struct reading reading = {json_array(), json_array(), json_array(), answer};
	bool done = json_object_update_new(
			    said, json_pack("{s:o, s:o, s:o}", "certificates", reading.certificates,
					    "keys", reading.keys, "names", reading.names)) == 0;

	if (!done)
		return refuse(&reading, "KeyInfo");
	if (key != NULL && !take_all(&reading, key))
		return false;
	if (json_array_size(reading.certificates) > CERTIFICATES_MAX)
		return refuse(&reading, "X509Certificate");
	if (json_array_size(reading.keys) > ENTRIES_MAX ||
	    json_array_size(reading.names) > ENTRIES_MAX)
		return refuse(&reading, "KeyInfo");
	return json_array_size(reading.keys) == 0 || json_array_size(reading.certificates) > 0 ||
	       refuse(&reading, "KeyValue");
}
