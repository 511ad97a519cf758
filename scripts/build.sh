# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# build.sh: configures and builds in $top_builddir, and runs the tests there.
#
# Sourced by quickstart after prepare.sh, and uses the same variables.

: "${root:?}" "${top_builddir:?}" "${log:?}"

# True if bootstrap has to run before configure can; later changes are make's own business.
is_unconfigurable() {
	[ ! -x "$root/configure" ] || [ ! -f "$root/Makefile.in" ] ||
		[ "$root/configure.ac" -nt "$root/configure" ] ||
		[ -n "$(find "$root" -path "$top_builddir" -prune -o \
			\( -name Makefile.am -o -name local.mk \) -newer "$root/Makefile.in" -print)" ]
}

# build TARGET...
build() {
	heading '組み立て' 'Build'
	if is_unconfigurable; then
		"$root/bootstrap" >>"$log" 2>&1 ||
			failed 'configure を作れません。' 'configure cannot be made (autoreconf).' "$log"
	fi
	if [ ! -x "$top_builddir/config.status" ]; then
		(cd "$top_builddir" && "$root/configure") >>"$log" 2>&1 ||
			failed 'この環境では組み立てられません(configure)。' \
				'It cannot be built here (configure).' "$log"
	fi
	make -C "$top_builddir" -j"$(nproc)" "$@" >>"$log" 2>&1 ||
		failed '組み立てに失敗しました。' 'The build failed.' "$log"
	good 'できました: build/.libs/jpki-pkcs11.so' 'Built: build/.libs/jpki-pkcs11.so'
}

# Builds in directories of their own use the virtual reader that was fetched for this one.
use_same_reader() {
	JPKI_VPCD_DRIVER=$(private_find_driver "$(private_feature usbdropdir)")
	export JPKI_VPCD_DRIVER
}

# total NAME...: print the sum of these counts in automake's summary.
total() {
	local name sum=0 count

	for name in "$@"; do
		count=$(sed -n "s/^# $name: *//p" "$top_builddir/test-suite.log")
		sum=$((sum + ${count:-0}))
	done
	echo "$sum"
}

# Show what fails, then the sum; the exit code is 1 unless all tests have passed.
run_tests() {
	local status=0 result passed bad skipped

	heading 'テスト' 'Tests'
	say '数分かかります。失敗したものだけを表示します' \
		'This takes some minutes; only what fails is shown'
	rm -f "$top_builddir/test-suite.log"
	# Three for each processor, because many of the tests wait for others most of the time.
	make -C "$top_builddir" -j$(($(nproc) * 3)) check 2>&1 | tee -a "$log" |
		grep -E '^(FAIL|XPASS|ERROR)[: ]' || true
	status=${PIPESTATUS[0]}
	if [ ! -s "$top_builddir/test-suite.log" ]; then
		failed 'テストを始められませんでした。' 'The tests could not be started.' "$log"
	fi
	while IFS= read -r result; do
		printf '\n--- %s\n' "${result#"$top_builddir/"}"
		cat "${result%.trs}.log"
	done < <(find "$top_builddir" -name '*.trs' -exec \
		grep -lE '^:global-test-result: (FAIL|XPASS|ERROR)' {} + | sort)

	passed=$(total PASS XFAIL)
	bad=$(total FAIL XPASS ERROR)
	skipped=$(total SKIP)
	printf '\n%s passed, %s failed' "$passed" "$bad"
	if [ "$skipped" -gt 0 ]; then
		printf ', %s skipped: %s' "$skipped" 'a test that is passed over has not passed'
	fi
	printf '\n'
	if [ "$status" -ne 0 ] || [ "$bad" -gt 0 ] || [ "$passed" -eq 0 ] ||
		[ "$skipped" -gt 0 ]; then
		exit 1
	fi
}

# Run the tests of programs only; the table goes to standard output.
run_clients() {
	heading 'プログラム' 'Programs'
	say '数分かかります' 'This takes some minutes'
	make -s -C "$top_builddir" -j"$(nproc)" clients 2>>"$log" ||
		failed 'うまくいかなかったものがあります。' 'Something did not work.' \
			"$top_builddir/clients/log"
}

# run_fuzzers SECONDS: what came of each harness goes to standard output, and findings, too.
run_fuzzers() {
	heading 'ファズテスト' 'Fuzzing'
	say "七つのプログラムを${1}秒ずつ動かします。初めは組み立てに数分かかります" \
		"Seven harnesses run for $1 seconds each; building them takes some minutes at first"
	make -s -C "$top_builddir" fuzz FUZZ_SECONDS="$1" ||
		failed '問題が見つかったか、動かせませんでした。上をご覧ください。' \
			'There is a finding, or it could not be run; see above.'
	good "問題は見つかりませんでした。届いた範囲: build/fuzz-libfuzzer/coverage/" \
		'Nothing was found; the coverage by file is in build/fuzz-libfuzzer/coverage/'
}
