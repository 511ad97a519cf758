/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_fault: notes why an XML document cannot be read, signed or judged. */
#include "document/xml_fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Cut the last character if it is not complete. */
static void mend_end(char *text)
{
	size_t end = strlen(text);
	size_t start = end;

	while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
		start--;
	if (start > 0 && ((unsigned char)text[start - 1] & 0x80) != 0)
		text[start - 1] = '\0';
}

enum xml_fault xml_fail(struct xml_trouble *trouble, enum xml_fault fault, const char *format, ...)
{
	va_list arguments;
	int length;

	trouble->fault = fault;
	va_start(arguments, format);
	length = vsnprintf(trouble->detail, sizeof(trouble->detail), format, arguments);
	va_end(arguments);
	if (length < 0)
		trouble->detail[0] = '\0';
	else if ((size_t)length >= sizeof(trouble->detail))
		mend_end(trouble->detail);
	return fault;
}
