/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_xml_verify: a signature in XML is judged by what it covers, and nothing that was moved,
 * added or exchanged is taken for signed. */
#include "unit.h"

#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "document/xml_base64.h"
#include "document/xml_sign.h"
#include "document/xml_verify.h"
#include "place.h"
#include "signer.h"

#define NOW  1796000000
#define C14N "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
#define NAMED(name)                                                                                \
	"<申請書属性情報><申請書ファイル名称>" name "</申請書ファイル名称></申請書属性情報>"
#define STRUCTURE "<構成情報 ID=\"構成情報\">" NAMED("one.xml") NAMED("two.xml") "</構成情報>"
#define FILING    "<DataRoot>" STRUCTURE "<その他/></DataRoot>"
#define TAX       "<DATA><RKO0010 id=\"RKO0010\">1</RKO0010></DATA>"

/* Sign a text by a key, and return the result, which the caller frees. */
static char *sign_by(const char *text, enum xml_profile profile, EVP_PKEY *key, X509 *certificate)
{
	struct xml_prepared prepared;
	struct xml_trouble trouble;
	BIO *out = BIO_new(BIO_s_mem());
	char *data, *copy;
	long length;

	place_write("one.xml", "<a/>");
	place_write("two.xml", "<b/>");
	place_write("document.xml", text);
	assert_int_equal(xml_prepare("document.xml", profile, NOW, &prepared, &trouble), XML_OK);
	assert_true(xml_sign(&prepared, key, certificate, out));
	xml_prepared_free(&prepared);
	length = BIO_get_mem_data(out, &data);
	copy = strndup(data, (size_t)length);
	assert_non_null(copy);
	BIO_free(out);
	return copy;
}

static char *sign(const char *text, enum xml_profile profile)
{
	return sign_by(text, profile, signer_key(SIGNER_KEY_OWN), signer_own());
}

/* Replace a part of a text, which must be there; frees the text. */
static char *replace(char *text, const char *from, const char *to)
{
	char *place = strstr(text, from);
	char *result;

	assert_non_null(place);
	assert_true(asprintf(&result, "%.*s%s%s", (int)(place - text), text, to,
			     place + strlen(from)) >= 0);
	free(text);
	return result;
}

static struct xml_report verify(const char *text)
{
	struct xml_report report;
	struct xml_trouble trouble;

	place_write("document.xml", text);
	assert_int_equal(xml_verify("document.xml", NULL, &report, &trouble), XML_OK);
	return report;
}

/* Assert the verdict on the only signature, and its name unless that is NULL. Frees the text. */
static void assert_verdict(char *text, enum xml_verdict verdict, const char *name)
{
	struct xml_report report = verify(text);

	assert_int_equal(report.count, 1);
	assert_int_equal(report.signatures[0].verdict, verdict);
	if (name != NULL)
		assert_string_equal(report.signatures[0].name, name);
	if (verdict == XML_HOLDS || verdict == XML_PART)
		assert_string_equal(report.signatures[0].name, "");
	xml_report_free(&report);
	free(text);
}

/* --- what holds ------------------------------------------------------------------------------ */

static void test_whole_document(void **state)
{
	char *text = sign("<a><b>1</b></a>", XML_ENVELOPED);
	struct xml_report report = verify(text);

	(void)state;
	assert_int_equal(report.count, 1);
	assert_int_equal(report.signatures[0].verdict, XML_HOLDS);
	assert_true(report.signatures[0].whole);
	assert_int_equal(report.signatures[0].files_count, 0);
	assert_int_equal(X509_cmp(report.signatures[0].certificate, signer_own()), 0);
	xml_report_free(&report);
	free(text);
}

static void test_filing(void **state)
{
	char *text = sign(FILING, XML_E_GOV);
	char *both = sign(text, XML_E_GOV);
	struct xml_report report = verify(both);

	(void)state;
	assert_int_equal(report.count, 2);
	for (size_t i = 0; i < 2; i++) {
		const struct xml_signature *one = &report.signatures[i];

		assert_int_equal(one->verdict, XML_HOLDS);
		assert_false(one->whole);
		assert_int_equal(one->covered_count, 1);
		assert_string_equal(one->covered[0], "構成情報");
		assert_int_equal(one->files_count, 2);
		assert_string_equal(one->files[1], "two.xml");
	}
	xml_report_free(&report);
	free(text);
	free(both);
}

static void test_tax(void **state)
{
	(void)state;
	assert_verdict(sign(TAX, XML_E_TAX), XML_HOLDS, NULL);
}

/* A hundred signatures are judged, and a document with more is refused. */
static void test_many_signatures(void **state)
{
	static const char one[] = "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/>";
	struct xml_trouble trouble;
	struct xml_report report;
	char *text = calloc(1, 101 * sizeof(one) + 16);

	(void)state;
	assert_non_null(text);
	strcpy(text, "<a>");
	for (size_t i = 0; i < 100; i++)
		strcat(text, one);
	strcat(text, "</a>");
	report = verify(text);
	assert_int_equal(report.count, 100);
	xml_report_free(&report);
	strcpy(text + strlen(text) - strlen("</a>"), one);
	strcat(text, "</a>");
	place_write("document.xml", text);
	assert_int_equal(xml_verify("document.xml", NULL, &report, &trouble), XML_TOO_LARGE);
	free(text);
}

static void test_no_signature(void **state)
{
	struct xml_report report = verify("<a/>");
	struct xml_trouble trouble;

	(void)state;
	assert_int_equal(report.count, 0);
	xml_report_free(&report);
	assert_int_equal(xml_verify("missing.xml", NULL, &report, &trouble), XML_UNREADABLE);
	place_write("document.xml", "<!DOCTYPE a><a/>");
	assert_int_equal(xml_verify("document.xml", NULL, &report, &trouble), XML_DOCTYPE);
}

/* --- what was changed ------------------------------------------------------------------------ */

static void test_changed(void **state)
{
	static const struct {
		const char *from, *to;
		enum xml_verdict verdict;
	} rows[] = {
		{"<b>1</b>", "<b>2</b>", XML_OTHER_CONTENT},
		{"<b>1</b>", "<b>1</b><c/>", XML_OTHER_CONTENT},
		{"<b>1</b>", "<b>1<!-- no content --></b>", XML_HOLDS},
		{"</Signature>", "</Signature><c/>", XML_OTHER_CONTENT},
		{"<DigestValue>", "<DigestValue>A", XML_BROKEN},
		{"<SignatureValue>", "<SignatureValue>AAAA", XML_BROKEN},
		{"<SignatureValue>", "<SignatureValue>\n ", XML_HOLDS},
		{" Id=\"Signature-", " Id=\"x-", XML_HOLDS},
		{"rsa-sha256", "rsa-sha512", XML_BROKEN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_verdict(
			replace(sign("<a><b>1</b></a>", XML_ENVELOPED), rows[i].from, rows[i].to),
			rows[i].verdict, NULL);
}

static void test_refused(void **state)
{
	static const struct {
		const char *from, *to, *name;
	} rows[] = {
		{"rsa-sha256", "hmac-sha256", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"},
		{"rsa-sha256", "rsa-md5", "http://www.w3.org/2001/04/xmldsig-more#rsa-md5"},
		{"rsa-sha256", "rsa-sha224", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha224"},
		{"rsa-sha256", "ecdsa-sha256",
		 "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"},
		{"xmlenc#sha256", "xmlenc#ripemd160", "http://www.w3.org/2001/04/xmlenc#ripemd160"},
		{"xmlenc#sha256", "xmlenc#md5", "http://www.w3.org/2001/04/xmlenc#md5"},
		{"REC-xml-c14n-20010315", "REC-xml-c14n-20010315#WithComments",
		 "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments"},
		{"http://www.w3.org/2000/09/xmldsig#enveloped-signature",
		 "http://www.w3.org/TR/1999/REC-xpath-19991116",
		 "http://www.w3.org/TR/1999/REC-xpath-19991116"},
		{"http://www.w3.org/2000/09/xmldsig#enveloped-signature",
		 "http://www.w3.org/TR/1999/REC-xslt-19991116",
		 "http://www.w3.org/TR/1999/REC-xslt-19991116"},
		{"http://www.w3.org/2000/09/xmldsig#enveloped-signature",
		 "http://www.w3.org/2002/06/xmldsig-filter2",
		 "http://www.w3.org/2002/06/xmldsig-filter2"},
		{"http://www.w3.org/2000/09/xmldsig#enveloped-signature",
		 "http://www.w3.org/2000/09/xmldsig#base64",
		 "http://www.w3.org/2000/09/xmldsig#base64"},
		{"http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
		 "http://www.w3.org/2006/12/xml-c14n11#WithComments",
		 "http://www.w3.org/2006/12/xml-c14n11#WithComments"},
		{"http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
		 "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
		 "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"},
		{"URI=\"\"", "URI=\"http://127.0.0.1/x\"", "http://127.0.0.1/x"},
		{"URI=\"\"", "URI=\"cid:x\"", "cid:x"},
		{"URI=\"\"", "URI=\"one.xml?x\"", "one.xml?x"},
		{"URI=\"\"", "URI=\"file:///etc/passwd\"", "file:///etc/passwd"},
		{"URI=\"\"", "URI=\"#xpointer(/)\"", "#xpointer(/)"},
		{"URI=\"\"", "URI=\"#%zz\"", "#%zz"},
		{"URI=\"\"", "URI=\"%FF\"", "%FF"},
		{" URI=\"\"", "", "Reference"},
		{"<KeyInfo>", "<KeyInfo><RetrievalMethod URI=\"#a\"/>", "RetrievalMethod"},
		{"</KeyInfo>", "<RetrievalMethod URI=\"#a\"/><KeyValue/></KeyInfo>",
		 "RetrievalMethod"},
		{"</KeyInfo>", "<Object>2</Object><KeyValue/></KeyInfo>", "Object"},
		{"<X509Data>", "<X509Data>Pay", "X509Data"},
		{"<X509Data>", "<X509Data>Pay</X509Data><X509Data>", "X509Data"},
		{"<KeyInfo>", "<KeyInfo>Pay", "KeyInfo"},
		{"<X509Data", "<X509Data MimeType=\"pay\"", "MimeType"},
		{"<X509Data", "<X509Data Target=\"pay\"", "Target"},
		{"<X509Data", "<X509Data Algorithm=\"pay\"", "Algorithm"},
		{"<X509Data",
		 "<X509Data xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" i:note=\"pay\"",
		 "note"},
		{"<SignatureValue", "<SignatureValue Encoding=\"pay\"", "Encoding"},
		{"</KeyInfo>", "</KeyInfo><Object><b>2</b></Object>", "Object"},
		{"</KeyInfo>", "</KeyInfo><b>2</b>", "b"},
		{"<SignatureValue>", "<b/><SignatureValue>", "Signature"},
		{"</SignedInfo>", "<b/></SignedInfo>", "b"},
		{"</DigestValue>", "</DigestValue><b/>", "Reference"},
		{"</Transforms>", "<Transform Algorithm=\"" C14N "\"/></Transforms>", C14N},
		{C14N "\"/><SignatureMethod",
		 C14N "\"><InclusiveNamespaces xmlns=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>"
		      "</CanonicalizationMethod><SignatureMethod",
		 "InclusiveNamespaces"},
		{"rsa-sha256\"/>",
		 "rsa-sha256\"><HMACOutputLength>1</HMACOutputLength></SignatureMethod>",
		 "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_verdict(
			replace(sign("<a><b>1</b></a>", XML_ENVELOPED), rows[i].from, rows[i].to),
			XML_REFUSED, rows[i].name);
}

/* A list of other References proves nothing of what they refer to. */
static void test_manifest(void **state)
{
	char *text = replace(sign("<a/>", XML_ENVELOPED), "URI=\"\"", "URI=\"#m\"");

	(void)state;
	assert_verdict(
		replace(text, "</KeyInfo>", "</KeyInfo><Object Id=\"m\"><Manifest/></Object>"),
		XML_REFUSED, "Manifest");
}

/* The certificate is the one that the signature fits, whatever stands before and behind it. */
static void test_more_certificates(void **state)
{
	X509 *other = signer_for_signing(SIGNER_KEY_OTHER);
	unsigned char *der = NULL;
	int length = i2d_X509(other, &der);
	char *base64 = xml_base64(der, (size_t)length);
	char *text = sign("<a/>", XML_ENVELOPED);
	char *before = NULL, *behind = NULL;
	struct xml_report report;

	(void)state;
	assert_true(asprintf(&before,
			     "<KeyInfo><X509Data><X509Certificate>%s</X509Certificate>"
			     "</X509Data>",
			     base64) >= 0);
	assert_true(asprintf(&behind, "%s</KeyInfo>", before + strlen("<KeyInfo>")) >= 0);
	text = replace(replace(text, "</KeyInfo>", behind), "<KeyInfo>", before);
	report = verify(text);
	assert_int_equal(report.signatures[0].verdict, XML_HOLDS);
	assert_int_equal(X509_cmp(report.signatures[0].certificate, signer_own()), 0);
	xml_report_free(&report);
	/* With three there, twenty: and one more, of which each could be to try. */
	for (int i = 3; i < 20; i++)
		text = replace(text, "</KeyInfo>", behind);
	assert_verdict(strdup(text), XML_HOLDS, NULL);
	assert_verdict(replace(text, "</KeyInfo>", behind), XML_REFUSED, "X509Certificate");
	X509_free(other);
	OPENSSL_free(der);
	free(base64);
	free(before);
	free(behind);
}

static void test_key(void **state)
{
	char *text = sign("<a/>", XML_ENVELOPED);
	char *data = strstr(text, "<KeyInfo>");
	struct xml_report report;
	struct xml_trouble trouble;
	X509 *other = signer_for_signing(SIGNER_KEY_OTHER);

	(void)state;
	/* Without a certificate, unless somebody gives one. */
	assert_non_null(data);
	strcpy(data, "</Signature></a>");
	place_write("document.xml", text);
	assert_int_equal(xml_verify("document.xml", signer_own(), &report, &trouble), XML_OK);
	assert_int_equal(report.signatures[0].verdict, XML_HOLDS);
	xml_report_free(&report);
	assert_int_equal(xml_verify("document.xml", other, &report, &trouble), XML_OK);
	assert_int_equal(report.signatures[0].verdict, XML_BROKEN);
	assert_null(report.signatures[0].certificate);
	xml_report_free(&report);
	assert_verdict(text, XML_NO_CERTIFICATE, NULL);
	/* A bare key is nobody's. */
	text = sign("<a/>", XML_ENVELOPED);
	data = strstr(text, "<KeyInfo>");
	assert_non_null(data);
	strcpy(data, "<KeyInfo><KeyValue/></KeyInfo></Signature></a>");
	assert_verdict(text, XML_REFUSED, "KeyValue");
	X509_free(other);
}

/* A key that takes long to verify by is nobody's. */
static void test_long_exponent(void **state)
{
	static const struct {
		int bits;
		enum xml_verdict verdict;
	} rows[] = {{63, XML_HOLDS}, {64, XML_BROKEN}};
	X509 *certificate = X509_dup(signer_own());

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
		BIGNUM *exponent = BN_new();
		EVP_PKEY *key = NULL;

		BN_set_bit(exponent, rows[i].bits);
		BN_set_bit(exponent, 0);
		assert_int_equal(EVP_PKEY_keygen_init(context), 1);
		assert_int_equal(EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context, exponent), 1);
		assert_int_equal(EVP_PKEY_generate(context, &key), 1);
		assert_int_equal(X509_set_pubkey(certificate, key), 1);
		/* What it is as bytes is made anew only then. */
		assert_true(X509_sign(certificate, signer_key(SIGNER_KEY_CA), EVP_sha256()) > 0);
		assert_verdict(sign_by("<a/>", XML_ENVELOPED, key, certificate), rows[i].verdict,
			       NULL);
		EVP_PKEY_free(key);
		BN_free(exponent);
		EVP_PKEY_CTX_free(context);
	}
	X509_free(certificate);
}

/* --- what was moved -------------------------------------------------------------------------- */

static void test_filing_wrapped(void **state)
{
	/* The signed description is out of the way, and another one is where it is read. */
	char *text = replace(sign(FILING, XML_E_GOV), STRUCTURE,
			     "<構成情報>" NAMED("one.xml") NAMED("two.xml") "<x/></構成情報>");

	(void)state;
	assert_verdict(replace(text, "<その他/>", "<その他>" STRUCTURE "</その他>"), XML_PART,
		       NULL);
	assert_verdict(replace(sign(FILING, XML_E_GOV), "<その他/>", "<構成情報/>"), XML_PART,
		       NULL);
	assert_verdict(replace(sign(FILING, XML_E_GOV), "<その他/>", "<その他 Id=\"構成情報\"/>"),
		       XML_TARGETS, "構成情報");
	assert_verdict(replace(sign(FILING, XML_E_GOV), "<構成情報 ID", "<構成情報 x"),
		       XML_NO_TARGET, "構成情報");
	/* What e-Gov's form does not have signed. */
	assert_verdict(replace(sign(FILING, XML_E_GOV), "<その他/>", "<その他>1</その他>"),
		       XML_HOLDS, NULL);
	/* Where nothing stands. */
	assert_verdict(replace(sign(FILING, XML_E_GOV), "<その他/>", "text"), XML_PART, NULL);
	assert_verdict(replace(sign(FILING, XML_E_GOV), "</署名情報>", "<x/></署名情報>"), XML_PART,
		       NULL);
	assert_verdict(replace(sign(FILING, XML_E_GOV), "<署名情報>", "<署名情報 x=\"1\">"),
		       XML_PART, NULL);
	assert_verdict(replace(sign(FILING, XML_E_GOV), "</署名情報>", "text</署名情報>"),
		       XML_REFUSED, "署名情報");
}

static void test_filing_beside(void **state)
{
	char *text = replace(sign(FILING, XML_E_GOV), "<その他/>",
			     "<その他/><その他/><?x y?><様式ID>1</様式ID>");
	struct xml_report report;
	const struct xml_signature *one;

	(void)state;
	text = replace(text, "<DataRoot>",
		       "<?xml-stylesheet href=\"one.xml\"?><?xml-stylesheet href=\"a.xsl\"?>"
		       "<DataRoot y=\"1\">");
	report = verify(text);
	one = &report.signatures[0];
	assert_int_equal(one->verdict, XML_HOLDS);
	assert_int_equal(one->beside_count, 4);
	assert_string_equal(one->beside[0], "y");
	assert_string_equal(one->beside[1], "その他");
	assert_string_equal(one->beside[2], "x");
	assert_string_equal(one->beside[3], "様式ID");
	/* Of the style sheets one is a file that is signed. */
	assert_int_equal(one->sheets_count, 1);
	assert_string_equal(one->sheets[0], "a.xsl");
	xml_report_free(&report);
	free(text);
}

/* A filing names its attachments, and not all forms sign them. */
static void test_filing_attachments(void **state)
{
	char *text = sign("<DataRoot><構成情報 ID=\"構成情報\">" NAMED(
				  "one.xml") "<添付書類ファイル名称>one.xml</添付書類ファイル名称>"
					     "<添付書類ファイル名称>map.pdf</添付書類ファイル名称>"
					     "<添付書類ファイル名称>map.pdf</添付書類ファイル名称>"
					     "</構成情報></DataRoot>",
			  XML_E_GOV);
	struct xml_report report = verify(text);

	(void)state;
	assert_int_equal(report.signatures[0].verdict, XML_HOLDS);
	assert_int_equal(report.signatures[0].beside_count, 1);
	assert_string_equal(report.signatures[0].beside[0], "map.pdf");
	xml_report_free(&report);
	free(text);
}

/* All of them are named, however many there are. */
static void test_filing_many_attachments(void **state)
{
	char filing[4000] = "<DataRoot><構成情報 ID=\"構成情報\">" NAMED("one.xml");
	struct xml_report report;
	char *text;

	(void)state;
	for (int i = 1; i <= 30; i++)
		snprintf(filing + strlen(filing), sizeof(filing) - strlen(filing),
			 "<添付書類ファイル名称>%d.pdf</添付書類ファイル名称>", i);
	strcat(filing, "</構成情報></DataRoot>");
	text = sign(filing, XML_E_GOV);
	report = verify(text);
	assert_int_equal(report.signatures[0].beside_count, 30);
	assert_string_equal(report.signatures[0].beside[29], "30.pdf");
	xml_report_free(&report);
	free(text);
}

static void test_filing_files(void **state)
{
	char *text = sign(FILING, XML_E_GOV);

	(void)state;
	place_write("two.xml", "<c/>");
	assert_verdict(strdup(text), XML_OTHER_CONTENT, "two.xml");
	assert_int_equal(unlink("two.xml"), 0);
	assert_verdict(strdup(text), XML_NO_FILE_BESIDE, "two.xml: No such file or directory");
	assert_int_equal(symlink("one.xml", "two.xml"), 0);
	assert_verdict(text, XML_FILE_OUTSIDE, "two.xml");
}

static void test_tax_wrapped(void **state)
{
	static const char procedure[] = "<RKO0010 id=\"RKO0010\">1</RKO0010>";

	(void)state;
	assert_verdict(replace(sign(TAX, XML_E_TAX), "</DATA>", "<more/></DATA>"), XML_PART, NULL);
	assert_verdict(replace(sign(TAX, XML_E_TAX), "<DATA>", "<DATA>more"), XML_PART, NULL);
	assert_verdict(replace(sign(TAX, XML_E_TAX), "<DATA>", "<DATA more=\"1\">"), XML_PART,
		       NULL);
	assert_verdict(replace(sign(TAX, XML_E_TAX), "<DATA>", "<DATA id=\"a\">"), XML_HOLDS, NULL);
	assert_verdict(replace(sign(TAX, XML_E_TAX), procedure,
			       "<RKO0010><x><RKO0010 id=\"RKO0010\">1</RKO0010></x></RKO0010>"),
		       XML_PART, NULL);
	assert_verdict(
		replace(replace(sign(TAX, XML_E_TAX), "<DATA>", "<DATUM>"), "</DATA>", "</DATUM>"),
		XML_PART, NULL);
}

/* To name a file a thousand times is no way to keep the reader busy. */
static void test_file_is_read_once(void **state)
{
	static const char digest[] = "URI=\"one.xml\"><DigestMethod Algorithm=\""
				     "http://www.w3.org/2001/04/xmlenc#sha256\"/><DigestValue>";
	static const char *const behind[] = {"\n", "AAAA"};
	char *text = sign("<DataRoot><構成情報 ID=\"構成情報\">" NAMED("one.xml") NAMED("two.xml")
				  NAMED("one.xml") "</構成情報></DataRoot>",
			  XML_E_GOV);
	struct xml_report report = verify(text);

	(void)state;
	assert_int_equal(report.signatures[0].verdict, XML_HOLDS);
	assert_int_equal(report.signatures[0].files_count, 2);
	xml_report_free(&report);
	/* The signature does not hold then, but that is found out later. */
	for (size_t i = 0; i < 2; i++) {
		char *other = strdup(text);
		char *more;

		assert_true(asprintf(&more, "%s%s", digest, behind[i]) >= 0);
		other = replace(other, digest, more);
		report = verify(other);
		assert_int_equal(report.signatures[0].verdict, XML_BROKEN);
		assert_int_equal(report.signatures[0].files_count, 2);
		xml_report_free(&report);
		free(other);
		free(more);
	}
	free(text);
}

/* Comments are not signed, and some programs take what is before or in one for the text. */
static void test_cut_text(void **state)
{
	(void)state;
	assert_verdict(replace(sign("<a><b>10</b></a>", XML_ENVELOPED), "10", "1<!-- -->0"),
		       XML_REFUSED, "b");
	assert_verdict(replace(sign("<a><b>10</b></a>", XML_ENVELOPED), "10", "<!--9-->10"),
		       XML_REFUSED, "b");
	assert_verdict(replace(sign(TAX, XML_E_TAX), ">1<", "><!--9-->1<"), XML_REFUSED, "RKO0010");
	assert_verdict(replace(sign("<a><b>10</b></a>", XML_ENVELOPED), "10", "10<!--9-->"),
		       XML_HOLDS, NULL);
}

/* A section of CDATA is signed as if it were plain text, so it divides a text as a comment does. */
static void test_divided_text(void **state)
{
	static const char *const cut[] = {
		"1<![CDATA[0]]>",          "<![CDATA[1]]>0",         "<![CDATA[1]]><![CDATA[0]]>",
		"<![CDATA[]]>10",          "10<![CDATA[]]>",         "1<!-- --><![CDATA[0]]>",
		"1<!-- --> <![CDATA[0]]>", "<!--9--><![CDATA[10]]>", "1<!-- --><![CDATA[]]>0",
	};
	static const struct {
		const char *text;
		bool divided;
	} kept[] = {
		{"<![CDATA[10]]>", false},
		{"\n<![CDATA[10]]>\n", false},
		{"10<c/><![CDATA[10]]>", false},
		{"10<?x?><![CDATA[10]]>", false},
		{"<!--9--><c/>10", false},
		{"<!--9--><?x?>10", false},
		{"10<![CDATA[10]]><c/>", true},
		{"<script xmlns=\"http://www.w3.org/1999/xhtml\">//<![CDATA[\n10\n//]]>\n</script>",
		 true},
		{"<style xmlns=\"http://www.w3.org/2000/svg\">/*<![CDATA[*/10/*]]>*/</style>",
		 true},
	};
	struct xml_report report;
	char *text;

	(void)state;
	for (size_t i = 0; i < sizeof(cut) / sizeof(cut[0]); i++) {
		text = replace(sign("<a><b>10</b></a>", XML_ENVELOPED), "10", cut[i]);
		report = verify(text);
		assert_int_equal(report.signatures[0].verdict, XML_REFUSED);
		assert_string_equal(report.signatures[0].name, "b");
		xml_report_free(&report);
		free(text);
	}
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		char *filled;

		assert_true(asprintf(&filled, "<a><b>%s</b></a>", kept[i].text) >= 0);
		text = sign(filled, XML_ENVELOPED);
		report = verify(text);
		assert_int_equal(report.signatures[0].verdict, XML_HOLDS);
		assert_int_equal(report.signatures[0].divided, kept[i].divided);
		xml_report_free(&report);
		free(filled);
		free(text);
	}
	assert_verdict(sign("<a><script>10</script></a>", XML_ENVELOPED), XML_HOLDS, NULL);
	assert_verdict(
		replace(sign("<a><script>10</script></a>", XML_ENVELOPED), "10", "1<![CDATA[0]]>"),
		XML_REFUSED, "script");
}

/* An element that has its Id twice is one. */
static void test_id_by_two_names(void **state)
{
	(void)state;
	assert_verdict(
		sign("<DATA><RKO0010 id=\"RKO0010\" Id=\"RKO0010\">1</RKO0010></DATA>", XML_E_TAX),
		XML_HOLDS, NULL);
}

/* Wherever a comment stands, it is told that there is one. */
static void test_comments(void **state)
{
	static const struct {
		const char *from, *to;
		bool comments;
	} rows[] = {
		{"<a>", "<a>", false},
		{"<a>", "<!--9--><a>", true},
		{"<a>", "<a><!--9-->", true},
		{"</b>", "<!--9--></b>", true},
		{"</Signature></a>", "</Signature></a><!--9-->", true},
		{"<Signature ", "<!--9--><Signature ", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *text =
			replace(sign("<a><b>1</b></a>", XML_ENVELOPED), rows[i].from, rows[i].to);
		struct xml_report report = verify(text);

		assert_int_equal(report.signatures[0].verdict, XML_HOLDS);
		assert_int_equal(report.signatures[0].comments, rows[i].comments);
		xml_report_free(&report);
		free(text);
	}
}

/* A file is its bytes, and has no Transforms. */
static void test_file_has_no_transforms(void **state)
{
	(void)state;
	assert_verdict(replace(sign(FILING, XML_E_GOV), "URI=\"one.xml\">",
			       "URI=\"one.xml\"><Transforms><Transform Algorithm=\"" C14N
			       "\"/></Transforms>"),
		       XML_REFUSED, C14N);
}

/* What the process that reads documents says may be anything. */
static void test_answer_is_not_believed(void **state)
{
	static const char *const texts[] = {
		"{}",
		"{\"info\": \"AAAA\", \"hash\": \"SHA256\", \"value\": 1}",
		("{\"info\": \"AAAA\", \"hash\": \"SHA256\", \"value\": \"AAAA\", "
		 "\"files\": [{\"name\": \"a\", \"hash\": \"SHA256\"}]}"),
	};
	struct xml_report report;
	struct xml_trouble trouble;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		json_t *answer = json_pack("{s:[o]}", "signatures", json_loads(texts[i], 0, NULL));

		assert_non_null(answer);
		assert_int_equal(xml_verify_answer(answer, "document.xml", NULL, &report, &trouble),
				 XML_OK);
		assert_int_equal(report.count, 1);
		assert_int_equal(report.signatures[0].verdict, XML_REFUSED);
		assert_string_equal(report.signatures[0].name, "Signature");
		xml_report_free(&report);
		json_decref(answer);
	}
}

static void test_part_is_named(void **state)
{
	char *text = replace(replace(sign(TAX, XML_E_TAX), "<DATA>", "<a><b/>"), "</DATA>", "</a>");
	struct xml_report report = verify(text);

	(void)state;
	assert_int_equal(report.signatures[0].verdict, XML_PART);
	assert_int_equal(report.signatures[0].covered_count, 1);
	assert_string_equal(report.signatures[0].covered[0], "RKO0010");
	xml_report_free(&report);
	free(text);
}

static void test_all_are_judged(void **state)
{
	char *text = sign(FILING, XML_E_GOV);
	char *both = replace(sign(text, XML_E_GOV), "<SignatureValue>", "<SignatureValue>AAAA");
	struct xml_report report = verify(both);

	(void)state;
	assert_int_equal(report.count, 2);
	assert_int_equal(report.signatures[0].verdict, XML_BROKEN);
	assert_int_equal(report.signatures[1].verdict, XML_HOLDS);
	xml_report_free(&report);
	free(text);
	free(both);
}

/* The time in the Id is told as one that nothing covers. */
static void test_time_in_id(void **state)
{
	struct tm tm;
	time_t now = NOW;
	char digits[15];
	char *text = sign(FILING, XML_E_GOV);
	struct xml_report report = verify(text);

	(void)state;
	assert_non_null(localtime_r(&now, &tm));
	assert_true(strftime(digits, sizeof(digits), "%Y%m%d%H%M%S", &tm) > 0);
	assert_string_equal(report.signatures[0].time, digits);
	assert_false(report.signatures[0].time_signed);
	xml_report_free(&report);
	text = replace(text, "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\" Id=\"2",
		       "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\" Id=\"a");
	report = verify(text);
	assert_string_equal(report.signatures[0].time, "");
	xml_report_free(&report);
	free(text);
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, place_set_up, place_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(test_whole_document),
		IN_PLACE(test_filing),
		IN_PLACE(test_tax),
		IN_PLACE(test_no_signature),
		IN_PLACE(test_many_signatures),
		IN_PLACE(test_changed),
		IN_PLACE(test_refused),
		IN_PLACE(test_manifest),
		IN_PLACE(test_more_certificates),
		IN_PLACE(test_key),
		IN_PLACE(test_long_exponent),
		IN_PLACE(test_filing_wrapped),
		IN_PLACE(test_filing_beside),
		IN_PLACE(test_filing_attachments),
		IN_PLACE(test_filing_many_attachments),
		IN_PLACE(test_filing_files),
		IN_PLACE(test_tax_wrapped),
		IN_PLACE(test_file_is_read_once),
		IN_PLACE(test_cut_text),
		IN_PLACE(test_divided_text),
		IN_PLACE(test_id_by_two_names),
		IN_PLACE(test_comments),
		IN_PLACE(test_file_has_no_transforms),
		IN_PLACE(test_answer_is_not_believed),
		IN_PLACE(test_part_is_named),
		IN_PLACE(test_time_in_id),
		IN_PLACE(test_all_are_judged),
	};

	return cmocka_run_group_tests(tests, NULL, signer_forget);
}
