/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_xml_sign: a signature goes into an XML document and changes nothing else, or nothing is
 * made. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "document/xml_arrange.h"
#include "document/xml_base64.h"
#include "document/xml_read.h"
#include "document/xml_sign.h"
#include "document/xml_uri.h"
#include "place.h"
#include "signer.h"

#define NOW        1796000000 /* 2026-11-30 00:53:20 UTC */
#define TEXT(text) text, sizeof(text) - 1

static X509 *own;

static int set_up(void **state)
{
	(void)state;
	setenv("TZ", "JST-9", 1);
	own = signer_for_signing(SIGNER_KEY_OWN);
	return 0;
}

static int tear_down(void **state)
{
	X509_free(own);
	return signer_forget(state);
}

static void write_bytes(const char *name, const void *bytes, size_t length)
{
	FILE *file = fopen(name, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

/* Sign a file of the current directory, and return the result, which the caller frees. */
static char *sign(const char *name, enum xml_profile profile, size_t *length)
{
	struct xml_prepared prepared;
	struct xml_trouble trouble;
	BIO *out = BIO_new(BIO_s_mem());
	char *data, *copy;

	assert_int_equal(xml_prepare(name, profile, NOW, &prepared, &trouble), XML_OK);
	assert_true(xml_sign(&prepared, signer_key(SIGNER_KEY_OWN), own, out));
	xml_prepared_free(&prepared);
	*length = (size_t)BIO_get_mem_data(out, &data);
	copy = malloc(*length + 1);
	assert_non_null(copy);
	memcpy(copy, data, *length);
	copy[*length] = '\0';
	BIO_free(out);
	return copy;
}

static void assert_fault(const char *text, enum xml_profile profile, enum xml_fault fault,
			 const char *detail)
{
	struct xml_prepared prepared;
	struct xml_trouble trouble;

	place_write("document.xml", text);
	assert_int_equal(xml_prepare("document.xml", profile, NOW, &prepared, &trouble), fault);
	assert_int_equal(trouble.fault, fault);
	if (detail != NULL)
		assert_string_equal(trouble.detail, detail);
	xml_prepared_free(&prepared);
}

/* --- the rest stays as it is ----------------------------------------------------------------- */

/* A document in some encoding: what is before the signature, and what is behind it. */
static const struct {
	const char *before;
	size_t before_length;
	const char *behind;
	size_t behind_length;
} encoded[] = {
	{TEXT("<a>"), TEXT("</a>")},
	{TEXT("<?xml version='1.0' standalone=\"no\" ?>\r\n<!-- - --><a  b = "
	      "'1'\r\n><c/>\r\n<![CDATA[<]]>"),
	 TEXT("</a >\r\n<?p i?>\r\n<!-- </b> -->")},
	{TEXT("\xEF\xBB\xBF<a>\xE3\x81\x82\xF0\xA0\xAE\xB7\xF3\xA0\x84\x81\xEE\x80\x80"),
	 TEXT("</a>")},
	{TEXT("<p:a xmlns:p='urn:p' xmlns=\"\" xml:lang=\"ja\">&#13;&lt;"), TEXT("</p:a>")},
	{TEXT("<?xml version=\"1.0\" encoding=\"Shift_JIS\"?><a>\x83\x5C\x94\x5C"), TEXT("</a>")},
	{TEXT("<?xml version=\"1.0\" encoding=\"EUC-JP\"?><a>\xA4\xA2"), TEXT("</a>\n")},
	{TEXT("<?xml version=\"1.0\" encoding=\"Windows-31J\"?><a>\x87\x40\x81\x60"), TEXT("</a>")},
	{TEXT("<?xml version=\"1.0\" encoding=\"ISO-2022-JP\"?><a>\x1B$B$\"\x1B(B"), TEXT("</a>")},
	{TEXT("\xFF\xFE<\0a\0>\0\x42\x30"), TEXT("<\0/\0a\0>\0")},
	{TEXT("\xFE\xFF\0<\0a\0>\x30\x42"), TEXT("\0<\0/\0a\0>")},
};

static void test_rest_is_untouched(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(encoded) / sizeof(encoded[0]); i++) {
		size_t before = encoded[i].before_length, behind = encoded[i].behind_length;
		char bytes[512];
		size_t length;
		char *result;

		memcpy(bytes, encoded[i].before, before);
		memcpy(bytes + before, encoded[i].behind, behind);
		write_bytes("document.xml", bytes, before + behind);
		result = sign("document.xml", XML_ENVELOPED, &length);
		assert_true(length > before + behind + 1000);
		assert_memory_equal(result, encoded[i].before, before);
		assert_memory_equal(result + length - behind, encoded[i].behind, behind);
		free(result);
	}
}

static void test_empty_root_is_opened(void **state)
{
	static const char begin[] = "<p:a xmlns:p=\"urn:p\" ><Signature ";
	static const char end[] = "</Signature></p:a>\n";
	size_t length;
	char *result;

	(void)state;
	place_write("document.xml", "<p:a xmlns:p=\"urn:p\" />\n");
	result = sign("document.xml", XML_ENVELOPED, &length);
	assert_memory_equal(result, begin, strlen(begin));
	assert_string_equal(result + length - strlen(end), end);
	free(result);
}

/* --- what is signed -------------------------------------------------------------------------- */

static void test_info_is_signed(void **state)
{
	static const char info[] =
		"<SignedInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\">"
		"<CanonicalizationMethod Algorithm=\"http://www.w3.org/TR/2001/"
		"REC-xml-c14n-20010315\"></CanonicalizationMethod>"
		"<SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\">"
		"</SignatureMethod><Reference URI=\"\"><Transforms>"
		"<Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\">"
		"</Transform><Transform Algorithm=\"http://www.w3.org/TR/2001/"
		"REC-xml-c14n-20010315\"></Transform></Transforms>"
		"<DigestMethod "
		"Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></DigestMethod>"
		/* printf '<a></a>' | openssl sha256 -binary | base64 */
		"<DigestValue>qBKmm6aFilTO/bL8OILnzrfWaqHteSViCChy3W7U+SE=</DigestValue>"
		"</Reference></SignedInfo>";
	struct xml_prepared prepared;
	struct xml_trouble trouble;

	(void)state;
	place_write("document.xml", "<a/>");
	assert_int_equal(xml_prepare("document.xml", XML_ENVELOPED, NOW, &prepared, &trouble),
			 XML_OK);
	assert_int_equal(prepared.info_length, sizeof(info) - 1);
	assert_memory_equal(prepared.info, info, sizeof(info) - 1);
	xml_prepared_free(&prepared);
}

/* --- what is refused ------------------------------------------------------------------------- */

static void test_refused(void **state)
{
	static const struct {
		const char *text;
		enum xml_fault fault;
	} rows[] = {
		{"", XML_MALFORMED},
		{"no XML", XML_MALFORMED},
		{"<a>", XML_MALFORMED},
		{"<a></b>", XML_MALFORMED},
		{"<a><p:b/></a>", XML_MALFORMED},
		{"<a>&b;</a>", XML_MALFORMED},
		{"<a>\xFF</a>", XML_MALFORMED},
		{"<!DOCTYPE a><a/>", XML_DOCTYPE},
		{"<?xml version=\"1.1\"?><a/>", XML_VERSION},
		{"<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", XML_DOCTYPE},
		{"<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", XML_DOCTYPE},
		{"<a xmlns:p=\"relative\"/>", XML_UNCANONICAL},
		{"<?xml version=\"1.0\" encoding=\"UTF-7\"?><a/>", XML_ENCODING},
		{"<?xml version=\"1.0\" encoding=\"UTF-16\"?><a/>", XML_ENCODING},
		{"\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"EUC-JP\"?><a/>", XML_ENCODING},
		{"<?xml version=\"1.0\" encoding=\"EUC-JP\"?><a>\xFF</a>", XML_CHARACTERS},
		/* Two sequences for one character: not the same bytes again. */
		{"<?xml version=\"1.0\" encoding=\"Windows-31J\"?><a>\xFA\x4A</a>", XML_CHARACTERS},
		{"<a><s:Signature xmlns:s=\"http://www.w3.org/2000/09/xmldsig#\"/></a>",
		 XML_SIGNED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_fault(rows[i].text, XML_ENVELOPED, rows[i].fault, NULL);
}

/* A document inside of a document in another encoding: other readers would not read it so. */
static void test_two_marks(void **state)
{
	static const char bytes[] = "\xEF\xBB\xBF\xFF\xFE<\0a\0/\0>";
	struct xml_prepared prepared;
	struct xml_trouble trouble;

	(void)state;
	write_bytes("document.xml", bytes, sizeof(bytes));
	assert_int_equal(xml_prepare("document.xml", XML_ENVELOPED, NOW, &prepared, &trouble),
			 XML_MALFORMED);
	xml_prepared_free(&prepared);
}

/* libxml2 takes these bytes for a document in EBCDIC, whatever else is said. */
static void test_other_beginning(void **state)
{
	static const char bytes[] = "\x4C\x6F\xA7\x94\x93\x40\xA5\x85\x99\xA2\x89\x96\x95\x7E\x7F"
				    "\xF1\x4B\xF0\x7F\x6F\x6E\x4C\x81\x61\x6E";
	const struct jpki_bytes text = {(const uint8_t *)bytes, sizeof(bytes) - 1};
	struct xml_document document;
	struct xml_trouble trouble;

	(void)state;
	assert_int_equal(xml_read(&text, &document, &trouble), XML_MALFORMED);
}

/* A declaration in the text, which the first bytes contradict. */
static void test_other_declaration(void **state)
{
	static const char text[] = "<?xml version='1.0' encoding='UTF-8'?><a/>";
	char wide[2 * sizeof(text)] = "\xFF\xFE";
	struct xml_prepared prepared;
	struct xml_trouble trouble;

	(void)state;
	for (size_t i = 0; i < strlen(text); i++) {
		wide[2 + 2 * i] = text[i];
		wide[3 + 2 * i] = 0;
	}
	write_bytes("document.xml", wide, sizeof(wide));
	assert_int_equal(xml_prepare("document.xml", XML_ENVELOPED, NOW, &prepared, &trouble),
			 XML_ENCODING);
	xml_prepared_free(&prepared);
}

/* With its signature a document must be what it was, or else nothing is signed. */
static void test_other_document(void **state)
{
	static const char bytes[] = "<a><Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\" "
				    "Id=\"s\"><SignedInfo/></Signature></a>";
	const struct jpki_bytes text = {(const uint8_t *)bytes, sizeof(bytes) - 1};
	const struct xml_arranged arranged = {.id = "s", .whole = "other"};
	struct xml_document document;
	struct xml_trouble trouble = {0};

	(void)state;
	assert_int_equal(xml_read(&text, &document, &trouble), XML_OK);
	assert_null(xml_arranged_info(&document, &arranged, &trouble));
	assert_int_equal(trouble.fault, XML_CHANGED);
	xml_close(&document);
}

/* Append a text so many times. */
static void repeat(FILE *out, const char *text, size_t count)
{
	for (size_t i = 0; i < count; i++)
		fputs(text, out);
}

static void test_too_large(void **state)
{
	char *text;
	size_t length;
	FILE *out;

	(void)state;
	out = open_memstream(&text, &length);
	repeat(out, "<a>", 300);
	repeat(out, "</a>", 300);
	fclose(out);
	assert_fault(text, XML_ENVELOPED, XML_TOO_LARGE, NULL);
	free(text);

	/* One more than is promised. */
	out = open_memstream(&text, &length);
	repeat(out, "<a>", 257);
	repeat(out, "</a>", 257);
	fclose(out);
	assert_fault(text, XML_ENVELOPED, XML_TOO_LARGE, NULL);
	free(text);

	out = open_memstream(&text, &length);
	fputs("<a", out);
	for (int i = 0; i < 5000; i++)
		fprintf(out, " a%d = '1'", i);
	fputs("/>", out);
	fclose(out);
	assert_fault(text, XML_ENVELOPED, XML_TOO_LARGE, NULL);
	free(text);

	out = open_memstream(&text, &length);
	fputs("<a", out);
	for (int i = 0; i < 300; i++)
		fprintf(out, " xmlns:a%d='urn:%d'", i, i);
	fputs(">", out);
	repeat(out, "<b/>", 10000);
	fputs("</a>", out);
	fclose(out);
	assert_fault(text, XML_ENVELOPED, XML_TOO_LARGE, NULL);
	free(text);
}

/* --- e-Gov ----------------------------------------------------------------------------------- */

#define NAMED(name)                                                                                \
	"<申請書属性情報><申請書ファイル名称>" name "</申請書ファイル名称></申請書属性情報>"
#define FILING(inside, after)                                                                      \
	"<DataRoot><構成情報 ID=\"構成情報\">" inside "</構成情報>" after "<その他/></DataRoot>"

static void test_egov(void **state)
{
	static const char begin[] = "<DataRoot><構成情報 ID=\"構成情報\">" NAMED("one.xml") NAMED(
		"申 2.xml") "</構成情報><署名情報><Signature xmlns=\"http://www.w3.org/2000/09/"
			    "xmldsig#\" Id=\"20261130095320\"><SignedInfo>";
	static const char end[] = "</Signature></署名情報><その他/></DataRoot>";
	const char *structure, *one, *two;
	size_t length;
	char *result;

	(void)state;
	place_write("one.xml", "<a/>");
	place_write("申 2.xml", "");
	place_write("kousei.xml", FILING(NAMED("one.xml") NAMED("申 2.xml"), ""));
	result = sign("kousei.xml", XML_E_GOV, &length);
	assert_memory_equal(result, begin, strlen(begin));
	assert_string_equal(result + length - strlen(end), end);
	structure = strstr(result, "<Reference URI=\"#%E6%A7%8B%E6%88%90%E6%83%85%E5%A0%B1\">"
				   "<Transforms><Transform Algorithm=\"http://www.w3.org/TR/2001/"
				   "REC-xml-c14n-20010315\"/></Transforms><DigestMethod ");
	one = strstr(result, "<Reference URI=\"one.xml\"><DigestMethod ");
	two = strstr(result, "<Reference URI=\"%E7%94%B3%202.xml\"><DigestMethod ");
	assert_non_null(structure);
	assert_true(structure < one && one < two);
	/* The bytes of one.xml, and of an empty file. */
	assert_non_null(strstr(one, "<DigestValue>KRFDY/dJoCJraYjdo8okkqlUEXq2tfOCcGwgMA2rwHk=<"));
	assert_non_null(strstr(two, "<DigestValue>47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=<"));
	free(result);
}

static void test_egov_second_signer(void **state)
{
	const char *first, *second;
	char *once, *twice;
	size_t length;

	(void)state;
	place_write("one.xml", "<a/>");
	place_write("kousei.xml", FILING(NAMED("one.xml"), ""));
	once = sign("kousei.xml", XML_E_GOV, &length);
	place_write("kousei.xml", once);
	twice = sign("kousei.xml", XML_E_GOV, &length);
	first = strstr(twice, "</構成情報><署名情報><Signature ");
	second = strstr(twice, "</Signature><Signature ");
	assert_true(first != NULL && second != NULL && first < second);
	assert_non_null(strstr(first, " Id=\"20261130095320\""));
	/* The same second is taken. */
	assert_non_null(strstr(second, " Id=\"20261130095321\""));
	assert_memory_equal(once, twice, (size_t)(second - twice));
	assert_null(strstr(second, "<署名情報>"));
	free(once);
	free(twice);
}

static void test_egov_individual(void **state)
{
	static const char name[] = "kousei20261129123456789.xml";
	struct xml_prepared prepared;
	struct xml_trouble trouble;
	size_t length;
	char *result;

	(void)state;
	place_write("one.xml", "<a/>");
	place_write(name, FILING(NAMED("one.xml"), ""));
	result = sign(name, XML_E_GOV, &length);
	assert_null(strstr(result, "<Transform"));
	assert_non_null(strstr(result, "<Reference URI=\"one.xml\"><DigestMethod "));
	free(result);
	/* Or an attachment. */
	place_write("letter.pdf", "%PDF");
	place_write(name, FILING("<添付書類ファイル名称>letter.pdf</添付書類ファイル名称>", ""));
	result = sign(name, XML_E_GOV, &length);
	assert_non_null(strstr(result, "<Reference URI=\"letter.pdf\"><DigestMethod "));
	free(result);
	/* One digit more, and it is another name. */
	place_write("kousei202611291234567890.xml", FILING(NAMED("one.xml"), ""));
	result = sign("kousei202611291234567890.xml", XML_E_GOV, &length);
	assert_non_null(strstr(result, "<Transform"));
	free(result);
	/* But not two. */
	place_write(name, FILING(NAMED("one.xml") NAMED("letter.pdf"), ""));
	assert_int_equal(xml_prepare(name, XML_E_GOV, NOW, &prepared, &trouble), XML_NO_FILE);
	xml_prepared_free(&prepared);
}

/* A document that is signed under another name takes its own again in the filing. */
static void test_egov_names_itself(void **state)
{
	static const char *const names[] = {"kousei.xml", "alias.xml", "hard.xml", "copy.xml"};
	static const char text[] = FILING(NAMED("one.xml") NAMED("kousei.xml"), "");
	struct xml_prepared prepared;
	struct xml_trouble trouble;

	(void)state;
	place_write("one.xml", "<a/>");
	place_write("kousei.xml", text);
	place_write("copy.xml", text);
	assert_int_equal(symlink("kousei.xml", "alias.xml"), 0);
	assert_int_equal(link("kousei.xml", "hard.xml"), 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(xml_prepare(names[i], XML_E_GOV, NOW, &prepared, &trouble),
				 XML_NAMES_ITSELF);
		assert_string_equal(trouble.detail, "kousei.xml");
		xml_prepared_free(&prepared);
	}
}

/* Whoever signs is asked for the password in between, and the files may be others by then. */
static void test_change_is_noticed(void **state)
{
	static const struct {
		const char *name, *before, *since;
	} files[] = {
		{"kousei.xml", FILING(NAMED("one.xml") NAMED("two.xml"), ""),
		 FILING(NAMED("two.xml"), "")},
		{"one.xml", "<a/>", "<b/>"},
		{"two.xml", "", "<a/>"},
	};
	struct xml_prepared prepared;
	struct xml_trouble trouble;

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		place_write(files[i].name, files[i].before);
	assert_int_equal(xml_prepare("kousei.xml", XML_E_GOV, NOW, &prepared, &trouble), XML_OK);
	assert_true(xml_is_unchanged(&prepared, "kousei.xml"));
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		place_write(files[i].name, files[i].since);
		assert_false(xml_is_unchanged(&prepared, "kousei.xml"));
		assert_int_equal(remove(files[i].name), 0);
		assert_false(xml_is_unchanged(&prepared, "kousei.xml"));
		place_write(files[i].name, files[i].before);
		assert_true(xml_is_unchanged(&prepared, "kousei.xml"));
	}
	assert_false(xml_is_unchanged(&prepared, "nowhere/kousei.xml"));
	xml_prepared_free(&prepared);
}

static void test_egov_refused(void **state)
{
	(void)state;
	place_write("one.xml", "<a/>");
	place_directory("folder");
	assert_int_equal(symlink("one.xml", "link.xml"), 0);
	assert_fault("<a/>", XML_E_GOV, XML_OTHER_FORM, "DataRoot");
	assert_fault("<DataRoot xmlns=\"urn:a\"/>", XML_E_GOV, XML_OTHER_FORM, "DataRoot");
	assert_fault("<DataRoot/>", XML_E_GOV, XML_OTHER_FORM, "構成情報");
	assert_fault("<DataRoot><構成情報/></DataRoot>", XML_E_GOV, XML_OTHER_FORM,
		     "ID=\"構成情報\"");
	assert_fault("<DataRoot><構成情報 ID=\"a\">" NAMED("one.xml") "</構成情報></DataRoot>",
		     XML_E_GOV, XML_OTHER_FORM, "ID=\"構成情報\"");
	assert_fault("<DataRoot><構成情報 ID=\"構成情報\"/><構成情報/></DataRoot>", XML_E_GOV,
		     XML_OTHER_FORM, "構成情報");
	assert_fault(FILING("", ""), XML_E_GOV, XML_NO_FILE, NULL);
	assert_fault(FILING(NAMED("one.xml") NAMED(" "), ""), XML_E_GOV, XML_NO_FILE, NULL);
	assert_fault(FILING(NAMED("one.xml"), "<x id=\"構成情報\"/>"), XML_E_GOV, XML_ID_TWICE,
		     "構成情報");
	assert_fault(FILING(NAMED("one.xml"), "<署名情報/><署名情報/>"), XML_E_GOV, XML_OTHER_FORM,
		     "署名情報");
	assert_fault(FILING(NAMED("one.xml"), "text"), XML_E_GOV, XML_BESIDE, "DataRoot");
	assert_fault(FILING(NAMED("one.xml"), "<署名情報>text</署名情報>"), XML_E_GOV, XML_BESIDE,
		     "署名情報");
	assert_fault(FILING(NAMED("one.xml"), "<署名情報> <x/></署名情報>"), XML_E_GOV, XML_BESIDE,
		     "署名情報");
	assert_fault(FILING(NAMED("one.xml"), "<署名情報 x=\"1\"/>"), XML_E_GOV, XML_BESIDE,
		     "署名情報");
	assert_fault(FILING(NAMED("one.xml"), "<署名情報><?x?></署名情報>"), XML_E_GOV, XML_BESIDE,
		     "署名情報");
	assert_fault(FILING(NAMED("../one.xml"), ""), XML_E_GOV, XML_LEADS_OUT, "../one.xml");
	assert_fault(FILING(NAMED("/etc/hostname"), ""), XML_E_GOV, XML_LEADS_OUT, NULL);
	assert_fault(FILING(NAMED("..\\one.xml"), ""), XML_E_GOV, XML_LEADS_OUT, NULL);
	assert_fault(FILING(NAMED(".."), ""), XML_E_GOV, XML_LEADS_OUT, "..");
	assert_fault(FILING(NAMED("link.xml"), ""), XML_E_GOV, XML_LEADS_OUT, "link.xml");
	assert_fault(FILING(NAMED("two.xml"), ""), XML_E_GOV, XML_FILE_MISSING,
		     "two.xml: No such file or directory");
	assert_fault(FILING(NAMED("folder"), ""), XML_E_GOV, XML_FILE_MISSING,
		     "folder: Is a directory");
	assert_int_equal(mkfifo("pipe", 0600), 0);
	assert_fault(FILING(NAMED("pipe"), ""), XML_E_GOV, XML_FILE_ODD, "pipe");
}

/* --- e-Tax ----------------------------------------------------------------------------------- */

static void test_etax(void **state)
{
	static const char end[] = "</dsig:Signature></DATA>\n";
	char *once, *twice;
	size_t length;

	(void)state;
	place_write("a.xtx", "<DATA xmlns=\"urn:tax\" id=\"DATA\"><RKO0010 id=\"RKO0010\" "
			     "VR=\"1\"><x ID=\"A\"/></RKO0010></DATA>\n");
	once = sign("a.xtx", XML_E_TAX, &length);
	assert_non_null(strstr(once, "</RKO0010><dsig:Signature xmlns:dsig=\"http://www.w3.org/"
				     "2000/09/xmldsig#\" Id=\"Signature-20261130095320\">"));
	assert_non_null(strstr(once, "<dsig:Reference URI=\"#RKO0010\">"));
	assert_string_equal(once + length - strlen(end), end);
	place_write("a.xtx", once);
	twice = sign("a.xtx", XML_E_TAX, &length);
	assert_non_null(strstr(twice, "</dsig:Signature><dsig:Signature "));
	free(once);
	free(twice);
	assert_fault("<a/>", XML_E_TAX, XML_OTHER_FORM, "DATA");
	assert_fault("<DATA/>", XML_E_TAX, XML_OTHER_FORM, "DATA");
	assert_fault("<DATA><RKO0010/></DATA>", XML_E_TAX, XML_OTHER_FORM, "id");
	assert_fault("<DATA><a id=\"b\"><c ID=\"b\"/></a></DATA>", XML_E_TAX, XML_ID_TWICE, "b");
	assert_fault("<DATA><RKO0010 id=\"\"/></DATA>", XML_E_TAX, XML_OTHER_FORM, "id");
	assert_fault(
		"<DATA><Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\" id=\"b\"/></DATA>",
		XML_E_TAX, XML_OTHER_FORM, "DATA");
	/* What no signature would be over. */
	assert_fault("<DATA xmlns:x=\"urn:x\" x:amount=\"1\"><a id=\"b\"/></DATA>", XML_E_TAX,
		     XML_BESIDE, "a");
	assert_fault("<DATA><a id=\"b\"/><c/></DATA>", XML_E_TAX, XML_BESIDE, "a");
	assert_fault("<DATA><a id=\"b\"/>text</DATA>", XML_E_TAX, XML_BESIDE, "a");
	assert_fault("<DATA>text<a id=\"b\"/></DATA>", XML_E_TAX, XML_BESIDE, "a");
	assert_fault("<DATA amount=\"1\"><a id=\"b\"/></DATA>", XML_E_TAX, XML_BESIDE, "a");
	assert_fault("<?xml-stylesheet href=\"x\"?><DATA><a id=\"b\"/></DATA>", XML_E_TAX,
		     XML_BESIDE, "a");
}

/* --- the parts ------------------------------------------------------------------------------- */

static void test_base64(void **state)
{
	static const char *const bad[] = {
		"", " ", "AA", "AAA", "A===", "AA=A", "=AAA", "AAA-", "AAAA=AAA"};
	uint8_t *data;
	size_t length;

	(void)state;
	data = xml_base64_decode(" A\nQI=\t", &length);
	assert_int_equal(length, 2);
	assert_memory_equal(data, "\1\2", 2);
	free(data);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_null(xml_base64_decode(bad[i], &length));
}

static void test_uri(void **state)
{
	static const char *const bad[] = {"%", "%4", "%4g", "a%00"};
	char *text = xml_uri_of("#", "あ b-._~%");

	(void)state;
	assert_string_equal(text, "#%E3%81%82%20b-._~%25");
	free(text);
	text = xml_uri_decode("%e3%81%82%20b%2F");
	assert_string_equal(text, "あ b/");
	free(text);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_null(xml_uri_decode(bad[i]));
}

static void test_detail_is_cut_between_characters(void **state)
{
	struct xml_trouble trouble;
	char text[XML_DETAIL_SIZE + 3] = "";

	(void)state;
	for (size_t i = 0; i + 3 < sizeof(text); i += 3)
		memcpy(text + i, "あ", 3);
	xml_fail(&trouble, XML_NO_FILE, "%s", text);
	assert_int_equal(strlen(trouble.detail), (XML_DETAIL_SIZE - 1) / 3 * 3);
	assert_memory_equal(trouble.detail, text, strlen(trouble.detail));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_rest_is_untouched, place_set_up,
						place_tear_down),
		cmocka_unit_test_setup_teardown(test_empty_root_is_opened, place_set_up,
						place_tear_down),
		cmocka_unit_test_setup_teardown(test_info_is_signed, place_set_up, place_tear_down),
		cmocka_unit_test_setup_teardown(test_refused, place_set_up, place_tear_down),
		cmocka_unit_test_setup_teardown(test_two_marks, place_set_up, place_tear_down),
		cmocka_unit_test(test_other_beginning),
		cmocka_unit_test_setup_teardown(test_other_declaration, place_set_up,
						place_tear_down),
		cmocka_unit_test(test_other_document),
		cmocka_unit_test_setup_teardown(test_too_large, place_set_up, place_tear_down),
		cmocka_unit_test_setup_teardown(test_egov, place_set_up, place_tear_down),
		cmocka_unit_test_setup_teardown(test_egov_second_signer, place_set_up,
						place_tear_down),
		cmocka_unit_test_setup_teardown(test_egov_names_itself, place_set_up,
						place_tear_down),
		cmocka_unit_test_setup_teardown(test_egov_individual, place_set_up,
						place_tear_down),
		cmocka_unit_test_setup_teardown(test_change_is_noticed, place_set_up,
						place_tear_down),
		cmocka_unit_test_setup_teardown(test_egov_refused, place_set_up, place_tear_down),
		cmocka_unit_test_setup_teardown(test_etax, place_set_up, place_tear_down),
		cmocka_unit_test(test_base64),
		cmocka_unit_test(test_uri),
		cmocka_unit_test(test_detail_is_cut_between_characters),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
