/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_shown: finds by which other files programs show an XML document. */
#include "document/xml_shown.h"

#include <stdlib.h>
#include <string.h>

#define BLANKS " \t\r\n"
/* More tell nothing new. */
#define SHEETS_MAX 20

/* Return the value of href, which the caller frees; NULL if there is not exactly one. */
static char *link_of(const char *content)
{
	const char *place = strstr(content, "href");
	const char *end;

	if (place == NULL || strstr(place + 1, "href") != NULL)
		return NULL;
	place += strlen("href");
	place += strspn(place, BLANKS);
	if (*place != '=')
		return NULL;
	place += 1 + strspn(place + 1, BLANKS);
	if (*place != '"' && *place != '\'')
		return NULL;
	end = strchr(place + 1, *place);
	return end == NULL ? NULL : strndup(place + 1, (size_t)(end - place - 1));
}

json_t *xml_shown_by(const xmlDoc *tree)
{
	json_t *list = json_array();

	for (const xmlNode *one = tree->children; one != NULL; one = one->next) {
		const char *content;
		char *link;

		if (one->type != XML_PI_NODE ||
		    strcmp((const char *)one->name, "xml-stylesheet") != 0 ||
		    json_array_size(list) == SHEETS_MAX)
			continue;
		content = one->content == NULL ? "" : (const char *)one->content;
		link = link_of(content);
		if (link == NULL || link[0] != '#')
			json_array_append_new(list, json_string(link != NULL ? link : content));
		free(link);
	}
	return list;
}
