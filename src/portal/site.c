/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* site: knows the sites that are served without the person having added them. */
#include "portal/site.h"

#include <stddef.h>
#include <string.h>

#define LABEL_MAX 63
#define HOST_MAX  253

static const char scheme[] = "https://";

/* As in the extension's manifest. One that begins with a dot is that name and what is below it. */
static const char *const sites[] = {".myna.go.jp", "www.keisan.nta.go.jp", "login.e-tax.nta.go.jp",
				    "clientweb.e-tax.nta.go.jp"};

static bool is_label_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

/* Return the length of the host at the beginning of a text; 0 if it begins with none. */
static size_t host_length(const char *text)
{
	size_t length = 0;
	size_t label = 0;

	for (; is_label_character(text[length]) || text[length] == '.'; length++) {
		if (text[length] == '.' && label == 0)
			return 0;
		label = text[length] == '.' ? 0 : label + 1;
		if (label > LABEL_MAX || length == HOST_MAX)
			return 0;
	}
	return label > 0 ? length : 0;
}

bool portal_origin_is_https(const char *origin)
{
	size_t length;
	size_t digits;

	if (strncmp(origin, scheme, strlen(scheme)) != 0)
		return false;
	origin += strlen(scheme);
	length = host_length(origin);
	if (length == 0 || origin[length] == '\0')
		return length > 0;
	digits = strspn(origin + length + 1, "0123456789");
	return origin[length] == ':' && digits >= 1 && digits <= 5 &&
	       origin[length + 1 + digits] == '\0';
}

static bool is_of(const char *host, const char *site)
{
	size_t length = strlen(host);
	size_t tail = strlen(site);

	if (site[0] != '.')
		return strcmp(host, site) == 0;
	return strcmp(host, site + 1) == 0 ||
	       (length > tail && strcmp(host + length - tail, site) == 0);
}

bool portal_site_is_known(const char *origin)
{
	if (!portal_origin_is_https(origin))
		return false;
	for (size_t i = 0; i < sizeof(sites) / sizeof(sites[0]); i++) {
		if (is_of(origin + strlen(scheme), sites[i]))
			return true;
	}
	return false;
}
