/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_names: collects what there is to name in a document, each name once. */
#include "document/xml_names.h"

void xml_names_add(json_t *names, const char *name)
{
	json_object_set_new(names, name, json_true());
}

json_t *xml_names_list(json_t *names)
{
	json_t *list = json_array();

	for (void *one = json_object_iter(names); one != NULL;
	     one = json_object_iter_next(names, one))
		json_array_append_new(list, json_string(json_object_iter_key(one)));
	return list;
}
