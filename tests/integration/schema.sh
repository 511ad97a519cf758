# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh disable=SC2154
#
# JSON that a command has printed, against its schema in docs/. For tests that have sourced lib.sh.

schema_docs=$test_dir/../../docs
python3 -c 'import jsonschema' 2>/dev/null ||
	bail 'the Python module jsonschema is missing (Debian: python3-jsonschema)'

# valid DESCRIPTION SCHEMA: the file $output is one JSON value as docs/SCHEMA.schema.json wants it.
valid() {
	if python3 -c '
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft7Validator.check_schema(schema)
jsonschema.Draft7Validator(schema).validate(json.load(open(sys.argv[2])))' \
		"$schema_docs/$2.schema.json" "$output" >"$private/schema.out" 2>&1; then
		ok "$1: fits $2.schema.json"
	else
		not_ok "$1: fits $2.schema.json" "$(tail -n 30 "$private/schema.out")" "$(cat "$output")"
	fi
}
