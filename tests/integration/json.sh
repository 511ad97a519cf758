# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh disable=SC2154
#
# What a command has printed for programs, by the schemas in docs/. For tests that have sourced
# lib.sh.

for json_program in jq python3; do
	command -v $json_program >/dev/null || bail "$json_program is missing (Debian: jq, python3)"
done
python3 -c 'import jsonschema' 2>/dev/null ||
	bail 'the Python module jsonschema is missing (Debian: python3-jsonschema)'

# json_is DESCRIPTION COMMAND FILE: in the file is one object, and it is what the schema of the
# command says.
json_is() {
	python3 - "$test_dir/../../docs/jpki-$2.schema.json" "$3" >"$private/json.out" 2>&1 <<-'PYTHON'
		import json, sys, jsonschema
		schema = json.load(open(sys.argv[1]))
		jsonschema.Draft7Validator.check_schema(schema)
		value = json.load(open(sys.argv[2], encoding="utf-8"))
		jsonschema.Draft7Validator(schema).validate(value)
	PYTHON
	is "$1: one object, as the schema says" "$? $(tail -n 3 "$private/json.out")" '0 '
}
