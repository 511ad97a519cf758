/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_xml_claims: what stands in a signature of XML and is not signed is compared with the
 * certificate, told, or refused. */
#include "unit.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document/xml_base64.h"
#include "document/xml_name.h"
#include "document/xml_sign.h"
#include "document/xml_verify.h"
#include "place.h"
#include "signer.h"

#define NOW 1796000000

/* --- names ----------------------------------------------------------------------------------- */

static void add(X509_NAME *name, const char *kind, const char *value)
{
	assert_int_equal(X509_NAME_add_entry_by_txt(name, kind, MBSTRING_UTF8,
						    (const unsigned char *)value, -1, -1, 0),
			 1);
}

static void test_name(void **state)
{
	static const struct {
		const char *text;
		bool same;
	} cases[] = {
		{"C=JP,O=Foo\\, Inc.,CN=山田 太郎", true},
		{"CN=山田 太郎,O=Foo\\, Inc.,C=JP", true},
		{"CN=山田 太郎, O=\"Foo, Inc.\", C=jp", true},
		{"CN = 山田\n\t太郎 ;  o = foo, inc. ; c = JP", true},
		{"CN=山田 太郎+O=Foo, Inc.,C=JP", true},
		{"/C=JP/O=Foo, Inc./CN=山田 太郎", true},
		{"2.5.4.3=#0C0DE5B1B1E794B020E5A4AAE9838E,O=Foo\\2C Inc.,C=JP", true},
		{"CN=\\E5\\B1\\B1\\E7\\94\\B0 太郎,O=Foo\\, Inc.,C=JP", true},
		{"oid.2.5.4.3=山田 太郎,NAME-OF-COMPANY=Foo\\, Inc.,c=JP", true},
		{"CN=山田 花子,O=Foo\\, Inc.,C=JP", false},
		{"O=山田 太郎,CN=Foo\\, Inc.,C=JP", false},
		{"2.5.4.10=山田 太郎,CN=Foo\\, Inc.,C=JP", false},
		{"CN=山田 太郎,O=Foo\\, Inc.,L=JP", false},
		{"CN=山田 太郎\\00 for Hanako,O=Foo\\, Inc.,C=JP", false},
		{"CN=山田 太郎,O=Foo\\, Inc.", false},
		{"CN=山田 太郎,O=Foo\\, Inc.,C=JP,C=JP", false},
		{"CN=山田 太郎,O=Foo\\, Inc.,C=JP,OU=Mallory", false},
		{"Mallory,CN=山田 太郎,O=Foo\\, Inc.,C=JP", false},
		{"CN=山田 太郎,O=Foo\\, Inc.,C=JP Mallory", false},
		{"CN=\"山田 太郎\" Mallory,O=Foo\\, Inc.,C=JP", false},
		{"CN=#0500,O=Foo\\, Inc.,C=JP", false},
		{"CN=#zz,O=Foo\\, Inc.,C=JP", false},
		{"CN=\"山田 太郎", false},
		{"CN=\\", false},
		{"山田 太郎", false},
		{"", false},
	};
	X509_NAME *name = X509_NAME_new();

	(void)state;
	assert_non_null(name);
	add(name, "C", "JP");
	add(name, "O", "Foo, Inc.");
	add(name, "CN", "山田 太郎");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (xml_name_is(cases[i].text, name) != cases[i].same)
			fail_msg("%s", cases[i].text);
	}
	X509_NAME_free(name);
	name = X509_NAME_new();
	assert_true(xml_name_is("", name));
	assert_false(xml_name_is("CN=a", name));
	X509_NAME_free(name);
}

/* A quote in a value is escaped, and Windows writes it twice. */
static void test_quotes(void **state)
{
	static const struct {
		const char *text;
		bool same;
	} cases[] = {
		{"O=\"A \"\"big\"\" \"\"\"", true},
		{"O=\"A \\\"big\\\" \\\"\"", true},
		{"O=A \\\"big\\\" \\\"", true},
		{"O=\"A \"\"big\"\"\"", false},
		{"O=\"A \"\"big\"\" \"\"\" Mallory", false},
		{"O=\"A \"big\"\" \"\"\"", false},
	};
	X509_NAME *name = X509_NAME_new();

	(void)state;
	add(name, "O", "A \"big\" \"");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (xml_name_is(cases[i].text, name) != cases[i].same)
			fail_msg("%s", cases[i].text);
	}
	X509_NAME_free(name);
}

/* Each value is compared with each, so that there are few. */
static void test_long_name(void **state)
{
	char text[4097] = "CN=a";
	X509_NAME *name = X509_NAME_new();

	(void)state;
	memset(text + strlen("CN=a"), ' ', sizeof(text) - 2 - strlen("CN=a"));
	add(name, "CN", "a");
	assert_true(xml_name_is(text, name));
	strcat(text, " ");
	assert_false(xml_name_is(text, name));
	for (int i = 1; i < 64; i++)
		add(name, "CN", "a");
	for (int i = 0; i < 64; i++)
		memcpy(text + (size_t)i * 5, "CN=a,", 5);
	text[64 * 5] = '\0';
	assert_true(xml_name_is(text, name));
	add(name, "CN", "a");
	strcat(text, "CN=a");
	assert_false(xml_name_is(text, name));
	X509_NAME_free(name);
}

/* --- signatures ------------------------------------------------------------------------------ */

/* Return a signed document with this in the place of a part of it, or before it. */
static char *with_certificate(X509 *certificate, const char *place, const char *more, bool before)
{
	struct xml_prepared prepared;
	struct xml_trouble trouble;
	BIO *out = BIO_new(BIO_s_mem());
	char *data, *text, *begin;
	long length;

	place_write("document.xml", "<a><b>1</b></a>");
	assert_int_equal(xml_prepare("document.xml", XML_ENVELOPED, NOW, &prepared, &trouble),
			 XML_OK);
	assert_true(xml_sign(&prepared, signer_key(SIGNER_KEY_OWN), certificate, out));
	xml_prepared_free(&prepared);
	length = BIO_get_mem_data(out, &data);
	begin = memmem(data, (size_t)length, place, strlen(place));
	assert_non_null(begin);
	assert_true(asprintf(&text, "%.*s%s%.*s", (int)(begin - data), data, more,
			     (int)(data + length - begin - (before ? 0 : (long)strlen(place))),
			     begin + (before ? 0 : strlen(place))) >= 0);
	BIO_free(out);
	return text;
}

static char *with(const char *place, const char *more, bool before)
{
	return with_certificate(signer_own(), place, more, before);
}

/* Assert what is said of a document, which this frees: its verdict with the name, and what is told
 * to be unsigned, if it holds. */
static void assert_said(char *text, enum xml_verdict verdict, const char *said)
{
	struct xml_report report;
	struct xml_trouble trouble;
	const struct xml_signature *one;
	char names[100] = "";

	place_write("document.xml", text);
	assert_int_equal(xml_verify("document.xml", NULL, &report, &trouble), XML_OK);
	assert_int_equal(report.count, 1);
	one = &report.signatures[0];
	for (size_t i = 0; i < one->inner_count; i++)
		snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s",
			 i == 0 ? "" : " ", one->inner[i]);
	/* What is refused has no signer. */
	assert_true((one->verdict == XML_REFUSED) == (one->certificate == NULL));
	if (one->verdict != verdict || strcmp(verdict == XML_HOLDS ? names : one->name, said) != 0)
		fail_msg("%d %s, told: %s\n%s", (int)one->verdict, one->name, names, text);
	xml_report_free(&report);
	free(text);
}

/* What is beside the certificate. */
static void assert_beside(enum xml_verdict verdict, const char *said, const char *beside)
{
	assert_said(with("</X509Data>", beside, true), verdict, said);
}

/* The names of a certificate as most programs write them. */
static void write_name(const X509_NAME *name, char text[200])
{
	BIO *out = BIO_new(BIO_s_mem());
	int length;

	X509_NAME_print_ex(out, name, 0, XN_FLAG_RFC2253);
	length = BIO_read(out, text, 199);
	assert_true(length > 0);
	text[length] = '\0';
	BIO_free(out);
}

static void test_certificate_is_named(void **state)
{
	char subject[200], issuer[200], text[1000];
	BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(signer_own()), NULL);
	char *serial = BN_bn2dec(number);

	(void)state;
	write_name(X509_get_subject_name(signer_own()), subject);
	write_name(X509_get_issuer_name(signer_own()), issuer);
	snprintf(text, sizeof(text), "<X509SubjectName>%s</X509SubjectName>", subject);
	assert_beside(XML_HOLDS, "", text);
	snprintf(text, sizeof(text), "<X509SubjectName>%s,OU=more</X509SubjectName>", subject);
	assert_beside(XML_CONTRADICTS, "X509SubjectName", text);
	snprintf(text, sizeof(text),
		 "<X509IssuerSerial><X509IssuerName>%s</X509IssuerName>\n<X509SerialNumber>%s"
		 "</X509SerialNumber></X509IssuerSerial>",
		 issuer, serial);
	assert_beside(XML_HOLDS, "", text);
	snprintf(text, sizeof(text),
		 "<X509IssuerSerial><X509IssuerName>%s</X509IssuerName><X509SerialNumber>1%s"
		 "</X509SerialNumber></X509IssuerSerial>",
		 issuer, serial);
	assert_beside(XML_CONTRADICTS, "X509IssuerSerial", text);
	snprintf(text, sizeof(text),
		 "<X509IssuerSerial><X509IssuerName>CN=Mallory</X509IssuerName><X509SerialNumber>"
		 "%s</X509SerialNumber></X509IssuerSerial>",
		 serial);
	assert_beside(XML_CONTRADICTS, "X509IssuerSerial", text);
	snprintf(text, sizeof(text),
		 "<X509IssuerSerial><X509SerialNumber>%s</X509SerialNumber></X509IssuerSerial>",
		 serial);
	assert_beside(XML_REFUSED, "X509IssuerSerial", text);
	/* The issuer is not there, so that its name stands for nobody. */
	snprintf(text, sizeof(text), "<X509SubjectName>%s</X509SubjectName>", issuer);
	assert_beside(XML_CONTRADICTS, "X509SubjectName", text);
	BN_free(number);
	OPENSSL_free(serial);
}

/* Return the base64 of a certificate, which the caller frees. */
static char *base64_of(X509 *certificate)
{
	unsigned char *der = NULL;
	int length = i2d_X509(certificate, &der);
	char *text = xml_base64(der, (size_t)length);

	OPENSSL_free(der);
	return text;
}

/* Programs that write all certificates write all their names. */
static void test_chain_is_named(void **state)
{
	char issuer[200], *text;
	X509 *authority = signer_authority();
	char *base64 = base64_of(authority);

	(void)state;
	write_name(X509_get_issuer_name(signer_own()), issuer);
	assert_true(asprintf(&text,
			     "<X509SubjectName>%s</X509SubjectName>"
			     "<X509Certificate>%s</X509Certificate>",
			     issuer, base64) >= 0);
	assert_beside(XML_HOLDS, "", text);
	X509_free(authority);
	free(base64);
	free(text);
}

/* Anybody can make a certificate with the name of an issuer. */
static void test_chain_is_checked(void **state)
{
	char issuer[200], *text;
	X509 *forged = signer_authority();
	char *base64;

	(void)state;
	assert_int_equal(X509_set_pubkey(forged, signer_key(SIGNER_KEY_OTHER)), 1);
	assert_true(X509_sign(forged, signer_key(SIGNER_KEY_OTHER), EVP_sha256()) > 0);
	base64 = base64_of(forged);
	write_name(X509_get_issuer_name(signer_own()), issuer);
	assert_true(asprintf(&text,
			     "<X509SubjectName>%s</X509SubjectName>"
			     "<X509Certificate>%s</X509Certificate>",
			     issuer, base64) >= 0);
	assert_beside(XML_CONTRADICTS, "X509SubjectName", text);
	X509_free(forged);
	free(base64);
	free(text);
}

/* xmlsec1 leaves empty what a template has and it cannot fill. */
static void test_nothing_is_said(void **state)
{
	(void)state;
	assert_beside(XML_HOLDS, "", "<X509SubjectName/>");
	assert_beside(XML_HOLDS, "", "<X509SubjectName> \n</X509SubjectName>");
	assert_beside(XML_HOLDS, "", "<X509SKI/>");
	assert_beside(XML_HOLDS, "", "<X509IssuerSerial/>");
	assert_beside(XML_REFUSED, "X509Certificate", "<X509Certificate/>");
}

static void test_key_identifier(void **state)
{
	static const struct {
		const char *text;
		bool same;
	} cases[] = {{"AQIDBA==", true}, {"AQIDBQ==", false}, {"AQID", false}, {"?", false}};
	X509 *certificate = X509_dup(signer_own());
	X509_EXTENSION *extension =
		X509V3_EXT_conf_nid(NULL, NULL, NID_subject_key_identifier, "01020304");

	(void)state;
	assert_int_equal(X509_add_ext(certificate, extension, -1), 1);
	assert_true(X509_sign(certificate, signer_key(SIGNER_KEY_CA), EVP_sha256()) > 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[100];

		snprintf(text, sizeof(text), "<X509SKI>%s</X509SKI>", cases[i].text);
		assert_said(with_certificate(certificate, "</X509Data>", text, true),
			    cases[i].same ? XML_HOLDS : XML_CONTRADICTS,
			    cases[i].same ? "" : "X509SKI");
	}
	/* A certificate need not say it. */
	assert_beside(XML_HOLDS, "", "<X509SKI>AQIDBA==</X509SKI>");
	X509_EXTENSION_free(extension);
	X509_free(certificate);
}

/* Return a key as KeyInfo has it, which the caller frees. */
static char *key_value(enum signer_key which, const char *exponent)
{
	BIGNUM *modulus = NULL;
	uint8_t bytes[512];
	char *base64, *text;

	assert_int_equal(EVP_PKEY_get_bn_param(signer_key(which), OSSL_PKEY_PARAM_RSA_N, &modulus),
			 1);
	base64 = xml_base64(bytes, (size_t)BN_bn2bin(modulus, bytes));
	assert_true(asprintf(&text,
			     "<KeyValue><RSAKeyValue><Modulus>%s</Modulus><Exponent>%s</Exponent>"
			     "</RSAKeyValue></KeyValue>",
			     base64, exponent) >= 0);
	BN_free(modulus);
	free(base64);
	return text;
}

static void test_key_value(void **state)
{
	static const struct {
		enum signer_key key;
		const char *exponent;
		enum xml_verdict verdict;
	} cases[] = {
		{SIGNER_KEY_OWN, "AQAB", XML_HOLDS},
		{SIGNER_KEY_OWN, "Aw==", XML_CONTRADICTS},
		{SIGNER_KEY_OTHER, "AQAB", XML_CONTRADICTS},
		{SIGNER_KEY_OWN, "?", XML_CONTRADICTS},
	};
	char *bare, *begin, *own, *text;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		text = key_value(cases[i].key, cases[i].exponent);
		assert_said(with("<X509Data>", text, true), cases[i].verdict,
			    cases[i].verdict == XML_HOLDS ? "" : "KeyValue");
		free(text);
	}
	assert_said(with("<X509Data>", "<KeyValue><DSAKeyValue/></KeyValue>", true), XML_REFUSED,
		    "KeyValue");
	assert_said(with("<X509Data>", "<KeyValue>Mallory</KeyValue>", true), XML_REFUSED,
		    "KeyValue");
	/* It is nobody's without a certificate. */
	bare = with("<X509Data>", "", true);
	begin = strstr(bare, "<X509Data>");
	assert_non_null(begin);
	own = key_value(SIGNER_KEY_OWN, "AQAB");
	assert_true(asprintf(&text, "%.*s%s</KeyInfo></Signature></a>", (int)(begin - bare), bare,
			     own) >= 0);
	assert_said(text, XML_REFUSED, "KeyValue");
	free(bare);
	free(own);
}

static void test_certificate_is_read(void **state)
{
	unsigned char *der = NULL;
	int length = i2d_X509(signer_own(), &der);
	char *base64, *text;

	(void)state;
	assert_beside(XML_REFUSED, "X509Certificate",
		      "<X509Certificate>Pay to Mallory</X509Certificate>");
	assert_beside(XML_REFUSED, "X509Certificate", "<X509Certificate/>");
	/* A byte is behind it. */
	der = realloc(der, (size_t)length + 1);
	assert_non_null(der);
	der[length] = 0;
	base64 = xml_base64(der, (size_t)length + 1);
	assert_true(asprintf(&text, "<X509Certificate>%s</X509Certificate>", base64) >= 0);
	assert_beside(XML_REFUSED, "X509Certificate", text);
	free(der);
	free(base64);
	free(text);
}

/* What is not signed is told, if honest signers have it, and refused otherwise. */
static void test_unsigned(void **state)
{
	static const struct {
		const char *place, *more;
		enum xml_verdict verdict;
		const char *said;
	} cases[] = {
		{"<X509Data>", "<KeyName>my key</KeyName>", XML_HOLDS, "KeyName"},
		{"<X509Data>", "<KeyName/><KeyName>2</KeyName>", XML_HOLDS, "KeyName"},
		{"<X509Data>", "<KeyName><b>1</b></KeyName>", XML_REFUSED, "KeyName"},
		{"<X509Data>", "<KeyName><KeyName/></KeyName>", XML_REFUSED, "KeyName"},
		{"</X509Data>", "<X509CRL>AAAA</X509CRL>", XML_HOLDS, "X509CRL"},
		{"</X509Data>", "<X509CRL><X509SKI/></X509CRL>", XML_REFUSED, "X509CRL"},
		{"</X509Data>",
		 "<X509Digest xmlns=\"http://www.w3.org/2009/xmldsig11#\" Algorithm=\"a\">A"
		 "</X509Digest>",
		 XML_HOLDS, "X509Digest"},
		{"</X509Data>", "<PGPKeyID>1</PGPKeyID>", XML_REFUSED, "PGPKeyID"},
		{"</Signature>", "<Object><SignatureProperties/></Object>", XML_HOLDS, "Object"},
		{"</Signature>",
		 "<Object><q:QualifyingProperties xmlns:q=\"http://uri.etsi.org/01903/v1.3.2#\" "
		 "Target=\"#x\"><q:UnsignedProperties><q:x y=\"1\">2</q:x></q:UnsignedProperties>"
		 "</q:QualifyingProperties></Object>",
		 XML_HOLDS, "Object"},
		{"</Signature>",
		 "<Object><SignatureProperties><x xmlns=\"http://www.w3.org/2000/09/xmldsig#x\">2"
		 "</x></SignatureProperties></Object>",
		 XML_REFUSED, "Object"},
		{"<X509Data>", "Pay to Mallory", XML_REFUSED, "KeyInfo"},
		{"<X509Certificate>", "Pay to Mallory", XML_REFUSED, "X509Data"},
		{"<X509Data>", "<?pay to Mallory?>", XML_REFUSED, "pay"},
		{"<KeyInfo>", "<?pay to Mallory?>", XML_REFUSED, "pay"},
		{"<SignatureValue>", "<?pay to Mallory?>", XML_REFUSED, "pay"},
		{"<SignedInfo>", "<?pay to Mallory?>", XML_REFUSED, "pay"},
		{"</X509Certificate>", "<?pay to Mallory?>", XML_REFUSED, "pay"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_said(with(cases[i].place, cases[i].more, true), cases[i].verdict,
			    cases[i].said);
}

static void test_attributes(void **state)
{
	static const struct {
		const char *place, *more;
		enum xml_verdict verdict;
		const char *said;
	} cases[] = {
		{"<KeyInfo>", "<KeyInfo Id=\"a\">", XML_HOLDS, ""},
		{"<SignatureValue>", "<SignatureValue Id=\"a\">", XML_HOLDS, ""},
		{"<KeyInfo>", "<KeyInfo pay=\"Mallory\">", XML_REFUSED, "pay"},
		{"<X509Data>", "<X509Data pay=\"Mallory\">", XML_REFUSED, "pay"},
		{"<SignatureValue>", "<SignatureValue pay=\"Mallory\">", XML_REFUSED, "pay"},
		{"<Signature ", "<Signature pay=\"Mallory\" ", XML_REFUSED, "pay"},
		{"<Signature ", "<Signature xml:lang=\"en\" ", XML_REFUSED, "lang"},
		{"<Signature ", "<Signature xmlns:x=\"urn:x\" x:Id=\"a\" ", XML_REFUSED, "Id"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_said(with(cases[i].place, cases[i].more, false), cases[i].verdict,
			    cases[i].said);
}

/* --- how it is shown ------------------------------------------------------------------------- */

/* Return a document of these bytes as it is judged to be shown: by which file, or by which
 * characters. */
static struct xml_report report_of(const char *before, const char *after)
{
	struct xml_report report;
	struct xml_trouble trouble;
	char *text;

	place_write("document.xml", "<a>1</a>");
	assert_true(asprintf(&text, "%s%s", before, after) >= 0);
	place_write("document.xml", text);
	free(text);
	assert_int_equal(xml_verify("document.xml", NULL, &report, &trouble), XML_OK);
	assert_int_equal(report.count, 1);
	return report;
}

#define SVG(name, attributes) "<s:" name " xmlns:s=\"http://www.w3.org/2000/svg\" " attributes "/>"
#define HTML(name, attributes)                                                                     \
	"<h:" name " xmlns:h=\"http://www.w3.org/1999/xhtml\" " attributes "/>"

/* What is shown by way of elements is found wherever they stand, each once, and all of it. */
static void test_shown_inside(void **state)
{
	static const struct {
		const char *element, *file;
	} cases[] = {
		{"<h:script xmlns:h=\"http://www.w3.org/1999/xhtml\" src=\"x.js\"/>", "x.js"},
		{"<h:img xmlns:h=\"http://www.w3.org/1999/xhtml\" src=\"DATA:image/png,\"/>", NULL},
		{"<h:link xmlns:h=\"http://www.w3.org/1999/xhtml\" href=\"x.css\"/>", "x.css"},
		{"<h:a xmlns:h=\"http://www.w3.org/1999/xhtml\" href=\"x.html\"/>", NULL},
		{"<h:object xmlns:h=\"http://www.w3.org/1999/xhtml\" data=\"x.svg\"/>", "x.svg"},
		{"<h:style xmlns:h=\"http://www.w3.org/1999/xhtml\">@IMPORT 'x';</h:style>",
		 "@IMPORT 'x';"},
		{"<h:style xmlns:h=\"http://www.w3.org/1999/xhtml\">b {}</h:style>", NULL},
		{"<h:p xmlns:h=\"http://www.w3.org/1999/xhtml\" style=\"background: url(x)\"/>",
		 "background: url(x)"},
		{"<s:use xmlns:s=\"http://www.w3.org/2000/svg\" href=\"#x\"/>", NULL},
		{"<s:image xmlns:s=\"http://www.w3.org/2000/svg\" "
		 "xmlns:l=\"http://www.w3.org/1999/xlink\" l:href=\"x.png\"/>",
		 "x.png"},
		{SVG("linearGradient", "href=\"x.svg#g\""), "x.svg#g"},
		{SVG("textPath", "href=\"x.svg#p\""), "x.svg#p"},
		{SVG("use", "href=\"x.svg#p\""), "x.svg#p"},
		{SVG("script", "href=\"x.js\""), "x.js"},
		{SVG("feImage", "href=\"x.png\""), "x.png"},
		{SVG("a", "href=\"x.html\""), NULL},
		{SVG("rect", "fill=\"url(#p)\""), NULL},
		{SVG("rect", "fill=\"url('x.svg#p')\""), "url('x.svg#p')"},
		{SVG("rect", "mask=\"URL( x.svg#m)\""), "URL( x.svg#m)"},
		{SVG("rect", "fill=\"u\\72l(x.svg)\""), "u\\72l(x.svg)"},
		{SVG("rect", "style=\"fill: url(#p)\""), NULL},
		{SVG("rect", "style=\"fill: url(#p) url(x.png)\""), "fill: url(#p) url(x.png)"},
		{SVG("set", "attributeName=\"xlink:href\" to=\"x.png\""), "xlink:href"},
		{SVG("set", "attributeName=\"x\" to=\"1\""), NULL},
		{HTML("p", "style=\"background: u\\72l(x.png)\""), "background: u\\72l(x.png)"},
		{HTML("p", "style=\"background: image-set('x.png' 1x)\""),
		 "background: image-set('x.png' 1x)"},
		{HTML("link", "imagesrcset=\"x.png 1x\""), "x.png 1x"},
		{HTML("applet", "code=\"x.class\""), "x.class"},
		{HTML("meta", "http-equiv=\"Refresh\" content=\"0; url=x.html\""), "0; url=x.html"},
		{HTML("meta", "name=\"refresh\" content=\"0; url=x.html\""), NULL},
		{"<h:style xmlns:h=\"http://www.w3.org/1999/xhtml\"><b/>@import 'x';</h:style>",
		 "@import 'x';"},
		{"<x:copy-of xmlns:x=\"http://www.w3.org/1999/XSL/Transform\" "
		 "select=\"document('x.xml')\"/>",
		 "document('x.xml')"},
		{"<x:import xmlns:x=\"http://www.w3.org/1999/XSL/Transform\" href=\"x.xsl\"/>",
		 "x.xsl"},
		{"<x:include xmlns:x=\"http://www.w3.org/2001/XInclude\" href=\"x.xml\"/>",
		 "x.xml"},
		{"<import href=\"x.xsl\"/>", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text = with("<b>", cases[i].element, true);
		struct xml_report report = report_of("", text);

		assert_int_equal(report.signatures[0].sheets_count, cases[i].file != NULL);
		if (cases[i].file != NULL)
			assert_string_equal(report.signatures[0].sheets[0], cases[i].file);
		xml_report_free(&report);
		free(text);
	}
}

/* However many there are, none hides another. */
static void test_shown_by_many(void **state)
{
	char before[3000] = "<?xml-stylesheet href=\"same.xsl\"?>";
	char *text = with("</Signature>", "", true);
	struct xml_report report;

	(void)state;
	for (int i = 0; i < 60; i++)
		snprintf(before + strlen(before), sizeof(before) - strlen(before),
			 "<?xml-stylesheet href=\"%s\"?>", i < 59 ? "same.xsl" : "last.xsl");
	for (char i = 'a'; i <= 'x'; i++)
		snprintf(before + strlen(before), sizeof(before) - strlen(before),
			 "<?xml-stylesheet href=\"%c\"?>", i);
	report = report_of(before, text);
	assert_int_equal(report.signatures[0].sheets_count, 26);
	assert_string_equal(report.signatures[0].sheets[1], "last.xsl");
	assert_string_equal(report.signatures[0].sheets[25], "x");
	xml_report_free(&report);
	free(text);
}

static void test_shown_by(void **state)
{
	static const struct {
		const char *before, *sheet;
	} cases[] = {
		{"", NULL},
		{"<?other href=\"a.xsl\"?>", NULL},
		{"<?xml-stylesheet href=\"a.xsl\" type=\"text/xsl\"?>", "a.xsl"},
		{"<?xml-stylesheet type='text/xsl' href = 'a.xsl'?>", "a.xsl"},
		{"<?xml-stylesheet href=\"#style\"?>", NULL},
		{"<?xml-stylesheet href=\"#style\" href=\"a.xsl\"?>",
		 "href=\"#style\" href=\"a.xsl\""},
		{"<?xml-stylesheet x?>", "x"},
		{"<?xml-stylesheet?>", ""},
	};
	char *text = with("</Signature>", "", true);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct xml_report report = report_of(cases[i].before, text);

		assert_int_equal(report.signatures[0].sheets_count, cases[i].sheet != NULL);
		if (cases[i].sheet != NULL)
			assert_string_equal(report.signatures[0].sheets[0], cases[i].sheet);
		xml_report_free(&report);
	}
	free(text);
}

static void test_disputed(void **state)
{
	static const struct {
		const char *encoding, *bytes, *characters;
	} cases[] = {
		{"Shift_JIS", "\\ \\ ~ \x81\x60", "¥‾〜"},
		{"Shift_JIS", "\x82\xa0", NULL},
		{"Windows-31J", "\\ \x81\x60", "～"},
		{"EUC-JP", "\\ \xa1\xdd", "−"},
		{"ISO-8859-1", "5\x80 \x85\xa5", "U+0080 U+0085"},
		{"ISO-8859-1", "\xa5", NULL},
		{"UTF-8", "¥〜", NULL},
	};
	char *text = with("</Signature>", "", true);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct xml_report report;
		char *head;

		/* It is of no matter whether the signature holds. */
		assert_true(asprintf(&head, "<?xml version=\"1.0\" encoding=\"%s\"?><?x %s?>",
				     cases[i].encoding, cases[i].bytes) >= 0);
		report = report_of(head, text);
		assert_string_equal(report.encoding, cases[i].encoding);
		if (cases[i].characters == NULL)
			assert_null(report.disputed);
		else
			assert_string_equal(report.disputed, cases[i].characters);
		xml_report_free(&report);
		free(head);
	}
	free(text);
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, place_set_up, place_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_name),     IN_PLACE(test_certificate_is_named),
		IN_PLACE(test_chain_is_named),   IN_PLACE(test_key_identifier),
		cmocka_unit_test(test_quotes),   cmocka_unit_test(test_long_name),
		IN_PLACE(test_chain_is_checked), IN_PLACE(test_nothing_is_said),
		IN_PLACE(test_key_value),        IN_PLACE(test_certificate_is_read),
		IN_PLACE(test_unsigned),         IN_PLACE(test_attributes),
		IN_PLACE(test_shown_by),         IN_PLACE(test_shown_inside),
		IN_PLACE(test_shown_by_many),    IN_PLACE(test_disputed),
	};

	return cmocka_run_group_tests(tests, NULL, signer_forget);
}
