# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
#
# Japanese for one test, in its private machine: the locale ja_JP.UTF-8, and our texts, which are
# not installed yet. For tests that have sourced lib.sh.

# shellcheck source=lib.sh
. "$lib_dir/lib.sh"

# locale_japanese: from here on LC_ALL=ja_JP.UTF-8 works, with our texts; false, with the reason in
# $locale_problem, when it can't be made.
locale_japanese() {
	locale_made && locale_texts
}

# shellcheck disable=SC2034 # the caller reads locale_problem
# locale_made: the same without our texts, for who has installed them.
locale_made() {
	if ! locale -a | grep -qix 'ja_JP\.utf-\{0,1\}8'; then
		mkdir "$private/locale"
		if ! localedef -i ja_JP -f UTF-8 "$private/locale/ja_JP.UTF-8" >"$output" 2>&1; then
			locale_problem="localedef cannot make ja_JP.UTF-8 (Debian: locales): $(cat "$output")"
			return 1
		fi
		LOCPATH=$private/locale
		export LOCPATH
	fi
}

# The directory in which the built programs look for their texts.
locale_directory() {
	(
		for locale_name in prefix datarootdir localedir; do
			eval "$(sed -n "s/^S\\[\"\\($locale_name\\)\"\\]=\\(\".*\"\\)\$/\\1=\\2/p" \
				"$top_builddir/config.status")"
		done
		echo "${localedir:?}"
	)
}

# shellcheck disable=SC2034 # the caller of locale_japanese reads locale_problem
# Puts our texts there: over the directory, or the one above it that exists, lies one in memory.
locale_texts() {
	locale_target=$(locale_directory)
	locale_cover=$locale_target
	while [ ! -d "$locale_cover" ]; do locale_cover=$(dirname "$locale_cover"); done
	if [ "$locale_cover" = / ] || ! mount -t tmpfs tmpfs "$locale_cover" ||
		! mkdir -p "$locale_target/ja/LC_MESSAGES" ||
		! cp "$top_builddir/po/ja.mo" "$locale_target/ja/LC_MESSAGES/jpki-pkcs11.mo"; then
		locale_problem="our texts cannot be put into $locale_target"
		return 1
	fi
}
