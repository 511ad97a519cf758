# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# words.sh: how ./quickstart speaks, in Japanese first, then in English.

bold='' dim='' green='' red='' plain=''

use_colours() {
	bold=$'\e[1m' dim=$'\e[2m' green=$'\e[32m' red=$'\e[31m' plain=$'\e[0m'
}

# heading JAPANESE ENGLISH
heading() {
	printf '\n%s%s%s\n%s%s%s\n' "$bold" "$1" "$plain" "$dim" "$2" "$plain"
}

# say JAPANESE ENGLISH
say() {
	printf '  %s\n  %s%s%s\n' "$1" "$dim" "$2" "$plain"
}

# good JAPANESE ENGLISH: something has worked.
good() {
	printf '  %s✓%s %s\n    %s%s%s\n' "$green" "$plain" "$1" "$dim" "$2" "$plain"
}

# failed JAPANESE ENGLISH [FILE]: end the script; the last lines of the file say why.
failed() {
	{
		printf '\n%s✗ %s%s\n  %s\n' "$red" "$1" "$plain" "$2"
		if [ -n "${3-}" ] && [ -s "$3" ]; then
			printf '\n'
			tail -n 30 "$3" | sed 's/^/  | /'
		fi
	} >&2
	exit 1
}

print_help() {
	cat <<-'EOF'
		使い方 / Usage:
		  ./quickstart        組み立てて、仮想カードで署名してみせます。
		                      Builds, and shows on a virtual card how signing works.
		  ./quickstart test   組み立てて、すべてのテストを行います。
		                      Builds, and runs all tests.
		  ./quickstart clients
		                      ssh やブラウザーなど、本物のプログラムで試し、結果を表にします。
		                      Tries the module with real programs, such as ssh and browsers, and
		                      prints a table.
		  ./quickstart analyse [STEP...]
		                      メモリー検査(ASan、UBSan、TSan、valgrind)と静的解析(clang-tidy、cppcheck、
		                      scan-build、gcc -fanalyzer)を行います。STEP を指定すると、それだけを行います。
		                      Sanitizers, valgrind and static analysers; all, or the steps named:
		                      asan memcheck threads tidy cppcheck scan-build fanalyzer
		  ./quickstart fuzz [SECONDS]
		                      でたらめな入力を作って試すファズテスト(libFuzzer)を行います。七つのプログラムを
		                      それぞれ SECONDS 秒(省略すると60秒)ずつ動かし、届いた範囲を表にします。
		                      Fuzzing with libFuzzer: seven harnesses, each for SECONDS seconds (60
		                      if none are given), and how much of the sources they reach.
		  ./quickstart coverage
		                      もう一度すべてのテストを行い、ソースのどこまで届くかを表にします。
		                      Runs all tests once more, and prints how much of the sources they
		                      reach.
		  ./quickstart bench  カードとのやりとりの回数、バイト数、時間を、作業ごとに OpenSC と比べて計ります。
		                      表は docs/bench.md に入ります。
		                      Measures commands to the card, bytes and seconds for each job, with
		                      OpenSC's module beside ours; the tables go into docs/bench.md.
		  ./quickstart mutants
		                      ソースを一か所ずつわざと誤らせ、近くのテストが気づくかどうかを表にします。
		                      Breaks one line of the sources at a time, and prints whether the tests
		                      near it notice.
		  ./quickstart lint   書式(clang-format)、シェルスクリプト(shellcheck)、ソースの構成を調べます。
		                      Checks the format, the shell scripts and the structure of the
		                      sources.
		  ./quickstart package [12|13|unstable]
		                      Debian 12(省略時)、13 または unstable のパッケージを作り、何も入っていない
		                      最小の Debian に入れて試します。パッケージは build/package/ にできます。
		                      Builds the packages for Debian 12 (if none is given), 13 or unstable,
		                      and tries them in a minimal Debian. They are in build/package/ then.
		  ./quickstart matrix [SYSTEM [STEP...]]
		                      コミットした内容を、最小の Debian 12、12-security、13、unstable で
		                      それぞれ組み立てて試し、結果を表にします。数時間かかります。
		                      Tries what is committed in minimal systems of Debian 12, 12-security,
		                      13 and unstable, and prints a table. This takes hours; the steps are
		                      gcc clang quickstart quickstart-user test test-user package
		  ./quickstart help   この説明を表示します。
		                      Shows this text.

		足りない Debian パッケージは apt で入れます(root か sudo が必要です)。
		本物のカードやカードリーダーには触れません。
		Missing Debian packages are installed with apt (as root or through sudo).
		No real card or reader is touched.
	EOF
}
