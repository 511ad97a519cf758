# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
#
# What commands have printed for programs, by the schemas in docs/. For tests that have sourced
# lib.sh. It is judged all at once: starting Python takes longer than what is tested.

# shellcheck source=lib.sh
. "$lib_dir/lib.sh"

for json_program in jq python3; do
	command -v $json_program >/dev/null || bail "$json_program is missing (Debian: jq, python3)"
done
python3 -c 'import jsonschema' 2>/dev/null ||
	bail 'the Python module jsonschema is missing (Debian: python3-jsonschema)'
mkdir "$private/json"
: >"$private/json/calls"

# json_keep COMMAND FILE WHAT: the command has printed this; WHAT tells people which call it was. They are
# counted in a file, because $(...) forgets variables.
json_keep() {
	echo >>"$private/json/calls"
	json_count=$(wc -l <"$private/json/calls")
	cp "$2" "$private/json/$json_count.json" || bail "nothing is in $2"
	printf '%s\n%s\n' "$1" "$3" >"$private/json/$json_count.call"
}

# json_done: there were some, and each of them was one object, and what the schema of its command says.
json_done() {
	json_count=$(wc -l <"$private/json/calls")
	[ "$json_count" -gt 0 ] || bail 'no command has printed anything for programs'
	python3 - "$top_srcdir/docs" "$private/json" "$json_count" >"$private/json.out" 2>&1 <<-'PYTHON'
		import json, sys, jsonschema
		docs, kept, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
		validators = {}
		for number in range(1, count + 1):
		    call = open(f"{kept}/{number}.call", encoding="utf-8", errors="replace")
		    command, what = call.read().rstrip("\n").split("\n", 1)
		    if command not in validators:
		        schema = json.load(open(f"{docs}/jpki-{command}.schema.json", encoding="utf-8"))
		        jsonschema.Draft7Validator.check_schema(schema)
		        validators[command] = jsonschema.Draft7Validator(schema)
		    text = open(f"{kept}/{number}.json", "rb").read()
		    try:
		        validators[command].validate(json.loads(text.decode("utf-8")))
		    except (ValueError, jsonschema.ValidationError) as error:
		        print(f"{what}: {error}\n{text[:2000]!r}")
	PYTHON
	is "one object each time for programs, as the schema says ($json_count)" \
		"$? $(tail -n 40 "$private/json.out")" '0 '
}
